//! One life of a counter: sales, faults and power cuts, and then the day on which everything is put right.

use postern_heart::desk::Desk;
use postern_heart::event::{Device, Event, Health};
use postern_heart::ids::TerminalId;
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::payment::{End, RefundState};
use postern_heart::record::Fact;
use postern_heart::settings::{AmountEntry, EntryCode, Language, OrderCodeWhen, Settings, Slips, Timings};

use crate::book::{Book, Habits};
use crate::fortune::{Fortune, Odds};
use crate::outside::Outside;
use crate::people::{Cashier, Deed, Step, key_of};
use crate::queue::Happening;
use crate::random::Random;
use crate::scripts::Script;
use crate::story::Story;
use crate::time;
use postern_heart::perform;

/// A life sells for at most this long, …
const SELLS_MS: u64 = 4 * 3_600_000;
/// … and everything must be settled this long after the last payment could still arrive.
const SETTLES_MS: u64 = 2 * 3_600_000;
/// The heart asks about an open transaction at least hourly, give or take a fifth, while it is powered.
const SILENCE_MS: u64 = 75 * 60_000;
/// A heart that wants to be woken at one moment more often than this spins.
const WAKES_MAX: u32 = 2_000;

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
    desk: Desk,
    outside: Outside,
    settings: Settings,
    cashier: Cashier,
    era: Era,
    powered: bool,
    options: Options,
    cuts_left: u64,
    power_cuts: u64,
    seed: u64,
    wakes: u32,
}

