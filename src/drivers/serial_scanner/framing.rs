//! From a scanner's bytes to scans: pure, told of bytes and of silence.
//!
//! A scan ends with CR, LF, CR LF, Tab, or with nothing but silence. An AIM identifier in front is taken off
//! (ISO/IEC 15424: `]`, a letter, a modifier). What is delivered is whole or nothing: a scan that is too long is
//! dropped to its end, and what comes in while the line is being opened, which may be the tail of an older scan,
//! is dropped to the next silence or terminator. An empty line is no scan: CR LF, or a trigger pulled twice, makes one.

use postern_heart::code::Scanned;
use zeroize::{Zeroize, Zeroizing};

/// The longest scan: a shop's static code and every link to pay are shorter.
pub const SCAN_BYTES_MAX: usize = 512;

/// One scan.
#[derive(Debug, PartialEq, Eq)]
pub enum Scan {
    /// Text without its terminator and identifier.
    Text {
        /// The text.
        text: Scanned,
        /// The AIM identifier's letter and modifier, such as `Q1` of a QR code.
        symbology: Option<[char; 2]>,
    },
    /// Something that is no text and is not kept.
    Unreadable(Unreadable),
}

/// Why a scan is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It holds control characters, or is not UTF-8.
    NotText,
    /// It is longer than [`SCAN_BYTES_MAX`].
    TooLong,
}

/// Collects the bytes of one scan after another.
pub struct Framing {
    bytes: Zeroizing<[u8; SCAN_BYTES_MAX]>,
    used: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The line was just opened: this may be the tail of a scan that began before.
    Joining,
    Reading,
    TooLong,
}

impl Framing {
    /// Starts on a line that was just opened.
    pub fn new() -> Framing {
        Framing { bytes: Zeroizing::new([0; SCAN_BYTES_MAX]), used: 0, state: State::Joining }
    }

    /// Starts on a line that has been silent since it was opened.
    pub fn joined() -> Framing {
        Framing { state: State::Reading, ..Framing::new() }
    }

    /// Says whether what comes in may still be the tail of a scan that began before the line was opened.
    pub fn is_joining(&self) -> bool {
        self.state == State::Joining
    }

    /// Says whether silence would now end something.
    pub fn is_open(&self) -> bool {
        self.used > 0 || self.state != State::Reading
    }

    /// Takes a byte; gives the scan that it ends.
    pub fn push(&mut self, byte: u8) -> Option<Scan> {
        if matches!(byte, b'\r' | b'\n' | b'\t') {
            return self.end();
        }
        if self.state == State::Reading {
            match self.bytes.get_mut(self.used) {
                Some(place) => {
                    *place = byte;
                    self.used += 1;
                }
                None => {
                    self.forget();
                    self.state = State::TooLong;
                }
            }
        }
        None
    }

    /// Takes a silence that is long enough to end a scan; gives the scan that it ends.
    pub fn silence(&mut self) -> Option<Scan> {
        self.end()
    }

    fn end(&mut self) -> Option<Scan> {
        let scan = match self.state {
            State::Joining => None,
            State::TooLong => Some(Scan::Unreadable(Unreadable::TooLong)),
            State::Reading => read(self.bytes.get(..self.used).unwrap_or_default()),
        };
        self.forget();
        self.state = State::Reading;
        scan
    }

    fn forget(&mut self) {
        self.bytes.zeroize();
        self.used = 0;
    }
}

impl Default for Framing {
    fn default() -> Framing {
        Framing::new()
    }
}

