//! Unsettled: asking on, slower and slower, until the truth is known.

use super::*;

impl Payment {
    pub(super) fn go_background(&mut self, turn: &mut Turn<'_>) {
        self.code = None;
        self.phase = Phase::Background(Background::begin(turn));
    }

    /// A round: the CANCEL again while it has no definite refusal, and then a question; else the question alone.
    pub(super) fn background_round(&mut self, turn: &mut Turn<'_>) {
        if let Phase::Background(background) = &mut self.phase {
            background.schedule(turn);
        }
        let repeat = match self.verdict() {
            Some(Verdict::Open) => true,
            Some(Verdict::Confirmed) => self.facts.contradicted,
            Some(Verdict::Refused(_)) | None => false,
        };
        if repeat { self.call_cancel(turn) } else { self.ask_detail(turn) }
    }

    pub(super) fn background_detail(&mut self, turn: &mut Turn<'_>, sent: Now, said: Said<'_>) {
        match said {
            Said::NotPaid(_) if self.facts.cancel.is_some() => self.save(turn, Fact::Reversed),
            Said::NotPaid(reason) => self.save(turn, refused(reason, Source::Detail)),
            Said::Success(status) => self.background_success(turn, status),
            Said::Absent(date) => self.background_absent(turn, sent, date),
            Said::Processing | Said::Busy | Said::Nothing(_) => {}
        }
    }

    fn background_success(&mut self, turn: &mut Turn<'_>, status: &Status) {
        match self.verdict() {
            Some(Verdict::Refused(decline)) if self.facts.gives_back() => {
                self.cancel_gave_nothing(turn, status, decline.clone());
            }
            None | Some(Verdict::Refused(_)) => {
                self.save(turn, Fact::PaidLate(paid(status, Source::Detail)));
            }
            // From now on the cancellation is asked for again, until it agrees with what is said of the payment.
            Some(Verdict::Confirmed) => self.contradict(turn, Contradiction::PaidAfterCancel),
            // No way back from a cancellation that may still be carried out.
            Some(Verdict::Open) => {}
        }
    }

    /// "Does not exist" is believed when it is said twice after the request could last become a charge. The acquirer
    /// keeps `expireAt` by its own clock, so that clock is asked first: ours may have been set meanwhile.
    fn background_absent(&mut self, turn: &mut Turn<'_>, sent: Now, date: Option<Wall>) {
        if self.facts.paid.is_some() {
            return;
        }
        let asked = sent.wall.map(|ours| ours.wall);
        let margin = turn.settings.timings.expire_margin_ms;
        let too_late = self.facts.asked.expire_at.after(margin);
        let Phase::Background(background) = &mut self.phase else { return };
        if date.or(asked).is_some_and(|then| then > too_late) {
            background.absent = background.absent.saturating_add(1);
            if background.absent >= 2 {
                self.save(turn, refused(Reason::NeverArrived, Source::Detail));
            }
        }
    }

    /// Whole milliseconds until the acquirer is asked again.
    pub(crate) fn next_question(&self, now: Mono) -> Option<u64> {
        match &self.phase {
            Phase::Background(background) => Some(background.next.since(now)),
            Phase::Refunding(_) => self.refund_deadline().map(|next| next.since(now)),
            Phase::Open(_)
            | Phase::LastQuestion { .. }
            | Phase::Cancelling { .. }
            | Phase::Confirming { .. }
            | Phase::Checking { .. }
            | Phase::Quiet => None,
        }
    }
}

impl Background {
    pub(super) fn begin(turn: &mut Turn<'_>) -> Background {
        let now = turn.mono();
        let mut background = Background { since: now, round: 0, next: now, absent: 0 };
        background.schedule(turn);
        background
    }

    pub(super) fn schedule(&mut self, turn: &mut Turn<'_>) {
        let timings = turn.settings.timings;
        let old = turn.mono().since(self.since) >= timings.background_old_ms;
        let pause = match timings.background_ms.get(self.round) {
            Some(pause) => *pause,
            None if old => timings.background_old_every_ms,
            None => timings.background_then_ms,
        };
        self.round = self.round.saturating_add(1);
        self.next = turn.mono().after(turn.spread(pause));
    }
}
