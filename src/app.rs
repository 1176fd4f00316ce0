//! The loop: one plain thread, one channel, waits in one place; events go in, and their effects are performed in order
//! ([`step`]).

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use postern_heart::desk::Desk;
use postern_heart::event::Event;
use postern_heart::now::Mono;
use postern_heart::perform::{Hands as _, step};

use crate::ports::Incoming;
use crate::terminal::Terminal;

/// How long nothing must have happened before the terminal does what can wait, in milliseconds: longer than a key follows
/// another.
const QUIET_MS: u64 = 50;

/// Runs until every sender of the channel is gone.
pub fn run(desk: &mut Desk, terminal: &mut Terminal, incoming: &Receiver<Incoming>) {
    let mut rested = true;
    loop {
        let now = terminal.now();
        let deadline = desk.deadline(now);
        let quiet = (!rested).then(|| now.mono.after(QUIET_MS));
        match wait(incoming, [deadline, quiet].into_iter().flatten().min(), now.mono) {
            Waited::Came(Incoming::Event(event)) => step(desk, terminal, event),
            Waited::Came(Incoming::Touched { x, y }) => {
                for key in terminal.keys_at(x, y) {
                    step(desk, terminal, Event::KeyPressed(key));
                }
            }
            Waited::Passed if deadline.is_some_and(|deadline| deadline <= terminal.now().mono) => {
                step(desk, terminal, Event::DeadlineReached);
            }
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

enum Waited {
    Came(Incoming),
    Passed,
    Ended,
}

fn wait(incoming: &Receiver<Incoming>, deadline: Option<Mono>, now: Mono) -> Waited {
    let Some(deadline) = deadline else {
        return incoming.recv().map_or(Waited::Ended, Waited::Came);
    };
    match incoming.recv_timeout(Duration::from_millis(deadline.since(now))) {
        Ok(incoming) => Waited::Came(incoming),
        Err(RecvTimeoutError::Timeout) => Waited::Passed,
        Err(RecvTimeoutError::Disconnected) => Waited::Ended,
    }
}
