//! The journal on disk: one SQLite file, to which records are only ever added.
//!
//! ```text
//! data/postern.lock   who may write        (lock)
//!      journal.db     the records          (connect, schema, rows, disk, chain, find)
//!      journal.mark   how far they went    (mark)
//! ```
//!
//! - A record is durable when [`Journal::save`] returns: one statement, one commit, `synchronous=FULL` on a
//!   write-ahead log. Records that come together share a commit ([`Journal::save_all`]). Triggers derive the head and
//!   the open transactions in the same commit.
//! - Nothing is changed or removed. Each record carries the hash of all its columns and of the record before it: that
//!   finds damage, not a thief (see `chain`).
//! - A start reads the head, the open transactions and the last records, and checks them (see `start`). The whole
//!   is checked in the background (see `audit`), and by `postern journal verify`.
//! - After an error the connection is dropped: what is on disk is not known until it is read again.
//!
//! What it does not do: understand records. Which may follow which is the heart's business.
//! The reasons are in `docs/decisions/journal-*.md`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use postern_heart::event::{JournalFault, Opened, Search};
use postern_heart::perform::Saving;
use postern_heart::record::Record;
use postern_heart::screen::Cause;
use rusqlite::{Connection, TransactionBehavior};

use crate::ports::Journal;
use audit::{Audit, Pace};
use fault::{damaged, fault};
use mark::Mark;
use rows::{Link, Tip, Trouble};

mod audit;
mod bulk;
mod chain;
mod command;
mod connect;
#[cfg(test)]
mod damage;
mod describe;
pub mod disk;
mod fault;
mod find;
#[cfg(feature = "sim")]
mod generate;
mod list;
mod lock;
mod mark;
mod rebuild;
mod room;
mod rows;
mod schema;
mod start;

pub use command::{Args, CommandFault, Outcome, exists, knows, run, transaction, transactions};
#[cfg(feature = "sim")]
pub use generate::generate;
pub use lock::{Lock, LockFault};

/// What is done with damage that the check in the background finds.
type OnDamage = Arc<dyn Fn(JournalFault) + Send + Sync>;

/// The journal's file, to be written by this program alone.
pub struct JournalFile {
    path: PathBuf,
    writer: Option<Writer>,
    audit: Option<Audit>,
    on_damage: Option<OnDamage>,
    // Let go of last, when nothing is open any more.
    lock: Lock,
}

/// An open file, and where its chain ends.
struct Writer {
    connection: Connection,
    tip: Tip,
    mark: Mark,
    records_in_log: u32,
}

impl JournalFile {
    /// The journal of a locked data directory. Nothing is opened before [`Journal::read`].
    pub fn new(lock: Lock) -> JournalFile {
        let path = lock.directory().join(connect::FILE);
        JournalFile { path, writer: None, audit: None, on_damage: None, lock }
    }

    /// Has the whole journal checked in the background, a while after each [`Journal::read`] and once a day.
    #[must_use]
    pub fn audited(mut self, on_damage: impl Fn(JournalFault) + Send + Sync + 'static) -> JournalFile {
        self.on_damage = Some(Arc::new(on_damage));
        self
    }

    fn not_open(&self, verb: &str) -> JournalFault {
        let detail = format!("could not {verb} the journal {}: it is not open", self.path.display());
        JournalFault { cause: Cause::JournalBroken, detail }
    }

    /// Writes; a file in which that failed is not trusted any more.
    fn write(&mut self, write: impl FnOnce(&mut Writer) -> rusqlite::Result<()>) -> Result<(), JournalFault> {
        let Some(writer) = self.writer.as_mut() else { return Err(self.not_open("write to")) };
        write(writer).map_err(|error| {
            self.writer = None;
            fault(&self.path, "write to", &error)
        })
    }

    fn mark_path(&self) -> PathBuf {
        self.lock.directory().join(mark::FILE)
    }

