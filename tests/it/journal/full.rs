//! Disks that are full or read-only: small ones of memory, in a name space of their own that goes with the test.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use postern::journal::{JournalFile, Lock};
use postern::ports::Journal;
use postern_heart::screen::Cause;

use super::support::{Data, asked, started};

/// Set in the process that has the small disk: where it is mounted.
const DISK: &str = "POSTERN_TEST_DISK";

/// Runs `test` with a disk of 4 MiB of its own: this very test again, in a child process that may mount one.
fn on_a_small_disk(name: &str, test: fn(&Path)) {
    if let Some(disk) = std::env::var_os(DISK) {
        return test(Path::new(&disk));
    }
    let data = Data::new();
    fs::create_dir_all(data.path()).unwrap();
    let child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
        .arg("mount -t tmpfs -o size=4m small \"$POSTERN_TEST_DISK\" && exec \"$@\"")
        .args(["sh".as_ref(), std::env::current_exe().unwrap().as_os_str()])
        .args(["--exact", name, "--nocapture"])
        .env(DISK, data.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

fn fill(disk: &Path) {
    let mut file = OpenOptions::new().append(true).create(true).open(disk.join("filler")).unwrap();
    while file.write_all(&[1; 1024]).is_ok() {}
}

fn empty(disk: &Path) {
    fs::remove_file(disk.join("filler")).unwrap();
}

#[test]
fn a_disk_that_fills_up_loses_nothing_that_was_saved() {
    on_a_small_disk("journal::full::a_disk_that_fills_up_loses_nothing_that_was_saved", |disk| {
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
    on_a_small_disk("journal::full::a_disk_that_is_full_is_told_at_the_start_and_when_idle", |disk| {
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

#[test]
fn a_read_only_disk_is_told() {
    on_a_small_disk("journal::full::a_read_only_disk_is_told", |disk| {
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
