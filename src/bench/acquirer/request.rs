//! What a terminal can ask, after every rule about its form has been checked.

use jiff::Timestamp;

use super::amount::Amount;

/// One of the four calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Api {
    Pay,
    Refund,
    Cancel,
    Detail,
}

impl Api {
    pub(super) const ALL: [Api; 4] = [Api::Pay, Api::Refund, Api::Cancel, Api::Detail];

    pub(super) fn name(self) -> &'static str {
        match self {
            Api::Pay => "PAY",
            Api::Refund => "REFUND",
            Api::Cancel => "CANCEL",
            Api::Detail => "DETAIL",
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Api::Pay => "/v1/pay",
            Api::Refund => "/v1/refund",
            Api::Cancel => "/v1/cancel",
            Api::Detail => "/v1/detail",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Request {
    Pay(Pay),
    Refund(Refund),
    Cancel(Cancel),
    Detail(Named),
}

impl Request {
    /// The id by which a request's order is known to the merchant.
    pub(super) fn about(&self) -> &str {
        match self {
            Request::Pay(pay) => &pay.id,
            Request::Refund(refund) => refund.original.id(),
            Request::Cancel(cancel) => cancel.original.id(),
            Request::Detail(named) => named.id(),
        }
    }
}

/// How a request names a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    ByMerchant(String),
    ByAcquirer(String),
}

impl Named {
    pub(super) fn id(&self) -> &str {
        match self {
            Named::ByMerchant(id) | Named::ByAcquirer(id) => id,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    CashierPayment,
    OrderCode,
    PaymentCode,
    /// By the shop's static code: no request ever names it.
    EntryCode,
}

impl Product {
    /// The products of PAY.
    pub(super) const ALL: [Product; 3] = [Product::CashierPayment, Product::OrderCode, Product::PaymentCode];

    pub(super) fn name(self) -> &'static str {
        match self {
            Product::CashierPayment => "CASHIER_PAYMENT",
            Product::OrderCode => "ORDER_CODE",
            Product::PaymentCode => "PAYMENT_CODE",
            Product::EntryCode => "ENTRY_CODE",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Pay {
    pub(super) id: String,
    pub(super) payment_method: String,
    pub(super) product: Product,
    pub(super) amount: Amount,
    pub(super) currency: String,
    pub(super) expire_at: Timestamp,
    /// The payment code; there for that product and no other.
    pub(super) code: Option<String>,
    pub(super) description: String,
    pub(super) notify_url: Option<String>,
    pub(super) origin: Origin,
    /// The flattened body: two requests with one id must agree in it.
    pub(super) content: String,
}

#[derive(Clone, Debug)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) original: Named,
    pub(super) amount: Amount,
    pub(super) currency: String,
    pub(super) reason: Option<String>,
    pub(super) origin: Origin,
    pub(super) content: String,
}

#[derive(Clone, Debug)]
pub(super) struct Cancel {
    pub(super) id: String,
    pub(super) original: Named,
    pub(super) origin: Origin,
    pub(super) content: String,
}

/// Where in the merchant's world a request comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) store_id: String,
    pub(super) sub_merchant_id: Option<String>,
    pub(super) terminal_id: Option<String>,
    pub(super) operator_id: Option<String>,
}
