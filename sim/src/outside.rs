//! The world outside of the heart: what the effects reach, and what is true there.

use std::collections::{BTreeMap, BTreeSet};

use postern_heart::ask::{
    Answer, AnswerCode, Ask, OrderCode, PayProduct, Reply, Request, Says, Silence, StatusWord,
};
use postern_heart::event::{
    Effect, Event, Health, JournalFault, Opened, Pin, PrintEnd, Report, Search, Sound,
};
use postern_heart::ids::{JobNo, OrderId, RequestNo};
use postern_heart::news::{About, News, NewsNo, Taken};
use postern_heart::now::{Mono, Now, Trusted, TypedTime, Wall};
use postern_heart::receipt::{PaperSays, Receipt};
use postern_heart::record::Record;
use postern_heart::screen::{Cause, Screen, Standing, View};

use crate::book::Book;
use crate::disk::Disk;
use crate::fortune::{Fortune, Luck, Save, Wallet};
use crate::queue::{Happening, Queue};
use crate::story::Story;
use crate::time;
use crate::witness::{Witness, code_on, each_claim};
use postern_heart::perform::Hands;

/// The manager's PIN.
pub const PIN: &str = "2468";
/// The client gives up a PAY or a CANCEL after this long, …
const CALL_MS: u64 = 8_000;
/// … and a DETAIL after this long.
const DETAIL_MS: u64 = 5_000;

/// Everything but the heart.
#[derive(Debug)]
pub struct Outside {
    /// The true time since the life began, in milliseconds.
    pub now: u64,
    /// The true wall clock at that beginning.
    pub began: Wall,
    /// When the program was started.
    pub booted: u64,
    /// Which run of the program this is.
    pub run: u32,
    /// How far the terminal's wall clock is off; `None` where it can't be trusted.
    pub clock_off: Option<i64>,
    /// Whether answers carry the acquirer's time.
    pub dates: bool,
    /// What is going to happen.
    pub queue: Queue,
    /// Fate.
    pub fortune: Fortune,
    /// The acquirer's book.
    pub book: Book,
    /// The journal.
    pub disk: Disk,
    /// The watching eye.
    pub witness: Witness,
    /// What is on the screens.
    pub view: Option<View>,
    /// What was told.
    pub story: Story,
    /// The power fails before this effect, counted from here; `None` if it does not.
    pub fuse: Option<u64>,
    /// The power has failed: nothing that the program still orders happens.
    pub dark: bool,
    /// Effects that were performed.
    pub effects: u64,
    /// The printer; `None` where the counter has none.
    pub printer: Option<Health>,
    /// When the last paper that was sent to it is out.
    pub printing_until: u64,
    /// Reads of the journal that still fail.
    pub bad_reads: u32,
    /// What was untrue or unlawful.
    pub violations: Vec<String>,
    waiting: BTreeSet<RequestNo>,
    /// Notifications that were sent.
    told: u64,
    seen: Option<OrderCode>,
    /// What was said to be not paid: it must stay so for ever.
    denied: BTreeSet<OrderId>,
    papers: BTreeMap<(OrderId, &'static str), Papers>,
    /// Whose code is on a paper that somebody may have taken along.
    taken: BTreeSet<OrderId>,
}

/// Papers of one kind about one transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Papers {
    whole: u32,
    pieces: u32,
}

impl Outside {
    /// A world at its beginning.
    pub fn new(began: Wall, fortune: Fortune, book: Book, story: Story) -> Outside {
        Outside {
            now: 0,
            began,
            booted: 0,
            run: 0,
            clock_off: Some(0),
            dates: true,
            queue: Queue::default(),
            fortune,
            book,
            disk: Disk::default(),
            witness: Witness::default(),
            view: None,
            story,
            fuse: None,
            dark: false,
            effects: 0,
            printer: None,
            printing_until: 0,
            bad_reads: 0,
            violations: Vec::new(),
            waiting: BTreeSet::new(),
            told: 0,
            seen: None,
            denied: BTreeSet::new(),
            papers: BTreeMap::new(),
            taken: BTreeSet::new(),
        }
    }

    /// The true wall clock.
    pub fn wall(&self) -> Wall {
        self.began.after(self.now)
    }

