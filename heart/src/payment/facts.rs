//! What the journal says of one transaction: records folded through a table of legal pairs.

mod papers;

use alloc::vec::Vec;
use core::fmt;

use crate::ask::{Decline, OrderCode, Product};
use crate::ids::{OrderId, Target, UqOrderId};
use crate::money::Amount;
use crate::now::Wall;
use crate::record::{
    Asked, Decision, Fact, Paid, Paper, Received, Record, Refused, Shown, Source, WhyCancel, WhyUnsettled,
};
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
    /// The code that outlives its display: it was printed, or is a link.
    pub lasting: Option<OrderCode>,
    /// How far it has come.
    pub stage: Stage,
    /// Its cancellation, the latest where there were two.
    pub cancel: Option<Cancel>,
    /// Its refunds, in order; at most the last one is open.
    pub refunds: Vec<Refund>,
    /// Found paid after the cashier was told that the sale is over, and not answered yet.
    late: bool,
    /// Why it was not settled at the counter.
    pub unsettled: Option<WhyUnsettled>,
    /// The payment, where one was found.
    pub paid: Option<Paid>,
    /// News contradicted each other: a person should look.
    pub contradicted: bool,
    /// When its cancellation was known to be done.
    reversed_at: Option<Wall>,
    printing: Option<Paper>,
    doubtful: Vec<Paper>,
    /// What the copy in the printer is a copy of: that paper may still be owed, and is then the second that says so.
    copying: Option<Paper>,
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
    /// A refund is on disk.
    Refunding,
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

/// A refund on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refund {
    /// Its id.
    pub id: OrderId,
    /// How much.
    pub amount: Amount,
    /// What became of it.
    pub state: RefundState,
    /// When that was known, where the clock could be trusted.
    pub ended_at: Option<Wall>,
    /// Its slip was begun, and it is not known whether it came out.
    doubtful: bool,
    printed: bool,
}

