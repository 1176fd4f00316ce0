//! Ready for an amount: the amount as large as the room allows, what to do, and the last sale.

use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Key;
use postern_heart::screen::{AmountScreen, Summary};

use super::area::Cut;
use super::button::{Action, Face, Target};
use super::entry;
use super::paint::{Align, Paint};
use super::palette::{ACCENT, ALERT, GROUND, INK, LINE, SOFT, WHITE};
use super::sign::standing_sign;
use super::split::Places;
use super::stack::Stack;
use crate::glyphs::Mark;
use crate::text;
use crate::text::wording::{hindrance_word, standing_word};

/// What can be touched.
pub(super) fn targets(screen: &AmountScreen, places: &Places, gap: i32) -> Vec<Target> {
    let other = match screen.typed {
        // In the middle of a sale nobody looks for an earlier one.
        Some(_) if screen.order_code => Action::quiet(Key::Qr, text::DO_SHOW_CODE, Mark::Code),
        Some(_) | None => Action::quiet(Key::Down, text::DO_RECENT, Mark::List),
    };
    let actions = vec![Action::quiet(Key::Menu, text::DO_MENU, Mark::Menu), other];
    let last_row = [
        screen.point.then_some((Face::Digit("."), Key::Point)),
        Some((Face::Digit("0"), Key::Digit(0))),
        Some((Face::Digit("00"), Key::DoubleZero)),
    ];
    entry::keys(places, gap, actions, last_row)
}

/// Draws the amount, the hint and the last sale; a notice takes the last sale's place.
pub(super) fn draw(paint: &mut Paint<'_>, screen: &AmountScreen, noticed: bool, place: Rectangle) {
    let place = match &screen.last {
        Some(last) if !noticed => {
            let (bottom, top) = place.cut_bottom(paint.scale.px(64).max(44), paint.scale.gap());
            last_sale(paint, last, bottom);
            top
        }
        Some(_) | None => place,
    };
    paint.card(place, WHITE, LINE);
    let inner = place.inset(paint.scale.px(20).max(10));
    let (label, rest) = inner.cut_top(paint.scale.px(30).max(18), 0);
    let title = paint.say(text::AMOUNT);
    let style = paint.regular(22);
    paint.line(&title, style, label, Align::Start, SOFT);
    let (hint, amount) = rest.cut_bottom(paint.scale.px(84).max(40), 0);
    big_amount(paint, screen, amount);
    // A notice says what hinders; twice is once too often.
    if !(noticed && screen.hindrance.is_some()) {
        draw_hint(paint, screen, hint);
    }
}

fn big_amount(paint: &mut Paint<'_>, screen: &AmountScreen, place: Rectangle) {
    let symbol = screen.currency.symbol();
    let (digits, color) = match &screen.typed {
        Some(typed) => (typed.text.as_str(), INK),
        None => (if screen.currency.decimals() == 0 { "0" } else { "0.00" }, LINE),
    };
    let whole = format!("{symbol}{digits}");
    let wanted = paint.bold(150);
    let tall = wanted.sized(wanted.px.min((place.high() * 9 / 10).max(16) as u16));
    let style = paint.fitting(&whole, tall, place.wide());
    let width = paint.width(&whole, style);
    let left = (place.left() + place.wide() - width) as f32;
    let baseline = place.middle().1 + style.drop();
    paint.letters(symbol, style, left, baseline, if screen.typed.is_some() { ACCENT } else { LINE });
    let after = paint.look.glyphs.width(symbol, style);
    paint.letters(digits, style, left + after, baseline, color);
}

fn draw_hint(paint: &mut Paint<'_>, screen: &AmountScreen, place: Rectangle) {
    let style = paint.regular(21);
    let Some(hindrance) = screen.hindrance else {
        let hint = paint.say(if screen.typed.is_some() { text::AMOUNT_GO_ON } else { text::AMOUNT_HINT });
        Stack::new(Align::Start, Align::End).text(hint, style, SOFT).draw(paint, place);
        return;
    };
    let says = paint.say(hindrance_word(hindrance));
    let size = paint.scale.px(34).max(22);
    let (sign, words) = place.cut_left(size, paint.scale.gap());
    paint.mark(Mark::Attention, sign.middle(), size, ALERT.ground, WHITE);
    let style = paint.bold(20);
    Stack::new(Align::Start, Align::Middle).text(says, style, INK).draw(paint, words);
}

fn last_sale(paint: &mut Paint<'_>, last: &Summary, place: Rectangle) {
    let (mark, tone) = standing_sign(last.standing);
    let size = paint.scale.px(40).max(26);
    let (sign, words) = place.cut_left(size, paint.scale.gap());
    paint.mark(mark, sign.middle(), size, tone.ground, if tone == ALERT { INK } else { GROUND });
    let standing = paint.say(standing_word(last.standing));
    let when = match last.at {
        Some(at) => format!("{standing}  {}", paint.look.time(at)),
        None => standing,
    };
    Stack::new(Align::Start, Align::Middle)
        .line(last.amount.pretty(), paint.bold(21), INK)
        .line(when, paint.regular(18), SOFT)
        .draw(paint, words);
}
