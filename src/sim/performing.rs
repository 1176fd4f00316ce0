//! The loop: one plain thread, one channel, waits in one place, performs effects in order.
//!
//! [`step`] is the whole rule of performing effects, and the simulated world runs it too: a batch is performed in order;
//! what an effect brings back at once is handled before anything else; a failed save drops the rest of its batch.

use std::collections::VecDeque;

use postern_heart::ask::Ask;
use postern_heart::desk::Desk;
use postern_heart::event::{Effect, Event, JournalFault, Opened, Pin, Report, Sound};
use postern_heart::ids::JobNo;
use postern_heart::now::{Now, TypedTime, Wall};
use postern_heart::receipt::Receipt;
use postern_heart::record::Record;
use postern_heart::screen::View;

/// All that the heart's effects need done: a terminal's ports, or a simulated world.
pub trait Hands {
    /// What time it is.
    fn now(&mut self) -> Now;

    /// Makes a record durable.
    ///
    /// # Errors
    /// It is not known whether the record is on disk.
    fn save(&mut self, record: &Record, open: bool) -> Result<(), JournalFault>;

    /// Reads the journal again.
    ///
    /// # Errors
    /// It can't be read or written.
    fn read_journal(&mut self) -> Result<Opened, JournalFault>;

    /// Sends a request.
    fn ask(&mut self, ask: Ask);

    /// Makes sure that a connection is ready.
    fn warm(&mut self);

    /// Shows the screens.
    fn show(&mut self, view: View);

    /// Plays a tone.
    fn play(&mut self, sound: Sound);

    /// Prints a paper.
    fn print(&mut self, job: JobNo, receipt: Receipt);

    /// Compares the manager's PIN.
    fn check_pin(&mut self, pin: Pin);

    /// Sets the clock; `None` if the time is refused.
    fn set_clock(&mut self, typed: TypedTime) -> Option<Wall>;

    /// Passes on what the terminal reports of itself.
    fn report(&mut self, report: Report);
}

/// Starts the desk from what the journal holds, and performs what follows from it.
pub fn start(desk: &mut Desk, hands: &mut impl Hands, opened: Result<Opened, JournalFault>) {
    step(desk, hands, Event::JournalRead(opened));
}

/// Takes one event, performs its effects in order, and then what they brought back at once.
pub fn step(desk: &mut Desk, hands: &mut impl Hands, event: Event) {
    let mut events = VecDeque::from([event]);
    while let Some(event) = events.pop_front() {
        let effects = desk.handle(hands.now(), event);
        for effect in effects {
            match perform(hands, effect) {
                Ok(None) => {}
                Ok(Some(event)) => events.push_back(event),
                Err(failed) => {
                    events.push_front(failed);
                    break;
                }
            }
        }
    }
    hands.report(desk.report());
}

/// Performs one effect: what it brings back at once, or as an error the save that failed.
#[expect(clippy::result_large_err, reason = "a failed save is rare")]
fn perform(hands: &mut impl Hands, effect: Effect) -> Result<Option<Event>, Event> {
    match effect {
        Effect::Save { record, open } => {
            if let Err(fault) = hands.save(&record, open) {
                return Err(Event::SaveFailed { record, fault });
            }
        }
        Effect::Ask(ask) => hands.ask(ask),
        Effect::Warm => hands.warm(),
        Effect::Show(view) => hands.show(view),
        Effect::Sound(sound) => hands.play(sound),
        Effect::Print { job, receipt } => hands.print(job, receipt),
        Effect::CheckPin(pin) => hands.check_pin(pin),
        Effect::SetClock(typed) => return Ok(Some(Event::ClockSet { to: hands.set_clock(typed) })),
        Effect::ReadJournal => return Ok(Some(Event::JournalRead(hands.read_journal()))),
    }
    Ok(None)
}
