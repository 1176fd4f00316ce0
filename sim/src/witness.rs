//! The witness: sees all that goes into a heart and all that comes out, and objects where something was done or said
//! without a reason for it.
//!
//! It knows nothing of the acquirer's book, only what the terminal could know: so it serves tests that answer by hand
//! as well as whole simulated lives. It keeps its own notes in the simplest way that can be right, and shares with the
//! heart nothing but [`Facts`], the table of legal records.

use std::collections::{BTreeMap, BTreeSet};

use postern_heart::ask::{Answer, Ask, OrderCode, Pay, Reply, Request, Says, StatusWord};
use postern_heart::event::{Effect, Event, PrintEnd};
use postern_heart::ids::{JobNo, OrderId, RequestNo, Target};
use postern_heart::money::Amount;
use postern_heart::news::{About, News, NewsNo, Taken};
use postern_heart::now::{Mono, Now, Wall};
use postern_heart::payment::{End, Facts, Stage};
use postern_heart::receipt::{PaperSays, Receipt};
use postern_heart::record::{Approval, Asked, Decision, Fact, Paper, Received, Record, Source, WhyCancel};
use postern_heart::screen::{CodeState, CustomerScreen, GivingBack, Lamp, Outcome, Screen, Standing, View};

mod asked;
mod known;
mod seen;

pub use seen::{code_on, each_claim};

use known::{code_in, pay_said, refuses};

/// How long after `expireAt` a payment may still turn up (contract, section 7).
const MARGIN_MS: u64 = 60_000;

/// What was seen, and what was wrong with it.
#[derive(Debug, Default)]
pub struct Witness {
    /// Counts what was seen: earlier and later, without a clock.
    step: u64,
    notes: Notes,
    /// Every id that was ever used for anything.
    used: BTreeSet<OrderId>,
    /// The requests of this run of the program.
    requests: BTreeMap<RequestNo, Sent>,
    /// Notifications that wait for their answer.
    news: BTreeMap<NewsNo, News>,
    jobs: BTreeMap<JobNo, (OrderId, Kind)>,
    codes: Vec<(OrderCode, OrderId)>,
    shown: Option<OrderCode>,
    objections: Vec<String>,
}

/// What the disk holds, and what the terminal can know of it: this goes when an old copy of the disk is put back.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    known: BTreeMap<OrderId, Known>,
    /// The payment of each refund.
    refunds: BTreeMap<OrderId, OrderId>,
}

/// What the terminal can know of one transaction.
#[derive(Clone, Debug)]
struct Known {
    facts: Facts,
    pay_said: Option<PaySaid>,
    cancel: Option<CancelSeen>,
    /// When the latest DETAIL was asked that said *success*.
    success_asked: Option<u64>,
    /// When the latest DETAIL was asked that said *fail* or *closed*.
    not_paid_asked: Option<u64>,
    /// How often "does not exist" was said when it could no longer arrive.
    absent: u32,
    last_record: Fact,
    last_asked: Mono,
    /// The paper whose printing is on disk and that did not go to the printer yet: which, and whether it is a duplicate.
    printing: Option<(Paper, bool)>,
    papers: BTreeMap<Kind, u32>,
    /// How much somebody with the right to it said is to be given back, until a refund is on disk for it.
    allowed: Option<Amount>,
    /// What the latest DETAIL that said *success* said was refunded, in minor units.
    refunded: u64,
    refund: Option<RefundSeen>,
}

