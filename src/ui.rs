//! What is on the screens, drawn: pure functions from the heart's values to pixels.
//!
//! ```text
//!  View ──▶ draw_cashier / draw_customer ──▶ Frame
//!  touch ─▶ keys_at ──▶ keys of the terminal
//! ```
//!
//! - Sizes come from the frame: the same code draws 480x320 and 1280x800.
//! - Nothing is cut: texts become smaller until they fit. What still does not is given back by the draw functions, and
//!   is an error in tests.
//! - News has the same face everywhere: a panel with a sign of its own shape, a word, and what to do. Colour only
//!   repeats what shape and word say.
//! - QR codes are black on white, with whole pixels a module and the quiet zone that readers need.
//!
//! It keeps no state but the glyphs' cache, and it decides nothing: what is on the screen is the heart's.

mod amount;
mod area;
mod button;
mod collecting;
mod customer;
mod day_close;
mod entry;
mod giving_back;
mod list;
mod notice;
mod one;
mod out_of_service;
mod paint;
mod palette;
mod question;
mod result;
mod shop_code;
mod sign;
mod split;
mod stack;
mod strip;
mod waiting;

use embedded_graphics::prelude::{OriginDimensions, Point, Size};
use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Key;
use postern_heart::screen::{CustomerScreen, Notice, Screen, View};
use postern_heart::settings::Language;

use self::area::{Cut, Scale, area};
use self::button::Target;
use self::paint::Paint;
use self::palette::GROUND;
use self::split::Places;
use crate::frame::Frame;
use crate::look::{Keypad, Look};

/// Draws the cashier's screen. Gives the texts that had to be cut: none, where the frame is of a usual size.
pub fn draw_cashier(view: &View, look: &Look, frame: &mut Frame) -> Vec<String> {
    let size = frame.size();
    let scale = Scale::of(size);
    let mut paint = Paint { frame, look, language: view.language, scale, cut: Vec::new() };
    let (strip_place, below) = below_strip(size);
    paint.fill(below, GROUND);
    let targets = targets(view, look.keypad, size);
    screen(&mut paint, view, &targets, size);
    button::draw(&mut paint, &targets);
    strip::draw(&mut paint, &view.strip, strip_place);
    paint.cut
}

/// Draws the customer's display, in both languages. Gives the texts that had to be cut.
pub fn draw_customer(screen: &CustomerScreen, look: &Look, frame: &mut Frame) -> Vec<String> {
    let scale = Scale::of_customer(frame.size());
    let mut paint = Paint { frame, look, language: Language::Chinese, scale, cut: Vec::new() };
    customer::draw(&mut paint, screen);
    paint.cut
}

/// Finds the keys that a touch of the cashier's screen stands for, in order; none where nothing is.
pub fn keys_at(view: &View, keypad: Keypad, size: Size, at: Point) -> Vec<Key> {
    let hit = targets(view, keypad, size).into_iter().find(|target| target.place.contains(at));
    hit.map_or_else(Vec::new, |target| target.keys)
}

fn below_strip(size: Size) -> (Rectangle, Rectangle) {
    area(0, 0, size.width as i32, size.height as i32).cut_top(Scale::of(size).strip(), 0)
}

fn screen(paint: &mut Paint<'_>, view: &View, targets: &[Target], size: Size) {
    let mut places = places(view, paint.look.keypad, size);
    let notice = notice(view);
    if let Some(notice) = notice {
        places.words = notice::draw(paint, notice, places.words);
    }
    match &view.cashier {
        Screen::Amount(screen) => amount::draw(paint, screen, notice.is_some(), places.words),
        Screen::ConfirmAmount { amount } => question::draw_large(paint, *amount, &places),
        Screen::SameAmount { amount, unsettled } => question::draw_same(paint, *amount, *unsettled, &places),
        Screen::Collecting(screen) => collecting::draw(paint, screen, notice.is_some(), &places),
        Screen::Asking { amount } => waiting::draw_asking(paint, *amount, &places),
        Screen::Confirm(screen) => waiting::draw_confirm(paint, screen, &places),
        Screen::Unknown(screen) => waiting::draw_unknown(paint, screen, &places),
        Screen::Cancelling { amount, scan_waits, may_park: _ } => {
            waiting::draw_cancelling(paint, *amount, *scan_waits, &places);
        }
        Screen::Result(screen) => result::draw(paint, screen, &places),
        Screen::PaidLate(screen) => result::draw_paid_late(paint, screen, &places),
        Screen::Recent(screen) => list::draw_recent(paint, screen, targets, size, places.words),
        Screen::One(screen) => one::draw(paint, screen, &places),
        Screen::Find(screen) => giving_back::draw_find(paint, screen, places.words),
        Screen::GiveBack(screen) => giving_back::draw_amount(paint, screen, notice.is_some(), places.words),
        Screen::GivingBack(screen) => giving_back::draw(paint, screen, &places),
        Screen::Menu(screen) => list::draw_menu(paint, screen, targets, size, places.words),
        Screen::Pin { digits, purpose, wrong, checking } => {
            let state = entry::PinState { digits: *digits, wrong: *wrong, checking: *checking };
            entry::draw_pin(paint, *purpose, state, places.words);
        }
        Screen::Clock { typed } => entry::draw_clock(paint, typed, places.words),
        Screen::ShopCode(screen) => shop_code::draw(paint, screen, notice.is_some(), &places),
        Screen::DayClose(screen) => day_close::draw(paint, screen, notice.is_some(), &places),
        Screen::OutOfService(screen) => out_of_service::draw(paint, screen, &places),
    }
}

