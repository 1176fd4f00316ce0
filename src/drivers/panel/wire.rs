//! The panel protocol's bytes (`docs/panel.md`): the only place that knows them.
//!
//! A message is a kind, a length and that many bytes. What the terminal says is appended to a buffer; what the panel
//! says is read from a stream, and anything that it can't say is an error, which ends the connection.

use std::io::{self, Read};

use embedded_graphics::primitives::Rectangle;
use postern_heart::event::{Device, Health, Key, Report, Sound};
use postern_heart::screen::Lamp;
use serde::Serialize;

use crate::drivers;
use crate::frame::Frame;

/// The longest message's payload, in bytes.
pub const PAYLOAD_MAX: usize = 12 << 20;
/// A key's longest name, in bytes.
const KEY_NAME_MAX: usize = 8;
const TOUCH_BYTES: usize = 4;
const RECTANGLE_BYTES: usize = 8;
const RUN_BYTES: usize = 4;

/// Something that a panel said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A key was pressed.
    Pressed(Key),
    /// The display was touched.
    Touched {
        /// From the left, in pixels.
        x: u32,
        /// From the top, in pixels.
        y: u32,
    },
}

#[derive(Serialize)]
struct Hello<'a> {
    protocol: u32,
    name: &'a str,
    width: u32,
    height: u32,
}

#[derive(Serialize)]
struct LampWire {
    color: &'static str,
    pattern: &'static str,
}

#[derive(Serialize)]
struct Tone {
    name: &'static str,
    /// Hz and milliseconds; 0 Hz is a pause.
    notes: &'static [(u32, u32)],
}

#[derive(Serialize)]
struct ReportWire<'a> {
    screen: &'a str,
    ready: bool,
    transaction: Option<&'a str>,
    result: Option<&'a str>,
    open: usize,
    unsettled: usize,
    devices: Vec<DeviceWire>,
    journal: JournalWire,
}

#[derive(Serialize)]
struct DeviceWire {
    name: &'static str,
    ok: bool,
    says: String,
}

#[derive(Serialize)]
struct JournalWire {
    sequence: u64,
}

/// Says how long the payload of so many pixels can be: no two beside each other are alike.
pub fn frame_payload_bytes_max(pixels: usize) -> usize {
    RECTANGLE_BYTES + RUN_BYTES * pixels
}

/// Appends the greeting.
pub fn hello(out: &mut Vec<u8>, name: &str, width: u32, height: u32) {
    json(out, b'H', &Hello { protocol: 1, name, width, height });
}

/// Appends the pixels of `area`, as far as it lies in the frame, as runs: screens are surfaces with some ink on them.
pub fn frame(out: &mut Vec<u8>, frame: &Frame, area: Rectangle) {
    let area = area.intersection(&frame.area());
    let (Ok(x), Ok(y)) = (u32::try_from(area.top_left.x), u32::try_from(area.top_left.y)) else { return };
    let (width, height) = (area.size.width, area.size.height);
    if width == 0 || height == 0 {
        return;
    }
    message(out, b'F', |out| {
        for side in [x, y, width, height] {
            out.extend_from_slice(&(side as u16).to_le_bytes());
        }
        let mut run = Run::default();
        for y in y..y + height {
            let mut row = frame.row(x, y, width);
            while let [pixel, ..] = *row {
                let length = alike(row, pixel);
                run.add(out, pixel, length as u32);
                row = &row[length..];
            }
        }
        run.end(out);
    });
}

/// Says how many pixels at the start of `row` are this one; four are compared at once.
fn alike(row: &[u16], pixel: u16) -> usize {
    let (fours, rest) = row.as_chunks();
    let wanted = word([pixel; 4]);
    let whole = fours.iter().take_while(|four| word(**four) == wanted).count();
    let from = if whole == fours.len() { rest } else { &fours[whole] };
    4 * whole + from.iter().take_while(|other| **other == pixel).count()
}

