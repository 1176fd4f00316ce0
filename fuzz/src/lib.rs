//! What must hold for any bytes at all: one property for each thing that reads bytes from outside.
//!
//! A property says what is true of whatever was made of the bytes, and panics where it is not. Each is written down once and
//! tried twice: by libFuzzer (`make fuzz`, the programs in `targets/`), and by the ordinary tests on real examples that are
//! changed at random (`tests/it/properties.rs`, which includes this file).

pub mod answers;
pub mod files;
pub mod notifications;
pub mod panels;
pub mod pictures;
pub mod printers;
pub mod records;
pub mod scans;
pub mod shop_codes;
pub mod statements;

/// One property.
pub struct Property {
    /// The name of its fuzz target.
    pub name: &'static str,
    /// Real examples to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Panics where it does not hold.
    pub holds: fn(&[u8]),
}

/// The one of `all` that a byte chooses.
fn chosen<T>(all: &[T], byte: u8) -> &T {
    &all[usize::from(byte) % all.len()]
}
