//! What the cashier would see if the acquirer said yes now. Whoever has time can draw it ahead; it is shown only if it
//! comes exactly so.

use super::*;
use crate::ask::{Answer, Says, Status, StatusWord};
use crate::screen::{Outcome, ResultScreen, Screen};

impl Desk {
    /// The screens that would follow if what the counter waits for were paid; `None` where it waits for no such answer.
    ///
    /// Nothing happens to this desk: a copy of it is told the answer.
    pub fn hoped_for(&self, now: Now) -> Option<View> {
        let payment = self.payment(self.counter.transaction()?)?;
        let no = payment.awaits()?;
        let status = Status {
            state: StatusWord::Success,
            uq_id: payment.facts().uq_id().cloned(),
            amount: Some(payment.facts().asked.amount),
            paid: None,
            refunded: None,
            code: None,
        };
        let reply = Reply::Answer(Answer { says: Says::Status(status), date: None });
        let mut then = self.clone();
        then.handle(now, Event::Answered { no, reply });
        let is_paid = |result: &ResultScreen| result.outcome == Outcome::Paid;
        then.shown.filter(|view| matches!(&view.cashier, Screen::Result(result) if is_paid(result)))
    }
}
