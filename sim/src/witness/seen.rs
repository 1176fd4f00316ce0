//! What people see: screens, lamp and paper must say what is on disk, and the same thing.

use super::*;

impl Witness {
    pub(super) fn shown(&mut self, view: &View) {
        let mut wrong = Vec::new();
        each_claim(&view.cashier, |id, said| {
            match self.notes.known.get(&id).map(|known| known.facts.standing()) {
                Some(standing) if standing == said => {}
                standing => {
                    wrong.push(format!("the screen says {id} is {said:?}, on disk it is {standing:?}"))
                }
            }
        });
        self.objections.append(&mut wrong);
        if !fits(&view.cashier, &view.customer, view.lamp) {
            self.object(format!(
                "displays and lamp disagree: {:?}, {:?}, {:?}",
                view.cashier, view.customer, view.lamp
            ));
        }
        self.shown = code_on(&view.customer).cloned();
        if let Some(code) = &self.shown {
            let id = self.codes.iter().find(|(known, _)| known == code).map(|(_, id)| *id);
            let facts = id.and_then(|id| self.facts(id));
            if facts.is_none_or(|facts| !facts.shown || facts.stage != Stage::Asked) {
                self.object(format!(
                    "a code is on the display that is not on disk as shown and open: {id:?}"
                ));
            }
        }
    }

    pub(super) fn printed(&mut self, job: JobNo, receipt: &Receipt) {
        let id = receipt.id;
        let Some(known) = self.notes.known.get_mut(&id) else {
            return self.object(format!("a paper about {id}, which was never begun"));
        };
        // Another record of it may have come in between, where its notifications came together.
        let ordered = known.printing.take();
        let recorded = ordered.is_some_and(|(_, duplicate)| duplicate == receipt.duplicate);
        let paper = ordered.map_or(Paper::Copy, |(paper, _)| paper);
        let copy = paper == Paper::Copy;
        let says = known.facts.says_on(paper);
        let kind = kind(&receipt.says);
        let printed = known.papers.entry(kind).or_insert(0);
        let may_be_second = *printed > 0 || copy;
        *printed += 1;
        self.jobs.insert(job, (id, kind));
        if !recorded {
            self.object(format!("a paper about {id} went to the printer and that is not on disk"));
        }
        if says.as_ref() != Some(&receipt.says) {
            self.object(format!("the paper says of {id} {:?}, on disk it is {says:?}", receipt.says));
        }
        if may_be_second && !receipt.duplicate {
            self.object(format!("a second paper ({}) about {id} does not say DUPLICATE", kind.0));
        }
    }
}

/// Calls `claim` with every transaction that a screen says something about.
pub fn each_claim(screen: &Screen, mut claim: impl FnMut(OrderId, Standing)) {
    match screen {
        Screen::Amount(amount) => {
            if let Some(last) = &amount.last {
                claim(last.id, last.standing);
            }
        }
        Screen::Result(result) => {
            let standing = match &result.outcome {
                Outcome::Paid => Standing::Paid,
                Outcome::Refused(_) => Standing::Refused,
                Outcome::NotSent(_) => Standing::NotSent,
                Outcome::Reversed => Standing::Reversed,
                Outcome::Unsettled { .. } => Standing::Unsettled,
            };
            claim(result.id, standing);
        }
        Screen::PaidLate(late) => claim(late.id, Standing::PaidLate),
        Screen::Recent(recent) => recent.rows.iter().for_each(|row| claim(row.id, row.standing)),
        Screen::One(one) => claim(one.summary.id, one.summary.standing),
        Screen::GivingBack(giving) => match &giving.state {
            GivingBack::Done { left } if left.is_zero() => claim(giving.id, Standing::GivenBack),
            GivingBack::Done { .. } => claim(giving.id, Standing::PartlyGivenBack),
            GivingBack::Working | GivingBack::Unknown | GivingBack::Not(_) => {}
        },
        Screen::ConfirmAmount { .. }
        | Screen::SameAmount { .. }
        | Screen::Collecting(_)
        | Screen::Asking { .. }
        | Screen::Confirm(_)
        | Screen::Unknown(_)
        | Screen::Cancelling { .. }
        | Screen::Find(_)
        | Screen::GiveBack(_)
        | Screen::Menu(_)
        | Screen::Pin { .. }
        | Screen::Clock { .. }
        | Screen::ShopCode(_)
        | Screen::DayClose(_)
        | Screen::OutOfService(_) => {}
    }
}

