//! The shop's static code: customers who pay by it, and the acquirer who tells of it again until the shop has it.

use postern_heart::ask::StatusWord;
use postern_heart::event::Event;
use postern_heart::ids::OrderId;
use postern_heart::money::{Amount, Currency};
use postern_heart::news::{About, News, NewsNo, Taken};

use super::Outside;
use crate::book::uq;
use crate::fortune::Push;
use crate::queue::Happening;

/// How long the acquirer waits before it tells again, in milliseconds (contract, section 9).
const AGAIN_MS: [u64; 3] = [300_000, 600_000, 900_000];

impl Outside<'_> {
    /// A customer scans the static code and enters an amount.
    pub fn pays_by_code(&mut self) {
        let now = self.world.wall();
        let minor = self.world.fortune.random.between(1, 9_999);
        let amount = Amount::new(minor, Currency::HKD);
        let Some(id) = self.world.book.enters(now, amount) else { return };
        self.world.tell(|| format!("  customer pays {minor} by the static code: {id}"));
        self.tells_again(1_000, id, 0);
    }

    fn tells_again(&mut self, in_ms: u64, id: OrderId, times: usize) {
        self.world.telling += 1;
        self.plan(in_ms, Happening::EntryTold { id, times });
    }

    /// The acquirer tells of a payment by the static code, unless it is taken.
    pub fn tells_entry(&mut self, id: OrderId, times: usize) {
        self.world.telling -= 1;
        if self.world.book.told(id).is_none_or(|told| told.taken) {
            return;
        }
        let push = self.world.fortune.push();
        self.world.tell(|| format!("  acquirer tells of {id}: {push:?}"));
        if self.counter.listens {
            self.world.book.is_listened_to();
        }
        match AGAIN_MS.get(times) {
            Some(pause) => self.tells_again(*pause, id, times + 1),
            None => self.world.book.is_over(id),
        }
        if !self.counter.listens {
            return;
        }
        let arrives = |outside: &mut Self, in_ms, state, counts| outside.brings(in_ms, id, state, counts);
        match push {
            Push::Lost => {}
            Push::Good => arrives(self, 100, StatusWord::Success, true),
            Push::AnswerLost => arrives(self, 100, StatusWord::Success, false),
            Push::Late(ms) => arrives(self, ms, StatusWord::Success, true),
            Push::Twice(ms) => {
                arrives(self, 100, StatusWord::Success, true);
                arrives(self, ms, StatusWord::Success, true);
            }
            Push::Denied(ms) => {
                arrives(self, 100, StatusWord::Success, true);
                arrives(self, ms, StatusWord::Closed, false);
            }
            Push::DeniedFirst => {
                arrives(self, 50, StatusWord::Closed, false);
                arrives(self, 100, StatusWord::Success, true);
            }
        }
    }

    /// One delivery; its answer `counts` where it comes back to the acquirer.
    fn brings(&mut self, in_ms: u64, id: OrderId, state: StatusWord, counts: bool) {
        let Some(amount) = self.world.book.amount(id) else { return };
        self.world.told += 1;
        let no = NewsNo(self.world.told);
        let paid = self.world.book.paid_at(id);
        let news = News { about: About::Entry, uq_id: Some(uq(id)), amount, state, paid };
        if counts {
            self.counter.owed.insert(no, id);
        }
        self.plan_event(in_ms, Event::Notified { no, news });
    }

    /// The terminal's answer to a notification.
    pub(super) fn is_answered(&mut self, no: NewsNo, taken: Taken) {
        let Some(id) = self.counter.owed.remove(&no) else { return };
        if taken == Taken::Taken {
            self.world.book.is_taken(id);
        }
    }
}
