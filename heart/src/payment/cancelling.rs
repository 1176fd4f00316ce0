//! From the CANCEL to its verdict, and the question that must agree with it.

use super::*;

impl Payment {
    /// Puts a cancellation on disk and sends it; where none is possible the payment is unsettled.
    pub(super) fn start_cancel(&mut self, turn: &mut Turn<'_>, why: WhyCancel) {
        if self.facts.stage == Stage::Asked {
            if !turn.settings.knows_cancel {
                return self.unsettle(turn, WhyUnsettled::NoCancel);
            }
            if turn.wall().is_some_and(|now| now > self.facts.cut_off()) {
                return self.unsettle(turn, WhyUnsettled::CutOff);
            }
        }
        let cancel = turn.new_id();
        self.save(turn, Fact::Cancelling { cancel, why });
        self.phase = Phase::Cancelling { calls: 0, again: None, silence: None, absent: false };
        self.call_cancel(turn);
    }

    pub(super) fn call_cancel(&mut self, turn: &mut Turn<'_>) {
        let Some(cancel) = &self.facts.cancel else { return };
        let original = self.facts.target();
        let request = Request::Cancel { id: cancel.id, original, amount: self.facts.asked.amount };
        self.cancel_call = Some(turn.ask(request));
        if let Phase::Cancelling { calls, again, .. } = &mut self.phase {
            *calls = calls.saturating_add(1);
            *again = None;
        }
    }

    pub(super) fn cancel_answered(&mut self, turn: &mut Turn<'_>, reply: &Reply) {
        if !matches!(self.phase, Phase::Cancelling { .. } | Phase::Background(_)) {
            return;
        }
        let Some(cancel) = self.facts.cancel.as_ref().map(|cancel| cancel.id) else { return };
        let verdict = verdict(reply);
        match &verdict {
            Heard::Confirmed if self.verdict() != Some(&Verdict::Confirmed) => {
                self.save(turn, Fact::CancelConfirmed { cancel });
            }
            Heard::Refused(decline) => {
                self.save(turn, Fact::CancelRefused { cancel, decline: decline.clone() })
            }
            Heard::Confirmed | Heard::Nothing { .. } => {}
        }
        match (&self.phase, verdict) {
            (Phase::Cancelling { .. }, Heard::Confirmed) if turn.source.errs(Mistake::BelievesTheCancel) => {
                self.save(turn, Fact::Reversed);
            }
            (Phase::Cancelling { .. }, Heard::Confirmed | Heard::Refused(_)) => {
                self.phase = Phase::Confirming { tries: 0, again: None };
                self.ask_detail(turn);
            }
            (Phase::Cancelling { .. }, Heard::Nothing { silence, absent }) => {
                self.cancel_again(turn, silence, absent);
            }
            // In the background every round ends with a question that is sent after the cancellation's answer.
            (Phase::Background(_), _) => self.ask_detail(turn),
            (
                Phase::Open(_)
                | Phase::LastQuestion { .. }
                | Phase::Confirming { .. }
                | Phase::Checking { .. }
                | Phase::Refunding(_)
                | Phase::Quiet,
                _,
            ) => {}
        }
    }

    fn cancel_again(&mut self, turn: &mut Turn<'_>, heard: Option<Silence>, not_there: bool) {
        let now = turn.mono();
        let Phase::Cancelling { calls, again, silence, absent } = &mut self.phase else { return };
        *silence = heard;
        *absent = not_there;
        match turn.settings.timings.cancel_again_ms.get(calls.saturating_sub(1)) {
            Some(pause) => *again = Some(now.after(*pause)),
            None if *absent => self.unsettle(turn, WhyUnsettled::Absent),
            None => {
                let why = WhyUnsettled::NoAnswer(*silence);
                self.unsettle(turn, why);
            }
        }
    }

    pub(super) fn confirming_detail(&mut self, turn: &mut Turn<'_>, said: Said<'_>) {
        let refused_code = match self.verdict() {
            Some(Verdict::Refused(decline)) => Some(decline.clone()),
            Some(Verdict::Open | Verdict::Confirmed) | None => None,
        };
        match (said, refused_code) {
            (Said::NotPaid(_), _) => self.save(turn, Fact::Reversed),
            (Said::Success(status), Some(decline)) if self.facts.gives_back() => {
                self.cancel_gave_nothing(turn, status, decline);
            }
            (Said::Success(status), Some(_)) => {
                let paid = paid(status, Source::Detail);
                self.save(turn, Fact::Paid(paid));
            }
            (Said::Success(_), None) => {
                self.contradict(turn, Contradiction::PaidAfterCancel);
                self.unsettle(turn, WhyUnsettled::Contradiction);
            }
            (Said::Absent(_), _) => self.unsettle(turn, WhyUnsettled::Absent),
            (Said::Processing, Some(decline)) if decline.reason == Reason::CutOff => {
                self.unsettle(turn, WhyUnsettled::CutOff);
            }
            (Said::Processing, Some(decline)) => {
                self.unsettle(turn, WhyUnsettled::CancelRefused(decline.code))
            }
            (Said::Processing, None) => self.unsettle(turn, WhyUnsettled::Processing),
            (Said::Busy, _) => self.confirm_again(turn, None),
            (Said::Nothing(silence), _) => self.confirm_again(turn, silence),
        }
    }

    fn confirm_again(&mut self, turn: &mut Turn<'_>, silence: Option<Silence>) {
        let pause = turn.settings.timings.detail_every_ms;
        let next = turn.mono().after(turn.spread(pause));
        let Phase::Confirming { tries, again } = &mut self.phase else { return };
        *tries = tries.saturating_add(1);
        if *tries < CONFIRMING_TRIES {
            *again = Some(next);
        } else {
            self.unsettle(turn, WhyUnsettled::NoAnswer(silence));
        }
    }
}

/// What a CANCEL's reply says of the cancellation.
enum Heard {
    Confirmed,
    Refused(Decline),
    Nothing { silence: Option<Silence>, absent: bool },
}

fn verdict(reply: &Reply) -> Heard {
    let nothing = |silence, absent| Heard::Nothing { silence, absent };
    match reply {
        Reply::NotSent(_) => nothing(None, false),
        Reply::Unknown(silence) => nothing(Some(*silence), false),
        Reply::Answer(answer) => match &answer.says {
            Says::Status(status) => match status.state {
                StatusWord::Success | StatusWord::Closed => Heard::Confirmed,
                StatusWord::Processing => nothing(None, false),
                StatusWord::Fail => Heard::Refused(Decline { reason: Reason::Failed, code: no_code() }),
            },
            Says::Declined(decline) => Heard::Refused(decline.clone()),
            Says::Absent => nothing(None, true),
            // A request that was not accepted, or not understood, has had no effect that is known.
            Says::NotAccepted(_) | Says::Unclear(_) => nothing(None, false),
        },
    }
}
