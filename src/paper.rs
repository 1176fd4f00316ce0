//! The paper about one transaction, drawn: in both languages, black on white, for any width of roll.
//!
//! The result and the amount are what is read; they stand first and are the largest. Everything else is there for the
//! day when somebody asks: when, how, and under which numbers. A paper that does not prove a payment says so over its
//! result, in a frame that no receipt has, so that it can't be taken for one in passing. The transaction's id is also a
//! code, which the terminal's own scanner reads back.
//!
//! Drawing decides nothing about money: what a paper may say is the heart's, in [`Receipt`].

mod counter_sign;
mod ink;
mod sheet;
mod wording;

use postern_heart::ask::{OrderCode, Product};
use postern_heart::receipt::{PaperSays, Receipt};
use postern_heart::record::WhyUnsettled;
use postern_heart::settings::Language;

use crate::glyphs::Style;
use crate::look::Look;
use crate::qr::{Correction, Modules};
use crate::raster::Raster;
use crate::text::{self, Arg, Word};

pub use counter_sign::counter_sign;
use sheet::{Both, Sheet};

/// How large an amount is that was paid, at most.
const AMOUNT_PX: i32 = 112;

/// How large an amount is that was not, at most: what happened to it is the larger news.
const UNPAID_PX: i32 = 66;

/// Draws a receipt for paper of so many dots across (384 on a roll of 58 mm, 576 on one of 80 mm), as long as it needs.
pub fn raster(receipt: &Receipt, look: &Look, width_dots: u32) -> Raster {
    written(receipt, look, width_dots).print()
}

fn written<'a>(receipt: &Receipt, look: &'a Look, width_dots: u32) -> Sheet<'a> {
    let mut sheet = Sheet::new(look, width_dots);
    if receipt.duplicate {
        duplicate(&mut sheet, look);
        sheet.gap(18);
    }
    head(&mut sheet, look);
    sheet.rule();
    if is_receipt(&receipt.says) {
        result(&mut sheet, look, receipt);
        sheet.rule();
    } else {
        sheet.framed(&both(look, text::RECEIPT_NOT_A_RECEIPT), |sheet| result(sheet, look, receipt));
        sheet.gap(14);
    }
    if let PaperSays::ScanToPay(OrderCode(text)) = &receipt.says {
        qr(&mut sheet, text);
        sheet.gap(6);
    }
    facts(&mut sheet, look, receipt);
    sheet.gap(6);
    code(&mut sheet, look, receipt);
    if look.sign.foot.iter().any(|line| !line.is_empty()) {
        sheet.gap(18);
        lines(&mut sheet, &look.sign.foot);
    }
    sheet.gap(18);
    if receipt.duplicate {
        duplicate(&mut sheet, look);
    }
    sheet.end();
    sheet
}

/// Says so at both ends: neither is torn off by accident.
fn duplicate(sheet: &mut Sheet<'_>, look: &Look) {
    sheet.banner(&both(look, text::RECEIPT_DUPLICATE), Style::bold(34));
}

/// Does this paper prove a sale that was paid? A late payment that nobody has answered may yet be given back.
fn is_receipt(says: &PaperSays) -> bool {
    match says {
        PaperSays::Paid => true,
        PaperSays::NotPaid(_)
        | PaperSays::NotSent
        | PaperSays::Reversed
        | PaperSays::Unsettled(_)
        | PaperSays::GivenBack(_)
        | PaperSays::ScanToPay(_)
        | PaperSays::Void
        | PaperSays::PaidLate => false,
    }
}

fn head(sheet: &mut Sheet<'_>, look: &Look) {
    sheet.name(&look.sign.chinese, Style::bold(48));
    sheet.name(&look.sign.english, Style::bold(30));
    sheet.gap(6);
    lines(sheet, &look.sign.head);
}

fn lines(sheet: &mut Sheet<'_>, lines: &[String]) {
    for line in lines {
        sheet.centered(line, Style::regular(24));
    }
}

