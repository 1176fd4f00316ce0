//! A counter for tests: the real heart, driven by the real effect loop, with every answer given by hand.
//!
//! A witness watches each event and effect, and a counter that is dropped with an objection fails its test: so every
//! test checks every invariant besides what it says.

use std::collections::BTreeMap;

use postern_heart::ask::{
    Answer, AnswerCode, Ask, Decline, OrderCode, PaidAt, Reason, Reply, Request, Says, Silence, Status,
    StatusWord, Unreachable,
};
use postern_heart::code::Scanned;
use postern_heart::day::ComparisonNo;
use postern_heart::desk::Desk;
use postern_heart::event::{
    Device, Effect, Event, Health, JournalFault, Key, Opened, Pin, PrintEnd, Report, Search, Sound,
};
use postern_heart::ids::{JobNo, OrderId, RequestNo, Target, TerminalId, UqOrderId};
use postern_heart::money::{Amount, Currency};
use postern_heart::news::{NewsNo, Taken};
use postern_heart::now::{Mono, Now, Trusted, TypedTime, Wall};
use postern_heart::payment::Facts;
use postern_heart::perform::{self, Hands, Saving};
use postern_heart::receipt::{PaperSays, Receipt};
use postern_heart::record::{Fact, Record};
use postern_heart::screen::{Cause, CustomerScreen, MenuItem, Notice, Screen, View};
use postern_heart::settings::{AmountEntry, EntryCode, Language, OrderCodeWhen, Settings, Slips, Timings};
use postern_sim::disk::Disk;
use postern_sim::witness::{Witness, code_on};

/// 2026-03-10 12:00 in Hong Kong.
pub(crate) const NOON: i64 = 1_773_115_200_000;
/// 23:59:59 of that day.
pub(crate) const CUT_OFF: i64 = NOON + 43_199_000;

/// What is asked in the background leaves at most this often, in milliseconds.
pub(crate) const BACKGROUND_GAP: u64 = 200;

/// A story that is longer than this goes round and round.
const EVENTS_MAX: u32 = 50_000;
/// A heart that wants to be woken at one moment more often than this spins.
const WAKES_MAX: u32 = 1_000;

pub(crate) fn shop() -> Settings {
    Settings {
        terminal: TerminalId::parse("HK01").unwrap(),
        currency: Currency::HKD,
        amount_entry: AmountEntry::Major,
        ask_twice: hkd(500_000),
        amount_max: hkd(5_000_000),
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

pub(crate) fn hkd(cents: u64) -> Amount {
    Amount::new(cents, Currency::HKD)
}

/// What a save does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SaveFault {
    /// It fails and the record is there.
    There,
    /// It fails and the record is not there.
    NotThere,
}

/// The world around the heart: it does nothing by itself.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) mono: u64,
    pub(crate) wall: Option<i64>,
    pub(crate) cut_off: i64,
    pub(crate) disk: Disk,
    pub(crate) witness: Witness,
    /// Requests that left and were not answered yet, with the moment.
    pub(crate) asked: Vec<(u64, Ask)>,
    /// How often each kind of request left.
    pub(crate) counts: BTreeMap<&'static str, u32>,
    pub(crate) jobs: Vec<(JobNo, Receipt)>,
    pub(crate) papers: Vec<Receipt>,
    pub(crate) signs: Vec<(JobNo, OrderCode)>,
    pub(crate) view: Option<View>,
    /// Everything that was done, as short words, in order.
    pub(crate) log: Vec<String>,
    pub(crate) sounds: Vec<Sound>,
    pub(crate) acknowledged: Vec<(NewsNo, Taken)>,
    pub(crate) compares: Vec<Wall>,
    pub(crate) pins: u32,
    pub(crate) fail_next_save: Option<SaveFault>,
    pub(crate) fail_reads: u32,
    pub(crate) fail_finds: bool,
    pub(crate) clock_takes: Option<i64>,
    /// What the terminal last reported of itself.
    pub(crate) report: Option<Report>,
}

