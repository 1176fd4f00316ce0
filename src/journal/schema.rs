//! The tables of the journal, and how an older file becomes a newer one.
//!
//! `record` is the journal. `head` and `open_transaction` are derived from it by a trigger, in the same commit, so
//! that no program can forget them; `postern journal rebuild` derives them again by
//! adding the records, one after the other, to an empty file. Triggers also refuse whatever is
//! not the next record: a change, a removal, a gap, a replacement.

use std::sync::OnceLock;

use rusqlite::{Connection, Transaction};

/// `POST`, so that `file` and this program know a journal from any other SQLite file.
pub(super) const APPLICATION: i64 = 0x504F_5354;

/// Each step takes the file from the version before it; the last one's number is [`version`].
const MIGRATIONS: [&[&str]; 6] = [
    &[RECORD, DERIVED, INDEX, APPENDS, NEVER_CHANGED, NEVER_REMOVED, DERIVES, FIRST],
    &[NAMES_INDEX],
    &[PIN_INDEX],
    // Only words: payments by link, codes on paper, their slips.
    &[],
    &[RECEIVED_INDEX],
    // Only words: a day compared with the acquirer.
    &[],
];

const RECORD: &str = "
CREATE TABLE record (
    sequence INTEGER PRIMARY KEY, -- from 1, without a gap
    tx TEXT,                      -- the transaction; null: about the terminal itself
    at INTEGER,                   -- milliseconds since 1970 UTC; null: the clock was not trusted
    kind TEXT NOT NULL,
    body TEXT NOT NULL,           -- a JSON object
    open INTEGER NOT NULL CHECK (open IN (0, 1)), -- the transaction still needs care after this record
    hash BLOB NOT NULL CHECK (length(hash) = 32)  -- of all columns before, and of the hash of the record before
) STRICT";

const DERIVED: &str = "
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    sequence INTEGER NOT NULL, -- of the last record
    hash BLOB NOT NULL,        -- of the last record
    open INTEGER NOT NULL,     -- how many transactions are open
    touched INTEGER NOT NULL   -- says nothing; a commit that changes it tries the disk
) STRICT;
CREATE TABLE open_transaction (
    tx TEXT PRIMARY KEY,
    records INTEGER NOT NULL, -- how many it has
    last INTEGER NOT NULL     -- the sequence of its last one
) STRICT, WITHOUT ROWID";

const INDEX: &str = "CREATE INDEX record_tx ON record (tx) WHERE tx IS NOT NULL";

/// The records that give a transaction a name.
pub(super) const NAMED: &str = "kind IN ('asked', 'cancelling', 'refunding', 'paid', 'paid_late')";

/// The name that such a record gives: our id of it, of its cancellation, of a refund, or the acquirer's.
pub(super) const NAMES: &str = "upper(CASE kind WHEN 'asked' THEN tx
    WHEN 'cancelling' THEN json_extract(body, '$.cancel') WHEN 'refunding' THEN json_extract(body, '$.refund')
    ELSE json_extract(body, '$.uq_id') END)";

// The text of NAMED and NAMES; a schema is never made of parts, so that what was once written stays as it was.
const NAMES_INDEX: &str = "CREATE INDEX record_names ON record (upper(CASE kind WHEN 'asked' THEN tx
    WHEN 'cancelling' THEN json_extract(body, '$.cancel') WHEN 'refunding' THEN json_extract(body, '$.refund')
    ELSE json_extract(body, '$.uq_id') END)) WHERE kind IN ('asked', 'cancelling', 'refunding', 'paid', 'paid_late')";

/// Was there ever a manager's PIN? One look, however old the journal is.
const PIN_INDEX: &str = "CREATE INDEX record_pin ON record (kind) WHERE kind = 'pin_set'";

/// What `received` records are found by: the acquirer's id, the only one that it knows of them.
const RECEIVED_INDEX: &str =
    "CREATE INDEX record_received ON record (upper(json_extract(body, '$.uq_id'))) WHERE kind = 'received'";

const APPENDS: &str = "
CREATE TRIGGER record_appends BEFORE INSERT ON record
WHEN NEW.sequence IS NOT (SELECT sequence + 1 FROM head)
BEGIN
    SELECT RAISE(ABORT, 'a record can only follow the last one');
END";

const NEVER_CHANGED: &str = "
CREATE TRIGGER record_never_changed BEFORE UPDATE ON record
BEGIN
    SELECT RAISE(ABORT, 'a record is never changed');
END";

const NEVER_REMOVED: &str = "
CREATE TRIGGER record_never_removed BEFORE DELETE ON record
BEGIN
    SELECT RAISE(ABORT, 'a record is never removed');
END";

const DERIVES: &str = "
CREATE TRIGGER record_derives AFTER INSERT ON record
BEGIN
    DELETE FROM open_transaction WHERE tx = NEW.tx AND NEW.open = 0;
    INSERT INTO open_transaction (tx, records, last)
        SELECT NEW.tx, count(*), NEW.sequence FROM record WHERE tx = NEW.tx AND NEW.open = 1 HAVING count(*) > 0
        ON CONFLICT (tx) DO UPDATE SET records = excluded.records, last = excluded.last;
    UPDATE head SET
        sequence = NEW.sequence, hash = NEW.hash, open = (SELECT count(*) FROM open_transaction);
END";

const FIRST: &str = "INSERT INTO head (one, sequence, hash, open, touched) VALUES (1, 0, zeroblob(32), 0, 0)";

/// The version that this program writes.
pub(super) fn version() -> i64 {
    MIGRATIONS.len() as i64
}

/// Takes a file of an older version (0: an empty one) to this program's, as a part of `transaction`.
pub(super) fn migrate(transaction: &Transaction<'_>, from: i64) -> rusqlite::Result<()> {
    let done = usize::try_from(from).unwrap_or(0);
    for statement in MIGRATIONS.iter().skip(done).copied().flatten() {
        transaction.execute_batch(statement)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", version())
}

/// One object of the schema: type, name, table, text.
type Object = (String, String, String, Option<String>);

/// Says what of the schema is not as this program makes it; `None` when all is.
pub(super) fn difference(connection: &Connection) -> rusqlite::Result<Option<String>> {
    static EXPECTED: OnceLock<Vec<Object>> = OnceLock::new();
    let expected = match EXPECTED.get() {
        Some(expected) => expected,
        None => {
            let fresh = expected()?;
            EXPECTED.get_or_init(|| fresh)
        }
    };
    let found = objects(connection)?;
    let missing = expected.iter().find(|object| !found.contains(object));
    let foreign = found.iter().find(|object| !expected.contains(object));
    Ok(match (missing, foreign) {
        (Some((kind, name, ..)), _) => Some(format!("its {kind} `{name}` is missing or was changed")),
        (None, Some((kind, name, ..))) => Some(format!("it has a foreign {kind} `{name}`")),
        (None, None) => None,
    })
}

/// The schema of a fresh journal.
fn expected() -> rusqlite::Result<Vec<Object>> {
    let mut fresh = Connection::open_in_memory()?;
    let transaction = fresh.transaction()?;
    migrate(&transaction, 0)?;
    objects(&transaction)
}

fn objects(connection: &Connection) -> rusqlite::Result<Vec<Object>> {
    let mut statement =
        connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    rows.collect()
}
