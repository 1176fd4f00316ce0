//! A journal of 1,000,000 transactions: made once, then kept below `target` for the next run.

use std::fs;
use std::path::Path;

use postern::journal::{JournalFile, Lock, generate};
use postern::ports::Journal;
use postern_heart::ids::TerminalId;

use crate::Fault;

const TRANSACTIONS: u64 = 1_000_000;

/// Makes it in `data`, unless it is there and this program can read it.
pub(crate) fn prepare(data: &Path) -> Result<(), Fault> {
    if is_there(data) {
        return Ok(());
    }
    println!("making a journal of {TRANSACTIONS} transactions in {} (some minutes, once)", data.display());
    // There may be half of one, or one of an older form.
    let _ = fs::remove_dir_all(data);
    let terminal = TerminalId::parse("HK01").ok_or("the terminal's id is none")?;
    generate(&Lock::take(data)?, terminal, TRANSACTIONS).map_err(|fault| fault.detail)?;
    is_there(data).then_some(()).ok_or_else(|| "the journal that was made can't be read".into())
}

fn is_there(data: &Path) -> bool {
    let opened = data.is_dir().then(|| Lock::take(data).ok().map(|lock| JournalFile::new(lock).read()));
    matches!(opened, Some(Some(Ok(opened))) if opened.sequence >= TRANSACTIONS)
}
