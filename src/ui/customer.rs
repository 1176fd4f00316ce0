//! The customer's display: one thought at a time, in both languages.

use embedded_graphics::primitives::Rectangle;
use postern_heart::ask::OrderCode;
use postern_heart::money::Amount;
use postern_heart::screen::CustomerScreen;
use postern_heart::settings::Language;

use super::area::{Cut, area};
use super::paint::{Align, Paint};
use super::palette::{ACCENT, ALERT, BAD, BUSY, GOOD, INK, NIGHT, NONE, SOFT, Tone, WHITE};
use super::stack::Stack;
use crate::glyphs::Mark;
use crate::qr::{Correction, Modules};
use crate::text;
use crate::text::Word;

/// Draws the customer's display.
pub(super) fn draw(paint: &mut Paint<'_>, screen: &CustomerScreen) {
    let whole = paint.frame.area();
    match screen {
        CustomerScreen::Welcome => welcome(paint, whole),
        CustomerScreen::Amount(amount) => plain_amount(paint, *amount, whole),
        CustomerScreen::ShopCode(code) => scan(paint, None, code, whole),
        CustomerScreen::Collecting { amount, code: Some(code) } => scan(paint, Some(*amount), code, whole),
        CustomerScreen::Collecting { amount, code: None } => {
            News::new(BUSY, Mark::Phone, text::CUSTOMER_SHOW_CODE).amount(*amount).draw(paint, whole);
        }
        CustomerScreen::PleaseWait(amount) => {
            News::new(BUSY, Mark::Wait, text::CUSTOMER_WAIT).amount(*amount).draw(paint, whole);
        }
        CustomerScreen::Confirm(amount) => {
            News::new(BUSY, Mark::Confirm, text::CUSTOMER_CONFIRM).amount(*amount).draw(paint, whole);
        }
        CustomerScreen::Cancelling(amount) => {
            News::new(NONE, Mark::Cancelling, text::CUSTOMER_CANCELLING).amount(*amount).draw(paint, whole);
        }
        CustomerScreen::Paid(amount) => {
            let news = News::new(GOOD, Mark::Paid, text::CUSTOMER_PAID).amount(*amount);
            news.line(text::CUSTOMER_THANKS).draw(paint, whole);
        }
        CustomerScreen::NotPaid(amount) => {
            News::new(BAD, Mark::NotPaid, text::CUSTOMER_NOT_PAID).amount(*amount).draw(paint, whole);
        }
        CustomerScreen::Cancelled(amount) => {
            let news = News::new(NONE, Mark::Cancelled, text::CUSTOMER_CANCELLED).amount(*amount);
            news.line(text::CUSTOMER_COMES_BACK).draw(paint, whole);
        }
        CustomerScreen::GivenBack(amount) => {
            News::new(NONE, Mark::GivenBack, text::CUSTOMER_GIVEN_BACK).amount(*amount).draw(paint, whole);
        }
        CustomerScreen::Closed => {
            News::new(ALERT, Mark::Barrier, text::CUSTOMER_CLOSED)
                .line(text::CUSTOMER_ASK)
                .draw(paint, whole);
        }
    }
}

/// A sign on a tone, and below (or beside) it what it means.
struct News {
    tone: Tone,
    mark: Mark,
    title: Word,
    amount: Option<Amount>,
    line: Option<Word>,
}

impl News {
    fn new(tone: Tone, mark: Mark, title: Word) -> News {
        News { tone, mark, title, amount: None, line: None }
    }

    fn amount(mut self, amount: Amount) -> News {
        self.amount = Some(amount);
        self
    }

    fn line(mut self, word: Word) -> News {
        self.line = Some(word);
        self
    }

