//! What is asked of the acquirer, and what can come back.

use alloc::string::String;

use crate::code::PaymentCode;
use crate::ids::{OrderId, RequestNo, Target, UqOrderId};
use crate::money::Amount;
use crate::now::Wall;

/// One request, numbered: an answer says which one it belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Its number, never used again while the program runs.
    pub no: RequestNo,
    /// What is asked.
    pub request: Request,
}

/// What can be asked of the acquirer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Request {
    /// Start a payment. Never sent twice.
    Pay(Pay),
    /// How does this transaction stand?
    Detail {
        /// Which one (to prove the keys: an id that was never used).
        id: Target,
        /// The amount that an answer must name; `None` where there is nothing to compare.
        amount: Option<Amount>,
    },
    /// Void the whole payment. Sent again with the same id until it is answered.
    Cancel {
        /// The id of this cancellation.
        id: OrderId,
        /// The payment.
        original: Target,
        /// The payment's amount, which an answer must not contradict.
        amount: Amount,
    },
    /// Give back a part of a payment, or all of it.
    Refund {
        /// The id of this refund.
        id: OrderId,
        /// The payment.
        original: Target,
        /// How much is given back.
        amount: Amount,
    },
}

impl Request {
    /// The transaction that the request is about: for a cancellation and a refund the payment itself.
    pub fn about(&self) -> Target {
        match self {
            Request::Pay(pay) => Target::Ours(pay.id),
            Request::Detail { id, .. } => id.clone(),
            Request::Cancel { original, .. } | Request::Refund { original, .. } => original.clone(),
        }
    }

    /// The id of ours that [`Request::about`] names, where it names one.
    pub fn payment(&self) -> Option<OrderId> {
        self.about().ours()
    }
}

/// A PAY request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pay {
    /// The payment's id.
    pub id: OrderId,
    /// How the customer pays, with what only that way needs.
    pub product: PayProduct,
    /// How much.
    pub amount: Amount,
    /// Until when an unanswered request can still become a charge.
    pub expire_at: Wall,
}

/// The product of a PAY, with the customer's code where there is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PayProduct {
    /// The terminal scanned the customer's code.
    PaymentCode(PaymentCode),
    /// The customer will scan a code that the acquirer makes.
    OrderCode,
    /// The customer will pay by a link that the acquirer makes.
    CashierPayment,
}

/// How a transaction came about (contract, section 4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Product {
    /// The terminal scanned the customer's code.
    PaymentCode,
    /// The customer scans a code on the display, or on a slip.
    OrderCode,
    /// The customer pays by a link, on a phone of their own.
    CashierPayment,
    /// The customer scanned the shop's static code and entered the amount: nothing was asked for.
    EntryCode,
}

impl Product {
    /// Whether the acquirer makes a code for it, and nobody can pay before that was shown.
    pub fn makes_code(self) -> bool {
        match self {
            Product::OrderCode | Product::CashierPayment => true,
            Product::PaymentCode | Product::EntryCode => false,
        }
    }
}

impl PayProduct {
    /// The product without the code.
    pub fn product(&self) -> Product {
        match self {
            PayProduct::PaymentCode(_) => Product::PaymentCode,
            PayProduct::OrderCode => Product::OrderCode,
            PayProduct::CashierPayment => Product::CashierPayment,
        }
    }
}

/// What came of one request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// Not one byte was handed to TLS: nothing can have happened (name, connect or handshake failed).
    NotSent(Unreachable),
    /// It left, and nothing that counts as an answer came back.
    Unknown(Silence),
    /// A verified answer.
    Answer(Answer),
}

/// A verified answer: signed under the present keys and, where it names ids and amounts, about what was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// What it says.
    pub says: Says,
    /// The acquirer's own clock, from the `Date` header.
    pub date: Option<Wall>,
}

/// What a verified answer says of its request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Says {
    /// The transaction stands so.
    Status(Status),
    /// Declined: this request had no effect.
    Declined(Decline),
    /// "Transaction does not exist". Decides nothing about a payment that was sent.
    Absent,
    /// The request was not accepted: signature, client or key.
    NotAccepted(AnswerCode),
    /// The acquirer is busy or the code is not known: the result is not known either.
    Unclear(AnswerCode),
}

/// The answer's own code, for the record and the paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AnswerCode(pub String);

/// A transaction's state as the acquirer tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    /// The state.
    pub state: StatusWord,
    /// The acquirer's id.
    pub uq_id: Option<UqOrderId>,
    /// Its amount.
    pub amount: Option<Amount>,
    /// When it was paid, and until when such a payment can be cancelled.
    pub paid: Option<PaidAt>,
    /// How much of it was refunded.
    pub refunded: Option<Amount>,
    /// The text of the code that the customer is to scan.
    pub code: Option<OrderCode>,
}

/// A moment of payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PaidAt {
    /// `payTime`.
    pub at: Wall,
    /// Until when it can be cancelled (`cancel_until` of that day).
    pub cut_off: Wall,
}

/// The four words of `data.status`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StatusWord {
    /// Done: for a payment, paid.
    Success,
    /// May still change by itself.
    Processing,
    /// It failed; nothing was charged.
    Fail,
    /// Closed: it can no longer be paid, and what was paid went back.
    Closed,
}

/// The text that is drawn as an order code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderCode(pub String);

/// A verified refusal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decline {
    /// Why, as far as the terminal has words for it.
    pub reason: Reason,
    /// The acquirer's code.
    pub code: AnswerCode,
}

/// Why a payment was refused, in the shop's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The payment code is invalid or expired.
    CodeInvalid,
    /// The wallet has not enough money.
    Balance,
    /// The acquirer's risk control said no.
    Risk,
    /// A field was illegal: the terminal or its profile is at fault.
    Parameter,
    /// The id was used before with other content.
    IdUsed,
    /// The day for cancelling is over.
    CutOff,
    /// The transaction is not in a state for this.
    State,
    /// More than what is left.
    TooMuch,
    /// The request's signature, client or key was not accepted.
    NotAccepted,
    /// `status` came back as `fail`.
    Failed,
    /// `status` came back as `closed`.
    Closed,
    /// The acquirer does not know the transaction, long after it could still arrive.
    NeverArrived,
    /// Something else that declines.
    Other,
}

/// Why a request did not leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreachable {
    /// The acquirer's name could not be looked up.
    Name,
    /// No connection was made in time, or it was refused.
    Connect,
    /// The TLS handshake failed, the certificate was not good, or it took too long.
    Tls,
    /// The request could not even be built from what the files say.
    Request,
}

/// Why an exchange brought no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Silence {
    /// No whole answer in time.
    TimeOut,
    /// The connection broke.
    Broken,
    /// Another HTTP status than 200.
    Http(u16),
    /// A body that can't be read.
    Unreadable,
    /// The signature is missing or wrong.
    BadSignature,
    /// Other ids, another amount or another currency than what was asked.
    OtherTransaction,
}