impl Hands for World {
    fn now(&mut self) -> Now {
        let cut_off = Wall(self.cut_off);
        let wall = self.wall.map(|at| Trusted { wall: Wall(at + self.mono as i64), cut_off });
        Now { mono: Mono(self.mono), wall }
    }

    fn save(&mut self, records: &[Saving]) -> Result<(), JournalFault> {
        let fault = self.fail_next_save.take();
        let written = if fault == Some(SaveFault::NotThere) { &[] } else { records };
        for Saving { record, open } in written.iter().cloned() {
            self.disk.write(&record, open);
            self.log.push(format!("save {}", fact_name(&record.fact)));
            self.see(Effect::Save { record, open });
        }
        match fault {
            None => Ok(()),
            Some(_) => Err(journal_fault()),
        }
    }

    fn make_ready(&mut self, _following: &[Effect]) {}

    fn read_journal(&mut self) -> Result<Opened, JournalFault> {
        if self.fail_reads > 0 {
            self.fail_reads -= 1;
            return Err(journal_fault());
        }
        Ok(self.disk.read())
    }

    fn find(&mut self, search: &Search) -> Result<Vec<Record>, JournalFault> {
        if self.fail_finds {
            return Err(journal_fault());
        }
        Ok(self.disk.find(search))
    }

    fn ask(&mut self, ask: Ask) {
        self.see(Effect::Ask(ask.clone()));
        *self.counts.entry(request_name(&ask.request)).or_default() += 1;
        self.log.push(format!("ask {}", request_name(&ask.request)));
        self.asked.push((self.mono, ask));
    }

    fn acknowledge(&mut self, no: NewsNo, taken: Taken) {
        self.see(Effect::Acknowledge { no, taken });
        self.log.push(format!("acknowledge {taken:?}"));
        self.acknowledged.push((no, taken));
    }

    fn compare(&mut self, at: Wall) {
        self.log.push("compare".into());
        self.compares.push(at);
    }

    fn recorded(&mut self, no: ComparisonNo) {
        self.log.push(format!("recorded {}", no.0));
    }

    fn warm(&mut self) {
        self.log.push("warm".into());
    }

    fn show(&mut self, view: View) {
        self.see(Effect::Show(view.clone()));
        let code = if code_on(&view.customer).is_some() { " with its code" } else { "" };
        self.log.push(format!("show {}{code}", view.cashier.name()));
        self.view = Some(view);
    }

    fn play(&mut self, sound: Sound) {
        self.sounds.push(sound);
    }

    fn print(&mut self, job: JobNo, receipt: Receipt) {
        self.see(Effect::Print { job, receipt: receipt.clone() });
        self.log.push("print".into());
        self.jobs.push((job, receipt.clone()));
        self.papers.push(receipt);
    }

    fn print_sign(&mut self, job: JobNo, code: OrderCode) {
        self.log.push("print sign".into());
        self.signs.push((job, code));
    }

    fn check_pin(&mut self, _pin: Pin) {
        self.pins += 1;
    }

    fn set_clock(&mut self, _typed: TypedTime) -> Option<Wall> {
        let to = self.clock_takes?;
        self.wall = Some(to - self.mono as i64);
        Some(Wall(to))
    }

    fn report(&mut self, report: Report) {
        self.report = Some(report);
    }
}

impl World {
    fn see(&mut self, effect: Effect) {
        let now = self.now();
        self.witness.performed(now, &effect);
    }
}

pub(crate) struct Counter {
    pub(crate) desk: Desk,
    pub(crate) world: World,
    pub(crate) settings: Settings,
    seed: u64,
    codes: u64,
    events: u32,
    /// How often it was woken at this moment.
    wakes: u32,
}

impl Counter {
    /// A counter that was just switched on, with an empty journal; nothing was answered yet.
    pub(crate) fn cold(settings: Settings) -> Counter {
        let world = World { wall: Some(NOON), cut_off: CUT_OFF, ..World::default() };
        let mut counter = Counter {
            desk: Desk::new(settings.clone(), 1),
            world,
            settings,
            seed: 1,
            codes: 0,
            events: 0,
            wakes: 0,
        };
        counter.start();
        counter
    }

