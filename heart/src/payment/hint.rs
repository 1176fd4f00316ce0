//! A hint from outside that there is news: the next question is asked now instead of later.

use super::*;

impl Payment {
    /// Makes the next question due now. A hint decides nothing and skips nothing: what is asked, and what follows from
    /// its answer, is what would have come later; a question that is under way is not asked twice.
    pub(crate) fn hurry(&mut self, now: Mono) {
        match &mut self.phase {
            Phase::Open(open) => open.next = now,
            Phase::Confirming { again: Some(again), .. } | Phase::Checking { again: Some(again), .. } => {
                *again = now;
            }
            Phase::Background(background) => background.next = now,
            Phase::LastQuestion { .. }
            | Phase::Cancelling { .. }
            | Phase::Confirming { again: None, .. }
            | Phase::Checking { again: None, .. }
            // A payment's news says nothing of its refund.
            | Phase::Refunding(_)
            | Phase::Quiet => {}
        }
    }
}
