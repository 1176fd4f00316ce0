//! Opens the file: makes it, hardens the connection, checks that it is a journal and that commits are durable.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use postern_heart::event::JournalFault;
use postern_heart::screen::Cause;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::fault::{damaged, fault, io_fault};
use super::schema;

/// The journal's file in the data directory.
pub(super) const FILE: &str = "journal.db";

/// The pages of a new file, in bytes. A record touches five of them, and a commit writes each one whole: small pages are
/// sooner on the disk and wear it less.
pub(super) const PAGE_BYTES: i64 = 1024;

/// After so many pages a commit itself moves the write-ahead log into the file. [`crate::ports::Journal::tidy`]
/// does it long before that, unless the counter is never idle.
const CHECKPOINT_PAGES_MAX: i64 = 8_000;

/// In KiB; a sale touches a few dozen pages.
const CACHE_KIB: i64 = 256;

/// Only a recovery by another program ever makes us wait.
const BUSY_WAIT: Duration = Duration::from_secs(2);

/// Opens the journal for writing; makes it where there is none, and brings an older one up to date.
pub(super) fn writer(path: &Path) -> Result<Connection, JournalFault> {
    make(path).map_err(|error| io_fault(path, "make", &error))?;
    let mut connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let version = identify(&connection, path)?;
    make_durable(&connection).map_err(|error| fault(path, "open", &error))?;
    if version < schema::version() {
        migrate(&mut connection, version).map_err(|error| fault(path, "bring up to date", &error))?;
    }
    check_durable(&connection, path)?;
    check_schema(&connection, path)?;
    Ok(connection)
}

/// Opens the journal for reading, also while a terminal writes into it.
pub(super) fn reader(path: &Path) -> Result<Connection, JournalFault> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let version = identify(&connection, path)?;
    if version < schema::version() {
        let detail = format!(
            "could not read the journal {}: it is of an older form; run the terminal once",
            path.display()
        );
        return Err(JournalFault { cause: Cause::JournalBroken, detail });
    }
    check_schema(&connection, path)?;
    Ok(connection)
}

/// Opens the journal for a rebuild: what is derived may be wrong or missing.
pub(super) fn repairer(path: &Path) -> Result<Connection, JournalFault> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    identify(&connection, path)?;
    make_durable(&connection).map_err(|error| fault(path, "open", &error))?;
    check_durable(&connection, path)?;
    Ok(connection)
}

/// Opens a file that nobody writes to, without a log or a lock.
#[cfg(test)]
pub(super) fn still(path: &Path) -> Result<Connection, JournalFault> {
    let name = std::path::PathBuf::from(format!("file:{}?immutable=1", path.display()));
    let connection = open(&name, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI)?;
    identify(&connection, path)?;
    check_schema(&connection, path)?;
    Ok(connection)
}

/// SQLite makes its other files with the mode of this one. The file is never opened here once it exists: closing it
/// would take SQLite's locks on it away.
fn make(path: &Path) -> io::Result<()> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(file) => {
            file.sync_all()?;
            path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => make_private(path),
        Err(error) => Err(error),
    }
}

fn make_private(path: &Path) -> io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode & !0o077))
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, JournalFault> {
    Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .and_then(|connection| harden(&connection).map(|()| connection))
        .map_err(|error| fault(path, "open", &error))
}

/// Nothing in the file is trusted to do more than hold tables, and memory stays small.
fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    let off = [
        DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
        DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW,
        DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY,
        DbConfig::SQLITE_DBCONFIG_DQS_DDL,
        DbConfig::SQLITE_DBCONFIG_DQS_DML,
        DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE,
        DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE,
    ];
    for switch in off {
        connection.set_db_config(switch, false)?;
    }
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)
}

/// Says the file's version, 0 for a file that is still empty.
fn identify(connection: &Connection, path: &Path) -> Result<i64, JournalFault> {
    let pragma = |name| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|error| fault(path, "open", &error))
    };
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    if (application, version) == (0, 0)
        && is_empty(connection).map_err(|error| fault(path, "open", &error))?
    {
        return Ok(0);
    }
    if application != schema::APPLICATION {
        return Err(damaged(path, &"it is not a journal of this program"));
    }
    if version > schema::version() {
        let detail = format!(
            "the journal {} was written by a newer program: its form is {version}, this program knows forms up to {}",
            path.display(),
            schema::version(),
        );
        return Err(JournalFault { cause: Cause::JournalNewer, detail });
    }
    if version < 1 {
        return Err(damaged(path, &format_args!("no journal has the form {version}")));
    }
    Ok(version)
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

fn make_durable(connection: &Connection) -> rusqlite::Result<()> {
    // A file that has pages keeps them as they are.
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES_MAX, |_| Ok(()))
}

/// Reads back what [`make_durable`] asked for: SQLite ignores a pragma that it can't follow.
fn check_durable(connection: &Connection, path: &Path) -> Result<(), JournalFault> {
    const FULL: i64 = 2;
    let mode: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .map_err(|error| fault(path, "open", &error))?;
    let synchronous: i64 = connection
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .map_err(|error| fault(path, "open", &error))?;
    if mode == "wal" && synchronous == FULL {
        return Ok(());
    }
    let detail = format!(
        "could not make commits durable in the journal {}: journal_mode is {mode}, synchronous is {synchronous}",
        path.display(),
    );
    Err(JournalFault { cause: Cause::JournalBroken, detail })
}

fn migrate(connection: &mut Connection, from: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    schema::migrate(&transaction, from)?;
    transaction.commit()
}

fn check_schema(connection: &Connection, path: &Path) -> Result<(), JournalFault> {
    match schema::difference(connection) {
        Ok(None) => Ok(()),
        Ok(Some(what)) => Err(damaged(path, &what)),
        Err(error) => Err(fault(path, "open", &error)),
    }
}
