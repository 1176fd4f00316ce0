//! What the screens and papers say, held against the book.

use postern_heart::ids::OrderId;
use postern_heart::receipt::{PaperSays, Receipt};
use postern_heart::screen::{Screen, Standing, View};

use super::{Counter, Outside};
use crate::queue::Happening;
use crate::witness::each_claim;

impl Outside<'_> {
    /// What was said to be not paid must stay so, and a sale that the disk knows of is charged once.
    pub(super) fn look_at_charges(&mut self) {
        for id in self.world.book.take_news() {
            for (in_ms, wrong) in self.world.fortune.notifications() {
                // The acquirer knows one address, at which either may listen.
                let at = self.world.some_terminal();
                self.world.queue.plan(self.world.now + in_ms, at, Happening::Told { id, wrong });
            }
            if self.world.denied.contains(&id) {
                self.world.violates(format!("{id} is charged after it was said to be not paid"));
            }
            let Some(asked) = self.counter.witness.facts(id).map(|facts| facts.asked.clone()) else {
                if !self.counter.is_elsewhere(id) {
                    self.world.violates(format!("{id} is charged and not on disk"));
                }
                continue;
            };
            let others: Vec<OrderId> = self.world.book.charged().filter(|other| *other != id).collect();
            for other in others {
                let Some(facts) = self.counter.witness.facts(other) else { continue };
                let same = facts.asked.sale == asked.sale;
                let later = if facts.asked.attempt > asked.attempt { &facts.asked } else { &asked };
                if same && later.beside.is_none() {
                    self.world.violates(format!("one sale is charged twice: {other} and {id}"));
                }
            }
        }
    }

    /// The book's id of a transaction, which is its own but for what came in by the static code.
    fn at_book(&self, id: OrderId) -> OrderId {
        let facts = self.counter.witness.facts(id);
        facts.and_then(|facts| self.world.book.named(&facts.target())).unwrap_or(id)
    }

    /// Whoever was told that money came can't know that it went back elsewhere.
    fn went_elsewhere(&self, id: OrderId) -> bool {
        self.counter.is_elsewhere(id) && self.world.book.was_charged(self.at_book(id))
    }

    pub(super) fn claims(&mut self, where_: &'static str, id: OrderId, standing: Standing) {
        let at_book = self.at_book(id);
        let charged = self.world.book.is_charged(at_book);
        let refunded = self.world.book.refunded(at_book);
        let elsewhere = self.went_elsewhere(id);
        match standing {
            Standing::Paid | Standing::PaidLate if !elsewhere && (!charged || refunded > 0) => {
                self.world.violates(format!(
                    "{where_} says {id} is {standing:?}, and the book: {}",
                    self.world.book.tell(at_book)
                ));
            }
            Standing::Refused | Standing::NotSent | Standing::Reversed => {
                if charged {
                    self.world.violates(format!("{where_} says {id} is {standing:?}, and it is charged"));
                }
                self.world.denied.insert(id);
            }
            Standing::GivenBack if charged => {
                self.world.violates(format!("{where_} says that all of {id} went back, and it did not"));
            }
            Standing::PartlyGivenBack if refunded == 0 => {
                self.world.violates(format!("{where_} says that a part of {id} went back, and none did"));
            }
            Standing::Paid
            | Standing::GivingBack
            | Standing::GivenBack
            | Standing::PartlyGivenBack
            | Standing::PaidLate
            | Standing::Open
            | Standing::Cancelling
            | Standing::Unsettled => {}
        }
    }

    /// Checks what a screen says against the book.
    pub(super) fn check_view(&mut self, view: &View) {
        let mut claims = Vec::new();
        each_claim(&view.cashier, |id, standing| claims.push((id, standing)));
        if let Screen::OutOfService(out) = &view.cashier
            && let Some((id, _)) = out.paid_not_recorded
            && !self.world.book.is_charged(self.at_book(id))
            && !self.went_elsewhere(id)
        {
            self.world.violates(format!(
                "the screen says that {id} is paid and not recorded, and it is not charged"
            ));
        }
        claims.into_iter().for_each(|(id, standing)| self.claims("the screen", id, standing));
    }

    /// A paper comes out.
    pub fn paper_comes(&mut self, receipt: &Receipt, whole: bool) {
        let kind = paper_kind(&receipt.says);
        // Each refund has a slip of its own.
        let about = match &receipt.says {
            PaperSays::GivenBack(given) => given.id,
            PaperSays::Paid
            | PaperSays::NotPaid(_)
            | PaperSays::NotSent
            | PaperSays::Reversed
            | PaperSays::Unsettled(_)
            | PaperSays::ScanToPay(_)
            | PaperSays::Void
            | PaperSays::PaidLate => receipt.id,
        };
        let papers = self.counter.papers.entry((about, kind)).or_default();
        let first = papers.whole + papers.pieces == 0;
        if whole {
            papers.whole += 1;
        } else {
            papers.pieces += 1;
        }
        if !first && !receipt.duplicate && !self.counter.is_elsewhere(receipt.id) {
            self.world
                .violates(format!("a second paper ({kind}) about {} does not say DUPLICATE", receipt.id));
        }
        self.world.receipt = Some(receipt.id);
        if let PaperSays::ScanToPay(code) = &receipt.says {
            self.counter.taken.insert(receipt.id);
            let reads = self.world.fortune.random.between(1_000, 1_800_000);
            self.plan(reads, Happening::ScansSlip(code.clone()));
        }
        let how = if whole { "paper" } else { "a piece of paper" };
        self.world.story.tell(self.world.now, || format!("  {how}: {kind}, {}", receipt.id));
    }
}

impl Counter {
    /// Whether a whole receipt came out for a paid transaction.
    pub fn has_receipt(&self, id: OrderId) -> bool {
        self.papers.get(&(id, "paid")).is_some_and(|papers| papers.whole > 0)
    }

    /// Whether a whole slip came out for a refund.
    pub fn has_slip(&self, refund: OrderId) -> bool {
        self.papers.get(&(refund, "given back")).is_some_and(|papers| papers.whole > 0)
    }

    /// Transactions whose code somebody may have in hand, and whether a void slip came out for them.
    pub fn taken(&self) -> impl Iterator<Item = (OrderId, bool)> {
        let void = |id| self.papers.get(&(id, "void")).is_some_and(|papers| papers.whole > 0);
        self.taken.iter().map(move |id| (*id, void(*id)))
    }
}

fn paper_kind(says: &PaperSays) -> &'static str {
    match says {
        PaperSays::Paid => "paid",
        PaperSays::NotPaid(_) => "not paid",
        PaperSays::NotSent => "not sent",
        PaperSays::Reversed => "cancelled",
        PaperSays::Unsettled(_) => "not settled",
        PaperSays::PaidLate => "paid late",
        PaperSays::GivenBack(_) => "given back",
        PaperSays::ScanToPay(_) => "code",
        PaperSays::Void => "void",
    }
}
