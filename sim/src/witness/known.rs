//! What a terminal can know of one transaction from what was answered, and which facts that gives no reason for.

use super::*;

impl Known {
    pub(super) fn learn_detail(&mut self, sent: &Sent, reply: &Reply) {
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
    pub(super) fn unfounded(&self, fact: &Fact) -> Option<&'static str> {
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
            | Fact::Compared(_)
            | Fact::ClockSet { .. } => None,
        }
    }

    pub(super) fn saw(&self, refund: OrderId, what: impl Fn(&RefundSeen) -> bool) -> bool {
        self.refund.as_ref().is_some_and(|seen| seen.id == refund && what(seen))
    }

    pub(super) fn unfounded_refund(&self, amount: Amount) -> Option<&'static str> {
        if self.allowed != Some(amount) {
            return Some("nobody allowed it");
        }
        if self.refunded != self.facts.refunded().minor() {
            return Some("the acquirer said that another amount was refunded before");
        }
        self.unpaid(Source::Detail)
    }

    /// No way back from a cancellation: *paid* needs its refusal, and a question sent after that.
    pub(super) fn unpaid(&self, by: Source) -> Option<&'static str> {
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
    pub(super) fn learn(&mut self, reply: &Reply) {
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

    pub(super) fn learn_detail(&mut self, sent: &Sent, reply: &Reply) {
        match reply {
            Reply::Answer(Answer { says: Says::Status(status), .. }) => self.learn_state(status.state),
            Reply::Answer(Answer { says: Says::Absent, .. }) => self.absent.push(sent.mono),
            Reply::Answer(_) | Reply::NotSent(_) | Reply::Unknown(_) => {}
        }
    }

    pub(super) fn learn_state(&mut self, state: StatusWord) {
        match state {
            StatusWord::Success => self.done = true,
            StatusWord::Fail | StatusWord::Closed => self.refused = true,
            StatusWord::Processing => {}
        }
    }
}

pub(super) fn pay_said(reply: &Reply) -> Option<PaySaid> {
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

pub(super) fn code_in(reply: &Reply) -> Option<&OrderCode> {
    match reply {
        Reply::Answer(Answer { says: Says::Status(status), .. }) => status.code.as_ref(),
        Reply::Answer(_) | Reply::NotSent(_) | Reply::Unknown(_) => None,
    }
}

pub(super) fn refuses(reply: &Reply) -> bool {
    match reply {
        Reply::Answer(answer) => match &answer.says {
            Says::Declined(_) => true,
            Says::Status(status) => status.state == StatusWord::Fail,
            Says::Absent | Says::NotAccepted(_) | Says::Unclear(_) => false,
        },
        Reply::NotSent(_) | Reply::Unknown(_) => false,
    }
}
