//! Trying each device for real, for `postern doctor`: what works, and what to do where something doesn't.

use std::io;

use postern_heart::event::Health;

use crate::drivers::escpos_printer::line::Transport;
use crate::drivers::escpos_printer::{self, Answers, Settings};
use crate::drivers::panel::{self, Place};
use crate::drivers::supervisor::Fault;

use super::{Board, DisplayDevice, PrinterDevice, ScannerDevice};

/// What was found about one part of the counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which part, in the shop's words.
    pub part: String,
    /// Whether it works.
    pub works: bool,
    /// What was seen.
    pub says: String,
    /// What to do about it; empty where there is nothing to do.
    pub to_do: String,
}

impl Finding {
    /// It works.
    pub fn works(part: impl Into<String>, says: impl Into<String>) -> Finding {
        Finding { part: part.into(), works: true, says: says.into(), to_do: String::new() }
    }

    /// It does not work.
    pub fn fails(part: impl Into<String>, says: impl Into<String>, to_do: impl Into<String>) -> Finding {
        Finding { part: part.into(), works: false, says: says.into(), to_do: to_do.into() }
    }
}

const SERIAL_MISSING: &str =
    "plug it in and switch it on; `ls -l /dev/serial/by-id` names the ports that are there";
const SERIAL_BUSY: &str = "let this user open the port (on Debian: group dialout), or stop the program that uses it; \
                           a terminal that is running holds its devices";
const NETWORK_MISSING: &str = "switch it on, look at the cable, and compare the address with the one on the printer's \
                               own sheet; a terminal that is running may hold its only connection";

/// Tries each device of the board. It changes nothing and prints nothing.
pub fn examine(board: &Board) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(board.scanner.as_ref().map(scanner));
    findings.extend(board.printer.as_ref().map(printer));
    findings.extend(board.display.as_ref().map(|device| display("display", device)));
    findings.extend(board.customer_display.as_ref().map(|device| display("customer display", device)));
    findings
}

fn scanner(device: &ScannerDevice) -> Finding {
    let ScannerDevice::Serial(port) = device;
    match port.open() {
        Ok(_) => Finding::works("scanner", format!("{port} can be opened; scan something to see it arrive")),
        Err(fault) => Finding::fails("scanner", fault.cause, serial_advice(fault.health)),
    }
}

fn printer(device: &PrinterDevice) -> Finding {
    match device {
        PrinterDevice::EscposTcp(way, settings) => asked(&mut way.clone(), settings, |_| NETWORK_MISSING),
        PrinterDevice::EscposSerial(way, settings) => asked(&mut way.clone(), settings, serial_advice),
    }
}

fn asked(way: &mut dyn Transport, settings: &Settings, advice: fn(Health) -> &'static str) -> Finding {
    let part = "printer";
    match escpos_printer::examine(way, settings.answers) {
        Err(Fault { cause, health }) => Finding::fails(part, cause, advice(health)),
        Ok(None) if settings.answers == Answers::Never => {
            Finding::works(part, "it can be reached; it can't say how it is, so receipts are not confirmed")
        }
        Ok(None) => Finding::fails(
            part,
            "it can be reached and does not answer, so receipts would not be confirmed",
            "switch it on and look at its baud rate; if it is one that can't answer, say `status = \"none\"`",
        ),
        Ok(Some(status)) => match status.health() {
            Health::Working | Health::PaperNearEnd => Finding::works(part, status.cause()),
            Health::NoPaper => Finding::fails(part, status.cause(), "put in a new roll"),
            Health::CoverOpen => Finding::fails(part, status.cause(), "close the cover until it clicks"),
            Health::Missing | Health::Silent | Health::Faulty => {
                Finding::fails(part, status.cause(), "look at its lamps; switch it off and on again")
            }
        },
    }
}

fn display(part: &str, device: &DisplayDevice) -> Finding {
    let DisplayDevice::Panel(Place { path, .. }) = device;
    let place = path.display();
    match panel::try_to_listen(path) {
        Ok(()) => Finding::works(part, format!("a panel can connect to {place} once the terminal runs")),
        Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
            Finding::works(part, format!("a terminal is running and listens at {place}"))
        }
        Err(error) => Finding::fails(
            part,
            format!("could not listen at {place}: {error}"),
            "make the socket's directory, and let this user write there",
        ),
    }
}

fn serial_advice(health: Health) -> &'static str {
    match health {
        Health::Faulty => SERIAL_BUSY,
        _ => SERIAL_MISSING,
    }
}
