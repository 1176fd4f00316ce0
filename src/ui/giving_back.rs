//! Money back: which payment, how much, on its way, and what came of it: told apart from *Paid* by shape, word and tone.

use embedded_graphics::prelude::Size;
use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Key;
use postern_heart::screen::{FindScreen, GiveBackScreen, GivingBack, GivingBackScreen, NotGivenBack};

use super::area::{Cut, Scale};
use super::button::{self, Action, Face, Target};
use super::entry;
use super::paint::{Align, Paint};
use super::palette::{ACCENT, ALERT, BUSY, INK, LINE, NONE, SOFT, WHITE};
use super::split::{News, Places, Said};
use super::stack::Stack;
use crate::glyphs::Mark;
use crate::look::Keypad;
use crate::text;
use crate::text::wording::{PaperName, paper_word, refund_reason_word};

/// The keyboard on the screen, with keys that a finger hits also on a small display: letters and digits, then take back
/// (`<`), leave (`x`) and go on (`>`).
const KEYS: [[char; 8]; 5] = [
    ['0', '1', '2', '3', '4', '5', '6', '7'],
    ['8', '9', 'A', 'B', 'C', 'D', 'E', 'F'],
    ['G', 'H', 'I', 'J', 'K', 'L', 'M', 'N'],
    ['O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V'],
    ['W', 'X', 'Y', 'Z', '-', '<', 'x', '>'],
];

/// Finds the places of the search: the keyboard below, where there is one.
pub(super) fn find_places(size: Size, below: Rectangle, keypad: Keypad) -> Places {
    let scale = Scale::of(size);
    match keypad {
        Keypad::OnScreen => {
            let (row, gap) = (scale.px(58).max(46), key_gap(scale));
            let inner = below.inset(gap);
            let (panel, words) = inner.cut_bottom(KEYS.len() as i32 * (row + gap) - gap, gap);
            Places { panel, words, buttons: Rectangle::zero() }
        }
        Keypad::Beside => {
            let (buttons, words) = below.inset(scale.margin()).cut_bottom(scale.button(), scale.gap());
            Places { panel: Rectangle::zero(), words, buttons }
        }
    }
}

fn key_gap(scale: Scale) -> i32 {
    scale.px(6).max(2)
}

/// What can be touched while a payment is looked for.
pub(super) fn find_targets(places: &Places, size: Size) -> Vec<Target> {
    let scale = Scale::of(size);
    if places.panel.is_zero_sized() {
        let actions = vec![
            Action::quiet(Key::Stop, text::DO_BACK, Mark::Back),
            Action::quiet(Key::Down, text::DO_RECENT, Mark::List),
            Action::primary(Key::Enter, text::DO_ENTER, Mark::Tick),
        ];
        return button::row(actions, places.buttons, scale.gap());
    }
    let rows = places.panel.in_rows(KEYS.len(), key_gap(scale)).into_iter().zip(KEYS);
    let keys = rows.flat_map(|(row, keys)| row.in_columns(keys.len(), key_gap(scale)).into_iter().zip(keys));
    keys.map(|(place, letter)| {
        let (key, face) = match letter {
            '<' => (Key::Clear, Face::Sign(Mark::Backspace)),
            'x' => (Key::Stop, Face::Sign(Mark::Back)),
            '>' => (Key::Enter, Face::Sign(Mark::Tick)),
            digit @ '0'..='9' => (Key::Digit(digit as u8 - b'0'), Face::Letter(digit)),
            letter => (Key::Letter(letter), Face::Letter(letter)),
        };
        Target { place, keys: vec![key], face }
    })
    .collect()
}

/// Draws the search: the ways to a payment, or what was typed.
pub(super) fn draw_find(paint: &mut Paint<'_>, screen: &FindScreen, place: Rectangle) {
    let hint = paint.say(if screen.asking { text::FIND_ASKING } else { text::FIND_HINT });
    let small = place.high() < 70;
    if place.high() < 20 {
        // A notice needs the room on a small display.
        return;
    }
    if screen.typed.is_empty() {
        let title = paint.say(text::FIND);
        let stack = Stack::new(Align::Start, Align::Middle);
        let stack = if small { stack } else { stack.text(title, paint.bold(30), INK) };
        return stack.text(hint, paint.regular(21), SOFT).draw(paint, place);
    }
    let high = paint.scale.px(72).max(36).min(place.high());
    let (field, rest) = place.cut_bottom(high, paint.scale.gap());
    if screen.asking && !small {
        Stack::new(Align::Start, Align::Middle).text(hint, paint.regular(21), SOFT).draw(paint, rest);
    }
    paint.card(field, WHITE, LINE);
    let inner = field.inset(paint.scale.gap().min(high / 6));
    let style = paint.fitting(&screen.typed, paint.bold(34), inner.wide());
    paint.line(&screen.typed, style, inner, Align::Start, INK);
}

