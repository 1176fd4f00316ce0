//! Every bit of the file, with nothing in the log.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use postern_heart::event::JournalFault;

use super::{bits, records};
use crate::journal::rows::{COLUMNS, Link};
use crate::journal::{JournalFile, Lock, audit, connect, mark, start, told};
use crate::ports::Journal;

/// A journal as a terminal leaves it when it ends.
fn closed(name: &str) -> PathBuf {
    let directory = super::directory(name);
    let mut journal = JournalFile::new(Lock::take(&directory).unwrap());
    journal.read().unwrap();
    records().iter().for_each(|(record, open)| journal.save(record, *open).unwrap());
    directory
}

/// Everything that `postern journal verify` checks.
fn verify(directory: &Path) -> Result<(), JournalFault> {
    let path = directory.join(connect::FILE);
    let mut connection = connect::still(&path)?;
    start::read(&connection)
        .and_then(|_| mark::check(&connection, mark::read(&directory.join(mark::FILE))))
        .and_then(|()| audit::check(&mut connection, || true))
        .map(|_| ())
        .map_err(|trouble| told(&path, trouble))
}

fn links(directory: &Path) -> Vec<Link> {
    let connection = connect::still(&directory.join(connect::FILE)).unwrap();
    let mut statement =
        connection.prepare(&format!("SELECT {COLUMNS} FROM record ORDER BY sequence")).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut links = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        links.push(Link::read(row).unwrap());
    }
    links
}

/// Flips the bits of every second byte from `first`; says how many flips were found.
fn flip(first: usize) -> usize {
    let directory = closed(if first == 0 { "even" } else { "odd" });
    let path = directory.join(connect::FILE);
    verify(&directory).unwrap();
    let (bytes, records) = (fs::read(&path).unwrap(), links(&directory));
    assert!(bytes.len() <= 32 << 10, "{} bytes take too long", bytes.len());
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    let mut found = 0;
    for (at, byte) in bytes.iter().enumerate().skip(first).step_by(2) {
        for bit in bits(&bytes, at) {
            file.write_all_at(&[byte ^ (1 << bit)], at as u64).unwrap();
            match verify(&directory) {
                Err(_) => found += 1,
                Ok(()) => assert_eq!(links(&directory), records, "byte {at}, bit {bit}"),
            }
        }
        file.write_all_at(&[*byte], at as u64).unwrap();
    }
    verify(&directory).unwrap();
    fs::remove_dir_all(&directory).unwrap();
    found
}

#[test]
fn every_flipped_bit_is_found_or_changes_no_record() {
    let other = std::thread::spawn(|| flip(1));
    let found = flip(0) + other.join().unwrap();
    assert!(found > 20_000, "only {found} flips were found: what was flipped is not a journal");
}
