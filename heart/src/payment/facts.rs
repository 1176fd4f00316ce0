//! What the journal says of one transaction: records folded through a table of legal pairs.

use alloc::vec::Vec;
use core::fmt;

use crate::ask::{Decline, Product};
use crate::ids::{OrderId, UqOrderId};
use crate::now::Wall;
use crate::receipt::{PaperSays, Receipt};
use crate::record::{Asked, Decision, Fact, Paid, Paper, Record, Refused, WhyCancel, WhyUnsettled};
use crate::screen::Standing;
use crate::settings::Slips;

/// All that is on disk about one transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Its id.
    pub id: OrderId,
    /// What was asked.
    pub asked: Asked,
    /// When, where the clock could be trusted.
    pub asked_at: Option<Wall>,
    /// Its order code was shown: it could be paid.
    pub shown: bool,
    /// How far it has come.
    pub stage: Stage,
    /// Its cancellation, the latest where there were two.
    pub cancel: Option<Cancel>,
    /// Why it was not settled at the counter.
    pub unsettled: Option<WhyUnsettled>,
    /// The payment, where one was found.
    pub paid: Option<Paid>,
    /// News contradicted each other: a person should look.
    pub contradicted: bool,
    printing: Option<Paper>,
    doubtful: Vec<Paper>,
    /// What was printed, and whether the printer confirmed it.
    printed: Vec<(Paper, bool)>,
}

/// How far a transaction has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Asked; nothing final is known.
    Asked,
    /// A cancellation is on disk.
    Cancelling,
    /// The cashier was told that it is not settled.
    Unsettled,
    /// Paid after all; a person must answer.
    PaidLate,
    /// The person said: give the money back.
    PayingBack,
    /// It has an end.
    Ended(End),
}

/// The end of a transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// Nothing left the terminal.
    NotSent,
    /// Paid.
    Paid,
    /// Refused, nothing charged.
    Refused(Refused),
    /// Cancelled, and the question asked afterwards agreed.
    Reversed,
}

/// A cancellation on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cancel {
    /// Its id.
    pub id: OrderId,
    /// Why.
    pub why: WhyCancel,
    /// What became of it.
    pub verdict: Verdict,
}

/// What the acquirer said to a cancellation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Nothing definite.
    Open,
    /// Confirmed.
    Confirmed,
    /// Definitely refused.
    Refused(Decline),
}

/// A record that cannot follow the ones before it: the journal is damaged, or the program is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misfit {
    /// The transaction.
    pub id: Option<OrderId>,
    /// What was wrong.
    pub what: &'static str,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            Some(id) => write!(f, "the records of {id} do not fit together: {}", self.what),
            None => write!(f, "a record does not fit: {}", self.what),
        }
    }
}

impl core::error::Error for Misfit {}

impl Facts {
    /// Starts from a transaction's first record.
    ///
    /// # Errors
    /// [`Misfit`] where the record is not [`Fact::Asked`].
    pub fn begin(record: &Record) -> Result<Facts, Misfit> {
        let misfit = |what| Misfit { id: record.transaction, what };
        let Some(id) = record.transaction else { return Err(misfit("it names no transaction")) };
        let Fact::Asked(asked) = &record.fact else {
            return Err(misfit("the first record is not the intent"));
        };
        Ok(Facts::intent(id, asked.clone(), record.at))
    }

    /// The state after a transaction's first record.
    pub(crate) fn intent(id: OrderId, asked: Asked, at: Option<Wall>) -> Facts {
        Facts {
            id,
            asked,
            asked_at: at,
            shown: false,
            stage: Stage::Asked,
            cancel: None,
            unsettled: None,
            paid: None,
            contradicted: false,
            printing: None,
            doubtful: Vec::new(),
            printed: Vec::new(),
        }
    }

