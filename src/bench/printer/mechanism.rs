//! The inside of the printer: buffer, sensors, head, blade and drawer connector. Pure: bytes and time's portion of rows
//! in, dots and status bytes out.
//!
//! Two roads lead through it, as in the real thing. *Real-time* requests are answered the moment they arrive, also while
//! off line, and even when they stand inside a picture's data. Everything else waits in the buffer and is done in
//! order; without paper or with the cover open the printer is off line and does nothing at all until that is put right.
//! The buffer and a half-received picture outlive the connection that brought them.

use std::collections::VecDeque;

use embedded_graphics::Drawable;
use embedded_graphics::mono_font::MonoTextStyle;
use embedded_graphics::mono_font::ascii::FONT_10X20;
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{DrawTarget, OriginDimensions, Pixel, Point, Size};
use embedded_graphics::text::{Baseline, Text};
use serde::{Deserialize, Serialize};

use super::super::escpos::{DC4, DLE, EOT, LETTERS_A_LINE, Reader, Step};
use super::super::paper::{BLADE_ROWS, BLANK, DOTS, ROW_BYTES, Roll, Row};

/// Bytes that the printer takes before it lets the line wait.
const BUFFER: usize = 64 * 1024;
const LETTER_PITCH: usize = DOTS / LETTERS_A_LINE;
const LINE_ROWS: usize = 30;
/// `DLE DC4 8`: throw away the buffer.
const CLEAR_BUFFER: [u8; 10] = [DLE, DC4, 8, 1, 3, 20, 1, 6, 2, 8];

/// What the paper sensors see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Paper {
    /// Enough.
    Ok,
    /// The roll is nearly used up; printing goes on.
    NearEnd,
    /// None: off line.
    Out,
}

/// The lid over the print head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cover {
    /// As it should be.
    Closed,
    /// Off line.
    Open,
}

/// What came out of a moment's work.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// Bytes for whoever is connected.
    pub(crate) answers: Vec<u8>,
    /// Rows that moved past the head.
    pub(crate) rows: usize,
    /// The blade fell.
    pub(crate) cut: bool,
    /// The drawer was kicked open.
    pub(crate) kicked: bool,
    /// The paper ran out in this moment.
    pub(crate) ran_out: bool,
}

/// The printer without its wire.
#[derive(Debug)]
pub(crate) struct Mechanism {
    input: VecDeque<u8>,
    /// The newest bytes, for what must be answered at once.
    newest: [u8; CLEAR_BUFFER.len()],
    reader: Reader,
    feeding: u32,
    cutting: bool,
    letters: Vec<u8>,
    report_always: u8,
    pub(crate) roll: Roll,
    pub(crate) paper: Paper,
    pub(crate) cover: Cover,
    pub(crate) drawer_open: bool,
    pub(crate) kicks: u64,
    pub(crate) junk: u64,
    rows_until_out: Option<usize>,
}

impl Mechanism {
    pub(crate) fn new() -> Mechanism {
        Mechanism {
            input: VecDeque::new(),
            newest: [0; CLEAR_BUFFER.len()],
            reader: Reader::new(),
            feeding: 0,
            cutting: false,
            letters: Vec::new(),
            report_always: 0,
            roll: Roll::default(),
            paper: Paper::Ok,
            cover: Cover::Closed,
            drawer_open: false,
            kicks: 0,
            junk: 0,
            rows_until_out: None,
        }
    }

    pub(crate) fn online(&self) -> bool {
        self.paper != Paper::Out && self.cover == Cover::Closed
    }

    /// Whether there is something to do now.
    pub(crate) fn busy(&self) -> bool {
        self.online() && (self.feeding > 0 || self.cutting || !self.input.is_empty())
    }

    /// How many bytes the buffer still takes.
    pub(crate) fn room(&self) -> usize {
        BUFFER.saturating_sub(self.input.len())
    }

    /// Takes bytes from the wire and answers the real-time requests among them.
    pub(crate) fn receive(&mut self, bytes: &[u8]) -> Done {
        let mut done = Done::default();
        for byte in bytes {
            self.input.push_back(*byte);
            self.newest.rotate_left(1);
            self.newest[CLEAR_BUFFER.len() - 1] = *byte;
            self.real_time(&mut done);
        }
        done
    }

    fn real_time(&mut self, done: &mut Done) {
        if self.newest == CLEAR_BUFFER {
            self.input.clear();
            self.reader = Reader::new();
            self.letters.clear();
            self.feeding = 0;
            self.cutting = false;
        } else if let [.., DLE, DC4, 1, _, _] = self.newest {
            self.kick(done);
        } else if let [.., DLE, EOT, which @ 1..=4] = self.newest {
            done.answers.push(self.real_time_status(which));
        }
    }

    /// The answer to `DLE EOT which`; bits 1 and 4 are always set.
    fn real_time_status(&self, which: u8) -> u8 {
        let drawer = bit(self.drawer_open, 0x04);
        0x12 | match which {
            1 => drawer | bit(!self.online(), 0x08),
            2 => bit(self.cover == Cover::Open, 0x04) | bit(self.paper == Paper::Out, 0x20),
            3 => 0,
            _ => match self.paper {
                Paper::Ok => 0,
                Paper::NearEnd => 0x0C,
                Paper::Out => 0x6C,
            },
        }
    }

