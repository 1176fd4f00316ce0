//! Two questions before a sale: is this large amount right, and is this another sale of the same amount?

use postern_heart::event::Key;
use postern_heart::ids::OrderId;
use postern_heart::money::Amount;

use super::button::Action;
use super::paint::Paint;
use super::palette::{ALERT, BUSY};
use super::split::{News, Places, Said};
use crate::glyphs::Mark;
use crate::text;

/// What can be answered about a large amount.
pub(super) fn large_actions() -> Vec<Action> {
    vec![
        Action::quiet(Key::Stop, text::DO_CHANGE_AMOUNT, Mark::Back),
        Action::primary(Key::Enter, text::DO_AMOUNT_RIGHT, Mark::Tick),
    ]
}

/// What can be answered about a second sale of the same amount.
pub(super) fn same_actions() -> Vec<Action> {
    vec![
        Action::quiet(Key::Stop, text::DO_NO, Mark::Back),
        Action::primary(Key::Enter, text::DO_ANOTHER_SALE, Mark::Tick),
    ]
}

/// Draws the question about a large amount.
pub(super) fn draw_large(paint: &mut Paint<'_>, amount: Amount, places: &Places) {
    News::new(BUSY, Mark::Attention, Said::word(paint, text::CONFIRM_AMOUNT))
        .about(amount)
        .line(Said::word(paint, text::CONFIRM_AMOUNT_HINT))
        .draw(paint, places);
}

/// Draws the question about a second sale of the same amount.
pub(super) fn draw_same(paint: &mut Paint<'_>, amount: Amount, unsettled: OrderId, places: &Places) {
    News::new(ALERT, Mark::Unsettled, Said::word(paint, text::SAME_AMOUNT))
        .about(amount)
        .line(Said::word(paint, text::SAME_AMOUNT_HINT))
        .small(unsettled.as_str())
        .draw(paint, places);
}
