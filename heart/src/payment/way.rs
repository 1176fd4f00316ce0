//! How an attempt collects the money.

use crate::ask::{PayProduct, Product};
use crate::code::{MaskedCode, PaymentCode};
use crate::settings::Timings;

/// How an attempt collects the money.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    /// The customer's code was scanned.
    Scan(PaymentCode),
    /// An order code on the displays.
    Display,
    /// An order code on a slip.
    Paper,
    /// A link.
    Link,
}

impl Way {
    /// How long the customer has, in milliseconds.
    pub(crate) fn limit_ms(&self, timings: &Timings) -> u64 {
        match self {
            Way::Scan(_) => timings.payment_code_limit_ms,
            Way::Display => timings.order_code_limit_ms,
            Way::Paper => timings.printed_code_limit_ms,
            Way::Link => timings.link_limit_ms,
        }
    }

    /// Whether its code outlives the display.
    pub(crate) fn lasts(&self) -> bool {
        match self {
            Way::Scan(_) | Way::Display => false,
            Way::Paper | Way::Link => true,
        }
    }

    /// The scanned code's last digits.
    pub(crate) fn masked(&self) -> Option<MaskedCode> {
        match self {
            Way::Scan(code) => Some(code.masked()),
            Way::Display | Way::Paper | Way::Link => None,
        }
    }

    /// What the acquirer calls it.
    pub(crate) fn product(&self) -> Product {
        match self {
            Way::Scan(_) => Product::PaymentCode,
            Way::Display | Way::Paper => Product::OrderCode,
            Way::Link => Product::CashierPayment,
        }
    }

    /// What the acquirer calls it, with the code.
    pub(crate) fn into_product(self) -> PayProduct {
        match self {
            Way::Scan(code) => PayProduct::PaymentCode(code),
            Way::Display | Way::Paper => PayProduct::OrderCode,
            Way::Link => PayProduct::CashierPayment,
        }
    }
}
