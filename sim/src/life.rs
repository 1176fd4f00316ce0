//! One life: sales, faults and power cuts, and then the day on which everything is put right.

use postern_heart::desk::Desk;
use postern_heart::event::{Device, Event};
use postern_heart::now::Wall;
use postern_heart::settings::Settings;

use crate::book::{Book, Habits};
use crate::fortune::{Fortune, Odds};
use crate::outside::Counter;
use crate::people::Cashier;
use crate::queue::Happening;
use crate::random::Random;
use crate::scripts::Script;
use crate::story::Story;
use crate::terminal::Terminal;
use crate::time;
use crate::world::World;

mod draw;
mod end;

pub use draw::settings;

/// A life sells for at most this long, …
const SELLS_MS: u64 = 4 * 3_600_000;
/// … and everything must be settled this long after the last payment could still arrive.
const SETTLES_MS: u64 = 2 * 3_600_000;
/// The heart asks about an open transaction at least hourly, give or take a fifth, while it is powered.
const SILENCE_MS: u64 = 75 * 60_000;

/// What is wanted of a life.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How many sales it has at least.
    pub sales: u64,
    /// It tells its story.
    pub story: bool,
    /// It follows a script instead of chance.
    pub script: Option<Script>,
    /// With a script: the power fails before this effect.
    pub cut_at: Option<u64>,
    /// With a script and a cut: the people go on with the script after it.
    pub goes_on: bool,
    /// How a heart is made, where it is not as it should be.
    pub heart: Option<fn(Settings, u64) -> Desk>,
}

/// What came of a life.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Payments that were begun.
    pub transactions: u64,
    /// What went wrong in the world.
    pub faults: u64,
    /// Power cuts.
    pub power_cuts: u64,
    /// Effects that were performed before everything was put right: places where the power can be cut.
    pub effects: u64,
    /// What was untrue or unlawful.
    pub violations: Vec<String>,
    /// Every line of it, where that was wanted.
    pub story: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Era {
    Selling,
    Settling {
        until: u64,
    },
    /// What is still on its way arrives, and must change nothing.
    Waning,
    Over,
}

/// A life in the making.
struct Life {
    world: World,
    terminals: Vec<Terminal>,
    era: Era,
    options: Options,
}

/// Lives one life.
pub fn live(seed: u64, options: &Options) -> Outcome {
    let mut life = Life::begin(seed, options.clone());
    let Life { world, terminals, options, .. } = &mut life;
    terminals.iter_mut().for_each(|terminal| terminal.start(world, options));
    while life.era != Era::Over && life.world.violations.is_empty() {
        life.next();
    }
    life.end()
}

impl Life {
    fn begin(seed: u64, options: Options) -> Life {
        let mut random = Random::new(seed);
        let mut settings = settings();
        let story = if options.story { Story::told() } else { Story::default() };
        let mut began = time::NOON;
        let mut habits = Habits {
            remembers_unknown: random.chance(500),
            confirms_unknown: random.chance(500),
            absent_until_scanned: random.chance(500),
            forgets_declined: random.chance(300),
        };
        let mut dates = true;
        let mut cuts_left = 0;
        let mut fortune = match &options.script {
            Some(script) => {
                settings.knows_cancel = script.knows_cancel;
                if script.entry_code {
                    settings.entry_code = draw::entry_code();
                }
                began = Wall(began.0 + script.begins_ms);
                habits = script.habits;
                Fortune::given(random.clone(), script.given())
            }
            None => {
                draw::draw_settings(&mut settings, &mut random);
                if random.chance(100) {
                    began = Wall(time::cut_off(began).0 - random.between(0, 1_200_000) as i64);
                }
                dates = random.chance(800);
                cuts_left = random.pick(0, &[0, 1, 2, 3, 8]);
                let odds = random.pick(Odds::CALM, &[Odds::ROUGH, Odds::ROUGH, Odds::STORM]);
                Fortune::drawn(random.clone(), odds)
            }
        };
        fortune.random.bits();
        let mut world = World::new(began, fortune, Book::new(habits), story);
        world.dates = dates;
        let mut terminal = Terminal::new(settings, Counter::new(0), Cashier::at(0), seed);
        if let Some(script) = &options.script {
            terminal.cashier.follows(script.steps, options.goes_on);
        }
        terminal.cuts_left = cuts_left;
        draw::plan_devices(&mut terminal, &mut world, options.script.is_some());
        Life { world, terminals: vec![terminal], era: Era::Selling, options }
    }

