//! The bench: the other end of every wire, so that the shipped program can be tried on a desk, unmodified.

pub mod acquirer;
