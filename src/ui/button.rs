//! What can be touched: buttons with a word or a sign, and the keys that they stand for.
//!
//! A screen's targets are found by one function, which both drawing and touching use, so that what is seen is what is
//! hit. A target stands for keys of the terminal: a touch can do nothing that a key can't.

use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Key;

use super::area::Cut;
use super::paint::{Align, Paint};
use super::palette::{ACCENT, INK, LINE, SOFT, WHITE};
use super::stack::Stack;
use crate::glyphs::Mark;
use crate::look::Keypad;
use crate::text;
use crate::text::Word;

/// A place that can be touched.
pub(super) struct Target {
    /// Where.
    pub(super) place: Rectangle,
    /// The keys that a touch stands for, in order.
    pub(super) keys: Vec<Key>,
    /// How it looks; rows of a list are drawn by the list.
    pub(super) face: Face,
}

/// How a target looks.
#[derive(Clone, Copy)]
pub(super) enum Face {
    /// A word beside a sign.
    Action { key: Key, word: Word, mark: Mark, role: Role },
    /// A digit of the keypad.
    Digit(&'static str),
    /// A key of the keyboard.
    Letter(char),
    /// A key of the keypad with a sign.
    Sign(Mark),
    /// The tall key that goes on.
    Enter,
    /// Drawn by its screen.
    Row,
}

/// How much a button asks to be pressed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What usually comes next.
    Primary,
    /// What is possible, too.
    Quiet,
}

/// What a button of the bottom row does.
pub(super) struct Action {
    key: Key,
    word: Word,
    mark: Mark,
    role: Role,
}

impl Action {
    /// What usually comes next.
    pub(super) fn primary(key: Key, word: Word, mark: Mark) -> Action {
        Action { key, word, mark, role: Role::Primary }
    }

    /// What is possible, too.
    pub(super) fn quiet(key: Key, word: Word, mark: Mark) -> Action {
        Action { key, word, mark, role: Role::Quiet }
    }
}

/// Lays actions out in a row.
pub(super) fn row(actions: Vec<Action>, place: Rectangle, gap: i32) -> Vec<Target> {
    let columns = place.in_columns(actions.len(), gap);
    let target = |(action, place): (Action, Rectangle)| {
        let Action { key, word, mark, role } = action;
        Target { place, keys: vec![key], face: Face::Action { key, word, mark, role } }
    };
    actions.into_iter().zip(columns).map(target).collect()
}

/// Lays out a keypad: digits in three columns, and a column that takes back and goes on.
pub(super) fn keypad(place: Rectangle, gap: i32, last_row: [Option<(Face, Key)>; 3]) -> Vec<Target> {
    const DIGITS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let columns = place.in_columns(4, gap);
    let mut targets = Vec::new();
    for (column, place) in columns.iter().enumerate().take(3) {
        for (row, place) in place.in_rows(4, gap).into_iter().enumerate() {
            let found = match DIGITS.get(row * 3 + column) {
                Some(digit) => Some((Face::Digit(digit), Key::Digit((row * 3 + column + 1) as u8))),
                None => last_row[column],
            };
            targets.extend(found.map(|(face, key)| Target { place, keys: vec![key], face }));
        }
    }
    if let Some(last) = columns.last() {
        let rows = last.in_rows(4, gap);
        let (_, enter) = last.cut_top(rows[0].high(), gap);
        targets.push(Target { place: rows[0], keys: vec![Key::Clear], face: Face::Sign(Mark::Backspace) });
        targets.push(Target { place: enter, keys: vec![Key::Enter], face: Face::Enter });
    }
    targets
}

/// Draws targets.
pub(super) fn draw(paint: &mut Paint<'_>, targets: &[Target]) {
    for target in targets {
        match target.face {
            Face::Action { key, word, mark, role } => action(paint, target.place, key, (word, mark), role),
            Face::Digit(digit) => {
                paint.card(target.place, WHITE, LINE);
                let style = paint.bold(34);
                paint.line(digit, style, target.place, Align::Middle, INK);
            }
            Face::Letter(letter) => {
                paint.card(target.place, WHITE, LINE);
                let style = paint.bold(26);
                paint.line(letter.encode_utf8(&mut [0; 4]), style, target.place, Align::Middle, INK);
            }
            Face::Sign(mark) => {
                paint.card(target.place, WHITE, LINE);
                let size = paint.scale.px(34).max(22);
                paint.mark(mark, target.place.middle(), size, SOFT, WHITE);
            }
            Face::Enter => enter(paint, target.place),
            Face::Row => {}
        }
    }
}

fn action(paint: &mut Paint<'_>, place: Rectangle, key: Key, (word, mark): (Word, Mark), role: Role) {
    let (fill, edge, ink) = match role {
        Role::Primary => (ACCENT, ACCENT, WHITE),
        Role::Quiet => (WHITE, LINE, INK),
    };
    paint.card(place, fill, edge);
    let text = paint.say(word);
    let style = paint.bold(22);
    let (size, gap) = (paint.scale.px(24).max(16), paint.scale.px(12).max(6));
    let mut inner = place.inset(paint.scale.px(10).max(4));
    let name = engraved(key).filter(|name| *name != text);
    if let (Keypad::Beside, Some(name)) = (paint.look.keypad, name) {
        let (cap, rest) = inner.cut_bottom(paint.scale.px(16).max(13), 0);
        let style = paint.regular(15);
        paint.line(name, style, cap, Align::Middle, if role == Role::Primary { WHITE } else { SOFT });
        inner = rest;
    }
    let width = paint.width(&text, style);
    if size + gap + width <= inner.wide() {
        let left = inner.left() + (inner.wide() - size - gap - width) / 2;
        paint.mark(mark, (left + size / 2, inner.middle().1), size, ink, fill);
        let (_, rest) = inner.cut_left(left - inner.left() + size + gap, 0);
        paint.line(&text, style, rest, Align::Start, ink);
    } else {
        Stack::new(Align::Middle, Align::Middle).text(text, style, ink).draw(paint, inner);
    }
}

/// What stands on the key beside the screen that does the same.
fn engraved(key: Key) -> Option<&'static str> {
    match key {
        Key::Enter => Some("Enter"),
        Key::Clear => Some("Clear"),
        Key::Stop => Some("Stop"),
        Key::Qr => Some("QR"),
        Key::Menu => Some("Menu"),
        Key::Up => Some("▲"),
        Key::Down => Some("▼"),
        // A digit stands in the button's own words; the rest is typed.
        Key::Digit(_) | Key::DoubleZero | Key::Point | Key::Letter(_) => None,
    }
}

fn enter(paint: &mut Paint<'_>, place: Rectangle) {
    paint.round(place, paint.scale.corner(), ACCENT);
    let (word, style) = (paint.say(text::DO_ENTER), paint.bold(22));
    let (size, gap) = (paint.scale.px(44).max(26), paint.scale.px(14).max(8));
    Stack::new(Align::Middle, Align::Middle)
        .mark(Mark::Tick, size, WHITE, ACCENT)
        .gap(gap)
        .line(word, style, WHITE)
        .draw(paint, place.inset(4));
}
