//! The shop's static code: to be scanned from here, or printed as a sign for the counter.

use embedded_graphics::prelude::Size;
use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Key;
use postern_heart::screen::ShopCodeScreen;

use super::button::Action;
use super::paint::Paint;
use super::palette::{ALERT, BUSY, WHITE};
use super::split::{self, News, Panel, Places, Said};
use crate::glyphs::Mark;
use crate::qr::{Correction, Modules};
use crate::text;

/// Finds the places: the code has a square to itself.
pub(super) fn places(size: Size, below: Rectangle) -> Places {
    split::places(size, below, Panel::Code)
}

/// What can be done.
pub(super) fn actions(screen: &ShopCodeScreen) -> Vec<Action> {
    let mut actions = vec![Action::quiet(Key::Stop, text::DO_BACK, Mark::Back)];
    if screen.may_print {
        actions.push(Action::primary(Key::Enter, text::DO_PRINT_SIGN, Mark::Paper));
    }
    actions
}

/// Draws the code, and what it is for; where payments may be missing, that is what is said.
pub(super) fn draw(paint: &mut Paint<'_>, screen: &ShopCodeScreen, noticed: bool, places: &Places) {
    paint.fill(places.panel, WHITE);
    match Modules::encode(&screen.code.0, Correction::Display) {
        Some(modules) => {
            paint.qr(&modules, places.panel);
        }
        None => paint.cut.push(screen.code.0.clone()),
    }
    let news = match screen.missed_since {
        Some(since) => {
            let time = paint.look.date_time(since);
            let hint = Said::with(paint, text::NOTICE_MAY_BE_MISSING, &[("time", time.into())]);
            News::new(ALERT, Mark::Attention, Said::word(paint, text::SHOP_CODE)).line(hint)
        }
        None => News::new(BUSY, Mark::Code, Said::word(paint, text::SHOP_CODE))
            .line(Said::word(paint, text::SHOP_CODE_HINT)),
    };
    let news = if noticed { news.title_only() } else { news };
    news.words(paint, places.words);
}
