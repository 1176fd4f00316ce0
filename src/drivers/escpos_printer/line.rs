//! What a printer's driver needs of the wire to it.

use std::io;
use std::time::Duration;

use crate::drivers::supervisor::Fault;

/// A way to a printer, which can be opened again and again.
pub trait Transport: Send {
    /// Opens the line, within a bounded time; what came in before is thrown away.
    ///
    /// # Errors
    /// The printer, or the way to it, is not there; nothing was sent.
    fn open(&mut self) -> Result<Box<dyn Line>, Fault>;
}

/// An open line to a printer. No call waits longer than it is told.
pub trait Line: Send {
    /// Sends some of the bytes; 0 if none could be sent within `wait`.
    ///
    /// # Errors
    /// The line is gone.
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize>;

    /// Gives the next byte that the printer said; `None` if none came within `wait`.
    ///
    /// # Errors
    /// The line is gone.
    fn read(&mut self, wait: Duration) -> io::Result<Option<u8>>;

    /// Throws away what the printer has said so far, without waiting.
    ///
    /// # Errors
    /// The line is gone.
    fn drain(&mut self) -> io::Result<()>;

    /// Says how many bytes were taken and have not left yet, as far as that can be known.
    ///
    /// # Errors
    /// The line is gone.
    fn unsent(&mut self) -> io::Result<usize>;

    /// Says how long the line alone takes to carry so many bytes.
    fn time_for(&self, bytes: usize) -> Duration;
}

/// Takes "nothing within that time" out of the errors.
pub(crate) fn nothing_yet(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Ok(count) => Ok(Some(count)),
        Err(error) => match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => Ok(None),
            _ => Err(error),
        },
    }
}
