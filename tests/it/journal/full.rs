//! Disks that are full or read-only: small ones of memory, in a name space of their own that goes with the test.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use postern::journal::{JournalFile, Lock};
use postern::ports::Journal;
use postern_heart::perform::Saving;
use postern_heart::screen::Cause;

use super::support::{asked, on_a_disk, started};

fn fill(disk: &Path) {
    let mut file = OpenOptions::new().append(true).create(true).open(disk.join("filler")).unwrap();
    while file.write_all(&[1; 1024]).is_ok() {}
}

fn empty(disk: &Path) {
    fs::remove_file(disk.join("filler")).unwrap();
}

#[test]
fn a_disk_that_fills_up_loses_nothing_that_was_saved() {
    on_a_disk("4m", "journal::full::a_disk_that_fills_up_loses_nothing_that_was_saved", |disk| {
        let mut journal = JournalFile::new(Lock::take(&disk.join("data")).unwrap());
        journal.read().unwrap();
        fill(disk);
        let mut saved = 0;
        let fault = loop {
            match journal.save(&asked(saved + 1), true) {
                Ok(()) => saved += 1,
                Err(fault) => break fault,
            }
        };
        assert_eq!(fault.cause, Cause::DiskFull, "{}", fault.detail);
        assert!(saved >= 32, "there was room for {saved} records only");
        assert_eq!(journal.read().unwrap_err().cause, Cause::DiskFull);

        empty(disk);
        let opened = journal.read().unwrap();
        let first: Vec<_> = (1..=saved).map(asked).collect();
        assert_eq!(opened.open[..first.len()], first);
        assert!(opened.sequence <= u64::from(saved) + 1, "at most the failed one is there, too");
        journal.save(&started(), false).unwrap();
    });
}

#[test]
fn a_disk_that_is_full_is_told_at_the_start_and_when_idle() {
    on_a_disk("4m", "journal::full::a_disk_that_is_full_is_told_at_the_start_and_when_idle", |disk| {
        let mut journal = JournalFile::new(Lock::take(&disk.join("data")).unwrap());
        fill(disk);
        assert_eq!(journal.read().unwrap_err().cause, Cause::DiskFull);

        empty(disk);
        journal.read().unwrap();
        fill(disk);
        let fault = (1..=40).find_map(|number| {
            journal.save(&asked(number), true).unwrap();
            journal.tidy().err()
        });
        assert_eq!(fault.unwrap().cause, Cause::DiskFull);
    });
}

/// The directory and the lock take the last places that the disk has for files.
#[test]
fn a_disk_without_a_place_for_one_more_file_is_told_as_full() {
    let name = "journal::full::a_disk_without_a_place_for_one_more_file_is_told_as_full";
    on_a_disk("4m,nr_inodes=3", name, |disk| {
        let mut journal = JournalFile::new(Lock::take(&disk.join("data")).unwrap());
        let fault = journal.read().unwrap_err();
        assert_eq!(fault.cause, Cause::DiskFull, "{}", fault.detail);
    });
}

#[test]
fn records_that_come_together_and_find_the_disk_full_are_none_of_them_there() {
    let name = "journal::full::records_that_come_together_and_find_the_disk_full_are_none_of_them_there";
    on_a_disk("4m", name, |disk| {
        let mut journal = JournalFile::new(Lock::take(&disk.join("data")).unwrap());
        journal.read().unwrap();
        journal.save(&started(), false).unwrap();
        fill(disk);
        let many: Vec<_> = (1..=2_000).map(|number| Saving { record: asked(number), open: true }).collect();
        let fault = journal.save_all(&many).unwrap_err();
        assert_eq!(fault.cause, Cause::DiskFull, "{}", fault.detail);

        empty(disk);
        let opened = journal.read().unwrap();
        assert_eq!((opened.sequence, opened.open.len()), (1, 0));
    });
}

#[test]
fn a_read_only_disk_is_told() {
    on_a_disk("4m", "journal::full::a_read_only_disk_is_told", |disk| {
        let mut journal = JournalFile::new(Lock::take(&disk.join("data")).unwrap());
        journal.read().unwrap();
        journal.save(&started(), false).unwrap();
        let remounted = Command::new("mount").args(["-o", "remount,ro"]).arg(disk).status().unwrap();
        // Linux refuses while files are open for writing: the journal's are.
        assert!(!remounted.success());
        drop(journal);
        assert!(Command::new("mount").args(["-o", "remount,ro"]).arg(disk).status().unwrap().success());
        let error = Lock::take(&disk.join("data")).unwrap_err().to_string();
        assert!(error.contains("data") && error.contains("ead-only"), "{error}");
    });
}
