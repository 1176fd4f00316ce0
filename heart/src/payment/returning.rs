//! Money back: the payment is asked about, then its CANCEL or a REFUND goes, and is asked about until it is known.
//!
//! Whole, on the payment's date, of a wallet that knows CANCEL, with nothing given back before: that is a CANCEL, and
//! where it is definitely refused a REFUND follows by itself. Everything else is a REFUND (field rule 10).

use super::*;
use crate::money::Amount;
use crate::screen::NotGivenBack;

/// How often a payment is asked about before giving up, while nobody has decided anything on disk.
const CHECKING_TRIES: u32 = 3;
/// A refund is sent again after "does not exist" was said twice, this far apart, in milliseconds.
const ABSENT_APART_MS: u64 = 60_000;

/// A REFUND on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refunding {
    pace: Background,
    call: Option<RequestNo>,
    /// It may have left before: an earlier answer may be the one that counts.
    doubted: bool,
    /// When "does not exist" was first said since it was last sent.
    absent: Option<Mono>,
    /// What it was refused with after it may have left before.
    declined: Option<Decline>,
}

/// How giving money back stands, as the counter shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Given {
    Working,
    Unknown,
    Done,
    Not(NotGivenBack),
}

impl Payment {
    /// Takes an ended payment up again, to give money of it back.
    pub(crate) fn reopen(turn: &Turn<'_>, facts: Facts) -> Payment {
        Payment::quiet(facts, turn.mono())
    }

    /// Gives money back: the payment is asked about first, and nothing is on disk before its answer.
    pub(crate) fn give_back(&mut self, turn: &mut Turn<'_>, amount: Amount) {
        self.pay = None;
        self.code = None;
        self.given = None;
        self.phase = Phase::Checking { amount, tries: 0, again: None };
        self.ask_detail(turn);
    }

