//! The board file's tables and values, as they are written. What can't be is refused here, at its own line.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;
use serialport::FlowControl;

use crate::drivers::escpos::{Cut, DrawerPin, PULSE_MS_MAX, Pulse};
use crate::drivers::escpos_printer::{Answers, Settings};

/// The port that printers listen at, by custom.
const PRINTER_PORT: u16 = 9100;
const BAUDS: [u32; 8] = [2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400];

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BoardTable {
    pub(super) name: String,
    pub(super) scanner: Option<ScannerTable>,
    pub(super) printer: Option<PrinterTable>,
    pub(super) display: Option<DisplayTable>,
    pub(super) customer_display: Option<DisplayTable>,
}

/// One field a driver, so that a misspelt driver is an error at its own line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScannerTable {
    pub(super) serial: Option<SerialScannerTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SerialScannerTable {
    pub(super) path: PathBuf,
    pub(super) baud: Baud,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PrinterTable {
    pub(super) escpos_tcp: Option<TcpPrinterTable>,
    pub(super) escpos_serial: Option<SerialPrinterTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TcpPrinterTable {
    pub(super) address: Address,
    width_dots: WidthDots,
    #[serde(default)]
    status: Status,
    #[serde(default)]
    cut: CutWord,
    drawer: Option<DrawerTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SerialPrinterTable {
    pub(super) path: PathBuf,
    pub(super) baud: Baud,
    #[serde(default)]
    pub(super) flow: Flow,
    width_dots: WidthDots,
    #[serde(default)]
    status: Status,
    #[serde(default)]
    cut: CutWord,
    drawer: Option<DrawerTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawerTable {
    pin: Pin,
    on_ms: PulseMs,
    off_ms: PulseMs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DisplayTable {
    pub(super) panel: Option<PanelTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PanelTable {
    pub(super) path: PathBuf,
    pub(super) width: Side,
    pub(super) height: Side,
}

impl TcpPrinterTable {
    pub(super) fn settings(&self) -> Settings {
        settings(&self.width_dots, self.status, self.cut, self.drawer.as_ref())
    }
}

impl SerialPrinterTable {
    pub(super) fn settings(&self) -> Settings {
        settings(&self.width_dots, self.status, self.cut, self.drawer.as_ref())
    }
}

fn settings(width: &WidthDots, status: Status, cut: CutWord, drawer: Option<&DrawerTable>) -> Settings {
    Settings {
        width_dots: width.0,
        answers: match status {
            Status::Ask => Answers::WhenAsked,
            Status::None => Answers::Never,
        },
        cut: match cut {
            CutWord::Partial => Cut::Partial,
            CutWord::Full => Cut::Full,
            CutWord::None => Cut::None,
        },
        drawer: drawer.map(|drawer| Pulse {
            pin: drawer.pin.0,
            on_ms: drawer.on_ms.0,
            off_ms: drawer.off_ms.0,
        }),
    }
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    #[default]
    Ask,
    None,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum CutWord {
    #[default]
    Partial,
    Full,
    None,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Flow {
    #[default]
    None,
    RtsCts,
    XonXoff,
}

impl From<Flow> for FlowControl {
    fn from(flow: Flow) -> FlowControl {
        match flow {
            Flow::None => FlowControl::None,
            Flow::RtsCts => FlowControl::Hardware,
            Flow::XonXoff => FlowControl::Software,
        }
    }
}

#[derive(Deserialize)]
#[serde(try_from = "u32")]
pub(super) struct Baud(pub(super) u32);

impl TryFrom<u32> for Baud {
    type Error = String;

    fn try_from(baud: u32) -> Result<Baud, String> {
        let all = || BAUDS.map(|baud| baud.to_string()).join(", ");
        BAUDS.contains(&baud).then_some(Baud(baud)).ok_or_else(|| format!("{baud} is none of {}", all()))
    }
}

#[derive(Deserialize)]
#[serde(try_from = "u32")]
struct WidthDots(u32);

impl TryFrom<u32> for WidthDots {
    type Error = String;

    fn try_from(dots: u32) -> Result<WidthDots, String> {
        match dots {
            384 | 576 => Ok(WidthDots(dots)),
            _ => Err(format!("{dots} is neither 384 (58 mm paper) nor 576 (80 mm paper)")),
        }
    }
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Address(pub(super) SocketAddr);

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Address, String> {
        let whole = text.parse().ok();
        let without_port = || text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, PRINTER_PORT));
        whole.or_else(without_port).map(Address).ok_or_else(|| {
            format!("{text:?} is no address in numbers such as 192.168.1.50 or 192.168.1.50:9100")
        })
    }
}

#[derive(Deserialize)]
#[serde(try_from = "u32")]
struct Pin(DrawerPin);

impl TryFrom<u32> for Pin {
    type Error = String;

    fn try_from(pin: u32) -> Result<Pin, String> {
        match pin {
            2 => Ok(Pin(DrawerPin::Two)),
            5 => Ok(Pin(DrawerPin::Five)),
            _ => Err(format!("{pin} is neither 2 nor 5, the pins of a drawer's connector")),
        }
    }
}

#[derive(Deserialize)]
#[serde(try_from = "u16")]
struct PulseMs(u16);

impl TryFrom<u16> for PulseMs {
    type Error = String;

    fn try_from(ms: u16) -> Result<PulseMs, String> {
        match ms {
            2..=PULSE_MS_MAX if ms.is_multiple_of(2) => Ok(PulseMs(ms)),
            _ => Err(format!("{ms} is no even number from 2 to {PULSE_MS_MAX}")),
        }
    }
}

#[derive(Deserialize)]
#[serde(try_from = "u32")]
pub(super) struct Side(pub(super) u32);

impl TryFrom<u32> for Side {
    type Error = String;

    fn try_from(pixels: u32) -> Result<Side, String> {
        match pixels {
            128..=2048 => Ok(Side(pixels)),
            _ => Err(format!("{pixels} pixels are not between 128 and 2048")),
        }
    }
}
