//! May the terminal sell: is the journal whole, are the keys proven, is the clock right?

use alloc::string::String;

use super::counter::{Counter, Sale};
use super::recent::Recent;
use super::*;
use crate::ask::{Answer, Request, Says, Silence, Unreachable};
use crate::ids::Target;
use crate::payment::Stage;
use crate::record::Record;
use crate::screen::{Cause, Hindrance, OutOfService};
use crate::settings::Timings;

/// How often the journal is read again while it is out of order, in milliseconds.
const READ_AGAIN_MS: u64 = 5_000;
/// The longest pause between two tries to prove the keys, as a multiple of the profile's pause.
const PROVE_SLOWEST: u64 = 10;

/// The state of the whole terminal.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    journal: JournalState,
    proof: Proof,
    online: bool,
    /// Why the last request that did not leave did not.
    unreachable: Unreachable,
    /// The clock is too far from the acquirer's.
    clock_off: bool,
}

#[derive(Clone, Debug)]
enum JournalState {
    Good,
    Bad { screen: OutOfService, read_at: Option<Mono> },
}

/// Whether the acquirer has answered under the present keys (field rule 15).
#[derive(Clone, Debug)]
struct Proof {
    hindrance: Option<Hindrance>,
    asked: Option<RequestNo>,
    ask_at: Option<Mono>,
    tries: u64,
}

impl Default for Service {
    fn default() -> Service {
        Service {
            journal: JournalState::Good,
            proof: Proof {
                hindrance: Some(Hindrance::Connecting),
                asked: None,
                ask_at: Some(Mono(0)),
                tries: 0,
            },
            online: false,
            unreachable: Unreachable::Connect,
            clock_off: false,
        }
    }
}

impl Service {
    pub(crate) fn runs(&self) -> bool {
        matches!(self.journal, JournalState::Good)
    }

    pub(crate) fn online(&self) -> bool {
        self.online
    }

    pub(crate) fn out_of_service(&self) -> Option<&OutOfService> {
        match &self.journal {
            JournalState::Good => None,
            JournalState::Bad { screen, .. } => Some(screen),
        }
    }

    /// What keeps the terminal from selling, if anything does.
    pub(crate) fn hindrance(&self, now: Now) -> Option<Hindrance> {
        if now.wall.is_none() || self.clock_off {
            return Some(Hindrance::ClockWrong);
        }
        self.proof.hindrance
    }

    /// Whether the acquirer has answered under the present keys.
    pub(crate) fn proven(&self) -> bool {
        self.proof.hindrance.is_none()
    }

    /// Why the last request did not leave.
    pub(crate) fn unreachable(&self) -> Unreachable {
        self.unreachable
    }

    pub(crate) fn deadline(&self) -> Option<Mono> {
        match &self.journal {
            JournalState::Good => self.proof.ask_at,
            JournalState::Bad { read_at, .. } => *read_at,
        }
    }

    pub(crate) fn wake(&mut self, turn: &mut Turn<'_>) {
        let now = turn.mono();
        match &mut self.journal {
            JournalState::Bad { read_at, .. } if read_at.is_some_and(|at| at <= now) => {
                *read_at = None;
                turn.effects.push(Effect::ReadJournal);
            }
            JournalState::Good if self.proof.ask_at.is_some_and(|at| at <= now) => self.proof.ask(turn),
            JournalState::Bad { .. } | JournalState::Good => {}
        }
    }

    /// Learns from every reply: is the acquirer there, does it accept us, what time has it?
    pub(crate) fn heard(&mut self, turn: &mut Turn<'_>, no: RequestNo, reply: &Reply) {
        let timings = turn.settings.timings;
        match reply {
            Reply::NotSent(why) => {
                self.online = false;
                self.unreachable = *why;
            }
            Reply::Unknown(Silence::TimeOut | Silence::Broken) => self.online = false,
            Reply::Unknown(_) => self.online = true,
            Reply::Answer(answer) => {
                self.online = true;
                self.compare_clocks(turn, answer, timings);
                if matches!(answer.says, Says::NotAccepted(_)) && self.proof.hindrance.is_none() {
                    self.proof.doubt(turn.mono().after(timings.prove_every_ms));
                }
            }
        }
        if self.proof.asked == Some(no) {
            self.proof.answered(turn, reply);
        }
        if self.clock_off && self.proof.asked.is_none() && self.proof.ask_at.is_none() {
            self.proof.ask_at = Some(turn.mono().after(timings.prove_every_ms.saturating_mul(PROVE_SLOWEST)));
        }
    }

    fn compare_clocks(&mut self, turn: &Turn<'_>, answer: &Answer, timings: Timings) {
        if let (Some(theirs), Some(ours)) = (answer.date, turn.wall()) {
            let off = theirs.minus(ours).unsigned_abs();
            self.clock_off = off > timings.clock_off_max_ms;
        }
    }

    /// The manager set the clock: the acquirer's own is asked for again at once.
    pub(crate) fn clock_was_set(&mut self, now: Mono) {
        self.clock_off = false;
        if self.proof.asked.is_none() {
            self.proof.ask_at = Some(now);
        }
    }

    fn go_bad(
        &mut self,
        turn: &mut Turn<'_>,
        fault: JournalFault,
        paid: Option<(OrderId, crate::money::Amount)>,
    ) {
        let again = match fault.cause {
            Cause::DiskFull | Cause::JournalBroken => Some(turn.mono().after(READ_AGAIN_MS)),
            // Time does not mend these: someone must come.
            Cause::JournalDamaged | Cause::JournalNewer => None,
        };
        let screen = OutOfService { cause: fault.cause, detail: fault.detail, paid_not_recorded: paid };
        self.journal = JournalState::Bad { screen, read_at: again };
    }
}

