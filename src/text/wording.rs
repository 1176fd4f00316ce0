//! Which word stands for which value of the heart: one table for screens and paper.

use postern_heart::ask::{Product, Reason, Unreachable};
use postern_heart::day::DayVerdict;
use postern_heart::record::WhyUnsettled;
use postern_heart::screen::{Cause, Hindrance, PaperState, Standing};

use super::Word;
use super::words as text;

/// Says why a payment was refused, and what to do.
pub fn reason_word(reason: Reason) -> Word {
    match reason {
        Reason::CodeInvalid => text::REASON_CODE_INVALID,
        Reason::Balance => text::REASON_BALANCE,
        Reason::Risk => text::REASON_RISK,
        Reason::Parameter => text::REASON_PARAMETER,
        Reason::IdUsed => text::REASON_ID_USED,
        Reason::CutOff => text::REASON_CUT_OFF,
        Reason::State => text::REASON_STATE,
        Reason::TooMuch => text::REASON_TOO_MUCH,
        Reason::NotAccepted => text::REASON_NOT_ACCEPTED,
        Reason::Failed => text::REASON_FAILED,
        Reason::Closed => text::REASON_CLOSED,
        Reason::NeverArrived => text::REASON_NEVER_ARRIVED,
        Reason::Other => text::REASON_OTHER,
    }
}

/// Says why money was not given back, and what to do.
pub fn refund_reason_word(reason: Reason) -> Word {
    match reason {
        Reason::TooMuch | Reason::CutOff | Reason::Parameter | Reason::NotAccepted => reason_word(reason),
        Reason::State => text::REASON_STATE,
        Reason::CodeInvalid
        | Reason::Balance
        | Reason::Risk
        | Reason::IdUsed
        | Reason::Failed
        | Reason::Closed
        | Reason::NeverArrived
        | Reason::Other => text::GIVE_BACK_REFUSED,
    }
}

/// Says why a request did not leave, and what to do.
pub fn unreachable_word(why: Unreachable) -> Word {
    match why {
        Unreachable::Name => text::UNREACHABLE_NAME,
        Unreachable::Connect => text::UNREACHABLE_CONNECT,
        Unreachable::Tls => text::UNREACHABLE_TLS,
        Unreachable::Request => text::UNREACHABLE_REQUEST,
    }
}

/// Says why a transaction is not settled; a refused cancellation brings its code.
pub fn unsettled_word(why: &WhyUnsettled) -> (Word, Option<&str>) {
    match why {
        WhyUnsettled::NoAnswer(_) => (text::WHY_NO_ANSWER, None),
        WhyUnsettled::Absent => (text::WHY_ABSENT, None),
        WhyUnsettled::Processing => (text::WHY_PROCESSING, None),
        WhyUnsettled::Contradiction => (text::WHY_CONTRADICTION, None),
        WhyUnsettled::NoCancel => (text::WHY_NO_CANCEL, None),
        WhyUnsettled::CutOff => (text::WHY_CUT_OFF, None),
        WhyUnsettled::CancelRefused(code) => (text::WHY_CANCEL_REFUSED, Some(&code.0)),
    }
}

/// Says what keeps the terminal from selling.
pub fn hindrance_word(hindrance: Hindrance) -> Word {
    match hindrance {
        Hindrance::Connecting => text::HINDRANCE_CONNECTING,
        Hindrance::NoConnection(why) => unreachable_word(why),
        Hindrance::KeyNotAccepted => text::HINDRANCE_KEY,
        Hindrance::ClockWrong => text::HINDRANCE_CLOCK,
    }
}

/// Says where a transaction stands.
pub fn standing_word(standing: Standing) -> Word {
    match standing {
        Standing::Open => text::STANDING_OPEN,
        Standing::Cancelling => text::STANDING_CANCELLING,
        Standing::Unsettled => text::STANDING_UNSETTLED,
        Standing::PaidLate => text::STANDING_PAID_LATE,
        Standing::Paid => text::STANDING_PAID,
        Standing::Refused => text::STANDING_REFUSED,
        Standing::NotSent => text::STANDING_NOT_SENT,
        Standing::Reversed => text::STANDING_REVERSED,
        Standing::GivingBack => text::STANDING_GIVING_BACK,
        Standing::PartlyGivenBack => text::STANDING_PARTLY_GIVEN_BACK,
        Standing::GivenBack => text::STANDING_GIVEN_BACK,
    }
}

/// What a paper is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaperName {
    /// It proves a payment.
    Receipt,
    /// It says anything else.
    Slip,
}

/// Says what became of the paper; `None` where none is owed.
pub fn paper_word(paper: PaperState, name: PaperName) -> Option<Word> {
    match (paper, name) {
        (PaperState::None, _) => None,
        (PaperState::Printing, PaperName::Receipt) => Some(text::PAPER_PRINTING),
        (PaperState::Printing, PaperName::Slip) => Some(text::SLIP_PRINTING),
        (PaperState::Printed, PaperName::Receipt) => Some(text::PAPER_PRINTED),
        (PaperState::Printed, PaperName::Slip) => Some(text::SLIP_PRINTED),
        (PaperState::NotConfirmed, _) => Some(text::PAPER_NOT_CONFIRMED),
        (PaperState::Held, PaperName::Receipt) => Some(text::PAPER_HELD),
        (PaperState::Held, PaperName::Slip) => Some(text::SLIP_HELD),
    }
}

/// Says what a day's comparison comes to.
pub fn day_word(verdict: DayVerdict) -> Word {
    match verdict {
        DayVerdict::Agrees => text::DAY_AGREES,
        DayVerdict::Differs => text::DAY_DIFFERS,
        DayVerdict::NotAllAsked => text::DAY_NOT_ALL_ASKED,
        DayVerdict::NotAllSettled => text::DAY_NOT_ALL_SETTLED,
    }
}

/// Says the same to a cashier who does something else by now.
pub fn notice_day_word(verdict: DayVerdict) -> Word {
    match verdict {
        DayVerdict::Agrees => text::NOTICE_DAY_AGREES,
        DayVerdict::Differs => text::NOTICE_DAY_DIFFERS,
        DayVerdict::NotAllAsked | DayVerdict::NotAllSettled => text::NOTICE_DAY_NOT_ALL,
    }
}

/// Says which wallet a payment method of the acquirer's is; `None` of one that has no name of its own here.
pub fn wallet_word(payment_method: &str) -> Option<Word> {
    (payment_method == "ALIPAY_HK").then_some(text::WALLET_ALIPAY_HK)
}

/// Says how the customer paid.
pub fn product_word(product: Product) -> Word {
    match product {
        Product::PaymentCode => text::PRODUCT_PAYMENT_CODE,
        Product::OrderCode => text::PRODUCT_ORDER_CODE,
        Product::CashierPayment => text::PRODUCT_LINK,
        Product::EntryCode => text::PRODUCT_ENTRY_CODE,
    }
}

/// Says what put the terminal out of service.
pub fn cause_word(cause: Cause) -> Word {
    match cause {
        Cause::DiskFull => text::CAUSE_DISK_FULL,
        Cause::JournalBroken => text::CAUSE_JOURNAL_BROKEN,
        Cause::JournalDamaged => text::CAUSE_JOURNAL_DAMAGED,
        Cause::JournalNewer => text::CAUSE_JOURNAL_NEWER,
    }
}