    /// A counter whose keys are proven: it can sell.
    pub(crate) fn with(settings: Settings) -> Counter {
        let mut counter = Counter::cold(settings);
        counter.answer_detail(absent());
        counter.device(Device::Scanner, Health::Working);
        counter
    }

    pub(crate) fn new() -> Counter {
        Counter::with(shop())
    }

    pub(crate) fn with_printer() -> Counter {
        let mut counter = Counter::new();
        counter.device(Device::Printer, Health::Working);
        counter
    }

    fn start(&mut self) {
        let opened = self.world.disk.read();
        self.happens(Event::JournalRead(Ok(opened)));
    }

    /// The power is cut and comes back: only the records are left, and no request under way is heard of again.
    pub(crate) fn restart(&mut self) {
        self.cold_restart();
        self.prove();
    }

    /// The same, with the keys not proven yet.
    pub(crate) fn cold_restart(&mut self) {
        self.seed += 1;
        self.world.asked.clear();
        self.world.jobs.clear();
        self.world.counts.clear();
        self.world.log.clear();
        self.world.view = None;
        self.world.witness.restarted();
        self.desk = Desk::new(self.settings.clone(), self.seed);
        self.start();
        self.device(Device::Scanner, Health::Working);
    }

    /// Answers the question that proves the keys.
    pub(crate) fn prove(&mut self) {
        let place = self.world.asked.iter().position(|(_, ask)| {
            matches!(&ask.request, Request::Detail { id: Target::Ours(id), .. } if self.world.witness.facts(*id).is_none())
        });
        let (_, ask) = self.world.asked.remove(place.expect("the keys are being proven"));
        self.reply(ask.no, absent());
    }

    pub(crate) fn happens(&mut self, event: Event) {
        self.events += 1;
        assert!(self.events <= EVENTS_MAX, "this goes on for ever: {:?}", self.world.asked);
        if matches!(event, Event::Notified { .. }) {
            return self.happen_together(&[event]);
        }
        self.world.witness.heard(&event);
        perform::step(&mut self.desk, &mut self.world, event);
        self.reports();
    }

    /// Events that waited together while the program was busy.
    pub(crate) fn happen_together(&mut self, events: &[Event]) {
        events.iter().for_each(|event| self.world.witness.heard(event));
        perform::step_together(&mut self.desk, &mut self.world, events.iter().cloned());
        self.reports();
    }

    fn reports(&self) {
        let reported = self.world.report.as_ref().map(|report| report.screen);
        assert_eq!(reported, self.world.view.as_ref().map(|view| view.cashier.name()));
    }

    pub(crate) fn device(&mut self, device: Device, health: Health) {
        self.happens(Event::DeviceChanged { device, health });
    }

    /// Lets time pass, and wakes the heart at each of its deadlines.
    pub(crate) fn wait(&mut self, ms: u64) {
        self.wait_until(self.world.mono + ms);
    }

    pub(crate) fn wait_until(&mut self, end: u64) {
        loop {
            let now = self.world.now();
            let Some(deadline) = self.desk.deadline(now).filter(|deadline| deadline.0 <= end) else { break };
            self.wake(deadline);
        }
        self.world.mono = end;
    }

    fn wake(&mut self, deadline: Mono) {
        if deadline.0 > self.world.mono {
            self.world.mono = deadline.0;
            self.wakes = 0;
        }
        self.wakes += 1;
        assert!(self.wakes <= WAKES_MAX, "the heart wants to be woken for ever at {}", self.world.mono);
        self.happens(Event::DeadlineReached);
    }

    /// Waits until a request of this kind is under way.
    pub(crate) fn wait_for(&mut self, name: &str) {
        while !self.is_outstanding(name) {
            self.next_ask_within(3_600_000).expect("what is open is asked about within the hour");
        }
    }

    /// Lets time pass without the heart being woken, as on a machine that was busy.
    pub(crate) fn sleep(&mut self, ms: u64) {
        self.world.mono += ms;
    }