    /// The four bytes of automatic status, when somebody asked for them.
    pub(crate) fn automatic_status(&self) -> Vec<u8> {
        if self.report_always == 0 {
            return Vec::new();
        }
        let first = 0x10
            | bit(self.drawer_open, 0x04)
            | bit(!self.online(), 0x08)
            | bit(self.cover == Cover::Open, 0x20);
        vec![first, 0, self.paper_bits(), 0]
    }

    fn paper_bits(&self) -> u8 {
        match self.paper {
            Paper::Ok => 0,
            Paper::NearEnd => 0x03,
            Paper::Out => 0x0F,
        }
    }

    /// Lets the paper run out after that many more rows.
    pub(crate) fn run_out_after(&mut self, rows: usize) {
        self.rows_until_out = Some(rows);
    }

    /// Puts a state of the paper; a new roll also forgets a pending run-out.
    pub(crate) fn set_paper(&mut self, paper: Paper) {
        self.paper = paper;
        self.rows_until_out = None;
    }

    /// Works for as long as it takes to move `budget` rows.
    pub(crate) fn work(&mut self, budget: usize, now: &str) -> Done {
        let mut done = Done::default();
        while done.rows < budget && self.online() {
            if self.feeding > 0 {
                self.feeding -= 1;
                self.burn(BLANK, &mut done);
                continue;
            }
            if std::mem::take(&mut self.cutting) {
                self.roll.cut(now.to_owned());
                done.cut = true;
                continue;
            }
            let Some(step) = self.reader.next(&mut self.input) else { break };
            self.perform(step, &mut done);
        }
        done
    }

    fn perform(&mut self, step: Step, done: &mut Done) {
        match step {
            Step::Row { row, times } => (0..times).for_each(|_| self.burn(*row, done)),
            Step::Feed { rows } => self.feeding = rows,
            Step::Letter(letter) => {
                self.letters.push(letter);
                if self.letters.len() == LETTERS_A_LINE {
                    self.print_line(done);
                }
            }
            Step::LineEnd => self.print_line(done),
            Step::Cut { feed } => {
                let blade = u32::try_from(BLADE_ROWS).unwrap_or(u32::MAX);
                self.feeding = feed.map_or(0, |further| blade + u32::from(further));
                self.cutting = true;
            }
            Step::Kick => self.kick(done),
            Step::Report(1 | 49) => done.answers.push(self.paper_bits()),
            Step::Report(2 | 50) => done.answers.push(u8::from(self.drawer_open)),
            Step::ReportAlways(what) => {
                self.report_always = what;
                done.answers.extend(self.automatic_status());
            }
            Step::Report(junk) | Step::Junk(junk) => {
                self.junk += 1;
                tracing::debug!(junk, "the printer read a byte that means nothing to it");
            }
        }
    }

    fn kick(&mut self, done: &mut Done) {
        self.drawer_open = true;
        self.kicks += 1;
        done.kicked = true;
    }

    fn burn(&mut self, row: Row, done: &mut Done) {
        self.roll.print(row);
        done.rows += 1;
        self.rows_until_out = match self.rows_until_out {
            Some(0 | 1) => {
                self.paper = Paper::Out;
                done.ran_out = true;
                None
            }
            other => other.map(|rows| rows - 1),
        };
    }

    /// Letters of the printer's own font: plain ASCII. Anything else is what a shop sees as garbage, and is counted.
    fn print_line(&mut self, done: &mut Done) {
        let letters = std::mem::take(&mut self.letters);
        self.junk += letters.iter().filter(|letter| !letter.is_ascii()).map(|_| 1).sum::<u64>();
        for row in Line::of(&letters).rows {
            self.burn(row, done);
        }
    }
}

fn bit(set: bool, mask: u8) -> u8 {
    if set { mask } else { 0 }
}

/// A line of letters as dots.
struct Line {
    rows: [Row; LINE_ROWS],
}

impl Line {
    fn of(letters: &[u8]) -> Line {
        let mut line = Line { rows: [BLANK; LINE_ROWS] };
        let style = MonoTextStyle::new(&FONT_10X20, BinaryColor::On);
        for (column, letter) in letters.iter().enumerate() {
            let shown = if letter.is_ascii() { char::from(*letter) } else { '?' };
            let x = i32::try_from(column * LETTER_PITCH).unwrap_or(i32::MAX);
            let mut utf8 = [0; 4];
            let text =
                Text::with_baseline(shown.encode_utf8(&mut utf8), Point::new(x, 4), style, Baseline::Top);
            let Ok(_) = text.draw(&mut line);
        }
        line
    }
}

impl OriginDimensions for Line {
    fn size(&self) -> Size {
        Size::new(u32::try_from(DOTS).unwrap_or(u32::MAX), u32::try_from(LINE_ROWS).unwrap_or(u32::MAX))
    }
}

