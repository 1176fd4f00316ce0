//! Codes that the customer may have taken along, printed or as a link: waited for in the background, also after a
//! restart (field rule 1).

use super::*;
use crate::ask::Product;

impl Payment {
    /// Whether it waits for a customer who may have its code in hand.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.phase, Phase::Open(_)) && self.facts.lasting.is_some()
    }

    /// Its code is shown once more; whoever asks for that wants to know how it stands, too.
    pub(crate) fn show_again(&mut self, now: Mono) {
        let Some(code) = &self.facts.lasting else { return };
        if let Phase::Open(open) = &mut self.phase {
            self.code = Some(code.clone());
            open.parked = Some(0);
            open.next = now;
        }
    }

    /// Goes on waiting after a restart. Where the clock can't be trusted it waits its whole time anew; the acquirer
    /// closes the order at `expireAt` all the same.
    pub(super) fn wait_on(&mut self, turn: &mut Turn<'_>) {
        let timings = turn.settings.timings;
        let whole = match self.facts.asked.product {
            Product::CashierPayment => timings.link_limit_ms,
            Product::OrderCode | Product::PaymentCode | Product::EntryCode => timings.printed_code_limit_ms,
        };
        let now = turn.mono();
        let limit = now.after(self.left_by_wall(turn).unwrap_or(whole));
        let (parked, seen) = (Some(0), Seen::Nothing);
        self.phase = Phase::Open(Open { limit, next: now, parked, seen, lasts: true });
    }

    /// A limit that was guessed for want of a clock is put right as soon as there is one.
    pub(super) fn learn_limit(&mut self, turn: &Turn<'_>) {
        if self.facts.lasting.is_none() {
            return;
        }
        let left = self.left_by_wall(turn);
        if let (Phase::Open(open), Some(left)) = (&mut self.phase, left) {
            open.limit = open.limit.min(turn.mono().after(left));
        }
    }

    /// Milliseconds until its limit, by the wall clock.
    fn left_by_wall(&self, turn: &Turn<'_>) -> Option<u64> {
        let left = self.facts.asked.expire_at.minus(turn.wall()?);
        let left = u64::try_from(left).unwrap_or(0);
        Some(left.saturating_sub(turn.settings.timings.expire_after_limit_ms))
    }
}
