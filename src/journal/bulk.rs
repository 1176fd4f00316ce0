//! A new file filled with many records at once, durable only at the end.

use std::path::Path;

use postern_heart::event::JournalFault;
use rusqlite::Connection;

use super::connect;
use super::fault::fault;
use super::room;
use super::rows::{Link, Tip};

/// Records in one commit.
const COMMIT: i64 = 10_000;

/// A journal in the making.
pub(super) struct Bulk<'a> {
    path: &'a Path,
    connection: Connection,
    tip: Tip,
}

impl<'a> Bulk<'a> {
    /// Begins an empty journal at `path`, where there must be none.
    pub(super) fn begin(path: &'a Path) -> Result<Bulk<'a>, JournalFault> {
        let connection = connect::writer(path)?;
        connection
            .pragma_update(None, "synchronous", "OFF")
            .and_then(|()| connection.execute_batch("BEGIN IMMEDIATE"))
            .map_err(|error| fault(path, "make", &error))?;
        Ok(Bulk { path, connection, tip: Tip::START })
    }

    /// Where its chain ends by now.
    #[cfg(feature = "sim")]
    pub(super) fn tip(&self) -> Tip {
        self.tip
    }

    /// Adds the next record.
    pub(super) fn add(&mut self, link: &Link) -> Result<(), JournalFault> {
        self.try_add(link).map_err(|error| fault(self.path, "write to", &error))
    }

    fn try_add(&mut self, link: &Link) -> rusqlite::Result<()> {
        link.add(&self.connection)?;
        self.tip = Tip { sequence: link.row.sequence, hash: link.hash };
        if self.tip.sequence % COMMIT == 0 {
            self.connection.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
        }
        Ok(())
    }

    /// Makes all of it durable and lets go of the file.
    pub(super) fn finish(self) -> Result<Tip, JournalFault> {
        let made = self.connection.execute_batch("COMMIT").and_then(|()| room::settle(&self.connection));
        made.and_then(|()| self.connection.close().map_err(|(_, error)| error))
            .map_err(|error| fault(self.path, "finish", &error))?;
        Ok(self.tip)
    }
}
