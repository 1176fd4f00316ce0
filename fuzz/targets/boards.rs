//! See `postern_fuzz::files`.
#![no_main]

mod plant;

use postern_fuzz::files::BOARDS;

libfuzzer_sys::fuzz_target!(init: plant::seeds(&BOARDS), |bytes: &[u8]| (BOARDS.holds)(bytes));
