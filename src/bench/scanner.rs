//! The scanner's wire: a pseudo terminal behind a stable path.
//!
//! The board file names a symlink in the run directory. Pulling the plug removes the link and closes the pseudo terminal, so that
//! the terminal's own end hangs up as it does when a USB cable falls out; plugging in again makes a new one. The
//! bench holds only its own end: a far end kept open here would stay locked after the terminal was killed.

use std::io::{self, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serialport::{SerialPort, TTYPort};

use super::hold;
use super::news::{News, Topic};

/// A scanner that reads whatever text it is given.
#[derive(Debug)]
pub(crate) struct Scanner {
    link: PathBuf,
    wire: Mutex<Option<TTYPort>>,
    news: Arc<News>,
}

/// Why a scan did not leave the scanner.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScanError {
    /// Nothing is connected.
    #[error("the scanner is unplugged: plug it in with POST /api/plug {{\"device\": \"scanner\"}}")]
    Unplugged,
    /// The text is empty or can't travel on one line.
    #[error("field `text` must be 1 to 1024 printable ASCII characters, as a scanner reads them")]
    Text,
    /// The line broke.
    #[error("could not send the scan to the terminal")]
    Wire(#[source] io::Error),
}

impl Scanner {
    /// Makes the scanner and plugs it in.
    ///
    /// # Errors
    /// When there are no pseudo terminals, or the link could not be made.
    pub(crate) fn start(link: &Path, news: Arc<News>) -> io::Result<Scanner> {
        let scanner = Scanner { link: link.to_owned(), wire: Mutex::new(None), news };
        scanner.plug_in()?;
        Ok(scanner)
    }

    pub(crate) fn plugged(&self) -> bool {
        hold(&self.wire).is_some()
    }

    /// Connects it by a fresh line; whatever an older line still held is lost.
    ///
    /// # Errors
    /// When there are no pseudo terminals, or the link could not be made.
    pub(crate) fn plug_in(&self) -> io::Result<()> {
        self.unplug();
        let (near, path) = new_line()?;
        symlink(path, &self.link)?;
        *hold(&self.wire) = Some(near);
        self.news.tell(Topic::State);
        Ok(())
    }

    /// Pulls the plug.
    pub(crate) fn unplug(&self) {
        *hold(&self.wire) = None;
        // It may never have been there.
        let _ = std::fs::remove_file(&self.link);
        self.news.tell(Topic::State);
    }

    /// Reads a code: its text and a carriage return leave the scanner.
    ///
    /// # Errors
    /// Nothing has left the scanner.
    pub(crate) fn scan(&self, text: &str) -> Result<(), ScanError> {
        if text.is_empty() || text.len() > 1024 || !text.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
            return Err(ScanError::Text);
        }
        let mut wire = hold(&self.wire);
        let near = wire.as_mut().ok_or(ScanError::Unplugged)?;
        near.write_all(format!("{text}\r").as_bytes()).map_err(ScanError::Wire)
    }
}

/// Held while there is a descriptor that a child would inherit, and while a child is made.
///
/// `TTYPort::pair` leaves both ends open across `exec`. A terminal that inherited the scanner's end of its own line
/// would never see the plug being pulled.
pub(crate) static INHERITANCE: Mutex<()> = Mutex::new(());

/// A pseudo terminal: the scanner's end, and the path of the other one.
fn new_line() -> io::Result<(TTYPort, String)> {
    let _alone = hold(&INHERITANCE);
    let (near, far) = TTYPort::pair()?;
    let path = far.name().ok_or(io::ErrorKind::NotFound)?;
    // The copy closes on `exec`, and the original goes away here.
    Ok((near.try_clone_native()?, path))
}

impl Drop for Scanner {
    fn drop(&mut self) {
        self.unplug();
    }
}