    /// Waits for the next request and says how long that took; the limit keeps a test from waiting for ever.
    pub(crate) fn next_ask_within(&mut self, limit_ms: u64) -> Option<u64> {
        let start = self.world.mono;
        let before = self.world.asked.len();
        while self.world.mono - start <= limit_ms {
            if self.world.asked.len() > before {
                return Some(self.world.mono - start);
            }
            let now = self.world.now();
            let Some(deadline) = self.desk.deadline(now) else { break };
            if deadline.0 > start + limit_ms {
                break;
            }
            self.wake(deadline);
        }
        self.world.mono = self.world.mono.max(start + limit_ms);
        None
    }

    pub(crate) fn key(&mut self, key: Key) {
        self.happens(Event::KeyPressed(key));
    }

    /// Presses keys: digits and `.`, `e` enter, `c` clear, `s` stop, `q` qr, `m` menu, `u` up, `d` down.
    pub(crate) fn press(&mut self, keys: &str) {
        for key in keys.chars() {
            self.key(match key {
                '0'..='9' => Key::Digit(key.to_digit(10).unwrap() as u8),
                '.' => Key::Point,
                'e' => Key::Enter,
                'c' => Key::Clear,
                's' => Key::Stop,
                'q' => Key::Qr,
                'm' => Key::Menu,
                'u' => Key::Up,
                'd' => Key::Down,
                other => panic!("no key {other}"),
            });
        }
    }

    /// Opens the menu from the ready counter, and chooses this there.
    pub(crate) fn choose(&mut self, item: MenuItem) {
        self.press("m");
        let Screen::Menu(menu) = self.cashier() else { panic!("no menu: {:?}", self.cashier()) };
        let place = menu.items.iter().position(|known| *known == item).expect("it is in the menu");
        self.key(Key::Digit(place as u8 + 1));
    }

    pub(crate) fn scan(&mut self, text: &str) {
        self.happens(Event::CodeScanned(Scanned::new(text.to_string())));
    }

    pub(crate) fn fresh_code(&mut self) -> String {
        self.codes += 1;
        format!("28{:016}", 700_000 + self.codes)
    }

    /// A sale of this amount, up to the PAY of a scanned code.
    pub(crate) fn pay_by_code(&mut self, amount: &str) -> OrderId {
        self.press(amount);
        self.press("e");
        self.scan_fresh();
        self.outstanding("PAY").request.payment().unwrap()
    }

    pub(crate) fn scan_fresh(&mut self) {
        let code = self.fresh_code();
        self.scan(&code);
    }

    /// A sale of this amount, up to the PAY that makes an order code.
    pub(crate) fn make_order(&mut self, amount: &str) -> OrderId {
        self.press(amount);
        self.press("q");
        self.outstanding("PAY").request.payment().unwrap()
    }

    /// A sale of this amount, up to the order code on the display.
    pub(crate) fn show_order(&mut self, amount: &str) -> OrderId {
        let id = self.make_order(amount);
        self.answer("PAY", code("https://qr.example/1"));
        assert_eq!(self.code_shown(), Some("https://qr.example/1".to_string()));
        id
    }

    pub(crate) fn outstanding(&self, name: &str) -> Ask {
        let mut found = self.world.asked.iter().rev().filter(|(_, ask)| request_name(&ask.request) == name);
        match found.next() {
            Some((_, ask)) => ask.clone(),
            None => panic!("no {name} is under way: {:?}\n{}", self.world.asked, self.story()),
        }
    }

    pub(crate) fn is_outstanding(&self, name: &str) -> bool {
        self.world.asked.iter().any(|(_, ask)| request_name(&ask.request) == name)
    }

    pub(crate) fn nothing_asked(&self) -> bool {
        self.world.asked.is_empty()
    }

    /// How often a kind of request left since the start.
    pub(crate) fn count(&self, name: &str) -> u32 {
        self.world.counts.get(name).copied().unwrap_or(0)
    }

