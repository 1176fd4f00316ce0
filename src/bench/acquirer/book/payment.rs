//! One payment: who asked for it, how far it is, and which money moved.

use jiff::Timestamp;

use super::{Pace, count_down};
use crate::bench::acquirer::amount::Amount;
use crate::bench::acquirer::request::{Pay, Product};
use crate::bench::acquirer::wallet::{Answer, fresh_token};

/// How far a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench::acquirer) enum Status {
    Processing,
    Success,
    Fail,
    Closed,
}

impl Status {
    pub(in crate::bench::acquirer) fn name(self) -> &'static str {
        match self {
            Status::Processing => "processing",
            Status::Success => "success",
            Status::Fail => "fail",
            Status::Closed => "closed",
        }
    }
}

pub(in crate::bench::acquirer) struct Payment {
    pub(in crate::bench::acquirer) asked: Pay,
    pub(in crate::bench::acquirer) uq: String,
    pub(in crate::bench::acquirer) created: Timestamp,
    pub(in crate::bench::acquirer) status: Status,
    /// Why it failed or was closed.
    pub(in crate::bench::acquirer) reason: Option<String>,
    pub(in crate::bench::acquirer) paid: Option<Timestamp>,
    /// What makes its order code unlike any other.
    pub(in crate::bench::acquirer) token: String,
    pub(in crate::bench::acquirer) scanned: bool,
    /// The customer has been asked on the phone and hasn't answered.
    pub(in crate::bench::acquirer) phone_asks: bool,
    pub(in crate::bench::acquirer) movements: Vec<Movement>,
    /// The last state that was pushed to the merchant.
    pub(in crate::bench::acquirer) told: Status,
    pace: Pace,
    /// The customer has paid; this many DETAILs still hear `processing`.
    settling: Option<u32>,
}

/// Which way money moved, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bench::acquirer) enum MovementKind {
    /// From the customer to the merchant.
    Paid,
    /// Back, by a refund.
    Refunded,
    /// Back, by a cancellation.
    Cancelled,
}

impl MovementKind {
    pub(in crate::bench::acquirer) fn name(self) -> &'static str {
        match self {
            MovementKind::Paid => "paid",
            MovementKind::Refunded => "refunded",
            MovementKind::Cancelled => "cancelled",
        }
    }
}

/// Money that moved.
pub(in crate::bench::acquirer) struct Movement {
    pub(in crate::bench::acquirer) kind: MovementKind,
    pub(in crate::bench::acquirer) amount: Amount,
    pub(in crate::bench::acquirer) at: Timestamp,
    /// The transaction of the merchant's that moved it.
    pub(in crate::bench::acquirer) by: String,
}

impl Payment {
    pub(super) fn new(asked: Pay, uq: String, pace: Pace, created: Timestamp) -> Payment {
        Payment {
            asked,
            uq,
            created,
            status: Status::Processing,
            reason: None,
            paid: None,
            token: fresh_token(),
            scanned: false,
            phone_asks: false,
            movements: Vec::new(),
            told: Status::Processing,
            pace,
            settling: None,
        }
    }

    /// What the merchant has of it in the end.
    pub(in crate::bench::acquirer) fn kept(&self) -> Amount {
        self.movements.iter().fold(self.asked.amount.zero_like(), |kept, movement| match movement.kind {
            MovementKind::Paid => kept.plus(movement.amount),
            MovementKind::Refunded | MovementKind::Cancelled => kept.minus(movement.amount),
        })
    }

    /// How often the customer was charged.
    pub(in crate::bench::acquirer) fn times_paid(&self) -> usize {
        self.movements.iter().filter(|movement| movement.kind == MovementKind::Paid).count()
    }

    /// Whether the customer has paid and only the acquirer is slow.
    pub(in crate::bench::acquirer) fn is_settling(&self) -> bool {
        self.settling.is_some()
    }

    /// Whether DETAIL may say that it doesn't exist, as some wallets do until their order code is scanned.
    pub(in crate::bench::acquirer) fn is_unscanned(&self) -> bool {
        self.asked.product != Product::PaymentCode && !self.scanned && self.status == Status::Processing
    }

    /// What the customer answers on the phone.
    pub(in crate::bench::acquirer) fn answered(&mut self, answer: Answer, now: Timestamp) {
        self.phone_asks = false;
        match (answer, self.pace) {
            (Answer::Pay, Pace::AtOnce) => self.take_money(now),
            (Answer::Pay, Pace::AfterDetails(left)) => self.settling = Some(left),
            (Answer::Refuse, _) => self.fail("refused on the phone"),
            (Answer::Wait, _) => self.phone_asks = true,
        }
    }

    /// A DETAIL has come: money that was slow may arrive now.
    pub(super) fn asked_about(&mut self, now: Timestamp) {
        if self.status == Status::Processing && count_down(&mut self.settling) {
            self.take_money(now);
        }
    }

    fn take_money(&mut self, now: Timestamp) {
        self.status = Status::Success;
        self.paid = Some(now);
        let (amount, by) = (self.asked.amount, self.asked.id.clone());
        self.movements.push(Movement { kind: MovementKind::Paid, amount, at: now, by });
    }

    pub(super) fn fail(&mut self, why: &str) {
        self.status = Status::Fail;
        self.reason = Some(why.to_owned());
    }

    pub(super) fn close(&mut self, why: &str) {
        self.phone_asks = false;
        self.status = Status::Closed;
        self.reason = Some(why.to_owned());
    }
}