    /// What the program takes the time to be.
    pub fn clock(&self) -> Now {
        let trusted = |off: i64| {
            let wall = Wall(self.wall().0 + off);
            Trusted { wall, cut_off: time::cut_off(wall) }
        };
        Now { mono: Mono(self.now - self.booted), wall: self.clock_off.map(trusted) }
    }

    /// Plans something for so many milliseconds from now.
    pub fn plan(&mut self, in_ms: u64, what: Happening) {
        self.queue.plan(self.now + in_ms, what);
    }

    /// Plans an event for this run of the program.
    pub fn plan_event(&mut self, in_ms: u64, event: Event) {
        let run = self.run;
        self.plan(in_ms, Happening::Inbox { run, event });
    }

    /// Notes what was untrue or unlawful.
    pub fn violates(&mut self, what: String) {
        self.story.tell(self.now, || format!("VIOLATION: {what}"));
        self.violations.push(what);
    }

    /// The program's memory is gone, and so is what it was waiting for.
    pub fn loses_power(&mut self) {
        self.waiting.clear();
        self.view = None;
        self.seen = None;
        self.fuse = None;
        self.run += 1;
        self.witness.restarted();
    }

    /// The power comes back: a new run of the program, which starts to count its time anew.
    pub fn gets_power(&mut self) {
        self.booted = self.now;
        self.dark = false;
    }

    /// Whether an effect still happens: the power may fail right before it.
    fn happens(&mut self) -> bool {
        if self.dark {
            return false;
        }
        if let Some(left) = &mut self.fuse {
            if *left == 0 {
                self.dark = true;
                return false;
            }
            *left -= 1;
        }
        self.effects += 1;
        true
    }

    fn sees(&mut self, effect: &Effect) {
        let now = self.clock();
        self.witness.performed(now, effect);
        self.story.effect(self.now, effect);
        self.collect_objections();
    }

    /// Takes over what the witness objects to.
    pub fn collect_objections(&mut self) {
        for objection in self.witness.take_objections() {
            self.violates(objection);
        }
    }

    /// A request reaches the acquirer.
    pub fn arrives(&mut self, run: u32, no: RequestNo, request: &Request, luck: Luck, back: Option<u64>) {
        let now = self.wall();
        let says = match luck {
            Luck::Busy => busy(),
            Luck::NotAccepted => Says::NotAccepted(AnswerCode("100002".to_string())),
            _ => self.carry_out(now, request, luck),
        };
        let says = if luck == Luck::BusyDone { busy() } else { says };
        self.story.tell(self.now, || {
            let id = request.payment();
            let book = id.map_or(String::new(), |id| self.book.tell(id));
            format!("  acquirer gets {}: {} (its book: {book})", name(request), heard(&says))
        });
        self.look_at_charges();
        let Some(back) = back.filter(|_| run == self.run) else { return };
        let date = self.dates.then(|| self.wall());
        let reply = match luck {
            Luck::Garbled(silence) => Reply::Unknown(silence),
            _ => Reply::Answer(Answer { says, date }),
        };
        self.queue.plan(back, Happening::Inbox { run, event: Event::Answered { no, reply } });
    }

    fn carry_out(&mut self, now: Wall, request: &Request, luck: Luck) -> Says {
        match request {
            Request::Pay(pay) => {
                let says = self.book.pay(now, pay, luck);
                let scanned = matches!(pay.product, PayProduct::PaymentCode(_));
                if scanned && matches!((&says, luck), (Says::Status(_), Luck::Pending(_))) {
                    self.wallet_asks(pay.id);
                }
                says
            }
            Request::Detail { id, .. } => match luck {
                Luck::Declined(reason) => Says::Declined(postern_heart::ask::Decline {
                    reason,
                    code: AnswerCode("200004".to_string()),
                }),
                Luck::Stale(age) => self.book.detail(now, id, age),
                _ => self.book.detail(now, id, 0),
            },
            Request::Cancel { id, original, .. } => {
                let Some(original) = original.ours() else { return Says::Absent };
                if let Luck::Pending(after) = luck {
                    self.plan(after, Happening::CancelDone { cancel: *id, original });
                }
                self.book.cancel(now, *id, original, luck)
            }
            Request::Refund { id, original, amount } => {
                let Some(original) = original.ours() else { return Says::Absent };
                let says = self.book.refund(*id, original, *amount, luck);
                if let Luck::Pending(after) = luck {
                    self.plan(after, Happening::RefundDone(*id));
                }
                says
            }
        }
    }

