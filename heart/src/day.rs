//! A day compared with the acquirer, as a value: what it took, and where the two books differ.

use alloc::string::String;
use alloc::vec::Vec;

use crate::ids::Target;
use crate::money::Amount;

/// How many differences are told in full; a record has room for them, and a person has patience for less.
pub const DIFFERENCES_MAX: usize = 100;

/// A calendar day in the acquirer's zone, as `2026-03-01`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Day(pub String);

/// What came of comparing a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Compared {
    /// Which day.
    pub day: Day,
    /// The acquirer's statement was compared, too.
    pub statement: bool,
    /// What the journal says that the day took.
    pub took: Took,
    /// How many comparisons there were of each kind.
    pub counts: Counts,
    /// The differences, [`DIFFERENCES_MAX`] of them at most; `counts` has them all.
    pub differences: Vec<Difference>,
}

/// What a day took: the payments that began on it and are paid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Took {
    /// How many.
    pub payments: u32,
    /// How much was paid.
    pub paid: Amount,
    /// How much of that was given back, on whatever day.
    pub back: Amount,
}

/// How many comparisons ended how.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Both say the same.
    pub agree: u32,
    /// They say different things about money.
    pub differ: u32,
    /// One of them has not settled it.
    pub open: u32,
    /// The acquirer could not be asked, or gave no answer that counts.
    pub unknown: u32,
}

impl Counts {
    /// How the whole is called, by what weighs most.
    pub fn verdict(self) -> DayVerdict {
        match self {
            Counts { differ: 1.., .. } => DayVerdict::Differs,
            Counts { unknown: 1.., .. } => DayVerdict::NotAllAsked,
            Counts { open: 1.., .. } => DayVerdict::NotAllSettled,
            Counts { .. } => DayVerdict::Agrees,
        }
    }
}

/// What a day's comparison comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayVerdict {
    /// Both books say the same.
    Agrees,
    /// Something differs.
    Differs,
    /// Nothing differs of what could be asked, and not all could be.
    NotAllAsked,
    /// Nothing differs of what is settled, and not all is.
    NotAllSettled,
}

/// One payment of which the two books say different things.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The payment.
    pub payment: Target,
    /// What the journal is held against.
    pub against: Against,
    /// What was paid and stayed, by the journal; `None` where it has no such payment.
    pub ours: Option<Amount>,
    /// The same by the acquirer.
    pub theirs: Option<Amount>,
}

/// What the journal is held against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Against {
    /// The acquirer's answer to a DETAIL.
    Answer,
    /// The acquirer's statement.
    Statement,
}

/// Who asked for a comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asker {
    /// The cashier: the answer goes to the screen.
    Counter,
    /// A command beside the running program, which waits until it is on disk.
    Command(ComparisonNo),
}

/// The number of a command's comparison, counted from the program's start.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ComparisonNo(pub u64);
