//! One transaction: what is known, what happens next, what the cashier may do.

use embedded_graphics::prelude::Size;
use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Key;
use postern_heart::receipt::PaperSays;
use postern_heart::screen::OneScreen;

use super::area::{Cut, Scale};
use super::button::Action;
use super::paint::{Align, Paint};
use super::palette::{ALERT, GROUND, INK, LINE, SOFT, WHITE};
use super::sign::standing_sign;
use super::split::Places;
use crate::glyphs::Mark;
use crate::text;
use crate::text::Word;
use crate::text::wording::{PaperName, paper_word, product_word, reason_word, standing_word, unsettled_word};

/// Finds the places: a heading, and a card for all that is known.
pub(super) fn places(size: Size, below: Rectangle) -> Places {
    let scale = Scale::of(size);
    let (buttons, upper) = below.inset(scale.margin()).cut_bottom(scale.button(), scale.gap());
    let (panel, words) = upper.cut_top(scale.px(44).max(28), scale.px(6).max(2));
    Places { panel, words, buttons }
}

/// What can be done.
pub(super) fn actions(screen: &OneScreen) -> Vec<Action> {
    let mut actions = vec![Action::quiet(Key::Clear, text::DO_BACK, Mark::Back)];
    if screen.waits_until.is_some() {
        actions.push(Action::quiet(Key::Stop, text::DO_CANCEL_PAYMENT, Mark::Cross));
        actions.push(Action::quiet(Key::Qr, text::DO_SHOW_CODE, Mark::Code));
    }
    if screen.may_give_back {
        actions.push(Action::quiet(Key::Digit(2), text::DO_PAY_BACK, Mark::GivenBack));
    }
    if screen.may_print {
        actions.push(Action::primary(Key::Enter, text::DO_PRINT_COPY, Mark::Paper));
    }
    actions
}

/// Draws the transaction: its amount and standing above, all that is known below.
pub(super) fn draw(paint: &mut Paint<'_>, screen: &OneScreen, places: &Places) {
    let (heading, rest) = (places.panel, places.words);
    let (mark, tone) = standing_sign(screen.summary.standing);
    let sign = paint.scale.px(44).max(28);
    let (left, words) = heading.cut_left(sign, paint.scale.gap());
    paint.mark(mark, left.middle(), sign, tone.ground, if tone == ALERT { INK } else { GROUND });
    let (amount, standing) = words.cut_right(words.wide() / 2, paint.scale.gap());
    let style = paint.bold(30);
    let says = paint.say(standing_word(screen.summary.standing));
    paint.line(&says, style, standing, Align::Start, INK);
    paint.line(&screen.summary.amount.pretty(), style, amount, Align::End, INK);

    paint.card(rest, WHITE, LINE);
    let facts = facts(paint, screen);
    let why = screen.says.as_ref().and_then(|says| why(paint, says));
    let inner = rest.inset(paint.scale.px(16).max(8));
    let count = facts.len() + usize::from(why.is_some());
    let high = (inner.high() / count.max(1) as i32).min(paint.scale.px(42).max(22));
    let mut left = inner;
    let mut next_line = || {
        let (line, rest) = left.cut_top(high, 0);
        left = rest;
        line
    };
    if let Some(why) = why {
        let style = paint.bold(20);
        let most = (high * 10 / 13).max(12) as u16;
        paint.line(&why, style.sized(style.px.min(most)), next_line(), Align::Start, INK);
    }
    for (label, value) in facts {
        fact(paint, label, &value, next_line());
    }
}

fn fact(paint: &mut Paint<'_>, label: Word, value: &str, place: Rectangle) {
    let most = (place.high() * 10 / 13).max(12) as u16;
    let (label_place, value_place) = place.cut_left(place.wide() * 34 / 100, paint.scale.gap());
    let label = paint.say(label);
    let style = paint.regular(19);
    paint.line(&label, style.sized(style.px.min(most)), label_place, Align::Start, SOFT);
    let style = paint.regular(21);
    paint.line(value, style.sized(style.px.min(most)), value_place, Align::Start, INK);
}

fn facts(paint: &Paint<'_>, screen: &OneScreen) -> Vec<(Word, String)> {
    let product = paint.say(product_word(screen.product));
    let product = match &screen.code {
        Some(code) => format!("{product} {}", code.0),
        None => product,
    };
    let time = match screen.summary.at {
        Some(at) => paint.look.exact_time(at),
        None => paint.say(text::NO_TIME),
    };
    let mut facts = vec![
        (text::LABEL_TIME, time),
        (text::LABEL_PRODUCT, product),
        (text::LABEL_ORDER, screen.summary.id.as_str().to_owned()),
    ];
    facts.extend(screen.given_back.map(|given| (text::LABEL_GIVEN_BACK, given.pretty())));
    facts.extend(screen.uq_id.as_ref().map(|id| (text::LABEL_ACQUIRER, id.0.clone())));
    if let Some(seconds) = screen.next_question_s {
        let args = [("seconds", seconds.to_string().into())];
        facts.push((text::LABEL_NEXT_QUESTION, paint.say_with(text::IN_SECONDS, &args)));
    }
    facts.extend(screen.waits_until.map(|until| (text::LABEL_CODE_UNTIL, paint.look.date_time(until))));
    facts.extend(screen.cancel_until.map(|until| (text::LABEL_CANCEL_UNTIL, paint.look.date_time(until))));
    let name = if screen.says == Some(PaperSays::Paid) { PaperName::Receipt } else { PaperName::Slip };
    facts.extend(paper_word(screen.paper, name).map(|word| (text::LABEL_PAPER, paint.say(word))));
    facts
}

/// Why it stands so, where there is more to say than where it stands.
fn why(paint: &Paint<'_>, says: &PaperSays) -> Option<String> {
    match says {
        PaperSays::NotPaid(decline) => Some(paint.say(reason_word(decline.reason))),
        PaperSays::Unsettled(why) => {
            let (word, code) = unsettled_word(why);
            Some(paint.say_with(word, &[("code", code.unwrap_or_default().into())]))
        }
        PaperSays::NotSent => Some(paint.say(text::NOTHING_CHARGED)),
        PaperSays::Paid
        | PaperSays::Reversed
        | PaperSays::PaidLate
        | PaperSays::GivenBack(_)
        | PaperSays::ScanToPay(_)
        | PaperSays::Void => None,
    }
}
