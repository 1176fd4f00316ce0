//! Talking with a printer over an open line: everything has a limit.

use std::io;
use std::time::Duration;

use crate::drivers::escpos::{self, Heard, OFFLINE, Query, Status};
use crate::drivers::limit::Limit;

use super::Patience;
use super::line::Line;

/// Why a talk ended.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The line is gone.
    #[error("the line was lost: {0}")]
    Lost(#[from] io::Error),
    /// The printer takes nothing, or has stopped to answer.
    #[error("the printer has stopped to answer")]
    Stalled,
}

/// An open line, and how long it is waited for.
pub struct Talk {
    line: Box<dyn Line>,
    patience: Patience,
    /// It is not known to keep silent when it is asked to say that it is done.
    says_when_done: bool,
}

impl Talk {
    /// Talks over this line.
    pub fn new(line: Box<dyn Line>, patience: Patience) -> Talk {
        Talk { line, patience, says_when_done: true }
    }

    /// How long a job of so many bytes may take.
    pub fn job_limit(&self, bytes: usize) -> Limit {
        Limit::after(self.patience.job + 2 * self.line.time_for(bytes))
    }

    /// Looks whether the line is still there, without asking the printer.
    pub fn is_there(&mut self) -> Result<(), Broken> {
        Ok(self.line.drain()?)
    }

    /// Sends all of it, as fast as the printer takes it.
    pub fn send(&mut self, mut bytes: &[u8], limit: Limit) -> Result<(), Broken> {
        let mut progress = Limit::after(self.patience.stalled);
        while !bytes.is_empty() {
            let wait = limit.piece(progress.piece(self.patience.stalled));
            if wait.is_zero() {
                return Err(Broken::Stalled);
            }
            let sent = self.line.write(bytes, wait)?;
            if sent > 0 {
                bytes = bytes.get(sent..).unwrap_or_default();
                progress = Limit::after(self.patience.stalled);
            }
        }
        Ok(())
    }

    /// Asks how the printer is; `None` if it does not answer.
    pub fn status(&mut self) -> Result<Option<Status>, Broken> {
        let Some(printer) = self.ask(Query::Printer, self.patience.answer)? else { return Ok(None) };
        let paper = self.ask(Query::Paper, self.patience.answer)?;
        let mut status = Status { printer, paper, offline: None, error: None };
        if printer & OFFLINE != 0 {
            status.offline = self.ask(Query::Offline, self.patience.answer)?;
            status.error = self.ask(Query::Error, self.patience.answer)?;
        }
        Ok(Some(status))
    }

    /// Asks in the middle of a paper whether the printer is still at it: it answers once it has taken what came before.
    pub fn keeps_up(&mut self, limit: Limit) -> Result<bool, Broken> {
        let answer = self.ask(Query::Printer, limit.piece(self.patience.stalled))?;
        answer.map(|printer| printer & OFFLINE == 0).ok_or(Broken::Stalled)
    }

    /// Waits until the printer has done all that it was sent; `None` if it does not say so in time.
    ///
    /// Meanwhile it is asked how it is: out of paper, it would never be done, and `Some(false)` says so. One that is
    /// known not to tell is not waited for, but for its bytes to leave.
    pub fn done(&mut self, limit: Limit) -> Result<Option<bool>, Broken> {
        if !self.says_when_done {
            self.flushed(limit)?;
            return Ok(None);
        }
        self.line.drain()?;
        self.send(&escpos::SAY_WHEN_DONE, limit)?;
        while !limit.is_over() {
            match self.listen(limit.piece(self.patience.answer), |heard| heard != Heard::Other)? {
                Some(Heard::Done) => return Ok(Some(true)),
                Some(Heard::RealTime(printer)) if printer & OFFLINE != 0 => return Ok(Some(false)),
                Some(_) => {}
                None => self.send(&escpos::query(Query::Printer), Limit::after(self.patience.stalled))?,
            }
        }
        Ok(None)
    }

    /// It was waited for, is well, and did not tell: while this line lasts that is not tried again.
    pub fn never_says_when_done(&mut self) {
        self.says_when_done = false;
    }

    /// Waits until all bytes have left this machine, for a printer that can't tell.
    pub fn flushed(&mut self, limit: Limit) -> Result<(), Broken> {
        const LOOK: Duration = Duration::from_millis(20);
        while self.line.unsent()? > 0 {
            if limit.is_over() {
                return Err(Broken::Stalled);
            }
            self.line.read(limit.piece(LOOK))?;
        }
        Ok(self.line.drain()?)
    }

    fn ask(&mut self, query: Query, wait: Duration) -> Result<Option<u8>, Broken> {
        self.line.drain()?;
        self.send(&escpos::query(query), Limit::after(wait))?;
        let heard = self.listen(wait, |heard| matches!(heard, Heard::RealTime(_)))?;
        Ok(heard.and_then(|heard| match heard {
            Heard::RealTime(byte) => Some(byte),
            Heard::Done | Heard::Other => None,
        }))
    }

    /// Listens for a byte that is wanted; what else comes, however much, does not make it longer.
    fn listen(&mut self, wait: Duration, wanted: impl Fn(Heard) -> bool) -> Result<Option<Heard>, Broken> {
        let limit = Limit::after(wait);
        loop {
            let piece = limit.piece(wait);
            if piece.is_zero() {
                return Ok(None);
            }
            if let Some(byte) = self.line.read(piece)? {
                let heard = escpos::heard(byte);
                if wanted(heard) {
                    return Ok(Some(heard));
                }
            }
        }
    }
}
