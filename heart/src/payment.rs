//! One transaction's life with the acquirer.
//!
//! ```text
//! Open ── paid / refused / not sent ───────────────────────────────▶ ended
//!   │ limit, Stop, another code
//!   ▼
//! LastQuestion ── final ───────────────────────────────────────────▶ ended
//!   │ not final: the CANCEL is on disk before it leaves
//!   ▼
//! Cancelling ── confirmed or refused ──▶ Confirming ── agrees ─────▶ ended
//!   │ four calls without a verdict          │ contradicts, absent, still processing
//!   ▼                                       ▼
//! Background ◀──────────────────────────────┘  asks on, at a slower and slower pace
//!   │ paid after all
//!   ▼
//! Person  ("goods handed over, or give the money back?")
//!
//! ended paid ── "give money back" ──▶ Checking ──▶ Cancelling (the whole, same day)
//!                                        └───────▶ Refunding ──▶ ended
//! ```
//!
//! [`Facts`] is what is on disk, and changes only by records. [`Payment`] adds what a power cut may take: which
//! request is under way, and when to ask next. A PAY is asked for once, when the transaction begins, and by nothing
//! else: after a restart a transaction is only ever asked about or cancelled.

mod background;
mod cancelling;
mod collecting;
pub mod facts;
mod hint;
mod lasting;
mod returning;
mod way;

use crate::ask::{
    Answer, AnswerCode, Decline, OrderCode, Pay, Reason, Reply, Request, Says, Silence, Status, StatusWord,
};
use crate::ids::{OrderId, RequestNo, Target};
use crate::mistakes::Mistake;
use crate::money::Amount;
use crate::now::{Mono, Now, Wall};
use crate::record::{Asked, Contradiction, Decision, Fact, Paid, Refused, Source, WhyCancel, WhyUnsettled};
use crate::screen::NotGivenBack;
use crate::settings::Settings;
use crate::turn::Turn;
use returning::Refunding;

pub use facts::{Cancel, End, Facts, Misfit, Refund, RefundState, Stage, Verdict};
pub(crate) use returning::Given;
pub(crate) use way::Way;

/// One open transaction.
#[derive(Clone, Debug)]
pub struct Payment {
    facts: Facts,
    phase: Phase,
    /// When it was begun, or taken up again after a restart.
    since: Mono,
    /// The PAY, while it has no answer.
    pay: Option<RequestNo>,
    /// The DETAIL that counts, while it has no answer.
    question: Option<Question>,
    /// The CANCEL, while it has no answer.
    cancel_call: Option<RequestNo>,
    /// The order code, while it may be on a display.
    code: Option<OrderCode>,
    /// Why nothing was given back when somebody last asked for it.
    given: Option<NotGivenBack>,
}

/// What the terminal does about it now.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Phase {
    /// The customer or the acquirer may still finish it.
    Open(Open),
    /// One last DETAIL before it is cancelled.
    LastQuestion { why: WhyCancel },
    /// CANCEL is repeated until it has a verdict.
    Cancelling { calls: usize, again: Option<Mono>, silence: Option<Silence>, absent: bool },
    /// The CANCEL has its verdict; a DETAIL sent after it must agree.
    Confirming { tries: u32, again: Option<Mono> },
    /// Asking on while the counter sells.
    Background(Background),
    /// The payment is asked about before its money is given back.
    Checking { amount: Amount, tries: u32, again: Option<Mono> },
    /// A REFUND is on disk.
    Refunding(Refunding),
    /// Nothing to ask: it has ended, or a person must answer.
    Quiet,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Open {
    limit: Mono,
    next: Mono,
    /// How often it was asked about since nobody waits for it; `None` at the counter.
    parked: Option<usize>,
    seen: Seen,
    /// Its code shall outlive the display.
    lasts: bool,
}

/// What has been heard of an open payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Seen {
    /// Nothing yet; the PAY is on its way.
    Nothing,
    /// The wallet is at it.
    Processing,
    /// The PAY ended without an answer that counts.
    Silence,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Background {
    since: Mono,
    round: usize,
    next: Mono,
    /// How often "does not exist" was said after it could no longer arrive.
    absent: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Question {
    no: RequestNo,
    sent: Now,
}

/// What the counter shows of a payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Face {
    /// The PAY is on its way.
    Asking,
    /// The customer confirms in the wallet.
    Confirm,
    /// Not known yet.
    Unknown,
    /// An order code is being made.
    MakingCode,
    /// An order code can be scanned.
    CodeShown,
    /// On its way back.
    Cancelling,
    /// It goes on in the background or has ended: the stage tells.
    Settled,
}

