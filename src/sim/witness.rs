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

/// How long after `expireAt` a payment may still turn up (contract, section 7).
const MARGIN_MS: u64 = 60_000;

/// What was seen, and what was wrong with it.
#[derive(Debug, Default)]
pub struct Witness {
    /// Counts what was seen: earlier and later, without a clock.
    step: u64,
    known: BTreeMap<OrderId, Known>,
    /// Every id that was ever used for anything.
    used: BTreeSet<OrderId>,
    /// The requests of this run of the program.
    requests: BTreeMap<RequestNo, Sent>,
    /// Notifications that wait for their answer.
    news: BTreeMap<NewsNo, News>,
    jobs: BTreeMap<JobNo, (OrderId, Kind)>,
    /// The payment of each refund.
    refunds: BTreeMap<OrderId, OrderId>,
    codes: Vec<(OrderCode, OrderId)>,
    shown: Option<OrderCode>,
    objections: Vec<String>,
}

/// What the terminal can know of one transaction.
#[derive(Debug)]
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
#[derive(Debug)]
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

#[derive(Debug)]
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
        for known in self.known.values_mut() {
            known.last_asked = Mono(0);
            known.refund.iter_mut().for_each(|refund| refund.absent.clear());
        }
    }

    /// What is on disk about a transaction.
    pub fn facts(&self, id: OrderId) -> Option<&Facts> {
        self.known.get(&id).map(|known| &known.facts)
    }

    /// All transactions that are on disk.
    pub fn transactions(&self) -> impl Iterator<Item = &Facts> {
        self.known.values().map(|known| &known.facts)
    }

    /// How long a transaction without an end has not been asked about; those that wait for a person do not count.
    pub fn longest_silence(&self, now: Mono) -> Option<(OrderId, u64)> {
        let waits = |known: &&Known| known.facts.end().is_none() && known.facts.stage != Stage::PaidLate;
        let open = self.known.values().filter(waits);
        open.map(|known| (known.facts.id, now.since(known.last_asked))).max_by_key(|(_, silence)| *silence)
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
                    && let Some(count) = self.known.get_mut(&id).and_then(|known| known.papers.get_mut(&kind))
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
                let Some(known) = self.known.get_mut(&pay.id) else { return };
                known.pay_said = pay_said(reply);
                if let Some(code) = code_in(reply) {
                    self.codes.push((code.clone(), pay.id));
                }
            }
            Request::Detail { id, .. } => {
                let Some(id) = id.ours() else { return };
                if let Some(refund) = self.refund_mut(id) {
                    refund.learn_detail(sent, reply);
                } else if let Some(known) = self.known.get_mut(&id) {
                    known.learn_detail(sent, reply);
                }
            }
            Request::Cancel { id, original, .. } => {
                let Some(known) = original.ours().and_then(|id| self.known.get_mut(&id)) else { return };
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
        let payment = self.refunds.get(&id)?;
        self.known.get_mut(payment)?.refund.as_mut().filter(|refund| refund.id == id)
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
            Effect::Warm
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
            About::Order(id) => self.facts(id),
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
            && let Some(known) = self.known.get_mut(payment)
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
            self.refunds.insert(*refund, id);
        }
        let step = self.step;
        let Some(known) = self.known.get_mut(&id) else {
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
        known.last_record = record.fact.clone();
        if let Some(why) = unfounded {
            self.object(format!("{id}: {:?} is on disk, and {why}", record.fact));
        }
    }

    /// Money by the static code is recorded once, and only as a notification told it that still waits for its answer.
    fn check_received(&mut self, id: OrderId, received: &Received) {
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
            papers: BTreeMap::new(),
            allowed: None,
            refunded: 0,
            refund: None,
        };
        self.known.insert(id, known);
    }

    /// A new attempt of a sale needs every earlier one to be settled as not paid, or, while one is unsettled, the
    /// manager's approval (field rule 4). An order whose code never reached a display can't be paid, and does not count.
    fn check_attempt(&mut self, id: OrderId, asked: &Asked) {
        let earlier = self.known.values().map(|known| &known.facts);
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

    fn asked(&mut self, now: Now, ask: &Ask) {
        if self.requests.contains_key(&ask.no) {
            self.object(format!("request number {:?} was used twice", ask.no));
        }
        match &ask.request {
            Request::Pay(pay) => self.check_pay(pay),
            Request::Detail { id, .. } => {
                let Some(id) = id.ours() else { return self.remember(now, ask) };
                let payment = self.refunds.get(&id).copied().unwrap_or(id);
                match self.known.get_mut(&payment) {
                    Some(known) => known.last_asked = now.mono,
                    // The keys are proven with a fresh id; what is searched for may be another terminal's.
                    None => drop(self.used.insert(id)),
                }
            }
            Request::Cancel { id, original: Target::Ours(original), .. } => {
                match self.known.get_mut(original) {
                    Some(known) => known.last_asked = now.mono,
                    None => self.object(format!("CANCEL of {original}, which was never begun")),
                }
                let on_disk = self.known.get(original).and_then(|known| known.cancel.as_ref());
                if on_disk.is_none_or(|cancel| cancel.id != *id) {
                    self.object(format!("CANCEL {id} of {original} left and is not on disk"));
                }
                let seen =
                    self.shown.as_ref().and_then(|code| self.codes.iter().find(|(known, _)| known == code));
                if seen.is_some_and(|(_, shown)| shown == original) {
                    self.object(format!("CANCEL of {original} left while its code is on the display"));
                }
            }
            Request::Refund { id, original: Target::Ours(original), amount } => {
                self.check_refund(now, *id, *original, *amount);
            }
            Request::Cancel { original: Target::Theirs(_), .. }
            | Request::Refund { original: Target::Theirs(_), .. } => {
                self.object(format!("{:?} left, and no record explains it", ask.request));
            }
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
        let Some(known) = self.known.get_mut(&original) else {
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
        let Some(known) = self.known.get(&pay.id) else {
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

    fn shown(&mut self, view: &View) {
        let mut wrong = Vec::new();
        each_claim(&view.cashier, |id, said| match self.known.get(&id).map(|known| known.facts.standing()) {
            Some(standing) if standing == said => {}
            standing => wrong.push(format!("the screen says {id} is {said:?}, on disk it is {standing:?}")),
        });
        self.objections.append(&mut wrong);
        if !fits(&view.cashier, &view.customer, view.lamp) {
            self.object(format!(
                "displays and lamp disagree: {:?}, {:?}, {:?}",
                view.cashier, view.customer, view.lamp
            ));
        }
        self.shown = code_on(&view.customer).cloned();
        if let Some(code) = &self.shown {
            let id = self.codes.iter().find(|(known, _)| known == code).map(|(_, id)| *id);
            let facts = id.and_then(|id| self.facts(id));
            if facts.is_none_or(|facts| !facts.shown || facts.stage != Stage::Asked) {
                self.object(format!(
                    "a code is on the display that is not on disk as shown and open: {id:?}"
                ));
            }
        }
    }

    fn printed(&mut self, job: JobNo, receipt: &Receipt) {
        let id = receipt.id;
        let Some(known) = self.known.get_mut(&id) else {
            return self.object(format!("a paper about {id}, which was never begun"));
        };
        let recorded =
            matches!(known.last_record, Fact::Printing { duplicate, .. } if duplicate == receipt.duplicate);
        let copy = matches!(known.last_record, Fact::Printing { paper: Paper::Copy, .. });
        let paper = match known.last_record {
            Fact::Printing { paper, .. } => paper,
            _ => Paper::Copy,
        };
        let says = known.facts.says_on(paper);
        let kind = kind(&receipt.says);
        let printed = known.papers.entry(kind).or_insert(0);
        let may_be_second = *printed > 0 || copy;
        *printed += 1;
        self.jobs.insert(job, (id, kind));
        if !recorded {
            self.object(format!("a paper about {id} went to the printer and that is not on disk"));
        }
        if says.as_ref() != Some(&receipt.says) {
            self.object(format!("the paper says of {id} {:?}, on disk it is {says:?}", receipt.says));
        }
        if may_be_second && !receipt.duplicate {
            self.object(format!("a second paper ({}) about {id} does not say DUPLICATE", kind.0));
        }
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

impl Known {
    fn learn_detail(&mut self, sent: &Sent, reply: &Reply) {
        let Reply::Answer(Answer { says, date }) = reply else { return };
        match says {
            Says::Status(status) => match status.state {
                StatusWord::Success => {
                    self.success_asked = Some(sent.step);
                    self.refunded = status.refunded.map_or(0, Amount::minor);
                }
                StatusWord::Fail | StatusWord::Closed => self.not_paid_asked = Some(sent.step),
                StatusWord::Processing => {}
            },
            Says::Absent => {
                let too_late = self.facts.asked.expire_at.after(MARGIN_MS);
                if date.or(sent.wall).is_some_and(|then| then > too_late) {
                    self.absent += 1;
                }
            }
            Says::Declined(_) | Says::NotAccepted(_) | Says::Unclear(_) => {}
        }
    }

    /// Why nothing that was heard supports this fact.
    fn unfounded(&self, fact: &Fact) -> Option<&'static str> {
        match fact {
            Fact::Paid(paid) | Fact::PaidLate(paid) => self.unpaid(paid.by),
            Fact::Refused(refused) => match refused.by {
                Source::Pay if self.pay_said == Some(PaySaid::NotPaid) => None,
                Source::Detail if self.not_paid_asked.is_some() || self.absent >= 2 => None,
                Source::Pay | Source::Detail | Source::Notification | Source::Person => {
                    Some("nothing that was answered refused it")
                }
            },
            Fact::NotSent if self.pay_said != Some(PaySaid::NotSent) => Some("the PAY left"),
            Fact::Reversed => match &self.cancel {
                None => Some("no cancellation is on disk"),
                Some(cancel) if self.not_paid_asked.is_none_or(|asked| asked < cancel.saved) => {
                    Some("no DETAIL sent after the cancellation agreed")
                }
                Some(_) => None,
            },
            Fact::CancelRefused { .. }
                if self.cancel.as_ref().is_none_or(|cancel| cancel.refused.is_none()) =>
            {
                Some("no answer refused it")
            }
            Fact::Refunding { amount, .. } => self.unfounded_refund(*amount),
            Fact::Refunded { refund } if !self.saw(*refund, |seen| seen.done) => Some("nothing said so"),
            Fact::RefundRefused { refund, .. } if !self.saw(*refund, |seen| seen.refused) => {
                Some("nothing that was answered refused it")
            }
            Fact::RefundNotSent { refund } if !self.saw(*refund, |seen| seen.not_sent && seen.sent == 1) => {
                Some("it may have left")
            }
            Fact::Cancelling { why: WhyCancel::Restart, .. } if self.facts.lasting.is_some() => {
                Some("its customer may have the code in hand")
            }
            Fact::Cancelling { why: WhyCancel::GiveBack, .. }
                if self.allowed != Some(self.facts.asked.amount) =>
            {
                Some("nobody allowed it")
            }
            Fact::Refunded { .. }
            | Fact::RefundRefused { .. }
            | Fact::RefundNotSent { .. }
            | Fact::RefundsDiffer { .. }
            | Fact::PinSet
            | Fact::Asked(_)
            | Fact::Received(_)
            | Fact::Shown(_)
            | Fact::NotSent
            | Fact::Cancelling { .. }
            | Fact::CancelConfirmed { .. }
            | Fact::CancelRefused { .. }
            | Fact::Unsettled { .. }
            | Fact::Decided(_)
            | Fact::Contradicted(_)
            | Fact::Approved(_)
            | Fact::Printing { .. }
            | Fact::Printed { .. }
            | Fact::NotPrinted { .. }
            | Fact::Started { .. }
            | Fact::Listening { .. }
            | Fact::ClockSet { .. } => None,
        }
    }

    fn saw(&self, refund: OrderId, what: impl Fn(&RefundSeen) -> bool) -> bool {
        self.refund.as_ref().is_some_and(|seen| seen.id == refund && what(seen))
    }

    fn unfounded_refund(&self, amount: Amount) -> Option<&'static str> {
        if self.allowed != Some(amount) {
            return Some("nobody allowed it");
        }
        if self.refunded != self.facts.refunded().minor() {
            return Some("the acquirer said that another amount was refunded before");
        }
        self.unpaid(Source::Detail)
    }

    /// No way back from a cancellation: *paid* needs its refusal, and a question sent after that.
    fn unpaid(&self, by: Source) -> Option<&'static str> {
        match (&self.cancel, by) {
            (None, Source::Pay) if self.pay_said == Some(PaySaid::Success) => None,
            (None, Source::Detail) if self.success_asked.is_some() => None,
            (None, Source::Pay | Source::Detail | Source::Notification | Source::Person) => {
                Some("nothing said that it is paid")
            }
            (Some(cancel), _) => match (cancel.refused, self.success_asked) {
                (Some(refused), Some(asked)) if asked > refused => None,
                (Some(_), _) => Some("no DETAIL sent after the refusal of its cancellation says so"),
                (None, _) => Some("a cancellation is on disk that was not refused"),
            },
        }
    }
}

impl RefundSeen {
    fn learn(&mut self, reply: &Reply) {
        match reply {
            Reply::NotSent(_) => self.not_sent = true,
            Reply::Unknown(_) => {}
            Reply::Answer(answer) => match &answer.says {
                Says::Declined(_) | Says::NotAccepted(_) => self.refused = true,
                Says::Status(status) => self.learn_state(status.state),
                Says::Absent | Says::Unclear(_) => {}
            },
        }
    }

    fn learn_detail(&mut self, sent: &Sent, reply: &Reply) {
        match reply {
            Reply::Answer(Answer { says: Says::Status(status), .. }) => self.learn_state(status.state),
            Reply::Answer(Answer { says: Says::Absent, .. }) => self.absent.push(sent.mono),
            Reply::Answer(_) | Reply::NotSent(_) | Reply::Unknown(_) => {}
        }
    }

    fn learn_state(&mut self, state: StatusWord) {
        match state {
            StatusWord::Success => self.done = true,
            StatusWord::Fail | StatusWord::Closed => self.refused = true,
            StatusWord::Processing => {}
        }
    }
}

fn pay_said(reply: &Reply) -> Option<PaySaid> {
    match reply {
        Reply::NotSent(_) => Some(PaySaid::NotSent),
        Reply::Unknown(_) => None,
        Reply::Answer(answer) => match &answer.says {
            Says::Declined(_) | Says::NotAccepted(_) => Some(PaySaid::NotPaid),
            Says::Status(status) => match status.state {
                StatusWord::Success => Some(PaySaid::Success),
                StatusWord::Fail | StatusWord::Closed => Some(PaySaid::NotPaid),
                StatusWord::Processing => None,
            },
            Says::Absent | Says::Unclear(_) => None,
        },
    }
}

fn code_in(reply: &Reply) -> Option<&OrderCode> {
    match reply {
        Reply::Answer(Answer { says: Says::Status(status), .. }) => status.code.as_ref(),
        Reply::Answer(_) | Reply::NotSent(_) | Reply::Unknown(_) => None,
    }
}

fn refuses(reply: &Reply) -> bool {
    match reply {
        Reply::Answer(answer) => match &answer.says {
            Says::Declined(_) => true,
            Says::Status(status) => status.state == StatusWord::Fail,
            Says::Absent | Says::NotAccepted(_) | Says::Unclear(_) => false,
        },
        Reply::NotSent(_) | Reply::Unknown(_) => false,
    }
}

/// Calls `claim` with every transaction that a screen says something about.
pub fn each_claim(screen: &Screen, mut claim: impl FnMut(OrderId, Standing)) {
    match screen {
        Screen::Amount(amount) => {
            if let Some(last) = &amount.last {
                claim(last.id, last.standing);
            }
        }
        Screen::Result(result) => {
            let standing = match &result.outcome {
                Outcome::Paid => Standing::Paid,
                Outcome::Refused(_) => Standing::Refused,
                Outcome::NotSent(_) => Standing::NotSent,
                Outcome::Reversed => Standing::Reversed,
                Outcome::Unsettled { .. } => Standing::Unsettled,
            };
            claim(result.id, standing);
        }
        Screen::PaidLate(late) => claim(late.id, Standing::PaidLate),
        Screen::Recent(recent) => recent.rows.iter().for_each(|row| claim(row.id, row.standing)),
        Screen::One(one) => claim(one.summary.id, one.summary.standing),
        Screen::GivingBack(giving) => match &giving.state {
            GivingBack::Done { left } if left.is_zero() => claim(giving.id, Standing::GivenBack),
            GivingBack::Done { .. } => claim(giving.id, Standing::PartlyGivenBack),
            GivingBack::Working | GivingBack::Unknown | GivingBack::Not(_) => {}
        },
        Screen::ConfirmAmount { .. }
        | Screen::SameAmount { .. }
        | Screen::Collecting(_)
        | Screen::Asking { .. }
        | Screen::Confirm(_)
        | Screen::Unknown(_)
        | Screen::Cancelling { .. }
        | Screen::Find(_)
        | Screen::GiveBack(_)
        | Screen::Menu(_)
        | Screen::Pin { .. }
        | Screen::Clock { .. }
        | Screen::ShopCode(_)
        | Screen::OutOfService(_) => {}
    }
}

/// The order code on the customer's display.
pub fn code_on(customer: &CustomerScreen) -> Option<&OrderCode> {
    match customer {
        CustomerScreen::Collecting { code, .. } => code.as_ref(),
        // The shop's own code belongs to no order.
        CustomerScreen::Welcome
        | CustomerScreen::ShopCode(_)
        | CustomerScreen::Amount(_)
        | CustomerScreen::PleaseWait(_)
        | CustomerScreen::Confirm(_)
        | CustomerScreen::Cancelling(_)
        | CustomerScreen::Paid(_)
        | CustomerScreen::NotPaid(_)
        | CustomerScreen::Cancelled(_)
        | CustomerScreen::GivenBack(_)
        | CustomerScreen::Closed => None,
    }
}

/// Whether customer and lamp say what the cashier reads (field, words).
fn fits(cashier: &Screen, customer: &CustomerScreen, lamp: Lamp) -> bool {
    use CustomerScreen as Customer;
    match cashier {
        Screen::Result(result) => match result.outcome {
            Outcome::Paid => matches!((customer, lamp), (Customer::Paid(_), Lamp::Paid)),
            Outcome::Refused(_) => matches!((customer, lamp), (Customer::NotPaid(_), Lamp::NotPaid)),
            Outcome::NotSent(_) => matches!((customer, lamp), (Customer::PleaseWait(_), Lamp::NotPaid)),
            Outcome::Reversed => matches!((customer, lamp), (Customer::Cancelled(_), Lamp::NotPaid)),
            Outcome::Unsettled { .. } => {
                matches!((customer, lamp), (Customer::PleaseWait(_), Lamp::Attention))
            }
        },
        Screen::Collecting(collecting) => match (&collecting.code, customer) {
            (CodeState::Shown(code), Customer::Collecting { code: Some(shown), .. }) => code == shown,
            (CodeState::Shown(_), _) => false,
            (_, customer) => matches!(customer, Customer::Collecting { code: None, .. }),
        },
        Screen::Asking { .. } | Screen::Unknown(_) => matches!(customer, Customer::PleaseWait(_)),
        Screen::Confirm(_) => matches!(customer, Customer::Confirm(_)),
        Screen::Cancelling { .. } => matches!(customer, Customer::Cancelling(_)),
        Screen::GivingBack(giving) => match giving.state {
            GivingBack::Done { .. } => matches!((customer, lamp), (Customer::GivenBack(_), Lamp::GivenBack)),
            GivingBack::Working | GivingBack::Unknown => matches!(customer, Customer::PleaseWait(_)),
            GivingBack::Not(_) => matches!((customer, lamp), (Customer::Welcome, Lamp::Attention)),
        },
        Screen::Amount(_)
        | Screen::ConfirmAmount { .. }
        | Screen::SameAmount { .. }
        | Screen::Find(_)
        | Screen::GiveBack(_)
        | Screen::PaidLate(_)
        | Screen::Recent(_)
        | Screen::One(_)
        | Screen::Menu(_)
        | Screen::Pin { .. }
        | Screen::Clock { .. }
        | Screen::ShopCode(_)
        | Screen::OutOfService(_) => {
            lamp != Lamp::Paid
                && !matches!(
                    customer,
                    Customer::Paid(_)
                        | Customer::NotPaid(_)
                        | Customer::Cancelled(_)
                        | Customer::GivenBack(_)
                )
        }
    }
}

fn kind(says: &PaperSays) -> Kind {
    match says {
        PaperSays::Paid => ("paid", None),
        PaperSays::NotPaid(_) => ("not paid", None),
        PaperSays::NotSent => ("not sent", None),
        PaperSays::Reversed => ("cancelled", None),
        PaperSays::Unsettled(_) => ("not settled", None),
        PaperSays::PaidLate => ("paid late", None),
        PaperSays::GivenBack(given) => ("given back", Some(given.id)),
        PaperSays::ScanToPay(_) => ("code", None),
        PaperSays::Void => ("void", None),
    }
}
