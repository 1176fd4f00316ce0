//! See `postern_fuzz::panels`.
#![no_main]

mod plant;

use postern_fuzz::panels::PROPERTY;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROPERTY), |bytes: &[u8]| (PROPERTY.holds)(bytes));