    /// The customer is asked in the wallet.
    pub fn wallet_asks(&mut self, id: OrderId) {
        let wallet = self.fortune.wallet();
        match wallet {
            Wallet::Pays(after) | Wallet::Refuses(after) => self.plan(after, Happening::Answers(id, wallet)),
            Wallet::Leaves => {}
        }
    }

    /// A customer answers the wallet.
    pub fn wallet_answers(&mut self, id: OrderId, wallet: Wallet) {
        let now = self.wall();
        match wallet {
            Wallet::Pays(_) => self.book.confirm(now, id),
            Wallet::Refuses(_) => self.book.refuse(now, id),
            Wallet::Leaves => {}
        }
        self.story.tell(self.now, || {
            format!("  customer answers the wallet: {wallet:?} (book: {})", self.book.tell(id))
        });
        self.look_at_charges();
    }

    /// A customer holds a phone at the display.
    pub fn scans(&mut self, code: &OrderCode) {
        if self.seen.as_ref() == Some(code) {
            self.story.tell(self.now, || "  customer scans the code on the display".to_string());
            self.reads(code);
        }
    }

    /// A customer holds a phone at a slip, whatever has become of it.
    pub fn scans_slip(&mut self, code: &OrderCode) {
        self.story.tell(self.now, || "  customer scans the code on a slip".to_string());
        self.reads(code);
    }

    fn reads(&mut self, code: &OrderCode) {
        let now = self.wall();
        if let Some(id) = self.book.scan(now, code) {
            self.wallet_asks(id);
        }
    }

    /// What was said to be not paid must stay so, and a sale is charged once.
    fn look_at_charges(&mut self) {
        for id in self.book.take_news() {
            for (in_ms, wrong) in self.fortune.notifications() {
                self.plan(in_ms, Happening::Told { id, wrong });
            }
            if self.denied.contains(&id) {
                self.violates(format!("{id} is charged after it was said to be not paid"));
            }
            let Some(asked) = self.witness.facts(id).map(|facts| facts.asked.clone()) else {
                self.violates(format!("{id} is charged and not on disk"));
                continue;
            };
            let others: Vec<OrderId> = self.book.charged().filter(|other| *other != id).collect();
            for other in others {
                let Some(facts) = self.witness.facts(other) else { continue };
                let same = facts.asked.sale == asked.sale;
                let later = if facts.asked.attempt > asked.attempt { &facts.asked } else { &asked };
                if same && later.beside.is_none() {
                    self.violates(format!("one sale is charged twice: {other} and {id}"));
                }
            }
        }
    }

    /// A notification about a charge arrives: late perhaps, or a second time, or with the wrong end.
    pub fn tells(&mut self, id: OrderId, wrong: bool) {
        let Some(amount) = self.witness.facts(id).map(|facts| facts.asked.amount) else { return };
        let charged = self.book.is_charged(id);
        let state = if charged == wrong { StatusWord::Closed } else { StatusWord::Success };
        self.told += 1;
        let news = News { about: About::Order(id), uq_id: None, amount, state, paid: None };
        self.plan_event(0, Event::Notified { no: NewsNo(self.told), news });
    }

    fn claims(&mut self, where_: &'static str, id: OrderId, standing: Standing) {
        let charged = self.book.is_charged(id);
        match standing {
            Standing::Paid | Standing::PaidLate if !charged || self.book.refunded(id) > 0 => {
                self.violates(format!(
                    "{where_} says {id} is {standing:?}, and the book: {}",
                    self.book.tell(id)
                ));
            }
            Standing::Refused | Standing::NotSent | Standing::Reversed => {
                if charged {
                    self.violates(format!("{where_} says {id} is {standing:?}, and it is charged"));
                }
                self.denied.insert(id);
            }
            Standing::GivenBack if charged => {
                self.violates(format!("{where_} says that all of {id} went back, and it did not"));
            }
            Standing::PartlyGivenBack if self.book.refunded(id) == 0 => {
                self.violates(format!("{where_} says that a part of {id} went back, and none did"));
            }
            Standing::Paid
            | Standing::GivingBack
            | Standing::GivenBack
            | Standing::PartlyGivenBack
            | Standing::PaidLate
            | Standing::Open
            | Standing::Cancelling
            | Standing::Unsettled => {}
        }
    }

