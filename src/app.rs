//! The loop: one plain thread, one channel, waits in one place; events go in, and their effects are performed in order
//! ([`step`]).

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use postern_heart::desk::Desk;
use postern_heart::event::Event;
use postern_heart::now::Mono;
use postern_heart::perform::{Hands as _, step, step_together};

use crate::ports::Incoming;
use crate::terminal::Terminal;

/// How long nothing must have happened before the terminal does what can wait, in milliseconds: longer than a key follows
/// another.
const QUIET_MS: u64 = 50;

/// So many notifications share a commit at most: a key must not wait for more.
const TOGETHER_MAX: usize = 16;

/// Runs until every sender of the channel is gone.
pub fn run(desk: &mut Desk, terminal: &mut Terminal, incoming: &Receiver<Incoming>) {
    let mut incoming = Queue { incoming, next: None };
    let mut rested = true;
    loop {
        let now = terminal.now();
        // The one that is waited for: later the heart may name another, such as the next minute's.
        let deadline = desk.deadline(now);
        let is_due =
            |terminal: &mut Terminal| deadline.is_some_and(|deadline| deadline <= terminal.now().mono);
        let quiet = (!rested).then(|| now.mono.after(QUIET_MS));
        match incoming.wait([deadline, quiet].into_iter().flatten().min(), now.mono) {
            Waited::Came(Incoming::Event(event @ Event::Notified { .. })) => {
                step_together(desk, terminal, incoming.with_more(event));
                // Where ever more of them wait, a sale's question and its limit still have their time.
                if is_due(terminal) {
                    step(desk, terminal, Event::DeadlineReached);
                }
            }
            Waited::Came(Incoming::Event(event)) => step(desk, terminal, event),
            Waited::Came(Incoming::Touched { x, y }) => {
                for key in terminal.keys_at(x, y) {
                    step(desk, terminal, Event::KeyPressed(key));
                }
            }
            Waited::Passed if is_due(terminal) => step(desk, terminal, Event::DeadlineReached),
            Waited::Passed => {
                rest(desk, terminal);
                rested = true;
                continue;
            }
            Waited::Ended => return,
        }
        rested = false;
    }
}

/// A quiet moment: at a counter where nobody is served the journal is tidied; where an answer is awaited, the screen that is
/// hoped for is drawn.
fn rest(desk: &Desk, terminal: &mut Terminal) {
    if desk.is_idle() {
        terminal.tidy();
    }
    if let Some(view) = desk.hoped_for(terminal.now()) {
        terminal.draw_ahead(view);
    }
}

/// What comes in, in its order.
struct Queue<'a> {
    incoming: &'a Receiver<Incoming>,
    /// What was taken too early, and comes next.
    next: Option<Incoming>,
}

enum Waited {
    Came(Incoming),
    Passed,
    Ended,
}

impl Queue<'_> {
    fn wait(&mut self, deadline: Option<Mono>, now: Mono) -> Waited {
        if let Some(next) = self.next.take() {
            return Waited::Came(next);
        }
        let Some(deadline) = deadline else {
            return self.incoming.recv().map_or(Waited::Ended, Waited::Came);
        };
        match self.incoming.recv_timeout(Duration::from_millis(deadline.since(now))) {
            Ok(incoming) => Waited::Came(incoming),
            Err(RecvTimeoutError::Timeout) => Waited::Passed,
            Err(RecvTimeoutError::Disconnected) => Waited::Ended,
        }
    }

    /// This notification, and those that wait right behind it.
    fn with_more(&mut self, first: Event) -> Vec<Event> {
        let mut together = vec![first];
        while together.len() < TOGETHER_MAX {
            match self.incoming.try_recv() {
                Ok(Incoming::Event(event @ Event::Notified { .. })) => together.push(event),
                Ok(other) => {
                    self.next = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        together
    }
}
