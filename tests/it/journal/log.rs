//! The write-ahead log after a power cut: torn, cut short, damaged.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use postern::ports::Journal;
use postern_heart::ids::UqOrderId;
use postern_heart::money::{Amount, Currency};
use postern_heart::record::{Fact, Received, Record};
use postern_heart::screen::Cause;

use super::command::damaged;
use super::support::{Data, asked, paid, record, started};

const FRAME: usize = 24 + 1024;
const HEADER: usize = 32;

/// A data directory as the power left it, and how far the log was in use after each record.
struct Cut {
    data: Data,
    records: Vec<Record>,
    log: Vec<u8>,
    ends: Vec<usize>,
}

impl Cut {
    fn new() -> Cut {
        let data = Data::new();
        let records = vec![started(), asked(1), paid(1), asked(2)];
        let mut journal = data.journal();
        journal.read().unwrap();
        let mut ends = Vec::new();
        for record in &records {
            journal.save(record, *record == asked(1) || *record == asked(2)).unwrap();
            journal.mark();
            ends.push(end_of(&fs::read(data.file("journal.db-wal")).unwrap()));
        }
        // The power is cut here: nothing is closed.
        let after = Data::new();
        fs::create_dir_all(after.path()).unwrap();
        for name in ["journal.db", "journal.db-wal", "journal.mark"] {
            fs::copy(data.file(name), after.file(name)).unwrap();
        }
        let log = fs::read(after.file("journal.db-wal")).unwrap();
        Cut { data: after, records, log, ends }
    }

    /// The same directory with another log.
    fn with_log(&self, log: &[u8]) -> Data {
        let copy = Data::new();
        fs::create_dir_all(copy.path()).unwrap();
        for name in ["journal.db", "journal.mark"] {
            fs::copy(self.data.file(name), copy.file(name)).unwrap();
        }
        fs::write(copy.file("journal.db-wal"), log).unwrap();
        copy
    }

    /// How many records are whole in a log that is good up to `end`.
    fn whole(&self, end: usize) -> usize {
        self.ends.iter().filter(|record_end| **record_end <= end).count()
    }
}

/// Where the frames of the log's present round end.
fn end_of(log: &[u8]) -> usize {
    let salt = &log[16..24];
    let frames = log[HEADER..].chunks_exact(FRAME).take_while(|frame| &frame[8..16] == salt).count();
    HEADER + frames * FRAME
}

fn without_mark(data: &Data) -> PathBuf {
    let mark = data.file("journal.mark");
    fs::remove_file(&mark).unwrap();
    mark
}

#[test]
fn every_saved_record_outlives_a_power_cut() {
    let cut = Cut::new();
    let opened = cut.data.read().unwrap();
    assert_eq!(opened.recent, cut.records);
    assert_eq!(opened.open, [asked(2)]);
}

#[test]
fn a_torn_commit_is_as_if_it_had_never_begun() {
    let cut = Cut::new();
    let (start, end) = (cut.ends[2], cut.ends[3]);
    for torn_at in (start..end).step_by(997) {
        let mut log = cut.log.clone();
        log[torn_at..end].fill(0);
        let data = cut.with_log(&log);
        without_mark(&data);
        assert_eq!(data.read().unwrap().recent, cut.records[..3], "torn at {torn_at}");

        let data = cut.with_log(&cut.log[..torn_at]);
        without_mark(&data);
        assert_eq!(data.read().unwrap().recent, cut.records[..3], "cut at {torn_at}");
    }
}

#[test]
fn a_lost_end_is_told_by_the_mark() {
    let cut = Cut::new();
    for lost in [0, HEADER, cut.ends[0], cut.ends[1], cut.ends[2]] {
        let data = cut.with_log(&cut.log[..lost]);
        let fault = data.read().unwrap_err();
        assert_eq!(fault.cause, Cause::JournalDamaged);
        assert!(fault.detail.contains("record 4"), "{}", fault.detail);
    }
}

#[test]
fn a_flipped_bit_in_the_log_is_found_and_what_is_before_it_stays() {
    let cut = Cut::new();
    let end = cut.ends[3];
    for at in (0..end).step_by(613) {
        let mut log = cut.log.clone();
        log[at] ^= 1 << (at % 8);
        let data = cut.with_log(&log);
        match data.read() {
            Err(fault) => assert_eq!(fault.cause, Cause::JournalDamaged, "byte {at}: {}", fault.detail),
            Ok(opened) => assert_eq!(opened.recent, cut.records, "byte {at}"),
        }
        let data = cut.with_log(&log);
        without_mark(&data);
        let left = data.read().unwrap().recent;
        let whole = cut.whole(at);
        assert!(left.len() >= whole && cut.records.starts_with(&left), "byte {at}: {} records", left.len());
    }
}

#[test]
fn a_truncated_file_is_found() {
    let data = Data::new();
    let pin_set = Record { fact: Fact::PinSet, ..started() };
    // Every index has something to lose.
    let uq_id = UqOrderId("UQ1".to_owned());
    let received = Received { amount: Amount::new(4_600, Currency::HKD), uq_id, paid: None };
    let received = record(2, Fact::Received(received));
    data.save_all(&[(started(), false), (asked(1), true), (pin_set, false), (received, false)]);
    let file = fs::OpenOptions::new().write(true).open(data.file("journal.db")).unwrap();
    let whole = file.metadata().unwrap().len();
    for length in (0..whole).rev().step_by(1_000) {
        file.set_len(length).unwrap();
        match data.read() {
            Err(fault) => {
                assert_eq!(fault.cause, Cause::JournalDamaged, "cut to {length}: {}", fault.detail)
            }
            // The last page is of an index that a start does not read: the check of the whole finds it.
            Ok(_) => drop(damaged(&data, "verify")),
        }
    }
}

#[test]
fn a_write_error_in_the_file_header_is_found_while_the_terminal_runs() {
    let data = Data::new();
    let mut journal = data.journal();
    journal.read().unwrap();
    let file = fs::OpenOptions::new().write(true).open(data.file("journal.db")).unwrap();
    file.write_all_at(b"no SQLite file", 0).unwrap();
    assert_eq!(journal.read().unwrap_err().cause, Cause::JournalDamaged);
    assert_eq!(journal.save(&started(), false).unwrap_err().cause, Cause::JournalBroken);
}
