//! One transaction by any of its ids, however old it is: what an index makes as fast as the newest.

use postern_heart::event::Search;
use postern_heart::record::Record;
use rusqlite::{Connection, OptionalExtension};

use super::rows::{CHECKED, Link, Trouble};
use super::schema::{NAMED, NAMES};

/// What came in by the static code, by the acquirer's id.
const RECEIVED: &str = "SELECT tx FROM record
    WHERE kind = 'received' AND upper(json_extract(body, '$.uq_id')) = upper(?1) ORDER BY sequence DESC LIMIT 1";

/// The same by our own id, which stands on its receipt.
const OWN_ID: &str = "SELECT tx FROM record WHERE tx IN (?1, upper(?1)) LIMIT 1";

/// All records of the transaction that has this id, in order, each checked against the one before it.
///
/// An acquirer's id that stands at two transactions finds the newer one.
pub(super) fn find(connection: &Connection, search: &Search) -> Result<Vec<Record>, Trouble> {
    let one = |sql: &str| -> rusqlite::Result<Option<String>> {
        connection.prepare_cached(sql)?.query_row([&search.0], |row| row.get(0)).optional()
    };
    let named =
        format!("SELECT tx FROM record WHERE {NAMED} AND {NAMES} = upper(?1) ORDER BY sequence DESC LIMIT 1");
    let mut found = None;
    for sql in [named.as_str(), RECEIVED, OWN_ID] {
        found = match found {
            Some(tx) => Some(tx),
            None => one(sql)?,
        };
    }
    let Some(tx) = found else { return Ok(Vec::new()) };
    let mut statement =
        connection.prepare_cached(&format!("{CHECKED} WHERE r.tx = ?1 ORDER BY r.sequence"))?;
    let mut rows = statement.query([&tx])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(Link::read_checked(row)?.record()?);
    }
    Ok(records)
}
