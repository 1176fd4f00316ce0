//! The simulated world: the real heart and the real effect loop in virtual time, in a world that is as unkind as a seed
//! makes it.
//!
//! A life is a counter with its journal, printer, clock and cashier, an acquirer with a book, customers with wallets, and
//! a network between them that loses, delays, repeats and reorders; the power fails between any two effects. Who was
//! charged stands in the book, and everything that the screens and papers say is held against it when it is said and at
//! the end. The same seed is the same life, to the last effect.
//!
//! - [`witness`]: objects where something is done or said without a reason
//! - [`book`]: who was charged
//! - [`fortune`]: what goes wrong
//! - [`people`]: cashier and customers
//! - [`scripts`]: short named stories
//! - [`terminal`]: a heart in its place, with [`outside`] what its effects reach there
//! - [`world`]: what all terminals of a life share
//! - [`life`]: all of it together, and what must be true at the end
//! - [`many`]: many lives, and the command
//!
//! It proves the heart, not the drivers: nothing here speaks a protocol.

pub mod book;
pub mod disk;
pub mod fortune;
pub mod life;
pub mod many;
pub mod outside;
pub mod people;
pub mod queue;
pub mod random;
pub mod scripts;
pub mod story;
pub mod terminal;
pub mod time;
pub mod witness;
pub mod world;

pub use life::{Options, Outcome, live as run};
pub use many::{Args, Totals, run_cli, simulate};
