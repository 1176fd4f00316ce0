//! The sentence across the bottom: what was just refused, or what to do.

use embedded_graphics::primitives::Rectangle;
use postern_heart::code::{NotACode, OtherWallet};
use postern_heart::screen::Notice;

use super::area::{Cut, area};
use super::paint::{Align, Paint};
use super::palette::{ALERT, NIGHT};
use super::stack::Stack;
use crate::glyphs::Mark;
use crate::text;
use crate::text::Word;
use crate::text::wording::{hindrance_word, notice_day_word, standing_word};

/// Draws a notice at the lower end of a place, and gives what is left of it.
pub(super) fn draw(paint: &mut Paint<'_>, notice: &Notice, place: Rectangle) -> Rectangle {
    let says = sentence(paint, notice);
    let style = paint.bold(21);
    let (gap, size) = (paint.scale.gap(), paint.scale.px(30).max(20));
    let wide = place.wide() - size - 3 * gap;
    let lines = paint.look.glyphs.lines(&says, style, wide as f32).len() as i32;
    let high = (lines.min(3) * style.line_height() + 2 * gap).max(size + gap).min(place.high());
    let card = area(place.left(), place.top() + place.high() - high, place.wide(), high);
    paint.round(card, paint.scale.corner(), NIGHT);
    paint.mark(Mark::Attention, (card.left() + gap + size / 2, card.middle().1), size, ALERT.ground, NIGHT);
    let (_, words) = card.cut_left(size + 2 * gap, 0);
    let words = area(words.left(), words.top() + gap / 2, words.wide() - gap, words.high() - gap);
    Stack::new(Align::Start, Align::Middle).text(says, style, ALERT.ground).draw(paint, words);
    place.cut_bottom(high, gap).1
}

fn sentence(paint: &Paint<'_>, notice: &Notice) -> String {
    match notice {
        Notice::AmountTooLarge(most) => {
            paint.say_with(text::NOTICE_AMOUNT_TOO_LARGE, &[("amount", most.pretty().into())])
        }
        Notice::ParkedEnded { amount, standing } => {
            let standing = paint.say(standing_word(*standing));
            let args = [("amount", amount.pretty().into()), ("standing", standing.into())];
            paint.say_with(text::NOTICE_PARKED_ENDED, &args)
        }
        Notice::Received { amount } => {
            paint.say_with(text::NOTICE_RECEIVED, &[("amount", amount.pretty().into())])
        }
        Notice::PaymentsMayBeMissing { since } => {
            let time = paint.look.date_time(*since);
            paint.say_with(text::NOTICE_MAY_BE_MISSING, &[("time", time.into())])
        }
        Notice::Contradiction => paint.say(text::WHY_CONTRADICTION),
        Notice::DayCompared(verdict) => paint.say(notice_day_word(*verdict)),
        Notice::DayNotCompared => paint.say(text::NOTICE_DAY_NOT_COMPARED),
        Notice::NothingListens => paint.say(text::NOTICE_NOTHING_LISTENS),
        Notice::Hindered(hindrance) => paint.say(hindrance_word(*hindrance)),
        Notice::NotACode(why) => paint.say(not_a_code(*why)),
        Notice::CodeUsed => paint.say(text::NOTICE_CODE_USED),
        Notice::NewCode => paint.say(text::NOTICE_NEW_CODE),
        Notice::ScanNotWanted => paint.say(text::NOTICE_SCAN_NOT_WANTED),
        Notice::AmountZero => paint.say(text::NOTICE_AMOUNT_ZERO),
        Notice::TooManyDecimals => paint.say(text::NOTICE_TOO_MANY_DECIMALS),
        Notice::NoOrderCode => paint.say(text::NOTICE_NO_ORDER_CODE),
        Notice::OrderCodeExpired => paint.say(text::NOTICE_ORDER_CODE_EXPIRED),
        Notice::PinWrong => paint.say(text::NOTICE_PIN_WRONG),
        Notice::TimeRefused => paint.say(text::NOTICE_TIME_REFUSED),
        Notice::TimeSet => paint.say(text::NOTICE_TIME_SET),
        Notice::CutOffNear => paint.say(text::NOTICE_CUT_OFF_NEAR),
        Notice::NoRefunds => paint.say(text::NOTICE_NO_REFUNDS),
        Notice::PinMissing => paint.say(text::NOTICE_PIN_MISSING),
        Notice::NoSuchOrder => paint.say(text::NOTICE_NO_SUCH_ORDER),
        Notice::OrderNotAsked => paint.say(text::NOTICE_ORDER_NOT_ASKED),
        Notice::OtherTerminals { amount, paid } => {
            let word = if *paid { text::NOTICE_OTHER_PAID } else { text::NOTICE_OTHER_NOT_PAID };
            let amount = amount.map_or(String::new(), |amount| amount.pretty());
            paint.say_with(word, &[("amount", amount.into())])
        }
        Notice::NothingToGiveBack => paint.say(text::NOTICE_NOTHING_TO_GIVE_BACK),
        Notice::GivingBackAlready => paint.say(text::NOTICE_GIVING_BACK_ALREADY),
        Notice::MoreThanLeft(left) => {
            paint.say_with(text::NOTICE_MORE_THAN_LEFT, &[("amount", left.pretty().into())])
        }
        Notice::NotGivenBack(paid) => {
            paint.say_with(text::NOTICE_NOT_GIVEN_BACK, &[("amount", paid.pretty().into())])
        }
        Notice::NothingToPrint => paint.say(text::NOTICE_NOTHING_TO_PRINT),
    }
}

fn not_a_code(why: NotACode) -> Word {
    match why {
        NotACode::Empty => text::NOTICE_SCAN_EMPTY,
        NotACode::NotDigits => text::NOTICE_SCAN_NOT_DIGITS,
        NotACode::TooShort => text::NOTICE_SCAN_TOO_SHORT,
        NotACode::TooLong => text::NOTICE_SCAN_TOO_LONG,
        NotACode::ReceiptCode => text::NOTICE_SCAN_RECEIPT,
        NotACode::OrderCode => text::NOTICE_SCAN_ORDER_CODE,
        NotACode::ShopCode => text::NOTICE_SCAN_SHOP_CODE,
        NotACode::OtherWallet(OtherWallet::WeChatPay) => text::NOTICE_SCAN_WECHAT,
        NotACode::OtherWallet(OtherWallet::UnionPay) => text::NOTICE_SCAN_UNIONPAY,
    }
}
