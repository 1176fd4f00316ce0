//! Performing effects: the whole rule of it, which a terminal and a simulated world share.
//!
//! A batch is performed in order; what an effect brings back at once is handled before anything else; a failed save drops
//! the rest of its batch. Events that come together share one commit ([`step_together`]).

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::ask::{Ask, OrderCode};
use crate::day::ComparisonNo;
use crate::desk::Desk;
use crate::event::{Effect, Event, JournalFault, Opened, Pin, Report, Search, Sound};
use crate::ids::JobNo;
use crate::news::{NewsNo, Taken};
use crate::now::{Now, TypedTime, Wall};
use crate::receipt::Receipt;
use crate::record::Record;
use crate::screen::View;

/// A record that is to be saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saving {
    /// What it says.
    pub record: Record,
    /// Whether its transaction still needs the terminal's care after it.
    pub open: bool,
}

/// All that the heart's effects need done: a terminal's ports, or a simulated world.
pub trait Hands {
    /// What time it is.
    fn now(&mut self) -> Now;

    /// Makes records durable, in their order: all of them or none.
    ///
    /// # Errors
    /// It is not known whether they are on disk.
    fn save(&mut self, records: &[Saving]) -> Result<(), JournalFault>;

    /// Makes ready what follows a record while that is being made durable: a request may be signed, a picture drawn.
    ///
    /// Nothing of it may be seen outside. The effect itself lets it go, or it is forgotten with its batch.
    fn make_ready(&mut self, following: &[Effect]);

    /// Reads the journal again.
    ///
    /// # Errors
    /// It can't be read or written.
    fn read_journal(&mut self) -> Result<Opened, JournalFault>;

    /// Searches the journal for one transaction: all its records, in order; none where there is no such one.
    ///
    /// # Errors
    /// It can't be read.
    fn find(&mut self, search: &Search) -> Result<Vec<Record>, JournalFault>;

    /// Sends a request.
    fn ask(&mut self, ask: Ask);

    /// Answers a notification.
    fn acknowledge(&mut self, no: NewsNo, taken: Taken);

    /// Has the day of this moment compared with the acquirer.
    fn compare(&mut self, at: Wall);

    /// Tells a command that its comparison is on disk.
    fn recorded(&mut self, no: ComparisonNo);

    /// Makes sure that a connection is ready.
    fn warm(&mut self);

    /// Shows the screens.
    fn show(&mut self, view: View);

    /// Plays a tone.
    fn play(&mut self, sound: Sound);

    /// Prints a paper.
    fn print(&mut self, job: JobNo, receipt: Receipt);

    /// Prints the shop's static code as a sign.
    fn print_sign(&mut self, job: JobNo, code: OrderCode);

    /// Compares the manager's PIN.
    fn check_pin(&mut self, pin: Pin);

    /// Sets the clock; `None` if the time is refused.
    fn set_clock(&mut self, typed: TypedTime) -> Option<Wall>;

    /// Passes on what the terminal reports of itself, after everything that an event brought about.
    fn report(&mut self, report: Report);
}

/// Starts the desk from what the journal holds, and performs what follows from it.
pub fn start(desk: &mut Desk, hands: &mut impl Hands, opened: Result<Opened, JournalFault>) {
    step(desk, hands, Event::JournalRead(opened));
}

/// Takes one event, performs its effects in order, and then what they brought back at once.
pub fn step(desk: &mut Desk, hands: &mut impl Hands, event: Event) {
    go_on(desk, hands, VecDeque::from([event]));
    hands.report(desk.report());
}

/// Takes events that came together, and makes their records durable in one commit. From the first record on everything else
/// waits for it: nobody hears of what is not on disk. If it fails, all of that is dropped.
///
/// For events that wait for the disk alone (notifications): what one of them wants done waits for the others.
pub fn step_together(desk: &mut Desk, hands: &mut impl Hands, events: impl IntoIterator<Item = Event>) {
    let mut events = VecDeque::from_iter(events);
    let (mut saves, mut others) = (Vec::new(), Vec::new());
    while let Some(event) = events.pop_front() {
        for effect in desk.handle(hands.now(), event) {
            if let Effect::Save { record, open } = effect {
                saves.push(Saving { record, open });
            } else if saves.is_empty() || matches!(effect, Effect::Find(_)) {
                perform(hands, effect).into_iter().for_each(|event| events.push_front(event));
            } else {
                others.push(effect);
            }
        }
    }
    let saved = if saves.is_empty() { Ok(()) } else { hands.save(&saves) };
    let follows = match (saved, saves.pop()) {
        (Err(fault), Some(Saving { record, .. })) => VecDeque::from([Event::SaveFailed { record, fault }]),
        _ => others.into_iter().filter_map(|effect| perform(hands, effect)).collect(),
    };
    go_on(desk, hands, follows);
    hands.report(desk.report());
}

fn go_on(desk: &mut Desk, hands: &mut impl Hands, mut events: VecDeque<Event>) {
    while let Some(event) = events.pop_front() {
        let effects = desk.handle(hands.now(), event);
        if let Some(saves) = effects.iter().position(|effect| matches!(effect, Effect::Save { .. })) {
            hands.make_ready(effects.get(saves.saturating_add(1)..).unwrap_or_default());
        }
        for effect in effects {
            match perform(hands, effect) {
                None => {}
                Some(failed @ Event::SaveFailed { .. }) => {
                    events.push_front(failed);
                    break;
                }
                Some(event) => events.push_back(event),
            }
        }
    }
}

/// Performs one effect, and gives what it brings back at once.
fn perform(hands: &mut impl Hands, effect: Effect) -> Option<Event> {
    match effect {
        Effect::Save { record, open } => {
            let saving = [Saving { record, open }];
            let fault = hands.save(&saving).err()?;
            let [Saving { record, .. }] = saving;
            return Some(Event::SaveFailed { record, fault });
        }
        Effect::Ask(ask) => hands.ask(ask),
        Effect::Acknowledge { no, taken } => hands.acknowledge(no, taken),
        Effect::Compare { at } => hands.compare(at),
        Effect::Recorded(no) => hands.recorded(no),
        Effect::Warm => hands.warm(),
        Effect::Show(view) => hands.show(view),
        Effect::Sound(sound) => hands.play(sound),
        Effect::Print { job, receipt } => hands.print(job, receipt),
        Effect::PrintSign { job, code } => hands.print_sign(job, code),
        Effect::CheckPin(pin) => hands.check_pin(pin),
        Effect::SetClock(typed) => return Some(Event::ClockSet { to: hands.set_clock(typed) }),
        Effect::Find(search) => {
            let records = hands.find(&search);
            return Some(Event::Found { search, records });
        }
        Effect::ReadJournal => return Some(Event::JournalRead(hands.read_journal())),
    }
    None
}
