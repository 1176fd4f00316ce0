//! What leaves the terminal: every request is explained by a record that is durable, and is the only one of its kind.

use super::*;

impl Witness {
    /// Money by the static code is recorded once, and only as a notification told it that still waits for its answer.
    pub(super) fn check_received(&mut self, id: OrderId, received: &Received) {
        if self.transactions().any(|facts| facts.uq_id() == Some(&received.uq_id)) {
            self.object(format!("{id} was received before: {}", received.uq_id.0));
        }
        let told = self.news.values().any(|news| {
            news.about == About::Entry
                && news.state == StatusWord::Success
                && news.uq_id.as_ref() == Some(&received.uq_id)
                && news.amount == received.amount
        });
        if !told {
            self.object(format!("{id} was received, and no notification told so"));
        }
    }

    /// A new attempt of a sale needs every earlier one to be settled as not paid, or, while one is unsettled, the
    /// manager's approval (field rule 4). An order whose code never reached a display can't be paid, and does not count.
    pub(super) fn check_attempt(&mut self, id: OrderId, asked: &Asked) {
        let earlier = self.notes.known.values().map(|known| &known.facts);
        let open = earlier.filter(|facts| facts.asked.sale == asked.sale && facts.id != id);
        let open = open.filter(|facts| !facts.is_quiet());
        let open = open.filter(|facts| match facts.standing() {
            Standing::Refused | Standing::NotSent | Standing::Reversed | Standing::GivenBack => false,
            Standing::Unsettled => asked.beside.is_none(),
            Standing::Open
            | Standing::Cancelling
            | Standing::PaidLate
            | Standing::Paid
            | Standing::GivingBack
            | Standing::PartlyGivenBack => true,
        });
        let open: Vec<String> = open.map(|facts| format!("{} {:?}", facts.id, facts.standing())).collect();
        if !open.is_empty() {
            self.object(format!("{id} begins beside other attempts of its sale: {}", open.join(", ")));
        }
    }

    pub(super) fn asked(&mut self, now: Now, ask: &Ask) {
        if self.requests.contains_key(&ask.no) {
            self.object(format!("request number {:?} was used twice", ask.no));
        }
        match &ask.request {
            Request::Pay(pay) => self.check_pay(pay),
            Request::Detail { id, .. } => {
                let Some(id) = self.ours(id) else { return self.remember(now, ask) };
                let payment = self.notes.refunds.get(&id).copied().unwrap_or(id);
                match self.notes.known.get_mut(&payment) {
                    Some(known) => known.last_asked = now.mono,
                    // The keys are proven with a fresh id; what is searched for may be another terminal's.
                    None => drop(self.used.insert(id)),
                }
            }
            Request::Cancel { id, original, .. } => {
                let Some(original) = &self.ours(original) else {
                    return self.object(format!("CANCEL of {original} left, and no record explains it"));
                };
                match self.notes.known.get_mut(original) {
                    Some(known) => known.last_asked = now.mono,
                    None => self.object(format!("CANCEL of {original}, which was never begun")),
                }
                let on_disk = self.notes.known.get(original).and_then(|known| known.cancel.as_ref());
                if on_disk.is_none_or(|cancel| cancel.id != *id) {
                    self.object(format!("CANCEL {id} of {original} left and is not on disk"));
                }
                let seen =
                    self.shown.as_ref().and_then(|code| self.codes.iter().find(|(known, _)| known == code));
                if seen.is_some_and(|(_, shown)| shown == original) {
                    self.object(format!("CANCEL of {original} left while its code is on the display"));
                }
            }
            Request::Refund { id, original, amount } => match self.ours(original) {
                Some(original) => self.check_refund(now, *id, original, *amount),
                None => self.object(format!("REFUND of {original} left, and no record explains it")),
            },
        }
        self.remember(now, ask);
    }

    fn remember(&mut self, now: Now, ask: &Ask) {
        let wall = now.wall.map(|trusted| trusted.wall);
        let sent = Sent { request: ask.request.clone(), step: self.step, wall, mono: now.mono };
        self.requests.insert(ask.no, sent);
    }

    /// A REFUND is the one on disk, and leaves again only once it was said twice, a minute apart, that it never came.
    fn check_refund(&mut self, now: Now, id: OrderId, original: OrderId, amount: Amount) {
        let Some(known) = self.notes.known.get_mut(&original) else {
            return self.object(format!("REFUND of {original}, which was never begun"));
        };
        known.last_asked = now.mono;
        let on_disk = known.facts.open_refund().is_some_and(|open| open.id == id && open.amount == amount);
        let Some(refund) = known.refund.as_mut().filter(|refund| on_disk && refund.id == id) else {
            return self.object(format!("REFUND {id} of {original} left and is not on disk"));
        };
        let apart = match refund.absent.as_slice() {
            [first, .., last] => last.since(*first),
            [] | [_] => 0,
        };
        let again_too_soon = refund.sent > 0 && apart < 60_000;
        refund.sent += 1;
        refund.absent.clear();
        if again_too_soon {
            self.object(format!("REFUND {id} left again, and it may have arrived before"));
        }
    }

    /// The record is durable before the PAY leaves, it is the same payment, and it is the first and only PAY.
    fn check_pay(&mut self, pay: &Pay) {
        let sent_before = self
            .requests
            .values()
            .any(|sent| matches!(&sent.request, Request::Pay(other) if other.id == pay.id));
        if sent_before {
            self.object(format!("PAY of {} left twice", pay.id));
        }
        let Some(known) = self.notes.known.get(&pay.id) else {
            return self.object(format!("PAY of {} left and nothing is on disk", pay.id));
        };
        let asked = &known.facts.asked;
        if !matches!(known.last_record, Fact::Asked(_)) {
            self.objections.push(format!("PAY of {} left after {:?}", pay.id, known.last_record));
        }
        let same = asked.amount == pay.amount
            && asked.product == pay.product.product()
            && asked.expire_at == pay.expire_at;
        if !same {
            self.object(format!("PAY of {} is another payment than the one on disk", pay.id));
        }
    }
}