    /// Checks what a screen says against the book.
    fn check_view(&mut self, view: &View) {
        let mut claims = Vec::new();
        each_claim(&view.cashier, |id, standing| claims.push((id, standing)));
        if let Screen::OutOfService(out) = &view.cashier
            && let Some((id, _)) = out.paid_not_recorded
            && !self.book.is_charged(id)
        {
            self.violates(format!(
                "the screen says that {id} is paid and not recorded, and it is not charged"
            ));
        }
        claims.into_iter().for_each(|(id, standing)| self.claims("the screen", id, standing));
    }

    /// A paper comes out.
    pub fn paper_comes(&mut self, receipt: &Receipt, whole: bool) {
        let kind = paper_kind(&receipt.says);
        // Each refund has a slip of its own.
        let about = match &receipt.says {
            PaperSays::GivenBack(given) => given.id,
            PaperSays::Paid
            | PaperSays::NotPaid(_)
            | PaperSays::NotSent
            | PaperSays::Reversed
            | PaperSays::Unsettled(_)
            | PaperSays::ScanToPay(_)
            | PaperSays::Void
            | PaperSays::PaidLate => receipt.id,
        };
        let papers = self.papers.entry((about, kind)).or_default();
        let first = papers.whole + papers.pieces == 0;
        if whole {
            papers.whole += 1;
        } else {
            papers.pieces += 1;
        }
        if !first && !receipt.duplicate {
            self.violates(format!("a second paper ({kind}) about {} does not say DUPLICATE", receipt.id));
        }
        if let PaperSays::ScanToPay(code) = &receipt.says {
            self.taken.insert(receipt.id);
            let reads = self.fortune.random.between(1_000, 1_800_000);
            self.plan(reads, Happening::ScansSlip(code.clone()));
        }
        let how = if whole { "paper" } else { "a piece of paper" };
        self.story.tell(self.now, || format!("  {how}: {kind}, {}", receipt.id));
    }

    /// Whether a whole receipt came out for a paid transaction.
    pub fn has_receipt(&self, id: OrderId) -> bool {
        self.papers.get(&(id, "paid")).is_some_and(|papers| papers.whole > 0)
    }

    /// Whether a whole slip came out for a refund.
    pub fn has_slip(&self, refund: OrderId) -> bool {
        self.papers.get(&(refund, "given back")).is_some_and(|papers| papers.whole > 0)
    }

    /// Transactions whose code somebody may have in hand, and whether a void slip came out for them.
    pub fn taken(&self) -> impl Iterator<Item = (OrderId, bool)> {
        let void = |id| self.papers.get(&(id, "void")).is_some_and(|papers| papers.whole > 0);
        self.taken.iter().map(move |id| (*id, void(*id)))
    }

    /// An event reaches the program; `false` where the client has given up what it answers.
    pub fn accepts(&mut self, event: &Event) -> bool {
        match event {
            Event::Answered { no, .. } => self.waiting.remove(no),
            _ => true,
        }
    }
}

impl Hands for Outside {
    fn now(&mut self) -> Now {
        self.clock()
    }

    fn save(&mut self, record: &Record, open: bool) -> Result<(), JournalFault> {
        if !self.happens() {
            return Err(fault());
        }
        let luck = self.fortune.save();
        if luck != Save::FailsNotThere {
            self.disk.write(record, open);
            self.sees(&Effect::Save { record: record.clone(), open });
        }
        if luck == Save::Good {
            return Ok(());
        }
        self.bad_reads = self.fortune.random.between(0, 3) as u32;
        self.story.tell(self.now, || format!("  the save FAILS ({luck:?})"));
        Err(fault())
    }

    fn read_journal(&mut self) -> Result<Opened, JournalFault> {
        if self.dark || self.bad_reads > 0 {
            self.bad_reads = self.bad_reads.saturating_sub(1);
            return Err(fault());
        }
        Ok(self.disk.read())
    }

