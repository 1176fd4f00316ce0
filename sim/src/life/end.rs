//! What must be true at the end of a life.

use postern_heart::desk::Desk;
use postern_heart::payment::{End, RefundState};
use postern_heart::record::Fact;
use postern_heart::settings::Slips;

use super::{Life, Outcome};
use crate::terminal::Terminal;
use crate::world::World;

/// Says what has no end in time.
pub(super) fn not_settled(terminal: &Terminal, world: &mut World) {
    let all = terminal.counter.witness.transactions();
    let open = all.filter(|facts| facts.is_open(terminal.settings.slips));
    let open: Vec<String> = open.map(|facts| format!("{} {:?}", facts.id, facts.standing())).collect();
    let screen = terminal.desk.report().screen;
    world.violates(format!("not settled in time, the screen is {screen}: {}", open.join(", ")));
}

impl Life {
    /// Tells what came of it.
    pub(super) fn end(mut self) -> Outcome {
        if self.world.violations.is_empty() {
            self.check_charges();
            for terminal in &mut self.terminals {
                check(terminal, &mut self.world);
            }
        }
        Outcome {
            transactions: self.world.begun,
            faults: self.world.fortune.faults,
            power_cuts: self.terminals.iter().map(|terminal| terminal.power_cuts).sum(),
            effects: self.world.effects,
            violations: self.world.violations,
            story: self.world.story.into_lines(),
        }
    }
}

impl Life {
    /// What is charged is in a journal, or was forgotten.
    fn check_charges(&mut self) {
        let counters = || self.terminals.iter().map(|terminal| &terminal.counter);
        let known =
            |id| counters().any(|counter| counter.witness.facts(id).is_some() || counter.is_elsewhere(id));
        let unknown: Vec<String> =
            self.world.book.charged().filter(|id| !known(*id)).map(|id| id.to_string()).collect();
        unknown
            .into_iter()
            .for_each(|id| self.world.violates(format!("{id} is charged and not in the journal")));
    }
}

/// Journal and acquirer agree but for what happened elsewhere, every paid sale has its receipt, and a restart can read the records.
fn check(terminal: &mut Terminal, world: &mut World) {
    let mut wrong = Vec::new();
    let Terminal { counter, settings, .. } = &*terminal;
    for facts in counter.witness.transactions() {
        let (id, charged) = (facts.id, world.book.is_charged(facts.id));
        let (kept, refunded) = (world.book.kept(id), world.book.refunded(id));
        let elsewhere = counter.is_elsewhere(id);
        if refunded != facts.refunded().minor() && !(elsewhere && refunded > facts.refunded().minor()) {
            wrong.push(format!(
                "{id}: the journal knows of {} refunded, the book of {refunded}",
                facts.refunded().minor()
            ));
        }
        match facts.end() {
            Some(End::Paid) if kept == facts.left().minor() => {}
            Some(End::Paid) if elsewhere && world.book.was_charged(id) => {}
            Some(End::Refused(_) | End::NotSent | End::Reversed) if !charged => {}
            end => wrong.push(format!("the journal says {id} ended as {end:?}; charged: {charged}")),
        }
        let prints = counter.printer.is_some() && settings.slips != Slips::Never;
        if charged && refunded == 0 && prints && !counter.has_receipt(id) {
            wrong.push(format!("{id} is paid and no whole receipt came out"));
        }
        let done = facts.refunds.iter().filter(|refund| refund.state == RefundState::Done);
        for refund in done.filter(|refund| prints && !counter.has_slip(refund.id)) {
            wrong.push(format!("{} gave back money of {id} and no whole slip came out", refund.id));
        }
    }
    for (id, void) in counter.taken() {
        let paid = counter.witness.facts(id).is_none_or(|facts| facts.paid.is_some());
        if !paid && !void && !counter.is_elsewhere(id) {
            wrong.push(format!(
                "somebody may hold the code of {id}, which is not paid, and no void slip came out"
            ));
        }
    }
    let records = counter.disk.records();
    let begun = records.iter().filter(|record| matches!(record.fact, Fact::Asked(_))).count();
    if begun != counter.witness.transactions().count() {
        wrong.push("the journal and the witness count differently".to_string());
    }
    let mut desk = Desk::new(settings.clone(), 1);
    let opened = counter.disk.read();
    desk.start(terminal.outside(world).clock(), Ok(opened));
    if desk.report().screen == "out_of_service" {
        wrong.push("a restart can't read the records".to_string());
    }
    wrong.into_iter().for_each(|what| world.violates(what));
}
