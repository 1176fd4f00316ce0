//! The only place that reads a clock: monotonic, wall, and whether the wall clock can be trusted.
//!
//! The wall clock is trusted when the kernel says that it is synchronised, when the shop file says that the system's
//! clock is good as it is, or when the manager set it since the start; and never while it lies before this program was
//! made or before the journal's last record. Limits use the monotonic clock, which nobody can set.

mod kernel;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use postern_heart::now::{Mono, Now, Trusted, TypedTime, Wall};

use crate::acquirer::profile::CivilTime;

/// When this program was made, `SOURCE_DATE_EPOCH` of its build or else a day of this version: no honest clock is before it.
pub const MADE: Wall = Wall(match option_env!("SOURCE_DATE_EPOCH") {
    Some(seconds) => decimal(seconds.as_bytes()) * 1000,
    None => 1_795_478_400_000,
});

const DAY_MS: i64 = 86_400_000;

/// Whose word is taken for the wall clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trust {
    /// The kernel's synchronised flag, or the manager.
    Synchronised,
    /// The system's clock as it is: a desk, or a board with a good clock of its own.
    System,
}

/// The clocks of this machine.
#[derive(Debug)]
pub struct Clock {
    start: Instant,
    trust: Trust,
    time: CivilTime,
    floor: Floor,
    /// What the manager set, and when.
    set: Option<(Instant, Wall)>,
    day: Option<(Wall, Wall)>,
}

/// The earliest moment that it can be: the latest of the program's making and the journal's last record.
///
/// Shared with the TLS client, whose certificates are checked at no earlier time.
#[derive(Clone, Debug)]
pub struct Floor(Arc<AtomicI64>);

impl Floor {
    /// Starts from the program's making.
    pub fn new() -> Floor {
        Floor(Arc::new(AtomicI64::new(MADE.0)))
    }

    /// Learns that this moment has been.
    pub fn raise(&self, to: Wall) {
        self.0.fetch_max(to.0, Ordering::Relaxed);
    }

    /// The earliest moment that it can be.
    pub fn wall(&self) -> Wall {
        Wall(self.0.load(Ordering::Relaxed))
    }

    /// The time that certificates are checked at: the latest of the system's clock and the floor.
    pub fn for_certificates(&self) -> Wall {
        system_wall().max(self.wall())
    }
}

impl Default for Floor {
    fn default() -> Floor {
        Floor::new()
    }
}

impl Clock {
    /// Starts the monotonic clock.
    pub fn new(trust: Trust, time: CivilTime, floor: Floor) -> Clock {
        Clock { start: monotonic(), trust, time, floor, set: None, day: None }
    }

    /// The time of an event.
    pub fn now(&mut self) -> Now {
        Now { mono: self.mono(), wall: self.wall().and_then(|wall| self.trusted(wall)) }
    }

    /// The monotonic clock alone.
    pub fn mono(&self) -> Mono {
        let since = monotonic().saturating_duration_since(self.start);
        Mono(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    /// Takes a time that the manager typed; `None` if there is no such time or it cannot be.
    pub fn set(&mut self, typed: TypedTime) -> Option<Wall> {
        let wall = self.time.typed(typed).filter(|wall| *wall >= self.floor.wall())?;
        self.set = Some((monotonic(), wall));
        Some(wall)
    }

    fn wall(&self) -> Option<Wall> {
        if let Some((at, wall)) = self.set {
            let since = monotonic().saturating_duration_since(at);
            return Some(wall.after(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)));
        }
        let trusted = match self.trust {
            Trust::System => true,
            Trust::Synchronised => kernel::is_synchronised(),
        };
        trusted.then(system_wall).filter(|wall| *wall >= self.floor.wall())
    }

    /// Adds the day's cut-off, which is worked out once a day.
    fn trusted(&mut self, wall: Wall) -> Option<Trusted> {
        let known = self.day.filter(|(from, cut_off)| *from <= wall && wall <= *cut_off);
        let cut_off = match known {
            Some((_, cut_off)) => cut_off,
            None => {
                let cut_off = self.time.cut_off(wall)?;
                // From this moment to the cut-off the answer is the same, if that is not a day away.
                self.day = Some((wall, cut_off)).filter(|_| cut_off.minus(wall) < DAY_MS);
                cut_off
            }
        };
        Some(Trusted { wall, cut_off })
    }
}

/// The monotonic clock, for a driver's patience with its device, or a thread's with another; no decision about money rests on it.
#[allow(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
pub fn monotonic() -> Instant {
    Instant::now()
}

#[allow(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
fn system_wall() -> Wall {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Wall(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

const fn decimal(mut digits: &[u8]) -> i64 {
    let mut value: i64 = 0;
    while let [digit, rest @ ..] = digits {
        assert!(digit.is_ascii_digit(), "SOURCE_DATE_EPOCH must be a number of seconds");
        value = value * 10 + (*digit - b'0') as i64;
        digits = rest;
    }
    value
}
