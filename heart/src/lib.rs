//! Postern's heart: a payment's life and the counter's, without I/O.
//!
//! ```text
//!  events ──▶ Desk::handle(Now, Event) ──▶ effects, to be performed in order
//! ```
//!
//! The heart reads no clock, opens no file, knows no driver and cannot fail. The same code runs on the counter,
//! on the bench and in simulated lives. What must always hold:
//!
//! - **Saved before asked.** The record that explains a request is durable before its first byte leaves.
//! - **Silence is not a no.** "Not charged" is said only when it is proven.
//! - **No way back from a cancellation.** Once one is on disk, nothing says *paid* until it is definitely refused
//!   and a question sent after the refusal says so.
//! - An answer is matched by transaction id, amount and currency, never by "the last one".
//! - At most one charge of a sale is not reversed.
//! - Every open transaction has a next deadline, and ids are never used twice.
//!
//! The map, in reading order:
//!
//! - values: [`money`], [`ids`], [`now`], [`code`]
//! - what is on disk: [`record`]; what is asked and answered: [`ask`]; what the acquirer tells unasked: [`news`]
//! - a day compared with the acquirer: [`day`]
//! - what is seen: [`screen`], [`receipt`]
//! - what goes in and out: [`event`]; what can be chosen: [`settings`]
//! - one transaction's life with the acquirer: [`payment`]
//! - what happens at the counter: [`desk`]
//! - who performs effects, and in which order: [`perform`]
#![no_std]

extern crate alloc;

pub mod ask;
pub mod code;
pub mod day;
pub mod desk;
pub mod event;
pub mod ids;
mod mistakes;
pub mod money;
pub mod news;
pub mod now;
pub mod payment;
pub mod perform;
pub mod receipt;
pub mod record;
pub mod screen;
pub mod settings;
mod turn;

#[cfg(feature = "mistakes")]
pub use mistakes::Mistake;
