//! What must be true at the end of a life.

use postern_heart::desk::Desk;
use postern_heart::ids::Target;
use postern_heart::payment::{End, RefundState};
use postern_heart::record::Fact;
use postern_heart::settings::Slips;

use super::{Life, Outcome};
use crate::book::uq;
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
    /// What is charged is in a journal, or was forgotten; of what came in unasked, all that the shop has taken.
    fn check_charges(&mut self) {
        let book = &self.world.book;
        let mut wrong = Vec::new();
        for id in book.charged() {
            let told = book.told(id);
            let named = if told.is_some() { Target::Theirs(uq(id)) } else { Target::Ours(id) };
            let counters = || self.terminals.iter().map(|terminal| &terminal.counter);
            let known = counters().any(|counter| {
                let forgotten = counter.is_elsewhere(id);
                forgotten || counter.witness.transactions().any(|facts| facts.target() == named)
            });
            match told {
                _ if known => {}
                None => wrong.push(format!("{id} is charged and not in the journal")),
                Some(told) if told.taken => {
                    wrong.push(format!("{id} came in by the static code, and what was told is lost"));
                }
                Some(told)
                    if !told.reached && !counters().any(|counter| counter.may_miss(book.paid_at(id))) =>
                {
                    wrong.push(format!(
                        "nobody listened for {id}, and nothing said that payments may be missing"
                    ));
                }
                Some(_) => {}
            }
        }
        wrong.into_iter().for_each(|what| self.world.violates(what));
    }
}

/// Journal and acquirer agree but for what happened elsewhere, every paid sale has its receipt, and a restart can read the records.
fn check(terminal: &mut Terminal, world: &mut World) {
    let mut wrong = Vec::new();
    let Terminal { counter, settings, .. } = &*terminal;
    for facts in counter.witness.transactions() {
        let id = facts.id;
        let at_book = world.book.named(&facts.target()).unwrap_or(id);
        let charged = world.book.is_charged(at_book);
        let (kept, refunded) = (world.book.kept(at_book), world.book.refunded(at_book));
        let elsewhere = counter.is_elsewhere(id);
        if refunded != facts.refunded().minor() && !(elsewhere && refunded > facts.refunded().minor()) {
            wrong.push(format!(
                "{id}: the journal knows of {} refunded, the book of {refunded}",
                facts.refunded().minor()
            ));
        }
        match facts.end() {
            Some(End::Paid) if kept == facts.left().minor() => {}
            Some(End::Paid) if elsewhere && world.book.was_charged(at_book) => {}
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
    let begun =
        records.iter().filter(|record| matches!(record.fact, Fact::Asked(_) | Fact::Received(_))).count();
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
