//! The printer's thread: prints what is ordered, and looks after the printer in between.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use postern_heart::event::{Event, Health, PrintEnd};

use crate::drivers::escpos::{self, INITIALIZE, ONLY_WHEN_ASKED};
use crate::drivers::limit::Limit;
use crate::drivers::supervisor::{Backoff, Condition, Fault};
use crate::ports::Inbox;
use crate::raster::Raster;

use super::line::Transport;
use super::talk::{Broken, Talk};
use super::{Answers, Order, Patience, Settings, Waiting};

/// Between two questions in the middle of a paper so many slices are sent: so much is on its way at most.
const SLICES_BETWEEN: usize = 2;

pub(super) struct Worker {
    transport: Box<dyn Transport>,
    settings: Settings,
    patience: Patience,
    condition: Condition,
    backoff: Backoff,
    talk: Option<Talk>,
    /// It has answered before: if it doesn't now, something is wrong.
    has_answered: bool,
    /// The last paper was torn off in the middle: the printer may wait for the rest of it.
    torn: bool,
}

/// What a printer that was asked can be told.
enum Readiness {
    /// It answered, and it is ready.
    Ready,
    /// It can't be asked; it may be ready.
    Unknown,
}

impl Worker {
    pub(super) fn new(
        transport: Box<dyn Transport>,
        settings: Settings,
        patience: Patience,
        condition: Condition,
    ) -> Worker {
        Worker {
            transport,
            settings,
            patience,
            condition,
            backoff: Backoff::new(),
            talk: None,
            has_answered: false,
            torn: false,
        }
    }