    fn open(&self) -> Result<(Writer, Opened), JournalFault> {
        let connection = connect::writer(&self.path)?;
        let mark_path = self.mark_path();
        let (tip, opened) = start::read(&connection)
            .and_then(|read| mark::check(&connection, mark::read(&mark_path)).map(|()| read))
            .map_err(|trouble| told(&self.path, trouble))?;
        room::make(&connection).map_err(|error| fault(&self.path, "write to", &error))?;
        let mark = Mark::begin(&mark_path, tip)
            .map_err(|error| fault::io_fault(&mark_path, "write the mark of", &error))?;
        Ok((Writer { connection, tip, mark, records_in_log: 0 }, opened))
    }
}

impl Journal for JournalFile {
    fn save(&mut self, record: &Record, open: bool) -> Result<(), JournalFault> {
        self.write(|writer| writer.save(record, open))
    }

    fn save_all(&mut self, records: &[Saving]) -> Result<(), JournalFault> {
        self.write(|writer| writer.save_all(records))
    }

    fn mark(&mut self) {
        self.writer.iter().for_each(Writer::mark);
    }

    fn read(&mut self) -> Result<Opened, JournalFault> {
        self.writer = None;
        self.audit = None;
        let (writer, opened) = self.open()?;
        self.writer = Some(writer);
        self.audit = self
            .on_damage
            .as_ref()
            .map(|on_damage| Audit::begin(&self.path, Pace::GENTLE, Arc::clone(on_damage)));
        Ok(opened)
    }

    fn find(&mut self, search: &Search) -> Result<Vec<Record>, JournalFault> {
        let Some(writer) = self.writer.as_ref() else { return Err(self.not_open("search")) };
        find::find(&writer.connection, search).map_err(|trouble| told(&self.path, trouble))
    }

    /// Moves the write-ahead log into the file when there is enough of it.
    fn tidy(&mut self) -> Result<(), JournalFault> {
        match self.writer.as_mut().map_or(Ok(()), Writer::tidy) {
            Ok(()) => Ok(()),
            Err(error) => {
                self.writer = None;
                Err(fault(&self.path, "tidy", &error))
            }
        }
    }
}

impl Writer {
    fn save(&mut self, record: &Record, open: bool) -> rusqlite::Result<()> {
        self.tip = add(&self.connection, self.tip, record, open)?;
        self.records_in_log += 1;
        Ok(())
    }

    fn save_all(&mut self, records: &[Saving]) -> rusqlite::Result<()> {
        let mut tip = self.tip;
        let commit = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for Saving { record, open } in records {
            tip = add(&commit, tip, record, *open)?;
        }
        commit.commit()?;
        self.tip = tip;
        self.records_in_log += records.len() as u32;
        Ok(())
    }

    fn mark(&self) {
        if let Err(error) = self.mark.set(self.tip) {
            tracing::warn!(%error, "the records are saved, the journal's mark is not");
        }
    }

    fn tidy(&mut self) -> rusqlite::Result<()> {
        if self.records_in_log < room::RECORDS_MAX {
            return Ok(());
        }
        room::start_over(&self.connection)?;
        self.records_in_log = 0;
        self.mark();
        if let Err(error) = self.mark.sync() {
            tracing::warn!(%error, "the journal's mark is not on disk yet");
        }
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.mark();
    }
}

/// Adds a record after `tip`, and gives the new one.
fn add(connection: &Connection, tip: Tip, record: &Record, open: bool) -> rusqlite::Result<Tip> {
    let row = disk::write(record, tip.sequence + 1, open)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let tip = tip.next(&row);
    Link { row, hash: tip.hash }.add(connection)?;
    Ok(tip)
}

/// What the trouble means for the terminal.
fn told(path: &Path, trouble: Trouble) -> JournalFault {
    match trouble {
        Trouble::Sql(error) => fault(path, "read", &error),
        Trouble::Damage(damage) => damaged(path, &damage),
        Trouble::Stopped => JournalFault {
            cause: Cause::JournalBroken,
            detail: format!("could not check the journal {}: it was called off", path.display()),
        },
    }
}
