//! Cancellations: a whole payment, on its own day, whether or not it has been paid.

use jiff::Timestamp;

use super::{Book, Found, Movement, MovementKind, Pace, Refunding, Status};
use crate::bench::acquirer::answer::{Code, Refusal};
use crate::bench::acquirer::config::Config;
use crate::bench::acquirer::request::Cancel;

/// A cancellation that was not refused.
pub(in crate::bench::acquirer) struct Cancellation {
    pub(in crate::bench::acquirer) asked: Cancel,
    pub(in crate::bench::acquirer) uq: String,
    pub(in crate::bench::acquirer) created: Timestamp,
    pub(in crate::bench::acquirer) status: Status,
    /// None where the acquirer had never seen the payment and said yes all the same.
    pub(in crate::bench::acquirer) payment: Option<usize>,
    pub(super) settling: Option<u32>,
}

impl Book {
    /// Cancels a whole payment: closes it, and gives back what was paid.
    ///
    /// A cancellation that is refused leaves nothing behind, so that the same id is judged anew when it comes again.
    pub(in crate::bench::acquirer) fn cancel(
        &mut self,
        asked: Cancel,
        pace: Pace,
        now: Timestamp,
        config: &Config,
    ) -> Result<Found, Refusal> {
        if let Some(found) = self.seen(&asked.id, &asked.content)? {
            return Ok(found);
        }
        let payment = match self.original(&asked.original) {
            Ok(payment) => Some(payment),
            Err(refusal) if refusal.code == Code::NotFound && config.cancels_unknown => None,
            Err(refusal) => return Err(refusal),
        };
        if let Some(payment) = payment {
            self.cancellable(payment, now, config)?;
        }
        let n = self.cancellations.len();
        let uq = self.name(&asked.id, Found::Cancellation(n));
        let settling = match pace {
            Pace::AtOnce => None,
            Pace::AfterDetails(left) => Some(left),
        };
        let status = Status::Processing;
        self.cancellations.push(Cancellation { asked, uq, created: now, status, payment, settling });
        if settling.is_none() {
            self.finish_cancellation(n, now);
        }
        Ok(Found::Cancellation(n))
    }

    /// The cancellation of a payment that hasn't taken effect yet.
    pub(in crate::bench::acquirer) fn pending_cancellation(&self, payment: usize) -> Option<usize> {
        self.cancellations.iter().position(|c| c.payment == Some(payment) && c.status == Status::Processing)
    }

    fn cancellable(&self, n: usize, now: Timestamp, config: &Config) -> Result<(), Refusal> {
        let Some(payment) = self.payments.get(n) else { return Ok(()) };
        let state = |why: &str| Err(Refusal::new(Code::WrongState, why));
        match payment.status {
            Status::Closed => return Ok(()),
            Status::Fail => return state("the payment failed: there is nothing to cancel"),
            Status::Processing | Status::Success => {}
        }
        if self.pending_cancellation(n).is_some() {
            return state("another cancellation of this payment is under way");
        }
        let refunds = |refund: &Refunding| refund.payment == n && refund.status != Status::Fail;
        if self.refunds.iter().any(refunds) {
            return state("the payment has been refunded in part: only a whole payment can be cancelled");
        }
        let date = config.zone.to_datetime(payment.paid.unwrap_or(payment.created)).date();
        if config.zone.to_datetime(now) >= date.to_datetime(config.cancel_until) {
            return Err(Refusal::new(
                Code::CancelPeriodOver,
                format!("a payment of {date} could be cancelled before {}", config.cancel_until),
            ));
        }
        Ok(())
    }

    pub(super) fn finish_cancellation(&mut self, n: usize, now: Timestamp) {
        let Some(cancellation) = self.cancellations.get_mut(n) else { return };
        cancellation.status = Status::Success;
        let by = cancellation.asked.id.clone();
        let Some(payment) = cancellation.payment.and_then(|n| self.payments.get_mut(n)) else { return };
        if payment.status == Status::Success {
            let amount = payment.asked.amount;
            payment.movements.push(Movement { kind: MovementKind::Cancelled, amount, at: now, by });
        }
        if payment.status != Status::Closed {
            payment.close("cancelled");
        }
    }
}
