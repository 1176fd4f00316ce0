//! The last transactions: found again without a network, one key away.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::ids::OrderId;
use crate::payment::Facts;
use crate::record::{Fact, Record};
use crate::screen::{Standing, Summary};

/// How many ended transactions are remembered.
const RECENT_MAX: usize = 40;

/// Ended transactions, the newest last, and what has been said about the ones that went on alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent {
    ended: VecDeque<Facts>,
    told: Vec<(OrderId, Standing)>,
    /// *Paid late* ones that the cashier put off.
    deferred: Vec<OrderId>,
}

impl Recent {
    /// Reads the tail of the journal: whole transactions that are not open.
    pub(crate) fn read(tail: &[Record], is_open: impl Fn(OrderId) -> bool) -> Recent {
        let mut recent = Recent::default();
        for first in tail.iter().filter(|record| matches!(record.fact, Fact::Asked(_) | Fact::Received(_))) {
            let Some(id) = first.transaction.filter(|id| !is_open(*id)) else { continue };
            let own = tail.iter().filter(|record| record.transaction == Some(id));
            if let Ok(facts) = Facts::fold(own) {
                recent.push(facts);
            }
        }
        recent
    }

    pub(crate) fn push(&mut self, facts: Facts) {
        self.told.retain(|(id, _)| *id != facts.id);
        self.deferred.retain(|id| *id != facts.id);
        if self.ended.len() >= RECENT_MAX {
            self.ended.pop_front();
        }
        self.ended.push_back(facts);
    }

    /// Takes one out: it is taken up again.
    pub(crate) fn take(&mut self, id: OrderId) -> Option<Facts> {
        let place = self.ended.iter().position(|facts| facts.id == id)?;
        self.ended.remove(place)
    }

    pub(crate) fn find(&self, id: OrderId) -> Option<&Facts> {
        self.ended.iter().find(|facts| facts.id == id)
    }

    pub(crate) fn find_mut(&mut self, id: OrderId) -> Option<&mut Facts> {
        self.ended.iter_mut().find(|facts| facts.id == id)
    }

    /// All of them, also those that nobody ever saw.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Facts> {
        self.ended.iter()
    }

    /// The newest first, without orders that nobody ever saw: an end of one is told once, on its own screen.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Facts> {
        self.ended.iter().rev().filter(|facts| !facts.is_quiet())
    }

    /// Notes where a transaction that goes on alone stands; whether that is news.
    pub(crate) fn tell(&mut self, facts: &Facts) -> bool {
        let standing = facts.standing();
        match self.told.iter_mut().find(|(id, _)| *id == facts.id) {
            Some((_, told)) if *told == standing => false,
            Some((_, told)) => {
                *told = standing;
                true
            }
            None => {
                self.told.push((facts.id, standing));
                true
            }
        }
    }

    /// The cashier answers this one later.
    pub(crate) fn defer(&mut self, id: OrderId) {
        if !self.is_deferred(id) {
            self.deferred.push(id);
        }
    }

    pub(crate) fn is_deferred(&self, id: OrderId) -> bool {
        self.deferred.contains(&id)
    }

    /// Notes that the cashier has seen this on the screen.
    pub(crate) fn seen(&mut self, facts: &Facts) {
        self.tell(facts);
    }
}

/// One line about one transaction.
pub(crate) fn summary(facts: &Facts) -> Summary {
    Summary { id: facts.id, amount: facts.asked.amount, at: facts.asked_at, standing: facts.standing() }
}