/// How it ended, about how much, and all that whoever holds the paper must know about it.
fn result(sheet: &mut Sheet<'_>, look: &Look, receipt: &Receipt) {
    let (mark, title) = wording::title(&receipt.says);
    sheet.title(mark, &both(look, title));
    let paid = is_receipt(&receipt.says);
    let amount = match &receipt.says {
        PaperSays::GivenBack(given) => given.amount,
        PaperSays::Paid
        | PaperSays::NotPaid(_)
        | PaperSays::NotSent
        | PaperSays::Reversed
        | PaperSays::Unsettled(_)
        | PaperSays::ScanToPay(_)
        | PaperSays::Void
        | PaperSays::PaidLate => receipt.amount,
    };
    sheet.amount(amount, if paid { AMOUNT_PX } else { UNPAID_PX });
    for hint in hints(look, receipt) {
        sheet.gap(8);
        sheet.centered(&hint.chinese, Style::bold(28));
        sheet.centered(&hint.english, Style::regular(24));
    }
}

fn hints(look: &Look, receipt: &Receipt) -> Vec<Both> {
    let say = |word| both(look, word);
    match &receipt.says {
        PaperSays::Paid => vec![],
        PaperSays::NotPaid(decline) => {
            vec![say(wording::reason(decline.reason)), say(text::NOTHING_CHARGED)]
        }
        PaperSays::NotSent => vec![say(text::RECEIPT_NOT_SENT_HINT)],
        PaperSays::Reversed => vec![say(text::RECEIPT_REVERSED_HINT)],
        PaperSays::Unsettled(why) => unsettled(look, receipt, why),
        PaperSays::PaidLate => vec![say(text::RECEIPT_PAID_LATE_HINT)],
        PaperSays::ScanToPay(_) => {
            let until = receipt.payable_until.map_or(String::new(), |until| look.date_time(until));
            vec![both_with(look, text::RECEIPT_SCAN_UNTIL, &[("time", until.into())])]
        }
        PaperSays::Void => vec![say(text::RECEIPT_VOID_HINT), say(text::RECEIPT_REVERSED_HINT)],
        PaperSays::GivenBack(given) => vec![
            both_with(look, text::GIVE_BACK_PAID, &[("amount", receipt.amount.pretty().into())]),
            both_with(look, text::GIVE_BACK_LEFT, &[("amount", given.left.pretty().into())]),
            say(text::RECEIPT_GIVEN_BACK_HINT),
        ],
    }
}

fn unsettled(look: &Look, receipt: &Receipt, why: &WhyUnsettled) -> Vec<Both> {
    let mut hints = vec![both(look, text::RECEIPT_UNSETTLED_AGAIN)];
    if let Some(until) = receipt.payable_until {
        let args = [("time", look.date_time(until).into())];
        hints.push(both_with(look, text::PAYABLE_UNTIL, &args));
    }
    let (word, code) = text::wording::unsettled_word(why);
    hints.push(both_with(look, word, &[("code", code.unwrap_or_default().into())]));
    hints.push(both(look, text::RECEIPT_UNSETTLED_HINT));
    hints
}

