//! From the PAY to the last question: while the customer may still pay.

use super::*;
use crate::record::Shown;

impl Payment {
    pub(super) fn pay_answered(&mut self, turn: &mut Turn<'_>, reply: &Reply) {
        if matches!(reply, Reply::NotSent(_)) {
            // Proof that nothing can be charged, whatever was begun since.
            if matches!(self.facts.stage, Stage::Asked | Stage::Cancelling | Stage::Unsettled) {
                self.save(turn, Fact::NotSent);
            }
            return;
        }
        if self.facts.stage == Stage::Ended(End::Paid) && denies(reply) {
            return self.contradict(turn, Contradiction::NotPaidAfterPaid);
        }
        if self.facts.stage != Stage::Asked {
            return;
        }
        let says = match reply {
            Reply::NotSent(_) | Reply::Unknown(_) => return self.pay_unanswered(turn),
            Reply::Answer(answer) => &answer.says,
        };
        match says {
            Says::Status(status) => self.pay_status(turn, status),
            Says::Declined(decline) => {
                let refused = Refused { decline: decline.clone(), by: Source::Pay };
                self.save(turn, Fact::Refused(refused));
            }
            Says::NotAccepted(code) => {
                let decline = Decline { reason: Reason::NotAccepted, code: code.clone() };
                self.save(turn, Fact::Refused(Refused { decline, by: Source::Pay }));
            }
            Says::Absent | Says::Unclear(_) => self.pay_unanswered(turn),
        }
    }

    fn pay_status(&mut self, turn: &mut Turn<'_>, status: &Status) {
        let scanned = self.facts.asked.code.is_some();
        match status.state {
            StatusWord::Success if scanned => self.save(turn, Fact::Paid(paid(status, Source::Pay))),
            StatusWord::Success => {
                // Nobody can have paid a code that nobody saw: the id was used before, for something else.
                self.contradict(turn, Contradiction::PaidBeforeShown);
                self.unsettle(turn, WhyUnsettled::Contradiction);
            }
            StatusWord::Fail => self.save(turn, refused(Reason::Failed, Source::Pay)),
            StatusWord::Closed => self.save(turn, refused(Reason::Closed, Source::Pay)),
            StatusWord::Processing if scanned => {
                let next = turn.mono().after(turn.settings.timings.after_processing_ms);
                if let Phase::Open(open) = &mut self.phase {
                    open.seen = Seen::Processing;
                    open.next = next;
                }
            }
            StatusWord::Processing => self.code_came(turn, status.code.clone()),
        }
    }

    /// The code may be shown once it is on disk that it was.
    fn code_came(&mut self, turn: &mut Turn<'_>, code: Option<OrderCode>) {
        if !matches!(self.phase, Phase::Open(_)) {
            return;
        }
        let Some(code) = code else { return self.stop(turn, WhyCancel::NoCode) };
        let lasts = matches!(&self.phase, Phase::Open(open) if open.lasts);
        let shown = if lasts { Shown::Paper(code.clone()) } else { Shown::Display };
        self.save(turn, Fact::Shown(shown));
        self.code = Some(code);
        let next = turn.mono().after(turn.settings.timings.first_detail_ms);
        if let Phase::Open(open) = &mut self.phase {
            open.next = next;
        }
    }

    fn pay_unanswered(&mut self, turn: &mut Turn<'_>) {
        if turn.source.errs(Mistake::TakesSilenceForRefusal) {
            return self.save(turn, refused(Reason::Other, Source::Pay));
        }
        if self.facts.asked.code.is_none() {
            // No code came, so none can be shown, and an order that nobody saw cannot be paid.
            return self.stop(turn, WhyCancel::NoCode);
        }
        if let Phase::Open(open) = &mut self.phase
            && open.seen == Seen::Nothing
        {
            open.seen = Seen::Silence;
        }
    }

    pub(super) fn open_detail(&mut self, turn: &mut Turn<'_>, said: Said<'_>) {
        let timings = turn.settings.timings;
        let pause = match said {
            Said::Success(status) if self.facts.asked.code.is_some() || self.facts.shown => {
                return self.save(turn, Fact::Paid(paid(status, Source::Detail)));
            }
            Said::Success(_) => {
                self.contradict(turn, Contradiction::PaidUnseen);
                return self.unsettle(turn, WhyUnsettled::Contradiction);
            }
            Said::NotPaid(reason) => return self.save(turn, refused(reason, Source::Detail)),
            Said::Absent(_) if turn.source.errs(Mistake::BelievesAbsence) => {
                return self.save(turn, refused(Reason::NeverArrived, Source::Detail));
            }
            Said::Busy => timings.after_busy_ms,
            // "Does not exist" decides nothing: the charge may still be on its way, the code not scanned yet.
            Said::Processing | Said::Absent(_) | Said::Nothing(_) => timings.detail_every_ms,
        };
        self.learn_limit(turn);
        let pause = pause.max(self.parked_pause(turn));
        let next = turn.mono().after(turn.spread(pause));
        if let Phase::Open(open) = &mut self.phase {
            open.next = next;
            open.seen = match (said, open.seen) {
                (Said::Processing, _) => Seen::Processing,
                (_, Seen::Nothing) => Seen::Silence,
                (_, seen) => seen,
            };
        }
    }

    /// How long a parked payment rests between two questions; nothing where somebody waits for it.
    fn parked_pause(&mut self, turn: &Turn<'_>) -> u64 {
        let timings = turn.settings.timings;
        let old = turn.mono().since(self.since) >= timings.background_old_ms;
        let Phase::Open(Open { parked: Some(round), .. }) = &mut self.phase else { return 0 };
        let pause = timings.background_ms.get(*round).copied();
        *round = round.saturating_add(1);
        pause.unwrap_or(if old { timings.background_old_every_ms } else { timings.background_then_ms })
    }

    pub(super) fn last_question(&mut self, turn: &mut Turn<'_>, why: WhyCancel) {
        self.code = None;
        self.phase = Phase::LastQuestion { why };
        self.ask_detail(turn);
    }

    pub(super) fn last_detail(&mut self, turn: &mut Turn<'_>, said: Said<'_>, why: WhyCancel) {
        match said {
            Said::Success(status) if self.facts.asked.code.is_some() || self.facts.shown => {
                self.save(turn, Fact::Paid(paid(status, Source::Detail)));
            }
            Said::Success(_) => {
                self.contradict(turn, Contradiction::PaidUnseen);
                self.unsettle(turn, WhyUnsettled::Contradiction);
            }
            Said::NotPaid(reason) => self.save(turn, refused(reason, Source::Detail)),
            Said::Processing | Said::Absent(_) | Said::Busy | Said::Nothing(_) => {
                self.start_cancel(turn, why)
            }
        }
    }
}

/// Whether a PAY's own answer says that nothing was charged.
fn denies(reply: &Reply) -> bool {
    match reply {
        Reply::NotSent(_) | Reply::Unknown(_) => false,
        Reply::Answer(answer) => match &answer.says {
            Says::Declined(_) | Says::NotAccepted(_) => true,
            Says::Status(status) => matches!(status.state, StatusWord::Fail | StatusWord::Closed),
            Says::Absent | Says::Unclear(_) => false,
        },
    }
}