/// Four pixels as one number.
fn word([a, b, c, d]: [u16; 4]) -> u64 {
    u64::from(a) | u64::from(b) << 16 | u64::from(c) << 32 | u64::from(d) << 48
}

/// Pixels alike, which may go on in the next row.
#[derive(Default)]
struct Run {
    pixel: u16,
    length: u32,
}

impl Run {
    fn add(&mut self, out: &mut Vec<u8>, pixel: u16, length: u32) {
        if pixel != self.pixel {
            self.end(out);
            self.pixel = pixel;
        }
        self.length += length;
    }

    /// Appends the run, in parts that fit into 16 bits.
    fn end(&mut self, out: &mut Vec<u8>) {
        while self.length > 0 {
            let part = self.length.min(u16::MAX.into());
            out.extend_from_slice(&(part | u32::from(self.pixel) << 16).to_le_bytes());
            self.length -= part;
        }
    }
}

/// Appends the lamp's state.
pub fn lamp(out: &mut Vec<u8>, lamp: Lamp) {
    let (color, pattern) = match lamp {
        Lamp::Off => ("off", "steady"),
        Lamp::Busy => ("blue", "steady"),
        Lamp::Paid => ("green", "steady"),
        Lamp::GivenBack => ("white", "steady"),
        Lamp::NotPaid => ("red", "blink"),
        Lamp::Attention => ("amber", "double"),
    };
    json(out, b'L', &LampWire { color, pattern });
}

/// Appends a tone: *paid* rises, *not paid* falls, *attention* repeats, and a cancellation is level.
pub fn tone(out: &mut Vec<u8>, sound: Sound) {
    let (name, notes): (_, &[(u32, u32)]) = match sound {
        Sound::Taken => ("taken", &[(1568, 60)]),
        Sound::Refused => ("refused", &[(196, 90), (0, 50), (196, 90)]),
        Sound::Paid => ("paid", &[(784, 110), (988, 110), (1175, 110), (1568, 280)]),
        Sound::Received => ("received", &[(1175, 90), (0, 60), (1568, 160)]),
        Sound::NotPaid => ("not_paid", &[(440, 180), (0, 30), (330, 180), (0, 30), (220, 420)]),
        Sound::Cancelled => ("cancelled", &[(523, 160), (0, 60), (523, 160), (0, 60), (523, 160)]),
        Sound::GivenBack => ("given_back", &[(1175, 110), (0, 40), (988, 110), (0, 40), (784, 280)]),
        Sound::Attention => {
            ("attention", &[(880, 90), (660, 90), (880, 90), (660, 90), (0, 120), (880, 90), (660, 90)])
        }
    };
    json(out, b'T', &Tone { name, notes });
}

/// Makes the whole message that reports of the terminal.
pub fn report(report: &Report) -> Vec<u8> {
    let devices = report.devices.iter().map(|(device, health)| DeviceWire {
        name: device_name(*device),
        ok: matches!(health, Health::Working | Health::PaperNearEnd),
        says: drivers::says(*device, *health),
    });
    let mut out = Vec::new();
    json(
        &mut out,
        b'S',
        &ReportWire {
            screen: report.screen,
            ready: report.ready,
            transaction: report.transaction.as_ref().map(|id| id.as_str()),
            result: report.result,
            open: report.open,
            unsettled: report.unsettled,
            devices: devices.collect(),
            journal: JournalWire { sequence: report.sequence },
        },
    );
    out
}