/// The notice, where the screen does not say the same itself.
fn notice(view: &View) -> Option<&Notice> {
    match (&view.notice, &view.cashier) {
        (Some(Notice::PinWrong), Screen::Pin { wrong: true, .. }) => None,
        (notice, _) => notice.as_ref(),
    }
}

/// Where a screen has its panel, its words (which give way to a notice) and its buttons.
fn places(view: &View, keypad: Keypad, size: Size) -> Places {
    let (_, below) = below_strip(size);
    match &view.cashier {
        Screen::Amount(_) | Screen::GiveBack(_) | Screen::Pin { .. } | Screen::Clock { .. } => {
            entry::places(size, below, keypad)
        }
        Screen::Find(_) => giving_back::find_places(size, below, keypad),
        Screen::Collecting(screen) => collecting::places(screen, size, below),
        Screen::ShopCode(_) => shop_code::places(size, below),
        Screen::Recent(_) | Screen::Menu(_) => list::places(size, below),
        Screen::One(_) => one::places(size, below),
        Screen::ConfirmAmount { .. }
        | Screen::SameAmount { .. }
        | Screen::Asking { .. }
        | Screen::Confirm(_)
        | Screen::Unknown(_)
        | Screen::Cancelling { .. }
        | Screen::Result(_)
        | Screen::PaidLate(_)
        | Screen::GivingBack(_)
        | Screen::DayClose(_)
        | Screen::OutOfService(_) => split::places(size, below, split::Panel::Sign),
    }
}

fn targets(view: &View, keypad: Keypad, size: Size) -> Vec<Target> {
    let places = places(view, keypad, size);
    let gap = Scale::of(size).gap();
    let row = |actions| button::row(actions, places.buttons, gap);
    match &view.cashier {
        Screen::Amount(screen) => amount::targets(screen, &places, gap),
        Screen::ConfirmAmount { .. } => row(question::large_actions()),
        Screen::SameAmount { .. } => row(question::same_actions()),
        Screen::Collecting(screen) => row(collecting::actions(screen)),
        Screen::Asking { .. } | Screen::Cancelling { scan_waits: true, .. } => row(waiting::actions(false)),
        Screen::Confirm(screen) | Screen::Unknown(screen) => row(waiting::actions(screen.may_park)),
        Screen::Cancelling { scan_waits: false, may_park: true, .. } => row(waiting::parking()),
        Screen::Cancelling { scan_waits: false, may_park: false, .. } | Screen::OutOfService(_) => Vec::new(),
        Screen::Result(screen) => row(result::actions(screen)),
        Screen::PaidLate(screen) => row(result::paid_late_actions(screen)),
        Screen::DayClose(screen) => row(day_close::actions(screen)),
        Screen::ShopCode(screen) => row(shop_code::actions(screen)),
        Screen::Recent(screen) => list::recent_targets(screen, &places, size),
        Screen::One(screen) => row(one::actions(screen)),
        Screen::Find(_) => giving_back::find_targets(&places, size),
        Screen::GiveBack(_) => giving_back::amount_targets(&places, gap),
        Screen::GivingBack(screen) => row(giving_back::actions(screen)),
        Screen::Menu(screen) => list::menu_targets(screen, &places, size),
        Screen::Pin { .. } | Screen::Clock { .. } => entry::targets(&places, gap),
    }
}
