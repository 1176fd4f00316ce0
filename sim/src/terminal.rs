//! One terminal of a life: a heart in its place in the world, and the cashier at it.

use postern_heart::desk::Desk;
use postern_heart::event::{Device, Event, Health};
use postern_heart::perform;
use postern_heart::settings::{EntryCode, Settings, Slips};

use crate::life::Options;
use crate::outside::{Counter, Outside};
use crate::people::{Cashier, Deed, Step, key_of};
use crate::queue::Happening;
use crate::world::World;

/// A heart that wants to be woken at one moment more often than this spins.
const WAKES_MAX: u32 = 2_000;

/// A terminal.
pub struct Terminal {
    /// The heart.
    pub desk: Desk,
    /// Its own part of the world.
    pub counter: Counter,
    /// Who works at it.
    pub cashier: Cashier,
    /// What the shop chose.
    pub settings: Settings,
    /// It has power.
    pub powered: bool,
    /// How often its power fails before everything is put right.
    pub cuts_left: u64,
    /// How often its power has failed.
    pub power_cuts: u64,
    seed: u64,
    /// When it was woken last, and how often at that moment.
    woken: (u64, u32),
}

impl Terminal {
    /// A terminal that was not started yet.
    pub fn new(settings: Settings, counter: Counter, cashier: Cashier, seed: u64) -> Terminal {
        let desk = Desk::new(settings.clone(), seed);
        let (powered, cuts_left, power_cuts, woken) = (true, 0, 0, (0, 0));
        Terminal { desk, counter, cashier, settings, powered, cuts_left, power_cuts, seed, woken }
    }

    /// The program starts on what is on disk.
    pub fn start(&mut self, world: &mut World, options: &Options) {
        let cut = match options.cut_at {
            Some(at) if self.power_cuts == 0 => Some(at),
            Some(_) => None,
            None if self.cuts_left > 0 => Some(world.fortune.random.between(0, 120)),
            None => None,
        };
        self.counter.fuse = cut;
        world.tell(|| "the terminal starts".to_string());
        let make = options.heart.unwrap_or(Desk::new);
        let mut settings = self.settings.clone();
        if settings.entry_code != EntryCode::Off
            && options.script.is_none()
            && world.fortune.random.chance(50)
        {
            // Somebody forgot `--notify`.
            settings.entry_code = EntryCode::Deaf;
        }
        self.counter.listens = matches!(settings.entry_code, EntryCode::On(_));
        if self.counter.listens {
            world.book.is_listened_to();
        }
        self.desk = make(settings, self.seed ^ world.fortune.random.bits());
        let opened = self.counter.disk.read();
        self.happens(world, Event::JournalRead(Ok(opened)));
        self.device(world, Device::Scanner, Health::Working);
        if let Some(health) = self.counter.printer {
            self.device(world, Device::Printer, health);
        }
        self.outside(world).plan(500, Happening::Cashier);
    }

    /// The terminal in its world.
    pub fn outside<'a>(&'a mut self, world: &'a mut World) -> Outside<'a> {
        Outside { world, counter: &mut self.counter }
    }

    /// A device changes its state.
    pub fn device(&mut self, world: &mut World, device: Device, health: Health) {
        self.happens(world, Event::DeviceChanged { device, health });
    }

    /// The printer changes its state, if there is one.
    pub fn printer_changes(&mut self, world: &mut World, health: Health) {
        if self.counter.printer.is_some() {
            self.counter.printer = Some(health);
            self.device(world, Device::Printer, health);
        }
    }

    /// An event reaches the heart, and its effects are performed by the program's own loop.
    pub fn happens(&mut self, world: &mut World, event: Event) {
        self.happen_together(world, vec![event]);
    }

    /// Events reach the heart; several, where they waited together while the program was busy.
    pub fn happen_together(&mut self, world: &mut World, events: Vec<Event>) {
        if !self.powered {
            return;
        }
        world.story.at = self.counter.no;
        for event in &events {
            self.counter.witness.heard(event);
            world.story.event(world.now, event);
        }
        let (desk, mut outside) = (&mut self.desk, Outside { world, counter: &mut self.counter });
        if events.iter().all(|event| matches!(event, Event::Notified { .. })) {
            perform::step_together(desk, &mut outside, events);
        } else {
            events.into_iter().for_each(|event| perform::step(desk, &mut outside, event));
        }
        if self.counter.dark {
            self.cashier.startled();
            self.power_fails(world);
        }
    }

    fn power_fails(&mut self, world: &mut World) {
        world.tell(|| "POWER CUT".to_string());
        self.powered = false;
        self.power_cuts += 1;
        self.cuts_left = self.cuts_left.saturating_sub(1);
        self.counter.loses_power();
        if let Some(image) = self.counter.copy.take() {
            world.tell(|| "an old copy of the disk is put back".to_string());
            world.fortune.faults += 1;
            self.counter.puts_back(image);
        }
        let random = &mut world.fortune.random;
        let off = if random.chance(800) {
            random.between(2_000, 30_000)
        } else {
            random.between(30_000, 3_600_000)
        };
        self.outside(world).plan(off, Happening::PowerOn);
    }

