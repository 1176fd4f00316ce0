//! What the acquirer pushes: hints, each answered once what it tells is on disk or was nothing new (field rule 9).
//!
//! A notification decides nothing. About a payment that still waits, it makes the terminal ask at once, and is answered
//! when the payment's own records say what it told; where they do not in time, the acquirer shall send it again.

use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::ask::StatusWord;
use crate::event::Search;
use crate::ids::UqOrderId;
use crate::news::{About, News, NewsNo, Taken};
use crate::payment::Stage;
use crate::record::Record;

/// How long a notification waits for the question that it caused, in milliseconds; the listener waits a little longer.
const PATIENCE_MS: u64 = 10_000;

/// Notifications whose answer is owed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owed(Vec<Owing>);

#[derive(Clone, Debug)]
pub(super) struct Owing {
    pub(super) no: NewsNo,
    pub(super) news: News,
    until: Mono,
}

impl Owed {
    pub(crate) fn deadline(&self) -> Option<Mono> {
        self.0.iter().map(|owing| owing.until).min()
    }

    /// Those about a payment by the static code with this id of the acquirer's.
    pub(super) fn about_entry(&self, uq_id: &UqOrderId) -> impl Iterator<Item = &Owing> {
        let about = move |news: &News| news.about == About::Entry && news.uq_id.as_ref() == Some(uq_id);
        self.0.iter().filter(move |owing| about(&owing.news))
    }

    pub(super) fn pay_off(&mut self, turn: &mut Turn<'_>, no: NewsNo, taken: Taken) {
        self.0.retain(|owing| owing.no != no);
        acknowledge(turn, no, taken);
    }
}

/// What a notification is, beside what is on disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Weight {
    /// The records say it already, or say more.
    Known,
    /// It may be the end of a wait.
    News,
    /// It names another amount: not about this payment.
    Other,
    /// It denies an end that is on disk, for the first time.
    Denies,
}

impl Desk {
    pub(super) fn notified(&mut self, turn: &mut Turn<'_>, no: NewsNo, news: News) {
        if self.service.runs() {
            match news.about {
                About::Order(id) => self.notified_of(turn, id, &news),
                About::Entry => self.notified_of_entry(turn, &news),
                About::Stranger => {}
            }
        }
        let until = turn.mono().after(PATIENCE_MS);
        self.owed.0.push(Owing { no, news, until });
    }

    fn notified_of(&mut self, turn: &mut Turn<'_>, id: OrderId, news: &News) {
        match self.weigh(id, news) {
            Some(Weight::News) => self.hurry(turn, id),
            Some(Weight::Denies) => self.doubt(turn, id, news),
            Some(Weight::Known | Weight::Other) => {}
            None => turn.effects.push(Effect::Find(Search(String::from(id.as_str())))),
        }
    }

    /// The journal was searched for an order that memory does not know.
    pub(super) fn order_found(
        &mut self,
        turn: &mut Turn<'_>,
        search: &Search,
        records: &Result<Vec<Record>, JournalFault>,
    ) {
        let Some(id) = OrderId::parse(&search.0).filter(|id| self.facts(*id).is_none()) else { return };
        let mut told = self.owed.0.iter().filter(|owing| owing.news.about == About::Order(id));
        let told = told.next().map(|owing| (owing.no, owing.news.clone()));
        let Some((no, news)) = told.filter(|_| self.service.runs()) else { return };
        let taken = match records.as_ref().map(Facts::fold) {
            // The search found nothing at all, or what it found can't be read.
            Ok(Err(misfit)) if misfit.id.is_none() => Taken::Refused,
            Ok(Err(_)) | Err(_) => Taken::Later,
            // It is about a cancellation or a refund: its own records follow from questions about the payment.
            Ok(Ok(facts)) if facts.id != id => {
                let open = self.facts(facts.id).is_some_and(|facts| facts.end().is_none());
                if open { Taken::Later } else { Taken::Taken }
            }
            Ok(Ok(facts)) => match weight(&facts, &news) {
                Weight::Known => Taken::Taken,
                Weight::Other => Taken::Refused,
                Weight::News => Taken::Later,
                Weight::Denies => {
                    self.recent.push(facts);
                    self.doubt(turn, id, &news);
                    Taken::Taken
                }
            },
        };
        self.owed.pay_off(turn, no, taken);
    }

    fn hurry(&mut self, turn: &mut Turn<'_>, id: OrderId) {
        let now = turn.mono();
        let own = self.counter.transaction() == Some(id);
        if let Some(payment) = self.payment_mut(id) {
            payment.hurry(now);
            if own {
                payment.wake(turn);
            }
        }
    }

    /// Answers every notification that can be answered, after whatever has happened.
    pub(super) fn answer_news(&mut self, turn: &mut Turn<'_>) {
        for owing in core::mem::take(&mut self.owed.0) {
            match self.answer_to(turn.mono(), &owing) {
                Some(taken) => acknowledge(turn, owing.no, taken),
                None => self.owed.0.push(owing),
            }
        }
    }

    fn answer_to(&self, now: Mono, owing: &Owing) -> Option<Taken> {
        if !self.service.runs() {
            // What is in memory may not be on disk.
            return Some(Taken::Later);
        }
        let weight = match owing.news.about {
            About::Order(id) => self.weigh(id, &owing.news),
            About::Entry => self.weigh_entry(&owing.news),
            About::Stranger => None,
        };
        match weight {
            Some(Weight::Known) => Some(Taken::Taken),
            Some(Weight::Other) => Some(Taken::Refused),
            // The journal is being searched for an order that memory does not know.
            None if !matches!(owing.news.about, About::Order(_)) => Some(Taken::Refused),
            Some(Weight::News | Weight::Denies) | None => (owing.until <= now).then_some(Taken::Later),
        }
    }

    fn weigh(&self, id: OrderId, news: &News) -> Option<Weight> {
        self.facts(id).map(|facts| weight(facts, news))
    }
}

/// Weighs news about a transaction that is known.
pub(super) fn weight(facts: &Facts, news: &News) -> Weight {
    if news.amount != facts.asked.amount {
        return Weight::Other;
    }
    let denies = if facts.contradicted { Weight::Known } else { Weight::Denies };
    match (news.state, &facts.stage) {
        // Only the acquirer's own mind may still change; and what was given back was paid before.
        (StatusWord::Processing, _) | (StatusWord::Success, Stage::Ended(End::Reversed)) => Weight::Known,
        (StatusWord::Success, _) if facts.paid.is_some() => Weight::Known,
        (StatusWord::Success, Stage::Ended(_) | Stage::Refunding) => denies,
        (
            StatusWord::Fail | StatusWord::Closed,
            Stage::Ended(End::Refused(_) | End::NotSent | End::Reversed),
        ) => Weight::Known,
        (StatusWord::Fail | StatusWord::Closed, Stage::Ended(End::Paid) | Stage::Refunding) => denies,
        (
            StatusWord::Success | StatusWord::Fail | StatusWord::Closed,
            Stage::Asked | Stage::Cancelling | Stage::Unsettled | Stage::PaidLate | Stage::PayingBack,
        ) => Weight::News,
    }
}

fn acknowledge(turn: &mut Turn<'_>, no: NewsNo, taken: Taken) {
    turn.effects.push(Effect::Acknowledge { no, taken });
}
