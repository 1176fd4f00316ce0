//! See `postern_fuzz::statements`.
#![no_main]

mod plant;

use postern_fuzz::statements::PROPERTY;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROPERTY), |bytes: &[u8]| (PROPERTY.holds)(bytes));