/// Lives one life.
pub fn live(seed: u64, options: &Options) -> Outcome {
    let mut life = Life::begin(seed, options.clone());
    life.start();
    while life.era != Era::Over && life.outside.violations.is_empty() {
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
                began = Wall(began.0 + script.begins_ms);
                habits = script.habits;
                Fortune::given(random.clone(), script.given())
            }
            None => {
                draw_settings(&mut settings, &mut random);
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
        let mut outside = Outside::new(began, fortune, Book::new(habits), story);
        outside.dates = dates;
        let mut cashier = Cashier::default();
        if let Some(script) = &options.script {
            cashier.script = script.steps.iter().copied().collect();
        }
        let desk = Desk::new(settings.clone(), seed);
        let mut life = Life {
            desk,
            outside,
            settings,
            cashier,
            era: Era::Selling,
            powered: true,
            options,
            cuts_left,
            power_cuts: 0,
            seed,
            wakes: 0,
        };
        life.plan_devices();
        life
    }

    /// What the devices and the clock go through.
    fn plan_devices(&mut self) {
        if self.options.script.is_some() {
            self.outside.printer = Some(Health::Working);
            return;
        }
        let random = &mut self.outside.fortune.random;
        let has_printer = self.settings.slips != Slips::Never && random.chance(900);
        let mut plans = Vec::new();
        if has_printer {
            for _ in 0..random.pick(0, &[0, 1, 2, 4]) {
                let at = random.between(0, 600_000);
                let health =
                    random.pick(Health::NoPaper, &[Health::CoverOpen, Health::Missing, Health::Silent]);
                plans.push((at, Happening::Printer(health)));
                plans.push((at + random.between(1_000, 120_000), Happening::Printer(Health::Working)));
            }
        }
        if random.chance(200) {
            let at = random.between(0, 600_000);
            plans.push((at, Happening::Scanner(Health::Missing)));
            plans.push((at + random.between(1_000, 60_000), Happening::Scanner(Health::Working)));
        }
        let first_off = random.between(0, 40_000) as i64 - 20_000;
        let jumps = if random.chance(300) { random.between(1, 4) } else { 0 };
        for _ in 0..jumps {
            let at = random.between(0, 900_000);
            // A clock that lies by hours is found out by the time that answers carry; without it nobody could know.
            let off = match random.between(0, 3) {
                0 => None,
                1 | 2 if self.outside.dates => {
                    Some(random.between(0, 12 * 3_600_000) as i64 - 6 * time::HOUR)
                }
                _ => Some(random.between(0, 40_000) as i64 - 20_000),
            };
            plans.push((at, Happening::Clock(off)));
            if random.chance(700) {
                let back = random.between(0, 20_000) as i64 - 10_000;
                plans.push((at + random.between(1_000, 300_000), Happening::Clock(Some(back))));
            }
        }
        self.outside.fortune.faults += jumps;
        self.outside.clock_off = Some(first_off);
        self.outside.printer = has_printer.then_some(Health::Working);
        plans.into_iter().for_each(|(at, what)| self.outside.queue.plan(at, what));
    }

    /// The program starts on what is on disk.
    fn start(&mut self) {
        let cut = match self.options.cut_at {
            Some(at) if self.power_cuts == 0 => Some(at),
            Some(_) => None,
            None if self.cuts_left > 0 => Some(self.outside.fortune.random.between(0, 120)),
            None => None,
        };
        if self.era == Era::Selling {
            self.outside.fuse = cut;
        }
        self.outside.story.tell(self.outside.now, || "the terminal starts".to_string());
        let make = self.options.heart.unwrap_or(Desk::new);
        self.desk = make(self.settings.clone(), self.seed ^ self.outside.fortune.random.bits());
        let opened = self.outside.disk.read();
        self.happens(Event::JournalRead(Ok(opened)));
        self.device(Device::Scanner, Health::Working);
        if let Some(health) = self.outside.printer {
            self.device(Device::Printer, health);
        }
        self.outside.plan(500, Happening::Cashier);
    }

    fn device(&mut self, device: Device, health: Health) {
        self.happens(Event::DeviceChanged { device, health });
    }

    /// An event reaches the heart, and its effects are performed by the program's own loop.
    fn happens(&mut self, event: Event) {
        if !self.powered {
            return;
        }
        self.outside.witness.heard(&event);
        self.outside.story.event(self.outside.now, &event);
        perform::step(&mut self.desk, &mut self.outside, event);
        if self.outside.dark {
            self.power_fails();
        }
    }

    fn power_fails(&mut self) {
        self.outside.story.tell(self.outside.now, || "POWER CUT".to_string());
        self.powered = false;
        self.power_cuts += 1;
        self.cuts_left = self.cuts_left.saturating_sub(1);
        self.outside.loses_power();
        if !self.options.goes_on {
            self.cashier.script.clear();
        }
        let random = &mut self.outside.fortune.random;
        let off = if random.chance(800) {
            random.between(2_000, 30_000)
        } else {
            random.between(30_000, 3_600_000)
        };
        self.outside.plan(off, Happening::PowerOn);
    }

    /// Lets time go on to whatever comes next.
    fn next(&mut self) {
        let planned = self.outside.queue.next_at();
        let wake = if self.powered { self.desk.deadline(self.outside.clock()) } else { None };
        let wake = wake.map(|deadline| (self.outside.booted + deadline.0).max(self.outside.now));
        match (planned, wake) {
            (None, _) if self.era == Era::Waning => self.era = Era::Over,
            (planned, Some(wake)) if planned.is_none_or(|planned| wake < planned) => {
                self.wakes_up(wake, planned)
            }
            (Some(planned), _) => {
                self.go_to(planned);
                if let Some(what) = self.outside.queue.pop() {
                    self.takes_place(what);
                }
            }
            (None, _) => self.outside.violates("nothing will ever happen again".to_string()),
        }
    }

    fn go_to(&mut self, then: u64) {
        if then > self.outside.now {
            self.wakes = 0;
            self.outside.now = then;
        }
    }

    fn wakes_up(&mut self, wake: u64, planned: Option<u64>) {
        let late = self.outside.fortune.lateness();
        let at = planned.map_or(wake + late, |planned| planned.min(wake + late));
        self.go_to(at);
        if at < wake + late {
            // Something else comes first: the program is busy and has not looked at its deadline yet.
            if let Some(what) = self.outside.queue.pop() {
                self.takes_place(what);
            }
            return;
        }
        self.wakes += 1;
        if self.wakes > WAKES_MAX {
            self.outside.violates("the heart wants to be woken at one moment for ever".to_string());
        }
        self.happens(Event::DeadlineReached);
    }

    fn takes_place(&mut self, what: Happening) {
        match what {
            Happening::Arrives { run, no, request, luck, back, outlives } => {
                if run == self.outside.run || outlives {
                    self.outside.arrives(run, no, &request, luck, back);
                }
            }
            Happening::Inbox { run, event } => {
                if run == self.outside.run && self.outside.accepts(&event) {
                    self.happens(event);
                }
            }
            Happening::CancelDone { cancel, original } => {
                let now = self.outside.wall();
                self.outside.book.finish_cancel(now, cancel, original);
            }
            Happening::Told { id, wrong } => self.outside.tells(id, wrong),
            Happening::RefundDone(id) => self.outside.book.finish_refund(id),
            Happening::Scans(code) => self.outside.scans(&code),
            Happening::ScansSlip(code) => self.outside.scans_slip(&code),
            Happening::Answers(id, wallet) => self.outside.wallet_answers(id, wallet),
            Happening::Paper { receipt, whole } => self.outside.paper_comes(&receipt, whole),
            Happening::Cashier => self.cashier_looks(),
            Happening::Printer(health) => self.printer_changes(health),
            Happening::Scanner(health) => self.device(Device::Scanner, health),
            Happening::Clock(off) => {
                if self.era == Era::Selling {
                    self.outside.story.tell(self.outside.now, || format!("the clock is off by {off:?}"));
                    self.outside.clock_off = off;
                }
            }
            Happening::PowerOn => {
                self.powered = true;
                self.outside.gets_power();
                self.start();
            }
        }
    }

    fn printer_changes(&mut self, health: Health) {
        if self.outside.printer.is_some() && self.era == Era::Selling {
            self.outside.printer = Some(health);
            self.device(Device::Printer, health);
        }
    }

    fn cashier_looks(&mut self) {
        if !self.powered {
            return;
        }
        self.look_at_silence();
        let pause = match self.era {
            Era::Selling if self.options.script.is_some() => self.follow_script(),
            Era::Selling => self.sell(),
            Era::Settling { until } => self.settle(until),
            Era::Waning | Era::Over => return,
        };
        if self.powered && self.era != Era::Waning {
            self.outside.plan(pause, Happening::Cashier);
        }
    }

    fn look_at_silence(&mut self) {
        let now = self.outside.clock().mono;
        let worst = self.outside.witness.longest_silence(now);
        if let Some((id, silence)) = worst.filter(|(_, silence)| *silence > SILENCE_MS) {
            self.outside.violates(format!("{id} has no end and was not asked about for {silence} ms"));
        }
    }

    fn sell(&mut self) -> u64 {
        let enough = self.sales() >= self.options.sales || self.outside.now > SELLS_MS;
        if enough && self.outside.fortune.random.chance(300) {
            self.put_right();
            return 100;
        }
        let Some(view) = self.outside.view.clone() else { return 500 };
        let deeds = self.cashier.sells(&view, &mut self.outside.fortune.random);
        let pause = self.do_all(deeds);
        pause + self.outside.fortune.random.between(100, 2_000)
    }

    fn sales(&self) -> u64 {
        let first = self.outside.witness.transactions().filter(|facts| facts.asked.attempt == 1);
        first.count() as u64
    }

    fn do_all(&mut self, deeds: Vec<Deed>) -> u64 {
        let mut pause = 0;
        for deed in deeds {
            match deed {
                Deed::Event(event) => self.happens(event),
                Deed::Wait(ms) => pause += ms,
            }
        }
        pause
    }

    fn follow_script(&mut self) -> u64 {
        let Some(step) = self.cashier.script.pop_front() else {
            self.put_right();
            return 100;
        };
        match step {
            Step::Press(keys) => {
                for key in keys.chars().filter_map(key_of) {
                    self.happens(Event::KeyPressed(key));
                }
            }
            Step::Pin => {
                for key in crate::outside::PIN.chars().chain(['e']).filter_map(key_of) {
                    self.happens(Event::KeyPressed(key));
                }
            }
            Step::Scan => {
                let code = self.cashier.fresh_code();
                self.happens(code);
            }
            Step::ScanAgain => {
                let code = self.cashier.same_code();
                self.happens(code);
            }
            Step::Await(screens) => {
                let there = screens.contains(&self.desk.report().screen);
                self.cashier.waited += 1;
                if !there && self.cashier.waited < 960 {
                    self.cashier.script.push_front(step);
                    return 250;
                }
                self.cashier.waited = 0;
            }
            Step::Wait(ms) => return ms,
            Step::Printer(health) => self.printer_changes(health),
            Step::Clock(off) => self.outside.clock_off = off,
        }
        50
    }

    /// From now on the world is kind.
    fn put_right(&mut self) {
        self.outside.story.tell(self.outside.now, || "everything is put right".to_string());
        self.outside.fuse = None;
        self.cuts_left = 0;
        self.outside.fortune.turns_good();
        self.outside.clock_off = Some(0);
        self.outside.dates = true;
        self.outside.bad_reads = 0;
        if self.outside.printer.is_some() {
            self.printer_changes(Health::Working);
        }
        let now = self.outside.wall();
        let last = self.outside.witness.transactions().map(|facts| facts.asked.expire_at.minus(now)).max();
        let waits = u64::try_from(last.unwrap_or(0)).unwrap_or(0);
        self.era = Era::Settling { until: self.outside.now + waits + SETTLES_MS };
    }

    fn settle(&mut self, until: u64) -> u64 {
        if self.is_settled() {
            self.era = Era::Waning;
            return 0;
        }
        if self.outside.now > until {
            let open = self.outside.witness.transactions().filter(|facts| facts.is_open(self.settings.slips));
            let open: Vec<String> =
                open.map(|facts| format!("{} {:?}", facts.id, facts.standing())).collect();
            let screen = self.desk.report().screen;
            self.outside
                .violates(format!("not settled in time, the screen is {screen}: {}", open.join(", ")));
            return 0;
        }
        let Some(view) = self.outside.view.clone() else { return 1_000 };
        let deeds = self.cashier.settles(&view);
        self.do_all(deeds)
    }

    /// Every transaction has its end and its paper, and the counter is ready for the next customer.
    fn is_settled(&self) -> bool {
        let slips = if self.outside.printer.is_some() { self.settings.slips } else { Slips::Never };
        self.desk.report().screen == "amount"
            && self.outside.witness.transactions().all(|facts| !facts.is_open(slips))
    }

    fn end(mut self) -> Outcome {
        if self.outside.violations.is_empty() {
            self.check_the_end();
        }
        let facts = self.outside.witness.transactions();
        Outcome {
            transactions: facts.count() as u64,
            faults: self.outside.fortune.faults,
            power_cuts: self.power_cuts,
            effects: self.outside.effects,
            violations: std::mem::take(&mut self.outside.violations),
            story: self.outside.story.into_lines(),
        }
    }

    /// Journal and acquirer agree, every paid sale has its receipt, and a restart can read the records.
    fn check_the_end(&mut self) {
        let mut wrong = Vec::new();
        for facts in self.outside.witness.transactions() {
            let (id, charged) = (facts.id, self.outside.book.is_charged(facts.id));
            let (kept, refunded) = (self.outside.book.kept(id), self.outside.book.refunded(id));
            if refunded != facts.refunded().minor() {
                wrong.push(format!(
                    "{id}: the journal knows of {} refunded, the book of {refunded}",
                    facts.refunded().minor()
                ));
            }
            match facts.end() {
                Some(End::Paid) if kept == facts.left().minor() => {}
                Some(End::Refused(_) | End::NotSent | End::Reversed) if !charged => {}
                end => wrong.push(format!("the journal says {id} ended as {end:?}; charged: {charged}")),
            }
            let prints = self.outside.printer.is_some() && self.settings.slips != Slips::Never;
            if charged && refunded == 0 && prints && !self.outside.has_receipt(id) {
                wrong.push(format!("{id} is paid and no whole receipt came out"));
            }
            let done = facts.refunds.iter().filter(|refund| refund.state == RefundState::Done);
            for refund in done.filter(|refund| prints && !self.outside.has_slip(refund.id)) {
                wrong.push(format!("{} gave back money of {id} and no whole slip came out", refund.id));
            }
        }
        for (id, void) in self.outside.taken() {
            let paid = self.outside.witness.facts(id).is_none_or(|facts| facts.paid.is_some());
            if !paid && !void {
                wrong.push(format!(
                    "somebody may hold the code of {id}, which is not paid, and no void slip came out"
                ));
            }
        }
        for id in self.outside.book.charged() {
            if self.outside.witness.facts(id).is_none() {
                wrong.push(format!("{id} is charged and not in the journal"));
            }
        }
        let records = self.outside.disk.records();
        let begun = records.iter().filter(|record| matches!(record.fact, Fact::Asked(_))).count();
        if begun != self.outside.witness.transactions().count() {
            wrong.push("the journal and the witness count differently".to_string());
        }
        let mut desk = Desk::new(self.settings.clone(), 1);
        let opened = self.outside.disk.read();
        desk.start(self.outside.clock(), Ok(opened));
        if desk.report().screen == "out_of_service" {
            wrong.push("a restart can't read the records".to_string());
        }
        wrong.into_iter().for_each(|what| self.outside.violates(what));
    }
}

