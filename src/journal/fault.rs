//! What SQLite and the file system say, in the four causes that the terminal has words for.

use std::fmt::Display;
use std::io;
use std::path::Path;

use postern_heart::event::JournalFault;
use postern_heart::screen::Cause;
use rusqlite::{Error, ErrorCode, ffi};

/// Something went wrong while `doing` something with the journal at `path`.
pub(super) fn fault(path: &Path, doing: &str, error: &Error) -> JournalFault {
    said(cause(error), path, doing, error)
}

/// The same for an error of the file system.
pub(super) fn io_fault(path: &Path, doing: &str, error: &io::Error) -> JournalFault {
    let cause = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Cause::DiskFull,
        _ => Cause::JournalBroken,
    };
    said(cause, path, doing, error)
}

/// The journal holds something that it must not.
pub(super) fn damaged(path: &Path, what: &dyn Display) -> JournalFault {
    JournalFault {
        cause: Cause::JournalDamaged,
        detail: format!("the journal {} is damaged: {what}", path.display()),
    }
}

fn said(cause: Cause, path: &Path, doing: &str, error: &dyn Display) -> JournalFault {
    JournalFault { cause, detail: format!("could not {doing} the journal {}: {error}", path.display()) }
}

fn cause(error: &Error) -> Cause {
    match error {
        Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DiskFull => Cause::DiskFull,
            // The index of the write-ahead log could not grow: a full disk is the one ordinary reason.
            ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
                Cause::DiskFull
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation => {
                Cause::JournalDamaged
            }
            _ => Cause::JournalBroken,
        },
        // What was read is not what was ever written.
        Error::InvalidColumnType(..)
        | Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::Utf8Error(..)
        | Error::QueryReturnedNoRows => Cause::JournalDamaged,
        _ => Cause::JournalBroken,
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::types::Type;

    use super::*;

    fn of_sqlite(extended_code: i32) -> Cause {
        cause(&Error::SqliteFailure(ffi::Error::new(extended_code), None))
    }

    /// The cashier makes room, calls for help, or both: the words on the screen follow the cause.
    #[test]
    fn a_full_disk_is_told_apart_from_a_broken_and_from_a_damaged_journal() {
        for full in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_SHMSIZE] {
            assert_eq!(of_sqlite(full), Cause::DiskFull, "{full}");
        }
        for broken in
            [ffi::SQLITE_IOERR_READ, ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_BUSY, ffi::SQLITE_CANTOPEN]
        {
            assert_eq!(of_sqlite(broken), Cause::JournalBroken, "{broken}");
        }
        for damaged in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB, ffi::SQLITE_CONSTRAINT_TRIGGER] {
            assert_eq!(of_sqlite(damaged), Cause::JournalDamaged, "{damaged}");
        }
        let no_number = Error::InvalidColumnType(0, "sequence".to_owned(), Type::Text);
        assert_eq!(cause(&no_number), Cause::JournalDamaged);
        assert_eq!(cause(&Error::InvalidQuery), Cause::JournalBroken);
    }

    #[test]
    fn the_file_systems_full_disk_and_used_up_quota_are_a_full_disk() {
        let cause = |kind: io::ErrorKind| io_fault(Path::new("journal.db"), "make", &kind.into()).cause;
        assert_eq!(cause(io::ErrorKind::StorageFull), Cause::DiskFull);
        assert_eq!(cause(io::ErrorKind::QuotaExceeded), Cause::DiskFull);
        assert_eq!(cause(io::ErrorKind::PermissionDenied), Cause::JournalBroken);
    }
}
