//! See `postern_fuzz::printers`.
#![no_main]

mod plant;

use postern_fuzz::printers::PROPERTY;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROPERTY), |bytes: &[u8]| (PROPERTY.holds)(bytes));
