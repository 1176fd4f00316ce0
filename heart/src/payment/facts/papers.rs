//! The papers of one transaction: which one is owed, what it says, and whether it may be the second.

use crate::receipt::{GivenBack, PaperSays, Receipt};
use crate::record::Paper;
use crate::settings::Slips;

use super::{End, Facts, Refund, RefundState, Stage};

impl Facts {
    /// The paper that is owed now.
    pub fn paper_due(&self, slips: Slips) -> Option<Paper> {
        let paper = match &self.stage {
            Stage::Ended(End::Paid) if self.slip_due().is_some() => {
                return (slips != Slips::Never).then_some(Paper::Refund);
            }
            // Whoever got money back has its slip, which says what is left.
            Stage::Ended(End::Paid) if !self.refunded().is_zero() => return None,
            Stage::Ended(End::Paid) => Paper::Receipt,
            // Whoever holds the code must learn that it is worth nothing.
            Stage::Ended(End::Refused(_) | End::NotSent | End::Reversed) if self.owes_void() => Paper::Void,
            Stage::Asked if self.lasting.is_some() => Paper::CodeSlip,
            Stage::Ended(End::Refused(_) | End::NotSent) if slips == Slips::NotRefusals => return None,
            Stage::Ended(End::Refused(_) | End::NotSent) => Paper::NotPaid,
            Stage::Ended(End::Reversed) => Paper::Reversal,
            Stage::Unsettled if self.gives_back() => return None,
            Stage::Unsettled => Paper::Unsettled,
            Stage::Asked | Stage::Cancelling | Stage::PaidLate | Stage::PayingBack | Stage::Refunding => {
                return None;
            }
        };
        let owed = slips != Slips::Never && !self.is_quiet() && !self.was_printed(paper);
        owed.then_some(paper)
    }

    /// Notes that this paper may be out already.
    pub(super) fn doubt(&mut self, paper: Paper) {
        match paper {
            Paper::Refund => {
                if let Some(refund) = self.slip_due_mut() {
                    refund.doubtful = true;
                }
            }
            Paper::Receipt
            | Paper::NotPaid
            | Paper::Reversal
            | Paper::Unsettled
            | Paper::CodeSlip
            | Paper::Void => self.doubtful.push(paper),
            Paper::Copy => {
                if let Some(original) = self.copying.take() {
                    self.doubt(original);
                }
            }
        }
    }

    /// Which paper said first what a copy says now.
    pub(super) fn original(&self) -> Option<Paper> {
        Some(match self.says()? {
            PaperSays::Paid | PaperSays::PaidLate => Paper::Receipt,
            PaperSays::NotPaid(_) | PaperSays::NotSent => Paper::NotPaid,
            PaperSays::GivenBack(_) if self.stage == Stage::Ended(End::Paid) => Paper::Refund,
            PaperSays::Reversed | PaperSays::GivenBack(_) => Paper::Reversal,
            PaperSays::Unsettled(_) => Paper::Unsettled,
            PaperSays::ScanToPay(_) => Paper::CodeSlip,
            PaperSays::Void => Paper::Void,
        })
    }

    /// Whether this paper, printed now, may be the second one.
    pub fn may_be_second(&self, paper: Paper) -> bool {
        let out = self.printing == Some(paper) || self.copying == Some(paper);
        if paper == Paper::Refund {
            return out || self.slip_due().is_some_and(|refund| refund.doubtful);
        }
        paper == Paper::Copy || out || self.doubtful.contains(&paper) || self.was_printed(paper)
    }

    /// A code may be on paper, and it ended without being paid.
    fn owes_void(&self) -> bool {
        let slip = Paper::CodeSlip;
        let out = self.printing == Some(slip) || self.doubtful.contains(&slip) || self.was_printed(slip);
        out && self.paid.is_none()
    }

    fn was_printed(&self, paper: Paper) -> bool {
        self.printed.iter().any(|(printed, _)| *printed == paper)
    }

    /// Whether the last paper was confirmed by the printer; `None` while there was none.
    pub fn last_printed(&self) -> Option<bool> {
        self.printed.last().map(|(_, confirmed)| *confirmed)
    }

