//! Every bit of the write-ahead log; and the log torn at every byte of its last commits, as a power cut tears it.
//!
//! What is asked is what a start asks first: which records are there, and does the mark say that some are lost? A whole
//! start, thousands of times, would take minutes; `tests/it/journal/log.rs` does it here and there.

use std::fs::{self, File, OpenOptions};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use postern_heart::record::Record;

use super::{bits, records};
use crate::journal::connect::PAGE_BYTES;
use crate::journal::rows::Tip;
use crate::journal::{JournalFile, Lock, connect, mark, start};
use crate::ports::Journal;

/// A frame's header and its page (<https://sqlite.org/fileformat2.html#walformat>).
const FRAME: usize = 24 + PAGE_BYTES as usize;
const HEADER: usize = 32;

/// A data directory as a power cut left it, its records all in the log.
struct Cut {
    directory: PathBuf,
    file: File,
    log: Vec<u8>,
    records: Vec<Record>,
    /// The log after each record, from before the first.
    stages: Vec<Vec<u8>>,
    mark: Option<Tip>,
}

impl Cut {
    fn new(name: &str) -> Cut {
        let running = super::directory(&format!("{name}-running"));
        let directory = super::directory(name);
        let log = format!("{}-wal", connect::FILE);
        let mut journal = JournalFile::new(Lock::take(&running).unwrap());
        journal.read().unwrap();
        let mut stages = vec![fs::read(running.join(&log)).unwrap()];
        for (record, open) in records() {
            journal.save(&record, open).unwrap();
            journal.mark();
            stages.push(fs::read(running.join(&log)).unwrap());
        }
        // The power is cut here: nothing is closed.
        fs::create_dir_all(&directory).unwrap();
        for name in [connect::FILE, &log, mark::FILE] {
            fs::copy(running.join(name), directory.join(name)).unwrap();
        }
        drop(journal);
        fs::remove_dir_all(&running).unwrap();
        Cut {
            file: OpenOptions::new().write(true).open(directory.join(&log)).unwrap(),
            log: stages.last().unwrap().clone(),
            records: records().into_iter().map(|(record, _)| record).collect(),
            stages,
            mark: mark::read(&directory.join(mark::FILE)),
            directory,
        }
    }

    /// Where in the log the records are from the one of this number, from 1, to the last.
    fn bytes_from(&self, number: usize) -> Range<usize> {
        end_of(&self.stages[number - 1])..end_of(&self.log)
    }

    /// Reads what is there, and checks it against a log that is as it was written up to `good`.
    fn check(&self, good: usize) {
        let whole = self.stages.iter().filter(|log| end_of(log) <= good).count().saturating_sub(1);
        let connection = connect::reader(&self.directory.join(connect::FILE)).unwrap();
        let (_, opened) = start::read(&connection).unwrap();
        let there = opened.recent;
        assert!(self.records.starts_with(&there), "good up to {good}: a record is not as it was saved");
        assert!(there.len() >= whole, "good up to {good}: {} of {whole} records are there", there.len());
        let lost = there.len() < self.records.len();
        assert_eq!(mark::check(&connection, self.mark).is_err(), lost, "good up to {good}: the mark");
    }

    fn ends(self) {
        fs::remove_dir_all(&self.directory).unwrap();
    }
}

/// Where the frames of the log's present round end.
fn end_of(log: &[u8]) -> usize {
    let salt = &log[16..24];
    let frames = log[HEADER..].chunks_exact(FRAME).take_while(|frame| &frame[8..16] == salt).count();
    HEADER + frames * FRAME
}

#[test]
fn a_log_cut_off_at_any_byte_of_its_last_commit_keeps_what_was_before() {
    let cut = Cut::new("cut-off");
    for length in cut.bytes_from(5).rev() {
        cut.file.set_len(length as u64).unwrap();
        cut.check(length);
    }
    cut.ends();
}

/// The log is written over in place: what is not written yet is what stood there before.
#[test]
fn a_log_torn_at_any_byte_of_its_last_commits_keeps_what_was_before() {
    let cut = Cut::new("torn");
    let before = &cut.stages[3];
    for torn in cut.bytes_from(4).rev() {
        cut.file.write_all_at(&before[torn..=torn], torn as u64).unwrap();
        cut.check(torn);
    }
    cut.ends();
}

#[test]
fn a_flipped_bit_of_the_log_is_found_or_changes_no_record() {
    let cut = Cut::new("flipped");
    let mut flips = 0;
    for at in 0..end_of(&cut.log) {
        for bit in bits(&cut.log, at) {
            cut.file.write_all_at(&[cut.log[at] ^ (1 << bit)], at as u64).unwrap();
            cut.check(at);
            flips += 1;
        }
        cut.file.write_all_at(&cut.log[at..=at], at as u64).unwrap();
    }
    assert!(flips > 30_000, "only {flips} bits were flipped");
    cut.ends();
}
