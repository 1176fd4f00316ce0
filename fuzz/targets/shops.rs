//! See `postern_fuzz::files`.
#![no_main]

mod plant;

use postern_fuzz::files::SHOPS;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&SHOPS), |bytes: &[u8]| (SHOPS.holds)(bytes));
