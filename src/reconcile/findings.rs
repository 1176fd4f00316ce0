//! What a comparison has found: lines for people, and the values that are recorded.

use std::io::{self, Write};

use postern_heart::day::{Against, Compared, Counts, DIFFERENCES_MAX, Day, Difference, Took};
use postern_heart::ids::Target;
use postern_heart::money::{Amount, Currency};
use postern_heart::payment::{End, Facts, Stage};

use super::compare::{Side, Verdict, compare};
use super::statement::Entry;

/// How a line begins that says why there is no record.
pub(super) const NOT_RECORDED: &str = "NOT RECORDED";

/// What was found so far.
pub(super) struct Findings {
    pub(super) compared: Compared,
    lines: Vec<String>,
}

impl Findings {
    pub(super) fn new(day: Day, statement: bool, took: Took) -> Findings {
        let (counts, differences) = (Counts::default(), Vec::new());
        Findings { compared: Compared { day, statement, took, counts, differences }, lines: Vec::new() }
    }

    /// Holds a payment's two sides against each other.
    pub(super) fn add(&mut self, facts: &Facts, against: Against, theirs: &Side) {
        let ours = Side::of_journal(facts);
        let counts = &mut self.compared.counts;
        let (word, counter) = match compare(&ours, theirs) {
            Verdict::Agree => return counts.agree += 1,
            Verdict::Differ => ("DIFFERENT", &mut counts.differ),
            Verdict::Open => ("OPEN", &mut counts.open),
            Verdict::Unknown => ("NOT KNOWN", &mut counts.unknown),
        };
        *counter += 1;
        let (id, amount) = (facts.id, facts.asked.amount);
        let who = match against {
            Against::Answer => "acquirer",
            Against::Statement => "statement",
        };
        self.lines.push(format!("{word:<9}  {id}  {amount}  journal: {ours}; {who}: {theirs}"));
        if word == "DIFFERENT" {
            let payment = Target::Ours(facts.id);
            self.differs(Difference { payment, against, ours: ours.kept(), theirs: theirs.kept() });
        }
    }

    /// The statement has a payment that the journal lacks.
    pub(super) fn lacks(&mut self, payment: Target, entry: &Entry) {
        self.compared.counts.differ += 1;
        let (line, kept) = (entry.line, entry.kept());
        self.lines.push(format!(
            "NOT HERE   {payment}  the statement (line {line}) has {kept} paid and kept, the journal has no such payment"
        ));
        let (against, ours) = (Against::Statement, None);
        self.differs(Difference { payment, against, ours, theirs: Some(kept) });
    }

    fn differs(&mut self, difference: Difference) {
        if self.compared.differences.len() < DIFFERENCES_MAX {
            self.compared.differences.push(difference);
        }
    }

    /// Writes the lines, and the sum of it.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for line in &self.lines {
            writeln!(out, "{line}")?;
        }
        let Counts { agree, differ, open, unknown } = self.compared.counts;
        let day = &self.compared.day.0;
        writeln!(
            out,
            "{day}: {agree} agree, {differ} differ, {open} not settled, {unknown} could not be asked"
        )
    }

    /// The exit code that says so.
    pub(super) fn code(&self) -> u8 {
        let Counts { differ, open, unknown, .. } = self.compared.counts;
        match (differ + open, unknown) {
            (0, 0) => 0,
            (_, 0) => 1,
            _ => 2,
        }
    }
}

/// What the journal says that these payments brought in.
pub(super) fn took(transactions: &[Facts], currency: Currency) -> Took {
    let paid = |facts: &&Facts| matches!(facts.stage, Stage::Ended(End::Paid) | Stage::Refunding);
    let sum = |amount: fn(&Facts) -> Amount| {
        let amounts = transactions.iter().filter(paid).map(amount);
        let amounts = amounts.filter(|amount| amount.currency() == currency);
        Amount::new(amounts.map(Amount::minor).fold(0, u64::saturating_add), currency)
    };
    Took {
        payments: u32::try_from(transactions.iter().filter(paid).count()).unwrap_or(u32::MAX),
        paid: sum(|facts| facts.asked.amount),
        back: sum(Facts::refunded),
    }
}
