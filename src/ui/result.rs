//! How a sale ended, told apart by shape and word, and the question that a late payment asks.

use postern_heart::event::Key;
use postern_heart::screen::{Next, Outcome, PaidLateScreen, ResultScreen};

use super::button::Action;
use super::paint::Paint;
use super::palette::ALERT;
use super::sign::outcome_sign;
use super::split::{News, Places, Said};
use crate::glyphs::Mark;
use crate::text;
use crate::text::wording::{PaperName, paper_word, reason_word, unreachable_word, unsettled_word};

/// What comes next.
pub(super) fn actions(screen: &ResultScreen) -> Vec<Action> {
    let again = match screen.next {
        Next::NewSale => return vec![Action::primary(Key::Enter, text::DO_NEW_SALE, Mark::Next)],
        Next::TryAgain => text::DO_TRY_AGAIN,
        Next::TryAgainWithManager => text::DO_TRY_AGAIN_MANAGER,
    };
    vec![
        Action::quiet(Key::Stop, text::DO_NEW_SALE, Mark::Next),
        Action::primary(Key::Enter, again, Mark::Cancelling),
    ]
}

/// What can be answered to a late payment.
pub(super) fn paid_late_actions(screen: &PaidLateScreen) -> Vec<Action> {
    let mut actions = vec![Action::quiet(Key::Stop, text::DO_LATER, Mark::Back)];
    if screen.can_pay_back {
        actions.push(Action::quiet(Key::Digit(2), text::DO_PAY_BACK, Mark::Cancelling));
    }
    actions.push(Action::quiet(Key::Digit(1), text::DO_GOODS_HANDED_OVER, Mark::Tick));
    actions
}

/// Draws an end.
pub(super) fn draw(paint: &mut Paint<'_>, screen: &ResultScreen, places: &Places) {
    let (mark, tone) = outcome_sign(&screen.outcome);
    let news = News::new(tone, mark, title(paint, &screen.outcome)).about(screen.amount);
    let mut news = explain(paint, news, &screen.outcome).small(screen.id.as_str());
    let name = if screen.outcome == Outcome::Paid { PaperName::Receipt } else { PaperName::Slip };
    if let Some(word) = paper_word(screen.paper, name) {
        news = news.small(paint.say(word));
    }
    news.draw(paint, places);
}

/// Draws the question that a late payment asks.
pub(super) fn draw_paid_late(paint: &mut Paint<'_>, screen: &PaidLateScreen, places: &Places) {
    let hint = if screen.can_pay_back { text::PAID_LATE_HINT } else { text::PAID_LATE_NO_REFUND };
    let mut news = News::new(ALERT, Mark::Attention, Said::word(paint, text::PAID_LATE))
        .about(screen.amount)
        .line(Said::word(paint, hint))
        .small(screen.id.as_str());
    if let Some(at) = screen.at {
        news = news.small(paint.look.date_time(at));
    }
    news.draw(paint, places);
}

fn title(paint: &Paint<'_>, outcome: &Outcome) -> Said {
    let word = match outcome {
        Outcome::Paid => text::PAID,
        Outcome::Refused(_) => text::NOT_PAID,
        Outcome::NotSent(_) => text::NO_CONNECTION,
        Outcome::Reversed => text::REVERSED,
        Outcome::Unsettled { .. } => text::UNSETTLED,
    };
    Said::word(paint, word)
}

fn explain(paint: &Paint<'_>, news: News, outcome: &Outcome) -> News {
    match outcome {
        Outcome::Paid => news,
        Outcome::Refused(decline) => {
            let news = news.line(Said::word(paint, reason_word(decline.reason)));
            // Where the state itself is the refusal, there is no code.
            if decline.code.0.is_empty() {
                return news;
            }
            news.small(paint.say_with(text::ANSWER_CODE, &[("code", decline.code.0.as_str().into())]))
        }
        Outcome::NotSent(why) => news
            .line(Said::word(paint, text::NOTHING_CHARGED))
            .line(Said::word(paint, unreachable_word(*why))),
        Outcome::Reversed => news.line(Said::word(paint, text::REVERSED_HINT)),
        Outcome::Unsettled { why, payable_until } => {
            let (word, code) = unsettled_word(why);
            let why = paint.say_with(word, &[("code", code.unwrap_or_default().into())]);
            let mut news = news.line(Said::word(paint, text::UNSETTLED_HINT));
            if let Some(until) = payable_until {
                let until = paint.look.time(*until);
                news = news.line(Said::with(paint, text::PAYABLE_UNTIL, &[("time", until.into())]));
            }
            news.small(why)
        }
    }
}