    /// Lets time go on to whatever comes next.
    fn next(&mut self) {
        let planned = self.world.queue.next_at();
        let world = &mut self.world;
        let wakes = self.terminals.iter_mut().enumerate();
        let wakes = wakes.filter_map(|(no, terminal)| Some((terminal.wakes_at(world)?, no)));
        match (planned, wakes.min()) {
            (None, _) if self.era == Era::Waning => self.era = Era::Over,
            (planned, Some((at, no))) if planned.is_none_or(|planned| at < planned) => {
                self.wakes_up(no, at, planned);
            }
            (Some(planned), _) => self.goes_on(planned),
            (None, _) => self.world.violates("nothing will ever happen again".to_string()),
        }
    }

    fn goes_on(&mut self, planned: u64) {
        self.world.now = self.world.now.max(planned);
        if let Some((no, what)) = self.world.queue.pop() {
            self.takes_place(no, what);
        }
    }

    fn wakes_up(&mut self, no: usize, at: u64, planned: Option<u64>) {
        let late = at + self.world.fortune.lateness();
        if let Some(planned) = planned.filter(|planned| *planned < late) {
            // Something else comes first: the program is busy and has not looked at its deadline yet.
            return self.goes_on(planned);
        }
        self.world.now = self.world.now.max(late);
        if let Some(terminal) = self.terminals.get_mut(no) {
            terminal.wakes_up(&mut self.world);
        }
    }

    fn takes_place(&mut self, no: usize, what: Happening) {
        let selling = self.era == Era::Selling;
        let Life { world, terminals, options, .. } = self;
        let Some(terminal) = terminals.get_mut(no) else { return };
        world.story.at = no;
        match what {
            Happening::Arrives { run, no, request, luck, back, outlives } => {
                if run == terminal.counter.run || outlives {
                    terminal.outside(world).arrives(run, no, &request, luck, back);
                }
            }
            Happening::Inbox { run, event } => {
                if run == terminal.counter.run && terminal.counter.accepts(&event) {
                    let events = together(world, no, run, event);
                    terminal.happen_together(world, events);
                }
            }
            Happening::CancelDone { cancel, original } => {
                let now = world.wall();
                world.book.finish_cancel(now, cancel, original);
            }
            Happening::Told { id, wrong } => terminal.outside(world).tells(id, wrong),
            Happening::PaysByCode if selling => terminal.outside(world).pays_by_code(),
            Happening::EntryTold { id, times } => terminal.outside(world).tells_entry(id, times),
            Happening::RefundDone(id) => world.book.finish_refund(id),
            Happening::Scans(code) => terminal.outside(world).scans(&code),
            Happening::ScansSlip(code) => terminal.outside(world).scans_slip(&code),
            Happening::Answers(id, wallet) => terminal.outside(world).wallet_answers(id, wallet),
            Happening::Paper { receipt, whole } => terminal.outside(world).paper_comes(&receipt, whole),
            Happening::Cashier => self.cashier_looks(no),
            Happening::Printer(health) if selling => terminal.printer_changes(world, health),
            Happening::Scanner(health) => terminal.device(world, Device::Scanner, health),
            Happening::Clock(off) if selling => {
                world.tell(|| format!("the clock is off by {off:?}"));
                terminal.counter.sets_clock(off);
            }
            Happening::Copy if selling => {
                terminal.disk_is_copied(world);
                terminal.counter.fuse = Some(world.fortune.random.between(0, 300));
            }
            Happening::Twin if selling => {
                let mut twin = terminal.twin(world);
                match &options.script {
                    Some(script) => twin.cashier.follows(script.twin, options.goes_on),
                    None => twin.cuts_left = world.fortune.random.pick(0, &[0, 1, 2]),
                }
                twin.start(world, options);
                terminals.push(twin);
            }
            // Everything is put right already.
            Happening::Printer(_)
            | Happening::Clock(_)
            | Happening::Copy
            | Happening::Twin
            | Happening::PaysByCode => {}
            Happening::PowerOn => {
                terminal.powered = true;
                terminal.outside(world).gets_power();
                terminal.start(world, options);
            }
        }
    }

