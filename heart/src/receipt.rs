//! What is on the paper, as a value: no fonts, no dots, no words.

use crate::ask::{Decline, OrderCode, Product};
use crate::code::MaskedCode;
use crate::ids::{OrderId, UqOrderId};
use crate::money::Amount;
use crate::now::Wall;
use crate::record::WhyUnsettled;

/// One piece of paper about one transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// What the paper says about the money.
    pub says: PaperSays,
    /// The transaction, also as a code that can be scanned back.
    pub id: OrderId,
    /// The acquirer's id.
    pub uq_id: Option<UqOrderId>,
    /// How much.
    pub amount: Amount,
    /// How the customer paid.
    pub product: Product,
    /// The payment code's last digits.
    pub code: Option<MaskedCode>,
    /// When: given back, paid, or asked.
    pub at: Option<Wall>,
    /// The cancellation's id, where there is one.
    pub cancel: Option<OrderId>,
    /// Until when an unpaid order can still be paid, where that matters.
    pub payable_until: Option<Wall>,
    /// The paper may be the second one.
    pub duplicate: bool,
}

/// What was given back, and what is left of a payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GivenBack {
    /// The id of the refund or the cancellation.
    pub id: OrderId,
    /// How much went back by it.
    pub amount: Amount,
    /// How much of the payment is left afterwards.
    pub left: Amount,
    /// When that was known, where the clock could be trusted.
    pub at: Option<Wall>,
}

/// What a paper says about the money.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PaperSays {
    /// Paid.
    Paid,
    /// Not paid, nothing was charged.
    NotPaid(Decline),
    /// No connection: nothing was charged.
    NotSent,
    /// Cancelled; if money left the wallet it comes back.
    Reversed,
    /// Not settled.
    Unsettled(WhyUnsettled),
    /// Paid after all; a person has not answered yet.
    PaidLate,
    /// Money of it was given back.
    GivenBack(GivenBack),
    /// Not paid yet: this code is scanned to pay.
    ScanToPay(OrderCode),
    /// The code printed before is worth nothing any more; nothing was paid by it.
    Void,
}
