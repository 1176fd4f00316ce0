//! Scan or be scanned: one screen for both.

use embedded_graphics::prelude::Size;
use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Key;
use postern_heart::screen::{CodeState, Collecting};

use super::button::Action;
use super::paint::Paint;
use super::palette::{ALERT, BUSY, WHITE};
use super::split::{self, News, Panel, Places, Said};
use crate::glyphs::Mark;
use crate::qr::{Correction, Modules};
use crate::text;

/// Finds the places: a QR code has a square to itself.
pub(super) fn places(screen: &Collecting, size: Size, below: Rectangle) -> Places {
    let panel = if matches!(screen.code, CodeState::Shown(_)) { Panel::Code } else { Panel::Sign };
    split::places(size, below, panel)
}

/// What can be done.
pub(super) fn actions(screen: &Collecting) -> Vec<Action> {
    let mut actions = vec![Action::quiet(Key::Stop, text::DO_STOP, Mark::Cross)];
    // Beside a code there is room for two.
    if screen.may_park {
        actions.push(Action::quiet(Key::Menu, text::DO_NEXT_CUSTOMER, Mark::Next));
    } else if screen.may_print {
        actions.push(Action::quiet(Key::Digit(1), text::DO_PRINT_CODE, Mark::Paper));
    }
    if screen.may_link {
        actions.push(Action::quiet(Key::Digit(2), text::DO_PAY_BY_LINK, Mark::Phone));
    }
    if screen.code == CodeState::OnKey {
        actions.push(Action::primary(Key::Qr, text::DO_SHOW_CODE, Mark::Code));
    }
    actions
}

/// Draws the code, or a sign of what to do, and the words.
pub(super) fn draw(paint: &mut Paint<'_>, screen: &Collecting, noticed: bool, places: &Places) {
    let news = news(paint, screen).about(screen.amount);
    // Beside a code there is little room: while a notice stands there, the title says enough.
    let news = if noticed { news.title_only() } else { news };
    let CodeState::Shown(code) = &screen.code else {
        news.counting(screen.seconds_left).draw(paint, places);
        return;
    };
    paint.fill(places.panel, WHITE);
    match Modules::encode(&code.0, Correction::Display) {
        Some(modules) => {
            paint.qr(&modules, places.panel);
        }
        None => paint.cut.push(code.0.clone()),
    }
    let left = screen.seconds_left.map(|left| format!("{left} {}", paint.say(text::SECONDS)));
    news.countdown(left).words(paint, places.words);
}

fn news(paint: &Paint<'_>, screen: &Collecting) -> News {
    let word = |word| Said::word(paint, word);
    match (&screen.code, screen.scanner) {
        (CodeState::Shown(_), _) if screen.until.is_some() => {
            let until = screen.until.map_or(String::new(), |until| paint.look.date_time(until));
            let until = paint.say_with(text::CODE_UNTIL, &[("time", until.into())]);
            News::new(BUSY, Mark::Code, word(text::SCAN_OURS)).line(word(text::TAKE_ALONG)).small(until)
        }
        (CodeState::Shown(_), true) => {
            News::new(BUSY, Mark::Code, word(text::SCAN_OURS)).line(word(text::OR_SCAN_THEIRS))
        }
        (CodeState::Shown(_), false) => News::new(BUSY, Mark::Code, word(text::SCAN_OURS)),
        (CodeState::Making, _) => {
            News::new(BUSY, Mark::Wait, word(text::MAKING_CODE)).line(word(text::PLEASE_WAIT))
        }
        (CodeState::OnKey | CodeState::Absent, true) => {
            News::new(BUSY, Mark::Phone, word(text::SCAN_THEIRS)).line(word(text::SCAN_THEIRS_HINT))
        }
        (CodeState::OnKey, false) => {
            News::new(BUSY, Mark::Code, word(text::MAKE_CODE)).line(word(text::MAKE_CODE_HINT))
        }
        (CodeState::Absent, false) => News::new(ALERT, Mark::Attention, word(text::NO_WAY_TO_COLLECT)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::area::Cut;
    use super::*;

    #[test]
    fn the_code_gets_a_square_as_high_as_the_screen() {
        let below = super::super::below_strip(Size::new(800, 480)).1;
        let panel = split::places(Size::new(800, 480), below, Panel::Code).panel;
        assert_eq!(panel.wide(), panel.high());
    }
}
