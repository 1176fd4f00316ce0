//! A receipt as it comes out of the printer: a pure function from the heart's value to dots.
//!
//! Everything is drawn with the terminal's own fonts, so that any printer prints 嘅 啲 咗 邨 埗. Thermal paper knows no
//! grey: a dot is black where its glyph covers enough of it. Both languages stand on every paper, Chinese first. The
//! order id stands there twice: as a QR code that the terminal's scanner reads back, and as text.
//!
//! What is *not paid* never looks like a receipt: it says so in its largest words, and that it is none.

mod roll;

use postern_heart::receipt::{PaperSays, Receipt};
use postern_heart::settings::Language;

use self::roll::{Align, Roll};
use crate::glyphs::{Mark, Style};
use crate::look::Look;
use crate::qr::{Correction, Modules};
use crate::raster::Raster;
use crate::text;
use crate::text::wording::{product_word, reason_word, unsettled_word};
use crate::text::{Arg, LANGUAGES, Word};

/// A module of the order's code, in dots: 0.5 mm at 8 dots a millimetre, or more where the paper is wide.
const MODULE_DOTS_MIN: u32 = 4;
const MODULE_DOTS_MAX: u32 = 6;

/// Draws a receipt, `width_dots` wide (384 for 58 mm paper, 576 for 80 mm).
pub fn raster(receipt: &Receipt, look: &Look, width_dots: u32) -> Raster {
    let mut paper = Paper { roll: Roll::new(&look.glyphs, width_dots), look, sizes: Sizes::of(width_dots) };
    paper.head();
    if receipt.duplicate {
        paper.duplicate();
    }
    paper.result(receipt);
    paper.amount(receipt);
    paper.facts(receipt);
    paper.code(receipt);
    paper.foot();
    if receipt.duplicate {
        paper.duplicate();
    }
    paper.roll.into_raster()
}

/// The text sizes for a paper's width.
struct Sizes {
    name: u16,
    second_name: u16,
    title: u16,
    second_title: u16,
    amount: u16,
    text: u16,
    small: u16,
    mark: i32,
}

impl Sizes {
    fn of(width_dots: u32) -> Sizes {
        if width_dots >= 512 {
            let (name, second_name, title, second_title) = (52, 32, 52, 36);
            Sizes { name, second_name, title, second_title, amount: 84, text: 26, small: 24, mark: 92 }
        } else {
            let (name, second_name, title, second_title) = (42, 27, 42, 29);
            Sizes { name, second_name, title, second_title, amount: 60, text: 24, small: 22, mark: 72 }
        }
    }
}

struct Paper<'a> {
    roll: Roll<'a>,
    look: &'a Look,
    sizes: Sizes,
}

