//! See `postern_fuzz::files`.
#![no_main]

mod plant;

use postern_fuzz::files::PROFILES;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROFILES), |bytes: &[u8]| (PROFILES.holds)(bytes));
