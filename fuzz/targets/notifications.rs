//! See `postern_fuzz::notifications`.
#![no_main]

mod plant;

use postern_fuzz::notifications::PROPERTY;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROPERTY), |bytes: &[u8]| (PROPERTY.holds)(bytes));
