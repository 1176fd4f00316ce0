//! The heart's tests: its rules, its words and its timings, as stories.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

mod day;
mod entry_code;
mod help;
mod hope;
mod lasting;
mod money;
mod news;
mod paths;
mod records;
mod refunds;
mod reports;
mod rules;
mod screens;
mod timings;
mod together;
mod words;