impl Paper<'_> {
    fn head(&mut self) {
        let sign = &self.look.sign;
        let (chinese, english) = (sign.name(Language::Chinese), sign.name(Language::English));
        self.roll.feed(8);
        self.roll.text(chinese, Style::bold(self.sizes.name), Align::Middle);
        if english != chinese {
            self.roll.text(english, Style::bold(self.sizes.second_name), Align::Middle);
        }
        self.roll.feed(6);
        for line in &sign.head {
            self.roll.text(line, Style::regular(self.sizes.small), Align::Middle);
        }
        self.roll.feed(14);
    }

    fn duplicate(&mut self) {
        let says = LANGUAGES.map(|language| self.say(language, text::RECEIPT_DUPLICATE));
        self.roll.banner(&says.join("  ").to_uppercase(), Style::bold(self.sizes.second_title));
        self.roll.feed(14);
    }

    /// The sign and, beside it, what the paper says about the money.
    fn result(&mut self, receipt: &Receipt) {
        let (mark, word) = match &receipt.says {
            PaperSays::Paid => (Mark::Paid, text::RECEIPT_PAID),
            PaperSays::NotPaid(_) => (Mark::NotPaid, text::RECEIPT_NOT_PAID),
            PaperSays::NotSent => (Mark::NoConnection, text::RECEIPT_NOT_PAID),
            PaperSays::Reversed => (Mark::Cancelled, text::RECEIPT_REVERSED),
            PaperSays::Unsettled(_) => (Mark::Unsettled, text::RECEIPT_UNSETTLED),
            PaperSays::PaidLate => (Mark::Attention, text::RECEIPT_PAID_LATE),
        };
        self.roll.rule();
        self.roll.feed(16);
        let words = [
            (self.say(Language::Chinese, word), Style::bold(self.sizes.title)),
            (self.say(Language::English, word), Style::bold(self.sizes.second_title)),
        ];
        self.roll.signed(mark, self.sizes.mark, &words);
        self.roll.feed(8);
        for (word, args) in self.explanations(receipt) {
            for language in LANGUAGES {
                let says = self.look.texts.say_with(language, word, &args);
                self.roll.text(&says, Style::regular(self.sizes.small), Align::Middle);
            }
            self.roll.feed(4);
        }
    }

    fn explanations(&self, receipt: &Receipt) -> Vec<(Word, Vec<Arg<'static>>)> {
        let mut said: Vec<(Word, Vec<Arg<'static>>)> = match &receipt.says {
            PaperSays::Paid => Vec::new(),
            PaperSays::NotPaid(decline) => {
                vec![(text::NOTHING_CHARGED, Vec::new()), (reason_word(decline.reason), Vec::new())]
            }
            PaperSays::NotSent => {
                vec![(text::NO_CONNECTION, Vec::new()), (text::NOTHING_CHARGED, Vec::new())]
            }
            PaperSays::Reversed => vec![(text::RECEIPT_REVERSED_HINT, Vec::new())],
            PaperSays::Unsettled(why) => {
                let (word, code) = unsettled_word(why);
                let code = vec![("code", code.unwrap_or_default().to_owned().into())];
                vec![(text::RECEIPT_UNSETTLED_HINT, Vec::new()), (word, code)]
            }
            PaperSays::PaidLate => vec![(text::RECEIPT_PAID_LATE_HINT, Vec::new())],
        };
        if let Some(until) = receipt.payable_until {
            said.push((text::PAYABLE_UNTIL, vec![("time", self.look.date_time(until).into())]));
        }
        said
    }

    fn amount(&mut self, receipt: &Receipt) {
        self.roll.feed(6);
        let label = LANGUAGES.map(|language| self.say(language, text::LABEL_AMOUNT)).join(" ");
        self.roll.text(&label, Style::regular(self.sizes.small), Align::Middle);
        self.roll.line(&receipt.amount.pretty(), Style::bold(self.sizes.amount), Align::Middle);
        if receipt.says != PaperSays::Paid {
            let none = LANGUAGES.map(|language| self.say(language, text::RECEIPT_NOT_A_RECEIPT)).join("  ");
            self.roll.boxed(&none, Style::bold(self.sizes.text));
        }
        self.roll.feed(14);
        self.roll.rule();
        self.roll.feed(10);
    }

    fn facts(&mut self, receipt: &Receipt) {
        let wallet = LANGUAGES.map(|language| self.say(language, text::WALLET_ALIPAY_HK)).join(" ");
        self.fact(text::LABEL_WALLET, &wallet);
        let product = product_word(receipt.product);
        let mut product = LANGUAGES.map(|language| self.say(language, product)).join(" ");
        if let Some(code) = &receipt.code {
            product = format!("{product} {}", code.0);
        }
        self.fact(text::LABEL_PRODUCT, &product);
        let time = match receipt.at {
            Some(at) => self.look.exact_time(at),
            None => LANGUAGES.map(|language| self.say(language, text::NO_TIME)).join(" "),
        };
        self.fact(text::LABEL_TIME, &time);
        if !self.look.sign.terminal.is_empty() {
            let terminal = self.look.sign.terminal.clone();
            self.fact(text::LABEL_TERMINAL, &terminal);
        }
        self.fact(text::LABEL_ORDER, receipt.id.as_str());
        if let Some(id) = &receipt.uq_id {
            self.fact(text::LABEL_ACQUIRER, &id.0);
        }
        if let Some(id) = &receipt.cancel {
            self.fact(text::LABEL_CANCEL, id.as_str());
        }
        if let PaperSays::NotPaid(decline) = &receipt.says {
            let code = [("code", decline.code.0.as_str().into())];
            let says = LANGUAGES.map(|language| self.look.texts.say_with(language, text::ANSWER_CODE, &code));
            self.roll.text(&says.join("  "), Style::regular(self.sizes.small), Align::End);
        }
        self.roll.feed(10);
    }

    fn fact(&mut self, label: Word, value: &str) {
        let label = LANGUAGES.map(|language| self.say(language, label)).join(" ");
        self.roll.pair((&label, Style::regular(self.sizes.small)), (value, Style::regular(self.sizes.text)));
    }

    fn code(&mut self, receipt: &Receipt) {
        self.roll.rule();
        self.roll.feed(4);
        if let Some(modules) = Modules::encode(receipt.id.as_str(), Correction::Paper) {
            let room = self.roll.width() / (modules.whole_side() * 2 / 3).max(1);
            self.roll.code(&modules, room.clamp(MODULE_DOTS_MIN, MODULE_DOTS_MAX));
        }
        self.roll.line(receipt.id.as_str(), Style::bold(self.sizes.text), Align::Middle);
        self.roll.feed(12);
    }

    fn foot(&mut self) {
        for line in &self.look.sign.foot {
            self.roll.text(line, Style::regular(self.sizes.small), Align::Middle);
        }
        self.roll.feed(12);
    }

    fn say(&self, language: Language, word: Word) -> String {
        self.look.texts.say(language, word).into_owned()
    }
}