    /// Folds all records of one transaction, in order.
    ///
    /// # Errors
    /// [`Misfit`] where one cannot follow the ones before it.
    pub fn fold<'a>(records: impl IntoIterator<Item = &'a Record>) -> Result<Facts, Misfit> {
        let mut records = records.into_iter();
        let Some(first) = records.next() else { return Err(Misfit { id: None, what: "there is none" }) };
        let mut facts = Facts::begin(first)?;
        for record in records {
            facts.apply(record)?;
        }
        Ok(facts)
    }

    /// Takes the next record: the table of legal pairs.
    ///
    /// # Errors
    /// [`Misfit`] where it cannot follow; `self` is unchanged.
    pub fn apply(&mut self, record: &Record) -> Result<(), Misfit> {
        let illegal = |what| Err(Misfit { id: record.transaction, what });
        if record.transaction != Some(self.id) {
            return illegal("it belongs to another transaction");
        }
        match (&self.stage, &record.fact) {
            (_, Fact::Asked(_)) => return illegal("it was asked already"),
            (Stage::Asked, Fact::Shown(_)) => self.shown = true,
            (Stage::Asked | Stage::Cancelling | Stage::Unsettled, Fact::NotSent) if !self.shown => {
                self.stage = Stage::Ended(End::NotSent);
            }
            (Stage::Asked, Fact::Paid(paid)) => self.pay(paid, Stage::Ended(End::Paid)),
            (Stage::Cancelling, Fact::Paid(paid)) if self.cancel_refused() => {
                self.pay(paid, Stage::Ended(End::Paid));
            }
            (Stage::Unsettled, Fact::PaidLate(paid)) if self.cancel.is_none() || self.cancel_refused() => {
                self.pay(paid, Stage::PaidLate);
            }
            (Stage::Cancelling, Fact::PaidLate(paid)) if self.cancel_refused() && self.paid.is_some() => {
                self.pay(paid, Stage::PaidLate);
            }
            (Stage::PaidLate, Fact::Decided(Decision::GoodsHandedOver)) => {
                self.stage = Stage::Ended(End::Paid);
            }
            (Stage::PaidLate, Fact::Decided(Decision::PayBack)) => self.stage = Stage::PayingBack,
            (Stage::Asked | Stage::Unsettled, Fact::Refused(refused)) => {
                self.stage = Stage::Ended(End::Refused(refused.clone()));
            }
            (Stage::Asked | Stage::PayingBack, Fact::Cancelling { cancel, why }) => {
                self.cancel = Some(Cancel { id: *cancel, why: *why, verdict: Verdict::Open });
                self.stage = Stage::Cancelling;
            }
            (Stage::Cancelling | Stage::Unsettled, Fact::CancelConfirmed { cancel }) => {
                self.judge(*cancel, Verdict::Confirmed).or_else(illegal)?;
            }
            (Stage::Cancelling | Stage::Unsettled, Fact::CancelRefused { cancel, decline }) => {
                self.judge(*cancel, Verdict::Refused(decline.clone())).or_else(illegal)?;
            }
            (Stage::Cancelling | Stage::Unsettled, Fact::Reversed) if self.cancel.is_some() => {
                self.stage = Stage::Ended(End::Reversed);
            }
            (Stage::Asked | Stage::Cancelling, Fact::Unsettled { why }) => {
                self.unsettled = Some(why.clone());
                self.stage = Stage::Unsettled;
            }
            (_, Fact::Contradicted(_)) => self.contradicted = true,
            (_, Fact::Printing { paper, .. }) => {
                if let Some(before) = self.printing.replace(*paper) {
                    self.doubtful.push(before);
                }
            }
            (_, Fact::Printed { paper, confirmed }) if self.printing == Some(*paper) => {
                self.printing = None;
                self.printed.push((*paper, *confirmed));
            }
            (_, Fact::NotPrinted { paper }) if self.printing == Some(*paper) => self.printing = None,
            (
                Stage::Asked
                | Stage::Cancelling
                | Stage::Unsettled
                | Stage::PaidLate
                | Stage::PayingBack
                | Stage::Ended(_),
                Fact::Shown(_)
                | Fact::NotSent
                | Fact::Paid(_)
                | Fact::Refused(_)
                | Fact::Cancelling { .. }
                | Fact::CancelConfirmed { .. }
                | Fact::CancelRefused { .. }
                | Fact::Reversed
                | Fact::Unsettled { .. }
                | Fact::PaidLate(_)
                | Fact::Decided(_)
                | Fact::Printed { .. }
                | Fact::NotPrinted { .. },
            ) => return illegal("it cannot follow the ones before it"),
            (_, Fact::Approved(_) | Fact::Started { .. } | Fact::ClockSet { .. }) => {
                return illegal("it is not about a transaction");
            }
        }
        Ok(())
    }

    fn pay(&mut self, paid: &Paid, stage: Stage) {
        self.paid = Some(paid.clone());
        self.stage = stage;
    }

    /// A confirmation may be contradicted and repeated; a refusal is definite.
    fn judge(&mut self, id: OrderId, verdict: Verdict) -> Result<(), &'static str> {
        match &mut self.cancel {
            Some(cancel) if cancel.id != id => Err("another cancellation is on its way"),
            Some(cancel) if matches!(cancel.verdict, Verdict::Refused(_)) => {
                Err("the cancellation was refused already")
            }
            Some(cancel) => {
                cancel.verdict = verdict;
                Ok(())
            }
            None => Err("no cancellation is on its way"),
        }
    }

    fn cancel_refused(&self) -> bool {
        self.cancel.as_ref().is_some_and(|cancel| matches!(cancel.verdict, Verdict::Refused(_)))
    }

    /// The end, where there is one.
    pub fn end(&self) -> Option<&End> {
        match &self.stage {
            Stage::Ended(end) => Some(end),
            Stage::Asked | Stage::Cancelling | Stage::Unsettled | Stage::PaidLate | Stage::PayingBack => None,
        }
    }

    /// An order whose code never reached a display cannot be paid: it is settled without a word.
    pub fn is_quiet(&self) -> bool {
        self.asked.product == Product::OrderCode && !self.shown && self.paid.is_none() && !self.contradicted
    }

    /// Whether the terminal still has to care for it: it has no end, or a paper is owed.
    pub fn is_open(&self, slips: Slips) -> bool {
        self.end().is_none() || self.paper_due(slips).is_some()
    }

    /// The paper that is owed now.
    pub fn paper_due(&self, slips: Slips) -> Option<Paper> {
        let paper = match &self.stage {
            Stage::Ended(End::Paid) => Paper::Receipt,
            Stage::Ended(End::Refused(_) | End::NotSent) if slips == Slips::NotRefusals => return None,
            Stage::Ended(End::Refused(_) | End::NotSent) => Paper::NotPaid,
            Stage::Ended(End::Reversed) => Paper::Reversal,
            Stage::Unsettled => Paper::Unsettled,
            Stage::Asked | Stage::Cancelling | Stage::PaidLate | Stage::PayingBack => return None,
        };
        let owed = slips != Slips::Never && !self.is_quiet() && !self.was_printed(paper);
        owed.then_some(paper)
    }

    /// Whether this paper, printed now, may be the second one.
    pub fn may_be_second(&self, paper: Paper) -> bool {
        paper == Paper::Copy
            || self.printing == Some(paper)
            || self.doubtful.contains(&paper)
            || self.was_printed(paper)
    }

    fn was_printed(&self, paper: Paper) -> bool {
        self.printed.iter().any(|(printed, _)| *printed == paper)
    }

    /// Whether the last paper was confirmed by the printer; `None` while there was none.
    pub fn last_printed(&self) -> Option<bool> {
        self.printed.last().map(|(_, confirmed)| *confirmed)
    }

    /// Until when it can be cancelled: the payment's own date where it is known.
    pub fn cut_off(&self) -> Wall {
        self.paid.as_ref().and_then(|paid| paid.paid).map_or(self.asked.cut_off, |paid| paid.cut_off)
    }

    /// The acquirer's id, where it is known.
    pub fn uq_id(&self) -> Option<&UqOrderId> {
        self.paid.as_ref().and_then(|paid| paid.uq_id.as_ref())
    }

    /// Where it stands, in one word.
    pub fn standing(&self) -> Standing {
        match &self.stage {
            Stage::Asked => Standing::Open,
            Stage::Cancelling | Stage::PayingBack => Standing::Cancelling,
            Stage::Unsettled => Standing::Unsettled,
            Stage::PaidLate => Standing::PaidLate,
            Stage::Ended(End::Paid) => Standing::Paid,
            Stage::Ended(End::Refused(_)) => Standing::Refused,
            Stage::Ended(End::NotSent) => Standing::NotSent,
            Stage::Ended(End::Reversed) => Standing::Reversed,
        }
    }

    /// What a paper printed now would say; `None` while there is nothing to say yet.
    pub fn says(&self) -> Option<PaperSays> {
        match &self.stage {
            Stage::Asked | Stage::Cancelling | Stage::PayingBack => None,
            Stage::Unsettled => self.unsettled.clone().map(PaperSays::Unsettled),
            Stage::PaidLate => Some(PaperSays::PaidLate),
            Stage::Ended(End::Paid) => Some(PaperSays::Paid),
            Stage::Ended(End::Refused(refused)) => Some(PaperSays::NotPaid(refused.decline.clone())),
            Stage::Ended(End::NotSent) => Some(PaperSays::NotSent),
            Stage::Ended(End::Reversed) => Some(PaperSays::Reversed),
        }
    }

    /// The paper itself.
    pub fn receipt(&self, paper: Paper) -> Option<Receipt> {
        let paid_at = self.paid.as_ref().and_then(|paid| paid.paid).map(|paid| paid.at);
        let unsettled = matches!(self.stage, Stage::Unsettled);
        Some(Receipt {
            says: self.says()?,
            id: self.id,
            uq_id: self.uq_id().cloned(),
            amount: self.asked.amount,
            product: self.asked.product,
            code: self.asked.code.clone(),
            at: paid_at.or(self.asked_at),
            cancel: self.cancel.as_ref().map(|cancel| cancel.id),
            payable_until: unsettled.then_some(self.asked.expire_at),
            duplicate: self.may_be_second(paper),
        })
    }
}
