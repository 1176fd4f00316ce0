//! See `postern_fuzz::answers`.
#![no_main]

mod plant;

use postern_fuzz::answers::PROPERTY;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROPERTY), |bytes: &[u8]| (PROPERTY.holds)(bytes));
