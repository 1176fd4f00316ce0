//! Room for the next records, made before they come.
//!
//! A commit that finds the disk full in the middle of a sale is the worst moment to learn of it: the payment is made
//! and can't be recorded. So the write-ahead log is grown beforehand and written over from then on; the file itself
//! grows only when the log is moved into it, at a start or in an idle moment. Where there is no room for that, the
//! terminal is out of service before the next sale and not during it.

use rusqlite::Connection;

/// How many records may lie in the log before it should be moved into the file.
pub(super) const RECORDS_MAX: u32 = 32;

/// Pages of the log that are written beforehand: a record takes five to nine.
const PAGES: u32 = 12 * RECORDS_MAX;

/// Moves the log into the file and sees that a log of [`PAGES`] fits on the disk.
///
/// This also writes every page of the log anew. After a sync that failed, the system may hold pages that it never
/// wrote and will not write again: what a commit left in the log is trusted only once it was written another time.
pub(super) fn make(connection: &Connection) -> rusqlite::Result<()> {
    settle(connection)?;
    // These commits say nothing, so they need no sync of their own; the checkpoint below syncs them all.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let grown = (0..PAGES).try_for_each(|_| touch(connection));
    connection.pragma_update(None, "synchronous", "FULL")?;
    grown?;
    start_over(connection)
}

/// Moves all of the log into the file and cuts it to nothing.
pub(super) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    checkpoint(connection, "TRUNCATE")
}

/// Moves the log into the file, as far as no reader needs it, and begins it anew.
pub(super) fn start_over(connection: &Connection) -> rusqlite::Result<()> {
    checkpoint(connection, "PASSIVE")?;
    // The first commit of a log syncs twice: here, and not in a sale. It also shows that a commit is possible.
    touch(connection)
}

fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<()> {
    connection.pragma(None, "wal_checkpoint", mode, |_| Ok(()))
}

/// Commits and says nothing. (SQLite does not write a row that stays as it is.)
fn touch(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE head SET touched = 1 - touched")?.execute([]).map(|_| ())
}