/// What became of a refund.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RefundState {
    /// Nothing definite.
    Open,
    /// Its money went back.
    Done,
    /// Nothing went back by it.
    Refused,
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
    /// [`Misfit`] where the record is not [`Fact::Asked`] or [`Fact::Received`].
    pub fn begin(record: &Record) -> Result<Facts, Misfit> {
        let misfit = |what| Misfit { id: record.transaction, what };
        let Some(id) = record.transaction else { return Err(misfit("it names no transaction")) };
        if let Fact::Received(received) = &record.fact {
            return Ok(Facts::received(id, received, record.at));
        }
        let Fact::Asked(asked) = &record.fact else {
            return Err(misfit("the first record is not the intent"));
        };
        Ok(Facts::intent(id, asked.clone(), record.at))
    }

    /// Money that came in without having been asked for: paid from the first record on.
    fn received(id: OrderId, received: &Received, at: Option<Wall>) -> Facts {
        let Received { amount, uq_id, paid } = received.clone();
        let asked = Asked {
            product: Product::EntryCode,
            amount,
            code: None,
            sale: id,
            attempt: 1,
            expire_at: at.unwrap_or(Wall(0)),
            // Where the day is not known, it is over: a refund is always right.
            cut_off: paid.map_or(Wall(0), |paid| paid.cut_off),
            beside: None,
        };
        let mut facts = Facts::intent(id, asked, at);
        facts.pay(&Paid { uq_id: Some(uq_id), paid, by: Source::Notification }, Stage::Ended(End::Paid));
        facts
    }

    /// The state after a transaction's first record.
    pub(crate) fn intent(id: OrderId, asked: Asked, at: Option<Wall>) -> Facts {
        Facts {
            id,
            asked,
            asked_at: at,
            shown: false,
            lasting: None,
            stage: Stage::Asked,
            cancel: None,
            refunds: Vec::new(),
            late: false,
            unsettled: None,
            paid: None,
            contradicted: false,
            reversed_at: None,
            printing: None,
            doubtful: Vec::new(),
            copying: None,
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
            (_, Fact::Asked(_) | Fact::Received(_)) => return illegal("it was begun already"),
            (Stage::Asked, Fact::Shown(shown)) => self.show(shown),
            (Stage::Asked | Stage::Cancelling | Stage::Unsettled, Fact::NotSent)
                if !self.shown && self.paid.is_none() =>
            {
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
            (Stage::PayingBack, Fact::PaidLate(paid)) => self.pay(paid, Stage::PaidLate),
            (Stage::PaidLate, Fact::Decided(Decision::GoodsHandedOver)) => {
                self.late = false;
                self.stage = Stage::Ended(End::Paid);
            }
            (Stage::PaidLate, Fact::Decided(Decision::PayBack)) => self.stage = Stage::PayingBack,
            (Stage::Asked | Stage::Unsettled, Fact::Refused(refused)) if self.paid.is_none() => {
                self.stage = Stage::Ended(End::Refused(refused.clone()));
            }
            (Stage::Asked, Fact::Cancelling { cancel, why }) if !why.gives_back() => {
                self.begin_cancel(*cancel, *why);
            }
            (Stage::Ended(End::Paid) | Stage::PayingBack, Fact::Cancelling { cancel, why })
                if why.gives_back() && self.refunded().is_zero() =>
            {
                self.begin_cancel(*cancel, *why);
            }
            (_, Fact::Refunding { refund, amount }) if self.may_refund(*refund, *amount) => {
                let (state, doubtful, printed) = (RefundState::Open, false, false);
                let (id, amount, ended_at) = (*refund, *amount, None);
                self.refunds.push(Refund { id, amount, state, ended_at, doubtful, printed });
                self.stage = Stage::Refunding;
            }
            (Stage::Refunding, Fact::Refunded { refund }) => {
                self.end_refund(*refund, RefundState::Done, record.at).or_else(illegal)?;
            }
            (Stage::Refunding, Fact::RefundRefused { refund, .. } | Fact::RefundNotSent { refund }) => {
                self.end_refund(*refund, RefundState::Refused, record.at).or_else(illegal)?
            }
            (Stage::Ended(End::Paid) | Stage::PayingBack, Fact::RefundsDiffer { .. }) => {
                self.contradicted = true;
            }
            (Stage::Cancelling | Stage::Unsettled, Fact::CancelConfirmed { cancel }) => {
                self.judge(*cancel, Verdict::Confirmed).or_else(illegal)?;
            }
            (Stage::Cancelling | Stage::Unsettled, Fact::CancelRefused { cancel, decline }) => {
                self.judge(*cancel, Verdict::Refused(decline.clone())).or_else(illegal)?;
            }
            (Stage::Cancelling | Stage::Unsettled, Fact::Reversed) if self.cancel.is_some() => {
                self.reversed_at = record.at;
                self.stage = Stage::Ended(End::Reversed);
            }
            (Stage::Asked | Stage::Cancelling, Fact::Unsettled { why }) => {
                self.unsettled = Some(why.clone());
                self.stage = Stage::Unsettled;
            }
            (_, Fact::Contradicted(_)) => self.contradicted = true,
            (_, Fact::Printing { paper, .. }) => {
                if let Some(before) = self.printing.replace(*paper) {
                    self.doubt(before);
                }
                self.copying = (*paper == Paper::Copy).then(|| self.original()).flatten();
            }
            (_, Fact::Printed { paper, confirmed }) if self.printing == Some(*paper) => {
                if *paper == Paper::Refund
                    && let Some(refund) = self.slip_due_mut()
                {
                    refund.printed = true;
                }
                if *paper == Paper::Copy {
                    self.doubt(Paper::Copy);
                }
                self.printing = None;
                self.printed.push((*paper, *confirmed));
            }
            (_, Fact::NotPrinted { paper }) if self.printing == Some(*paper) => {
                self.printing = None;
                self.copying = None;
            }
            (
                Stage::Asked
                | Stage::Cancelling
                | Stage::Unsettled
                | Stage::PaidLate
                | Stage::PayingBack
                | Stage::Refunding
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
                | Fact::Refunding { .. }
                | Fact::Refunded { .. }
                | Fact::RefundRefused { .. }
                | Fact::RefundNotSent { .. }
                | Fact::RefundsDiffer { .. }
                | Fact::Printed { .. }
                | Fact::NotPrinted { .. },
            ) => return illegal("it cannot follow the ones before it"),
            (
                _,
                Fact::Approved(_)
                | Fact::Started { .. }
                | Fact::PinSet
                | Fact::Listening { .. }
                | Fact::Compared(_)
                | Fact::ClockSet { .. },
            ) => return illegal("it is not about a transaction"),
        }
        Ok(())
    }

    fn show(&mut self, shown: &Shown) {
        self.shown = true;
        match shown {
            Shown::Display => {}
            Shown::Paper(code) => self.lasting = Some(code.clone()),
        }
    }

    fn begin_cancel(&mut self, id: OrderId, why: WhyCancel) {
        self.cancel = Some(Cancel { id, why, verdict: Verdict::Open });
        self.stage = Stage::Cancelling;
    }

    /// One refund at a time, none while a cancellation is undecided, none above what is left.
    fn may_refund(&self, id: OrderId, amount: Amount) -> bool {
        let after_cancel = self.cancel_refused() && self.gives_back();
        let stage = match self.stage {
            Stage::Ended(End::Paid) | Stage::PayingBack => true,
            Stage::Cancelling | Stage::Unsettled => after_cancel,
            Stage::Asked | Stage::PaidLate | Stage::Refunding | Stage::Ended(_) => false,
        };
        let fits = !amount.is_zero()
            && amount.currency() == self.asked.amount.currency()
            && amount.minor() <= self.left().minor();
        stage && fits && self.refunds.iter().all(|refund| refund.id != id)
    }

    fn end_refund(&mut self, id: OrderId, state: RefundState, at: Option<Wall>) -> Result<(), &'static str> {
        let open = self.refunds.last_mut().filter(|refund| refund.state == RefundState::Open);
        let Some(refund) = open.filter(|refund| refund.id == id) else {
            return Err("another refund is on its way");
        };
        (refund.state, refund.ended_at) = (state, at);
        self.late &= state != RefundState::Done;
        self.stage = if self.late { Stage::PaidLate } else { Stage::Ended(End::Paid) };
        Ok(())
    }

    /// The refund on disk that has no end.
    pub fn open_refund(&self) -> Option<&Refund> {
        self.refunds.last().filter(|refund| refund.state == RefundState::Open)
    }

    /// Whether its latest cancellation is there to give money back.
    pub fn gives_back(&self) -> bool {
        self.cancel.as_ref().is_some_and(|cancel| cancel.why.gives_back())
    }

    /// What refunds gave back of it.
    pub fn refunded(&self) -> Amount {
        let done = self.refunds.iter().filter(|refund| refund.state == RefundState::Done);
        let minor = done.fold(0_u64, |sum, refund| sum.saturating_add(refund.amount.minor()));
        Amount::new(minor, self.asked.amount.currency())
    }

    /// What is left of it: what can still be given back, once nothing is undecided.
    pub fn left(&self) -> Amount {
        match self.stage {
            Stage::Ended(End::Reversed | End::NotSent | End::Refused(_)) => {
                Amount::new(0, self.asked.amount.currency())
            }
            Stage::Ended(End::Paid)
            | Stage::Asked
            | Stage::Cancelling
            | Stage::Unsettled
            | Stage::PaidLate
            | Stage::PayingBack
            | Stage::Refunding => self.asked.amount.less(self.refunded()),
        }
    }

    fn pay(&mut self, paid: &Paid, stage: Stage) {
        self.late = stage == Stage::PaidLate;
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
            Stage::Asked
            | Stage::Cancelling
            | Stage::Unsettled
            | Stage::PaidLate
            | Stage::PayingBack
            | Stage::Refunding => None,
        }
    }

    /// An order whose code never reached a display cannot be paid: it is settled without a word.
    pub fn is_quiet(&self) -> bool {
        self.asked.product.makes_code() && !self.shown && self.paid.is_none() && !self.contradicted
    }

    /// Whether the terminal still has to care for it: it has no end, or a paper is owed.
    pub fn is_open(&self, slips: Slips) -> bool {
        self.end().is_none() || self.paper_due(slips).is_some()
    }

    /// Until when it can be cancelled: the payment's own date where it is known.
    pub fn cut_off(&self) -> Wall {
        self.paid.as_ref().and_then(|paid| paid.paid).map_or(self.asked.cut_off, |paid| paid.cut_off)
    }

    /// The acquirer's id, where it is known.
    pub fn uq_id(&self) -> Option<&UqOrderId> {
        self.paid.as_ref().and_then(|paid| paid.uq_id.as_ref())
    }

    /// How a request names it to the acquirer, who knows no id of ours for what came in unasked.
    pub fn target(&self) -> Target {
        match (self.asked.product, self.uq_id()) {
            (Product::EntryCode, Some(uq_id)) => Target::Theirs(uq_id.clone()),
            (Product::EntryCode | Product::PaymentCode | Product::OrderCode | Product::CashierPayment, _) => {
                Target::Ours(self.id)
            }
        }
    }

    /// Where it stands, in one word.
    pub fn standing(&self) -> Standing {
        match &self.stage {
            Stage::Asked => Standing::Open,
            Stage::Refunding => Standing::GivingBack,
            Stage::Cancelling | Stage::Unsettled if self.gives_back() => Standing::GivingBack,
            Stage::PayingBack => Standing::GivingBack,
            Stage::Cancelling => Standing::Cancelling,
            Stage::Unsettled => Standing::Unsettled,
            Stage::PaidLate => Standing::PaidLate,
            Stage::Ended(End::Reversed) if self.gives_back() => Standing::GivenBack,
            Stage::Ended(End::Paid) if self.left().is_zero() => Standing::GivenBack,
            Stage::Ended(End::Paid) if !self.refunded().is_zero() => Standing::PartlyGivenBack,
            Stage::Ended(End::Paid) => Standing::Paid,
            Stage::Ended(End::Refused(_)) => Standing::Refused,
            Stage::Ended(End::NotSent) => Standing::NotSent,
            Stage::Ended(End::Reversed) => Standing::Reversed,
        }
    }
}