impl DrawTarget for Line {
    type Color = BinaryColor;
    type Error = std::convert::Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<BinaryColor>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Self::Error> {
        for Pixel(Point { x, y }, color) in pixels {
            let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { continue };
            let (byte, mask) = (x / 8, 0x80 >> (x % 8));
            if let Some(byte) = self.rows.get_mut(y).filter(|_| byte < ROW_BYTES).map(|row| &mut row[byte]) {
                *byte = if color.is_on() { *byte | mask } else { *byte & !mask };
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: usize = 100_000;
    const NOTHING: [u8; 0] = [];

    fn raster(rows: u8) -> Vec<u8> {
        let mut bytes = vec![0x1D, b'v', b'0', 0, 72, 0, rows, 0];
        bytes.extend(std::iter::repeat_n(0xAA, 72 * usize::from(rows)));
        bytes
    }

    #[test]
    fn a_real_time_request_is_answered_at_once_even_without_paper() {
        let mut printer = Mechanism::new();
        assert_eq!(printer.receive(b"\x10\x04\x04").answers, [0x12]);
        printer.set_paper(Paper::NearEnd);
        assert_eq!(printer.receive(b"\x10\x04\x04").answers, [0x1E]);
        printer.set_paper(Paper::Out);
        let answers = printer.receive(b"\x10\x04\x01\x10\x04\x02\x10\x04\x04").answers;
        assert_eq!(answers, [0x12 | 0x08, 0x12 | 0x20, 0x12 | 0x6C]);
    }

    #[test]
    fn a_real_time_request_may_arrive_in_pieces() {
        let mut printer = Mechanism::new();
        assert_eq!(printer.receive(b"\x10").answers, NOTHING);
        assert_eq!(printer.receive(b"\x04").answers, NOTHING);
        assert_eq!(printer.receive(b"\x01").answers, [0x12]);
    }

    #[test]
    fn a_queued_report_answers_only_after_what_came_before_is_on_paper() {
        let mut printer = Mechanism::new();
        printer.receive(&raster(100));
        printer.receive(b"\x1dr\x01");
        assert_eq!(printer.work(99, "").answers, NOTHING);
        let done = printer.work(ALL, "");
        assert_eq!((done.rows, done.answers), (1, vec![0]));
    }

    #[test]
    fn paper_that_runs_out_stops_the_receipt_and_a_new_roll_goes_on_with_it() {
        let mut printer = Mechanism::new();
        printer.run_out_after(40);
        printer.receive(&raster(100));
        printer.receive(b"\x1dr\x01");
        let done = printer.work(ALL, "");
        assert_eq!((done.rows, done.ran_out, done.answers), (40, true, vec![]));
        assert!(!printer.busy());
        printer.set_paper(Paper::Ok);
        let done = printer.work(ALL, "");
        assert_eq!((done.rows, done.answers), (60, vec![0]));
    }

    #[test]
    fn a_cut_with_feed_brings_the_last_row_past_the_blade() {
        let mut printer = Mechanism::new();
        printer.receive(&raster(10));
        printer.receive(b"\x1dVA\x04");
        assert!(printer.work(ALL, "12:00:00").cut);
        assert_eq!(printer.roll.receipts().map(|receipt| receipt.rows.len()).collect::<Vec<_>>(), [14]);
    }

    #[test]
    fn the_drawer_opens_on_a_pulse_and_its_pin_says_so() {
        let mut printer = Mechanism::new();
        printer.receive(b"\x1bp\x00\x19\xfa");
        assert!(printer.work(ALL, "").kicked);
        assert_eq!(printer.receive(b"\x10\x04\x01").answers, [0x16]);
    }

    #[test]
    fn automatic_status_is_sent_only_when_asked_for() {
        let mut printer = Mechanism::new();
        assert_eq!(printer.automatic_status(), NOTHING);
        printer.receive(b"\x1da\x0f");
        assert_eq!(printer.work(ALL, "").answers, [0x10, 0, 0, 0]);
        printer.cover = Cover::Open;
        assert_eq!(printer.automatic_status(), [0x38, 0, 0, 0]);
    }

    #[test]
    fn a_half_received_picture_outlives_its_connection_until_the_buffer_is_cleared() {
        let mut printer = Mechanism::new();
        printer.receive(&raster(100)[..1000]);
        printer.work(ALL, "");
        printer.receive(b"\x1b@A\n");
        assert_eq!(printer.work(ALL, "").rows, 0, "eaten as dots");
        printer.receive(&CLEAR_BUFFER);
        printer.receive(b"\x1b@A\n");
        assert_eq!(printer.work(ALL, "").rows, LINE_ROWS);
    }

    #[test]
    fn letters_are_drawn_and_foreign_ones_are_counted() {
        let mut printer = Mechanism::new();
        printer.receive(b"AB\n");
        printer.work(ALL, "");
        assert!(printer.roll.strip().iter().any(|row| *row != BLANK));
        assert_eq!(printer.junk, 0);
        printer.receive("啲\n".as_bytes());
        printer.work(ALL, "");
        assert_eq!(printer.junk, 3);
    }
}
