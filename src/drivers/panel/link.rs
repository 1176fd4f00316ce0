//! What the terminal wants the panel to know, between the threads that say it and the one that sends it.
//!
//! Every setter takes a lock for as long as a copy takes, and returns: nothing here waits for the panel. What was not
//! sent yet is merged, so the memory is bounded, and a new connection starts with all of it.

use std::collections::VecDeque;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use embedded_graphics::prelude::Size;
use embedded_graphics::primitives::Rectangle;
use postern_heart::event::Sound;
use postern_heart::screen::Lamp;

use crate::drivers::supervisor::{Condition, Fault};
use crate::frame::Frame;

use super::{Place, Role, lock, wire};

/// How long a panel may take nothing before it is cut off.
pub const STALLED: Duration = Duration::from_secs(5);
/// How many tones wait at most; older ones are dropped.
const TONES_MAX: usize = 4;

/// The shared state of one panel.
#[derive(Debug)]
pub(super) struct Link {
    role: Role,
    state: Mutex<State>,
    due: Condvar,
    condition: Mutex<Condition>,
}

struct State {
    frame: Arc<Frame>,
    lamp: Lamp,
    /// The whole message.
    report: Vec<u8>,
    connection: Option<Connection>,
    connections: u64,
    closed: bool,
    listening: bool,
    due: Due,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("connected", &self.connection.is_some()).finish_non_exhaustive()
    }
}

struct Connection {
    no: u64,
    stream: UnixStream,
}

/// What has not been sent yet.
#[derive(Default)]
struct Due {
    hello: bool,
    dirty: Option<Rectangle>,
    lamp: bool,
    report: bool,
    tones: VecDeque<Sound>,
}

impl Due {
    fn anything(&self) -> bool {
        self.hello || self.dirty.is_some() || self.lamp || self.report || !self.tones.is_empty()
    }
}

impl Link {
    pub(super) fn new(place: &Place, role: Role, condition: Condition) -> Link {
        let state = State {
            frame: Arc::new(Frame::new(place.width, place.height)),
            lamp: Lamp::Off,
            report: Vec::new(),
            connection: None,
            connections: 0,
            closed: false,
            listening: false,
            due: Due::default(),
        };
        Link { role, state: Mutex::new(state), due: Condvar::new(), condition: Mutex::new(condition) }
    }

    pub(super) fn role(&self) -> Role {
        self.role
    }

    pub(super) fn size(&self) -> (u32, u32) {
        let state = lock(&self.state);
        (state.frame.width(), state.frame.height())
    }

    pub(super) fn show(&self, frame: &Arc<Frame>, dirty: Rectangle) {
        self.tell(|state| {
            let dirty = dirty.intersection(&frame.area());
            state.frame = Arc::clone(frame);
            state.due.dirty = match state.due.dirty {
                _ if dirty.is_zero_sized() => state.due.dirty,
                Some(before) => Some(around(before, dirty)),
                None => Some(dirty),
            };
        });
    }

    pub(super) fn set_lamp(&self, lamp: Lamp) {
        self.tell(|state| {
            state.due.lamp |= state.lamp != lamp;
            state.lamp = lamp;
        });
    }

    pub(super) fn play(&self, sound: Sound) {
        self.tell(|state| {
            if state.connection.is_none() {
                return;
            }
            if state.due.tones.len() >= TONES_MAX {
                state.due.tones.pop_front();
            }
            state.due.tones.push_back(sound);
        });
    }

    pub(super) fn report(&self, message: Vec<u8>) {
        self.tell(|state| {
            state.due.report |= state.report != message;
            state.report = message;
        });
    }

    fn tell(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.state));
        self.due.notify_all();
    }

    /// Takes a new connection in place of the one before; gives its number.
    pub(super) fn connect(&self, stream: UnixStream) -> Option<u64> {
        let mut state = lock(&self.state);
        if state.closed {
            return None;
        }
        state.connections += 1;
        let no = state.connections;
        let older = state.connection.replace(Connection { no, stream });
        state.due = Due { hello: true, ..Due::default() };
        drop(state);
        older.iter().for_each(Connection::cut);
        self.due.notify_all();
        self.report_connection("");
        Some(no)
    }

    /// Ends this connection, unless a newer one has taken its place.
    pub(super) fn disconnect(&self, no: u64, cause: &str) {
        let mut state = lock(&self.state);
        let ended = state.connection.take_if(|connection| connection.no == no);
        drop(state);
        ended.iter().for_each(Connection::cut);
        self.due.notify_all();
        self.report_connection(cause);
    }

    /// Waits until something is due and appends it; `false` when this connection has ended.
    pub(super) fn next(&self, no: u64, out: &mut Vec<u8>) -> bool {
        let mut state = lock(&self.state);
        loop {
            if state.connection.as_ref().is_none_or(|connection| connection.no != no) {
                return false;
            }
            if state.due.anything() {
                state.take(self.role, out);
                return true;
            }
            state = self.due.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Notes that the socket is there; `false` if the panel was closed meanwhile.
    pub(super) fn listening(&self) -> bool {
        let mut state = lock(&self.state);
        state.listening = true;
        let closed = state.closed;
        drop(state);
        self.report_connection("no panel has connected yet");
        !closed
    }

    /// Reports why the socket can't be there.
    pub(super) fn failed(&self, fault: &Fault) -> bool {
        lock(&self.condition).failed(fault)
    }

    pub(super) fn is_closed(&self) -> bool {
        lock(&self.state).closed
    }

    /// Ends everything; `true` if the listening thread waits for a connection.
    pub(super) fn close(&self) -> bool {
        let mut state = lock(&self.state);
        state.closed = true;
        let (ended, listening) = (state.connection.take(), state.listening);
        drop(state);
        ended.iter().for_each(Connection::cut);
        self.due.notify_all();
        listening
    }

    /// Reports what is so now, whoever found it out: reports of two connections can't overtake each other.
    fn report_connection(&self, cause: &str) {
        let mut condition = lock(&self.condition);
        let state = lock(&self.state);
        let (connected, closed) = (state.connection.is_some(), state.closed);
        drop(state);
        match (closed, connected) {
            (true, _) => {}
            (false, true) => drop(condition.works()),
            (false, false) => drop(condition.failed(&Fault::missing(cause))),
        }
    }
}

impl Connection {
    fn cut(&self) {
        // One that is gone already needs no cutting.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

impl State {
    fn take(&mut self, role: Role, out: &mut Vec<u8>) {
        let mut due = std::mem::take(&mut self.due);
        if due.hello {
            wire::hello(out, role.name(), self.frame.width(), self.frame.height());
            due.dirty = Some(self.frame.area());
            due.lamp = true;
            due.report = true;
        }
        if let Some(dirty) = due.dirty {
            wire::frame(out, &self.frame, dirty);
        }
        if role == Role::Customer {
            return;
        }
        if due.lamp {
            wire::lamp(out, self.lamp);
        }
        if due.report {
            out.extend_from_slice(&self.report);
        }
        due.tones.iter().for_each(|sound| wire::tone(out, *sound));
    }
}

/// The smallest rectangle around both.
fn around(one: Rectangle, other: Rectangle) -> Rectangle {
    let end = |area: Rectangle| area.top_left + area.size;
    let corner = one.top_left.component_min(other.top_left);
    let opposite = end(one).component_max(end(other));
    Rectangle::new(corner, Size::new((opposite.x - corner.x) as u32, (opposite.y - corner.y) as u32))
}
