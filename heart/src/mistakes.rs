//! Mistakes that can be put into the heart on purpose, to see that whoever watches it finds them.
//!
//! They exist under the feature `mistakes` alone, which only tests ask for. Without it [`Source::errs`] is `false`, and
//! the compiler leaves nothing of them.

#![cfg_attr(
    not(feature = "mistakes"),
    allow(unreachable_pub, reason = "it is reached under the feature alone")
)]

use crate::turn::Source;

/// One mistake. Each was made by a real system that takes payments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mistake {
    /// PAY leaves before its intent is on disk.
    AsksBeforeItSaves,
    /// A PAY without an answer is called refused.
    TakesSilenceForRefusal,
    /// "Does not exist" is believed at once.
    BelievesAbsence,
    /// A confirmed cancellation is believed without a question sent after it.
    BelievesTheCancel,
    /// A paper that may be the second one does not say so.
    HidesTheDuplicate,
    /// The money that is given back is asked for again under a new id.
    RefundsUnderANewId,
    /// Ids are counted from what is on disk, without anything fresh in them.
    CountsIds,
    /// A notification is answered before the money that it tells of is on disk.
    AnswersBeforeItSaves,
}

impl Source {
    /// Whether this mistake is to be made.
    #[cfg(feature = "mistakes")]
    pub(crate) fn errs(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    /// Whether this mistake is to be made: never.
    #[cfg(not(feature = "mistakes"))]
    pub(crate) const fn errs(&self, _mistake: Mistake) -> bool {
        false
    }
}
