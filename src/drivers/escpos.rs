//! ESC/POS: the bytes that receipt printers take, and the bytes with which they answer. Pure.
//!
//! Source: Epson's *ESC/POS Command Reference*, under the name of each command; printers of other makers follow it.
//! Only what any raster printer of the last twenty years knows is used, and no text: a receipt is a picture, so no code
//! page decides what a shop can say.
//!
//! Two things need care. Status comes in three forms on one wire, told apart by fixed bits ([`Heard`]). And a printer
//! obeys its real-time commands wherever their bytes stand, also inside a picture: three dots in a row of white can
//! spell "open the drawer". So a picture never spells one ([`slices`]).

use postern_heart::event::Health;

use crate::raster::Raster;

const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;
const DLE: u8 = 0x10;
const EOT: u8 = 0x04;
const ENQ: u8 = 0x05;
const DC4: u8 = 0x14;

/// The longest slice in bytes: what the smallest receive buffers hold.
pub const SLICE_BYTES_MAX: usize = 4096;
const SLICE_HEAD_BYTES: usize = 8;

/// `ESC @`: forgets every setting and what is not printed yet ("Initialize printer").
pub const INITIALIZE: [u8; 2] = [ESC, b'@'];

/// `GS a 0`: no status without a question, which could be taken for an answer ("Enable/disable Automatic Status Back").
pub const ONLY_WHEN_ASKED: [u8; 3] = [GS, b'a', 0];

/// `GS r 1`: says the paper sensor's state once all that came before is done ("Transmit status").
pub const SAY_WHEN_DONE: [u8; 3] = [GS, b'r', 1];

/// A question that a printer answers at once, even while it is off line ("Transmit real-time status").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Query {
    /// Whether it is on line.
    Printer = 1,
    /// Why it is off line.
    Offline = 2,
    /// Which error it has.
    Error = 3,
    /// What the paper sensors say.
    Paper = 4,
}

/// `DLE EOT n`: asks.
pub fn query(query: Query) -> [u8; 3] {
    [DLE, EOT, query as u8]
}

/// How the paper is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cut {
    /// One point is left, so that it doesn't fall.
    #[default]
    Partial,
    /// Through.
    Full,
    /// There is no cutter: the paper is fed to the edge, to be torn off.
    None,
}

/// `GS V`: feeds to the cutter and cuts ("Select cut mode and cut paper", function B); without one, `ESC J` feeds.
pub fn feed_and_cut(cut: Cut) -> Vec<u8> {
    const TEAR_DOTS: u8 = 120;
    match cut {
        Cut::Full => vec![GS, b'V', 65, 0],
        Cut::Partial => vec![GS, b'V', 66, 0],
        Cut::None => vec![ESC, b'J', TEAR_DOTS],
    }
}

/// Which wire of the drawer's connector carries the pulse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawerPin {
    /// Pin 2.
    Two,
    /// Pin 5.
    Five,
}

/// The pulse that opens a drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// Where.
    pub pin: DrawerPin,
    /// How long it is on, in milliseconds, up to [`PULSE_MS_MAX`].
    pub on_ms: u16,
    /// How long it is off before the next one, in milliseconds, up to [`PULSE_MS_MAX`].
    pub off_ms: u16,
}

/// The longest pulse.
pub const PULSE_MS_MAX: u16 = 510;

/// `ESC p m t1 t2`: opens the drawer ("Generate pulse"); always with both times, in units of 2 ms.
pub fn open_drawer(pulse: Pulse) -> [u8; 5] {
    let pin = match pulse.pin {
        DrawerPin::Two => 0,
        DrawerPin::Five => 1,
    };
    let units = |ms: u16| (ms.min(PULSE_MS_MAX) / 2) as u8;
    [ESC, b'p', pin, units(pulse.on_ms), units(pulse.off_ms)]
}

/// `GS v 0`: the picture in slices of at most [`SLICE_BYTES_MAX`], top to bottom ("Print raster bit image").
///
/// Where the dots would spell `DLE EOT`, `DLE ENQ` or `DLE DC4`, one white dot beside a black one becomes black: the
/// eye sees no difference, and neither does a reader of codes.
pub fn slices(paper: &Raster) -> impl Iterator<Item = Vec<u8>> {
    let row_bytes = paper.row_bytes();
    let rows_max = (SLICE_BYTES_MAX - SLICE_HEAD_BYTES).checked_div(row_bytes).unwrap_or(1).max(1);
    let mut rows = paper.rows().peekable();
    std::iter::from_fn(move || {
        rows.peek()?;
        let mut slice = vec![GS, b'v', b'0', 0];
        slice.extend((row_bytes as u16).to_le_bytes());
        slice.extend([0, 0]);
        let mut height: u16 = 0;
        for row in rows.by_ref().take(rows_max) {
            slice.extend_from_slice(row);
            height += 1;
        }
        slice[6..8].copy_from_slice(&height.to_le_bytes());
        defuse(&mut slice[SLICE_HEAD_BYTES..]);
        Some(slice)
    })
}

