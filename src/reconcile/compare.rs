//! Two sides of one payment, and whether they agree.

use std::fmt;

use postern_heart::ask::{Reply, Says, Status, StatusWord};
use postern_heart::money::Amount;
use postern_heart::payment::{End, Facts, Stage};

use super::statement::Entry;

/// What one side says of a payment's money.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Side {
    /// So much was paid and stayed; zero where nothing was paid or all went back.
    Kept(Amount),
    /// It is not settled there.
    Open(&'static str),
    /// It has no such payment.
    Absent,
    /// It could not be asked, or gave no answer that counts.
    Silent(String),
}

/// What the comparison of both sides says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// Both say the same.
    Agree,
    /// They say different things about money.
    Differ,
    /// One of them has not settled it.
    Open,
    /// The acquirer's side is not known.
    Unknown,
}

impl Side {
    /// What the journal says.
    pub(super) fn of_journal(facts: &Facts) -> Side {
        match &facts.stage {
            Stage::Ended(End::Paid) => Side::Kept(facts.left()),
            Stage::Ended(End::NotSent | End::Refused(_) | End::Reversed) => nothing(facts),
            Stage::Asked => Side::Open("asked"),
            Stage::Cancelling => Side::Open("being cancelled"),
            Stage::Unsettled => Side::Open("unsettled"),
            Stage::PaidLate => Side::Open("paid late, a person must decide"),
            Stage::PayingBack | Stage::Refunding => Side::Open("being given back"),
        }
    }

    /// What the acquirer's answer to a DETAIL says.
    pub(super) fn of_answer(facts: &Facts, reply: &Reply) -> Side {
        let says = match reply {
            Reply::NotSent(why) => return Side::Silent(format!("could not be asked ({why:?})")),
            Reply::Unknown(why) => return Side::Silent(format!("gave no answer that counts ({why:?})")),
            Reply::Answer(answer) => &answer.says,
        };
        match says {
            Says::Status(Status { state: StatusWord::Success, amount, refunded, .. }) => {
                kept(amount.unwrap_or(facts.asked.amount), *refunded)
            }
            Says::Status(Status { state: StatusWord::Processing, .. }) => Side::Open("processing"),
            Says::Status(Status { state: StatusWord::Fail | StatusWord::Closed, .. }) => nothing(facts),
            Says::Absent => Side::Absent,
            Says::Declined(decline) => {
                Side::Silent(format!("declined the question (code {})", decline.code.0))
            }
            Says::NotAccepted(code) => {
                Side::Silent(format!("does not accept this terminal (code {})", code.0))
            }
            Says::Unclear(code) => Side::Silent(format!("gave an unclear answer (code {})", code.0)),
        }
    }

    /// What the statement says. It tells of one day: what the journal gave back on another one is not in it.
    pub(super) fn of_statement(facts: &Facts, entry: Option<&Entry>) -> Side {
        let Some(entry) = entry else { return Side::Absent };
        let given_back_later = matches!(facts.stage, Stage::Ended(End::Paid))
            && entry.paid == facts.asked.amount
            && entry.back.minor() <= facts.refunded().minor();
        Side::Kept(if given_back_later { facts.left() } else { entry.kept() })
    }

    /// What it says was paid and stayed; `None` where it has no such payment, or has not settled it.
    pub(super) fn kept(&self) -> Option<Amount> {
        match self {
            Side::Kept(amount) => Some(*amount),
            Side::Absent | Side::Open(_) | Side::Silent(_) => None,
        }
    }

    fn is_nothing(&self) -> bool {
        match self {
            Side::Kept(amount) => amount.is_zero(),
            Side::Absent => true,
            Side::Open(_) | Side::Silent(_) => false,
        }
    }
}

/// Compares the journal with the acquirer.
pub(super) fn compare(ours: &Side, theirs: &Side) -> Verdict {
    match (ours, theirs) {
        (_, Side::Silent(_)) => Verdict::Unknown,
        (Side::Open(_), _) | (_, Side::Open(_)) => Verdict::Open,
        _ if ours == theirs || (ours.is_nothing() && theirs.is_nothing()) => Verdict::Agree,
        _ => Verdict::Differ,
    }
}

fn nothing(facts: &Facts) -> Side {
    Side::Kept(Amount::new(0, facts.asked.amount.currency()))
}

fn kept(paid: Amount, refunded: Option<Amount>) -> Side {
    let back = refunded.map_or(0, Amount::minor);
    Side::Kept(Amount::new(paid.minor().saturating_sub(back), paid.currency()))
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Side::Kept(amount) if amount.is_zero() => f.write_str("nothing paid that stayed"),
            Side::Kept(amount) => write!(f, "{amount} paid and kept"),
            Side::Open(how) => write!(f, "not settled ({how})"),
            Side::Absent => f.write_str("no such payment"),
            Side::Silent(why) => f.write_str(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use postern_heart::money::Currency;

    use super::*;

    fn hkd(minor: u64) -> Side {
        Side::Kept(Amount::new(minor, Currency::HKD))
    }

    #[test]
    fn nothing_paid_and_no_such_payment_are_the_same_money() {
        assert_eq!(compare(&hkd(0), &Side::Absent), Verdict::Agree);
        assert_eq!(compare(&hkd(1250), &Side::Absent), Verdict::Differ);
        assert_eq!(compare(&Side::Absent, &hkd(1250)), Verdict::Differ);
    }

    #[test]
    fn what_is_not_known_never_agrees() {
        for ours in [hkd(0), hkd(1250), Side::Open("unsettled")] {
            assert_eq!(compare(&ours, &Side::Silent(String::new())), Verdict::Unknown);
        }
        assert_eq!(compare(&Side::Open("asked"), &hkd(1250)), Verdict::Open);
        assert_eq!(compare(&hkd(1250), &Side::Open("processing")), Verdict::Open);
    }

    #[test]
    fn a_cent_is_a_difference() {
        assert_eq!(compare(&hkd(1250), &hkd(1250)), Verdict::Agree);
        assert_eq!(compare(&hkd(1250), &hkd(1249)), Verdict::Differ);
    }
}
