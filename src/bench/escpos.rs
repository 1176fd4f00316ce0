//! What a receipt printer's bytes mean: ESC/POS, read as an 80 mm printer with a cutter reads it.
//!
//! Source: Epson's ESC/POS command reference. Written from the printer's side and shares nothing with the terminal's
//! driver, or one mistake would satisfy both. Commands that this printer knows but that leave no dots are
//! read over in their whole length; bytes that mean nothing to it are *junk*, which the bench counts and shows.

use std::collections::VecDeque;

use super::paper::{BLANK, DOTS, ROW_BYTES, Row};

const NUL: u8 = 0x00;
const HT: u8 = 0x09;
const LF: u8 = 0x0A;
const FF: u8 = 0x0C;
const CR: u8 = 0x0D;
pub(crate) const DLE: u8 = 0x10;
const CAN: u8 = 0x18;
const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;
pub(crate) const EOT: u8 = 0x04;
pub(crate) const ENQ: u8 = 0x05;
pub(crate) const DC4: u8 = 0x14;

/// Something that the printer does next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Burns one row, `times` over (double height).
    Row { row: Box<Row>, times: u8 },
    /// Moves the paper without burning.
    Feed { rows: u32 },
    /// A character of the printer's own font.
    Letter(u8),
    /// The line of letters is complete.
    LineEnd,
    /// Cuts; with `feed`, first moves what was printed past the blade and that much further.
    Cut { feed: Option<u8> },
    /// A pulse on the drawer's connector.
    Kick,
    /// `GS r`: says its status once everything before this is on paper.
    Report(u8),
    /// `GS a`: says its status by itself from now on whenever one of these changes.
    ReportAlways(u8),
    /// A byte that means nothing here.
    Junk(u8),
}

/// A picture that is arriving row by row.
#[derive(Debug)]
struct Raster {
    row_bytes: usize,
    rows_left: u32,
    wide: bool,
    tall: bool,
}

/// Reads commands; keeps its place when the bytes stop in the middle of one.
#[derive(Debug)]
pub(crate) struct Reader {
    raster: Option<Raster>,
    align: u8,
    line_rows: u8,
}

impl Reader {
    pub(crate) fn new() -> Reader {
        Reader { raster: None, align: 0, line_rows: 30 }
    }

    /// Takes the next whole command from `input`; `None` when more bytes are needed.
    pub(crate) fn next(&mut self, input: &mut VecDeque<u8>) -> Option<Step> {
        loop {
            if self.raster.is_some() {
                return self.raster_row(input);
            }
            let step = match *input.front()? {
                ESC => self.escape(input)?,
                GS => self.group(input)?,
                FS => {
                    let length = match input.get(1)? {
                        b'.' | b'&' => 2,
                        b'S' | b'p' => 4,
                        b'(' => with_length(input)?,
                        _ => 3,
                    };
                    take(input, length)?;
                    None
                }
                DLE => {
                    // Answered when it arrived; here it is only read over.
                    let length = real_time_length(input)?;
                    take(input, length)?;
                    None
                }
                LF => byte(input, Step::LineEnd),
                NUL | HT | FF | CR | CAN => {
                    input.pop_front();
                    None
                }
                letter if letter >= 0x20 => byte(input, Step::Letter(letter)),
                other => byte(input, Step::Junk(other)),
            };
            if step.is_some() {
                return step;
            }
        }
    }

    /// `Some(None)`: read over. `None`: more bytes are needed.
    fn escape(&mut self, input: &mut VecDeque<u8>) -> Option<Option<Step>> {
        let length = match *input.get(1)? {
            b'@' | b'2' | b'S' | b'L' | b'i' | b'm' | b'v' | b'u' | LF | FF => 2,
            b'$' | b'\\' | b'c' => 4,
            b'p' => 5,
            b'D' => 3 + input.iter().skip(2).position(|byte| *byte == NUL)?,
            b'*' => {
                let columns = word(input, 3)?;
                let column_bytes = if *input.get(2)? >= 32 { 3 } else { 1 };
                5 + columns * column_bytes
            }
            b'!' | b'3' | b'E' | b'G' | b'-' | b'M' | b'a' | b't' | b'R' | b'V' | b'{' | b' ' | b'r'
            | b'J' | b'd' | b'=' | b'%' | b'e' | b'K' | b'?' => 3,
            _ => 0,
        };
        if length == 0 {
            return Some(byte(input, Step::Junk(ESC)));
        }
        let bytes = take(input, length)?;
        let argument = bytes.get(2).copied().unwrap_or(0);
        Some(match bytes.get(1)? {
            b'@' => {
                *self = Reader::new();
                Some(Step::ReportAlways(0))
            }
            b'2' => self.spacing(30),
            b'3' => self.spacing(argument),
            b'a' => {
                self.align = argument % 48;
                None
            }
            b'J' => Some(Step::Feed { rows: u32::from(argument) }),
            b'd' => Some(Step::Feed { rows: u32::from(argument) * u32::from(self.line_rows) }),
            b'p' => Some(Step::Kick),
            b'i' | b'm' => Some(Step::Cut { feed: None }),
            _ => None,
        })
    }

