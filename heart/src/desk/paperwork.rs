//! Paper: what is owed is read off the records, one job is at the printer at a time, and any paper that may be the
//! second one says so.

use alloc::vec::Vec;

use super::*;
use crate::event::PrintEnd;
use crate::ids::JobNo;
use crate::mistakes::Mistake;
use crate::payment::{Facts, Stage};
use crate::record::Paper;
use crate::screen::PaperState;

/// What is at the printer, and what waits for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paperwork {
    jobs: u64,
    current: Option<Job>,
    copy: Option<OrderId>,
    /// A sign with the shop's static code was asked for.
    sign: bool,
    /// The sign that is at the printer.
    sign_job: Option<JobNo>,
    /// Papers that wait until the printer is well, or until someone asks for them.
    held: Vec<OrderId>,
    printer_was_ready: bool,
}

#[derive(Clone, Copy, Debug)]
struct Job {
    no: JobNo,
    id: OrderId,
    paper: Paper,
}

impl Paperwork {
    pub(crate) fn held(&self) -> usize {
        self.held.len()
    }

    /// Has a sign with the static code printed.
    pub(crate) fn want_sign(&mut self) {
        self.sign = true;
    }

    fn at_work(&self) -> bool {
        self.current.is_some() || self.sign_job.is_some()
    }

    pub(crate) fn release_all(&mut self) {
        self.held.clear();
    }

    fn hold(&mut self, id: OrderId) {
        if !self.held.contains(&id) {
            self.held.push(id);
        }
    }
}

impl Desk {
    pub(super) fn do_paperwork(&mut self, turn: &mut Turn<'_>) {
        if !self.service.runs() || self.settings.slips == crate::settings::Slips::Never {
            return;
        }
        let ready = self.printer_ready();
        if ready && !self.paperwork.printer_was_ready && self.paperwork.held.len() == 1 {
            // One receipt that waited is printed by itself; a pile of them only when someone asks for it.
            self.paperwork.release_all();
        }
        self.paperwork.printer_was_ready = ready;
        let slips = self.settings.slips;
        self.paperwork.held.retain(|id| {
            let mut due =
                self.payments.iter().map(Payment::facts).filter(|facts| facts.paper_due(slips).is_some());
            due.any(|facts| facts.id == *id)
        });
        if !ready && self.devices.contains_key(&Device::Printer) {
            let due = self.payments.iter().filter(|payment| payment.facts().paper_due(slips).is_some());
            let waiting: Vec<OrderId> = due.map(Payment::id).collect();
            let at_printer = self.paperwork.current.map(|job| job.id);
            waiting.into_iter().filter(|id| Some(*id) != at_printer).for_each(|id| self.paperwork.hold(id));
            if self.paperwork.copy.take().is_some() {
                self.refuse(turn, Notice::NothingToPrint);
            }
        }
        if ready && !self.paperwork.at_work() {
            self.next_job(turn);
        }
        self.show(turn);
    }

    fn next_job(&mut self, turn: &mut Turn<'_>) {
        let slips = self.settings.slips;
        let due = self.payments.iter().filter(|payment| !self.paperwork.held.contains(&payment.id()));
        let due = due.filter_map(|payment| Some((payment, payment.facts().paper_due(slips)?)));
        // A code that is on its way back is not given to anybody.
        let mut due = due.filter(|(payment, paper)| *paper != Paper::CodeSlip || payment.waits());
        let due = due.next().map(|(payment, paper)| (payment.id(), paper));
        let copy = self.paperwork.copy.take().map(|id| (id, Paper::Copy));
        let Some((id, paper)) = due.or(copy) else { return self.next_sign(turn) };
        if paper != Paper::Copy {
            self.paperwork.copy = copy.map(|(id, _)| id);
        }
        let Some(mut receipt) = self.facts(id).and_then(|facts| facts.receipt(paper)) else { return };
        receipt.duplicate &= !turn.source.errs(Mistake::HidesTheDuplicate);
        self.paperwork.jobs = self.paperwork.jobs.saturating_add(1);
        let job = Job { no: JobNo(self.paperwork.jobs), id, paper };
        self.save_about(turn, id, Fact::Printing { paper, duplicate: receipt.duplicate });
        self.paperwork.current = Some(job);
        turn.effects.push(Effect::Print { job: job.no, receipt });
    }

