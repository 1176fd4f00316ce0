//! A journal of many years, made in a minute: for figures about old journals.

use std::path::Path;

use postern_heart::ask::Product;
use postern_heart::event::JournalFault;
use postern_heart::ids::{OrderId, TerminalId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::record::{Asked, Fact, Paid, Paper, Record, Shown, Source};

use super::bulk::Bulk;
use super::rows::Link;
use super::{Lock, connect, disk, fault};

/// From one transaction to the next: a million take seven years.
const EVERY_MS: u64 = 220_000;
/// The first transaction's time, 2019-10-01: a million end before this program was made. A journal from the future is one
/// whose terminal rightly does not trust its clock, and never gets ready.
const BEGIN: Wall = Wall(1_569_888_000_000);

/// Fills the empty directory of `lock` with this many paid and printed transactions of `terminal`, five records
/// each; says how many records there are.
///
/// # Errors
/// The journal can't be written, or there is one already.
pub fn generate(lock: &Lock, terminal: TerminalId, transactions: u64) -> Result<u64, JournalFault> {
    let path = lock.directory().join(connect::FILE);
    if path.exists() {
        let error = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        return Err(fault::io_fault(&path, "generate", &error));
    }
    let mut bulk = Bulk::begin(&path)?;
    for number in 0..transactions {
        for (record, open) in transaction(&bulk, terminal, number) {
            add(&mut bulk, &path, &record, open)?;
        }
    }
    bulk.finish().map(|tip| tip.sequence.unsigned_abs())
}

fn add(bulk: &mut Bulk<'_>, path: &Path, record: &Record, open: bool) -> Result<(), JournalFault> {
    let tip = bulk.tip();
    let row = disk::write(record, tip.sequence + 1, open)
        .map_err(|error| fault::io_fault(path, "write to", &error.into()))?;
    let hash = tip.next(&row).hash;
    bulk.add(&Link { row, hash })
}

fn transaction(bulk: &Bulk<'_>, terminal: TerminalId, number: u64) -> [(Record, bool); 5] {
    const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
    const DAY_MS: u64 = 86_400_000;
    let at = BEGIN.after(number * EVERY_MS);
    let id = OrderId::make(terminal, bulk.tip().sequence.unsigned_abs() + 1, number.wrapping_mul(SPREAD));
    let asked = Asked {
        product: Product::OrderCode,
        amount: Amount::new(100 + number % 100_000, Currency::HKD),
        code: None,
        sale: id,
        attempt: 1,
        expire_at: at.after(130_000),
        cut_off: at.after(DAY_MS),
        beside: None,
    };
    let paid = Paid { uq_id: None, paid: None, by: Source::Detail };
    let paper = Paper::Receipt;
    let record = |ms, fact| Record { transaction: Some(id), at: Some(at.after(ms)), fact };
    [
        (record(0, Fact::Asked(asked)), true),
        (record(500, Fact::Shown(Shown::Display)), true),
        (record(9_000, Fact::Paid(paid)), true),
        (record(9_010, Fact::Printing { paper, duplicate: false }), true),
        (record(11_000, Fact::Printed { paper, confirmed: true }), false),
    ]
}