/// Reads what the panel says next; `None` where it has gone between two messages.
///
/// # Errors
/// The connection broke, or the panel said something that this protocol does not have.
pub fn read(from: &mut impl Read) -> io::Result<Option<Said>> {
    let mut head = [0; 5];
    match from.read(&mut head[..1]) {
        Ok(0) => return Ok(None),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::Interrupted => return read(from),
        Err(error) => return Err(error),
    }
    from.read_exact(&mut head[1..])?;
    let [kind, length @ ..] = head;
    let length = u32::from_le_bytes(length) as usize;
    let mut payload = [0; KEY_NAME_MAX];
    let payload = match (kind, length) {
        (b'K', 1..=KEY_NAME_MAX) | (b'P', TOUCH_BYTES) => &mut payload[..length],
        (b'K' | b'P', _) => {
            return Err(nonsense(format_args!("a message {} of {length} bytes", kind as char)));
        }
        _ => return Err(nonsense(format_args!("a message of kind {kind:#04x}"))),
    };
    from.read_exact(payload)?;
    match (kind, &*payload) {
        (b'P', [x0, x1, y0, y1]) => {
            let coordinate = |low, high| u32::from(u16::from_le_bytes([low, high]));
            Ok(Some(Said::Touched { x: coordinate(*x0, *x1), y: coordinate(*y0, *y1) }))
        }
        (_, name) => match key(name) {
            Some(key) => Ok(Some(Said::Pressed(key))),
            None => Err(nonsense(format_args!("a key {}", name.escape_ascii()))),
        },
    }
}

fn key(name: &[u8]) -> Option<Key> {
    Some(match name {
        [digit @ b'0'..=b'9'] => Key::Digit(digit - b'0'),
        b"00" => Key::DoubleZero,
        b"." => Key::Point,
        b"enter" => Key::Enter,
        b"clear" => Key::Clear,
        b"stop" => Key::Stop,
        b"qr" => Key::Qr,
        b"menu" => Key::Menu,
        b"up" => Key::Up,
        b"down" => Key::Down,
        _ => return None,
    })
}

fn device_name(device: Device) -> &'static str {
    match device {
        Device::Scanner => "scanner",
        Device::Printer => "printer",
        Device::Display => "display",
        Device::CustomerDisplay => "customer_display",
    }
}

fn nonsense(what: std::fmt::Arguments<'_>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the panel said what it can't say: {what}"))
}

fn json(out: &mut Vec<u8>, kind: u8, value: &impl Serialize) {
    // Writing these shapes to memory can't fail.
    message(out, kind, |out| drop(serde_json::to_writer(out, value)));
}

