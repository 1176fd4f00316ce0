//! One day, compared: its transactions from the journal, the acquirer's answers, its statement.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use postern_heart::day::{Against, Day};
use postern_heart::event::Search;
use postern_heart::ids::{OrderId, Target};
use postern_heart::money::Currency;
use postern_heart::now::Wall;
use postern_heart::payment::Facts;

use super::ReconcileFault;
use super::asking::Asking;
use super::compare::{Side, Verdict, compare};
use super::findings::{Findings, took};
use super::socket::Order;
use super::statement::{self, Entry};
use crate::acquirer::merchant::{Merchant, MerchantFault};
use crate::acquirer::profile::Profile;
use crate::clock::Floor;
use crate::journal;
use crate::shop::Shop;

/// Who compares, and with what. It only reads.
pub struct Clerk {
    profile: Arc<Profile>,
    merchant: Merchant,
    floor: Floor,
    data: PathBuf,
    currency: Currency,
    /// What every id of this terminal's begins with.
    own: String,
    /// Payments by the shop's static code are this terminal's.
    owns_static_code: bool,
}

impl Clerk {
    /// Takes what the files say.
    ///
    /// # Errors
    /// A text of the shop file that requests can't carry.
    pub fn new(
        shop: &Shop,
        profile: Arc<Profile>,
        floor: Floor,
        data: PathBuf,
    ) -> Result<Clerk, MerchantFault> {
        Ok(Clerk {
            merchant: shop.merchant(&profile)?,
            currency: shop.currency(),
            own: format!("{}-", shop.terminal_id()),
            owns_static_code: shop.owns_static_code(&profile),
            profile,
            floor,
            data,
        })
    }

    /// The calendar day of a moment, in the acquirer's zone.
    pub(super) fn day(&self, at: Wall) -> Option<Day> {
        let at = Timestamp::from_millisecond(at.0).ok()?;
        Some(Day(self.profile.time.zone().to_datetime(at).date().to_string()))
    }

    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    /// Compares every transaction that began on the day.
    ///
    /// # Errors
    /// [`ReconcileFault`]: nothing was compared.
    pub(super) fn compare(&self, order: &Order) -> Result<Findings, ReconcileFault> {
        let entries = match &order.statement {
            Some(path) => Some(statement::read(path, &self.profile.statement)?),
            None => None,
        };
        let mut transactions = journal::transactions(&self.data, self.profile.time.zone(), Some(&order.day))?;
        transactions.retain(|facts| !facts.is_quiet());
        let mut acquirer = Asking::start(Arc::clone(&self.profile), self.merchant.clone(), &self.floor)?;

        let took = took(&transactions, self.currency);
        let mut findings = Findings::new(Day(order.day.clone()), entries.is_some(), took);
        let stated = entries.as_deref().map(Stated::new);
        for facts in &mut transactions {
            let answered = self.ask(&mut acquirer, facts)?;
            findings.add(facts, Against::Answer, &answered);
            if let Some(stated) = &stated {
                let theirs = Side::of_statement(facts, stated.of(facts));
                findings.add(facts, Against::Statement, &theirs);
            }
        }
        for entry in entries.iter().flatten() {
            if let Some(payment) = self.forgotten(entry, &transactions)? {
                findings.lacks(payment, entry);
            }
        }
        Ok(findings)
    }

    /// Asks about a payment. Where the answer differs and the counter has gone on with it meanwhile, asks once more.
    fn ask(&self, acquirer: &mut Asking, facts: &mut Facts) -> Result<Side, ReconcileFault> {
        let answered = Side::of_answer(facts, &acquirer.ask(facts));
        if compare(&Side::of_journal(facts), &answered) != Verdict::Differ {
            return Ok(answered);
        }
        match journal::transaction(&self.data, facts.id)? {
            Some(now) if now != *facts => {
                *facts = now;
                Ok(Side::of_answer(facts, &acquirer.ask(facts)))
            }
            Some(_) | None => Ok(answered),
        }
    }

    /// The name of an entry that this terminal must have and does not know; money that went back is none.
    ///
    /// What has no id of anybody's is a payment by the static code: the shop's only terminal that owns it has it.
    fn forgotten(&self, entry: &Entry, day: &[Facts]) -> Result<Option<Target>, ReconcileFault> {
        let payment = match (entry.id, &entry.uq_id) {
            (Some(id), _) if id.as_str().starts_with(&self.own) => Target::Ours(id),
            (None, Some(uq_id)) if self.owns_static_code => Target::Theirs(uq_id.clone()),
            (Some(_) | None, _) => return Ok(None),
        };
        let is_here = |facts: &Facts| match &payment {
            Target::Ours(id) => facts.id == *id,
            Target::Theirs(uq_id) => facts.uq_id() == Some(uq_id),
        };
        if entry.kept().is_zero() || day.iter().any(is_here) {
            return Ok(None);
        }
        // It may have been asked on the day before, and paid after midnight.
        let known = journal::knows(&self.data, &Search(payment.to_string()))?;
        Ok((!known).then_some(payment))
    }
}

/// A statement's entries by their ids.
struct Stated<'a> {
    by_id: HashMap<OrderId, &'a Entry>,
    by_uq_id: HashMap<&'a str, &'a Entry>,
}

impl<'a> Stated<'a> {
    fn new(entries: &'a [Entry]) -> Stated<'a> {
        let named = |entry: &'a Entry| Some((entry.uq_id.as_ref()?.0.as_str(), entry));
        Stated {
            by_id: entries.iter().filter_map(|entry| Some((entry.id?, entry))).collect(),
            by_uq_id: entries.iter().filter_map(named).collect(),
        }
    }

    fn of(&self, facts: &Facts) -> Option<&'a Entry> {
        let by_uq_id = || self.by_uq_id.get(facts.uq_id()?.0.as_str());
        self.by_id.get(&facts.id).or_else(by_uq_id).copied()
    }
}
