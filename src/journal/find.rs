//! One transaction by any of its ids, however old it is: what an index makes as fast as the newest.

use postern_heart::event::Search;
use postern_heart::record::Record;
use rusqlite::{Connection, OptionalExtension};

use super::rows::{CHECKED, Link, Trouble};
use super::schema::{NAMED, NAMES};

/// All records of the transaction that has this id, in order, each checked against the one before it.
///
/// An acquirer's id that stands at two transactions finds the newer one.
pub(super) fn find(connection: &Connection, search: &Search) -> Result<Vec<Record>, Trouble> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT tx FROM record WHERE {NAMED} AND {NAMES} = upper(?1) ORDER BY sequence DESC LIMIT 1"
    ))?;
    let Some(tx) = statement.query_row([&search.0], |row| row.get::<_, String>(0)).optional()? else {
        return Ok(Vec::new());
    };
    let mut statement =
        connection.prepare_cached(&format!("{CHECKED} WHERE r.tx = ?1 ORDER BY r.sequence"))?;
    let mut rows = statement.query([&tx])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(Link::read_checked(row)?.record()?);
    }
    Ok(records)
}