    fn cashier_looks(&mut self, no: usize) {
        let Some(terminal) = self.terminals.get_mut(no).filter(|terminal| terminal.powered) else { return };
        look_at_silence(terminal, &mut self.world);
        let pause = match self.era {
            Era::Selling => self.sells(no),
            Era::Settling { until } => self.settles(no, until),
            Era::Waning | Era::Over => return,
        };
        if let Some(terminal) = self.terminals.get_mut(no)
            && terminal.powered
            && self.era != Era::Waning
        {
            terminal.outside(&mut self.world).plan(pause, Happening::Cashier);
        }
    }

    fn sells(&mut self, no: usize) -> u64 {
        let Life { world, terminals, options, .. } = self;
        let sales: u64 = terminals.iter().map(Terminal::sales).sum();
        let enough = sales >= options.sales * terminals.len() as u64;
        let waits = terminals.iter().any(|terminal| !terminal.cashier.script.is_empty());
        let Some(terminal) = terminals.get_mut(no) else { return 0 };
        let pause = match options.script {
            // The other's script is not at its end yet.
            Some(_) if waits => Some(terminal.follows_script(world).unwrap_or(500)),
            Some(_) => None,
            None if (enough || world.now > SELLS_MS) && world.fortune.random.chance(300) => None,
            None => Some(terminal.sells(world)),
        };
        pause.unwrap_or_else(|| {
            self.put_right();
            100
        })
    }

    /// From now on the world is kind.
    fn put_right(&mut self) {
        let Life { world, terminals, .. } = self;
        world.tell(|| "everything is put right".to_string());
        world.fortune.turns_good();
        world.dates = true;
        terminals.iter_mut().for_each(|terminal| terminal.is_put_right(world));
        let now = world.wall();
        let all = terminals.iter().flat_map(|terminal| terminal.counter.witness.transactions());
        let last = all.map(|facts| facts.asked.expire_at.minus(now)).max();
        let waits = u64::try_from(last.unwrap_or(0)).unwrap_or(0);
        self.era = Era::Settling { until: world.now + waits + SETTLES_MS };
    }

    fn settles(&mut self, no: usize, until: u64) -> u64 {
        if self.world.telling == 0 && self.terminals.iter().all(Terminal::is_settled) {
            self.era = Era::Waning;
            return 0;
        }
        let Life { world, terminals, .. } = self;
        let Some(terminal) = terminals.get_mut(no) else { return 0 };
        if world.now > until {
            end::not_settled(terminal, world);
            return 0;
        }
        terminal.settles(world)
    }
}

/// An event, and where it is a notification those that come behind it before the program is free: it takes them together.
fn together(world: &mut World, counter: usize, run: u32, event: Event) -> Vec<Event> {
    let mut events = vec![event];
    if matches!(events.as_slice(), [Event::Notified { .. }]) {
        let until = world.now + world.fortune.busy();
        let wanted = |at, event: &Event| at <= until && matches!(event, Event::Notified { .. });
        while let Some((at, event)) = world.queue.pop_event(counter, run, wanted) {
            world.now = world.now.max(at);
            events.push(event);
        }
    }
    events
}

fn look_at_silence(terminal: &mut Terminal, world: &mut World) {
    let now = terminal.outside(world).clock().mono;
    let worst = terminal.counter.witness.longest_silence(now);
    if let Some((id, silence)) = worst.filter(|(_, silence)| *silence > SILENCE_MS) {
        world.violates(format!("{id} has no end and was not asked about for {silence} ms"));
    }
}