/// What is asked for later, one line each.
fn facts(sheet: &mut Sheet<'_>, look: &Look, receipt: &Receipt) {
    let say = |word| both(look, word);
    let time = match receipt.at {
        Some(at) => look.exact_time(at),
        None => say(text::NO_TIME).one_line(),
    };
    sheet.fact(&say(text::LABEL_TIME), &time);
    match (look.sign.wallet.as_str(), text::wording::wallet_word(&look.sign.wallet)) {
        ("", _) => {}
        (_, Some(word)) => sheet.fact(&say(text::LABEL_WALLET), &say(word).one_line()),
        (method, None) => sheet.fact(&say(text::LABEL_WALLET), method),
    }
    match (receipt.product, &receipt.code) {
        (Product::PaymentCode, Some(code)) => sheet.fact(&say(text::PRODUCT_PAYMENT_CODE), &code.0),
        (
            product @ (Product::PaymentCode
            | Product::OrderCode
            | Product::CashierPayment
            | Product::EntryCode),
            _,
        ) => {
            let product = say(text::wording::product_word(product)).one_line();
            sheet.fact(&say(text::LABEL_PRODUCT), &product);
        }
    }
    if let PaperSays::NotPaid(decline) = &receipt.says
        && !decline.code.0.is_empty()
    {
        sheet.fact(&say(text::RECEIPT_ANSWER_CODE), &decline.code.0);
    }
    if !look.sign.terminal.is_empty() {
        sheet.fact(&say(text::LABEL_TERMINAL), &look.sign.terminal);
    }
    if let Some(id) = &receipt.uq_id {
        sheet.fact(&say(text::LABEL_ACQUIRER), &id.0);
    }
    if let PaperSays::GivenBack(given) = &receipt.says {
        sheet.fact(&say(text::LABEL_REFUND), given.id.as_str());
    } else if let Some(id) = &receipt.cancel {
        sheet.fact(&say(text::LABEL_CANCEL), id.as_str());
    }
}

/// The transaction's id, for the scanner and for people. Beside a code to pay with there is no other: a phone would
/// read either.
fn code(sheet: &mut Sheet<'_>, look: &Look, receipt: &Receipt) {
    let id = receipt.id.as_str();
    if !matches!(receipt.says, PaperSays::ScanToPay(_)) {
        qr(sheet, id);
    }
    sheet.centered(&both(look, text::LABEL_ORDER).one_line(), Style::regular(22));
    sheet.centered(id, Style::bold(26));
}

fn qr(sheet: &mut Sheet<'_>, text: &str) {
    if let Some(modules) = Modules::encode(text, Correction::Paper) {
        sheet.code(&modules);
    }
}

fn both(look: &Look, word: Word) -> Both {
    let say = |language| look.texts.say(language, word).into_owned();
    Both { chinese: say(Language::Chinese), english: say(Language::English) }
}

