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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn directory(name: &str) -> PathBuf {
        let directory = std::env::temp_dir().join(format!("postern-connect-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        directory
    }

    fn says(connection: &Connection, pragma: &str) -> String {
        connection
            .pragma_query_value(None, pragma, |row| {
                row.get::<_, i64>(0).map(|number| number.to_string()).or_else(|_| row.get(0))
            })
            .unwrap()
    }

    fn assert_says<const N: usize>(connection: &Connection, expected: [(&str, &str); N]) {
        expected.iter().for_each(|(pragma, value)| assert_eq!(says(connection, pragma), *value, "{pragma}"));
    }

    /// SQLite takes a pragma that it can't follow without a word: only what it says afterwards counts.
    #[test]
    fn whoever_opens_the_journal_trusts_nothing_in_it_and_keeps_memory_small() {
        let directory = directory("hard");
        let path = directory.join(FILE);
        for open in [writer, reader, repairer] {
            let connection = open(&path).unwrap();
            assert!(connection.db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE).unwrap());
            for off in [
                DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
                DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW,
                DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY,
                DbConfig::SQLITE_DBCONFIG_DQS_DDL,
                DbConfig::SQLITE_DBCONFIG_DQS_DML,
                DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE,
                DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE,
            ] {
                assert!(!connection.db_config(off).unwrap(), "{off:?}");
            }
            // A negative cache is in KiB, a positive one in pages; 2 is memory.
            assert_says(
                &connection,
                [
                    ("busy_timeout", "2000"),
                    ("cell_size_check", "1"),
                    ("mmap_size", "0"),
                    ("temp_store", "2"),
                    ("cache_size", "-256"),
                ],
            );
        }
        fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn whoever_writes_the_journal_waits_for_the_disk_at_each_commit() {
        let directory = directory("durable");
        let path = directory.join(FILE);
        for open in [writer, repairer] {
            let connection = open(&path).unwrap();
            let commits = [("journal_mode", "wal"), ("synchronous", "2")];
            assert_says(&connection, commits);
            assert_says(&connection, [("page_size", "1024"), ("wal_autocheckpoint", "8000")]);
        }
        fs::remove_dir_all(&directory).unwrap();
    }

    /// A file system without shared memory can have no write-ahead log, and SQLite goes on with another kind of journal.
    #[test]
    fn a_journal_whose_commits_do_not_wait_for_the_disk_is_refused() {
        let directory = directory("refused");
        let path = directory.join(FILE);
        let connection = writer(&path).unwrap();
        for (mode, synchronous, said) in [
            ("wal", "OFF", "synchronous is 0"),
            ("wal", "NORMAL", "synchronous is 1"),
            ("delete", "FULL", "journal_mode is delete"),
        ] {
            connection.pragma_update_and_check(None, "journal_mode", mode, |_| Ok(())).unwrap();
            connection.pragma_update(None, "synchronous", synchronous).unwrap();
            let fault = check_durable(&connection, &path).unwrap_err();
            assert_eq!(fault.cause, Cause::JournalBroken);
            assert!(fault.detail.contains(said), "{}", fault.detail);
        }
        make_durable(&connection).unwrap();
        check_durable(&connection, &path).unwrap();
        fs::remove_dir_all(&directory).unwrap();
    }
}
