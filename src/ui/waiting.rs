//! A sale is on its way: asking, the customer confirms, not known yet, cancelling.

use postern_heart::event::Key;
use postern_heart::money::Amount;
use postern_heart::screen::Waiting;

use super::button::Action;
use super::paint::Paint;
use super::palette::{ALERT, BUSY, NONE};
use super::split::{News, Places, Said};
use crate::glyphs::Mark;
use crate::text;

/// What can be done meanwhile.
pub(super) fn actions(may_park: bool) -> Vec<Action> {
    let mut actions = vec![Action::quiet(Key::Stop, text::DO_STOP, Mark::Cross)];
    if may_park {
        actions.extend(parking());
    }
    actions
}

/// What can be done where nothing can be stopped any more.
pub(super) fn parking() -> Vec<Action> {
    vec![Action::quiet(Key::Menu, text::DO_NEXT_CUSTOMER, Mark::Next)]
}

/// Draws that the PAY is on its way.
pub(super) fn draw_asking(paint: &mut Paint<'_>, amount: Amount, places: &Places) {
    News::new(BUSY, Mark::Wait, Said::word(paint, text::ASKING))
        .about(amount)
        .line(Said::word(paint, text::PLEASE_WAIT))
        .draw(paint, places);
}

/// Draws that the wallet asks the customer.
pub(super) fn draw_confirm(paint: &mut Paint<'_>, screen: &Waiting, places: &Places) {
    News::new(BUSY, Mark::Confirm, Said::word(paint, text::CONFIRM))
        .about(screen.amount)
        .counting(Some(screen.seconds_left))
        .line(Said::word(paint, text::TRUST_THIS_SCREEN))
        .draw(paint, places);
}

/// Draws that the result is not known.
pub(super) fn draw_unknown(paint: &mut Paint<'_>, screen: &Waiting, places: &Places) {
    News::new(ALERT, Mark::Unknown, Said::word(paint, text::UNKNOWN))
        .about(screen.amount)
        .counting(Some(screen.seconds_left))
        .line(Said::word(paint, text::UNKNOWN_HINT))
        .line(Said::word(paint, text::TRUST_THIS_SCREEN))
        .draw(paint, places);
}

/// Draws that the sale is being taken back.
pub(super) fn draw_cancelling(paint: &mut Paint<'_>, amount: Amount, scan_waits: bool, places: &Places) {
    let mut news = News::new(NONE, Mark::Cancelling, Said::word(paint, text::CANCELLING)).about(amount);
    if scan_waits {
        news = news.line(Said::word(paint, text::CANCELLING_SCAN_WAITS));
    }
    news.draw(paint, places);
}