    /// A sign says nothing about anybody's money: there is no record of it, and no second one is a duplicate.
    fn next_sign(&mut self, turn: &mut Turn<'_>) {
        let wanted = core::mem::take(&mut self.paperwork.sign);
        let Some(code) = self.shop_code().filter(|_| wanted) else { return };
        self.paperwork.jobs = self.paperwork.jobs.saturating_add(1);
        let job = JobNo(self.paperwork.jobs);
        self.paperwork.sign_job = Some(job);
        turn.effects.push(Effect::PrintSign { job, code });
    }

    pub(super) fn print_ended(&mut self, turn: &mut Turn<'_>, no: JobNo, end: PrintEnd) {
        if self.paperwork.sign_job == Some(no) {
            self.paperwork.sign_job = None;
            return;
        }
        let Some(job) = self.paperwork.current.filter(|job| job.no == no) else { return };
        self.paperwork.current = None;
        if !self.service.runs() {
            return;
        }
        let Job { id, paper, .. } = job;
        match end {
            PrintEnd::Printed => self.save_about(turn, id, Fact::Printed { paper, confirmed: true }),
            PrintEnd::NotConfirmed => self.save_about(turn, id, Fact::Printed { paper, confirmed: false }),
            PrintEnd::NotStarted => {
                self.save_about(turn, id, Fact::NotPrinted { paper });
                self.paperwork.hold(id);
            }
            // There may be paper: it stays on record as begun, and the next one says DUPLICATE.
            PrintEnd::Interrupted => self.paperwork.hold(id),
        }
    }

    pub(super) fn print_copy(&mut self, turn: &mut Turn<'_>, id: OrderId) {
        let Some(facts) = self.facts(id).filter(|_| self.may_print_copy(id)) else {
            return self.refuse(turn, Notice::NothingToPrint);
        };
        if facts.paper_due(self.settings.slips).is_some() {
            // The first one has not come out yet: what was asked for is that one, not a copy of it.
            self.paperwork.held.retain(|held| *held != id);
        } else {
            self.paperwork.copy = Some(id);
        }
    }

    /// Whether a copy can be printed; a code that is on its way back is not given to anybody.
    pub(super) fn may_print_copy(&self, id: OrderId) -> bool {
        let open = |facts: &Facts| facts.stage == Stage::Asked;
        let lost = self.payment(id).is_some_and(|payment| open(payment.facts()) && !payment.waits());
        self.printer_ready() && !lost && self.facts(id).is_some_and(|facts| facts.says().is_some())
    }

    /// Saves a fact about a transaction that may have ended already.
    pub(super) fn save_about(&mut self, turn: &mut Turn<'_>, id: OrderId, fact: Fact) {
        if let Some(payment) = self.payment_mut(id) {
            return payment.save(turn, fact);
        }
        let record = turn.record(Some(id), fact);
        if let Some(facts) = self.recent.find_mut(id)
            && facts.apply(&record).is_ok()
        {
            turn.save(record, false);
        }
    }

    pub(super) fn paper_state(&self, facts: &Facts) -> PaperState {
        let at_printer = self.paperwork.current.is_some_and(|job| job.id == facts.id);
        if at_printer {
            return PaperState::Printing;
        }
        if self.paperwork.held.contains(&facts.id) {
            return PaperState::Held;
        }
        if facts.paper_due(self.settings.slips).is_some() {
            return PaperState::Printing;
        }
        match facts.last_printed() {
            Some(true) => PaperState::Printed,
            Some(false) => PaperState::NotConfirmed,
            None => PaperState::None,
        }
    }

    pub(super) fn printer_ready(&self) -> bool {
        matches!(self.devices.get(&Device::Printer), Some(Health::Working | Health::PaperNearEnd))
    }
}
