//! See `postern_fuzz::records`.
#![no_main]

mod plant;

use postern_fuzz::records::PROPERTY;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROPERTY), |bytes: &[u8]| (PROPERTY.holds)(bytes));