/// A usual shop.
pub fn settings() -> Settings {
    Settings {
        terminal: TerminalId::parse("HK01").unwrap_or_default(),
        currency: Currency::HKD,
        amount_entry: AmountEntry::Major,
        ask_twice: Amount::new(500_000, Currency::HKD),
        amount_max: Amount::new(5_000_000, Currency::HKD),
        order_code: OrderCodeWhen::OnKey,
        links: true,
        customer_display: true,
        entry_code: EntryCode::Off,
        payment_codes: true,
        knows_cancel: true,
        refunds: true,
        manager: true,
        slips: Slips::NotRefusals,
        language: Language::English,
        timings: Timings::default(),
    }
}

fn draw_settings(settings: &mut Settings, random: &mut Random) {
    settings.order_code = random
        .pick(OrderCodeWhen::OnKey, &[OrderCodeWhen::OnKey, OrderCodeWhen::AtOnce, OrderCodeWhen::Never]);
    settings.knows_cancel = random.chance(900);
    settings.refunds = random.chance(900);
    settings.manager = random.chance(800);
    settings.slips = random.pick(Slips::NotRefusals, &[Slips::NotRefusals, Slips::Every, Slips::Never]);
    settings.timings.order_code_limit_ms = random.pick(120_000, &[120_000, 30_000, 600_000]);
    settings.links = random.chance(800);
    settings.customer_display = random.chance(800);
    settings.timings.printed_code_limit_ms = random.pick(600_000, &[600_000, 60_000]);
    settings.timings.link_limit_ms = random.pick(3_600_000, &[3_600_000, 900_000, 900_000, 36_000_000]);
}
