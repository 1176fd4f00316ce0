//! What is on disk: facts, each saved before anything that relies on it happens.

use alloc::string::String;

use crate::ask::{AnswerCode, Decline, OrderCode, PaidAt, Product, Silence};
use crate::code::MaskedCode;
use crate::day::Compared;
use crate::ids::{OrderId, UqOrderId};
use crate::money::Amount;
use crate::now::Wall;

/// One record of the journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The transaction that it is about; `None` for facts about the terminal itself.
    pub transaction: Option<OrderId>,
    /// The wall clock, where it could be trusted.
    pub at: Option<Wall>,
    /// What happened, or what is about to.
    pub fact: Fact,
}

/// What a record says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// A PAY is about to leave. Always a transaction's first record.
    Asked(Asked),
    /// Money came in by the shop's static code, as a notification told. Always its transaction's first record, and paid.
    Received(Received),
    /// Its order code is about to be shown: from here on it can be paid.
    Shown(Shown),
    /// Not one byte of the PAY left: nothing was charged. Final.
    NotSent,
    /// Paid. Final for the money; the goods may be handed over.
    Paid(Paid),
    /// Refused: nothing was charged. Final.
    Refused(Refused),
    /// A CANCEL is about to leave. Nothing says *paid* from here on until it is refused.
    Cancelling {
        /// The id of the cancellation.
        cancel: OrderId,
        /// Why the sale is cancelled.
        why: WhyCancel,
    },
    /// The acquirer confirmed this cancellation.
    CancelConfirmed {
        /// The id of the cancellation.
        cancel: OrderId,
    },
    /// The acquirer definitely refused this cancellation.
    CancelRefused {
        /// The id of the cancellation.
        cancel: OrderId,
        /// What it said.
        decline: Decline,
    },
    /// Cancelled, and a question sent afterwards agreed: not paid, and what was paid went back. Final.
    Reversed,
    /// Not settled: the cashier was told so, and the terminal asks on in the background.
    Unsettled {
        /// Why it could not be settled at the counter.
        why: WhyUnsettled,
    },
    /// Paid after all, found after the cashier was told that the sale is over: a person must answer.
    PaidLate(Paid),
    /// A person's answer to *paid late*.
    Decided(Decision),
    /// A REFUND is about to leave: from here on its money may be on its way back.
    Refunding {
        /// The id of the refund.
        refund: OrderId,
        /// How much is given back.
        amount: Amount,
    },
    /// The money of this refund went back. Final for it.
    Refunded {
        /// The id of the refund.
        refund: OrderId,
    },
    /// The acquirer definitely refused this refund: nothing went back by it. Final for it.
    RefundRefused {
        /// The id of the refund.
        refund: OrderId,
        /// What it said.
        decline: Decline,
    },
    /// Not one byte of the REFUND left: nothing went back by it. Final for it.
    RefundNotSent {
        /// The id of the refund.
        refund: OrderId,
    },
    /// The acquirer has given back another amount than the journal knows of: nothing was asked for.
    RefundsDiffer {
        /// What the journal knows to have been given back.
        ours: Amount,
        /// What the acquirer says.
        theirs: Amount,
    },
    /// News that contradicts what is known; settled by asking.
    Contradicted(Contradiction),
    /// Someone with the manager's PIN allowed this.
    Approved(Approval),
    /// A receipt is about to go to the printer.
    Printing {
        /// What is printed.
        paper: Paper,
        /// The paper may be the second: it says DUPLICATE.
        duplicate: bool,
    },
    /// The printer is done with it.
    Printed {
        /// What was printed.
        paper: Paper,
        /// The printer confirmed it, or can't tell.
        confirmed: bool,
    },
    /// The printer took nothing of it: the next one is the first.
    NotPrinted {
        /// What was not printed.
        paper: Paper,
    },
    /// The program started, or came back into service after a fault of the journal.
    Started {
        /// The program's version.
        version: String,
    },
    /// The shop file held a manager's PIN: without one, what needs it is locked from now on.
    PinSet,
    /// Notifications of the static code are listened for.
    Listening {
        /// Since this moment nothing was heard, for longer than the acquirer repeats: payments may be missing.
        missed_since: Option<Wall>,
    },
    /// A day was compared with the acquirer.
    Compared(Compared),
    /// The manager set the clock.
    ClockSet {
        /// To this time.
        to: Wall,
    },
}

