//! How a command asks the running terminal: a Unix socket in the data directory, which its owner alone can enter.
//!
//! One line of JSON each way: an order, and what came of it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::ReconcileFault;
use crate::journal::LockFault;

const NAME: &str = "postern.sock";
/// The longest line: a report of a day that differs in everything.
const LINE_MAX: u64 = 8 << 20;
/// How long the other end may take to say or to hear a line.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is to be compared.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    /// The day, by the profile's zone.
    pub(super) day: String,
    /// The statement's file, by an absolute path.
    pub(super) statement: Option<PathBuf>,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    /// For whoever asked, to be printed as it is.
    pub(super) says: String,
    /// The exit code.
    pub(super) code: u8,
    /// Why nothing was compared, where that is so.
    pub(super) fault: Option<String>,
}

/// Has the running terminal compare.
///
/// # Errors
/// It takes no orders, could not compare, or ended in the middle of it: then it is not known whether it has recorded.
pub(super) fn ask(data: &Path, order: &Order, holder: LockFault) -> Result<Report, ReconcileFault> {
    let path = data.join(NAME);
    let asked = UnixStream::connect(&path).and_then(|mut stream| {
        write(&mut stream, order)?;
        // As long as it takes: a comparison asks about every transaction of a day.
        read(&stream)
    });
    let report: Report = asked.map_err(|source| ReconcileFault::Deaf { holder, path, source })?;
    match report.fault {
        Some(fault) => Err(ReconcileFault::Running(fault)),
        None => Ok(report),
    }
}

/// Listens in a data directory whose lock this program has: a socket that is there was left behind.
pub(super) fn listen(data: &Path) -> io::Result<UnixListener> {
    let path = data.join(NAME);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => UnixListener::bind(&path),
    }
}

/// Reads the order of a command that has connected.
pub(super) fn order(stream: &UnixStream) -> io::Result<Order> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    read(stream)
}

fn read<T: DeserializeOwned>(stream: &UnixStream) -> io::Result<T> {
    let mut line = Vec::new();
    BufReader::new(stream.take(LINE_MAX)).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it ended without an answer"));
    }
    Ok(serde_json::from_slice(&line)?)
}

/// Says one line.
pub(super) fn write(stream: &mut UnixStream, what: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(what)?;
    line.push(b'\n');
    stream.write_all(&line)
}
