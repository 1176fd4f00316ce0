//! What happens at the counter: the current sale, all open ones, lists, approvals, paper.
//!
//! A step returns a batch of effects that the caller performs in order (`perform`). Facts change only through records; a
//! record is applied as its save is ordered, and a failed save drops what follows it and takes the desk out of service until
//! the journal has been read again, so nothing that was not saved is ever shown or asked.
//!
//! | file | what |
//! | --- | --- |
//! | `day` | a day compared with the acquirer |
//! | `doubt` | ends that a notification denies: asked about once more |
//! | `entry` | digits to an amount |
//! | `counter` | what is at the counter, and what its keys do |
//! | `sale` | a sale: collecting, paying, its end |
//! | `giving_back` | money back: which payment, how much, what became of it |
//! | `hope` | what a yes would show |
//! | `entry_code` | the shop's static code: money that comes in unasked |
//! | `lists` | recent transactions, menu, PIN, clock |
//! | `news` | what the acquirer pushes, and what is answered to it |
//! | `pace` | how often the background asks |
//! | `paperwork` | which paper is owed, one job at a time |
//! | `service` | may the terminal sell: keys proven, clock right, journal whole |
//! | `view` | all that as screens |

mod counter;
mod day;
mod doubt;
mod entry;
mod entry_code;
mod giving_back;
mod hope;
mod lists;
mod news;
mod pace;
mod paperwork;
mod recent;
mod sale;
mod service;
mod view;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::ask::{Ask, Reply};
use crate::event::{Device, Effect, Event, Health, JournalFault, Opened, Report, Sound};
use crate::ids::{OrderId, RequestNo};
use crate::now::{Mono, Now};
use crate::payment::{End, Facts, Payment};
use crate::record::Fact;
use crate::screen::{Notice, Standing, View};
use crate::settings::{Language, Settings};
use crate::turn::{Source, Turn};

use counter::Counter;
use doubt::Doubts;
use entry_code::Ear;
use news::Owed;
use pace::Pace;
use paperwork::Paperwork;
use recent::Recent;
use sale::UsedCodes;
use service::Service;

/// How long a sentence stays at the bottom of the screen, in milliseconds.
const NOTICE_MS: u64 = 6_000;

/// The counter.
#[derive(Clone, Debug)]
pub struct Desk {
    settings: Settings,
    source: Source,
    service: Service,
    counter: Counter,
    payments: Vec<Payment>,
    recent: Recent,
    /// An older transaction that was searched for.
    sought: Option<Facts>,
    /// A manager's PIN was there once.
    pin_set: bool,
    paperwork: Paperwork,
    used: UsedCodes,
    owed: Owed,
    doubts: Doubts,
    ear: Ear,
    devices: BTreeMap<Device, Health>,
    language: Language,
    notice: Option<(Notice, Mono)>,
    pace: Pace,
    shown: Option<View>,
}

impl Desk {
    /// Makes a desk from what the journal holds; `seed` must be fresh at every start.
    ///
    /// With a fault instead of a journal it is out of service, and says why.
    pub fn new(settings: Settings, seed: u64) -> Desk {
        let language = settings.language;
        Desk {
            used: UsedCodes::new(seed),
            source: Source::new(seed),
            service: Service::default(),
            counter: Counter::default(),
            payments: Vec::new(),
            recent: Recent::default(),
            sought: None,
            pin_set: false,
            paperwork: Paperwork::default(),
            owed: Owed::default(),
            doubts: Doubts::default(),
            ear: Ear::default(),
            devices: BTreeMap::new(),
            language,
            notice: None,
            pace: Pace::default(),
            shown: None,
            settings,
        }
    }

    /// Has the heart make a mistake from now on.
    #[cfg(feature = "mistakes")]
    pub fn err(&mut self, mistake: crate::Mistake) {
        self.source.mistake = Some(mistake);
    }

    /// Starts: reads what was open, goes on with it, and proves the keys.
    pub fn start(&mut self, now: Now, opened: Result<Opened, JournalFault>) -> Vec<Effect> {
        self.handle(now, Event::JournalRead(opened))
    }

    /// Takes one event and says what shall be done, in order.
    pub fn handle(&mut self, now: Now, event: Event) -> Vec<Effect> {
        let settings = self.settings.clone();
        let mut source = self.source.clone();
        let mut turn = Turn::new(now, &settings, &mut source);
        self.take(&mut turn, event);
        self.follow_up(&mut turn);
        self.answer_news(&mut turn);
        self.show(&mut turn);
        self.do_paperwork(&mut turn);
        self.keep_pace(&mut turn);
        let effects = turn.effects;
        self.source = source;
        effects
    }