/// The content of [`Fact::Asked`]: all that is needed to finish the transaction after a power cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// How the customer pays.
    pub product: Product,
    /// How much.
    pub amount: Amount,
    /// The payment code's last digits.
    pub code: Option<MaskedCode>,
    /// The sale: the id of its first attempt.
    pub sale: OrderId,
    /// Which attempt of the sale this is, from 1.
    pub attempt: u32,
    /// Until when the request can still become a charge.
    pub expire_at: Wall,
    /// Until when a payment of this date can be cancelled.
    pub cut_off: Wall,
    /// The unsettled attempt of the same sale that the manager let this one go beside.
    pub beside: Option<OrderId>,
}

/// The content of [`Fact::Received`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Received {
    /// How much.
    pub amount: Amount,
    /// The acquirer's id: the only one that it knows.
    pub uq_id: UqOrderId,
    /// When, by the acquirer's clock, and until when it can be cancelled.
    pub paid: Option<PaidAt>,
}

/// Where an order code is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shown {
    /// On a display: it is gone after a power cut.
    Display,
    /// As a link, or on a slip: the customer may have taken it along. It outlives a power cut, and so does its text,
    /// with which it can be shown and printed again.
    Paper(OrderCode),
}

/// The content of [`Fact::Paid`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paid {
    /// The acquirer's id.
    pub uq_id: Option<UqOrderId>,
    /// When, by the acquirer's clock, and until when it can be cancelled.
    pub paid: Option<PaidAt>,
    /// What said so.
    pub by: Source,
}

/// What said so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// The answer to the PAY itself.
    Pay,
    /// The answer to a DETAIL.
    Detail,
    /// A notification, of a payment that nobody asked for.
    Notification,
    /// A person.
    Person,
}

/// The content of [`Fact::Refused`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// Why.
    pub decline: Decline,
    /// What said so.
    pub by: Source,
}

/// Why a sale is cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhyCancel {
    /// The cashier pressed Stop.
    Stop,
    /// Its time was over.
    Limit,
    /// The customer's payment code was scanned instead.
    Scanned,
    /// No code that could be shown came back.
    NoCode,
    /// The terminal started again in the middle of it.
    Restart,
    /// It was paid after all, and the cashier gives the money back.
    PayBack,
    /// It was paid, and the customer gets all of it back on the same day.
    GiveBack,
}

impl WhyCancel {
    /// Whether it is there to give back money of a payment that is known to be paid.
    pub fn gives_back(self) -> bool {
        match self {
            WhyCancel::PayBack | WhyCancel::GiveBack => true,
            WhyCancel::Stop
            | WhyCancel::Limit
            | WhyCancel::Scanned
            | WhyCancel::NoCode
            | WhyCancel::Restart => false,
        }
    }
}

/// Why a transaction is not settled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WhyUnsettled {
    /// The cancellation was not answered.
    NoAnswer(Option<Silence>),
    /// The acquirer does not know the payment, which may still arrive.
    Absent,
    /// The acquirer says that it is still being processed.
    Processing,
    /// The acquirer contradicts its own confirmation.
    Contradiction,
    /// This wallet knows no cancellation.
    NoCancel,
    /// The day for cancelling is over.
    CutOff,
    /// The cancellation was refused, and nothing final is known of the payment.
    CancelRefused(AnswerCode),
}

/// A person's answer to *paid late*.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// The customer has the goods: it is a sale.
    GoodsHandedOver,
    /// The customer shall have the money back.
    PayBack,
}

/// News that does not fit what is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contradiction {
    /// `success` as the first answer to a PAY that needs a customer: the id was used before.
    PaidBeforeShown,
    /// `success` after a confirmed cancellation.
    PaidAfterCancel,
    /// A code that was never shown was paid.
    PaidUnseen,
    /// News other than *paid* about a payment that is paid.
    NotPaidAfterPaid,
    /// The acquirer says *paid* of a payment that has ended without.
    PaidAfterEnd,
    /// A notification says *paid* of a payment that has ended without: the acquirer is asked.
    NotifiedPaid,
    /// A notification denies a payment that is paid: the acquirer is asked.
    NotifiedNotPaid,
}

/// What the manager's PIN allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Approval {
    /// A new attempt of a sale while an earlier one is unsettled.
    AttemptBeside(OrderId),
    /// Setting the clock.
    SetClock,
    /// Giving money back.
    GiveBack {
        /// Of this payment.
        payment: OrderId,
        /// How much.
        amount: Amount,
    },
}

/// A kind of paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Paper {
    /// What the customer takes away when it is paid.
    Receipt,
    /// It was not paid, and why.
    NotPaid,
    /// Cancelled.
    Reversal,
    /// Not settled: do not charge again.
    Unsettled,
    /// Money given back: the oldest refund that has no slip yet.
    Refund,
    /// A copy that someone asked for.
    Copy,
    /// A code to be scanned, for the customer to take along.
    CodeSlip,
    /// The code on such a slip is worth nothing any more: nothing was paid.
    Void,
}
