//! The only place of the figures that reads a clock or lets time pass.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Now.
#[allow(clippy::disallowed_methods, reason = "to measure is to read a clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Now by the wall clock, since 1970: what the kernel's stamps are compared with.
#[allow(clippy::disallowed_methods, reason = "to measure is to read a clock")]
pub(crate) fn wall() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Lets time pass: caches, processors and threads come to rest as they do between two customers.
#[allow(clippy::disallowed_methods, reason = "what is measured must find the machine at rest")]
pub(crate) fn pause(how_long: Duration) {
    if !how_long.is_zero() {
        std::thread::sleep(how_long);
    }
}