    /// When the heart wants to be called again without an event.
    pub fn deadline(&self, now: Now) -> Option<Mono> {
        let payments = self.payments.iter().filter_map(Payment::deadline).min();
        [
            payments.filter(|_| self.service.runs()),
            self.pace.deadline(),
            self.notice.as_ref().map(|(_, until)| *until),
            self.service.deadline(),
            self.owed.deadline(),
            self.service.runs().then(|| self.ear.deadline()).flatten(),
            self.service.runs().then(|| self.doubts.deadline()).flatten(),
            // Out of service nothing at the counter moves, so it asks for nothing either.
            self.service.runs().then(|| self.counter.deadline(&self.settings)).flatten(),
            self.tick(now),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Whether nobody is being served and nothing is under way but codes that wait for their customers.
    pub fn is_idle(&self) -> bool {
        self.counter.is_at_rest() && self.payments.iter().all(Payment::waits)
    }

    /// What the terminal reports of itself.
    pub fn report(&self) -> Report {
        self.make_report()
    }

    fn take(&mut self, turn: &mut Turn<'_>, event: Event) {
        match event {
            Event::DeadlineReached => self.deadline_reached(turn),
            Event::KeyPressed(key) if self.service.runs() => self.key(turn, key),
            Event::CodeScanned(scan) if self.service.runs() => self.scanned(turn, &scan),
            Event::KeyPressed(_) | Event::CodeScanned(_) => turn.sound(Sound::Refused),
            Event::Answered { no, reply } => self.answered(turn, no, &reply),
            Event::Notified { no, news } => self.notified(turn, no, news),
            Event::PrintEnded { job, end } => self.print_ended(turn, job, end),
            Event::DeviceChanged { device, health } => {
                self.devices.insert(device, health);
            }
            Event::PinChecked { right } => self.pin_checked(turn, right),
            Event::Compared { asker, compared } => self.compared(turn, asker, compared),
            Event::ClockSet { to } => self.clock_set(turn, to),
            Event::SaveFailed { record, fault } => self.save_failed(turn, &record, fault),
            Event::Found { search, records } if self.service.runs() => {
                self.entry_found(turn, &search, &records);
                self.order_found(turn, &search, &records);
                self.found(turn, search, records);
            }
            Event::Found { .. } => {}
            Event::JournalRead(read) => self.journal_read(turn, read),
        }
    }

    fn answered(&mut self, turn: &mut Turn<'_>, no: RequestNo, reply: &Reply) {
        self.service.heard(turn, no, reply);
        if !self.service.runs() {
            return;
        }
        if self.other_answered(turn, no, reply) {
            return;
        }
        for payment in &mut self.payments {
            if payment.answered(turn, no, reply) {
                return;
            }
        }
        self.doubt_answered(turn, no, reply);
    }

    fn deadline_reached(&mut self, turn: &mut Turn<'_>) {
        let now = turn.mono();
        if self.notice.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.notice = None;
        }
        self.service.wake(turn);
        if !self.service.runs() {
            return;
        }
        self.give_sign_of_life(turn);
        self.ask_about_doubts(turn);
        self.counter_wakes(turn);
        for i in 0..self.payments.len() {
            let Some(payment) = self.payments.get_mut(i) else { break };
            if payment.limit_reached(now) && payment.code().is_some() {
                // The code leaves the screen before anything is asked: what nobody sees, nobody starts to pay.
                payment.hide_code();
                self.show(turn);
            }
            if let Some(payment) = self.payments.get_mut(i) {
                payment.wake(turn);
            }
        }
    }

    /// What the counter does not wait for leaves the terminal five times a second at most.
    fn keep_pace(&mut self, turn: &mut Turn<'_>) {
        let mut pace = core::mem::take(&mut self.pace);
        let at_counter = self.counter.transaction();
        let others = || self.payments.iter().filter(|payment| at_counter != Some(payment.id()));
        let is_background = |ask: &Ask| others().any(|payment| payment.waits_for(ask.no));
        pace.hold(turn, is_background);
        pace.release(turn, is_background);
        self.pace = pace;
    }

    /// Moves ended transactions to where they belong, and tells whoever waits for them.
    fn follow_up(&mut self, turn: &mut Turn<'_>) {
        if !self.service.runs() {
            return;
        }
        self.sale_goes_on(turn);
        self.stop_needless_codes(turn);
        self.giving_back_goes_on(turn);
        let current = self.counter.transaction();
        for payment in &mut self.payments {
            payment.watched(turn, current == Some(payment.id()));
        }
        let slips = self.settings.slips;
        let mut i = 0;
        while let Some(payment) = self.payments.get(i) {
            let facts = payment.facts();
            let standing = facts.standing();
            let parked = current != Some(facts.id) && !facts.is_quiet();
            if parked && self.recent.tell(facts) {
                let (amount, end) = (facts.asked.amount, facts.end().is_some());
                if end || standing == Standing::PaidLate {
                    let ended = Notice::ParkedEnded { amount, standing };
                    let notice = giving_back::not_given(payment).unwrap_or(ended);
                    self.notify(turn, notice);
                    turn.sound(Sound::Attention);
                }
            }
            let done = |payment: &Payment| !payment.facts().is_open(slips) && !payment.is_busy();
            if self.payments.get(i).is_some_and(done) {
                let ended = self.payments.remove(i);
                self.recent.push(ended.facts().clone());
            } else {
                i = i.saturating_add(1);
            }
        }
    }

    fn notify(&mut self, turn: &Turn<'_>, notice: Notice) {
        self.notice = Some((notice, turn.mono().after(NOTICE_MS)));
    }

    fn refuse(&mut self, turn: &mut Turn<'_>, notice: Notice) {
        self.notify(turn, notice);
        turn.sound(Sound::Refused);
    }

    fn payment(&self, id: OrderId) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.id() == id)
    }

    fn payment_mut(&mut self, id: OrderId) -> Option<&mut Payment> {
        self.payments.iter_mut().find(|payment| payment.id() == id)
    }

    fn save_own(&mut self, turn: &mut Turn<'_>, fact: Fact) {
        let record = turn.record(None, fact);
        turn.save(record, false);
    }

    /// Orders the screens to be drawn where they differ from what is there.
    fn show(&mut self, turn: &mut Turn<'_>) {
        let view = self.view(turn.now);
        if self.shown.as_ref() != Some(&view) {
            self.shown = Some(view.clone());
            turn.effects.push(Effect::Show(view));
        }
    }
}