impl Proof {
    /// Asks about an id that was never used: the right keys make that "does not exist", signed.
    fn ask(&mut self, turn: &mut Turn<'_>) {
        self.ask_at = None;
        self.tries = self.tries.saturating_add(1);
        let id = turn.new_id();
        self.asked = Some(turn.ask(Request::Detail { id: Target::Ours(id), amount: None }));
    }

    fn doubt(&mut self, ask_at: Mono) {
        self.hindrance = Some(Hindrance::KeyNotAccepted);
        self.tries = 0;
        self.ask_at = Some(ask_at);
    }

    fn answered(&mut self, turn: &mut Turn<'_>, reply: &Reply) {
        self.asked = None;
        self.hindrance = match reply {
            Reply::NotSent(why) => Some(Hindrance::NoConnection(*why)),
            Reply::Unknown(Silence::BadSignature) => Some(Hindrance::KeyNotAccepted),
            Reply::Unknown(_) => Some(Hindrance::NoConnection(Unreachable::Connect)),
            Reply::Answer(answer) => match answer.says {
                Says::Absent => None,
                Says::NotAccepted(_) => Some(Hindrance::KeyNotAccepted),
                Says::Status(_) | Says::Declined(_) | Says::Unclear(_) => Some(Hindrance::Connecting),
            },
        };
        if self.hindrance.is_some() {
            let pause = turn.settings.timings.prove_every_ms;
            let pause = turn.spread(pause.saturating_mul(self.tries.clamp(1, PROVE_SLOWEST)));
            self.ask_at = Some(turn.mono().after(pause));
        } else {
            self.tries = 0;
        }
    }
}

impl Desk {
    /// Goes out of service until the journal was read again; a payment that is paid and not on disk is named.
    pub(super) fn save_failed(&mut self, turn: &mut Turn<'_>, record: &Record, fault: JournalFault) {
        let says_paid = matches!(record.fact, Fact::Paid(_) | Fact::PaidLate(_));
        let facts = record.transaction.filter(|_| says_paid).and_then(|id| self.facts(id));
        let paid = facts.map(|facts| (facts.id, facts.asked.amount));
        let before = self.service.out_of_service().and_then(|screen| screen.paid_not_recorded);
        self.service.go_bad(turn, fault, paid.or(before));
        self.pace.clear();
        turn.sound(Sound::Attention);
    }

    /// The journal can't be read while the terminal runs.
    pub(super) fn journal_fault(&mut self, turn: &mut Turn<'_>, fault: JournalFault) {
        self.service.go_bad(turn, fault, None);
        turn.sound(Sound::Attention);
    }

    /// Takes what the journal holds: after the start, and after a fault.
    pub(super) fn journal_read(&mut self, turn: &mut Turn<'_>, read: Result<Opened, JournalFault>) {
        let paid = self.service.out_of_service().and_then(|screen| screen.paid_not_recorded);
        let opened = match read {
            Ok(opened) => opened,
            Err(fault) => return self.service.go_bad(turn, fault, paid),
        };
        let folded = match fold_open(&opened.open) {
            Ok(folded) => folded,
            Err(misfit) => {
                let detail = alloc::format!("{misfit}");
                let fault = JournalFault { cause: Cause::JournalDamaged, detail };
                return self.service.go_bad(turn, fault, paid);
            }
        };
        turn.source.sequence = opened.sequence;
        self.service.journal = JournalState::Good;
        self.save_own(turn, Fact::Started { version: String::from(env!("CARGO_PKG_VERSION")) });
        let is_open = |id| folded.iter().any(|facts| facts.id == id);
        self.pin_set = opened.pin_set || self.settings.manager;
        if self.settings.manager && !opened.pin_set {
            self.save_own(turn, Fact::PinSet);
        }
        self.recent = Recent::read(&opened.recent, is_open);
        self.sought = None;
        self.paperwork = Paperwork::default();
        self.pace.clear();
        self.doubts = Doubts::default();
        self.ear = Ear::start(turn, &opened.recent, &self.ear);
        self.payments = folded.into_iter().map(|facts| Payment::resume(turn, facts)).collect();
        self.counter = self.counter_after_start();
        if self.service.proof.hindrance.is_some() && self.service.proof.asked.is_none() {
            self.service.proof.ask_at = None;
            self.service.proof.ask(turn);
        }
    }

    /// Whoever starts the terminal wants to see how the last payment ended.
    fn counter_after_start(&mut self) -> Counter {
        for payment in &self.payments {
            self.recent.seen(payment.facts());
        }
        let unfinished = self.payments.iter().map(Payment::facts).rev().find(|facts| {
            let unfinished = matches!(
                facts.stage,
                Stage::Asked | Stage::Cancelling | Stage::PayingBack | Stage::Refunding
            );
            // A code that the customer may have taken along holds nobody up.
            let elsewhere = facts.stage == Stage::Asked && facts.lasting.is_some();
            unfinished && !elsewhere && !facts.is_quiet()
        });
        match unfinished {
            Some(facts) => Counter::Paying { sale: Sale::of(facts), id: facts.id },
            None => Counter::default(),
        }
    }
}

fn fold_open(records: &[Record]) -> Result<alloc::vec::Vec<Facts>, crate::payment::Misfit> {
    let mut all: alloc::vec::Vec<Facts> = alloc::vec::Vec::new();
    for record in records {
        match all.iter_mut().find(|facts| Some(facts.id) == record.transaction) {
            Some(facts) => facts.apply(record)?,
            None => all.push(Facts::begin(record)?),
        }
    }
    Ok(all)
}