    /// Answers the latest request of a kind.
    pub(crate) fn answer(&mut self, name: &str, reply: Reply) {
        let no = self.outstanding(name).no;
        self.world.asked.retain(|(_, ask)| ask.no != no);
        self.reply(no, reply);
    }

    pub(crate) fn answer_detail(&mut self, reply: Reply) {
        self.answer("DETAIL", reply);
    }

    pub(crate) fn reply(&mut self, no: RequestNo, reply: Reply) {
        self.happens(Event::Answered { no, reply });
    }

    pub(crate) fn print_ends(&mut self, end: PrintEnd) {
        let (job, _) = self.world.jobs.remove(0);
        self.happens(Event::PrintEnded { job, end });
    }

    pub(crate) fn view(&self) -> &View {
        self.world.view.as_ref().expect("something is on the screen")
    }

    /// The name of the cashier's screen.
    pub(crate) fn screen(&self) -> &'static str {
        self.view().cashier.name()
    }

    pub(crate) fn cashier(&self) -> &Screen {
        &self.view().cashier
    }

    pub(crate) fn customer(&self) -> &CustomerScreen {
        &self.view().customer
    }

    pub(crate) fn notice(&self) -> Option<Notice> {
        self.view().notice.clone()
    }

    pub(crate) fn code_shown(&self) -> Option<String> {
        code_on(self.customer()).map(|code| code.0.clone())
    }

    pub(crate) fn facts(&self, id: OrderId) -> &Facts {
        self.world.witness.facts(id).expect("it is on disk")
    }

    /// The names of a transaction's records, in order.
    pub(crate) fn on_disk(&self, id: OrderId) -> Vec<&'static str> {
        let records = self.world.disk.records().iter().filter(|record| record.transaction == Some(id));
        records.map(|record| fact_name(&record.fact)).collect()
    }

    pub(crate) fn last_fact(&self, id: OrderId) -> &Fact {
        let mut records = self.world.disk.records().iter().filter(|record| record.transaction == Some(id));
        &records.next_back().expect("it is on disk").fact
    }

    /// Where in the log a word stands first after `from`.
    pub(crate) fn logged(&self, word: &str) -> usize {
        let place = self.world.log.iter().position(|done| done == word);
        place.unwrap_or_else(|| panic!("{word} was not done: {:?}", self.world.log))
    }

    /// Drives a code payment into UNSETTLED: nothing is ever answered.
    pub(crate) fn unsettle(&mut self) {
        self.press("s");
        self.answer_detail(lost());
        for pause in [0, 2_000, 5_000, 10_000] {
            self.wait(pause);
            self.answer("CANCEL", lost());
        }
        assert_eq!(self.screen(), "unsettled");
    }

    pub(crate) fn story(&self) -> String {
        self.world.log.join("\n")
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let objections = self.world.witness.objections();
            assert!(objections.is_empty(), "{objections:#?}\n{}", self.story());
        }
    }
}

pub(crate) fn fact_name(fact: &Fact) -> &'static str {
    match fact {
        Fact::Asked(_) => "Asked",
        Fact::Received(_) => "Received",
        Fact::Listening { .. } => "Listening",
        Fact::Shown(_) => "Shown",
        Fact::NotSent => "NotSent",
        Fact::Paid(_) => "Paid",
        Fact::Refused(_) => "Refused",
        Fact::Cancelling { .. } => "Cancelling",
        Fact::CancelConfirmed { .. } => "CancelConfirmed",
        Fact::CancelRefused { .. } => "CancelRefused",
        Fact::Reversed => "Reversed",
        Fact::Unsettled { .. } => "Unsettled",
        Fact::PaidLate(_) => "PaidLate",
        Fact::Decided(_) => "Decided",
        Fact::Contradicted(_) => "Contradicted",
        Fact::Approved(_) => "Approved",
        Fact::Printing { .. } => "Printing",
        Fact::Printed { .. } => "Printed",
        Fact::NotPrinted { .. } => "NotPrinted",
        Fact::Refunding { .. } => "Refunding",
        Fact::Refunded { .. } => "Refunded",
        Fact::RefundRefused { .. } => "RefundRefused",
        Fact::RefundNotSent { .. } => "RefundNotSent",
        Fact::RefundsDiffer { .. } => "RefundsDiffer",
        Fact::PinSet => "PinSet",
        Fact::Started { .. } => "Started",
        Fact::Compared(_) => "Compared",
        Fact::ClockSet { .. } => "ClockSet",
    }
}

