//! A serial line, opened the way every driver wants it: raw, 8N1, and ours alone.

use std::fmt;
use std::io;
use std::path::PathBuf;

use serialport::{ClearBuffer, ErrorKind, FlowControl, SerialPort, TTYPort};

use super::supervisor::Fault;

/// A serial port and how it is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The port's device file.
    pub path: PathBuf,
    /// Its baud rate.
    pub baud: u32,
    /// How the device says that it is busy.
    pub flow: FlowControl,
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} baud", self.path.display(), self.baud)
    }
}

impl Port {
    /// Opens the port for this program alone, and throws away what came in before.
    ///
    /// # Errors
    /// The port is not there, or may not be opened; nothing was sent.
    pub fn open(&self) -> Result<TTYPort, Fault> {
        let builder = serialport::new(self.path.to_string_lossy(), self.baud).flow_control(self.flow);
        let line = TTYPort::open(&builder).map_err(|error| self.fault(error))?;
        line.clear(ClearBuffer::Input).map_err(|error| self.fault(error))?;
        Ok(line)
    }

    fn fault(&self, error: serialport::Error) -> Fault {
        // What the crate calls "no device" is one that another program holds.
        if error.kind == ErrorKind::NoDevice {
            return Fault::faulty(format_args!("could not open {self}: another program uses it"));
        }
        Fault::opening(self, &io::Error::from(error))
    }
}
