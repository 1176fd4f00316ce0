//! Performing effects: every one of them may be the one before which the power fails.

use postern_heart::ask::{Ask, OrderCode, Reply, Request, Silence};
use postern_heart::day::{Asker, ComparisonNo};
use postern_heart::event::{
    Effect, Event, Health, JournalFault, Opened, Pin, PrintEnd, Report, Search, Sound,
};
use postern_heart::ids::JobNo;
use postern_heart::news::{NewsNo, Taken};
use postern_heart::now::{Now, TypedTime, Wall};
use postern_heart::perform::{Hands, Saving};
use postern_heart::receipt::{PaperSays, Receipt};
use postern_heart::record::{Fact, Record};
use postern_heart::screen::{Cause, Standing, View};

use super::{Outside, PIN};
use crate::fortune::{Luck, Save};
use crate::queue::Happening;
use crate::story::name;
use crate::witness::code_on;

/// The client gives up a PAY or a CANCEL after this long, …
const CALL_MS: u64 = 8_000;
/// … and a DETAIL after this long.
const DETAIL_MS: u64 = 5_000;

impl Hands for Outside<'_> {
    fn now(&mut self) -> Now {
        self.clock()
    }

    fn save(&mut self, records: &[Saving]) -> Result<(), JournalFault> {
        if !self.happens() {
            return Err(fault());
        }
        let luck = self.world.fortune.save();
        if luck != Save::FailsNotThere {
            records.iter().for_each(|saving| self.writes(saving));
        }
        if luck == Save::Good {
            return Ok(());
        }
        self.counter.bad_reads = self.world.fortune.random.between(0, 3) as u32;
        self.world.tell(|| format!("  the save FAILS ({luck:?})"));
        Err(fault())
    }

    fn make_ready(&mut self, _following: &[Effect]) {}

    fn read_journal(&mut self) -> Result<Opened, JournalFault> {
        if self.counter.dark || self.counter.bad_reads > 0 {
            self.counter.bad_reads = self.counter.bad_reads.saturating_sub(1);
            return Err(fault());
        }
        Ok(self.counter.disk.read())
    }

    fn find(&mut self, search: &Search) -> Result<Vec<Record>, JournalFault> {
        Ok(self.counter.disk.find(search))
    }

    fn ask(&mut self, ask: Ask) {
        if !self.happens() {
            return;
        }
        let proves = ask.request.payment().is_none_or(|id| self.counter.witness.facts(id).is_none());
        self.sees(&Effect::Ask(ask.clone()));
        let luck = self.world.fortune.request(&ask.request, proves);
        if luck != Luck::Good {
            self.world.tell(|| format!("  fate of {}: {luck:?}", name(&ask.request)));
        }
        self.counter.waiting.insert(ask.no);
        let given_up = match ask.request {
            Request::Pay(_) | Request::Cancel { .. } | Request::Refund { .. } => CALL_MS,
            Request::Detail { .. } => DETAIL_MS,
        };
        let no = ask.no;
        let there = self.world.fortune.random.between(20, 400);
        let back = self.world.fortune.random.between(20, 600);
        let reply = match luck {
            Luck::NotSent(why) => {
                let reply = Reply::NotSent(why);
                return self.plan_event(back * 5, Event::Answered { no, reply });
            }
            Luck::LostBack if self.world.fortune.random.chance(500) => {
                let reply = Reply::Unknown(Silence::Broken);
                self.plan_event(there + back, Event::Answered { no, reply });
                Reply::Unknown(Silence::TimeOut)
            }
            _ => Reply::Unknown(Silence::TimeOut),
        };
        self.plan_event(given_up, Event::Answered { no, reply });
        let (there, back) = match luck {
            Luck::LostThere => return,
            Luck::LostBack => (there, None),
            Luck::Late(after) => (after, None),
            Luck::Slow(after) => (there, Some(there + after)),
            _ => (there, Some(there + back)),
        };
        let outlives = self.world.fortune.random.chance(500);
        let run = self.counter.run;
        let back = back.filter(|back| *back < given_up).map(|back| self.world.now + back);
        let request = ask.request;
        if let Luck::Twice(later) = luck {
            let request = request.clone();
            let arrives = Happening::Arrives { run, no, request, luck: Luck::Good, back: None, outlives };
            self.plan(there + later, arrives);
        }
        self.plan(there, Happening::Arrives { run, no, request, luck, back, outlives });
    }

    fn acknowledge(&mut self, no: NewsNo, taken: Taken) {
        if self.happens() {
            self.sees(&Effect::Acknowledge { no, taken });
            self.is_answered(no, taken);
        }
    }

    /// Nobody compares days in these lives.
    fn compare(&mut self, _at: Wall) {
        if self.happens() {
            self.plan_event(1_000, Event::Compared { asker: Asker::Counter, compared: None });
        }
    }

    fn recorded(&mut self, _no: ComparisonNo) {}

    fn warm(&mut self) {
        self.happens();
    }

    fn show(&mut self, view: View) {
        if !self.happens() {
            return;
        }
        let code = code_on(&view.customer).cloned();
        if let Some(code) = code.as_ref().filter(|code| self.counter.seen.as_ref() != Some(code)) {
            let looks = self.world.fortune.random.between(1_000, 20_000);
            self.plan(looks, Happening::Scans(code.clone()));
        }
        self.counter.seen = code;
        self.check_view(&view);
        let effect = Effect::Show(view);
        self.sees(&effect);
        if let Effect::Show(view) = effect {
            self.counter.view = Some(view);
        }
    }

    fn play(&mut self, _sound: Sound) {
        self.happens();
    }

    fn print(&mut self, job: JobNo, receipt: Receipt) {
        if !self.happens() {
            return;
        }
        let standing = match receipt.says {
            PaperSays::Paid => Standing::Paid,
            PaperSays::NotPaid(_) => Standing::Refused,
            PaperSays::NotSent => Standing::NotSent,
            PaperSays::Reversed => Standing::Reversed,
            PaperSays::Unsettled(_) => Standing::Unsettled,
            PaperSays::PaidLate => Standing::PaidLate,
            PaperSays::GivenBack(given) if given.left.is_zero() => Standing::GivenBack,
            PaperSays::GivenBack(_) => Standing::PartlyGivenBack,
            PaperSays::ScanToPay(_) => Standing::Open,
            PaperSays::Void => Standing::Reversed,
        };
        self.claims("the paper", receipt.id, standing);
        let effect = Effect::Print { job, receipt };
        self.sees(&effect);
        let Effect::Print { receipt, .. } = effect else { return };
        let end = self.print_end();
        // Papers come out in the order in which they were sent, also one that a power cut left in the printer.
        let after_the_last = self.counter.printing_until.saturating_sub(self.world.now);
        let takes = self.world.fortune.random.between(300, 4_000).max(after_the_last + 1);
        if end != PrintEnd::NotStarted {
            self.counter.printing_until = self.world.now + takes;
        }
        match end {
            PrintEnd::Printed | PrintEnd::NotConfirmed => {
                self.plan(takes, Happening::Paper { receipt, whole: true });
            }
            PrintEnd::Interrupted => self.plan(takes, Happening::Paper { receipt, whole: false }),
            PrintEnd::NotStarted => {}
        }
        self.plan_event(takes + 50, Event::PrintEnded { job, end });
    }

    fn print_sign(&mut self, job: JobNo, _code: OrderCode) {
        if self.happens() {
            let end = self.print_end();
            self.plan_event(4_000, Event::PrintEnded { job, end });
        }
    }

    fn check_pin(&mut self, pin: Pin) {
        if self.happens() {
            let right = pin.reveal() == PIN;
            self.plan_event(300, Event::PinChecked { right });
        }
    }

    fn set_clock(&mut self, _typed: TypedTime) -> Option<Wall> {
        if !self.happens() || self.world.fortune.random.chance(200) {
            return None;
        }
        let off = self.world.fortune.random.between(0, 20_000) as i64 - 10_000;
        self.counter.clock_off = Some(off);
        Some(Wall(self.world.wall().0 + off))
    }

    fn report(&mut self, _report: Report) {}
}

