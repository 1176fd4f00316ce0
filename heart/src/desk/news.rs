//! What the acquirer pushes: hints, each answered once what it tells is on disk or was nothing new (field rule 9).
//!
//! A notification decides nothing. About a payment that still waits, it makes the terminal ask at once, and is answered
//! when the payment's own records say what it told; where they do not in time, the acquirer shall send it again.

use alloc::vec::Vec;

use super::*;
use crate::ask::StatusWord;
use crate::news::{About, News, NewsNo, Taken};
use crate::payment::Stage;

/// How long a notification waits for the question that it caused, in milliseconds; the listener waits a little longer.
const PATIENCE_MS: u64 = 10_000;

/// Notifications whose answer is owed.
#[derive(Debug, Default)]
pub(crate) struct Owed(Vec<Owing>);

#[derive(Debug)]
struct Owing {
    no: NewsNo,
    about: OrderId,
    news: News,
    until: Mono,
}

impl Owed {
    pub(crate) fn deadline(&self) -> Option<Mono> {
        self.0.iter().map(|owing| owing.until).min()
    }
}

/// What a notification is, beside what is on disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Weight {
    /// The records say it already, or say more.
    Known,
    /// It may be the end of a wait.
    News,
    /// It names another amount: not about this payment.
    Other,
    /// It denies an end that is on disk.
    Denies,
}

impl Desk {
    pub(super) fn notified(&mut self, turn: &mut Turn<'_>, no: NewsNo, news: News) {
        let About::Order(about) = news.about else { return acknowledge(turn, no, Taken::Refused) };
        if self.service.runs() && self.weigh(about, &news) == Some(Weight::News) {
            self.hurry(turn, about);
        }
        let until = turn.mono().after(PATIENCE_MS);
        self.owed.0.push(Owing { no, about, news, until });
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
        match self.weigh(owing.about, &owing.news) {
            Some(Weight::Known) => Some(Taken::Taken),
            Some(Weight::Other) | None => Some(Taken::Refused),
            Some(Weight::Denies) => Some(Taken::Later),
            Some(Weight::News) => (owing.until <= now).then_some(Taken::Later),
        }
    }

    fn weigh(&self, id: OrderId, news: &News) -> Option<Weight> {
        self.facts(id).map(|facts| weight(facts, news))
    }
}

fn weight(facts: &Facts, news: &News) -> Weight {
    if news.amount != facts.asked.amount {
        return Weight::Other;
    }
    match (news.state, &facts.stage) {
        // Only the acquirer's own mind may still change; and what was given back was paid before.
        (StatusWord::Processing, _) | (StatusWord::Success, Stage::Ended(End::Reversed)) => Weight::Known,
        (StatusWord::Success, _) if facts.paid.is_some() => Weight::Known,
        (StatusWord::Success, Stage::Ended(_) | Stage::Refunding) => Weight::Denies,
        (
            StatusWord::Fail | StatusWord::Closed,
            Stage::Ended(End::Refused(_) | End::NotSent | End::Reversed),
        ) => Weight::Known,
        (StatusWord::Fail | StatusWord::Closed, Stage::Ended(End::Paid) | Stage::Refunding) => Weight::Denies,
        (
            StatusWord::Success | StatusWord::Fail | StatusWord::Closed,
            Stage::Asked | Stage::Cancelling | Stage::Unsettled | Stage::PaidLate | Stage::PayingBack,
        ) => Weight::News,
    }
}

fn acknowledge(turn: &mut Turn<'_>, no: NewsNo, taken: Taken) {
    turn.effects.push(Effect::Acknowledge { no, taken });
}