/// A kind of paper; each refund has a slip of its own.
type Kind = (&'static str, Option<OrderId>);

/// What the terminal can know of a refund.
#[derive(Clone, Debug)]
struct RefundSeen {
    id: OrderId,
    sent: u32,
    done: bool,
    refused: bool,
    not_sent: bool,
    /// When questions were asked that were answered "does not exist", since it last left, in this run.
    absent: Vec<Mono>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum PaySaid {
    Success,
    NotPaid,
    NotSent,
}

#[derive(Clone, Debug)]
struct CancelSeen {
    id: OrderId,
    saved: u64,
    refused: Option<u64>,
}

#[derive(Clone, Debug)]
struct Sent {
    request: Request,
    step: u64,
    wall: Option<Wall>,
    mono: Mono,
}

impl Witness {
    /// Everything that was wrong, in order.
    pub fn objections(&self) -> &[String] {
        &self.objections
    }

    /// Takes what was wrong since the last call.
    pub fn take_objections(&mut self) -> Vec<String> {
        std::mem::take(&mut self.objections)
    }

    /// The program ended: its memory is gone, the records stay.
    pub fn restarted(&mut self) {
        self.requests.clear();
        self.jobs.clear();
        self.news.clear();
        self.shown = None;
        for known in self.notes.known.values_mut() {
            known.last_asked = Mono(0);
            known.refund.iter_mut().for_each(|refund| refund.absent.clear());
        }
    }

    /// What it knows of the disk as it is now.
    pub fn notes(&self) -> Notes {
        self.notes.clone()
    }

    /// The disk is as it was when these notes were made. The ids that were used since then stay used.
    pub fn goes_back_to(&mut self, notes: Notes) {
        self.notes = notes;
        self.restarted();
    }

    /// The witness of a second terminal that begins with a copy of this one's disk.
    pub fn twin(&self) -> Witness {
        let (step, notes) = (self.step, self.notes());
        let (used, codes) = (self.used.clone(), self.codes.clone());
        let mut twin = Witness { step, notes, used, codes, ..Witness::default() };
        // The moments that this one noted are of its own clock.
        twin.restarted();
        twin
    }

    /// What is on disk about a transaction.
    pub fn facts(&self, id: OrderId) -> Option<&Facts> {
        self.notes.known.get(&id).map(|known| &known.facts)
    }

    /// All transactions that are on disk.
    pub fn transactions(&self) -> impl Iterator<Item = &Facts> {
        self.notes.known.values().map(|known| &known.facts)
    }

    /// How long a transaction without an end has not been asked about; those that wait for a person do not count.
    pub fn longest_silence(&self, now: Mono) -> Option<(OrderId, u64)> {
        let waits = |known: &&Known| known.facts.end().is_none() && known.facts.stage != Stage::PaidLate;
        let open = self.notes.known.values().filter(waits);
        open.map(|known| (known.facts.id, now.since(known.last_asked))).max_by_key(|(_, silence)| *silence)
    }

    /// The transaction that a request names; what came in unasked has only the acquirer's id.
    fn ours(&self, target: &Target) -> Option<OrderId> {
        match target {
            Target::Ours(id) => Some(*id),
            Target::Theirs(uq_id) => {
                self.transactions().find(|facts| facts.uq_id() == Some(uq_id)).map(|facts| facts.id)
            }
        }
    }

    /// Sees an event on its way to the heart.
    pub fn heard(&mut self, event: &Event) {
        self.step += 1;
        match event {
            Event::Answered { no, reply } => {
                if let Some(sent) = self.requests.get(no).cloned() {
                    self.learn(&sent, reply);
                }
            }
            Event::PrintEnded { job, end: PrintEnd::NotStarted } => {
                if let Some((id, kind)) = self.jobs.remove(job)
                    && let Some(count) =
                        self.notes.known.get_mut(&id).and_then(|known| known.papers.get_mut(&kind))
                {
                    *count = count.saturating_sub(1);
                }
            }
            Event::Notified { no, news } => {
                self.news.insert(*no, news.clone());
            }
            Event::PrintEnded { .. }
            | Event::DeadlineReached
            | Event::KeyPressed(_)
            | Event::CodeScanned(_)
            | Event::DeviceChanged { .. }
            | Event::PinChecked { .. }
            | Event::Compared { .. }
            | Event::ClockSet { .. }
            | Event::SaveFailed { .. }
            | Event::Found { .. }
            | Event::JournalRead(_) => {}
        }
    }

    fn learn(&mut self, sent: &Sent, reply: &Reply) {
        let step = self.step;
        match &sent.request {
            Request::Pay(pay) => {
                let Some(known) = self.notes.known.get_mut(&pay.id) else { return };
                known.pay_said = pay_said(reply);
                if let Some(code) = code_in(reply) {
                    self.codes.push((code.clone(), pay.id));
                }
            }
            Request::Detail { id, .. } => {
                let Some(id) = self.ours(id) else { return };
                if let Some(refund) = self.refund_mut(id) {
                    refund.learn_detail(sent, reply);
                } else if let Some(known) = self.notes.known.get_mut(&id) {
                    known.learn_detail(sent, reply);
                }
            }
            Request::Cancel { id, original, .. } => {
                let Some(id_known) = self.ours(original) else { return };
                let Some(known) = self.notes.known.get_mut(&id_known) else { return };
                let Some(cancel) = known.cancel.as_mut().filter(|cancel| cancel.id == *id) else { return };
                if refuses(reply) {
                    cancel.refused = Some(step);
                }
            }
            Request::Refund { id, .. } => {
                if let Some(refund) = self.refund_mut(*id) {
                    refund.learn(reply);
                }
            }
        }
    }

    fn refund_mut(&mut self, id: OrderId) -> Option<&mut RefundSeen> {
        let payment = self.notes.refunds.get(&id)?;
        self.notes.known.get_mut(payment)?.refund.as_mut().filter(|refund| refund.id == id)
    }

    /// Sees an effect that was performed: a record that is on disk, a request that left, what is on the screen.
    pub fn performed(&mut self, now: Now, effect: &Effect) {
        self.step += 1;
        match effect {
            Effect::Save { record, .. } => self.saved(now, record),
            Effect::Ask(ask) => self.asked(now, ask),
            Effect::Show(view) => self.shown(view),
            Effect::Print { job, receipt } => self.printed(*job, receipt),
            Effect::Acknowledge { no, taken } => self.acknowledged(*no, *taken),
            Effect::Compare { .. }
            | Effect::Recorded(_)
            | Effect::Warm
            | Effect::Sound(_)
            | Effect::PrintSign { .. }
            | Effect::CheckPin(_)
            | Effect::SetClock(_)
            | Effect::Find(_)
            | Effect::ReadJournal => {}
        }
    }

    /// A notification is answered once, and is taken only where what it tells is on disk or was nothing new.
    fn acknowledged(&mut self, no: NewsNo, taken: Taken) {
        let Some(news) = self.news.remove(&no) else {
            return self.object(format!("notification {} was answered and did not wait for it", no.0));
        };
        if taken != Taken::Taken {
            return;
        }
        let facts = match news.about {
            About::Order(id) => self.facts(id).or_else(|| self.transactions().find(|facts| names(facts, id))),
            About::Entry => {
                let mut all = self.transactions();
                all.find(|facts| facts.uq_id() == news.uq_id.as_ref() && facts.asked.amount == news.amount)
            }
            About::Stranger => None,
        };
        let on_disk = facts.is_some_and(|facts| match news.state {
            StatusWord::Processing => true,
            // What denies an end is taken once that is written down.
            StatusWord::Success => {
                facts.paid.is_some() || facts.contradicted || facts.end() == Some(&End::Reversed)
            }
            StatusWord::Fail | StatusWord::Closed => {
                facts.contradicted || facts.end().is_some_and(|end| *end != End::Paid)
            }
        });
        if !on_disk {
            self.object(format!("a notification was taken that is not on disk: {news:?}"));
        }
    }

    fn saved(&mut self, now: Now, record: &Record) {
        if let Fact::Approved(Approval::GiveBack { payment, amount }) = &record.fact
            && let Some(known) = self.notes.known.get_mut(payment)
        {
            known.allowed = Some(*amount);
        }
        let Some(id) = record.transaction else { return };
        if let Fact::Asked(asked) = &record.fact {
            self.use_id(id);
            self.check_attempt(id, asked);
            return self.begun(now, id, record);
        }
        if let Fact::Received(received) = &record.fact {
            self.use_id(id);
            self.check_received(id, received);
            return self.begun(now, id, record);
        }
        if let Fact::Cancelling { cancel, .. } = &record.fact {
            self.use_id(*cancel);
        }
        if let Fact::Refunding { refund, .. } = &record.fact {
            self.use_id(*refund);
            self.notes.refunds.insert(*refund, id);
        }
        let step = self.step;
        let Some(known) = self.notes.known.get_mut(&id) else {
            return self.object(format!("a record about {id}, which was never begun: {:?}", record.fact));
        };
        let unfounded = known.unfounded(&record.fact);
        if let Err(misfit) = known.facts.apply(record) {
            self.objections.push(format!("{misfit}: {:?} after {:?}", record.fact, known.facts.stage));
        }
        if let Fact::Cancelling { cancel, .. } = &record.fact {
            known.cancel = Some(CancelSeen { id: *cancel, saved: step, refused: None });
        }
        if let Fact::Decided(Decision::PayBack) = &record.fact {
            known.allowed = Some(known.facts.asked.amount);
        }
        if let Fact::Refunding { refund, .. } = &record.fact {
            // One permission is one refund.
            known.allowed = None;
            let (sent, done, refused, not_sent, absent) = (0, false, false, false, Vec::new());
            known.refund = Some(RefundSeen { id: *refund, sent, done, refused, not_sent, absent });
        }
        if let Fact::Printing { paper, duplicate } = &record.fact {
            known.printing = Some((*paper, *duplicate));
        }
        known.last_record = record.fact.clone();
        if let Some(why) = unfounded {
            self.object(format!("{id}: {:?} is on disk, and {why}", record.fact));
        }
    }

    fn begun(&mut self, now: Now, id: OrderId, record: &Record) {
        let Ok(facts) = Facts::begin(record) else { return };
        let known = Known {
            facts,
            pay_said: None,
            cancel: None,
            success_asked: None,
            not_paid_asked: None,
            absent: 0,
            last_record: record.fact.clone(),
            last_asked: now.mono,
            printing: None,
            papers: BTreeMap::new(),
            allowed: None,
            refunded: 0,
            refund: None,
        };
        self.notes.known.insert(id, known);
    }

    fn use_id(&mut self, id: OrderId) {
        if !self.used.insert(id) {
            self.object(format!("{id} was used twice"));
        }
    }

    fn object(&mut self, what: String) {
        self.objections.push(what);
    }
}

/// Whether the id was given to a cancellation or a refund of this payment.
fn names(facts: &Facts, id: OrderId) -> bool {
    facts.cancel.as_ref().is_some_and(|cancel| cancel.id == id)
        || facts.refunds.iter().any(|refund| refund.id == id)
}