impl Payment {
    /// Starts a transaction: the intent is saved, then the PAY leaves. The only place that asks for a PAY.
    pub(crate) fn begin(turn: &mut Turn<'_>, id: OrderId, asked: Asked, way: Way) -> Payment {
        let timings = turn.settings.timings;
        // Until its code is shown there is nothing to ask about an order.
        let limit_ms = way.limit_ms(&timings);
        let next_ms = if asked.product.makes_code() { limit_ms } else { timings.first_detail_ms };
        let lasts = way.lasts();
        let product = way.into_product();
        let request = Request::Pay(Pay { id, product, amount: asked.amount, expire_at: asked.expire_at });
        let record = turn.record(Some(id), Fact::Asked(asked.clone()));
        let facts = Facts::intent(id, asked, record.at);
        let pay = if turn.source.errs(Mistake::AsksBeforeItSaves) {
            let no = turn.ask(request);
            turn.save(record, true);
            Some(no)
        } else {
            turn.save(record, true);
            Some(turn.ask(request))
        };
        let now = turn.mono();
        let (limit, next, parked, seen) = (now.after(limit_ms), now.after(next_ms), None, Seen::Nothing);
        let open = Open { limit, next, parked, seen, lasts };
        Payment { phase: Phase::Open(open), pay, ..Payment::quiet(facts, now) }
    }

    /// A transaction about which nothing is asked.
    fn quiet(facts: Facts, since: Mono) -> Payment {
        let (pay, question, cancel_call, code, given) = (None, None, None, None, None);
        Payment { facts, phase: Phase::Quiet, since, pay, question, cancel_call, code, given }
    }

