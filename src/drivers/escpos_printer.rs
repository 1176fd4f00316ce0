//! A receipt printer that speaks ESC/POS, over any line.
//!
//! - **Device:** thermal receipt printers with raster graphics, 58 mm (384 dots) or 80 mm (576 dots).
//! - **Protocol:** [`escpos`](super::escpos).
//! - **When it does not work:** `postern doctor` says what the printer answers. One that never answers is taken for
//!   write-only: its receipts are *not confirmed*, and `status = "none"` in the board file spares it the questions.
//!   One that prints rubbish after a fault lacks flow control: see the transport's notes.
//!
//! What a job's end says is what is known, never what is hoped:
//!
//! - before the first dot the printer is asked how it is; one that is not ready gets nothing (*not started*);
//! - in the middle of a long paper it is asked again; that also keeps all but a few kilobytes on this side, where
//!   they can still be held back;
//! - after the cut it is asked to say when it is done, and only that answer means *printed*; one that does not know this
//!   question costs its wait once, and is then *not confirmed* at once for as long as the line lasts;
//! - whatever breaks in between is *interrupted*: there may be paper. The next talk begins with what makes the printer
//!   forget the rest of it.
//!
//! While idle the printer is asked every [`Patience::poll`], so that the counter knows of missing paper before a
//! receipt needs it. Nothing waits without a limit, and orders beyond [`ORDERS_MAX`] are refused, not queued.

pub mod line;
pub mod talk;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use postern_heart::event::Device;
use postern_heart::ids::JobNo;

use crate::drivers::escpos::{Cut, Pulse, Status};
use crate::ports::{Inbox, Printer};
use crate::raster::Raster;

use super::supervisor::{self, Condition, Fault};
use line::Transport;
use talk::Talk;
use worker::Worker;

/// How many papers wait at most.
pub const ORDERS_MAX: usize = 8;

/// What a printer is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many dots a line has.
    pub width_dots: u32,
    /// Whether it answers.
    pub answers: Answers,
    /// How it cuts.
    pub cut: Cut,
    /// The pulse for the drawer at its connector, where there is one.
    pub drawer: Option<Pulse>,
}

/// Whether a printer answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answers {
    /// It is asked; one that has never answered is taken for one that can't.
    #[default]
    WhenAsked,
    /// It can't, and is not asked.
    Never,
}

/// How long a printer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Between two questions while idle.
    pub poll: Duration,
    /// For the answer to a question while idle.
    pub answer: Duration,
    /// For any progress in the middle of a paper.
    pub stalled: Duration,
    /// For the end of the paper, after its last byte was sent.
    pub done: Duration,
    /// For a whole paper, besides the time that the line itself takes.
    pub job: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            poll: Duration::from_secs(2),
            answer: Duration::from_millis(500),
            stalled: Duration::from_secs(8),
            done: Duration::from_secs(10),
            job: Duration::from_secs(45),
        }
    }
}

/// The handle of a printer that is looked after until this is dropped.
#[derive(Debug)]
pub struct EscposPrinter {
    width_dots: u32,
    orders: Sender<Order>,
    waiting: Arc<Waiting>,
}

/// How many papers wait.
type Waiting = AtomicUsize;

#[derive(Debug)]
enum Order {
    Print {
        job: JobNo,
        paper: Raster,
    },
    /// Too many waited when it came: it must still end.
    Refuse {
        job: JobNo,
    },
    OpenDrawer,
}

impl EscposPrinter {
    /// Starts to look after the printer at the end of this line, whether it is there or not.
    pub fn start(
        transport: impl Transport + 'static,
        settings: Settings,
        patience: Patience,
        inbox: Inbox,
    ) -> EscposPrinter {
        let (orders, ordered) = channel();
        let waiting = Arc::new(Waiting::new(0));
        let theirs = Arc::clone(&waiting);
        let condition = Condition::new(Device::Printer, inbox.clone());
        let worker = Worker::new(Box::new(transport), settings, patience, condition);
        supervisor::spawn("printer", move || worker.run(&ordered, &theirs, &inbox));
        EscposPrinter { width_dots: settings.width_dots, orders, waiting }
    }

    /// Opens the drawer at the printer's connector, where the board file names one.
    pub fn open_drawer(&mut self) {
        self.order(Order::OpenDrawer);
    }

    fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::error!("the printer's thread has ended");
        }
    }
}

impl Printer for EscposPrinter {
    fn width_dots(&self) -> u32 {
        self.width_dots
    }

    fn print(&mut self, job: JobNo, paper: Raster) {
        if self.waiting.load(Ordering::Relaxed) >= ORDERS_MAX {
            return self.order(Order::Refuse { job });
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.order(Order::Print { job, paper });
    }
}

/// Opens the line once and asks the printer how it is: for `postern doctor`. `None` of one that does not answer.
///
/// # Errors
/// The printer, or the way to it, is not there.
pub fn examine(transport: &mut dyn Transport, answers: Answers) -> Result<Option<Status>, Fault> {
    let mut talk = Talk::new(transport.open()?, Patience::default());
    match answers {
        Answers::Never => Ok(None),
        Answers::WhenAsked => talk.status().map_err(Fault::missing),
    }
}
