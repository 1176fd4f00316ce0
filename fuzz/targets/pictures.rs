//! See `postern_fuzz::pictures`.
#![no_main]

mod plant;

use postern_fuzz::pictures::PROPERTY;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROPERTY), |bytes: &[u8]| (PROPERTY.holds)(bytes));
