//! The running terminal's side: comparisons on threads of their own, recorded by the heart.

use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use postern_heart::day::{Asker, Compared, ComparisonNo};
use postern_heart::event::Event;
use postern_heart::now::Wall;

use super::findings::{Findings, NOT_RECORDED};
use super::socket::{self, Order, Report};
use super::{Clerk, ReconcileFault};
use crate::ports::{self, Inbox};

/// How long the heart may take to have a comparison on disk.
const RECORD_LIMIT: Duration = Duration::from_secs(15);

/// Takes orders of the counter and of commands, and knows who waits.
pub struct Bookkeeper {
    clerk: Arc<Clerk>,
    inbox: Inbox,
    waiting: Waiting,
    /// The counter has one comparison at a time.
    at_work: Arc<AtomicBool>,
}

/// The command that waits: they are served one after the other.
type Waiting = Arc<Mutex<Option<(ComparisonNo, SyncSender<()>)>>>;

impl Bookkeeper {
    /// Listens for orders in the data directory; where that can't be, commands can't be served, and sales go on.
    pub fn start(clerk: Clerk, inbox: Inbox) -> Bookkeeper {
        let (clerk, waiting) = (Arc::new(clerk), Waiting::default());
        let (theirs, waits) = (Arc::clone(&clerk), Arc::clone(&waiting));
        let desk = Desk { clerk: theirs, inbox: inbox.clone(), waiting: waits, last: 0 };
        let listening = socket::listen(desk.clerk.data()).and_then(|listener| {
            thread::Builder::new().name("reconcile".to_owned()).spawn(move || desk.serve(&listener))
        });
        if let Err(error) = listening {
            tracing::warn!(%error, "`postern reconcile` can't ask this terminal");
        }
        Bookkeeper { clerk, inbox, waiting, at_work: Arc::default() }
    }
}

impl ports::Bookkeeper for Bookkeeper {
    fn compare(&mut self, at: Wall) {
        if self.at_work.swap(true, Ordering::AcqRel) {
            // Who came back to the screen is told by the one that is under way.
            return;
        }
        let (clerk, inbox, at_work) =
            (Arc::clone(&self.clerk), self.inbox.clone(), Arc::clone(&self.at_work));
        let started = thread::Builder::new().name("close day".to_owned()).spawn(move || {
            let compared = compare(&clerk, at);
            at_work.store(false, Ordering::Release);
            inbox.send(Event::Compared { asker: Asker::Counter, compared });
        });
        if let Err(error) = started {
            tracing::warn!(%error, "there is no thread to compare the day on");
            self.at_work.store(false, Ordering::Release);
            // The loop takes it when it is done with this.
            self.inbox.send(Event::Compared { asker: Asker::Counter, compared: None });
        }
    }

    fn recorded(&mut self, no: ComparisonNo) {
        let waits = lock(&self.waiting).take_if(|(waits, _)| *waits == no);
        if let Some((_, waits)) = waits {
            // Whoever waited may have given up this very moment.
            let _ = waits.try_send(());
        }
    }
}

/// Where commands are served.
struct Desk {
    clerk: Arc<Clerk>,
    inbox: Inbox,
    waiting: Waiting,
    last: u64,
}

impl Desk {
    fn serve(mut self, listener: &UnixListener) {
        for stream in listener.incoming() {
            let served = stream.and_then(|mut stream| {
                let order = socket::order(&stream)?;
                let report = self.report(&order);
                socket::write(&mut stream, &report)
            });
            if let Err(error) = served {
                tracing::warn!(%error, "a command for a comparison was not served");
            }
        }
    }

    fn report(&mut self, order: &Order) -> Report {
        let findings = match self.clerk.compare(order) {
            Ok(findings) => findings,
            Err(fault) => {
                return Report { says: String::new(), code: 1, fault: Some(in_full(&fault)) };
            }
        };
        let (mut says, mut code) = (Vec::new(), findings.code());
        // Writing into memory can't fail.
        let _ = findings.write(&mut says);
        let mut says = String::from_utf8_lossy(&says).into_owned();
        if !self.record(findings) {
            says.push_str(&format!("{NOT_RECORDED}  the terminal is out of service\n"));
            code = 2;
        }
        Report { says, code, fault: None }
    }

    /// Has the heart record it; `false` where it did not in time.
    fn record(&mut self, findings: Findings) -> bool {
        self.last += 1;
        let no = ComparisonNo(self.last);
        let (sender, recorded) = sync_channel(1);
        *lock(&self.waiting) = Some((no, sender));
        let compared = Some(findings.compared);
        let sent = self.inbox.send(Event::Compared { asker: Asker::Command(no), compared });
        sent && recorded.recv_timeout(RECORD_LIMIT).is_ok()
    }
}

/// Compares for the counter, whose screen has no room for a fault: it goes to the log.
fn compare(clerk: &Clerk, at: Wall) -> Option<Compared> {
    let day = clerk.day(at)?.0;
    match clerk.compare(&Order { day, statement: None }) {
        Ok(findings) => Some(findings.compared),
        Err(fault) => {
            tracing::warn!(fault = in_full(&fault), "the day could not be compared");
            None
        }
    }
}

/// A fault with its causes.
fn in_full(fault: &ReconcileFault) -> String {
    let mut says = fault.to_string();
    let mut cause = std::error::Error::source(fault);
    while let Some(source) = cause {
        says.push_str(&format!(": {source}"));
        cause = source.source();
    }
    says
}

fn lock(waiting: &Waiting) -> MutexGuard<'_, Option<(ComparisonNo, SyncSender<()>)>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
