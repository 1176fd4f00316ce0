//! What a scanner reads: the customer's payment code, or something that is none.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use crate::ids::{OrderId, TerminalId};

/// Text that came from a scanner: secret until it is known to be something else.
#[derive(Clone, PartialEq, Eq)]
pub struct Scanned(Zeroizing<String>);

impl Scanned {
    /// Takes the text of one scan, without its terminator and without an AIM identifier.
    pub fn new(text: String) -> Scanned {
        Scanned(Zeroizing::new(text))
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Scanned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scanned({} bytes)", self.0.len())
    }
}

/// A customer's payment code: 16 to 32 digits, good for one charge, never written down.
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentCode(Zeroizing<String>);

impl PaymentCode {
    /// Looks at a scan: a payment code, or why it is none (field rule 13).
    ///
    /// # Errors
    /// [`NotACode`] in words that a cashier can act on; nothing was sent.
    pub fn read(scan: &Scanned, terminal: TerminalId) -> Result<PaymentCode, NotACode> {
        let text = scan.reveal();
        if text.is_empty() {
            return Err(NotACode::Empty);
        }
        if text.starts_with("000201") && text.len() > PAYMENT_CODE_MAX {
            return Err(NotACode::ShopCode);
        }
        if text.contains("://") {
            return Err(NotACode::OrderCode);
        }
        if is_receipt_code(text, terminal) {
            return Err(NotACode::ReceiptCode);
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotACode::NotDigits);
        }
        if text.len() < PAYMENT_CODE_MIN {
            return Err(NotACode::TooShort);
        }
        if text.len() > PAYMENT_CODE_MAX {
            return Err(NotACode::TooLong);
        }
        match (text.len(), text.get(..2)) {
            (18, Some("10" | "11" | "12" | "13" | "14" | "15")) => {
                Err(NotACode::OtherWallet(OtherWallet::WeChatPay))
            }
            (19, Some("62")) => Err(NotACode::OtherWallet(OtherWallet::UnionPay)),
            _ => Ok(PaymentCode(scan.0.clone())),
        }
    }

    /// Reads the id in a receipt's code, whichever terminal printed it; `None` for anything else.
    pub fn receipt(scan: &Scanned) -> Option<OrderId> {
        let text = scan.reveal();
        OrderId::parse(text).filter(|_| text.bytes().filter(|b| *b == b'-').count() == 2)
    }

    /// The digits, for the one request that carries them.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What may be written down: the last four digits.
    pub fn masked(&self) -> MaskedCode {
        let last = self.0.len().saturating_sub(4);
        let mut text = String::from("…");
        text.push_str(self.0.get(last..).unwrap_or_default());
        MaskedCode(text)
    }
}

impl fmt::Debug for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaymentCode({})", self.masked().0)
    }
}

/// The part of a payment code that may be written down: `…3456`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MaskedCode(pub String);

/// The shortest payment code.
pub const PAYMENT_CODE_MIN: usize = 16;
/// The longest payment code that is read.
pub const PAYMENT_CODE_MAX: usize = 32;

/// Why a scan is not a payment code of this shop's wallets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotACode {
    /// Nothing but a terminator came.
    Empty,
    /// It holds something other than digits.
    NotDigits,
    /// Fewer than 16 digits.
    TooShort,
    /// More than 32 digits.
    TooLong,
    /// The code of a receipt that this terminal or a sister printed.
    ReceiptCode,
    /// An order code or another link: the customer should show, not scan.
    OrderCode,
    /// A shop's static code (EMVCo merchant QR).
    ShopCode,
    /// A wallet that this shop does not take.
    OtherWallet(OtherWallet),
}

/// A wallet whose payment codes are known and not taken here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OtherWallet {
    /// WeChat Pay: 18 digits that start with 10 to 15.
    WeChatPay,
    /// UnionPay: 19 digits that start with 62.
    UnionPay,
}

fn is_receipt_code(text: &str, terminal: TerminalId) -> bool {
    let dashes = text.bytes().filter(|b| *b == b'-').count();
    let ours = text.strip_prefix(terminal.as_str()).is_some_and(|rest| rest.starts_with('-'));
    OrderId::parse(text).is_some() && (ours || dashes == 2)
}