/// What a paper says, in a word.
pub(crate) fn says_of(says: &PaperSays) -> &'static str {
    match says {
        PaperSays::Paid => "paid",
        PaperSays::NotPaid(_) => "not paid",
        PaperSays::NotSent => "not sent",
        PaperSays::Reversed => "cancelled",
        PaperSays::Unsettled(_) => "not settled",
        PaperSays::PaidLate => "paid late",
        PaperSays::GivenBack(_) => "given back",
        PaperSays::ScanToPay(_) => "code",
        PaperSays::Void => "void",
    }
}

pub(crate) fn request_name(request: &Request) -> &'static str {
    match request {
        Request::Pay(_) => "PAY",
        Request::Detail { .. } => "DETAIL",
        Request::Cancel { .. } => "CANCEL",
        Request::Refund { .. } => "REFUND",
    }
}

fn journal_fault() -> JournalFault {
    JournalFault { cause: Cause::DiskFull, detail: "could not write: no space left on device".into() }
}

pub(crate) fn says(says: Says) -> Reply {
    Reply::Answer(Answer { says, date: None })
}

pub(crate) fn dated(says: Says, at: i64) -> Reply {
    Reply::Answer(Answer { says, date: Some(Wall(at)) })
}

fn status(state: StatusWord) -> Status {
    Status {
        state,
        uq_id: Some(UqOrderId("UQ1".into())),
        amount: None,
        paid: None,
        refunded: None,
        code: None,
    }
}

pub(crate) fn success() -> Reply {
    let paid = Some(PaidAt { at: Wall(NOON), cut_off: Wall(CUT_OFF) });
    says(Says::Status(Status { paid, ..status(StatusWord::Success) }))
}

/// Paid, and so much of it refunded.
pub(crate) fn success_refunded(cents: u64) -> Reply {
    let refunded = Some(hkd(cents));
    says(Says::Status(Status { refunded, ..status(StatusWord::Success) }))
}

pub(crate) fn processing() -> Reply {
    says(Says::Status(status(StatusWord::Processing)))
}

pub(crate) fn fail() -> Reply {
    says(Says::Status(status(StatusWord::Fail)))
}

pub(crate) fn closed() -> Reply {
    says(Says::Status(status(StatusWord::Closed)))
}

pub(crate) fn code(text: &str) -> Reply {
    let code = Some(OrderCode(text.into()));
    says(Says::Status(Status { code, ..status(StatusWord::Processing) }))
}

pub(crate) fn declined(reason: Reason) -> Reply {
    says(Says::Declined(Decline { reason, code: AnswerCode("200003".into()) }))
}

pub(crate) fn absent() -> Reply {
    says(Says::Absent)
}

pub(crate) fn busy() -> Reply {
    says(Says::Unclear(AnswerCode("900001".into())))
}

pub(crate) fn not_accepted() -> Reply {
    says(Says::NotAccepted(AnswerCode("100002".into())))
}

pub(crate) fn lost() -> Reply {
    Reply::Unknown(Silence::TimeOut)
}

pub(crate) fn not_sent() -> Reply {
    Reply::NotSent(Unreachable::Connect)
}

/// Every way in which nothing that counts comes back.
pub(crate) fn silences() -> [Reply; 8] {
    [
        Reply::Unknown(Silence::TimeOut),
        Reply::Unknown(Silence::Broken),
        Reply::Unknown(Silence::Http(500)),
        Reply::Unknown(Silence::Unreadable),
        Reply::Unknown(Silence::BadSignature),
        Reply::Unknown(Silence::OtherTransaction),
        busy(),
        absent(),
    ]
}
