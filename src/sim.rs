//! The simulated world.

pub mod disk;
pub mod performing;
pub mod random;
pub mod witness;
