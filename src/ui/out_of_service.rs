//! Nothing can be sold until someone comes: why, and what must not be forgotten meanwhile. No key helps.

use postern_heart::screen::OutOfService;

use super::paint::Paint;
use super::palette::{ALERT, NONE};
use super::split::{News, Places, Said};
use crate::glyphs::Mark;
use crate::text;
use crate::text::wording::cause_word;

/// Draws the reason.
pub(super) fn draw(paint: &mut Paint<'_>, screen: &OutOfService, places: &Places) {
    let news = match screen.paid_not_recorded {
        Some((id, amount)) => {
            let args = [("amount", amount.pretty().into())];
            News::new(ALERT, Mark::Attention, Said::with(paint, text::PAID_AND_NOT_RECORDED, &args))
                .line(Said::word(paint, text::PAID_AND_NOT_RECORDED_HINT))
                .small(id.as_str())
                .small(paint.say(cause_word(screen.cause)))
        }
        None => News::new(NONE, Mark::Barrier, Said::word(paint, text::OUT_OF_SERVICE))
            .line(Said::word(paint, cause_word(screen.cause)))
            .line(Said::word(paint, text::OUT_OF_SERVICE_HINT)),
    };
    // The detail is for the one who comes; its length is not ours, and its end may be cut.
    let before = paint.cut.len();
    let news = if screen.detail.is_empty() { news } else { news.small(screen.detail.as_str()) };
    news.draw(paint, places);
    let detail = &screen.detail;
    let kept: Vec<String> = paint.cut.drain(before..).filter(|text| text != detail).collect();
    paint.cut.extend(kept);
}
