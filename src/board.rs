//! The board file: which devices this counter has, and how they are reached. The only place that names drivers.
//!
//! A new board is a new file and no Rust; `boards/README.md` explains every key. Keys are functions (a scanner, a
//! printer), never pins, and the driver is the table's name, so that a typo is an error at its own line. Relative paths
//! start at the file's directory.
//!
//! Opening a board can't fail: a device that is missing is reported, and picked up when it comes.

mod examine;
mod tables;

use std::io;
use std::path::{Path, PathBuf};

use serialport::FlowControl;

use crate::drivers::escpos_printer::{EscposPrinter, Patience, Settings};
use crate::drivers::escpos_serial::EscposSerial;
use crate::drivers::escpos_tcp::EscposTcp;
use crate::drivers::panel::{self, Panel, Place, Role};
use crate::drivers::serial_line::Port;
use crate::drivers::serial_scanner::SerialScanner;
use crate::files::{self, FileFault, Lines};
use crate::ports::{Buzzer, Display, Inbox, Lamp, Printer, Reporter};

use tables::{BoardTable, DisplayTable, PanelTable, PrinterTable, ScannerTable};

pub use examine::{Finding, examine};

/// Why a board file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BoardFault {
    /// It can't be read.
    #[error("could not read the board file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something in it is wrong.
    #[error(transparent)]
    Wrong(#[from] FileFault),
}

/// A board file, read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    name: String,
    scanner: Option<ScannerDevice>,
    printer: Option<PrinterDevice>,
    display: Option<DisplayDevice>,
    customer_display: Option<DisplayDevice>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ScannerDevice {
    Serial(Port),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PrinterDevice {
    EscposTcp(EscposTcp, Settings),
    EscposSerial(EscposSerial, Settings),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum DisplayDevice {
    Panel(Place),
}

/// The devices of a counter, in the words of the ports. They are looked after until this is dropped.
pub struct Ports {
    /// The cashier's display.
    pub display: Option<Box<dyn Display>>,
    /// The customer's display.
    pub customer: Option<Box<dyn Display>>,
    /// The receipt printer.
    pub printer: Option<Box<dyn Printer>>,
    /// Who hears how the terminal is.
    pub reporter: Option<Box<dyn Reporter>>,
    /// Everything else.
    pub devices: Devices,
}

/// The devices that show no pictures.
pub struct Devices {
    /// The lamp.
    pub lamp: Option<Box<dyn Lamp>>,
    /// The buzzer.
    pub buzzer: Option<Box<dyn Buzzer>>,
    /// It speaks through the inbox alone.
    _scanner: Option<SerialScanner>,
}

impl Board {
    /// Reads and checks a board file.
    ///
    /// # Errors
    /// The file can't be read, or something in it is wrong; no device was touched.
    pub fn load(path: &Path) -> Result<Board, BoardFault> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| BoardFault::Unreadable { path: path.to_owned(), source })?;
        Ok(Board::parse(path, &text)?)
    }

    /// Checks `text`, the contents of the board file at `path`.
    ///
    /// # Errors
    /// Something in it is wrong.
    pub fn parse(path: &Path, text: &str) -> Result<Board, FileFault> {
        let (table, lines): (BoardTable, Lines) = files::read("", path, text)?;
        let file = File { dir: path.parent().unwrap_or(Path::new("")), lines: &lines };
        let board = Board {
            name: table.name,
            scanner: table.scanner.map(|table| file.scanner(table)).transpose()?,
            printer: table.printer.map(|table| file.printer(table)).transpose()?,
            display: table.display.map(|table| file.display("display", table)).transpose()?,
            customer_display: table
                .customer_display
                .map(|table| file.display("customer_display", table))
                .transpose()?,
        };
        board.check_shared_paths(&lines)?;
        Ok(board)
    }

    /// The board's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Says whether the counter has a receipt printer at all.
    pub fn has_printer(&self) -> bool {
        self.printer.is_some()
    }

    /// Says whether the customer has a display at all.
    pub fn has_customer_display(&self) -> bool {
        self.customer_display.is_some()
    }

    /// Starts to look after every device; what they have to say goes to `inbox`.
    pub fn open(self, inbox: Inbox) -> Ports {
        let panel = |device, role| {
            let DisplayDevice::Panel(place) = device;
            Panel::start(place, role, inbox.clone())
        };
        let cashier = self.display.map(|device| panel(device, Role::Cashier));
        let customer = self.customer_display.map(|device| panel(device, Role::Customer));
        let scanner =
            self.scanner.map(|ScannerDevice::Serial(port)| SerialScanner::start(port, inbox.clone()));
        let printer = self.printer.map(|device| {
            let (patience, inbox) = (Patience::default(), inbox.clone());
            match device {
                PrinterDevice::EscposTcp(way, settings) => {
                    EscposPrinter::start(way, settings, patience, inbox)
                }
                PrinterDevice::EscposSerial(way, settings) => {
                    EscposPrinter::start(way, settings, patience, inbox)
                }
            }
        });
        Ports {
            display: cashier.clone().map(|panel| Box::new(panel) as _),
            customer: customer.map(|panel| Box::new(panel) as _),
            printer: printer.map(|printer| Box::new(printer) as _),
            reporter: cashier.clone().map(|panel| Box::new(panel) as _),
            devices: Devices {
                lamp: cashier.clone().map(|panel| Box::new(panel) as _),
                buzzer: cashier.map(|panel| Box::new(panel) as _),
                _scanner: scanner,
            },
        }
    }

    /// Two devices can't be at one path: each would take the other's bytes.
    fn check_shared_paths(&self, lines: &Lines) -> Result<(), FileFault> {
        let mut seen: Vec<(&str, &Path)> = Vec::new();
        for (key, path) in self.paths() {
            if let Some((other, _)) = seen.iter().find(|(_, there)| *there == path) {
                return Err(lines.fault(key, format_args!("{} is already {other}", path.display())));
            }
            seen.push((key, path));
        }
        Ok(())
    }

    fn paths(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let scanner =
            self.scanner.iter().map(|ScannerDevice::Serial(port)| ("scanner.serial.path", &*port.path));
        let printer = self.printer.iter().filter_map(|printer| match printer {
            PrinterDevice::EscposSerial(way, _) => Some(("printer.escpos-serial.path", &*way.0.path)),
            PrinterDevice::EscposTcp(..) => None,
        });
        let display =
            self.display.iter().map(|DisplayDevice::Panel(place)| ("display.panel.path", &*place.path));
        let customer = self
            .customer_display
            .iter()
            .map(|DisplayDevice::Panel(place)| ("customer_display.panel.path", &*place.path));
        scanner.chain(printer).chain(display).chain(customer)
    }
}