    /// Goes on with a transaction after a restart: it asks or cancels, and never pays.
    pub(crate) fn resume(turn: &mut Turn<'_>, facts: Facts) -> Payment {
        let mut payment = Payment::quiet(facts, turn.mono());
        match payment.facts.stage {
            Stage::Asked if payment.facts.lasting.is_some() => payment.wait_on(turn),
            Stage::Asked => {
                payment.phase = Phase::LastQuestion { why: WhyCancel::Restart };
            }
            Stage::Cancelling => match payment.verdict() {
                Some(Verdict::Confirmed | Verdict::Refused(_)) => {
                    payment.phase = Phase::Confirming { tries: 0, again: Some(turn.mono()) };
                }
                Some(Verdict::Open) | None => {
                    payment.phase = Phase::Cancelling {
                        calls: 0,
                        again: Some(turn.mono()),
                        silence: None,
                        absent: false,
                    };
                }
            },
            Stage::PayingBack => payment.give_back(turn, payment.facts.left()),
            Stage::Refunding => payment.resume_refund(turn),
            Stage::Unsettled => payment.go_background(turn),
            Stage::PaidLate | Stage::Ended(_) => {}
        }
        payment
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn id(&self) -> OrderId {
        self.facts.id
    }

    /// The code to be scanned, while it may be on a display.
    pub(crate) fn code(&self) -> Option<&OrderCode> {
        self.code.as_ref()
    }

    /// Takes the code from the display; the caller shows that before it asks anything more.
    pub(crate) fn hide_code(&mut self) {
        self.code = None;
    }

    /// When it must be looked at again; `None` while an answer is awaited or nothing is to be done.
    pub(crate) fn deadline(&self) -> Option<Mono> {
        let asking = self.question.is_some() || self.cancel_call.is_some();
        match &self.phase {
            Phase::Open(open) if self.question.is_some() => Some(open.limit),
            Phase::Open(open) => Some(open.limit.min(open.next)),
            Phase::LastQuestion { .. } if asking => None,
            Phase::LastQuestion { .. } => Some(Mono(0)),
            Phase::Cancelling { again, .. }
            | Phase::Confirming { again, .. }
            | Phase::Checking { again, .. }
                if !asking =>
            {
                *again
            }
            Phase::Refunding(_) => self.refund_deadline(),
            Phase::Background(background) if !asking => Some(background.next),
            Phase::Cancelling { .. }
            | Phase::Confirming { .. }
            | Phase::Checking { .. }
            | Phase::Background(_)
            | Phase::Quiet => None,
        }
    }

    /// Whether its limit has come while it was still open.
    pub(crate) fn limit_reached(&self, now: Mono) -> bool {
        matches!(&self.phase, Phase::Open(open) if open.limit <= now)
    }

    /// Does what its deadline asks for, if that has come.
    pub(crate) fn wake(&mut self, turn: &mut Turn<'_>) {
        let now = turn.mono();
        if self.deadline().is_none_or(|deadline| deadline > now) {
            return;
        }
        match self.phase {
            Phase::Open(_) if self.limit_reached(now) => self.last_question(turn, WhyCancel::Limit),
            Phase::Open(_)
            | Phase::LastQuestion { .. }
            | Phase::Confirming { .. }
            | Phase::Checking { .. } => self.ask_detail(turn),
            Phase::Refunding(_) => self.refund_round(turn),
            Phase::Cancelling { .. } => self.call_cancel(turn),
            Phase::Background(_) => self.background_round(turn),
            Phase::Quiet => {}
        }
    }

    /// Ends the wait: one last question, then the cancellation. Nothing happens where that is under way already.
    pub(crate) fn stop(&mut self, turn: &mut Turn<'_>, why: WhyCancel) {
        if matches!(self.phase, Phase::Open(_)) {
            self.last_question(turn, why);
        }
    }

    /// Takes an answer; `false` where the request is none of its own. An answer to a superseded question or one that
    /// comes after a cancellation is on disk is at most a hint, and changes nothing.
    pub(crate) fn answered(&mut self, turn: &mut Turn<'_>, no: RequestNo, reply: &Reply) -> bool {
        if self.pay == Some(no) {
            self.pay = None;
            self.pay_answered(turn, reply);
            return true;
        }
        if let Some(question) = self.question
            && question.no == no
        {
            self.question = None;
            self.detail_answered(turn, question.sent, reply);
        } else if self.cancel_call == Some(no) {
            self.cancel_call = None;
            self.cancel_answered(turn, reply);
        } else {
            return self.refund_answered(turn, no, reply);
        }
        true
    }

    /// Whether this request is its own, other than the PAY, and not answered yet.
    pub(crate) fn waits_for(&self, no: RequestNo) -> bool {
        self.cancel_call == Some(no)
            || self.question.is_some_and(|question| question.no == no)
            || self.waits_for_refund(no)
    }

    /// The request about the payment itself that has no answer yet.
    pub(crate) fn awaits(&self) -> Option<RequestNo> {
        self.pay.or(self.question.map(|question| question.no))
    }

    /// Whether somebody at the counter waits for it: an open payment that is parked is asked about at leisure, and so
    /// is one whose code the customer can take along.
    pub(crate) fn watched(&mut self, turn: &Turn<'_>, at_counter: bool) {
        let at_counter = at_counter && self.facts.lasting.is_none();
        let Phase::Open(open) = &mut self.phase else { return };
        match (at_counter, open.parked) {
            (true, Some(_)) => {
                open.parked = None;
                open.next = open.next.min(turn.mono().after(turn.settings.timings.detail_every_ms));
            }
            (false, None) => open.parked = Some(0),
            (true, None) | (false, Some(_)) => {}
        }
    }

    /// A person's answer to *paid late*.
    pub(crate) fn decide(&mut self, turn: &mut Turn<'_>, decision: Decision) {
        if self.facts.stage != Stage::PaidLate {
            return;
        }
        self.save(turn, Fact::Decided(decision));
        match decision {
            Decision::GoodsHandedOver => {}
            Decision::PayBack => self.give_back(turn, self.facts.left()),
        }
    }

    /// Whether its money can be given back now: by a refund, or by cancelling it on its own day.
    pub(crate) fn can_pay_back(&self, turn_wall: Option<Wall>, settings: &Settings) -> bool {
        let refused_for_good = match self.verdict() {
            Some(Verdict::Refused(decline)) => decline.reason == Reason::CutOff,
            Some(Verdict::Open | Verdict::Confirmed) | None => false,
        };
        let cancels = settings.knows_cancel && !refused_for_good;
        settings.refunds || cancels && turn_wall.is_some_and(|now| now <= self.facts.cut_off())
    }

    /// What the counter shows of it.
    pub(crate) fn face(&self) -> Face {
        match &self.phase {
            Phase::Open(_) if self.facts.asked.code.is_none() => match (&self.code, self.facts.shown) {
                (Some(_), _) => Face::CodeShown,
                (None, true) => Face::Cancelling,
                (None, false) => Face::MakingCode,
            },
            Phase::Open(open) => match open.seen {
                Seen::Nothing => Face::Asking,
                Seen::Processing => Face::Confirm,
                Seen::Silence => Face::Unknown,
            },
            Phase::LastQuestion { why: WhyCancel::Restart } => Face::Unknown,
            Phase::LastQuestion { .. } | Phase::Cancelling { .. } | Phase::Confirming { .. } => {
                Face::Cancelling
            }
            Phase::Checking { .. } | Phase::Refunding(_) | Phase::Background(_) | Phase::Quiet => {
                Face::Settled
            }
        }
    }

    /// Since when somebody at the counter may wait for its end.
    pub(crate) fn waits_since(&self) -> Option<Mono> {
        match &self.phase {
            Phase::Open(_)
            | Phase::LastQuestion { .. }
            | Phase::Cancelling { .. }
            | Phase::Confirming { .. } => Some(self.since),
            Phase::Checking { .. } | Phase::Refunding(_) | Phase::Background(_) | Phase::Quiet => None,
        }
    }

    /// Milliseconds until it is cancelled.
    pub(crate) fn left(&self, now: Mono) -> Option<u64> {
        match &self.phase {
            Phase::Open(open) => Some(open.limit.since(now)),
            Phase::LastQuestion { .. }
            | Phase::Cancelling { .. }
            | Phase::Confirming { .. }
            | Phase::Checking { .. }
            | Phase::Refunding(_)
            | Phase::Background(_)
            | Phase::Quiet => None,
        }
    }

    /// Saves a fact about it; the state follows through the same table that a restart uses.
    pub(crate) fn save(&mut self, turn: &mut Turn<'_>, fact: Fact) {
        let record = turn.record(Some(self.facts.id), fact);
        let fits = self.facts.apply(&record).is_ok();
        debug_assert!(fits, "a record that no restart could read: {record:?} after {:?}", self.facts);
        if fits {
            turn.save(record, self.facts.is_open(turn.settings.slips));
        }
        // A paper of an ended payment may come while it is asked about again.
        if matches!(self.facts.stage, Stage::Ended(_) | Stage::PaidLate) && !self.is_busy() {
            self.phase = Phase::Quiet;
            self.code = None;
        }
    }

    fn verdict(&self) -> Option<&Verdict> {
        self.facts.cancel.as_ref().map(|cancel| &cancel.verdict)
    }

    fn ask_detail(&mut self, turn: &mut Turn<'_>) {
        let request = Request::Detail { id: self.facts.target(), amount: Some(self.facts.asked.amount) };
        let no = turn.ask(request);
        self.question = Some(Question { no, sent: turn.now });
    }

    fn detail_answered(&mut self, turn: &mut Turn<'_>, sent: Now, reply: &Reply) {
        let said = Said::of(reply);
        match self.phase {
            Phase::Open(_) => self.open_detail(turn, said),
            Phase::LastQuestion { why } => self.last_detail(turn, said, why),
            Phase::Confirming { .. } => self.confirming_detail(turn, said),
            Phase::Background(_) => self.background_detail(turn, sent, said),
            Phase::Checking { .. } => self.checked(turn, said),
            Phase::Refunding(_) => self.refund_detail(turn, sent, said),
            Phase::Cancelling { .. } | Phase::Quiet => {}
        }
    }
}

/// What a DETAIL's reply says about the payment itself; everything else says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Said<'a> {
    Success(&'a Status),
    Processing,
    NotPaid(Reason),
    /// "Does not exist", at this time by the acquirer's own clock.
    Absent(Option<Wall>),
    Busy,
    Nothing(Option<Silence>),
}

impl<'a> Said<'a> {
    fn of(reply: &'a Reply) -> Said<'a> {
        match reply {
            Reply::NotSent(_) => Said::Nothing(None),
            Reply::Unknown(silence) => Said::Nothing(Some(*silence)),
            Reply::Answer(Answer { says: Says::Status(status), .. }) => match status.state {
                StatusWord::Success => Said::Success(status),
                StatusWord::Processing => Said::Processing,
                StatusWord::Fail => Said::NotPaid(Reason::Failed),
                StatusWord::Closed => Said::NotPaid(Reason::Closed),
            },
            Reply::Answer(Answer { says: Says::Absent, date }) => Said::Absent(*date),
            Reply::Answer(Answer { says: Says::Unclear(_), .. }) => Said::Busy,
            // A code speaks only of the request that it answers: a DETAIL that is declined says nothing of the payment.
            Reply::Answer(Answer { says: Says::Declined(_) | Says::NotAccepted(_), .. }) => {
                Said::Nothing(None)
            }
        }
    }
}

fn paid(status: &Status, by: Source) -> Paid {
    Paid { uq_id: status.uq_id.clone(), paid: status.paid, by }
}

/// Where the state itself is the refusal.
fn no_code() -> AnswerCode {
    AnswerCode(alloc::string::String::new())
}

fn refused(reason: Reason, by: Source) -> Fact {
    Fact::Refused(Refused { decline: Decline { reason, code: no_code() }, by })
}

/// The pause before a Confirming question that was not answered is asked again, and how often it is.
const CONFIRMING_TRIES: u32 = 3;

impl Payment {
    /// Leaves the counter for the background; the cashier is told unless the code never reached a display.
    fn unsettle(&mut self, turn: &mut Turn<'_>, why: WhyUnsettled) {
        self.save(turn, Fact::Unsettled { why });
        self.go_background(turn);
    }

    fn contradict(&mut self, turn: &mut Turn<'_>, what: Contradiction) {
        if !self.facts.contradicted {
            self.save(turn, Fact::Contradicted(what));
        }
    }
}
