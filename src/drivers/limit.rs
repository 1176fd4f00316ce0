//! A limit on a wait that is made of many small ones.

use std::time::{Duration, Instant};

use crate::clock::monotonic;

/// The moment at which something has taken too long.
#[derive(Clone, Copy, Debug)]
pub struct Limit(Option<Instant>);

impl Limit {
    /// A limit so far from now.
    pub fn after(time: Duration) -> Limit {
        Limit(monotonic().checked_add(time))
    }

    /// What is left, at most `piece`; nothing once it is over.
    pub fn piece(self, piece: Duration) -> Duration {
        self.0.map_or(piece, |end| end.saturating_duration_since(monotonic()).min(piece))
    }

    /// Says whether it is over.
    pub fn is_over(self) -> bool {
        self.piece(Duration::MAX).is_zero()
    }
}
