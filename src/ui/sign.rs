//! Which sign stands for which news.

use postern_heart::screen::{Outcome, Standing};

use super::palette::{ALERT, BAD, BUSY, GOOD, NONE, Tone};
use crate::glyphs::Mark;

/// Gives the sign and the tone of where a transaction stands.
pub(super) fn standing_sign(standing: Standing) -> (Mark, Tone) {
    match standing {
        Standing::Open => (Mark::Clock, BUSY),
        Standing::Cancelling => (Mark::Cancelling, NONE),
        Standing::Unsettled => (Mark::Unsettled, ALERT),
        Standing::PaidLate => (Mark::Attention, ALERT),
        Standing::Paid => (Mark::Paid, GOOD),
        Standing::Refused => (Mark::NotPaid, BAD),
        Standing::NotSent => (Mark::NoConnection, NONE),
        Standing::Reversed => (Mark::Cancelled, NONE),
        Standing::GivingBack => (Mark::Wait, BUSY),
        Standing::PartlyGivenBack | Standing::GivenBack => (Mark::GivenBack, NONE),
    }
}

/// Gives the sign and the tone of a result.
pub(super) fn outcome_sign(outcome: &Outcome) -> (Mark, Tone) {
    match outcome {
        Outcome::Paid => (Mark::Paid, GOOD),
        Outcome::Refused(_) => (Mark::NotPaid, BAD),
        Outcome::NotSent(_) => (Mark::NoConnection, NONE),
        Outcome::Reversed => (Mark::Cancelled, NONE),
        Outcome::Unsettled { .. } => (Mark::Unsettled, ALERT),
    }
}
