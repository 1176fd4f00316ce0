//! A line to a receipt printer on a serial port.
//!
//! - **Device:** printers with RS-232, TTL or USB serial ("virtual COM") interface.
//! - **Protocol:** 8 data bits, no parity, one stop bit; baud rate and flow control as the printer's switches say.
//! - **Wiring:** RxD, TxD, ground, and for `flow = "rts-cts"` the printer's busy line (its DTR or RTS) to our CTS.
//!   Without flow control a long receipt overruns the printer's buffer and turns into random characters.
//! - **When it does not work:** print the printer's own sheet (hold the feed button while switching it on), it names
//!   the baud rate and the handshake; the program's user must be allowed to open the port (group `dialout` on Debian).
//!
//! `serialport` writes without a limit once the port has said that it can take *something*. So the port is opened
//! twice: the crate's handle sets it up and waits, and a second one that never blocks writes.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use serialport::{ClearBuffer, SerialPort, TTYPort};

use super::escpos_printer::line::{Line, Transport, nothing_yet};
use super::serial_line::Port;
use super::supervisor::Fault;

/// Where a printer on a serial port is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscposSerial(pub Port);

impl Transport for EscposSerial {
    fn open(&mut self) -> Result<Box<dyn Line>, Fault> {
        // First, because the crate's handle then keeps everyone else out.
        let writer = File::options()
            .read(true)
            .write(true)
            .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(&self.0.path)
            .map_err(|error| Fault::opening(&self.0, &error))?;
        let port = self.0.open()?;
        Ok(Box::new(SerialLine { port, writer, baud: self.0.baud }))
    }
}

struct SerialLine {
    port: TTYPort,
    writer: File,
    baud: u32,
}

impl Drop for SerialLine {
    fn drop(&mut self) {
        // Closing would wait for a printer that takes nothing.
        let _ = self.port.clear(ClearBuffer::All);
    }
}

impl Line for SerialLine {
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize> {
        self.port.set_timeout(wait)?;
        // Of nothing at all, this is only the wait until the port can take something.
        if nothing_yet(Write::write(&mut self.port, &[]))?.is_none() {
            return Ok(0);
        }
        nothing_yet(self.writer.write(bytes)).map(Option::unwrap_or_default)
    }

    fn read(&mut self, wait: Duration) -> io::Result<Option<u8>> {
        self.port.set_timeout(wait)?;
        let mut byte = [0];
        match nothing_yet(Read::read(&mut self.port, &mut byte))? {
            Some(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Some(_) => Ok(Some(byte[0])),
            None => Ok(None),
        }
    }

    fn drain(&mut self) -> io::Result<()> {
        // The clearing alone does not see that the device is gone.
        self.read(Duration::ZERO)?;
        Ok(self.port.clear(ClearBuffer::Input)?)
    }

    fn unsent(&mut self) -> io::Result<usize> {
        Ok(self.port.bytes_to_write()? as usize)
    }

    fn time_for(&self, bytes: usize) -> Duration {
        const BITS_A_BYTE: f64 = 10.0;
        Duration::from_secs_f64(bytes as f64 * BITS_A_BYTE / f64::from(self.baud.max(1)))
    }
}
