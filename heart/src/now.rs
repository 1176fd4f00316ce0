//! Time as the heart is told it: a monotonic clock for limits, a wall clock only where it can be trusted.

/// A moment of the monotonic clock, in milliseconds since an arbitrary start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Mono(pub u64);

impl Mono {
    /// The moment so many milliseconds later.
    #[must_use]
    pub fn after(self, ms: u64) -> Mono {
        Mono(self.0.saturating_add(ms))
    }

    /// How many milliseconds have passed since `earlier`; 0 if it lies ahead.
    pub fn since(self, earlier: Mono) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A moment of the wall clock, in milliseconds since 1970-01-01 00:00:00 UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Wall(pub i64);

impl Wall {
    /// The moment so many milliseconds later.
    #[must_use]
    pub fn after(self, ms: u64) -> Wall {
        Wall(self.0.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX)))
    }

    /// How many milliseconds `self` lies behind `earlier`; negative if it lies before it.
    pub fn minus(self, earlier: Wall) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The wall clock's reading where it can be trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trusted {
    /// What the clock says.
    pub wall: Wall,
    /// Until when a payment of this calendar day can be cancelled, in the acquirer's zone.
    pub cut_off: Wall,
}

/// The time of one event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// The monotonic clock.
    pub mono: Mono,
    /// The wall clock; `None` where it can't be trusted.
    pub wall: Option<Trusted>,
}

/// A date and time that a person typed, in the shop's zone, not yet checked against a calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TypedTime {
    /// The year, four digits.
    pub year: i16,
    /// The month, from 1.
    pub month: i8,
    /// The day of the month, from 1.
    pub day: i8,
    /// The hour, from 0.
    pub hour: i8,
    /// The minute, from 0.
    pub minute: i8,
}
