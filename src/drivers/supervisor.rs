//! What the drivers of devices that come and go share: the retry, the report and the end.
//!
//! A device that can't be opened is tried again after a growing pause of at most [`RETRY_MAX`]; the pause is short
//! again once the device has *done* something, so that one that opens and fails at once isn't hammered. Every change
//! of its health is logged once, with its cause, and reported once.
//!
//! A driver's thread ends when its [`Running`] is dropped, or when nobody listens any more.

use std::fmt::Display;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use postern_heart::event::{Device, Health};

use crate::drivers;
use crate::ports::Inbox;

/// The longest pause before a device is tried again.
pub const RETRY_MAX: Duration = Duration::from_secs(1);
const RETRY_FIRST: Duration = Duration::from_millis(50);

/// Why a device can't be used: how it is now, and what was the cause.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Fault {
    /// How the device is.
    pub health: Health,
    /// What happened, with the name of the thing.
    pub cause: String,
}

impl Fault {
    /// A device that is not there.
    pub fn missing(cause: impl Display) -> Fault {
        Fault { health: Health::Missing, cause: cause.to_string() }
    }

    /// A device, or what leads to it, that is there and can't be used.
    pub fn faulty(cause: impl Display) -> Fault {
        Fault { health: Health::Faulty, cause: cause.to_string() }
    }

    /// What could not be opened: not there, or there and not ours to use.
    pub fn opening(what: impl Display, error: &io::Error) -> Fault {
        let cause = format!("could not open {what}: {error}");
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy | io::ErrorKind::InvalidInput => {
                Fault::faulty(cause)
            }
            _ => Fault::missing(cause),
        }
    }
}

/// A device's health as it was last reported.
#[derive(Debug)]
pub struct Condition {
    device: Device,
    inbox: Inbox,
    last: Option<Health>,
}

impl Condition {
    /// Nothing has been reported yet.
    pub fn new(device: Device, inbox: Inbox) -> Condition {
        Condition { device, inbox, last: None }
    }

    /// Reports that the device works; `false` once nobody listens.
    pub fn works(&mut self) -> bool {
        self.is(Health::Working, "")
    }

    /// Logs and reports a change; nothing happens where there is none. `false` once nobody listens.
    pub fn is(&mut self, health: Health, cause: impl Display) -> bool {
        if self.last == Some(health) {
            return true;
        }
        let (device, old) = (drivers::name(self.device), self.last.replace(health));
        match health {
            Health::Working => tracing::info!(device, ?old, "the device works"),
            new => tracing::warn!(device, ?old, ?new, %cause, "the device is in trouble"),
        }
        self.inbox.device(self.device, health)
    }

    /// Reports a fault; `false` once nobody listens.
    pub fn failed(&mut self, fault: &Fault) -> bool {
        self.is(fault.health, &fault.cause)
    }
}

/// The pause before the next try.
#[derive(Debug)]
pub struct Backoff(Duration);

impl Backoff {
    /// Starts with a short pause.
    pub fn new() -> Backoff {
        Backoff(RETRY_FIRST)
    }

    /// Gives the pause that is due, and makes the next one twice as long, up to [`RETRY_MAX`].
    pub fn pause(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 2).min(RETRY_MAX);
        pause
    }

    /// Starts anew: the device has done something.
    pub fn reset(&mut self) {
        *self = Backoff::new();
    }
}

impl Default for Backoff {
    fn default() -> Backoff {
        Backoff::new()
    }
}

/// A driver's thread, which ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    _end: Sender<()>,
}

/// The thread's side of [`Running`].
#[derive(Debug)]
pub struct Stop(Receiver<()>);

impl Stop {
    /// Waits for so long; `true` if the thread shall end.
    pub fn wait(&self, pause: Duration) -> bool {
        self.0.recv_timeout(pause) != Err(RecvTimeoutError::Timeout)
    }

    /// Says whether the thread shall end.
    pub fn is_asked(&self) -> bool {
        self.wait(Duration::ZERO)
    }
}

/// Starts a driver's thread.
pub fn start(device: Device, body: impl FnOnce(Stop) + Send + 'static) -> Running {
    let (end, stop) = channel();
    spawn(drivers::name(device), move || body(Stop(stop)));
    Running { _end: end }
}

/// Starts a thread; where the system has none left, that is logged and the device stays as it is.
pub fn spawn(name: &str, body: impl FnOnce() + Send + 'static) {
    if let Err(error) = thread::Builder::new().name(name.to_owned()).spawn(body) {
        tracing::error!(thread = name, %error, "could not start a thread");
    }
}

/// Opens a device again and again, and serves it while it is there.
///
/// `serve` returns when the thread shall end, or with what went wrong; it resets the pause when the device has done
/// something.
pub fn keep<C>(
    mut condition: Condition,
    stop: &Stop,
    mut open: impl FnMut() -> Result<C, Fault>,
    mut serve: impl FnMut(C, &Stop, &mut Backoff) -> Result<(), Fault>,
) {
    let mut backoff = Backoff::new();
    loop {
        let fault = match open() {
            Ok(_) if !condition.works() => return,
            Ok(device) => match serve(device, stop, &mut backoff) {
                Ok(()) => return,
                Err(fault) => fault,
            },
            Err(fault) => fault,
        };
        if !condition.failed(&fault) || stop.wait(backoff.pause()) {
            return;
        }
    }
}
