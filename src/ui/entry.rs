//! Screens on which something is typed: where the text and the keypad are, the PIN, the clock.

use embedded_graphics::prelude::Size;
use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Key;
use postern_heart::screen::PinPurpose;

use super::area::{Cut, Scale, area};
use super::button::{self, Action, Face, Target};
use super::paint::{Align, Paint};
use super::palette::{ACCENT, BAD, INK, LINE, SOFT, WHITE};
use super::split::Places;
use super::stack::Stack;
use crate::glyphs::Mark;
use crate::look::Keypad;
use crate::text;

/// Finds the places: the keypad to the right, where there is one.
pub(super) fn places(size: Size, below: Rectangle, keypad: Keypad) -> Places {
    let scale = Scale::of(size);
    let (margin, gap) = (scale.margin(), scale.gap());
    let inner = below.inset(margin);
    let (panel, left) = match keypad {
        Keypad::OnScreen => {
            let wide = (inner.wide() * 48 / 100).max(4 * 56 + 3 * gap);
            inner.cut_right(wide, margin)
        }
        Keypad::Beside => (Rectangle::zero(), inner),
    };
    let (buttons, words) = left.cut_bottom(scale.button(), gap);
    Places { panel, words, buttons }
}

/// What can be touched while a PIN or a time is typed.
pub(super) fn targets(places: &Places, gap: i32) -> Vec<Target> {
    let actions = vec![Action::quiet(Key::Stop, text::DO_BACK, Mark::Back)];
    keys(places, gap, actions, [None, Some((Face::Digit("0"), Key::Digit(0))), None])
}

/// Lays out actions and the keypad; without one Enter is among the actions.
pub(super) fn keys(
    places: &Places,
    gap: i32,
    mut actions: Vec<Action>,
    last_row: [Option<(Face, Key)>; 3],
) -> Vec<Target> {
    if places.panel.is_zero_sized() {
        actions.push(Action::primary(Key::Enter, text::DO_ENTER, Mark::Tick));
        return button::row(actions, places.buttons, gap);
    }
    let mut targets = button::row(actions, places.buttons, gap);
    targets.extend(button::keypad(places.panel, gap, last_row));
    targets
}

/// How the PIN stands.
pub(super) struct PinState {
    pub(super) digits: usize,
    pub(super) wrong: bool,
    pub(super) checking: bool,
}

/// Draws the PIN screen: what it is for, and a dot a digit.
pub(super) fn draw_pin(paint: &mut Paint<'_>, purpose: PinPurpose, state: PinState, place: Rectangle) {
    let (purpose, id) = match purpose {
        PinPurpose::AttemptBeside(id) => (text::PIN_FOR_ATTEMPT, Some(id)),
        PinPurpose::SetClock => (text::PIN_FOR_CLOCK, None),
        PinPurpose::GiveBack { payment, .. } => (text::PIN_FOR_GIVE_BACK, Some(payment)),
    };
    let (says, color) = match state {
        PinState { checking: true, .. } => (paint.say(text::PIN_CHECKING), SOFT),
        PinState { wrong: true, .. } => (paint.say(text::PIN_WRONG), BAD.ground),
        PinState { .. } => (paint.say(purpose), SOFT),
    };
    let field_high = paint.scale.px(96).max(56);
    let (top, rest) = place.cut_top((place.high() - field_high) / 2, 0);
    let (field, bottom) = rest.cut_top(field_high, 0);
    heading(paint, Mark::Lock, text::PIN, top);
    paint.card(field, WHITE, LINE);
    dots(paint, state.digits, field);
    let mut stack = Stack::new(Align::Start, Align::Start).gap(paint.scale.px(14).max(6)).text(
        says,
        paint.regular(22),
        color,
    );
    if let Some(id) = id {
        stack = stack.line(id.as_str(), paint.regular(18), SOFT);
    }
    stack.draw(paint, bottom);
}

/// Draws the clock screen: the date and the time as they are typed.
pub(super) fn draw_clock(paint: &mut Paint<'_>, typed: &str, place: Rectangle) {
    let field_high = paint.scale.px(96).max(56);
    let (top, rest) = place.cut_top((place.high() - field_high) / 2, 0);
    let (field, bottom) = rest.cut_top(field_high, 0);
    heading(paint, Mark::Clock, text::CLOCK, top);
    paint.card(field, WHITE, LINE);
    template(paint, typed, field.inset(paint.scale.gap()));
    let hint = paint.say(text::CLOCK_HINT);
    Stack::new(Align::Start, Align::Start)
        .gap(paint.scale.px(14).max(6))
        .text(hint, paint.regular(22), SOFT)
        .draw(paint, bottom);
}

fn heading(paint: &mut Paint<'_>, mark: Mark, word: text::Word, place: Rectangle) {
    let size = paint.scale.px(48).max(26);
    let title = paint.say(word);
    Stack::new(Align::Start, Align::End)
        .mark(mark, size, ACCENT, super::palette::GROUND)
        .gap(paint.scale.px(8).max(4))
        .text(title, paint.bold(32), INK)
        .gap(paint.scale.px(14).max(6))
        .draw(paint, place);
}

/// A dot a digit; more digits stand closer together.
fn dots(paint: &mut Paint<'_>, digits: usize, field: Rectangle) {
    let (radius, count) = (paint.scale.px(9).max(6), digits.max(1) as i32);
    let step = (radius * 4).min((field.wide() - 4 * radius) / count);
    let left = field.middle().0 - step * (digits as i32 - 1) / 2;
    for index in 0..digits as i32 {
        let center = (left + step * index, field.middle().1);
        let dot = area(center.0 - radius, center.1 - radius, 2 * radius, 2 * radius);
        paint.round(dot, radius, INK);
    }
}

/// `2026-03-01 14:05`, the digits that are missing as places.
fn template(paint: &mut Paint<'_>, typed: &str, place: Rectangle) {
    const FORM: &str = "0000-00-00 00:00";
    let style = paint.fitting(FORM, paint.bold(40), place.wide());
    let width = paint.width(FORM, style);
    let mut pen = (place.left() + (place.wide() - width) / 2) as f32;
    let baseline = place.middle().1 + style.drop();
    let mut digits = typed.chars();
    for sign in FORM.chars() {
        let (letter, color) = match sign {
            '0' => digits.next().map_or(('0', LINE), |digit| (digit, INK)),
            other => (other, SOFT),
        };
        let letter = letter.to_string();
        paint.letters(&letter, style, pen, baseline, color);
        pen += paint.look.glyphs.width(&letter, style);
    }
}
