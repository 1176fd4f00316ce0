//! Postern: the program on a shop's counter that takes wallet payments and is right about the money.
//!
//! The heart (`postern-heart`) decides; this crate touches the world for it. In reading order:
//!
//! - [`ports`]: what the heart's effects need of the world
//! - [`app`]: the loop that performs effects in order; [`terminal`]: the hands that perform them
//! - [`run`]: files to ports, ports to the loop
//! - [`clock`]: the only place that reads a clock
//! - [`journal`]: records on disk, and the lock on their directory
//! - [`acquirer`]: the client that speaks to the acquirer; [`notify`]: the listener for what it pushes
//! - [`drivers`]: what turns the ports' words into a device's bytes; [`board`]: which of them a counter has
//! - [`shop`]: the shop file; [`emvco`]: its static code's text; [`files`]: TOML files, with errors that name file, line and key
//! - [`frame`], [`raster`]: pictures in memory, for displays and for paper
//! - [`glyphs`], [`qr`], [`text`]: characters, codes and messages in two languages; [`look`]: these for one shop
//! - [`ui`], [`paper`]: screens and receipts, drawn
//! - [`doctor`], [`pin`], [`log`]: for whoever sets a terminal up
//! - `bench` (feature `sim`): the other end of every wire

pub mod acquirer;
pub mod app;
#[cfg(feature = "sim")]
pub mod bench;
pub mod board;
pub mod clock;
pub mod cores;
pub mod doctor;
pub mod drivers;
pub mod emvco;
pub mod files;
pub mod frame;
pub mod glyphs;
pub mod journal;
pub mod log;
pub mod look;
pub mod notify;
pub mod paper;
pub mod pin;
pub mod ports;
pub mod qr;
pub mod raster;
pub mod reconcile;
pub mod run;
pub mod shop;
pub mod terminal;
pub mod text;
pub mod ui;
