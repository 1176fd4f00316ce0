//! The journal on disk: one SQLite file, to which records are only ever added.
//!
//! ```text
//! data/postern.lock   who may write        (lock)
//!      journal.db     the records          (connect, schema, rows, disk, chain)
//!      journal.mark   how far they went    (mark)
//! ```
//!
//! - A record is durable when [`Journal::save`] returns: one statement, one commit, `synchronous=FULL` on a
//!   write-ahead log. Triggers derive the head and the open transactions in the same commit.
//! - Nothing is changed or removed. Each record carries the hash of all its columns and of the record before it: that
//!   finds damage, not a thief (see `chain`).
//! - A start reads the head, the open transactions and the last records, and checks them (see `start`). The whole
//!   is for a later, slower check.
//! - After an error the connection is dropped: what is on disk is not known until it is read again.
//!
//! What it does not do: understand records. Which may follow which is the heart's business.

use std::path::{Path, PathBuf};

use postern_heart::event::{JournalFault, Opened};
use postern_heart::record::Record;
use postern_heart::screen::Cause;
use rusqlite::Connection;

use crate::ports::Journal;
use fault::{damaged, fault};
use mark::Mark;
use rows::{Link, Tip, Trouble};

mod chain;
mod connect;
mod disk;
mod fault;
mod lock;
mod mark;
mod rows;
mod schema;
mod start;

pub use lock::{Lock, LockFault};

/// So many saves may lie in the write-ahead log before [`JournalFile::tidy`] has something to do.
const TIDY_AFTER: u32 = 64;

/// The journal's file, to be written by this program alone.
pub struct JournalFile {
    lock: Lock,
    path: PathBuf,
    writer: Option<Writer>,
}

/// An open file, and where its chain ends.
struct Writer {
    connection: Connection,
    tip: Tip,
    mark: Mark,
    saves_since_tidy: u32,
}

impl JournalFile {
    /// The journal of a locked data directory. Nothing is opened before [`Journal::read`].
    pub fn new(lock: Lock) -> JournalFile {
        let path = lock.directory().join(connect::FILE);
        JournalFile { lock, path, writer: None }
    }

    /// Moves the write-ahead log into the file when there is enough of it: for moments when nobody waits.
    ///
    /// # Errors
    /// The journal can't be written any more: read it again before anything else is saved.
    pub fn tidy(&mut self) -> Result<(), JournalFault> {
        match self.writer.as_mut().map_or(Ok(()), Writer::tidy) {
            Ok(()) => Ok(()),
            Err(error) => {
                self.writer = None;
                Err(fault(&self.path, "tidy", &error))
            }
        }
    }

    fn mark_path(&self) -> PathBuf {
        self.lock.directory().join(mark::FILE)
    }

    fn open(&self) -> Result<(Writer, Opened), JournalFault> {
        let connection = connect::writer(&self.path)?;
        let mark_path = self.mark_path();
        rewrite_log(&connection).map_err(|error| fault(&self.path, "open", &error))?;
        let (tip, opened) = start::read(&connection)
            .and_then(|read| mark::check(&connection, mark::read(&mark_path)).map(|()| read))
            .map_err(|trouble| told(&self.path, trouble))?;
        probe(&connection).map_err(|error| fault(&self.path, "write to", &error))?;
        let mark = Mark::open(&mark_path)
            .and_then(|mark| mark.set(tip).and_then(|()| mark.sync()).map(|()| mark))
            .map_err(|error| fault::io_fault(&mark_path, "write the mark of", &error))?;
        Ok((Writer { connection, tip, mark, saves_since_tidy: 0 }, opened))
    }
}

impl Journal for JournalFile {
    fn save(&mut self, record: &Record, open: bool) -> Result<(), JournalFault> {
        let Some(writer) = self.writer.as_mut() else {
            let detail = format!("could not write to the journal {}: it is not open", self.path.display());
            return Err(JournalFault { cause: Cause::JournalBroken, detail });
        };
        match writer.save(record, open) {
            Ok(()) => Ok(()),
            Err(error) => {
                self.writer = None;
                Err(fault(&self.path, "write to", &error))
            }
        }
    }

    fn read(&mut self) -> Result<Opened, JournalFault> {
        self.writer = None;
        let (writer, opened) = self.open()?;
        self.writer = Some(writer);
        Ok(opened)
    }
}

impl Writer {
    fn save(&mut self, record: &Record, open: bool) -> rusqlite::Result<()> {
        let row = disk::write(record, self.tip.sequence + 1, open)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        let tip = self.tip.next(&row);
        Link { row, hash: tip.hash }.add(&self.connection)?;
        self.tip = tip;
        self.saves_since_tidy += 1;
        if let Err(error) = self.mark.set(tip) {
            tracing::warn!(%error, "the record is saved, the journal's mark is not");
        }
        Ok(())
    }

    fn tidy(&mut self) -> rusqlite::Result<()> {
        if self.saves_since_tidy < TIDY_AFTER {
            return Ok(());
        }
        checkpoint(&self.connection, "PASSIVE")?;
        // The first commit into an emptied log syncs it twice: here, and not in a sale.
        probe(&self.connection)?;
        self.saves_since_tidy = 0;
        Ok(())
    }
}

/// Writes every page of the log anew into the file itself.
///
/// After a sync that failed, the system may hold pages that it never wrote and will not write again; what a commit
/// left in the log is trusted only once it has been written, and synced, another time.
fn rewrite_log(connection: &Connection) -> rusqlite::Result<()> {
    checkpoint(connection, "TRUNCATE")
}

fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<()> {
    connection.pragma(None, "wal_checkpoint", mode, |_| Ok(()))
}

/// Commits without a change, to see that a commit is possible.
fn probe(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("UPDATE head SET sequence = sequence", []).map(|_| ())
}

/// What the trouble means for the terminal.
fn told(path: &Path, trouble: Trouble) -> JournalFault {
    match trouble {
        Trouble::Sql(error) => fault(path, "read", &error),
        Trouble::Damage(damage) => damaged(path, &damage),
    }
}