    fn draw(self, paint: &mut Paint<'_>, whole: Rectangle) {
        let (panel, words) = if whole.wide() * 4 > whole.high() * 5 {
            whole.cut_left(whole.wide() * 40 / 100, 0)
        } else {
            whole.cut_top(whole.high() * 41 / 100, 0)
        };
        paint.fill(panel, self.tone.ground);
        paint.fill(words, WHITE);
        let size = panel.wide().min(panel.high()) * 72 / 100;
        paint.mark(self.mark, panel.middle(), size, self.tone.ink, self.tone.ground);
        let gap = paint.scale.px(12).max(4);
        let mut stack = both(paint, Stack::new(Align::Middle, Align::Middle), self.title, (58, 40));
        if let Some(amount) = self.amount {
            stack = stack.gap(gap).line(amount.pretty(), paint.bold(60), INK);
        }
        if let Some(line) = self.line {
            stack = both(paint, stack.gap(gap), line, (28, 25));
        }
        stack.draw(paint, words.inset(paint.scale.margin()));
    }
}

/// Adds a word in Chinese and, under it, in English.
fn both(paint: &Paint<'_>, stack: Stack, word: Word, (chinese_px, english_px): (u16, u16)) -> Stack {
    let chinese = paint.look.texts.say(Language::Chinese, word).into_owned();
    let english = paint.look.texts.say(Language::English, word).into_owned();
    let small = chinese_px < 30;
    let (first, second) = match small {
        true => (paint.regular(chinese_px), paint.regular(english_px)),
        false => (paint.bold(chinese_px), paint.bold(english_px)),
    };
    stack.title(chinese, first, INK).title(english, second, if small { SOFT } else { INK })
}

fn welcome(paint: &mut Paint<'_>, whole: Rectangle) {
    paint.fill(whole, NIGHT);
    let (chinese, english) = {
        let sign = &paint.look.sign;
        (sign.name(Language::Chinese).to_owned(), sign.name(Language::English).to_owned())
    };
    let words = [Language::Chinese, Language::English]
        .map(|language| paint.look.texts.say(language, text::CUSTOMER_WELCOME).into_owned());
    let gap = paint.scale.px(28).max(12);
    let mut stack = Stack::new(Align::Middle, Align::Middle).text(chinese.clone(), paint.bold(56), WHITE);
    if english != chinese {
        stack = stack.text(english, paint.bold(34), WHITE);
    }
    stack
        .gap(gap)
        .text(words.join("  "), paint.regular(28), ALERT.ground)
        .draw(paint, whole.inset(paint.scale.margin()));
}

fn plain_amount(paint: &mut Paint<'_>, amount: Amount, whole: Rectangle) {
    paint.fill(whole, WHITE);
    let edge = paint.scale.px(10).max(4);
    let (bar, rest) = whole.cut_top(edge, 0);
    paint.fill(bar, ACCENT);
    let stack = both(paint, Stack::new(Align::Middle, Align::Middle), text::CUSTOMER_AMOUNT, (34, 26));
    stack
        .gap(paint.scale.px(16).max(6))
        .line(amount.pretty(), paint.bold(92), INK)
        .draw(paint, rest.inset(paint.scale.margin()));
}

/// The code as large as it can be beside the words that it needs.
fn scan(paint: &mut Paint<'_>, amount: Option<Amount>, code: &OrderCode, whole: Rectangle) {
    paint.fill(whole, WHITE);
    let Some(modules) = Modules::encode(&code.0, Correction::Display) else {
        paint.cut.push(code.0.clone());
        return;
    };
    let wide = whole.wide() * 4 > whole.high() * 5;
    let (square, words) = if wide {
        whole.cut_left(whole.high(), 0)
    } else {
        let (words, square) = whole.cut_bottom(whole.high() * 30 / 100, 0);
        (square, words)
    };
    let drawn = paint.qr(&modules, square);
    let scan = both(paint, Stack::new(Align::Middle, Align::Middle), text::CUSTOMER_SCAN, (34, 24));
    let stack = match amount {
        Some(amount) => scan.line(amount.pretty(), paint.bold(44), INK),
        None => scan,
    };
    let inset = paint.scale.px(12).max(6);
    let top = if wide { words.top() } else { drawn.top() + drawn.high() };
    let room = area(words.left() + inset, top, words.wide() - 2 * inset, whole.high() - top - inset / 2);
    let stack = match amount {
        Some(_) if wide => both(paint, stack.gap(inset), text::CUSTOMER_OR_SHOW_CODE, (22, 20)),
        Some(_) => stack,
        None => both(paint, stack, text::SHOP_CODE_ENTER, (22, 20)),
    };
    stack.draw(paint, room);
}