fn message(out: &mut Vec<u8>, kind: u8, write: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(&[kind, 0, 0, 0, 0]);
    let start = out.len();
    write(out);
    let length = (out.len() - start) as u32;
    out[start - 4..start].copy_from_slice(&length.to_le_bytes());
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use embedded_graphics::pixelcolor::Rgb565;
    use embedded_graphics::prelude::{Point, Size};
    use postern_heart::ids::OrderId;

    use super::*;

    fn made(make: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut out = Vec::new();
        make(&mut out);
        out
    }

    #[test]
    fn the_greeting_names_protocol_and_size() {
        let bytes = made(|out| hello(out, "cashier", 800, 480));
        assert_eq!(bytes[..5], *b"H\x38\x00\x00\x00");
        assert_eq!(&bytes[5..], br#"{"protocol":1,"name":"cashier","width":800,"height":480}"#);
    }

    #[test]
    fn a_frame_is_a_rectangle_and_its_runs_low_byte_first() {
        let mut picture = Frame::new(4, 3);
        picture.fill(Rectangle::new(Point::new(1, 1), Size::new(1, 1)), Rgb565::new(31, 0, 1));
        let bytes = made(|out| frame(out, &picture, Rectangle::new(Point::new(1, 1), Size::new(2, 9))));
        assert_eq!(bytes, b"F\x10\0\0\0\x01\0\x01\0\x02\0\x02\0\x01\0\x01\xf8\x03\0\0\0");
    }

    #[test]
    fn a_run_goes_on_in_the_next_row_and_is_cut_where_its_length_is_too_long_to_write() {
        let bytes = made(|out| frame(out, &Frame::new(800, 100), Frame::new(800, 100).area()));
        assert_eq!(bytes[13..], [0xFF, 0xFF, 0, 0, 0x81, 0x38, 0, 0]);
    }

    #[test]
    fn ink_anywhere_in_a_row_ends_the_run_there() {
        for x in 0..40 {
            let mut picture = Frame::new(40, 1);
            picture.fill(Rectangle::new(Point::new(x, 0), Size::new(1, 1)), Rgb565::new(31, 63, 31));
            let bytes = made(|out| frame(out, &picture, picture.area()));
            let lengths = bytes[13..].chunks_exact(4).map(|run| u16::from_le_bytes([run[0], run[1]]));
            let expected = [x as u16, 1, 39 - x as u16];
            assert!(lengths.eq(expected.into_iter().filter(|length| *length > 0)), "{x}");
        }
    }

    #[test]
    fn an_area_outside_the_frame_is_no_message() {
        let outside = Rectangle::new(Point::new(9, 9), Size::new(2, 2));
        assert_eq!(made(|out| frame(out, &Frame::new(4, 3), outside)), b"");
    }

    #[test]
    fn every_lamp_is_told_by_pattern_or_colour_alone() {
        let all = [Lamp::Off, Lamp::Busy, Lamp::Paid, Lamp::GivenBack, Lamp::NotPaid, Lamp::Attention];
        let messages: Vec<_> = all.map(|state| made(|out| lamp(out, state))).into();
        assert_eq!(messages[4], b"L\x21\0\0\0{\"color\":\"red\",\"pattern\":\"blink\"}");
        assert!((1..6).all(|i| !messages[..i].contains(&messages[i])));
    }

    #[test]
    fn a_tone_is_a_name_and_notes() {
        let bytes = made(|out| tone(out, Sound::Taken));
        assert_eq!(bytes, b"T\x24\0\0\0{\"name\":\"taken\",\"notes\":[[1568,60]]}");
    }

    #[test]
    fn a_report_says_what_the_protocol_page_shows() {
        let bytes = report(&Report {
            screen: "amount",
            ready: true,
            transaction: OrderId::parse("HK01-00004C-7KQ2M9XD"),
            result: None,
            open: 1,
            unsettled: 0,
            devices: vec![(Device::Printer, Health::NoPaper)],
            sequence: 76,
        });
        let page = include_str!("../../../docs/panel.md");
        let example = page.split("```json").nth(1).unwrap().split("```").next().unwrap();
        let said: serde_json::Value = serde_json::from_slice(&bytes[5..]).unwrap();
        assert_eq!(bytes[0], b'S');
        assert_eq!(said, serde_json::from_str::<serde_json::Value>(example).unwrap());
    }

    #[test]
    fn keys_and_touches_are_read_in_order() {
        let mut bytes = &b"K\x01\0\0\x005K\x02\0\0\x0000K\x05\0\0\0enterP\x04\0\0\0\x0a\0\x2c\x01"[..];
        let mut next = || read(&mut bytes).unwrap();
        assert_eq!(next(), Some(Said::Pressed(Key::Digit(5))));
        assert_eq!(next(), Some(Said::Pressed(Key::DoubleZero)));
        assert_eq!(next(), Some(Said::Pressed(Key::Enter)));
        assert_eq!(next(), Some(Said::Touched { x: 10, y: 300 }));
        assert_eq!(next(), None);
    }

    #[test]
    fn every_key_of_the_protocol_page_is_known() {
        let page = include_str!("../../../docs/panel.md");
        let row = page.lines().find(|line| line.contains("| panel | `K`")).unwrap();
        let names: Vec<&str> = row.split('`').skip(3).step_by(2).filter(|name| *name != "9").collect();
        assert_eq!(names.len(), 10, "{names:?}");
        assert!(names.iter().all(|name| key(name.as_bytes()).is_some()), "{names:?}");
    }

    #[test]
    fn what_no_panel_can_say_is_an_error() {
        for bytes in [
            &b"X\0\0\0\0"[..],
            b"K\0\0\0\0",
            b"K\x06\0\0\0launch",
            b"K\xff\xff\xff\xff",
            b"P\x03\0\0\0\x01\x02\x03",
            b"F\x01\0\0\x50",
            b"K\x05\0\0\0ent",
            b"K\x05",
        ] {
            assert!(read(&mut &bytes[..]).is_err(), "{bytes:02x?}");
        }
    }
}
