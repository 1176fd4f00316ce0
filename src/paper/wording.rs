//! Which words and which sign stand for what a paper says.
//!
//! A paper is read by the customer, too, and later: unlike a screen it says what happened, not what to press next.

use postern_heart::ask::Reason;
use postern_heart::receipt::PaperSays;

use crate::glyphs::Mark;
use crate::text::wording::reason_word;
use crate::text::{self, Word};

/// Gives the sign and the heading of a paper.
pub(super) fn title(says: &PaperSays) -> (Mark, Word) {
    match says {
        PaperSays::Paid => (Mark::Paid, text::RECEIPT_PAID),
        PaperSays::NotPaid(_) => (Mark::NotPaid, text::RECEIPT_NOT_PAID),
        PaperSays::NotSent => (Mark::NoConnection, text::RECEIPT_NOT_PAID),
        PaperSays::Reversed => (Mark::Cancelled, text::RECEIPT_REVERSED),
        PaperSays::Unsettled(_) => (Mark::Unsettled, text::RECEIPT_UNSETTLED),
        PaperSays::GivenBack(_) => (Mark::GivenBack, text::RECEIPT_GIVEN_BACK),
        PaperSays::ScanToPay(_) => (Mark::Code, text::RECEIPT_SCAN_TO_PAY),
        PaperSays::Void => (Mark::Cancelled, text::RECEIPT_VOID),
        PaperSays::PaidLate => (Mark::Attention, text::RECEIPT_PAID_LATE),
    }
}

/// Says why a payment was refused.
pub(super) fn reason(reason: Reason) -> Word {
    match reason {
        Reason::CodeInvalid => text::RECEIPT_REASON_CODE_INVALID,
        Reason::Balance => text::RECEIPT_REASON_BALANCE,
        Reason::Risk => text::RECEIPT_REASON_RISK,
        Reason::Parameter => text::RECEIPT_REASON_PARAMETER,
        Reason::IdUsed => text::RECEIPT_REASON_ID_USED,
        Reason::NotAccepted => text::RECEIPT_REASON_NOT_ACCEPTED,
        Reason::Failed => text::RECEIPT_REASON_FAILED,
        Reason::Other => text::RECEIPT_REASON_OTHER,
        // These only tell what happened on the screen as well.
        Reason::CutOff | Reason::State | Reason::TooMuch | Reason::Closed | Reason::NeverArrived => {
            reason_word(reason)
        }
    }
}
