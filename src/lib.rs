//! Postern: the program on a shop's counter that takes wallet payments and is right about the money.
//!
//! The heart (`postern-heart`) decides; this crate touches the world for it. In reading order:
//!
//! - [`ports`]: what the heart's effects need of the world
//! - [`acquirer`]: the client that speaks to the acquirer
//! - [`files`]: a TOML file, with errors that name file, line and key
//! - [`journal`]: records on disk, and the lock on their directory
//! - [`board`]: which devices a counter has
//! - [`drivers`]: what turns the ports' words into a device's bytes
//! - [`frame`]: a picture in memory, for displays
//! - [`raster`]: a picture for paper
//! - [`glyphs`]: characters and marks for both
//! - [`qr`]: QR codes as modules
//! - [`text`]: what is said, in two languages
//! - [`look`]: these together, with the shop's sign and time zone
//! - [`ui`]: what is on the screens, drawn

pub mod acquirer;
#[cfg(feature = "sim")]
pub mod bench;
pub mod board;
pub mod drivers;
pub mod files;
pub mod frame;
pub mod glyphs;
pub mod journal;
pub mod look;
pub mod ports;
pub mod qr;
pub mod raster;
#[cfg(feature = "sim")]
pub mod sim;
pub mod text;
pub mod ui;
