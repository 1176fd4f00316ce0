//! The one test binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

mod acquirer_help;
mod acquirer_sign;
#[cfg(feature = "sim")]
mod acquirer_sim;
mod acquirer_wire;
mod journal;
mod profile;
