//! See `postern_fuzz::shop_codes`.
#![no_main]

mod plant;

use postern_fuzz::shop_codes::PROPERTY;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&PROPERTY), |bytes: &[u8]| (PROPERTY.holds)(bytes));
