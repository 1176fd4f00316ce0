//! The ports: what the heart's effects need of the world, in the shop's words. Nothing else.
//!
//! Output ports take a whole thought and return at once: a slow device owns a thread and a bounded queue, and what it
//! has to say comes back through the [`Inbox`]. Only the journal may block, because nothing may happen before a
//! record is durable.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use embedded_graphics::primitives::Rectangle;
use postern_heart::ask::Ask;
use postern_heart::day::ComparisonNo;
use postern_heart::event::{Device, Event, Health, JournalFault, Opened, Report, Search, Sound};
use postern_heart::ids::JobNo;
use postern_heart::news::{NewsNo, Taken};
use postern_heart::now::Wall;
use postern_heart::perform::Saving;
use postern_heart::record::Record;
use postern_heart::screen::Lamp as LampState;

use crate::frame::Frame;
use crate::raster::Raster;

/// Something that came in from the world.
#[derive(Debug)]
pub enum Incoming {
    /// An event for the heart.
    Event(Event),
    /// A touch on the cashier's display, in its pixels.
    Touched {
        /// From the left.
        x: u32,
        /// From the top.
        y: u32,
    },
}

/// The sending end of the program's one channel; every driver holds a clone.
#[derive(Clone, Debug)]
pub struct Inbox(SyncSender<Incoming>);

impl Inbox {
    /// Makes the channel. It is bounded: a device gone wild waits instead of filling the memory.
    pub fn channel() -> (Inbox, Receiver<Incoming>) {
        let (sender, receiver) = sync_channel(256);
        (Inbox(sender), receiver)
    }

    /// Sends an event; `false` once the program has ended.
    pub fn send(&self, event: Event) -> bool {
        self.0.send(Incoming::Event(event)).is_ok()
    }

    /// Sends a touch; `false` once the program has ended.
    pub fn touched(&self, x: u32, y: u32) -> bool {
        self.0.send(Incoming::Touched { x, y }).is_ok()
    }

    /// Reports how a device is; `false` once the program has ended.
    pub fn device(&self, device: Device, health: Health) -> bool {
        self.send(Event::DeviceChanged { device, health })
    }
}

/// The journal: the only port that may block.
pub trait Journal {
    /// Makes a record durable and says whether its transaction still needs the terminal's care.
    ///
    /// # Errors
    /// After an error it is not known whether the record is on disk: read again before anything else is saved.
    fn save(&mut self, record: &Record, open: bool) -> Result<(), JournalFault>;

    /// Makes records durable in one commit, in their order: all of them or none.
    ///
    /// # Errors
    /// As for [`save`](Journal::save).
    fn save_all(&mut self, records: &[Saving]) -> Result<(), JournalFault>;

    /// Notes beside the journal how far it goes, once nobody waits for what was saved.
    fn mark(&mut self);

    /// Reads what a start needs, after a failed save from a file opened anew.
    ///
    /// # Errors
    /// The journal can't be read or written; nothing was changed.
    fn read(&mut self) -> Result<Opened, JournalFault>;

    /// Finds one transaction by any of its ids: all its records, in order; none where there is no such one.
    ///
    /// # Errors
    /// The journal can't be read, or it is damaged.
    fn find(&mut self, search: &Search) -> Result<Vec<Record>, JournalFault>;

    /// Does its housekeeping: for moments when nobody waits.
    ///
    /// # Errors
    /// The journal can't be written any more; the next save says so too.
    fn tidy(&mut self) -> Result<(), JournalFault>;
}

/// The acquirer: every request ends in exactly one [`Event::Answered`].
pub trait Acquirer {
    /// Makes a request ready to leave. Not a byte of it does before [`ask`](Acquirer::ask) is called with it; if that never
    /// comes, it is forgotten.
    fn make_ready(&mut self, ask: &Ask);

    /// Sends a request; its first byte leaves without waiting for anything but the connection.
    fn ask(&mut self, ask: Ask);

    /// Makes sure that a connection is ready: a request is likely soon.
    fn warm(&mut self);
}

/// Where the acquirer's notifications come in: every one of them is an [`Event::Notified`] that waits for its answer.
pub trait Notifications {
    /// Answers one; nothing happens where nobody waits for it any more.
    fn acknowledge(&mut self, no: NewsNo, taken: Taken);
}

/// Who compares days with the acquirer, beside the counter: each comparison is an [`Event::Compared`].
pub trait Bookkeeper {
    /// Compares the day of this moment, in its own time.
    fn compare(&mut self, at: Wall);

    /// A command's comparison is on disk; nothing happens where nobody waits for it any more.
    fn recorded(&mut self, no: ComparisonNo);
}

/// A display.
pub trait Display: Send {
    /// Says how wide and how high it is, in pixels.
    fn size(&self) -> (u32, u32);

    /// Shows this frame, of which only `dirty` differs from the one before.
    fn show(&mut self, frame: &Arc<Frame>, dirty: Rectangle);
}

/// The receipt printer: every job ends in exactly one [`Event::PrintEnded`].
pub trait Printer: Send {
    /// How many dots a line has.
    fn width_dots(&self) -> u32;

    /// Prints one paper and cuts it.
    fn print(&mut self, job: JobNo, paper: Raster);
}

/// A lamp.
pub trait Lamp {
    /// Shows this state until the next one.
    fn set(&mut self, lamp: LampState);
}

/// A buzzer.
pub trait Buzzer {
    /// Plays a tone once.
    fn play(&mut self, sound: Sound);
}

/// Someone who wants to know how the terminal is: a panel, a script behind it.
pub trait Reporter: Send {
    /// Passes on what the terminal reports of itself.
    fn report(&mut self, report: &Report);
}
