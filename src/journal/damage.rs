//! Every bit of a small journal, flipped: found, or shown to change no record.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use postern_heart::ask::Product;
use postern_heart::event::JournalFault;
use postern_heart::ids::OrderId;
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::record::{Asked, Fact, Record};

use super::rows::{COLUMNS, Link};
use super::{JournalFile, Lock, audit, connect, mark, start, told};
use crate::ports::Journal;

/// A journal of a few records, one transaction open, closed as a terminal closes it.
fn small(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("postern-damage-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&directory);
    let mut journal = JournalFile::new(Lock::take(&directory).unwrap());
    journal.read().unwrap();
    let started = Record { transaction: None, at: None, fact: Fact::Started { version: "0.1.0".to_owned() } };
    journal.save(&started, false).unwrap();
    for (number, open) in [(1, false), (2, true)] {
        let id = OrderId::parse(&format!("HK01-{number:06}-7KQ2M9XD")).unwrap();
        let asked = Asked {
            product: Product::OrderCode,
            amount: Amount::new(1_250, Currency::HKD),
            code: None,
            sale: id,
            attempt: 1,
            expire_at: Wall(1_785_000_070_000),
            cut_off: Wall(1_785_023_999_000),
            beside: None,
        };
        let record = |fact| Record { transaction: Some(id), at: Some(Wall(1_785_000_000_000)), fact };
        journal.save(&record(Fact::Asked(asked)), true).unwrap();
        journal.save(&record(Fact::NotSent), open).unwrap();
    }
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

/// Whether nothing is near this byte.
fn empty_around(bytes: &[u8], at: usize) -> bool {
    bytes.iter().skip(at.saturating_sub(12)).take(25).all(|byte| *byte == 0)
}

/// Flips the bits of every second byte from `first`; says how many flips were found.
fn flip(first: usize) -> usize {
    let directory = small(if first == 0 { "even" } else { "odd" });
    let path = directory.join(connect::FILE);
    verify(&directory).unwrap();
    let (bytes, records) = (fs::read(&path).unwrap(), links(&directory));
    assert!(bytes.len() <= 32 << 10, "{} bytes take too long", bytes.len());
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    let mut found = 0;
    for (at, byte) in bytes.iter().enumerate().skip(first).step_by(2) {
        let bits = match empty_around(&bytes, at) {
            false => 0..8,
            // One bit of empty space is as good as another.
            true if at % 16 == first => at / 16 % 8..at / 16 % 8 + 1,
            true => continue,
        };
        for bit in bits {
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
