//! Every bit of a small journal flipped, and its log torn at every byte: found, or shown to change no record.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::PathBuf;

use postern_heart::ask::Product;
use postern_heart::ids::OrderId;
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::record::{Asked, Fact, Record};

mod file;
mod log;

/// A fresh name for a data directory.
fn directory(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("postern-damage-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&directory);
    directory
}

/// A few records, each with whether its transaction is open after it: one of two transactions is at the end.
fn records() -> Vec<(Record, bool)> {
    let started = Record { transaction: None, at: None, fact: Fact::Started { version: "0.1.0".to_owned() } };
    let mut records = vec![(started, false)];
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
        records.push((record(Fact::Asked(asked)), true));
        records.push((record(Fact::NotSent), open));
    }
    records
}

/// The bits of the byte at this place that are flipped: of empty space, one in sixteen bytes. It is as good as another.
fn bits(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let is_empty = bytes.iter().skip(at.saturating_sub(12)).take(25).all(|byte| *byte == 0);
    match (is_empty, at % 16) {
        (false, _) => 0..8,
        (true, 0 | 1) => at / 16 % 8..at / 16 % 8 + 1,
        (true, _) => 0..0,
    }
}
