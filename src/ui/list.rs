//! Lists from which one is chosen: the recent transactions, and the menu.

use embedded_graphics::prelude::Size;
use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Key;
use postern_heart::screen::{MenuItem, MenuScreen, RecentScreen, Summary};

use super::area::{Cut, Scale, area};
use super::button::{self, Action, Face, Target};
use super::paint::{Align, Paint};
use super::palette::{ACCENT, ALERT, INK, LINE, SOFT, WHITE};
use super::sign::standing_sign;
use super::split::Places;
use super::stack::Stack;
use crate::glyphs::Mark;
use crate::text;
use crate::text::wording::standing_word;

/// Finds the places: the rows, and the heading, which gives way to a notice.
pub(super) fn places(size: Size, below: Rectangle) -> Places {
    let scale = Scale::of(size);
    let (buttons, upper) = below.inset(scale.margin()).cut_bottom(scale.button(), scale.gap());
    let (words, panel) = upper.cut_top(scale.px(44).max(30), scale.px(6).max(2));
    Places { panel, words, buttons }
}

/// What can be touched in the list of transactions.
pub(super) fn recent_targets(screen: &RecentScreen, places: &Places, size: Size) -> Vec<Target> {
    targets((screen.rows.len(), screen.chosen), (text::DO_OPEN, way), places, size)
}

/// What can be touched in the menu.
pub(super) fn menu_targets(screen: &MenuScreen, places: &Places, size: Size) -> Vec<Target> {
    targets((screen.items.len(), screen.chosen), (text::DO_CHOOSE, number), places, size)
}

/// Draws the list of transactions.
pub(super) fn draw_recent(
    paint: &mut Paint<'_>,
    screen: &RecentScreen,
    targets: &[Target],
    size: Size,
    heading_place: Rectangle,
) {
    heading(paint, (Mark::List, text::RECENT), (screen.chosen, screen.rows.len()), heading_place);
    let rows = places(size, super::below_strip(size).1).panel;
    if screen.rows.is_empty() {
        let (says, style) = (paint.say(text::RECENT_EMPTY), paint.regular(24));
        paint.line(&says, style, rows, Align::Middle, SOFT);
    }
    let first = first_shown(screen.rows.len(), screen.chosen, shown(rows, size));
    for (index, place) in row_places(targets).enumerate() {
        if let Some(row) = screen.rows.get(first + index) {
            transaction(paint, row, place, first + index == screen.chosen);
        }
    }
}

/// Draws the menu.
pub(super) fn draw_menu(
    paint: &mut Paint<'_>,
    screen: &MenuScreen,
    targets: &[Target],
    size: Size,
    heading_place: Rectangle,
) {
    heading(paint, (Mark::Menu, text::MENU), (screen.chosen, screen.items.len()), heading_place);
    let rows = places(size, super::below_strip(size).1).panel;
    let first = first_shown(screen.items.len(), screen.chosen, shown(rows, size));
    for (index, place) in row_places(targets).enumerate() {
        if let Some(item) = screen.items.get(first + index) {
            menu_item(paint, *item, first + index, place, first + index == screen.chosen);
        }
    }
}

fn row_places(targets: &[Target]) -> impl Iterator<Item = Rectangle> {
    targets.iter().filter(|target| matches!(target.face, Face::Row)).map(|target| target.place)
}

/// How many rows are seen at once.
fn shown(rows: Rectangle, size: Size) -> usize {
    (rows.high() / Scale::of(size).px(62).max(48)).max(1) as usize
}

/// The first row that is seen: the chosen one is always among them, and none is wasted at the end.
fn first_shown(count: usize, chosen: usize, seen: usize) -> usize {
    chosen.saturating_sub(seen / 2).min(count.saturating_sub(seen))
}

/// Which keys a touch on a row stands for, from the chosen row and the touched one.
type Way = fn(usize, usize) -> Vec<Key>;

fn targets(
    (count, chosen): (usize, usize),
    (open, way): (text::Word, Way),
    places: &Places,
    size: Size,
) -> Vec<Target> {
    let seen = shown(places.panel, size);
    let first = first_shown(count, chosen, seen);
    let mut actions = vec![Action::quiet(Key::Stop, text::DO_BACK, Mark::Back)];
    if count > 0 {
        actions.push(Action::primary(Key::Enter, open, Mark::Next));
    }
    let mut targets = button::row(actions, places.buttons, Scale::of(size).gap());
    let rows = places.panel.in_rows(seen, Scale::of(size).px(6).max(3));
    for (index, place) in rows.into_iter().enumerate().take(count.saturating_sub(first)) {
        targets.push(Target { place, keys: way(chosen, first + index), face: Face::Row });
    }
    targets
}

/// The keys that lead from the chosen row to another, and open it.
fn way(chosen: usize, wanted: usize) -> Vec<Key> {
    let step = if wanted > chosen { Key::Down } else { Key::Up };
    let mut keys = vec![step; wanted.abs_diff(chosen)];
    keys.push(Key::Enter);
    keys
}

