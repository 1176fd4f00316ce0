//! Refunds: a part of a payment, as often as wanted, until all of it is back.

use jiff::Timestamp;

use super::{Book, Found, Movement, MovementKind, Pace, Status};
use crate::bench::acquirer::amount::Amount;
use crate::bench::acquirer::answer::{Code, Refusal};
use crate::bench::acquirer::request::Refund;

/// A refund, also one that was refused: its id says so for ever.
pub(in crate::bench::acquirer) struct Refunding {
    pub(in crate::bench::acquirer) asked: Refund,
    pub(in crate::bench::acquirer) uq: String,
    pub(in crate::bench::acquirer) created: Timestamp,
    pub(in crate::bench::acquirer) status: Status,
    pub(in crate::bench::acquirer) why_failed: Option<String>,
    pub(in crate::bench::acquirer) payment: usize,
    pub(super) settling: Option<u32>,
}

impl Book {
    /// Pays back a part of a payment, or all of it.
    pub(in crate::bench::acquirer) fn refund(
        &mut self,
        asked: Refund,
        pace: Pace,
        now: Timestamp,
    ) -> Result<Found, Refusal> {
        if let Some(found) = self.seen(&asked.id, &asked.content)? {
            return Ok(found);
        }
        let payment = self.original(&asked.original)?;
        let verdict = self.refundable(payment, &asked);
        let n = self.refunds.len();
        let uq = self.name(&asked.id, Found::Refund(n));
        self.refunds.push(Refunding {
            asked,
            uq,
            created: now,
            status: if verdict.is_ok() { Status::Processing } else { Status::Fail },
            why_failed: verdict.as_ref().err().map(|refusal| refusal.why.clone()),
            payment,
            settling: None,
        });
        verdict?;
        match pace {
            Pace::AtOnce => self.finish_refund(n, now),
            Pace::AfterDetails(left) => {
                if let Some(refund) = self.refunds.get_mut(n) {
                    refund.settling = Some(left);
                }
            }
        }
        Ok(Found::Refund(n))
    }

    /// What has been paid back of a payment by refunds, and what is on its way.
    pub(in crate::bench::acquirer) fn refunded(&self, payment: usize) -> Option<(Amount, Amount)> {
        let zero = self.payments.get(payment)?.asked.amount.zero_like();
        let sum = |status: Status| {
            self.refunds
                .iter()
                .filter(|refund| refund.payment == payment && refund.status == status)
                .fold(zero, |sum, refund| sum.plus(refund.asked.amount))
        };
        Some((sum(Status::Success), sum(Status::Processing)))
    }

    fn refundable(&self, n: usize, asked: &Refund) -> Result<(), Refusal> {
        let Some(payment) = self.payments.get(n) else { return Ok(()) };
        let state = |why: String| Err(Refusal::new(Code::WrongState, why));
        if payment.status != Status::Success {
            return state(format!("the payment is {}: nothing can be refunded", payment.status.name()));
        }
        if self.pending_cancellation(n).is_some() {
            return state("the payment is being cancelled".to_owned());
        }
        if payment.asked.currency != asked.currency {
            return Err(Refusal::parameter("currency isn't the payment's"));
        }
        let zero = asked.amount.zero_like();
        let (done, pending) = self.refunded(n).unwrap_or((zero, zero));
        let left = payment.asked.amount.minus(done).minus(pending);
        if asked.amount > left {
            return Err(Refusal::new(
                Code::RefundTooMuch,
                format!("{} is more than the {left} that is left", asked.amount),
            ));
        }
        Ok(())
    }

    pub(super) fn finish_refund(&mut self, n: usize, now: Timestamp) {
        let Some(refund) = self.refunds.get_mut(n) else { return };
        refund.status = Status::Success;
        let (amount, by) = (refund.asked.amount, refund.asked.id.clone());
        if let Some(payment) = self.payments.get_mut(refund.payment) {
            payment.movements.push(Movement { kind: MovementKind::Refunded, amount, at: now, by });
        }
    }
}
