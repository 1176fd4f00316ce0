//! The customers' phones: payment codes held up to a scanner, and order codes read from a display.
//!
//! A phone shows a fresh payment code each time; the code works once and not for long. What its owner will answer is
//! chosen when the code is made, and can be changed as long as nothing has been decided.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::{Value, json};

use super::answer::order_code;
use super::book::{Book, Payment, Status};
use super::request::Product;

/// How many payment codes there can be: 14 digits after the 28 vary, whatever their number is.
const CODES: u64 = 10_u64.pow(14);

/// How many digits a payment code has: 16 to 24, usually 18.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digits(usize);

impl Digits {
    /// So many of them.
    ///
    /// # Errors
    /// A number that no wallet's code has.
    pub fn of(number: usize) -> Result<Digits, String> {
        match number {
            16..=24 => Ok(Digits(number)),
            other => Err(format!("a payment code has 16 to 24 digits, and not {other}")),
        }
    }
}

impl Default for Digits {
    fn default() -> Digits {
        Digits(18)
    }
}

/// What the owner of a phone does when asked to pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// Pays.
    #[default]
    Pay,
    /// Doesn't pay, and that is final for this order.
    Refuse,
    /// Is asked for a password and takes the time to think.
    Wait,
}

impl FromStr for Answer {
    type Err = String;

    fn from_str(word: &str) -> Result<Answer, String> {
        match word {
            "pay" => Ok(Answer::Pay),
            "refuse" => Ok(Answer::Refuse),
            "wait" => Ok(Answer::Wait),
            other => Err(format!("{other:?} is no answer: use pay, refuse or wait")),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Answer::Pay => "pay",
            Answer::Refuse => "refuse",
            Answer::Wait => "wait",
        })
    }
}

/// All payment codes that were ever shown.
pub(super) struct Wallet {
    codes: HashMap<String, PaymentCode>,
    life: SignedDuration,
}

struct PaymentCode {
    made: Timestamp,
    answer: Answer,
    /// The order that it was charged for.
    order: Option<String>,
}

impl Wallet {
    pub(super) fn new(life: Duration) -> Wallet {
        Wallet { codes: HashMap::new(), life: SignedDuration::try_from(life).unwrap_or(SignedDuration::MAX) }
    }

    /// Makes a code that no phone has shown before, starting 28 as AlipayHK's do.
    pub(super) fn fresh_code(&mut self, answer: Answer, length: Digits, now: Timestamp) -> String {
        let mut number = random() % CODES;
        while self.codes.contains_key(&code_of(number, length)) {
            number = (number + 1) % CODES;
        }
        let code = code_of(number, length);
        self.codes.insert(code.clone(), PaymentCode { made: now, answer, order: None });
        code
    }

    /// Uses a code up for an order.
    ///
    /// # Errors
    /// Why it can't be charged.
    pub(super) fn charge(&mut self, code: &str, order: &str, now: Timestamp) -> Result<Answer, &'static str> {
        let Some(known) = self.codes.get_mut(code) else {
            return Err("payment code invalid: no phone has shown it");
        };
        if known.order.is_some() {
            return Err("payment code invalid: it was used before");
        }
        if now.duration_since(known.made) > self.life {
            return Err("payment code expired");
        }
        known.order = Some(order.to_owned());
        Ok(known.answer)
    }

    /// Answers a phone that has been asked: by payment code, by either id of the order, or by the order code.
    ///
    /// # Errors
    /// Why nobody waits for this answer.
    pub(super) fn answer(
        &mut self,
        book: &mut Book,
        code_or_order: &str,
        answer: Answer,
        now: Timestamp,
    ) -> Result<Value, String> {
        let mut name = code_or_order;
        if let Some(code) = self.codes.get_mut(code_or_order) {
            match &code.order {
                None => {
                    code.answer = answer;
                    return Ok(
                        json!({ "did": "changed what its owner will answer", "answer": answer.to_string() }),
                    );
                }
                Some(order) => name = order,
            }
        }
        let n =
            find(book, name).ok_or_else(|| format!("{code_or_order:?} is no payment code and no order"))?;
        let payment = open_payment(book, n)?;
        if !payment.phone_asks {
            return Err(format!(
                "no phone is asked about order {}: it has to be scanned first",
                payment.asked.id
            ));
        }
        Ok(ask_owner(payment, answer, now))
    }
}

/// A phone has decoded this text from a display.
///
/// # Errors
/// Why the text can't be paid.
pub(super) fn scan(book: &mut Book, decoded: &str, answer: Answer, now: Timestamp) -> Result<Value, String> {
    let by_code = |payment: &Payment| {
        payment.asked.product != Product::PaymentCode && order_code(&payment.token) == decoded
    };
    let n = book
        .payments
        .iter()
        .position(by_code)
        .ok_or_else(|| format!("the wallet doesn't know the code {decoded:?}"))?;
    let payment = open_payment(book, n)?;
    payment.scanned = true;
    let mut did = ask_owner(payment, answer, now);
    if let Value::Object(fields) = &mut did {
        fields.insert("decoded".to_owned(), decoded.into());
    }
    Ok(did)
}

/// A word that makes an order code unlike any other.
pub(super) fn fresh_token() -> String {
    format!("{:016x}", random())
}

fn find(book: &Book, name: &str) -> Option<usize> {
    let by_code = || book.payments.iter().position(|payment| order_code(&payment.token) == name);
    book.find_any(name).and_then(|found| book.payment_of(found)).or_else(by_code)
}

/// The payment, if money can still move.
fn open_payment(book: &mut Book, n: usize) -> Result<&mut Payment, String> {
    let cancelling = book.pending_cancellation(n).is_some();
    let payment = book.payments.get_mut(n).ok_or("no such order")?;
    let id = &payment.asked.id;
    if payment.status != Status::Processing {
        return Err(format!("order {id} is {}: it can't be paid", payment.status.name()));
    }
    if cancelling {
        return Err(format!("order {id} is being cancelled: it can't be paid"));
    }
    if payment.is_settling() {
        return Err(format!("order {id} has been answered, and the acquirer takes its time"));
    }
    Ok(payment)
}

fn ask_owner(payment: &mut Payment, answer: Answer, now: Timestamp) -> Value {
    payment.answered(answer, now);
    let did = match answer {
        Answer::Pay if payment.is_settling() => "paid, and the acquirer takes its time",
        Answer::Pay => "paid",
        Answer::Refuse => "refused",
        Answer::Wait => "thinking",
    };
    json!({
        "did": did,
        "answer": answer.to_string(),
        "merchantOrderId": payment.asked.id,
        "amount": payment.asked.amount.to_string(),
        "currency": payment.asked.currency,
        "status": payment.status.name(),
    })
}

fn code_of(number: u64, Digits(length): Digits) -> String {
    format!("28{number:0width$}", width = length - 2)
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    let filled = SystemRandom::new().fill(&mut bytes);
    debug_assert!(filled.is_ok(), "the system has no randomness");
    u64::from_le_bytes(bytes)
}