    fn spacing(&mut self, rows: u8) -> Option<Step> {
        self.line_rows = rows;
        None
    }

    fn group(&mut self, input: &mut VecDeque<u8>) -> Option<Option<Step>> {
        let length = match *input.get(1)? {
            b'v' => 8,
            b'V' => match *input.get(2)? {
                0 | 1 | 48 | 49 => 3,
                _ => 4,
            },
            b'(' => with_length(input)?,
            b'8' => {
                let (low, high) = (word(input, 3)?, word(input, 5)?);
                7 + low + high * 65_536
            }
            b'k' => match *input.get(2)? {
                0..=6 => 4 + input.iter().skip(3).position(|byte| *byte == NUL)?,
                _ => 4 + usize::from(*input.get(3)?),
            },
            b'*' => 4 + usize::from(*input.get(2)?) * usize::from(*input.get(3)?) * 8,
            b'^' => 5,
            b'L' | b'W' | b'P' | b'$' | b'\\' => 4,
            b':' => 2,
            b'!' | b'B' | b'H' | b'f' | b'h' | b'w' | b'a' | b'r' | b'I' | b'b' | b'/' | b'T' | b'E' => 3,
            _ => 0,
        };
        if length == 0 {
            return Some(byte(input, Step::Junk(GS)));
        }
        let bytes = take(input, length)?;
        let argument = bytes.get(2).copied().unwrap_or(0);
        Some(match bytes.get(1)? {
            b'v' => self.raster_head(&bytes),
            b'V' => Some(Step::Cut { feed: bytes.get(3).copied() }),
            b'r' => Some(Step::Report(argument)),
            b'a' => Some(Step::ReportAlways(argument)),
            _ => None,
        })
    }

    /// `GS v 0 m xL xH yL yH`, after which the rows follow.
    fn raster_head(&mut self, bytes: &[u8]) -> Option<Step> {
        let &[_, _, _, mode, x_low, x_high, y_low, y_high] = bytes else { return None };
        let row_bytes = usize::from(u16::from_le_bytes([x_low, x_high]));
        let rows = u32::from(u16::from_le_bytes([y_low, y_high]));
        if row_bytes > 0 && rows > 0 {
            self.raster =
                Some(Raster { row_bytes, rows_left: rows, wide: mode & 1 == 1, tall: mode & 2 == 2 });
        }
        None
    }

    fn raster_row(&mut self, input: &mut VecDeque<u8>) -> Option<Step> {
        let raster = self.raster.as_mut()?;
        let bytes = take(input, raster.row_bytes)?;
        let bytes = if raster.wide { bytes.iter().flat_map(|byte| widened(*byte)).collect() } else { bytes };
        let times = if raster.tall { 2 } else { 1 };
        raster.rows_left -= 1;
        if raster.rows_left == 0 {
            self.raster = None;
        }
        let room = ROW_BYTES.saturating_sub(bytes.len());
        let from = match self.align {
            1 => room / 2,
            2 => room,
            _ => 0,
        };
        let mut row = Box::new(BLANK);
        for (to, from) in row.iter_mut().skip(from).zip(&bytes) {
            *to = *from;
        }
        Some(Step::Row { row, times })
    }
}

/// The length of a real-time command at the head of `input`.
fn real_time_length(input: &VecDeque<u8>) -> Option<usize> {
    Some(match (*input.get(1)?, input.get(2)) {
        (EOT, Some(7 | 8)) => 4,
        (EOT | ENQ, Some(_)) => 3,
        (DC4, Some(8)) => 10,
        (DC4, Some(_)) => 5,
        (EOT | ENQ | DC4, None) => return None,
        _ => 1,
    })
}

