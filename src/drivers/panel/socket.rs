//! The panel's socket: made safely, and served by one thread that reads and one that writes.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use postern_heart::event::Event;

use crate::drivers::supervisor::{self, Backoff, Fault, Stop};
use crate::ports::Inbox;

use super::Role;
use super::link::{Link, STALLED};
use super::wire::{self, Said};

/// The name, after the socket's own, under which it is made.
pub(super) const PRIVATE: &str = ".new/s";

/// A socket that is listened at, and the lock that keeps others from it.
#[derive(Debug)]
pub(crate) struct Socket {
    listener: UnixListener,
    path: PathBuf,
    _lock: File,
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Left behind, it would be replaced by the next start.
        let _ = fs::remove_file(&self.path);
    }
}

impl Socket {
    /// Makes the socket with mode 0600, in place of one that a program left behind.
    ///
    /// It is made in a directory of mode 0700 and moved to its place, so that there is no moment at which another user
    /// could connect.
    ///
    /// # Errors
    /// Another program listens there, what is there is no socket, or the directory may not be written.
    pub(crate) fn bind(path: &Path) -> io::Result<Socket> {
        let lock = lock(path)?;
        match fs::symlink_metadata(path) {
            Ok(there) if !there.file_type().is_socket() => {
                return Err(io::Error::new(
                    io::ErrorKind::AlreadyExists,
                    "there is a file that is no socket",
                ));
            }
            _ => {}
        }
        let inner = beside(path, PRIVATE);
        let private = inner.parent().unwrap_or(path).to_owned();
        // The lock is ours, so what lies here was left behind.
        let _ = fs::remove_file(&inner);
        let _ = fs::remove_dir(&private);
        fs::DirBuilder::new().mode(0o700).create(&private)?;
        let listener = UnixListener::bind(&inner).and_then(|listener| {
            fs::set_permissions(&inner, fs::Permissions::from_mode(0o600))?;
            fs::rename(&inner, path)?;
            Ok(listener)
        });
        let _ = fs::remove_file(&inner);
        fs::remove_dir(&private)?;
        Ok(Socket { listener: listener?, path: path.to_owned(), _lock: lock })
    }
}

/// Takes the lock beside the socket; the system frees it when its program ends, however it ends.
fn lock(path: &Path) -> io::Result<File> {
    let lock =
        File::options().create(true).write(true).truncate(false).mode(0o600).open(beside(path, ".lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::ResourceBusy, "another program listens there"))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Listens until the panel is closed.
pub(super) fn listen(path: &Path, link: &Arc<Link>, inbox: &Inbox, stop: &Stop) {
    let mut backoff = Backoff::new();
    let socket = loop {
        match Socket::bind(path) {
            Ok(socket) => break socket,
            Err(error) => {
                let fault = Fault::faulty(format_args!("could not listen at {}: {error}", path.display()));
                if !link.failed(&fault) || stop.wait(backoff.pause()) {
                    return;
                }
            }
        }
    };
    tracing::info!(path = %path.display(), "a panel can connect");
    if !link.listening() {
        return;
    }
    loop {
        let accepted = socket.listener.accept();
        if link.is_closed() {
            return;
        }
        match accepted {
            Ok((stream, _)) => serve(stream, link, inbox),
            Err(error) => {
                tracing::warn!(%error, "could not take a panel's connection");
                if stop.wait(backoff.pause()) {
                    return;
                }
            }
        }
    }
}

fn serve(stream: UnixStream, link: &Arc<Link>, inbox: &Inbox) {
    let prepared = stream.set_write_timeout(Some(STALLED)).and_then(|()| {
        let (for_link, for_writer) = (stream.try_clone()?, stream.try_clone()?);
        Ok((for_link, for_writer))
    });
    let (for_link, for_writer) = match prepared {
        Ok(streams) => streams,
        Err(error) => return tracing::warn!(%error, "could not serve a panel"),
    };
    let Some(no) = link.connect(for_link) else { return };
    let theirs = Arc::clone(link);
    supervisor::spawn("panel-writer", move || {
        let cause = write(for_writer, no, &theirs);
        theirs.disconnect(no, &cause);
    });
    let (theirs, inbox) = (Arc::clone(link), inbox.clone());
    supervisor::spawn("panel-reader", move || {
        let cause = read(stream, &theirs, &inbox);
        theirs.disconnect(no, &cause);
    });
}

/// Sends what is due, until the connection ends; says why it did.
fn write(mut stream: UnixStream, no: u64, link: &Link) -> String {
    let mut out = Vec::new();
    while link.next(no, &mut out) {
        if let Err(error) = stream.write_all(&out) {
            return match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "the panel took nothing".to_owned(),
                _ => format!("could not send to the panel: {error}"),
            };
        }
        out.clear();
    }
    "the connection was replaced".to_owned()
}

/// Passes on what the panel says, until the connection ends; says why it did.
fn read(stream: UnixStream, link: &Link, inbox: &Inbox) -> String {
    let (width, height) = link.size();
    let mut from = BufReader::with_capacity(256, stream);
    loop {
        let said = match wire::read(&mut from) {
            Ok(Some(said)) => said,
            Ok(None) => return "the panel has gone".to_owned(),
            Err(error) => return format!("could not read from the panel: {error}"),
        };
        let heard = match said {
            _ if link.role() == Role::Customer => true,
            Said::Pressed(key) => inbox.send(Event::KeyPressed(key)),
            Said::Touched { x, y } if x < width && y < height => inbox.touched(x, y),
            Said::Touched { .. } => true,
        };
        if !heard {
            return "the program has ended".to_owned();
        }
    }
}
