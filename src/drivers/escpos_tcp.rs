//! A line to a receipt printer in the network.
//!
//! - **Device:** printers with Ethernet or Wi-Fi, and print servers, in their raw mode.
//! - **Protocol:** TCP, by custom on port 9100; the same bytes as on any other line, in both directions.
//! - **When it does not work:** `ping` the address; print the printer's own network sheet (mostly: hold the feed button
//!   while switching it on); give it a fixed address. Most printers serve one connection at a time: the terminal keeps
//!   its own open, so another computer can't use the same printer.
//!
//! Addresses are numbers: looking up a name could take longer than any limit here.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::escpos_printer::line::{Line, Transport, nothing_yet};
use super::supervisor::Fault;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(2);

/// Where a printer in the network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EscposTcp(pub SocketAddr);

impl Transport for EscposTcp {
    fn open(&mut self) -> Result<Box<dyn Line>, Fault> {
        let connected = TcpStream::connect_timeout(&self.0, CONNECT).and_then(|stream| {
            stream.set_nodelay(true)?;
            Ok(stream)
        });
        match connected {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(Fault::missing(format_args!("could not connect to {}: {error}", self.0))),
        }
    }
}

impl Line for TcpStream {
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize> {
        self.set_write_timeout(Some(wait))?;
        nothing_yet(Write::write(self, bytes)).map(Option::unwrap_or_default)
    }

    fn read(&mut self, wait: Duration) -> io::Result<Option<u8>> {
        self.set_read_timeout(Some(wait))?;
        let mut byte = [0];
        match nothing_yet(Read::read(self, &mut byte))? {
            Some(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Some(_) => Ok(Some(byte[0])),
            None => Ok(None),
        }
    }

    fn drain(&mut self) -> io::Result<()> {
        // Bounded, so that a printer gone wild can't keep us here.
        const DRAIN_BYTES_MAX: usize = 64;
        self.set_nonblocking(true)?;
        let heard = nothing_yet(Read::read(self, &mut [0; DRAIN_BYTES_MAX]));
        self.set_nonblocking(false)?;
        match heard? {
            Some(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    fn unsent(&mut self) -> io::Result<usize> {
        Ok(0)
    }

    fn time_for(&self, _bytes: usize) -> Duration {
        Duration::ZERO
    }
}