fn defuse(dots: &mut [u8]) {
    for i in 1..dots.len() {
        if dots[i - 1] == DLE && matches!(dots[i], EOT | ENQ | DC4) {
            dots[i - 1] |= DLE << 1;
        }
    }
}

/// Says for how long a slice keeps a printer waiting for dots, at most: so many zeros end one that was cut short.
///
/// Zeros are white dots inside a picture and nothing at all outside one.
pub fn white(paper_width_dots: u32) -> Vec<u8> {
    let row_bytes = paper_width_dots.div_ceil(8) as usize;
    vec![0; SLICE_BYTES_MAX.max(row_bytes)]
}

/// One byte from a printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The answer to `DLE EOT`.
    RealTime(u8),
    /// The answer to `GS r`.
    Done,
    /// Something else: flow control, an automatic status, noise.
    Other,
}

/// Tells by the bits that are fixed what a byte is: `0xx1xx10` answers `DLE EOT`, `0xx0xxxx` answers `GS r`.
pub fn heard(byte: u8) -> Heard {
    match byte {
        byte if byte & 0b1001_0011 == 0b0001_0010 => Heard::RealTime(byte),
        byte if byte & 0b1001_0000 == 0 => Heard::Done,
        _ => Heard::Other,
    }
}

/// What a printer has said of itself; what it was not asked is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The answer to [`Query::Printer`].
    pub printer: u8,
    /// The answer to [`Query::Paper`].
    pub paper: Option<u8>,
    /// The answer to [`Query::Offline`].
    pub offline: Option<u8>,
    /// The answer to [`Query::Error`].
    pub error: Option<u8>,
}

/// Bits of the answer to [`Query::Printer`].
pub const OFFLINE: u8 = 0x08;
/// Bits of the answers to the other queries.
const COVER_OPEN: u8 = 0x04;
const FEED_BUTTON: u8 = 0x08;
const STOPPED_AT_PAPER_END: u8 = 0x20;
const ERROR: u8 = 0x40;
const CUTTER: u8 = 0x08;
const PAPER_NEAR_END: u8 = 0x0C;
const PAPER_END: u8 = 0x60;

impl Status {
    /// Says how the printer is. An open cover hides the paper from its sensor, so the cover comes first.
    pub fn health(&self) -> Health {
        let has = |answer: Option<u8>, bits| answer.is_some_and(|answer| answer & bits != 0);
        if has(self.offline, COVER_OPEN) {
            Health::CoverOpen
        } else if has(self.paper, PAPER_END) || has(self.offline, STOPPED_AT_PAPER_END) {
            Health::NoPaper
        } else if self.printer & OFFLINE != 0 {
            Health::Faulty
        } else if has(self.paper, PAPER_NEAR_END) {
            Health::PaperNearEnd
        } else {
            Health::Working
        }
    }