fn both_with(look: &Look, word: Word, args: &[Arg<'_>]) -> Both {
    let say = |language| look.texts.say_with(language, word, args);
    Both { chinese: say(Language::Chinese), english: say(Language::English) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use jiff::tz::TimeZone;
    use postern_heart::ask::{AnswerCode, Decline, Reason};
    use postern_heart::ids::OrderId;
    use postern_heart::money::{Amount, Currency};
    use postern_heart::now::Wall;

    use super::*;
    use crate::look::{Keypad, Sign};

    const ID: &str = "HK01-00004C-7KQ2M9XD";

    fn receipt(says: PaperSays) -> Receipt {
        Receipt {
            says,
            id: OrderId::parse(ID).unwrap(),
            uq_id: None,
            amount: Amount::new(12_850, Currency::HKD),
            product: Product::OrderCode,
            code: None,
            at: Some(Wall(1_772_380_799_000)),
            cancel: None,
            payable_until: None,
            duplicate: false,
        }
    }

    /// All lines of a paper, one after the other with a space between.
    fn reads(receipt: &Receipt) -> String {
        reads_with(receipt, Sign::default())
    }

    fn reads_with(receipt: &Receipt, sign: Sign) -> String {
        let zone = TimeZone::get("Asia/Hong_Kong").unwrap();
        let look = Look::open(sign, zone, Keypad::Beside).unwrap();
        written(receipt, &look, 576).texts().join(" ")
    }

    fn every_kind() -> [PaperSays; 8] {
        let decline = Decline { reason: Reason::Balance, code: AnswerCode("200003".into()) };
        [
            PaperSays::Paid,
            PaperSays::PaidLate,
            PaperSays::NotPaid(decline),
            PaperSays::NotSent,
            PaperSays::Reversed,
            PaperSays::Unsettled(WhyUnsettled::Absent),
            PaperSays::ScanToPay(OrderCode("https://qr.example/1".into())),
            PaperSays::Void,
        ]
    }

    #[test]
    fn the_paper_names_the_wallet_that_the_profile_pays_with() {
        let named = |wallet: &str| {
            let sign = Sign { wallet: wallet.into(), ..Sign::default() };
            reads_with(&receipt(PaperSays::Paid), sign)
        };
        assert!(named("ALIPAY_HK").contains("AlipayHK"));
        let other = named("WECHAT_PAY");
        assert!(other.contains("WECHAT_PAY") && !other.contains("AlipayHK"), "{other}");
    }

    #[test]
    fn a_refusal_without_a_code_prints_no_line_for_one() {
        let refused = |code: &str| {
            let decline = Decline { reason: Reason::Failed, code: AnswerCode(code.into()) };
            reads(&receipt(PaperSays::NotPaid(decline)))
        };
        assert!(refused("200004").contains("200004"));
        assert!(refused("200004").contains("代碼") && !refused("").contains("代碼"));
    }

    #[test]
    fn only_the_paper_of_a_paid_sale_can_be_taken_for_a_receipt() {
        for says in every_kind() {
            let paid = says == PaperSays::Paid;
            let reads = reads(&receipt(says));
            assert_eq!(reads.contains("並非收據 NOT A RECEIPT"), !paid, "{reads}");
            assert_eq!(reads.contains("付款成功 Paid"), paid, "{reads}");
        }
    }

    #[test]
    fn every_paper_has_amount_time_and_id() {
        for says in every_kind() {
            let reads = reads(&receipt(says));
            for part in ["HK$ 128.50", "2026-03-01 23:59:59", "訂單編號 Order no.", ID] {
                assert!(reads.contains(part), "{part}: {reads}");
            }
        }
    }

    #[test]
    fn a_duplicate_says_so_at_both_ends_and_nothing_else_does() {
        for says in every_kind() {
            assert!(!reads(&receipt(says.clone())).contains("副本"));
            let duplicate = reads(&Receipt { duplicate: true, ..receipt(says) });
            assert!(duplicate.starts_with("副本 DUPLICATE "), "{duplicate}");
            assert!(duplicate.ends_with(" 副本 DUPLICATE"), "{duplicate}");
        }
    }

    #[test]
    fn an_unsettled_paper_forbids_another_charge_and_says_until_when_it_can_still_be_paid() {
        let why = WhyUnsettled::CancelRefused(AnswerCode("200008".into()));
        let unsettled = receipt(PaperSays::Unsettled(why));
        let reads_plain = reads(&unsettled);
        for part in ["未經主管請勿重複收款。", "Do not charge again without the manager.", "(200008)"]
        {
            assert!(reads_plain.contains(part), "{part}: {reads_plain}");
        }
        assert!(!reads_plain.contains("until"));
        let payable = reads(&Receipt { payable_until: Some(Wall(1_772_380_859_000)), ..unsettled });
        for part in ["2026-03-02 00:00 前客人仍可付款。", "It can still be paid until 2026-03-02 00:00."]
        {
            assert!(payable.contains(part), "{part}: {payable}");
        }
    }

    #[test]
    fn no_reason_on_paper_tells_the_customer_what_the_cashier_should_do() {
        let all = [
            Reason::CodeInvalid,
            Reason::Balance,
            Reason::Risk,
            Reason::Parameter,
            Reason::IdUsed,
            Reason::CutOff,
            Reason::State,
            Reason::TooMuch,
            Reason::NotAccepted,
            Reason::Failed,
            Reason::Closed,
            Reason::NeverArrived,
            Reason::Other,
        ];
        for reason in all {
            let reads = reads(&receipt(PaperSays::NotPaid(Decline { reason, code: AnswerCode("1".into()) })));
            for order in ["Ask", "Call", "Try again", "請客人", "請通知", "請再試"] {
                assert!(!reads.contains(order), "{reason:?}: {reads}");
            }
        }
    }
}
