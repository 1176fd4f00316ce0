//! The world outside of one heart: what its effects reach, and what is true there.

use std::collections::{BTreeMap, BTreeSet};

use postern_heart::ask::{OrderCode, PaidAt};
use postern_heart::event::{Effect, Event, Health};
use postern_heart::ids::{OrderId, RequestNo};
use postern_heart::news::NewsNo;
use postern_heart::now::{Mono, Now, Trusted, Wall};
use postern_heart::record::{Fact, Record};
use postern_heart::screen::View;

use crate::book::entry;
use crate::disk::Disk;
use crate::queue::Happening;
use crate::time;
use crate::witness::{Notes, Witness};
use crate::world::World;

mod claims;
mod entry;
mod hands;
mod wire;

/// The manager's PIN.
pub const PIN: &str = "2468";

/// How far a clock may be off while it is trusted, in milliseconds.
const CLOCK_OFF_MS: u64 = 30_000;

/// One terminal's own part of the world: its disk, its clock, its screens, its printer.
#[derive(Debug, Default)]
pub struct Counter {
    /// Which terminal of the world it is.
    pub no: usize,
    /// When the program was started.
    pub booted: u64,
    /// Which run of the program this is.
    pub run: u32,
    /// How far the terminal's wall clock is off; `None` where it can't be trusted.
    pub clock_off: Option<i64>,
    /// It was off by more than a clock may be.
    clock_lied: bool,
    /// The journal.
    pub disk: Disk,
    /// The watching eye.
    pub witness: Witness,
    /// What is on the screens.
    pub view: Option<View>,
    /// The power fails before this effect, counted from here; `None` if it does not.
    pub fuse: Option<u64>,
    /// The power has failed: nothing that the program still orders happens.
    pub dark: bool,
    /// The printer; `None` where the counter has none.
    pub printer: Option<Health>,
    /// When the last paper that was sent to it is out.
    printing_until: u64,
    /// Reads of the journal that still fail.
    pub bad_reads: u32,
    /// Notifications of the static code's payments are listened for.
    pub listens: bool,
    waiting: BTreeSet<RequestNo>,
    /// Notifications whose answers the acquirer will get, each with its payment.
    owed: BTreeMap<NewsNo, OrderId>,
    seen: Option<OrderCode>,
    papers: BTreeMap<(OrderId, &'static str), Papers>,
    /// Whose code is on a paper that somebody may have taken along.
    taken: BTreeSet<OrderId>,
    /// An old copy of the disk, which is put back when the power fails next.
    pub copy: Option<Image>,
    /// Transactions of which something is not on this disk: it was forgotten, or another terminal did it.
    elsewhere: BTreeSet<OrderId>,
}

/// A copy of a disk, and what the witness knew of it.
#[derive(Debug)]
pub struct Image {
    disk: Disk,
    notes: Notes,
}

/// Papers of one kind about one transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Papers {
    whole: u32,
    pieces: u32,
}

impl Counter {
    /// A counter with an empty disk and a right clock.
    pub fn new(no: usize) -> Counter {
        Counter { no, clock_off: Some(0), ..Counter::default() }
    }

    /// The program's memory is gone, and so is what it was waiting for.
    pub fn loses_power(&mut self) {
        self.listens = false;
        self.waiting.clear();
        self.owed.clear();
        self.view = None;
        self.seen = None;
        self.fuse = None;
        self.run += 1;
        self.witness.restarted();
    }

    /// A copy of the disk as it is now.
    pub fn image(&self) -> Image {
        Image { disk: self.disk.clone(), notes: self.witness.notes() }
    }

    /// An old copy of the disk is put back: what happened since then is forgotten.
    pub fn puts_back(&mut self, image: Image) {
        for record in self.disk.records().iter().skip(image.disk.records().len()) {
            self.elsewhere.extend(record.transaction);
            if let Fact::Received(received) = &record.fact {
                self.elsewhere.extend(entry(&received.uq_id));
            }
        }
        self.disk = image.disk;
        self.witness.goes_back_to(image.notes);
    }

    /// Money by the static code whose first record was forgotten is told again, and recorded under another id: what became
    /// of it in between stays forgotten.
    fn hears_again(&mut self, record: &Record) {
        if let Fact::Received(received) = &record.fact
            && entry(&received.uq_id).is_some_and(|id| self.elsewhere.contains(&id))
        {
            self.elsewhere.extend(record.transaction);
        }
    }

