//! A barcode scanner on a serial line.
//!
//! - **Device:** any scanner with an RS-232, TTL or USB serial (CDC ACM, "virtual COM") interface.
//! - **Protocol:** 8 data bits, no parity, one stop bit, at the board file's baud rate; text that ends with CR, LF,
//!   CR LF, Tab, or 30 ms of silence; AIM identifiers may stand in front ([`framing`]).
//! - **Wiring:** USB, or RxD, TxD and ground; no flow control.
//! - **When it does not work:** scan the "USB serial" or "RS-232" code of the scanner's manual (as it comes from the
//!   factory it is often a keyboard); `ls -l /dev/serial/by-id` names the port; the program's user must be allowed to
//!   open it (group `dialout` on Debian); the baud rate must be the scanner's.
//!
//! Scans from before the port was opened are thrown away: a scan that nobody waited for is never used later. Memory
//! that has held a code is zeroed.

pub mod framing;

use std::io::{self, Read};
use std::path::Path;
use std::thread;
use std::time::Duration;

use postern_heart::code::Scanned;
use postern_heart::event::{Device, Event};
use serialport::{SerialPort, TTYPort};
use zeroize::{Zeroize, Zeroizing};

use crate::cores;
use crate::ports::Inbox;

use super::serial_line::Port;
use super::supervisor::{self, Backoff, Condition, Fault, Running, Stop};
use framing::{Framing, Scan};

/// The silence that ends a scan without a terminator.
const SILENCE: Duration = Duration::from_millis(30);
/// How often an idle line looks whether it shall end.
const LOOK: Duration = Duration::from_millis(250);

/// What the heart is told in place of a scan that is no text: one character that is in no code.
const UNREADABLE: char = char::REPLACEMENT_CHARACTER;

/// A scanner that is looked after until this is dropped.
#[derive(Debug)]
pub struct SerialScanner {
    _running: Running,
}

impl SerialScanner {
    /// Starts to look after the scanner at this port, whether it is there or not.
    pub fn start(port: Port, inbox: Inbox) -> SerialScanner {
        let running = supervisor::start(Device::Scanner, move |stop| {
            cores::join_the_sale();
            let condition = Condition::new(Device::Scanner, inbox.clone());
            supervisor::keep(
                condition,
                &stop,
                || port.open().and_then(|line| joined(line, &port.path)),
                |line, stop, backoff| serve(line, &port.path, &inbox, stop, backoff),
            );
        });
        SerialScanner { _running: running }
    }
}

/// Waits until a line that was just opened is silent: what comes in before that may be the tail of an older scan. Only
/// then is the scanner said to work, so that no scan is made into this gap.
fn joined(mut line: TTYPort, path: &Path) -> Result<TTYPort, Fault> {
    let mut framing = Framing::new();
    let mut bytes = Zeroizing::new([0; 256]);
    line.set_timeout(SILENCE).map_err(|error| lost(path, &error.into()))?;
    while framing.is_joining() {
        match line.read(bytes.as_mut_slice()) {
            Ok(0) => return Err(lost(path, &io::ErrorKind::UnexpectedEof.into())),
            Ok(length) => bytes.iter().take(length).for_each(|byte| drop(framing.push(*byte))),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => drop(framing.silence()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(lost(path, &error)),
        }
    }
    Ok(line)
}

fn serve(
    mut line: TTYPort,
    path: &Path,
    inbox: &Inbox,
    stop: &Stop,
    backoff: &mut Backoff,
) -> Result<(), Fault> {
    let mut framing = Framing::joined();
    let mut bytes = Zeroizing::new([0; 256]);
    loop {
        let wait = if framing.is_open() { SILENCE } else { LOOK };
        line.set_timeout(wait).map_err(|error| lost(path, &error.into()))?;
        match line.read(bytes.as_mut_slice()) {
            Ok(0) => return Err(lost(path, &io::ErrorKind::UnexpectedEof.into())),
            Ok(length) => {
                let mut scans = bytes.iter().take(length).filter_map(|byte| framing.push(*byte));
                let all_taken = scans.all(|scan| deliver(scan, inbox));
                bytes.zeroize();
                backoff.reset();
                if !all_taken {
                    return Ok(());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                let taken = framing.silence().is_none_or(|scan| deliver(scan, inbox));
                if !taken || stop.is_asked() {
                    return Ok(());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(lost(path, &error)),
        }
    }
}

fn lost(path: &Path, error: &io::Error) -> Fault {
    Fault::missing(format_args!("could not read from {}: {error}", path.display()))
}

/// Hands a scan over, first of all; `false` once nobody listens.
fn deliver(scan: Scan, inbox: &Inbox) -> bool {
    match scan {
        Scan::Text { text, symbology } => {
            let length = text.reveal().len();
            let taken = inbox.send(Event::CodeScanned(text));
            // The sale begins before anything else is done.
            thread::yield_now();
            tracing::debug!(length, ?symbology, "a code was scanned");
            taken
        }
        Scan::Unreadable(why) => {
            let taken = inbox.send(Event::CodeScanned(Scanned::new(UNREADABLE.to_string())));
            tracing::debug!(?why, "a scan was no text");
            taken
        }
    }
}