/// The order code on the customer's display.
pub fn code_on(customer: &CustomerScreen) -> Option<&OrderCode> {
    match customer {
        CustomerScreen::Collecting { code, .. } => code.as_ref(),
        // The shop's own code belongs to no order.
        CustomerScreen::Welcome
        | CustomerScreen::ShopCode(_)
        | CustomerScreen::Amount(_)
        | CustomerScreen::PleaseWait(_)
        | CustomerScreen::Confirm(_)
        | CustomerScreen::Cancelling(_)
        | CustomerScreen::Paid(_)
        | CustomerScreen::NotPaid(_)
        | CustomerScreen::Cancelled(_)
        | CustomerScreen::GivenBack(_)
        | CustomerScreen::Closed => None,
    }
}

/// Whether customer and lamp say what the cashier reads (field, words).
fn fits(cashier: &Screen, customer: &CustomerScreen, lamp: Lamp) -> bool {
    use CustomerScreen as Customer;
    match cashier {
        Screen::Result(result) => match result.outcome {
            Outcome::Paid => matches!((customer, lamp), (Customer::Paid(_), Lamp::Paid)),
            Outcome::Refused(_) => matches!((customer, lamp), (Customer::NotPaid(_), Lamp::NotPaid)),
            Outcome::NotSent(_) => matches!((customer, lamp), (Customer::PleaseWait(_), Lamp::NotPaid)),
            Outcome::Reversed => matches!((customer, lamp), (Customer::Cancelled(_), Lamp::NotPaid)),
            Outcome::Unsettled { .. } => {
                matches!((customer, lamp), (Customer::PleaseWait(_), Lamp::Attention))
            }
        },
        Screen::Collecting(collecting) => match (&collecting.code, customer) {
            (CodeState::Shown(code), Customer::Collecting { code: Some(shown), .. }) => code == shown,
            (CodeState::Shown(_), _) => false,
            (_, customer) => matches!(customer, Customer::Collecting { code: None, .. }),
        },
        Screen::Asking { .. } | Screen::Unknown(_) => matches!(customer, Customer::PleaseWait(_)),
        Screen::Confirm(_) => matches!(customer, Customer::Confirm(_)),
        Screen::Cancelling { .. } => matches!(customer, Customer::Cancelling(_)),
        Screen::GivingBack(giving) => match giving.state {
            GivingBack::Done { .. } => matches!((customer, lamp), (Customer::GivenBack(_), Lamp::GivenBack)),
            GivingBack::Working | GivingBack::Unknown => matches!(customer, Customer::PleaseWait(_)),
            GivingBack::Not(_) => matches!((customer, lamp), (Customer::Welcome, Lamp::Attention)),
        },
        Screen::Amount(_)
        | Screen::ConfirmAmount { .. }
        | Screen::SameAmount { .. }
        | Screen::Find(_)
        | Screen::GiveBack(_)
        | Screen::PaidLate(_)
        | Screen::Recent(_)
        | Screen::One(_)
        | Screen::Menu(_)
        | Screen::Pin { .. }
        | Screen::Clock { .. }
        | Screen::ShopCode(_)
        | Screen::DayClose(_)
        | Screen::OutOfService(_) => {
            lamp != Lamp::Paid
                && !matches!(
                    customer,
                    Customer::Paid(_)
                        | Customer::NotPaid(_)
                        | Customer::Cancelled(_)
                        | Customer::GivenBack(_)
                )
        }
    }
}

fn kind(says: &PaperSays) -> Kind {
    match says {
        PaperSays::Paid => ("paid", None),
        PaperSays::NotPaid(_) => ("not paid", None),
        PaperSays::NotSent => ("not sent", None),
        PaperSays::Reversed => ("cancelled", None),
        PaperSays::Unsettled(_) => ("not settled", None),
        PaperSays::PaidLate => ("paid late", None),
        PaperSays::GivenBack(given) => ("given back", Some(given.id)),
        PaperSays::ScanToPay(_) => ("code", None),
        PaperSays::Void => ("void", None),
    }
}
