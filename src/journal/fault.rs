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
