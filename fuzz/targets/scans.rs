//! See `postern_fuzz::scans`.
#![no_main]

mod plant;

use postern_fuzz::scans::PROPERTY;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROPERTY), |bytes: &[u8]| (PROPERTY.holds)(bytes));
