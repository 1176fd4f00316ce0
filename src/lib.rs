//! Postern: the program on a shop's counter that takes wallet payments and is right about the money.
//!
//! The heart (`postern-heart`) decides; this crate touches the world for it. In reading order:
//!
//! - [`ports`]: what the heart's effects need of the world
//! - [`raster`]: a picture for paper

#[cfg(feature = "sim")]
pub mod bench;
pub mod ports;
pub mod raster;