    /// Whether it must be kept although it has an end on disk.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self.phase, Phase::Checking { .. })
    }

    /// How giving money back stands; `None` where nobody asked for it.
    pub(crate) fn given(&self) -> Option<Given> {
        match &self.phase {
            Phase::Checking { .. } => Some(Given::Working),
            Phase::Refunding(refunding) if refunding.doubted => Some(Given::Unknown),
            Phase::Refunding(_) => Some(Given::Working),
            Phase::Background(_) if self.facts.gives_back() => Some(Given::Unknown),
            Phase::Cancelling { .. } | Phase::Confirming { .. } if self.facts.gives_back() => {
                Some(Given::Working)
            }
            Phase::Quiet if self.facts.given_back().is_some() && self.given.is_none() => Some(Given::Done),
            Phase::Open(_)
            | Phase::LastQuestion { .. }
            | Phase::Cancelling { .. }
            | Phase::Confirming { .. }
            | Phase::Background(_)
            | Phase::Quiet => self.given.clone().map(Given::Not),
        }
    }

    /// Whether a CANCEL is right now for so much money back.
    fn cancels(&self, turn: &Turn<'_>, amount: Amount) -> bool {
        let settings = turn.settings;
        let refused = match self.verdict() {
            Some(Verdict::Refused(decline)) => settings.refunds || decline.reason == Reason::CutOff,
            Some(Verdict::Open | Verdict::Confirmed) => true,
            None => false,
        };
        let whole = amount == self.facts.asked.amount && self.facts.refunded().is_zero();
        whole
            && settings.knows_cancel
            && !refused
            && turn.wall().is_some_and(|now| now <= self.facts.cut_off())
    }

    /// The payment's own answer, before anything is given back.
    pub(super) fn checked(&mut self, turn: &mut Turn<'_>, said: Said<'_>) {
        let Phase::Checking { amount, .. } = self.phase else { return };
        match said {
            Said::Success(status) if !self.agrees(turn, status) => {}
            Said::Success(_) if self.cancels(turn, amount) => {
                let late = self.facts.stage == Stage::PayingBack;
                self.start_cancel(turn, if late { WhyCancel::PayBack } else { WhyCancel::GiveBack });
            }
            Said::Success(_) if turn.settings.refunds => self.start_refund(turn, amount),
            Said::Success(_) => {
                let decline = Decline { reason: Reason::CutOff, code: no_code() };
                self.not_given(turn, NotGivenBack::Refused(decline));
            }
            Said::NotPaid(_) => {
                self.contradict(turn, Contradiction::NotPaidAfterPaid);
                self.not_given(turn, NotGivenBack::NotPaid);
            }
            Said::Processing | Said::Absent(_) | Said::Busy | Said::Nothing(_) => self.check_again(turn),
        }
    }

    fn check_again(&mut self, turn: &mut Turn<'_>) {
        let decided = self.facts.stage == Stage::PayingBack;
        let timings = turn.settings.timings;
        let Phase::Checking { tries, again, .. } = &mut self.phase else { return };
        *tries = tries.saturating_add(1);
        if !decided && *tries >= CHECKING_TRIES {
            return self.not_given(turn, NotGivenBack::NotAsked);
        }
        // What a person has decided is on disk: it goes on, slower, until it can be done.
        let slow = *tries >= CHECKING_TRIES;
        let pause = if slow { timings.background_then_ms } else { timings.detail_every_ms };
        *again = Some(turn.mono().after(turn.spread(pause)));
    }

    /// Compares what was refunded; a difference is recorded and shown, and nothing is sent.
    fn agrees(&mut self, turn: &mut Turn<'_>, status: &Status) -> bool {
        let ours = self.facts.refunded();
        let theirs = status.refunded.unwrap_or(Amount::new(0, ours.currency()));
        if theirs == ours {
            return true;
        }
        if matches!(self.facts.stage, Stage::Ended(End::Paid) | Stage::PayingBack) {
            self.save(turn, Fact::RefundsDiffer { ours, theirs });
        }
        self.not_given(turn, NotGivenBack::Differs { ours, theirs });
        false
    }

    /// Nothing went back. Money of a late payment needs a person's answer again.
    fn not_given(&mut self, turn: &mut Turn<'_>, why: NotGivenBack) {
        self.given = Some(why);
        self.phase = Phase::Quiet;
        if self.facts.stage == Stage::PayingBack
            && let Some(paid) = self.facts.paid.clone()
        {
            self.save(turn, Fact::PaidLate(paid));
        }
    }

    /// The cancellation was definitely refused, and the payment is still paid: the refund goes on by itself.
    pub(super) fn cancel_gave_nothing(&mut self, turn: &mut Turn<'_>, status: &Status, decline: Decline) {
        let cancelling = self.facts.stage == Stage::Cancelling;
        let late = self.facts.cancel.as_ref().is_some_and(|cancel| cancel.why == WhyCancel::PayBack);
        let agree = status.refunded.is_none_or(Amount::is_zero);
        if turn.settings.refunds && agree {
            return self.start_refund(turn, self.facts.asked.amount);
        }
        self.given = Some(NotGivenBack::Refused(decline));
        let paid = paid(status, Source::Detail);
        self.save(turn, if late || !cancelling { Fact::PaidLate(paid) } else { Fact::Paid(paid) });
    }

    fn start_refund(&mut self, turn: &mut Turn<'_>, amount: Amount) {
        let refund = turn.new_id();
        self.save(turn, Fact::Refunding { refund, amount });
        self.phase = Phase::Refunding(Refunding {
            pace: Background::begin(turn),
            call: None,
            doubted: false,
            absent: None,
            declined: None,
        });
        self.call_refund(turn);
    }

    /// Goes on after a restart with the same refund: asks about it first.
    pub(super) fn resume_refund(&mut self, turn: &mut Turn<'_>) {
        let mut pace = Background::begin(turn);
        pace.next = turn.mono();
        let (call, absent, declined) = (None, None, None);
        self.phase = Phase::Refunding(Refunding { pace, call, doubted: true, absent, declined });
    }

    fn call_refund(&mut self, turn: &mut Turn<'_>) {
        let Some(refund) = self.facts.open_refund() else { return };
        let original = self.facts.target();
        let (mut id, amount) = (refund.id, refund.amount);
        if turn.source.errs(Mistake::RefundsUnderANewId) {
            id = turn.new_id();
        }
        let no = turn.ask(Request::Refund { id, original, amount });
        if let Phase::Refunding(refunding) = &mut self.phase {
            refunding.call = Some(no);
            refunding.absent = None;
        }
    }

    /// Whether this request is the REFUND, and not answered yet.
    pub(super) fn waits_for_refund(&self, no: RequestNo) -> bool {
        matches!(&self.phase, Phase::Refunding(refunding) if refunding.call == Some(no))
    }

    /// Takes the answer to a REFUND; `false` where it is none of its own.
    pub(super) fn refund_answered(&mut self, turn: &mut Turn<'_>, no: RequestNo, reply: &Reply) -> bool {
        let Phase::Refunding(refunding) = &mut self.phase else { return false };
        if refunding.call != Some(no) {
            return false;
        }
        refunding.call = None;
        let doubted = refunding.doubted;
        let Some(refund) = self.facts.open_refund().map(|refund| refund.id) else { return true };
        match refund_verdict(reply) {
            Heard::Done => self.save(turn, Fact::Refunded { refund }),
            Heard::NotSent if !doubted => {
                self.given = Some(NotGivenBack::NotSent);
                self.save(turn, Fact::RefundNotSent { refund });
            }
            Heard::Refused(decline) if !doubted => self.refund_refused(turn, refund, decline),
            // It may have been carried out before: its own state tells.
            Heard::Refused(decline) => self.refund_unknown(turn, Some(decline)),
            Heard::NotSent | Heard::Nothing => self.refund_unknown(turn, None),
        }
        true
    }

    fn refund_unknown(&mut self, turn: &mut Turn<'_>, heard: Option<Decline>) {
        let Phase::Refunding(refunding) = &mut self.phase else { return };
        refunding.doubted = true;
        refunding.declined = heard;
        refunding.pace = Background::begin(turn);
    }

    fn refund_refused(&mut self, turn: &mut Turn<'_>, refund: OrderId, decline: Decline) {
        self.given = Some(NotGivenBack::Refused(decline.clone()));
        self.save(turn, Fact::RefundRefused { refund, decline });
    }

    /// When the refund must be looked at again.
    pub(super) fn refund_deadline(&self) -> Option<Mono> {
        match &self.phase {
            Phase::Refunding(refunding) if refunding.call.is_none() && self.question.is_none() => {
                Some(refunding.pace.next)
            }
            Phase::Refunding(_)
            | Phase::Checking { .. }
            | Phase::Open(_)
            | Phase::LastQuestion { .. }
            | Phase::Cancelling { .. }
            | Phase::Confirming { .. }
            | Phase::Background(_)
            | Phase::Quiet => None,
        }
    }

    /// Asks how the refund itself stands.
    pub(super) fn refund_round(&mut self, turn: &mut Turn<'_>) {
        if let Phase::Refunding(refunding) = &mut self.phase {
            refunding.pace.schedule(turn);
        }
        let Some(refund) = self.facts.open_refund() else { return };
        let no = turn.ask(Request::Detail { id: Target::Ours(refund.id), amount: Some(refund.amount) });
        self.question = Some(Question { no, sent: turn.now });
    }

    pub(super) fn refund_detail(&mut self, turn: &mut Turn<'_>, sent: Now, said: Said<'_>) {
        let Some(refund) = self.facts.open_refund().map(|refund| refund.id) else { return };
        match said {
            Said::Success(_) => self.save(turn, Fact::Refunded { refund }),
            Said::NotPaid(reason) => {
                let decline = Decline { reason, code: no_code() };
                self.refund_refused(turn, refund, decline);
            }
            Said::Absent(_) => self.refund_absent(turn, refund, sent.mono),
            Said::Processing | Said::Busy | Said::Nothing(_) => {}
        }
    }

    /// "Does not exist" twice, a minute apart: it never arrived, and is sent again with the same id. Where it was
    /// refused when it was sent again, that counts.
    fn refund_absent(&mut self, turn: &mut Turn<'_>, refund: OrderId, sent: Mono) {
        let Phase::Refunding(refunding) = &mut self.phase else { return };
        let first = *refunding.absent.get_or_insert(sent);
        if sent.since(first) < ABSENT_APART_MS {
            return;
        }
        match refunding.declined.take() {
            Some(decline) => self.refund_refused(turn, refund, decline),
            None => self.call_refund(turn),
        }
    }
}

/// What a REFUND's reply says of the refund.
enum Heard {
    Done,
    Refused(Decline),
    NotSent,
    Nothing,
}

fn refund_verdict(reply: &Reply) -> Heard {
    match reply {
        Reply::NotSent(_) => Heard::NotSent,
        Reply::Unknown(_) => Heard::Nothing,
        Reply::Answer(answer) => match &answer.says {
            Says::Status(status) => match status.state {
                StatusWord::Success => Heard::Done,
                StatusWord::Processing => Heard::Nothing,
                StatusWord::Fail => Heard::Refused(Decline { reason: Reason::Failed, code: no_code() }),
                StatusWord::Closed => Heard::Refused(Decline { reason: Reason::Closed, code: no_code() }),
            },
            Says::Declined(decline) => Heard::Refused(decline.clone()),
            Says::NotAccepted(code) => {
                Heard::Refused(Decline { reason: Reason::NotAccepted, code: code.clone() })
            }
            // "Does not exist" may speak of the refund or of its payment: it decides nothing.
            Says::Absent | Says::Unclear(_) => Heard::Nothing,
        },
    }
}