/// The digit that chooses a menu's row.
fn number(_chosen: usize, wanted: usize) -> Vec<Key> {
    u8::try_from(wanted + 1).ok().filter(|digit| *digit <= 9).map(Key::Digit).into_iter().collect()
}

fn heading(
    paint: &mut Paint<'_>,
    (mark, word): (Mark, text::Word),
    (chosen, count): (usize, usize),
    place: Rectangle,
) {
    if place.is_zero_sized() {
        return;
    }
    let sign = paint.scale.px(30).max(20);
    let (left, rest) = place.cut_left(sign, paint.scale.gap());
    paint.mark(mark, left.middle(), sign, ACCENT, super::palette::GROUND);
    let (title, style) = (paint.say(word), paint.bold(28));
    paint.line(&title, style, rest, Align::Start, INK);
    if count > 0 {
        let style = paint.regular(20);
        paint.line(&format!("{} / {count}", chosen + 1), style, rest, Align::End, SOFT);
    }
}

fn row_card(paint: &mut Paint<'_>, place: Rectangle, chosen: bool) -> Rectangle {
    let edge = if chosen { ACCENT } else { LINE };
    paint.card(place, WHITE, edge);
    if chosen {
        // Thicker, so that the choice is seen without its colour.
        let radius = paint.scale.corner();
        let thick = paint.scale.px(4).max(3);
        paint.round(place, radius, ACCENT);
        paint.round(place.inset(thick), radius - thick, WHITE);
    }
    let side = paint.scale.px(18).max(10);
    area(place.left() + side, place.top(), place.wide() - 2 * side, place.high())
}

fn transaction(paint: &mut Paint<'_>, row: &Summary, place: Rectangle, chosen: bool) {
    let inner = row_card(paint, place, chosen);
    let (mark, tone) = standing_sign(row.standing);
    let size = (place.high() * 60 / 100).min(paint.scale.px(42).max(26));
    let (sign, rest) = inner.cut_left(size, paint.scale.gap());
    paint.mark(mark, sign.middle(), size, tone.ground, if tone == ALERT { INK } else { WHITE });
    let (amount_place, rest) = rest.cut_right(rest.wide() * 36 / 100, paint.scale.gap());
    let style = paint.bold(25);
    paint.line(&row.amount.pretty(), style, amount_place, Align::End, INK);
    let standing = paint.say(standing_word(row.standing));
    let when = match row.at {
        Some(at) => paint.look.date_time(at),
        None => paint.say(text::NO_TIME),
    };
    Stack::new(Align::Start, Align::Middle)
        .line(standing, paint.bold(20), INK)
        .line(when, paint.regular(17), SOFT)
        .draw(paint, area(rest.left(), rest.top() + 4, rest.wide(), rest.high() - 8));
}

fn menu_item(paint: &mut Paint<'_>, item: MenuItem, index: usize, place: Rectangle, chosen: bool) {
    let inner = row_card(paint, place, chosen);
    let (mark, says) = match item {
        MenuItem::Recent => (Mark::List, paint.say(text::RECENT)),
        MenuItem::CopyOfLast => (Mark::Paper, paint.say(text::MENU_COPY)),
        MenuItem::PrintHeld(count) => {
            (Mark::Paper, paint.say_with(text::MENU_PRINT_HELD, &[("count", count.into())]))
        }
        MenuItem::ShopCode { on: true } => (Mark::Code, paint.say(text::MENU_SHOP_CODE)),
        MenuItem::ShopCode { on: false } => (Mark::Code, paint.say(text::MENU_SHOP_CODE_OFF)),
        MenuItem::Language => (Mark::Next, paint.say(text::MENU_LANGUAGE)),
        MenuItem::GiveBack => (Mark::GivenBack, paint.say(text::MENU_GIVE_BACK)),
        MenuItem::CloseDay => (Mark::List, paint.say(text::MENU_CLOSE_DAY)),
        MenuItem::SetClock => (Mark::Clock, paint.say(text::MENU_SET_CLOCK)),
    };
    let size = (place.high() * 46 / 100).min(paint.scale.px(30).max(20));
    let (sign, words) = inner.cut_left(size, paint.scale.px(18).max(10));
    let (digit, words) = words.cut_right(paint.scale.px(40).max(24), 0);
    let style = paint.regular(20);
    paint.line(&(index + 1).to_string(), style, digit, Align::End, SOFT);
    paint.mark(mark, sign.middle(), size, ACCENT, WHITE);
    let style = paint.bold(23);
    paint.line(&says, style, words, Align::Start, INK);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_row_is_always_seen() {
        let seen = 3;
        for count in 1..30 {
            for chosen in 0..count {
                let first = first_shown(count, chosen, seen);
                assert!((first..first + seen).contains(&chosen), "{chosen} of {count}");
                assert!(first + seen <= count.max(seen));
            }
        }
    }

    #[test]
    fn a_touch_on_a_row_walks_there_and_opens_it() {
        assert_eq!(way(2, 4), [Key::Down, Key::Down, Key::Enter]);
        assert_eq!(way(2, 1), [Key::Up, Key::Enter]);
        assert_eq!(way(2, 2), [Key::Enter]);
    }
}
