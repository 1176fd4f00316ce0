//! News that denies an end on disk: it is written down, the acquirer is asked, and the end stays (field rule 9).
//!
//! What is on disk was proven when it was written; a notification alone never overrules it. When a question sent
//! afterwards says the same as the notification, that is written down, too, and a person is told to look.

use alloc::vec::Vec;

use super::*;
use crate::ask::{Request, Says, StatusWord};
use crate::ids::Target;
use crate::money::Amount;
use crate::news::News;
use crate::payment::End;
use crate::record::Contradiction;

/// How long after a question without an answer it is asked again, in milliseconds.
const AGAIN_MS: u64 = 60_000;

/// Ends that are asked about once more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doubts(Vec<Doubt>);

#[derive(Clone, Debug)]
struct Doubt {
    id: OrderId,
    target: Target,
    amount: Amount,
    /// The question, while it has no answer.
    question: Option<RequestNo>,
    ask_at: Mono,
}

impl Doubts {
    pub(crate) fn deadline(&self) -> Option<Mono> {
        let due = self.0.iter().filter(|doubt| doubt.question.is_none());
        due.map(|doubt| doubt.ask_at).min()
    }
}

impl Desk {
    /// Writes down that a notification denies this end, and asks.
    pub(super) fn doubt(&mut self, turn: &mut Turn<'_>, id: OrderId, news: &News) {
        let Some(facts) = self.facts(id) else { return };
        let amount = facts.asked.amount;
        let target = facts.target();
        let paid = news.state == StatusWord::Success;
        let what = if paid { Contradiction::NotifiedPaid } else { Contradiction::NotifiedNotPaid };
        self.save_about(turn, id, Fact::Contradicted(what));
        self.doubts.0.push(Doubt { id, target, amount, question: None, ask_at: turn.mono() });
        self.ask_about_doubts(turn);
    }

    /// Asks whatever is due.
    pub(super) fn ask_about_doubts(&mut self, turn: &mut Turn<'_>) {
        let now = turn.mono();
        for doubt in self.doubts.0.iter_mut().filter(|doubt| doubt.question.is_none() && doubt.ask_at <= now)
        {
            let request = Request::Detail { id: doubt.target.clone(), amount: Some(doubt.amount) };
            doubt.question = Some(turn.ask(request));
        }
    }

    pub(super) fn doubt_answered(&mut self, turn: &mut Turn<'_>, no: RequestNo, reply: &Reply) {
        let again = turn.mono().after(AGAIN_MS);
        let Some(doubt) = self.doubts.0.iter_mut().find(|doubt| doubt.question == Some(no)) else { return };
        let state = match reply {
            Reply::Answer(answer) => match &answer.says {
                Says::Status(status) => Some(status.state),
                Says::Declined(_) | Says::Absent | Says::NotAccepted(_) | Says::Unclear(_) => None,
            },
            Reply::NotSent(_) | Reply::Unknown(_) => None,
        };
        let id = doubt.id;
        let paid_now = match state {
            Some(StatusWord::Success) => true,
            Some(StatusWord::Fail | StatusWord::Closed) => false,
            Some(StatusWord::Processing) | None => {
                doubt.question = None;
                doubt.ask_at = again;
                return;
            }
        };
        self.doubts.0.retain(|doubt| doubt.question != Some(no));
        let paid = self.facts(id).is_some_and(|facts| facts.end() == Some(&End::Paid));
        if paid == paid_now {
            return;
        }
        let what = if paid_now { Contradiction::PaidAfterEnd } else { Contradiction::NotPaidAfterPaid };
        self.save_about(turn, id, Fact::Contradicted(what));
        self.notify(turn, Notice::Contradiction);
        turn.sound(Sound::Attention);
    }
}
