//! What happens (events) and what shall be done (effects).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::ask::{Ask, OrderCode, Reply};
use crate::code::Scanned;
use crate::day::{Asker, Compared, ComparisonNo};
use crate::ids::{JobNo, OrderId, RequestNo};
use crate::news::{News, NewsNo, Taken};
use crate::now::{TypedTime, Wall};
use crate::receipt::Receipt;
use crate::record::Record;
use crate::screen::{Cause, View};

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The deadline that the heart named has come.
    DeadlineReached,
    /// A key was pressed, or its place on the screen was touched.
    KeyPressed(Key),
    /// A code was scanned.
    CodeScanned(Scanned),
    /// A request came to its end.
    Answered {
        /// Which one.
        no: RequestNo,
        /// What came of it.
        reply: Reply,
    },
    /// The acquirer pushed something.
    Notified {
        /// Which notification.
        no: NewsNo,
        /// What it tells.
        news: News,
    },
    /// A print job came to its end.
    PrintEnded {
        /// Which one.
        job: JobNo,
        /// How.
        end: PrintEnd,
    },
    /// A device changed its state.
    DeviceChanged {
        /// Which one.
        device: Device,
        /// How it is now.
        health: Health,
    },
    /// The manager's PIN was compared.
    PinChecked {
        /// It was right.
        right: bool,
    },
    /// A day was compared with the acquirer.
    Compared {
        /// Who asked for it.
        asker: Asker,
        /// What came of it; `None` where nothing could be compared.
        compared: Option<Compared>,
    },
    /// The clock was set, or the time was refused.
    ClockSet {
        /// What it was set to.
        to: Option<Wall>,
    },
    /// A save failed: it is not known whether the record is on disk. The rest of its batch was dropped.
    SaveFailed {
        /// What was to be saved.
        record: Record,
        /// Why it failed.
        fault: JournalFault,
    },
    /// The journal was searched.
    Found {
        /// For what.
        search: Search,
        /// All records of one transaction, in order; none where no transaction has that id.
        records: Result<Vec<Record>, JournalFault>,
    },
    /// The journal was read again after a failure.
    JournalRead(Result<Opened, JournalFault>),
}

/// Something that shall be done. A batch is performed in order; a failed save drops the rest of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Make this record durable, before anything that follows.
    Save {
        /// The record.
        record: Record,
        /// Whether its transaction still needs the terminal's care afterwards.
        open: bool,
    },
    /// Send a request.
    Ask(Ask),
    /// Answer a notification.
    Acknowledge {
        /// Which one.
        no: NewsNo,
        /// What became of it.
        taken: Taken,
    },
    /// Compare the day of this moment with the acquirer; [`Event::Compared`] follows.
    Compare {
        /// The moment.
        at: Wall,
    },
    /// A command's comparison is on disk.
    Recorded(ComparisonNo),
    /// Have a connection ready: a request is likely soon.
    Warm,
    /// Show this.
    Show(View),
    /// Play a tone.
    Sound(Sound),
    /// Print this.
    Print {
        /// The job's number.
        job: JobNo,
        /// What is printed.
        receipt: Receipt,
    },
    /// Print the shop's static code as a sign for the counter; [`Event::PrintEnded`] follows.
    PrintSign {
        /// The job's number.
        job: JobNo,
        /// The code's text.
        code: OrderCode,
    },
    /// Compare the manager's PIN; [`Event::PinChecked`] follows.
    CheckPin(Pin),
    /// Set the clock to what a person typed; [`Event::ClockSet`] follows.
    SetClock(TypedTime),
    /// Search the journal; [`Event::Found`] follows.
    Find(Search),
    /// Read the journal again; [`Event::JournalRead`] follows.
    ReadJournal,
}

/// What the journal holds at a start.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Opened {
    /// The sequence number of the last record; 0 when there is none.
    pub sequence: u64,
    /// A manager's PIN was there once ([`crate::record::Fact::PinSet`]).
    pub pin_set: bool,
    /// The records of every open transaction, in order.
    pub open: Vec<Record>,
    /// The last records, whatever they are about, in order: for the list of recent transactions.
    pub recent: Vec<Record>,
}

/// An earlier transaction by any of its ids, as it was scanned or typed: capitals and small letters are one.
///
/// Its own id, the id of its cancellation or of one of its refunds, or the acquirer's id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Search(pub String);

/// What can be wrong with the journal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JournalFault {
    /// The kind of fault.
    pub cause: Cause,
    /// What it says of itself.
    pub detail: String,
}

/// A key of the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// A digit, 0 to 9.
    Digit(u8),
    /// Two zeros.
    DoubleZero,
    /// A letter or a dash, from the keyboard on the screen.
    Letter(char),
    /// The decimal point.
    Point,
    /// Yes, go on.
    Enter,
    /// Takes back the last digit.
    Clear,
    /// Stops what goes on.
    Stop,
    /// Makes an order code.
    Qr,
    /// The menu; while a sale waits: serve the next customer.
    Menu,
    /// Up in a list.
    Up,
    /// Down in a list; from the amount: the recent transactions.
    Down,
}

/// A manager's PIN in the making.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Takes the digits that were typed.
    pub fn new(digits: String) -> Pin {
        Pin(Zeroizing::new(digits))
    }

    /// The digits, for the comparison alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// How a print job ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PrintEnd {
    /// The printer confirmed that it is done.
    Printed,
    /// All was sent to a printer that can't tell.
    NotConfirmed,
    /// Nothing was sent: the printer was not ready.
    NotStarted,
    /// Some was sent, and then it failed: there may be paper.
    Interrupted,
}

/// A device of the counter, by what it is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Device {
    /// The barcode scanner.
    Scanner,
    /// The receipt printer.
    Printer,
    /// The cashier's display.
    Display,
    /// The customer's display.
    CustomerDisplay,
}

/// How a device is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Health {
    /// It works.
    Working,
    /// It works, and soon wants something.
    PaperNearEnd,
    /// It is not there.
    Missing,
    /// It is there and does not answer.
    Silent,
    /// It is out of paper.
    NoPaper,
    /// Its cover is open.
    CoverOpen,
    /// It reports another fault.
    Faulty,
}

/// A tone, told apart by its pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sound {
    /// A scan was taken.
    Taken,
    /// A scan or a key was refused.
    Refused,
    /// Paid.
    Paid,
    /// Money came in by the static code: not the end of the sale on the screen.
    Received,
    /// Not paid.
    NotPaid,
    /// Cancelled.
    Cancelled,
    /// Money was given back.
    GivenBack,
    /// Look at the screen: something needs a person.
    Attention,
}

/// What the terminal reports of itself, for a panel and for scripts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The name of the cashier's screen.
    pub screen: &'static str,
    /// A sale can be started.
    pub ready: bool,
    /// The transaction on the screen.
    pub transaction: Option<OrderId>,
    /// How it ended.
    pub result: Option<&'static str>,
    /// Transactions that have no end yet.
    pub open: usize,
    /// Of these, unsettled or paid late.
    pub unsettled: usize,
    /// How the devices are.
    pub devices: Vec<(Device, Health)>,
    /// The journal's last sequence number.
    pub sequence: u64,
}
