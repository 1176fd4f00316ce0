//! The properties of the fuzz targets (`fuzz/`), as ordinary tests: each holds for its real examples, for what is cut off them,
//! and for thousands of changes made from a fixed seed. `make fuzz` looks for longer, and lets the program's own branches
//! lead it.

use crate::fuzz::{
    Property, answers, files, notifications, panels, pictures, printers, records, scans, shop_codes,
    statements,
};

/// What the formats are made of.
const SIGNS: &[u8] = b"0123456789\"\\{}[]:,.=-\r\n\t ";

/// Tries a property on its examples and on `changes` changed ones.
fn try_on(property: &Property, changes: usize) {
    let seeds = (property.seeds)();
    let hold = |bytes: &[u8]| {
        let _shown = ShownWhereItFails { name: property.name, bytes };
        (property.holds)(bytes);
    };
    for seed in &seeds {
        hold(seed);
        (0..seed.len()).step_by(1 + seed.len() / 64).for_each(|end| hold(&seed[..end]));
    }
    let mut random = Random(0x5EED);
    for _ in 0..changes {
        hold(&random.changed(&seeds));
    }
}

/// Prints the bytes for which a property did not hold.
struct ShownWhereItFails<'a> {
    name: &'static str,
    bytes: &'a [u8],
}

impl Drop for ShownWhereItFails<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("`{}` does not hold for b\"{}\"", self.name, self.bytes.escape_ascii());
        }
    }
}

/// Knuth's linear congruential numbers: the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    /// One of the seeds with one to four changes.
    fn changed(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            self.change(&mut bytes, seeds);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let at = self.below(bytes.len() + 1);
        let end = bytes.len().min(at + 1 + self.below(12));
        match self.below(7) {
            // A bit, a byte.
            0 => bytes[at..].iter_mut().take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
            1 => bytes.insert(at, self.below(256) as u8),
            // A piece lost, twice, or cut short.
            2 => drop(bytes.drain(at..end)),
            3 => bytes.extend_from_within(at..end),
            4 => bytes.truncate(at),
            // A digit or a sign of the formats.
            5 => bytes.insert(at, SIGNS[self.below(SIGNS.len())]),
            // A piece of another example.
            _ => {
                let other = &seeds[self.below(seeds.len())];
                let from = self.below(other.len());
                let to = (from + 1 + self.below(24)).min(other.len());
                drop(bytes.splice(at..end, other[from..to].iter().copied()));
            }
        }
    }
}

#[test]
fn what_an_answer_says_is_signed_is_about_the_request_and_stands_there() {
    try_on(&answers::PROPERTY, 5_000);
}

#[test]
fn scans_are_whole_lines_and_payment_codes_nothing_but_what_was_scanned() {
    try_on(&scans::PROPERTY, 20_000);
}

#[test]
fn news_is_signed_for_notifications_and_stands_there() {
    try_on(&notifications::PROPERTY, 5_000);
}

#[test]
fn what_a_panel_says_is_what_its_bytes_say_however_they_come() {
    try_on(&panels::PROPERTY, 20_000);
}

#[test]
fn an_accepted_shop_code_is_one_by_another_reading_of_the_specification() {
    try_on(&shop_codes::PROPERTY, 5_000);
}

#[test]
fn an_order_code_is_drawn_as_it_was_told_and_a_picture_of_one_costs_no_more_than_its_limits() {
    try_on(&pictures::PROPERTY, 500);
}

#[test]
fn what_is_wrong_in_a_board_file_is_said_with_its_line() {
    try_on(&files::BOARDS, 2_000);
}

#[test]
fn a_shop_file_that_loads_gives_settings_that_a_heart_can_work_with() {
    try_on(&files::SHOPS, 2_000);
}

#[test]
fn under_a_profile_that_loads_every_request_can_be_sent() {
    try_on(&files::PROFILES, 2_000);
}

#[test]
fn a_printer_is_ready_or_done_only_where_its_own_bytes_say_so() {
    try_on(&printers::PROPERTY, 20_000);
}

#[test]
fn a_record_that_is_read_is_written_the_same_and_one_that_cant_follow_changes_nothing() {
    try_on(&records::PROPERTY, 10_000);
}

#[test]
fn a_statement_that_is_read_and_written_again_reads_the_same() {
    try_on(&statements::PROPERTY, 10_000);
}