/// What the tables' values mean in this file.
struct File<'a> {
    dir: &'a Path,
    lines: &'a Lines,
}

impl File<'_> {
    fn scanner(&self, table: ScannerTable) -> Result<ScannerDevice, FileFault> {
        let Some(serial) = table.serial else {
            return Err(self.lines.fault("scanner", "no driver is named; there is [scanner.serial]"));
        };
        let (path, baud) = (self.dir.join(serial.path), serial.baud.0);
        Ok(ScannerDevice::Serial(Port { path, baud, flow: FlowControl::None }))
    }

    fn printer(&self, table: PrinterTable) -> Result<PrinterDevice, FileFault> {
        const DRIVERS: &str = "there are [printer.escpos-tcp] and [printer.escpos-serial]";
        match (table.escpos_tcp, table.escpos_serial) {
            (Some(tcp), None) => Ok(PrinterDevice::EscposTcp(EscposTcp(tcp.address.0), tcp.settings())),
            (None, Some(serial)) => {
                let settings = serial.settings();
                let (path, baud) = (self.dir.join(serial.path), serial.baud.0);
                let port = Port { path, baud, flow: serial.flow.into() };
                Ok(PrinterDevice::EscposSerial(EscposSerial(port), settings))
            }
            (None, None) => Err(self.lines.fault("printer", format_args!("no driver is named; {DRIVERS}"))),
            (Some(_), Some(_)) => Err(self
                .lines
                .fault("printer.escpos-serial", "a counter has one receipt printer, this is another")),
        }
    }

    fn display(&self, key: &str, table: DisplayTable) -> Result<DisplayDevice, FileFault> {
        let Some(panel) = table.panel else {
            return Err(self.lines.fault(key, format_args!("no driver is named; there is [{key}.panel]")));
        };
        Ok(DisplayDevice::Panel(self.panel(&format!("{key}.panel"), panel)?))
    }

    fn panel(&self, key: &str, table: PanelTable) -> Result<Place, FileFault> {
        let place = Place { path: self.dir.join(table.path), width: table.width.0, height: table.height.0 };
        if !panel::fits(&place) {
            let why =
                format_args!("{} by {} pixels are more than a panel can show", place.width, place.height);
            return Err(self.lines.fault_of_two(&format!("{key}.width"), &format!("{key}.height"), why));
        }
        let length = place.path.as_os_str().len();
        if length > panel::PATH_BYTES_MAX {
            let why = format_args!(
                "{} has {length} bytes, a socket's path has at most {}",
                place.path.display(),
                panel::PATH_BYTES_MAX
            );
            return Err(self.lines.fault(&format!("{key}.path"), why));
        }
        Ok(place)
    }
}
