#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::sync::{Mutex, MutexGuard};

use jiff::tz::TimeZone;
use postern_heart::money::{Amount, Currency};
use postern_heart::screen::{Lamp, PinPurpose, Strip};
use postern_heart::settings::Language;

use super::*;
use crate::look::{Keypad, Sign};

const SIZE: (u32, u32) = (480, 272);

/// A display that puts together what it is given, as a panel does.
#[derive(Clone)]
struct Glass(Arc<Mutex<Seen>>);

#[derive(Clone, PartialEq)]
struct Seen {
    pixels: Vec<u16>,
    shows: usize,
}

impl Glass {
    fn new() -> Glass {
        let pixels = Frame::new(SIZE.0, SIZE.1).pixels().to_vec();
        Glass(Arc::new(Mutex::new(Seen { pixels, shows: 0 })))
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap()
    }
}

impl Display for Glass {
    fn size(&self) -> (u32, u32) {
        SIZE
    }

    fn show(&mut self, frame: &Arc<Frame>, dirty: Rectangle) {
        let mut seen = self.seen();
        seen.shows += 1;
        let (at, size) = (dirty.top_left, dirty.size);
        let (x, y) = (at.x.try_into().unwrap(), at.y.try_into().unwrap());
        for y in y..y + size.height {
            let here = (y * SIZE.0 + x) as usize;
            let row = frame.row(x, y, size.width);
            seen.pixels[here..here + row.len()].copy_from_slice(row);
        }
    }
}

fn look() -> Look {
    Look::open(Sign::default(), TimeZone::get("Asia/Hong_Kong").unwrap(), Keypad::Beside).unwrap()
}

fn view(cashier: Screen) -> View {
    let strip = Strip { time: None, online: true, parked: 0, unsettled: 0, trouble: Vec::new(), held: 0 };
    let (customer, lamp, language) = (CustomerScreen::Welcome, Lamp::Off, Language::English);
    View { cashier, customer, strip, notice: None, lamp, language }
}

fn pin(digits: usize) -> View {
    view(Screen::Pin { digits, purpose: PinPurpose::SetClock, wrong: false, checking: false })
}

fn confirm() -> View {
    view(Screen::ConfirmAmount { amount: Amount::new(999_900, Currency::HKD) })
}

/// What a display shows on which nothing else was ever drawn.
fn picture_of(view: &View) -> Vec<u16> {
    let mut frame = Frame::new(SIZE.0, SIZE.1);
    ui::draw_cashier(view, &look(), &mut frame);
    frame.pixels().to_vec()
}

#[test]
fn a_picture_that_was_drawn_ahead_is_seen_when_it_is_ordered_and_never_before() {
    let glass = Glass::new();
    let cashier: Box<dyn Display> = Box::new(glass.clone());
    let easel = Easel { look: look(), cashier: Some(cashier), customer: None, printer: None, reporter: None };
    let mut artist = Artist::new(easel);
    // What is drawn ahead, and what is then ordered: the same, another screen, or the same screen with other words.
    let (one, two) = (pin(1), pin(2));
    let turns =
        [(&one, &one), (&two, &two), (&one, &two), (&confirm(), &one), (&two, &confirm()), (&two, &two)];
    for (number, (ahead, ordered)) in turns.into_iter().enumerate() {
        let before = glass.seen().clone();
        artist.make_ready(ahead.clone());
        artist.make_ready(ahead.clone());
        assert!(*glass.seen() == before, "turn {number}");
        artist.show(ordered);
        assert!(glass.seen().pixels == picture_of(ordered), "turn {number}");
    }
}