/// What can be touched while the amount is typed.
pub(super) fn amount_targets(places: &Places, gap: i32) -> Vec<Target> {
    let last_row = [
        Some((Face::Digit("."), Key::Point)),
        Some((Face::Digit("0"), Key::Digit(0))),
        Some((Face::Digit("00"), Key::DoubleZero)),
    ];
    entry::keys(places, gap, vec![Action::quiet(Key::Stop, text::DO_BACK, Mark::Back)], last_row)
}

/// Draws how much: all that is left, until something else is typed. A notice takes room.
pub(super) fn draw_amount(paint: &mut Paint<'_>, screen: &GiveBackScreen, noticed: bool, place: Rectangle) {
    paint.card(place, WHITE, LINE);
    let inner = place.inset(paint.scale.px(18).max(8));
    let (shown, color) = match &screen.typed {
        Some(typed) => (format!("{}{}", screen.left.currency().symbol(), typed.text), INK),
        None => (screen.left.pretty(), ACCENT),
    };
    let wanted = paint.bold(84);
    let style = paint.fitting(&shown, wanted, inner.wide());
    let sentence = |paint: &Paint<'_>, word, amount: postern_heart::money::Amount| {
        paint.say_with(word, &[("amount", amount.pretty().into())])
    };
    let paid = sentence(paint, text::GIVE_BACK_PAID, screen.paid);
    let left = sentence(paint, text::GIVE_BACK_LEFT, screen.left);
    let title = paint.say(text::GIVE_BACK);
    let hint = paint.say(text::GIVE_BACK_HINT);
    let gap = paint.scale.px(10).max(4);
    let stack = Stack::new(Align::Start, Align::Middle).line(shown, style, color);
    if noticed {
        return stack.text(left, paint.regular(21), INK).draw(paint, inner);
    }
    stack
        .gap(gap)
        .text(title, paint.bold(26), INK)
        .text(paid, paint.regular(21), INK)
        .text(left, paint.regular(21), INK)
        .line(screen.id.as_str(), paint.regular(17), SOFT)
        .gap(gap)
        .text(hint, paint.regular(19), SOFT)
        .draw(paint, inner);
}

/// What can be done while money goes back, and afterwards.
pub(super) fn actions(screen: &GivingBackScreen) -> Vec<Action> {
    match screen.state {
        GivingBack::Working | GivingBack::Unknown => {
            vec![Action::quiet(Key::Menu, text::DO_NEXT_CUSTOMER, Mark::Next)]
        }
        GivingBack::Done { .. } | GivingBack::Not(_) => {
            vec![Action::primary(Key::Enter, text::DO_NEW_SALE, Mark::Next)]
        }
    }
}

/// Draws money on its way back, and what came of it.
pub(super) fn draw(paint: &mut Paint<'_>, screen: &GivingBackScreen, places: &Places) {
    let news = match &screen.state {
        GivingBack::Working => News::new(BUSY, Mark::Wait, Said::word(paint, text::GIVING_BACK))
            .line(Said::word(paint, text::PLEASE_WAIT)),
        GivingBack::Unknown => News::new(ALERT, Mark::Unknown, Said::word(paint, text::GIVE_BACK_UNKNOWN))
            .line(Said::word(paint, text::GIVE_BACK_UNKNOWN_HINT)),
        GivingBack::Done { left } => {
            let paid = [("amount", screen.paid.pretty().into())];
            let rest = [("amount", left.pretty().into())];
            News::new(NONE, Mark::GivenBack, Said::word(paint, text::GIVEN_BACK))
                .line(Said::with(paint, text::GIVE_BACK_PAID, &paid))
                .line(Said::with(paint, text::GIVE_BACK_LEFT, &rest))
        }
        GivingBack::Not(why) => not_given(paint, why),
    };
    let mut news = news.about(screen.amount).small(screen.id.as_str());
    if let Some(word) = paper_word(screen.paper, PaperName::Slip) {
        news = news.small(paint.say(word));
    }
    news.draw(paint, places);
}

fn not_given(paint: &Paint<'_>, why: &NotGivenBack) -> News {
    let news = News::new(ALERT, Mark::NotGivenBack, Said::word(paint, text::NOT_GIVEN_BACK));
    match why {
        NotGivenBack::Refused(decline) => {
            let news = news.line(Said::word(paint, refund_reason_word(decline.reason)));
            if decline.code.0.is_empty() {
                return news;
            }
            news.small(paint.say_with(text::ANSWER_CODE, &[("code", decline.code.0.as_str().into())]))
        }
        NotGivenBack::Differs { ours, theirs } => {
            let args = [("ours", ours.pretty().into()), ("theirs", theirs.pretty().into())];
            news.line(Said::with(paint, text::GIVE_BACK_DIFFERS, &args))
        }
        NotGivenBack::NotPaid => news.line(Said::word(paint, text::GIVE_BACK_NOT_PAID)),
        NotGivenBack::NotAsked => news.line(Said::word(paint, text::GIVE_BACK_NOT_ASKED)),
        NotGivenBack::NotSent => news.line(Said::word(paint, text::GIVE_BACK_NOT_SENT)),
    }
}
