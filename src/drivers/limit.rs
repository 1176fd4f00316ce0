//! A limit on a wait that is made of many small ones.

use std::time::{Duration, Instant};

/// The moment at which something has taken too long.
#[derive(Clone, Copy, Debug)]
pub struct Limit(Option<Instant>);

impl Limit {
    /// A limit so far from now.
    pub fn after(time: Duration) -> Limit {
        Limit(now().checked_add(time))
    }

    /// What is left, at most `piece`; nothing once it is over.
    pub fn piece(self, piece: Duration) -> Duration {
        self.0.map_or(piece, |end| end.saturating_duration_since(now()).min(piece))
    }

    /// Says whether it is over.
    pub fn is_over(self) -> bool {
        self.piece(Duration::MAX).is_zero()
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a driver's limit on a device, which no decision about money rests on"
)]
fn now() -> Instant {
    Instant::now()
}