    /// Works until nobody can order any more.
    pub(super) fn run(mut self, orders: &Receiver<Order>, waiting: &Waiting, inbox: &Inbox) {
        let mut pause = Duration::ZERO;
        loop {
            let ended = match orders.recv_timeout(pause) {
                Ok(Order::Print { job, paper }) => {
                    let end = self.print(&paper);
                    waiting.fetch_sub(1, Ordering::Relaxed);
                    Some((job, end))
                }
                Ok(Order::Refuse { job }) => Some((job, PrintEnd::NotStarted)),
                Ok(Order::OpenDrawer) => {
                    self.open_drawer();
                    None
                }
                Err(RecvTimeoutError::Timeout) => {
                    // What was found is reported; nobody has asked for more.
                    let _ = self.ready();
                    None
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if let Some((job, end)) = ended {
                tracing::info!(job = job.0, ?end, "a print job has ended");
                if !inbox.send(Event::PrintEnded { job, end }) {
                    return;
                }
            }
            pause = if self.talk.is_some() { self.patience.poll } else { self.backoff.pause() };
        }
    }

    /// Prints one paper. What is the matter with the printer is reported before the job's end.
    fn print(&mut self, paper: &Raster) -> PrintEnd {
        let Ok(readiness) = self.ready() else { return PrintEnd::NotStarted };
        let Some(mut talk) = self.talk.take() else { return PrintEnd::NotStarted };
        let mut begun = false;
        let result = self.send_paper(&mut talk, paper, &readiness, &mut begun);
        let end = match result {
            Ok(end) => {
                self.talk = Some(talk);
                end
            }
            Err(broken) => {
                self.give_up(&broken);
                if begun { PrintEnd::Interrupted } else { PrintEnd::NotStarted }
            }
        };
        self.torn |= end == PrintEnd::Interrupted;
        end
    }

    fn send_paper(
        &mut self,
        talk: &mut Talk,
        paper: &Raster,
        readiness: &Readiness,
        begun: &mut bool,
    ) -> Result<PrintEnd, Broken> {
        let limit = talk.job_limit(paper.row_bytes() * paper.height() as usize);
        talk.send(&INITIALIZE, limit)?;
        for (no, slice) in escpos::slices(paper).enumerate() {
            if let Readiness::Ready = readiness
                && no > 0
                && no % SLICES_BETWEEN == 0
                && !talk.keeps_up(limit)?
            {
                return self.stopped(talk);
            }
            *begun = true;
            talk.send(&slice, limit)?;
        }
        talk.send(&escpos::feed_and_cut(self.settings.cut), limit)?;
        match readiness {
            Readiness::Unknown => {
                talk.flushed(limit)?;
                Ok(PrintEnd::NotConfirmed)
            }
            Readiness::Ready => match talk.done(Limit::after(self.patience.done))? {
                Some(true) => Ok(PrintEnd::Printed),
                Some(false) => self.stopped(talk),
                None => self.unconfirmed(talk),
            },
        }
    }

    /// The printer has gone off line in the middle: says why.
    fn stopped(&mut self, talk: &mut Talk) -> Result<PrintEnd, Broken> {
        let status = talk.status()?.ok_or(Broken::Stalled)?;
        self.condition.is(status.health(), status.cause());
        Ok(PrintEnd::Interrupted)
    }

    /// All was sent, and the printer did not say that it is done: one that is well just can't tell.
    fn unconfirmed(&mut self, talk: &mut Talk) -> Result<PrintEnd, Broken> {
        let status = talk.status()?.ok_or(Broken::Stalled)?;
        self.condition.is(status.health(), status.cause());
        match status.health() {
            Health::Working | Health::PaperNearEnd => {
                talk.never_says_when_done();
                Ok(PrintEnd::NotConfirmed)
            }
            _ => Ok(PrintEnd::Interrupted),
        }
    }

    fn open_drawer(&mut self) {
        let Some(pulse) = self.settings.drawer else { return };
        if let Err(fault) = self.connect() {
            self.condition.failed(&fault);
            return;
        }
        let Some(talk) = &mut self.talk else { return };
        if let Err(broken) = talk.send(&escpos::open_drawer(pulse), Limit::after(self.patience.stalled)) {
            self.give_up(&broken);
        }
    }

    /// Makes sure that the printer is there and asks how it is; what is found is reported.
    fn ready(&mut self) -> Result<Readiness, ()> {
        match self.look() {
            Ok(Some(status)) => {
                self.condition.is(status.health(), status.cause());
                self.backoff.reset();
                match status.health() {
                    Health::Working | Health::PaperNearEnd => Ok(Readiness::Ready),
                    _ => Err(()),
                }
            }
            Ok(None) => {
                self.condition.works();
                self.backoff.reset();
                Ok(Readiness::Unknown)
            }
            Err(fault) => {
                self.talk = None;
                self.condition.failed(&fault);
                Err(())
            }
        }
    }

    /// Asks how the printer is; `None` of one that has never answered.
    fn look(&mut self) -> Result<Option<escpos::Status>, Fault> {
        self.connect()?;
        let asks = self.settings.answers == Answers::WhenAsked;
        let has_answered = self.has_answered;
        let Some(talk) = &mut self.talk else { return Ok(None) };
        talk.is_there().map_err(|broken| fault(&broken))?;
        let mut status = if asks { talk.status().map_err(|broken| fault(&broken))? } else { None };
        let is_stuck = |status: Option<escpos::Status>| {
            status.is_some_and(|status| !matches!(status.health(), Health::Working | Health::PaperNearEnd))
        };
        if self.torn && !is_stuck(status) {
            recover(talk, &self.settings).map_err(|broken| fault(&broken))?;
            self.torn = false;
            // One that waited for the rest of a picture may have taken the question for dots.
            if asks && status.is_none() {
                status = talk.status().map_err(|broken| fault(&broken))?;
            }
        }
        self.has_answered |= status.is_some();
        match status {
            None if has_answered => Err(fault(&Broken::Stalled)),
            status => Ok(status),
        }
    }

    fn connect(&mut self) -> Result<(), Fault> {
        if self.talk.is_none() {
            let mut talk = Talk::new(self.transport.open()?, self.patience);
            if self.settings.answers == Answers::WhenAsked {
                talk.send(&ONLY_WHEN_ASKED, Limit::after(self.patience.stalled)).map_err(|b| fault(&b))?;
            }
            self.talk = Some(talk);
        }
        Ok(())
    }

    fn give_up(&mut self, broken: &Broken) {
        self.talk = None;
        self.condition.failed(&fault(broken));
    }
}

/// Ends the picture that was cut short, forgets it, and cuts the paper off, so that the next one starts clean.
fn recover(talk: &mut Talk, settings: &Settings) -> Result<(), Broken> {
    let mut bytes = escpos::white(settings.width_dots);
    bytes.extend_from_slice(&INITIALIZE);
    bytes.extend_from_slice(&escpos::feed_and_cut(settings.cut));
    let limit = talk.job_limit(bytes.len());
    tracing::info!("the printer is told to forget the paper that was interrupted");
    talk.send(&bytes, limit)
}

fn fault(broken: &Broken) -> Fault {
    let health = match broken {
        Broken::Lost(_) => Health::Missing,
        Broken::Stalled => Health::Silent,
    };
    Fault { health, cause: broken.to_string() }
}
