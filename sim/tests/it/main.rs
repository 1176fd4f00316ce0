//! The heart's tests: its rules, its words and its timings, and what becomes of it in simulated lives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

mod day;
mod help;
mod lasting;
mod lives;
mod news;
mod paths;
mod refunds;
mod rules;
mod timings;
mod words;