impl Outside<'_> {
    fn writes(&mut self, Saving { record, open }: &Saving) {
        self.counter.disk.write(record, *open);
        self.counter.hears_again(record);
        self.owns_ids(record);
        self.world.begun += u64::from(matches!(record.fact, Fact::Asked(_) | Fact::Received(_)));
        self.sees(&Effect::Save { record: record.clone(), open: *open });
    }

    fn print_end(&mut self) -> PrintEnd {
        let ready = matches!(self.counter.printer, Some(Health::Working | Health::PaperNearEnd));
        if ready { self.world.fortune.print() } else { PrintEnd::NotStarted }
    }

    /// No two terminals use one id, also where they began with the same disk.
    fn owns_ids(&mut self, record: &Record) {
        let used = match &record.fact {
            Fact::Asked(_) | Fact::Received(_) => record.transaction,
            Fact::Cancelling { cancel, .. } => Some(*cancel),
            Fact::Refunding { refund, .. } => Some(*refund),
            _ => None,
        };
        let Some(id) = used else { return };
        let no = self.counter.no;
        if *self.world.owners.entry(id).or_insert(no) != no {
            self.world.violates(format!("{id} was used by two terminals"));
        }
    }
}

fn fault() -> JournalFault {
    JournalFault { cause: Cause::JournalBroken, detail: "could not write the journal".to_string() }
}
