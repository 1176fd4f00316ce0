//! What a start reads, and checks while it reads: the head, the open transactions, the last records.
//!
//! None of it grows with the age of the journal. The rest is checked by [`super::audit`], later.

use std::collections::BTreeMap;
use std::fmt;

use postern_heart::event::Opened;
use postern_heart::record::Record;
use rusqlite::Connection;

use super::rows::{CHECKED, COLUMNS, Damage, Link, Tip, Trouble};

/// How many of the last records are read, for the list of recent transactions.
const RECENT: i64 = 400;

/// The derived row that says where the journal ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Head {
    pub(super) tip: Tip,
    pub(super) open: i64,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {} is the last and {} transactions are open", self.tip.sequence, self.open)
    }
}

/// A derived row that says which transaction is open.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct OpenRow {
    pub(super) tx: String,
    pub(super) records: i64,
    pub(super) last: i64,
}

/// Reads and checks all that a start needs, as it was at one moment.
pub(super) fn read(connection: &Connection) -> Result<(Tip, Opened), Trouble> {
    let snapshot = connection.unchecked_transaction()?;
    let head = head(&snapshot)?;
    let recent = recent(&snapshot, head.tip)?;
    let open = open(&snapshot, head.open)?;
    let pin_set =
        snapshot
            .query_row("SELECT EXISTS (SELECT 1 FROM record WHERE kind = 'pin_set')", [], |row| row.get(0))?;
    let sequence = u64::try_from(head.tip.sequence).map_err(|_| Damage::elsewhere("its head is negative"))?;
    Ok((head.tip, Opened { sequence, pin_set, open, recent }))
}

/// The head.
pub(super) fn head(connection: &Connection) -> Result<Head, Trouble> {
    let mut statement = connection.prepare("SELECT sequence, hash, open FROM head")?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Err(Damage::elsewhere("its head is missing").into()) };
    let head = Head { tip: Tip { sequence: row.get(0)?, hash: row.get(1)? }, open: row.get(2)? };
    Ok(head)
}

/// The rows of the derived table of open transactions, in the order of their ids.
pub(super) fn open_rows(connection: &Connection) -> Result<Vec<OpenRow>, Trouble> {
    let mut statement = connection.prepare("SELECT tx, records, last FROM open_transaction ORDER BY tx")?;
    let rows = statement
        .query_map([], |row| Ok(OpenRow { tx: row.get(0)?, records: row.get(1)?, last: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The last records; they must end where the head says.
fn recent(connection: &Connection, head: Tip) -> Result<Vec<Record>, Trouble> {
    let mut statement = connection
        .prepare(&format!("SELECT {COLUMNS} FROM record WHERE sequence >= ?1 ORDER BY sequence"))?;
    let mut rows = statement.query([(head.sequence - RECENT).max(1)])?;
    let mut tip = Tip::START;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let link = Link::read(row)?;
        if tip == Tip::START && link.row.sequence > 1 {
            // One more than asked for: what the others are chained to.
            tip = Tip { sequence: link.row.sequence, hash: link.hash };
            continue;
        }
        tip.follow(&link)?;
        records.push(link.record()?);
    }
    if tip == head {
        return Ok(records);
    }
    let what = format!("its head is at record {}, its last record is {}", head.sequence, tip.sequence);
    Err(if tip.sequence == head.sequence {
        Damage::at(tip.sequence, "its hash is not the head's").into()
    } else {
        Damage::elsewhere(what).into()
    })
}

/// The records of every open transaction, in the order of the journal.
fn open(connection: &Connection, count: i64) -> Result<Vec<Record>, Trouble> {
    let rows = open_rows(connection)?;
    if rows.len() as i64 != count {
        let what = format!("its head knows of {count} open transactions, its table of {}", rows.len());
        return Err(Damage::elsewhere(what).into());
    }
    let mut records = BTreeMap::new();
    for row in &rows {
        for link in links(connection, row)? {
            records.insert(link.row.sequence, link.record()?);
        }
    }
    Ok(records.into_values().collect())
}

/// The records of one open transaction, each checked against the record before it.
fn links(connection: &Connection, open: &OpenRow) -> Result<Vec<Link>, Trouble> {
    let mut statement =
        connection.prepare_cached(&format!("{CHECKED} WHERE r.tx = ?1 ORDER BY r.sequence"))?;
    let mut rows = statement.query([&open.tx])?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        links.push(Link::read_checked(row)?);
    }
    let fits = links.last().is_some_and(|last| last.row.open && last.row.sequence == open.last)
        && links.len() as i64 == open.records;
    if !fits {
        return Err(Damage::elsewhere(format_args!(
            "what is derived of transaction {} does not fit",
            open.tx
        ))
        .into());
    }
    Ok(links)
}
