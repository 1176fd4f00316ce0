//! Postern: the program on a shop's counter.

#[cfg(feature = "sim")]
pub mod bench;