/// The length of a command `x ( f pL pH …`.
fn with_length(input: &VecDeque<u8>) -> Option<usize> {
    Some(5 + word(input, 3)?)
}

fn word(input: &VecDeque<u8>, at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes([*input.get(at)?, *input.get(at + 1)?])))
}

fn take(input: &mut VecDeque<u8>, length: usize) -> Option<Vec<u8>> {
    (input.len() >= length).then(|| input.drain(..length).collect())
}

fn byte(input: &mut VecDeque<u8>, step: Step) -> Option<Step> {
    input.pop_front();
    Some(step)
}

/// Each dot twice: eight dots become sixteen.
fn widened(byte: u8) -> [u8; 2] {
    let wide = (0..8).filter(|bit| byte & (1 << bit) != 0).fold(0u16, |wide, bit| wide | (0b11 << (2 * bit)));
    wide.to_be_bytes()
}

/// Characters of the printer's own font that fit on a line.
pub(crate) const LETTERS_A_LINE: usize = DOTS / LETTER_WIDTH;
const LETTER_WIDTH: usize = 12;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn steps(bytes: &[u8]) -> Vec<Step> {
        let mut input: VecDeque<u8> = bytes.iter().copied().collect();
        let mut reader = Reader::new();
        std::iter::from_fn(|| reader.next(&mut input)).collect()
    }

    #[test]
    fn a_raster_becomes_rows() {
        let steps = steps(b"\x1dv0\x00\x02\x00\x02\x00\xf0\x0f\xaa\x55");
        let [Step::Row { row: first, times: 1 }, Step::Row { row: second, times: 1 }] = steps.as_slice()
        else {
            unreachable!("{steps:?}")
        };
        assert_eq!(&first[..3], &[0xF0, 0x0F, 0]);
        assert_eq!(&second[..3], &[0xAA, 0x55, 0]);
    }

    #[test]
    fn a_raster_that_stops_in_the_middle_of_a_row_waits_for_the_rest() {
        let mut input: VecDeque<u8> = b"\x1dv0\x00\x02\x00\x01\x00\xf0".iter().copied().collect();
        let mut reader = Reader::new();
        assert_eq!(reader.next(&mut input), None);
        input.push_back(0x0F);
        assert!(matches!(reader.next(&mut input), Some(Step::Row { .. })));
    }

    #[test]
    fn double_width_and_height_are_drawn() {
        let steps = steps(b"\x1dv0\x03\x01\x00\x01\x00\x81");
        let [Step::Row { row, times: 2 }] = steps.as_slice() else { unreachable!("{steps:?}") };
        assert_eq!(&row[..3], &[0b1100_0000, 0b0000_0011, 0]);
    }

    #[test]
    fn cut_feed_drawer_and_reports_are_read() {
        let bytes = b"\x1b@\x1bd\x03\x1bJ\x10\x1bp\x00\x19\xfa\x1dr\x01\x1da\x0f\x1dVA\x08\x1dV\x00";
        let expected = vec![
            Step::ReportAlways(0),
            Step::Feed { rows: 90 },
            Step::Feed { rows: 16 },
            Step::Kick,
            Step::Report(1),
            Step::ReportAlways(0x0F),
            Step::Cut { feed: Some(8) },
            Step::Cut { feed: None },
        ];
        assert_eq!(steps(bytes), expected);
    }

    #[test]
    fn commands_without_dots_are_read_over_in_their_whole_length() {
        // Bold, code page, tab stops, a symbol stored by GS ( k, a bar code: none of their arguments may appear as letters.
        let bytes =
            b"\x1bE\x01\x1bt\x10\x1bD\x08\x10\x00\x1d(k\x03\x00\x31\x43\x08\x1dk\x49\x03ABC\x10\x04\x01A";
        assert_eq!(steps(bytes), vec![Step::Letter(b'A')]);
    }

    #[test]
    fn a_picture_narrower_than_the_paper_follows_the_alignment() {
        let steps = steps(b"\x1ba\x02\x1dv0\x00\x01\x00\x01\x00\xff");
        let [Step::Row { row, .. }] = steps.as_slice() else { unreachable!("{steps:?}") };
        assert_eq!(row[ROW_BYTES - 1], 0xFF);
        assert_eq!(row[0], 0);
    }
}
