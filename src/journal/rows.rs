//! Rows of the table `record`: read, checked against the chain, and added.

use std::fmt;

use postern_heart::record::Record;
use rusqlite::{Connection, Error, ErrorCode, OptionalExtension, params};

use super::chain::{Hash, Row};
use super::disk;

/// The columns in the order in which [`Link::read`] takes them.
pub(super) const COLUMNS: &str = "sequence, tx, at, kind, body, open, hash";

/// Records, each with the hash of the one before it, for [`Link::read_checked`].
pub(super) const CHECKED: &str = "SELECT r.sequence, r.tx, r.at, r.kind, r.body, r.open, r.hash, before.hash
    FROM record AS r LEFT JOIN record AS before ON before.sequence = r.sequence - 1";

const ADD: &str =
    "INSERT INTO record (sequence, tx, at, kind, body, open, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// A row with its hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Link {
    pub(super) row: Row,
    pub(super) hash: Hash,
}

/// Where the chain ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Tip {
    pub(super) sequence: i64,
    pub(super) hash: Hash,
}

/// Something in the journal that was never written so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Damage {
    /// The record, where it is one.
    pub(super) sequence: Option<i64>,
    pub(super) what: String,
}

/// Why the journal could not be read.
#[derive(Debug)]
pub(super) enum Trouble {
    /// SQLite could not.
    Sql(Error),
    /// It could, and what it read is wrong.
    Damage(Damage),
    /// The reading was called off.
    Stopped,
}

impl Tip {
    /// Before the first record.
    pub(super) const START: Tip = Tip { sequence: 0, hash: Hash::NONE };

    /// The tip once this row is added.
    pub(super) fn next(self, row: &Row) -> Tip {
        Tip { sequence: row.sequence, hash: row.hash(self.hash) }
    }

    /// Goes on to the next link, if it is one.
    pub(super) fn follow(&mut self, link: &Link) -> Result<(), Damage> {
        let expected = self.sequence + 1;
        if link.row.sequence != expected {
            return Err(Damage::at(expected, "it is missing"));
        }
        if link.row.hash(self.hash) != link.hash {
            return Err(Damage::at(expected, "its hash does not fit what it says and the record before it"));
        }
        *self = Tip { sequence: expected, hash: link.hash };
        Ok(())
    }
}

impl Link {
    /// Reads [`COLUMNS`].
    pub(super) fn read(row: &rusqlite::Row<'_>) -> Result<Link, Trouble> {
        let sequence: i64 = row.get(0)?;
        Ok(Link::read_rest(row, sequence).map_err(|error| Damage::column(sequence, error))?)
    }

    /// Reads what [`CHECKED`] selects: a record that fits the one before it.
    pub(super) fn read_checked(row: &rusqlite::Row<'_>) -> Result<Link, Trouble> {
        let link = Link::read(row)?;
        let sequence = link.row.sequence - 1;
        let before: Option<Hash> = row.get(7).map_err(|error| Damage::column(sequence, error))?;
        let hash = match before {
            Some(hash) => hash,
            None if sequence == 0 => Hash::NONE,
            None => return Err(Damage::at(sequence, "it is missing").into()),
        };
        Tip { sequence, hash }.follow(&link)?;
        Ok(link)
    }

    fn read_rest(row: &rusqlite::Row<'_>, sequence: i64) -> rusqlite::Result<Link> {
        let hash = row.get(6)?;
        // As a `bool` any number but 0 would do, and a damaged one would pass.
        let open = match row.get(5)? {
            0 => false,
            1 => true,
            other => return Err(Error::IntegralValueOutOfRange(5, other)),
        };
        let row =
            Row { sequence, tx: row.get(1)?, at: row.get(2)?, kind: row.get(3)?, body: row.get(4)?, open };
        Ok(Link { row, hash })
    }

    /// What the row says.
    pub(super) fn record(&self) -> Result<Record, Damage> {
        disk::read(&self.row).map_err(|error| Damage::at(self.row.sequence, error))
    }

    /// Adds the row; the triggers refuse whatever is not the next one, and derive the rest.
    pub(super) fn add(&self, connection: &Connection) -> rusqlite::Result<()> {
        let Row { sequence, tx, at, kind, body, open } = &self.row;
        let mut statement = connection.prepare_cached(ADD)?;
        statement.execute(params![sequence, tx, at, kind, body, open, self.hash])?;
        Ok(())
    }
}

/// The hash of one record; `None` where there is no such record.
pub(super) fn hash_of(connection: &Connection, sequence: i64) -> rusqlite::Result<Option<Hash>> {
    connection
        .query_row("SELECT hash FROM record WHERE sequence = ?1", [sequence], |row| row.get(0))
        .optional()
}

impl Damage {
    pub(super) fn at(sequence: i64, what: impl fmt::Display) -> Damage {
        Damage { sequence: Some(sequence), what: what.to_string() }
    }

    /// A value that no column of a record ever holds.
    fn column(sequence: i64, error: Error) -> Damage {
        Damage::at(sequence, format_args!("a column can't be read: {error}"))
    }

    pub(super) fn elsewhere(what: impl fmt::Display) -> Damage {
        Damage { sequence: None, what: what.to_string() }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sequence {
            Some(sequence) => write!(f, "record {sequence}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl Trouble {
    /// Names the record where SQLite itself can't go on.
    pub(super) fn near(self, sequence: i64) -> Trouble {
        match self {
            Trouble::Sql(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
                Trouble::Damage(Damage::at(sequence, format_args!("SQLite can't read it: {error}")))
            }
            other => other,
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble::Sql(error)
    }
}

impl From<Damage> for Trouble {
    fn from(damage: Damage) -> Trouble {
        Trouble::Damage(damage)
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    /// A journal that another program keeps busy is whole: nobody is told that a record is damaged.
    #[test]
    fn only_a_page_that_sqlite_cannot_make_out_is_a_damaged_record() {
        let sqlite = |code| Trouble::Sql(Error::SqliteFailure(ffi::Error::new(code), None)).near(7);
        let corrupt = sqlite(ffi::SQLITE_CORRUPT);
        assert!(matches!(&corrupt, Trouble::Damage(Damage { sequence: Some(7), .. })), "{corrupt:?}");
        for code in [ffi::SQLITE_BUSY, ffi::SQLITE_IOERR, ffi::SQLITE_NOMEM] {
            let other = sqlite(code);
            assert!(matches!(&other, Trouble::Sql(_)), "{other:?}");
        }
    }
}
