//! The day compared with the acquirer: what it took, whether the books agree, and where they do not.

use postern_heart::day::{Compared, Counts, DayVerdict, Difference};
use postern_heart::event::Key;
use postern_heart::money::Amount;
use postern_heart::screen::{DayClose, DayCloseScreen};

use super::area::Cut;
use super::button::Action;
use super::paint::Paint;
use super::palette::{ALERT, BUSY, NONE, Tone};
use super::split::{News, Places, Said};
use crate::glyphs::Mark;
use crate::text;
use crate::text::Arg;
use crate::text::wording::day_word;

/// How many differences stand on the screen; the journal has more.
const SHOWN_MAX: usize = 2;
/// On a display with less room for words, in pixels, the counts have to do.
const ROOMY_PX: i32 = 250;

/// What can be done.
pub(super) fn actions(screen: &DayCloseScreen) -> Vec<Action> {
    match screen.state {
        DayClose::Comparing => vec![Action::quiet(Key::Stop, text::DO_BACK, Mark::Back)],
        DayClose::Compared(_) | DayClose::NotCompared => {
            vec![Action::primary(Key::Enter, text::DO_NEW_SALE, Mark::Next)]
        }
    }
}

/// Draws how the comparison stands.
pub(super) fn draw(paint: &mut Paint<'_>, screen: &DayCloseScreen, noticed: bool, places: &Places) {
    let news = match &screen.state {
        DayClose::Comparing => News::new(BUSY, Mark::Wait, Said::word(paint, text::DAY_COMPARING))
            .line(Said::word(paint, text::DAY_COMPARING_HINT)),
        DayClose::Compared(compared) if places.words.high() < ROOMY_PX => in_short(paint, compared),
        DayClose::Compared(compared) => in_full(paint, compared),
        DayClose::NotCompared => News::new(ALERT, Mark::Attention, Said::word(paint, text::DAY_NOT_COMPARED))
            .line(Said::word(paint, text::DAY_NOT_COMPARED_HINT)),
    };
    let news = match screen.unsettled {
        0 => news,
        count => news.small(paint.say_with(text::DAY_UNSETTLED, &[("count", count.into())])),
    };
    let news = if noticed { news.title_only() } else { news };
    news.draw(paint, places);
}

/// The verdict and what the day took: what there is room for everywhere.
fn in_short(paint: &Paint<'_>, compared: &Compared) -> News {
    verdict(paint, compared).line(Said::with(paint, text::DAY_TOOK, &took(compared))).line(Said::with(
        paint,
        text::DAY_COUNTS,
        &counts(compared.counts),
    ))
}

/// Each difference with both sides, besides.
fn in_full(paint: &Paint<'_>, compared: &Compared) -> News {
    let news = in_short(paint, compared);
    let shown = compared.differences.iter().take(SHOWN_MAX);
    let news = shown.fold(news, |news, difference| news.small(line(paint, difference)));
    match (compared.counts.differ as usize).saturating_sub(compared.differences.len().min(SHOWN_MAX)) {
        0 => news,
        more => news.small(paint.say_with(text::DAY_MORE, &[("count", more.into())])),
    }
}

fn verdict(paint: &Paint<'_>, compared: &Compared) -> News {
    let verdict = compared.counts.verdict();
    let (mark, tone) = sign(verdict);
    News::new(tone, mark, Said::word(paint, day_word(verdict)))
}

fn took(compared: &Compared) -> [Arg<'_>; 4] {
    let took = &compared.took;
    [
        ("day", compared.day.0.as_str().into()),
        ("count", (took.payments as usize).into()),
        ("paid", took.paid.pretty().into()),
        ("back", took.back.pretty().into()),
    ]
}

fn counts(Counts { agree, differ, open, unknown }: Counts) -> [Arg<'static>; 4] {
    let counts = [("agree", agree), ("differ", differ), ("open", open), ("unknown", unknown)];
    counts.map(|(name, count)| (name, count.to_string().into()))
}

/// The verdict's own sign: none of a sale's.
fn sign(verdict: DayVerdict) -> (Mark, Tone) {
    match verdict {
        DayVerdict::Agrees => (Mark::List, NONE),
        DayVerdict::Differs => (Mark::Attention, ALERT),
        DayVerdict::NotAllAsked => (Mark::Unknown, ALERT),
        DayVerdict::NotAllSettled => (Mark::Unsettled, ALERT),
    }
}

/// One payment, with both sides.
fn line(paint: &Paint<'_>, difference: &Difference) -> String {
    let side = |amount: Option<Amount>| match amount {
        Some(amount) => amount.pretty(),
        None => paint.say(text::DAY_NOTHING),
    };
    let (ours, theirs) = (side(difference.ours), side(difference.theirs));
    let id = difference.payment.to_string();
    let args = [("id", id.into()), ("ours", ours.into()), ("theirs", theirs.into())];
    paint.say_with(text::DAY_DIFFERENCE, &args)
}