    /// Says what is the matter, for the log and for whoever must come.
    pub fn cause(&self) -> &'static str {
        let has = |answer: Option<u8>, bits| answer.is_some_and(|answer| answer & bits != 0);
        match self.health() {
            Health::CoverOpen => "the cover is open",
            Health::NoPaper => "the paper is out",
            Health::PaperNearEnd => "the paper is near its end",
            Health::Faulty if has(self.error, CUTTER) => "the cutter is stuck",
            Health::Faulty if has(self.offline, ERROR) => "the printer has an error",
            Health::Faulty if has(self.offline, FEED_BUTTON) => "the feed button is held",
            Health::Faulty => "the printer is off line",
            Health::Working | Health::Missing | Health::Silent => "the printer is ready",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn black_at(width: u32, height: u32, dots: &[(u32, u32)]) -> Raster {
        let mut paper = Raster::new(width, height);
        dots.iter().for_each(|(x, y)| paper.blacken(*x, *y));
        paper
    }

    #[test]
    fn a_picture_is_sent_row_by_row_with_the_leftmost_dot_highest() {
        let paper = black_at(20, 2, &[(0, 0), (19, 1)]);
        let all: Vec<_> = slices(&paper).collect();
        assert_eq!(all, [b"\x1d\x76\x30\x00\x03\x00\x02\x00\x80\x00\x00\x00\x00\x10"]);
    }

    #[test]
    fn a_long_picture_comes_in_slices_that_together_are_all_of_it() {
        let paper = black_at(576, 1000, &[(5, 999), (0, 56), (0, 55)]);
        let all: Vec<_> = slices(&paper).collect();
        let heights = all.iter().map(|slice| u16::from_le_bytes([slice[6], slice[7]]));
        assert_eq!(heights.clone().map(u32::from).sum::<u32>(), 1000);
        assert!(heights.clone().all(|height| height <= 56));
        assert!(all.iter().all(|slice| slice.len() <= SLICE_BYTES_MAX));
        let dots: Vec<u8> = all.iter().flat_map(|slice| &slice[8..]).copied().collect();
        assert_eq!(dots, paper.rows().flatten().copied().collect::<Vec<u8>>());
    }

    #[test]
    fn paper_of_no_length_or_no_width_is_nothing() {
        assert_eq!(slices(&Raster::new(576, 0)).count(), 0);
        assert_eq!(slices(&Raster::new(0, 9)).count(), 0);
    }

    #[test]
    fn a_picture_never_spells_a_real_time_command() {
        // 10 14 01 00 01 in a row would open the drawer, 10 04 01 asks, also across the end of a row.
        let spelt = [(3, 0), (11, 0), (13, 0), (23, 0), (19, 1), (5, 2)];
        let all: Vec<_> = slices(&black_at(24, 3, &spelt)).collect();
        assert_eq!(all[0][8..], *b"\x30\x14\x01\x00\x00\x30\x04\x00\x00");
    }

    #[test]
    fn a_drawer_pulse_is_complete_and_in_units_of_two_milliseconds() {
        let pulse = Pulse { pin: DrawerPin::Five, on_ms: 120, off_ms: 480 };
        assert_eq!(open_drawer(pulse), *b"\x1b\x70\x01\x3c\xf0");
        assert_eq!(
            open_drawer(Pulse { pin: DrawerPin::Two, on_ms: 900, off_ms: 0 }),
            *b"\x1b\x70\x00\xff\x00"
        );
    }

    #[test]
    fn the_paper_is_fed_before_it_is_cut() {
        assert_eq!(feed_and_cut(Cut::Partial), b"\x1d\x56\x42\x00");
        assert_eq!(feed_and_cut(Cut::Full), b"\x1d\x56\x41\x00");
        assert_eq!(feed_and_cut(Cut::None), b"\x1b\x4a\x78");
    }

    #[test]
    fn every_byte_is_an_answer_of_one_kind_or_none() {
        for byte in [0x12, 0x16, 0x1A, 0x1E, 0x32, 0x72, 0x7E] {
            assert_eq!(heard(byte), Heard::RealTime(byte));
        }
        for byte in [0x00, 0x03, 0x0C, 0x0F] {
            assert_eq!(heard(byte), Heard::Done);
        }
        // XON, XOFF, an automatic status' first byte, noise.
        for byte in [0x11, 0x13, 0x10, 0x14, 0x80, 0x92, 0xFF] {
            assert_eq!(heard(byte), Heard::Other, "{byte:#04x}");
        }
    }

    #[test]
    fn each_status_bit_is_what_the_reference_says() {
        let online = Status { printer: 0x12, paper: Some(0x12), offline: None, error: None };
        let offline = Status { printer: 0x1A, ..online };
        for (status, health, cause) in [
            (online, Health::Working, "the printer is ready"),
            (Status { printer: 0x16, ..online }, Health::Working, "the printer is ready"),
            (Status { paper: Some(0x1E), ..online }, Health::PaperNearEnd, "the paper is near its end"),
            (Status { paper: Some(0x7E), ..online }, Health::NoPaper, "the paper is out"),
            (Status { paper: Some(0x72), ..offline }, Health::NoPaper, "the paper is out"),
            (Status { offline: Some(0x32), ..offline }, Health::NoPaper, "the paper is out"),
            (
                Status { paper: Some(0x7E), offline: Some(0x36), ..offline },
                Health::CoverOpen,
                "the cover is open",
            ),
            (Status { offline: Some(0x1A), ..offline }, Health::Faulty, "the feed button is held"),
            (
                Status { offline: Some(0x52), error: Some(0x1A), ..offline },
                Health::Faulty,
                "the cutter is stuck",
            ),
            (
                Status { offline: Some(0x52), error: Some(0x52), ..offline },
                Health::Faulty,
                "the printer has an error",
            ),
            (offline, Health::Faulty, "the printer is off line"),
        ] {
            assert_eq!((status.health(), status.cause()), (health, cause), "{status:02x?}");
        }
    }
}