    /// A second counter, whose disk is a copy of this one's: what the one does from now on, the other can't know.
    pub fn twin(&mut self, no: usize) -> Counter {
        self.elsewhere.extend(self.witness.transactions().map(|facts| facts.id));
        Counter {
            no,
            clock_off: Some(0),
            disk: self.disk.clone(),
            witness: self.witness.twin(),
            printer: self.printer.map(|_| Health::Working),
            papers: self.papers.clone(),
            taken: self.taken.clone(),
            elsewhere: self.elsewhere.clone(),
            ..Counter::default()
        }
    }

    /// Whether it is on disk that payments by the static code may be missing of this time. Before the listener
    /// first ran, until it runs again, and with a clock that lied, nobody can know.
    pub fn may_miss(&self, paid: Option<PaidAt>) -> bool {
        let listening = self.disk.records().iter().filter_map(|record| match record.fact {
            Fact::Listening { missed_since } => Some((record.at, missed_since)),
            _ => None,
        });
        let Some(until) = paid.map(|paid| paid.at.after(CLOCK_OFF_MS)) else { return true };
        let before = |at: Option<Wall>| at.is_some_and(|at| at <= until);
        let new = !listening.clone().next().is_some_and(|(at, _)| before(at));
        new || !self.listens
            || self.clock_lied
            || listening.clone().any(|(_, missed_since)| before(missed_since))
    }

    /// Whether something about this transaction is not on the disk, and can't be known here.
    pub fn is_elsewhere(&self, id: OrderId) -> bool {
        self.elsewhere.contains(&id)
    }

    /// The wall clock is so many milliseconds off from now on; `None` where it can't be trusted.
    pub fn sets_clock(&mut self, off: Option<i64>) {
        self.clock_off = off;
        self.clock_lied |= off.is_none_or(|off| off.unsigned_abs() > CLOCK_OFF_MS);
    }

    /// An event reaches the program; `false` where the client has given up what it answers.
    pub fn accepts(&mut self, event: &Event) -> bool {
        match event {
            Event::Answered { no, .. } => self.waiting.remove(no),
            _ => true,
        }
    }
}

/// A terminal in its world.
pub struct Outside<'a> {
    /// The world.
    pub world: &'a mut World,
    /// The terminal's own part of it.
    pub counter: &'a mut Counter,
}

impl Outside<'_> {
    /// What the program takes the time to be.
    pub fn clock(&self) -> Now {
        let trusted = |off: i64| {
            let wall = Wall(self.world.wall().0 + off);
            Trusted { wall, cut_off: time::cut_off(wall) }
        };
        let mono = Mono(self.world.now - self.counter.booted);
        Now { mono, wall: self.counter.clock_off.map(trusted) }
    }

    /// Plans something at this counter for so many milliseconds from now.
    pub fn plan(&mut self, in_ms: u64, what: Happening) {
        self.world.queue.plan(self.world.now + in_ms, self.counter.no, what);
    }

    /// Plans an event for this run of the program.
    pub fn plan_event(&mut self, in_ms: u64, event: Event) {
        let run = self.counter.run;
        self.plan(in_ms, Happening::Inbox { run, event });
    }

    /// The power comes back: a new run of the program, which starts to count its time anew.
    pub fn gets_power(&mut self) {
        self.counter.booted = self.world.now;
        self.counter.dark = false;
    }

    /// Whether an effect still happens: the power may fail right before it.
    fn happens(&mut self) -> bool {
        if self.counter.dark {
            return false;
        }
        if let Some(left) = &mut self.counter.fuse {
            if *left == 0 {
                self.counter.dark = true;
                return false;
            }
            *left -= 1;
        }
        self.world.effects += 1;
        true
    }

    fn sees(&mut self, effect: &Effect) {
        let now = self.clock();
        self.counter.witness.performed(now, effect);
        self.world.story.effect(self.world.now, effect);
        self.collect_objections();
    }

    /// Takes over what the witness objects to.
    pub fn collect_objections(&mut self) {
        for objection in self.counter.witness.take_objections() {
            self.world.violates(objection);
        }
    }
}