    pub(super) fn slip_due_mut(&mut self) -> Option<&mut Refund> {
        self.refunds.iter_mut().find(|refund| refund.owes_slip())
    }

    fn slip_due(&self) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.owes_slip())
    }

    /// What a paper printed now would say; `None` while there is nothing to say yet.
    pub fn says(&self) -> Option<PaperSays> {
        match &self.stage {
            Stage::Asked => self.lasting.clone().map(PaperSays::ScanToPay),
            Stage::Cancelling | Stage::PayingBack | Stage::Refunding => None,
            Stage::Unsettled if self.gives_back() => None,
            Stage::Ended(End::Paid | End::Reversed) if self.given_back().is_some() => {
                self.given_back().map(PaperSays::GivenBack)
            }
            Stage::Unsettled => self.unsettled.clone().map(PaperSays::Unsettled),
            Stage::PaidLate => Some(PaperSays::PaidLate),
            Stage::Ended(End::Paid) => Some(PaperSays::Paid),
            Stage::Ended(End::Refused(refused)) => Some(PaperSays::NotPaid(refused.decline.clone())),
            Stage::Ended(End::NotSent) => Some(PaperSays::NotSent),
            Stage::Ended(End::Reversed) => Some(PaperSays::Reversed),
        }
    }

    /// What was given back last, by a refund or by the cancellation of the whole.
    pub fn given_back(&self) -> Option<GivenBack> {
        if self.stage == Stage::Ended(End::Reversed) {
            let cancel = self.cancel.as_ref().filter(|cancel| cancel.why.gives_back())?;
            let (amount, left, at) = (self.asked.amount, self.left(), self.reversed_at);
            return Some(GivenBack { id: cancel.id, amount, left, at });
        }
        self.given_by(self.refunds.iter().rfind(|refund| refund.state == RefundState::Done)?)
    }

    /// What a refund gave back, and what it left.
    fn given_by(&self, given: &Refund) -> Option<GivenBack> {
        let up_to = self.refunds.iter().position(|refund| refund.id == given.id)?;
        let earlier = self.refunds.iter().take(up_to.saturating_add(1));
        let done = earlier.filter(|refund| refund.state == RefundState::Done);
        let left = done.fold(self.asked.amount, |left, refund| left.less(refund.amount));
        Some(GivenBack { id: given.id, amount: given.amount, left, at: given.ended_at })
    }

    /// What this paper says, printed now.
    pub fn says_on(&self, paper: Paper) -> Option<PaperSays> {
        match paper {
            Paper::Refund => self.given_by(self.slip_due()?).map(PaperSays::GivenBack),
            Paper::Void => self.owes_void().then_some(PaperSays::Void),
            Paper::Receipt
            | Paper::NotPaid
            | Paper::Reversal
            | Paper::Unsettled
            | Paper::CodeSlip
            | Paper::Copy => self.says(),
        }
    }

    /// The paper itself.
    pub fn receipt(&self, paper: Paper) -> Option<Receipt> {
        let says = self.says_on(paper)?;
        let paid_at = self.paid.as_ref().and_then(|paid| paid.paid).map(|paid| paid.at);
        let payable = matches!(self.stage, Stage::Unsettled | Stage::Asked);
        Some(Receipt {
            at: match &says {
                PaperSays::GivenBack(given) => given.at,
                PaperSays::Paid
                | PaperSays::NotPaid(_)
                | PaperSays::NotSent
                | PaperSays::Reversed
                | PaperSays::Unsettled(_)
                | PaperSays::PaidLate
                | PaperSays::ScanToPay(_)
                | PaperSays::Void => paid_at.or(self.asked_at),
            },
            says,
            id: self.id,
            uq_id: self.uq_id().cloned(),
            amount: self.asked.amount,
            product: self.asked.product,
            code: self.asked.code.clone(),
            cancel: self.cancel.as_ref().map(|cancel| cancel.id),
            payable_until: payable.then_some(self.asked.expire_at),
            duplicate: self.may_be_second(paper),
        })
    }
}

impl Refund {
    fn owes_slip(&self) -> bool {
        self.state == RefundState::Done && !self.printed
    }
}