fn read(bytes: &[u8]) -> Option<Scan> {
    let (symbology, bytes) = match bytes {
        [b']', letter, modifier, rest @ ..]
            if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
        {
            (Some([char::from(*letter), char::from(*modifier)]), rest)
        }
        _ => (None, bytes),
    };
    if bytes.is_empty() {
        return None;
    }
    match str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => {
            Some(Scan::Text { text: Scanned::new(text.to_owned()), symbology })
        }
        _ => Some(Scan::Unreadable(Unreadable::NotText)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A framing that has heard the silence after opening.
    fn framing() -> Framing {
        let mut framing = Framing::new();
        assert_eq!(framing.silence(), None);
        framing
    }

    fn push_all(framing: &mut Framing, bytes: &[u8]) -> Vec<Scan> {
        bytes.iter().filter_map(|byte| framing.push(*byte)).collect()
    }

    fn text(text: &str) -> Scan {
        Scan::Text { text: Scanned::new(text.to_owned()), symbology: None }
    }

    #[test]
    fn every_terminator_ends_a_scan_once() {
        for end in [&b"\r"[..], b"\n", b"\r\n", b"\t"] {
            let line = [b"2812", end, b"2813", end].concat();
            assert_eq!(push_all(&mut framing(), &line), [text("2812"), text("2813")], "{end:02x?}");
        }
    }

    #[test]
    fn silence_ends_a_scan_without_a_terminator() {
        let mut framing = framing();
        assert!(!framing.is_open());
        assert_eq!(push_all(&mut framing, b"2812"), []);
        assert!(framing.is_open());
        assert_eq!(framing.silence(), Some(text("2812")));
        assert_eq!(framing.silence(), None);
    }

    #[test]
    fn an_aim_identifier_is_taken_off_and_told() {
        let scans = push_all(&mut framing(), b"\x5d\x51\x31\x32\x38\x0d]C02813\r]2814\r");
        let with = |code: &str, symbology| Scan::Text { text: Scanned::new(code.to_owned()), symbology };
        assert_eq!(
            scans,
            [with("28", Some(['Q', '1'])), with("2813", Some(['C', '0'])), with("]2814", None)],
        );
    }

    #[test]
    fn an_empty_line_is_no_scan() {
        assert_eq!(push_all(&mut framing(), b"\r\n\n\t\r]Q1\r"), []);
    }

    #[test]
    fn a_scan_that_is_too_long_is_dropped_whole() {
        let mut framing = framing();
        let longest = vec![b'7'; SCAN_BYTES_MAX];
        assert_eq!(push_all(&mut framing, &[&longest[..], b"\r"].concat()).len(), 1);
        let too_long = [&longest[..], b"1234567890123456\r2812\r"].concat();
        assert_eq!(push_all(&mut framing, &too_long), [Scan::Unreadable(Unreadable::TooLong), text("2812")],);
    }

    #[test]
    fn bytes_that_are_no_text_are_not_kept() {
        for bytes in
            [&b"28\x0012\r"[..], b"28\x7f\r", b"\x1d0128\r", b"28\xff\xfe\r", b"\xe6\x94\r", b"\xc2\x85\r"]
        {
            let scans = push_all(&mut framing(), bytes);
            assert_eq!(scans, [Scan::Unreadable(Unreadable::NotText)], "{bytes:02x?}");
        }
    }

    #[test]
    fn the_tail_of_a_scan_that_began_before_is_dropped() {
        let mut joined = Framing::new();
        assert!(joined.is_open());
        assert_eq!(push_all(&mut joined, b"67890123456789012\r2812\r"), [text("2812")]);
        let mut joined = Framing::new();
        assert_eq!(push_all(&mut joined, b"67890123456789012"), []);
        assert_eq!(joined.silence(), None);
        assert_eq!(push_all(&mut joined, b"2812\r"), [text("2812")]);
    }

    #[test]
    fn no_digit_stays_in_memory_after_its_scan() {
        let mut framing = framing();
        push_all(&mut framing, b"2812345678901234\r");
        assert!(framing.bytes.iter().all(|byte| *byte == 0));
        push_all(&mut framing, &[b'7'; SCAN_BYTES_MAX + 1]);
        assert!(framing.bytes.iter().all(|byte| *byte == 0));
    }
}
