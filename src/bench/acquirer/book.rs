//! The acquirer's book: payments, refunds and cancellations, and every movement of money.
//!
//! What always holds: an id names one transaction for ever; money comes in at most once a payment; what goes back never
//! exceeds what came in; a payment that is closed or failed never comes back to life.

mod cancellation;
mod payment;
mod refund;

use std::collections::HashMap;

use jiff::Timestamp;

use super::answer::{Code, Refusal};
use super::check;
use super::config::Config;
use super::request::{Named, Pay};
use super::wallet::Wallet;

use self::cancellation::Cancellation;
pub(super) use self::payment::{Movement, MovementKind, Payment, Status};
use self::refund::Refunding;

/// Where a transaction stands in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Payment(usize),
    Refund(usize),
    Cancellation(usize),
}

/// How quickly a transaction takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    AtOnce,
    /// After this many DETAILs have been told that it is processing.
    AfterDetails(u32),
}

#[derive(Default)]
pub(super) struct Book {
    pub(super) payments: Vec<Payment>,
    pub(super) refunds: Vec<Refunding>,
    pub(super) cancellations: Vec<Cancellation>,
    by_merchant: HashMap<String, Found>,
    by_acquirer: HashMap<String, Found>,
}

impl Book {
    pub(super) fn find(&self, named: &Named) -> Option<Found> {
        match named {
            Named::ByMerchant(id) => self.by_merchant.get(id).copied(),
            Named::ByAcquirer(id) => self.by_acquirer.get(id).copied(),
        }
    }

    /// The transaction under either kind of id.
    pub(super) fn find_any(&self, id: &str) -> Option<Found> {
        self.by_merchant.get(id).or_else(|| self.by_acquirer.get(id)).copied()
    }

    /// The payment that a transaction is, or is about.
    pub(super) fn payment_of(&self, found: Found) -> Option<usize> {
        match found {
            Found::Payment(n) => Some(n),
            Found::Refund(n) => self.refunds.get(n).map(|refund| refund.payment),
            Found::Cancellation(n) => self.cancellations.get(n).and_then(|cancellation| cancellation.payment),
        }
    }

    /// Closes what nobody has paid in time; says whether anything changed.
    pub(super) fn expire(&mut self, now: Timestamp) -> bool {
        let mut changed = false;
        for payment in &mut self.payments {
            if payment.status == Status::Processing && payment.asked.expire_at <= now {
                payment.close("nobody paid before expireAt");
                changed = true;
            }
        }
        changed
    }

    /// Takes a payment: new, or the state of the one that has this id.
    pub(super) fn pay(
        &mut self,
        asked: Pay,
        pace: Pace,
        now: Timestamp,
        config: &Config,
        wallet: &mut Wallet,
    ) -> Result<Found, Refusal> {
        if let Some(found) = self.seen(&asked.id, &asked.content)? {
            return Ok(found);
        }
        check::expiry(&asked, now, config)?;
        let charged = asked.code.as_deref().map(|code| wallet.charge(code, &asked.id, now));
        let n = self.open(asked, pace, now);
        let Some(payment) = self.payments.get_mut(n) else { return Ok(Found::Payment(n)) };
        match charged {
            None => {}
            // A customer who refuses is no error of the call's: its answer says `fail`.
            Some(Ok(answer)) => payment.answered(answer, now),
            Some(Err(why)) => {
                payment.fail(why);
                return Err(Refusal::new(Code::PaymentCodeInvalid, why));
            }
        }
        Ok(Found::Payment(n))
    }

    /// Enters a payment as turned down by the acquirer itself.
    pub(super) fn reject(
        &mut self,
        asked: Pay,
        why: Refusal,
        now: Timestamp,
        wallet: &mut Wallet,
    ) -> Result<Found, Refusal> {
        if let Some(found) = self.seen(&asked.id, &asked.content)? {
            return Ok(found);
        }
        if let Some(code) = asked.code.as_deref() {
            let _ = wallet.charge(code, &asked.id, now);
        }
        let n = self.open(asked, Pace::AtOnce, now);
        if let Some(payment) = self.payments.get_mut(n) {
            payment.fail(&why.why);
        }
        Err(why)
    }

    /// Lets the time pass that lies between two questions: what takes effect slowly comes one DETAIL nearer.
    pub(super) fn asked_about(&mut self, found: Found, now: Timestamp) {
        match found {
            Found::Payment(n) => {
                if let Some(payment) = self.payments.get_mut(n) {
                    payment.asked_about(now);
                }
                if let Some(pending) = self.pending_cancellation(n) {
                    self.asked_about(Found::Cancellation(pending), now);
                }
            }
            Found::Refund(n) => {
                if self.refunds.get_mut(n).is_some_and(|refund| count_down(&mut refund.settling)) {
                    self.finish_refund(n, now);
                }
            }
            Found::Cancellation(n) => {
                if self.cancellations.get_mut(n).is_some_and(|c| count_down(&mut c.settling)) {
                    self.finish_cancellation(n, now);
                }
            }
        }
    }

    /// Enters a payment by the static code: paid, and known by the acquirer's own id alone.
    pub(super) fn enter(&mut self, asked: Pay, now: Timestamp) {
        let n = self.payments.len();
        let uq = format!("UQ{:010}", self.by_acquirer.len() + 1);
        self.by_acquirer.insert(uq.clone(), Found::Payment(n));
        let mut payment = Payment::new(asked, uq, Pace::AtOnce, now);
        payment.answered(super::wallet::Answer::Pay, now);
        self.payments.push(payment);
    }

    fn open(&mut self, asked: Pay, pace: Pace, now: Timestamp) -> usize {
        let n = self.payments.len();
        let uq = self.name(&asked.id, Found::Payment(n));
        self.payments.push(Payment::new(asked, uq, pace, now));
        n
    }

    /// Gives a transaction its second id and remembers both.
    fn name(&mut self, id: &str, found: Found) -> String {
        let uq = format!("UQ{:010}", self.by_acquirer.len() + 1);
        self.by_merchant.insert(id.to_owned(), found);
        self.by_acquirer.insert(uq.clone(), found);
        uq
    }

    /// The transaction that has this id already, if it was asked for with the same content.
    fn seen(&self, id: &str, content: &str) -> Result<Option<Found>, Refusal> {
        let Some(found) = self.by_merchant.get(id).copied() else { return Ok(None) };
        let before = match found {
            Found::Payment(n) => self.payments.get(n).map(|payment| &payment.asked.content),
            Found::Refund(n) => self.refunds.get(n).map(|refund| &refund.asked.content),
            Found::Cancellation(n) => self.cancellations.get(n).map(|c| &c.asked.content),
        };
        if before.is_some_and(|before| before == content) {
            return Ok(Some(found));
        }
        Err(Refusal::new(Code::OrderIdUsed, format!("merchantOrderId {id} was used with other content")))
    }

    fn original(&self, named: &Named) -> Result<usize, Refusal> {
        match self.find(named) {
            Some(Found::Payment(n)) => Ok(n),
            Some(_) => {
                Err(Refusal::new(Code::WrongState, format!("transaction {} is no payment", named.id())))
            }
            None => Err(Refusal::new(Code::NotFound, "Transaction does not exist")),
        }
    }
}

/// Counts one question; true once it comes after the last that had to be put off.
fn count_down(settling: &mut Option<u32>) -> bool {
    match settling {
        None => false,
        Some(0) => {
            *settling = None;
            true
        }
        Some(left) => {
            *left -= 1;
            false
        }
    }
}