    /// Somebody copies the disk, and puts the copy back when the power has failed.
    pub fn disk_is_copied(&mut self, world: &mut World) {
        world.tell(|| "the disk is copied".to_string());
        self.counter.copy = Some(self.counter.image());
    }

    /// A second terminal begins with a copy of the disk.
    pub fn twin(&mut self, world: &mut World) -> Terminal {
        world.tell(|| "a second terminal starts from a copy of the disk".to_string());
        let no = world.terminals;
        world.terminals += 1;
        let seed = self.seed ^ world.fortune.random.bits();
        let mut twin = Terminal::new(self.settings.clone(), self.counter.twin(no), Cashier::at(no), seed);
        twin.outside(world).gets_power();
        twin
    }

    /// When the heart wants to be woken, in the world's time.
    pub fn wakes_at(&mut self, world: &mut World) -> Option<u64> {
        if !self.powered {
            return None;
        }
        let now = self.outside(world).clock();
        let deadline = self.desk.deadline(now)?;
        Some((self.counter.booted + deadline.0).max(world.now))
    }

    /// The heart is woken.
    pub fn wakes_up(&mut self, world: &mut World) {
        let (at, times) = self.woken;
        self.woken = (world.now, if at == world.now { times + 1 } else { 1 });
        if self.woken.1 > WAKES_MAX {
            world.violates("the heart wants to be woken at one moment for ever".to_string());
        }
        self.happens(world, Event::DeadlineReached);
    }

    /// How many sales it has begun.
    pub fn sales(&self) -> u64 {
        let first = self.counter.witness.transactions().filter(|facts| facts.asked.attempt == 1);
        first.count() as u64
    }

    /// The cashier sells, more or less; how long until the next look at the screen, in milliseconds.
    pub fn sells(&mut self, world: &mut World) -> u64 {
        let Some(view) = self.counter.view.clone() else { return 500 };
        if world.terminals > 1 && world.receipt.is_some() && world.fortune.random.chance(100) {
            // A customer of the other terminal comes to this one.
            self.cashier.last_id = world.receipt;
        }
        let deeds = self.cashier.sells(&view, &mut world.fortune.random);
        let pause = self.do_all(world, deeds);
        pause + world.fortune.random.between(100, 2_000)
    }

    /// The cashier puts everything right; how long until the next look at the screen, in milliseconds.
    pub fn settles(&mut self, world: &mut World) -> u64 {
        let Some(view) = self.counter.view.clone() else { return 1_000 };
        let deeds = self.cashier.settles(&view);
        self.do_all(world, deeds)
    }

    fn do_all(&mut self, world: &mut World, deeds: Vec<Deed>) -> u64 {
        let mut pause = 0;
        for deed in deeds {
            match deed {
                Deed::Event(event) => self.happens(world, event),
                Deed::Wait(ms) => pause += ms,
            }
        }
        pause
    }

    /// The cashier follows the script; how long until the next step, in milliseconds, or `None` at its end.
    pub fn follows_script(&mut self, world: &mut World) -> Option<u64> {
        let step = self.cashier.script.pop_front()?;
        match step {
            Step::Press(keys) => self.press(world, keys.chars()),
            Step::Pin => self.press(world, crate::outside::PIN.chars().chain(['e'])),
            Step::Scan => {
                let code = self.cashier.fresh_code();
                self.happens(world, code);
            }
            Step::ScanAgain => {
                let code = self.cashier.same_code();
                self.happens(world, code);
            }
            Step::Await(screens) => {
                let there = screens.contains(&self.desk.report().screen);
                self.cashier.waited += 1;
                if !there && self.cashier.waited < 960 {
                    self.cashier.script.push_front(step);
                    return Some(250);
                }
                self.cashier.waited = 0;
            }
            Step::Wait(ms) => return Some(ms),
            Step::Printer(health) => self.printer_changes(world, health),
            Step::PayByCode => self.outside(world).pays_by_code(),
            Step::Twin => self.outside(world).plan(0, Happening::Twin),
            Step::PowerCut => self.power_fails(world),
            Step::Copy => self.disk_is_copied(world),
            Step::Clock(off) => self.counter.sets_clock(off),
        }
        Some(50)
    }

    fn press(&mut self, world: &mut World, keys: impl Iterator<Item = char>) {
        for key in keys.filter_map(key_of) {
            self.happens(world, Event::KeyPressed(key));
        }
    }

    /// From now on nothing goes wrong here.
    pub fn is_put_right(&mut self, world: &mut World) {
        self.counter.fuse = None;
        self.counter.copy = None;
        self.cuts_left = 0;
        self.counter.clock_off = Some(0);
        self.counter.bad_reads = 0;
        self.printer_changes(world, Health::Working);
    }

    /// Every transaction has its end and its paper, and the counter is ready for the next customer.
    pub fn is_settled(&self) -> bool {
        let slips = if self.counter.printer.is_some() { self.settings.slips } else { Slips::Never };
        self.desk.report().screen == "amount"
            && self.counter.witness.transactions().all(|facts| !facts.is_open(slips))
    }
}