    fn find(&mut self, search: &Search) -> Result<Vec<Record>, JournalFault> {
        Ok(self.disk.find(search))
    }

    fn ask(&mut self, ask: Ask) {
        if !self.happens() {
            return;
        }
        let proves = ask.request.payment().is_none_or(|id| self.witness.facts(id).is_none());
        self.sees(&Effect::Ask(ask.clone()));
        let luck = self.fortune.request(&ask.request, proves);
        if luck != Luck::Good {
            self.story.tell(self.now, || format!("  fate of {}: {luck:?}", name(&ask.request)));
        }
        self.waiting.insert(ask.no);
        let given_up = match ask.request {
            Request::Pay(_) | Request::Cancel { .. } | Request::Refund { .. } => CALL_MS,
            Request::Detail { .. } => DETAIL_MS,
        };
        let no = ask.no;
        let there = self.fortune.random.between(20, 400);
        let back = self.fortune.random.between(20, 600);
        let reply = match luck {
            Luck::NotSent(why) => {
                let reply = Reply::NotSent(why);
                return self.plan_event(back * 5, Event::Answered { no, reply });
            }
            Luck::LostBack if self.fortune.random.chance(500) => {
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
        let outlives = self.fortune.random.chance(500);
        let run = self.run;
        let back = back.filter(|back| *back < given_up).map(|back| self.now + back);
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
        }
    }

    fn warm(&mut self) {
        self.happens();
    }

    fn show(&mut self, view: View) {
        if !self.happens() {
            return;
        }
        let code = code_on(&view.customer).cloned();
        if let Some(code) = code.as_ref().filter(|code| self.seen.as_ref() != Some(code)) {
            let looks = self.fortune.random.between(1_000, 20_000);
            self.plan(looks, Happening::Scans(code.clone()));
        }
        self.seen = code;
        self.check_view(&view);
        let effect = Effect::Show(view);
        self.sees(&effect);
        if let Effect::Show(view) = effect {
            self.view = Some(view);
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
        let ready = matches!(self.printer, Some(Health::Working | Health::PaperNearEnd));
        let end = if ready { self.fortune.print() } else { PrintEnd::NotStarted };
        // Papers come out in the order in which they were sent, also one that a power cut left in the printer.
        let after_the_last = self.printing_until.saturating_sub(self.now);
        let takes = self.fortune.random.between(300, 4_000).max(after_the_last + 1);
        if end != PrintEnd::NotStarted {
            self.printing_until = self.now + takes;
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

    fn print_sign(&mut self, _job: JobNo, _code: OrderCode) {}

    fn check_pin(&mut self, pin: Pin) {
        if self.happens() {
            let right = pin.reveal() == PIN;
            self.plan_event(300, Event::PinChecked { right });
        }
    }

    fn set_clock(&mut self, _typed: TypedTime) -> Option<Wall> {
        if !self.happens() || self.fortune.random.chance(200) {
            return None;
        }
        let off = self.fortune.random.between(0, 20_000) as i64 - 10_000;
        self.clock_off = Some(off);
        Some(Wall(self.wall().0 + off))
    }

    fn report(&mut self, _report: Report) {}
}

fn busy() -> Says {
    Says::Unclear(AnswerCode("900001".to_string()))
}

fn fault() -> JournalFault {
    JournalFault { cause: Cause::JournalBroken, detail: "could not write the journal".to_string() }
}

/// A request's name.
pub fn name(request: &Request) -> &'static str {
    match request {
        Request::Pay(_) => "PAY",
        Request::Detail { .. } => "DETAIL",
        Request::Cancel { .. } => "CANCEL",
        Request::Refund { .. } => "REFUND",
    }
}

/// An answer in one word.
pub fn heard(says: &Says) -> String {
    match says {
        Says::Status(status) => format!("{:?}", status.state).to_lowercase(),
        Says::Declined(decline) => format!("declined ({:?})", decline.reason),
        Says::Absent => "does not exist".to_string(),
        Says::NotAccepted(_) => "not accepted".to_string(),
        Says::Unclear(_) => "busy".to_string(),
    }
}

fn paper_kind(says: &PaperSays) -> &'static str {
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
