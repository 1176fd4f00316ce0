//! `postern journal rebuild`: what is derived from the records, derived again.
//!
//! The records, which must be whole, are added one after the other to an empty file; that one then takes the old
//! one's place, which is kept beside it. So it does not matter what exactly is broken besides the records: the head,
//! an index, a trigger, a page of SQLite's own. A damaged *record* can't be rebuilt from anything.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use postern_heart::event::JournalFault;
use rusqlite::Connection;

use super::bulk::Bulk;
use super::fault::{damaged, fault, io_fault};
use super::mark::{self, Mark};
use super::rows::{COLUMNS, Link, Tip, Trouble};
use super::{Lock, audit, connect, room, schema, told};

const NEW: &str = "journal.rebuilt.db";

/// What a rebuild did.
#[derive(Debug)]
pub(super) struct Rebuilt {
    /// What was wrong before; nothing was done where this is empty.
    pub(super) wrong: Vec<String>,
    /// Where the chain ends.
    pub(super) tip: Tip,
    /// Where the old file is now.
    pub(super) kept: Option<PathBuf>,
}

/// Derives everything again where something of it is wrong.
pub(super) fn rebuild(lock: &Lock) -> Result<Rebuilt, JournalFault> {
    let directory = lock.directory();
    let (path, mark_path) = (directory.join(connect::FILE), directory.join(mark::FILE));
    let mut old = connect::repairer(&path)?;
    room::settle(&old).map_err(|error| fault(&path, "open", &error))?;
    let tip = audit::walk_chain(&old).map_err(|trouble| beyond_help(&path, trouble))?;
    let wrong = findings(&mut old, &path, mark::read(&mark_path))?;
    if wrong.is_empty() {
        return Ok(Rebuilt { wrong, tip, kept: None });
    }
    let new = directory.join(NEW);
    copy(&old, &path, &new)?;
    old.close().map_err(|(_, error)| fault(&path, "close", &error))?;
    let kept = exchange(&path, &new)
        .map_err(|error| io_fault(&path, "put the rebuilt file in the place of", &error))?;
    Mark::begin(&mark_path, tip).map_err(|error| io_fault(&mark_path, "write the mark of", &error))?;
    Ok(Rebuilt { wrong, tip, kept: Some(kept) })
}

/// Everything that is wrong besides the records.
fn findings(old: &mut Connection, path: &Path, mark: Option<Tip>) -> Result<Vec<String>, JournalFault> {
    let mut wrong = Vec::new();
    wrong.extend(schema::difference(old).map_err(|error| fault(path, "read", &error))?);
    for result in [audit::check(old, || true).map(|_| ()), mark::check(old, mark)] {
        match result {
            Ok(()) => {}
            Err(Trouble::Damage(damage)) => wrong.push(damage.to_string()),
            Err(Trouble::Sql(error)) => wrong.push(format!("SQLite can't read all of it: {error}")),
            Err(Trouble::Stopped) => wrong.push("it could not be checked to its end".to_owned()),
        }
    }
    Ok(wrong)
}

fn beyond_help(path: &Path, trouble: Trouble) -> JournalFault {
    match trouble {
        Trouble::Damage(damage) => {
            damaged(path, &format_args!("{damage}; a rebuild can't make a record whole"))
        }
        other => told(path, other),
    }
}

fn copy(old: &Connection, path: &Path, new: &Path) -> Result<(), JournalFault> {
    remove_all(new).map_err(|error| io_fault(new, "make", &error))?;
    let mut bulk = Bulk::begin(new)?;
    let read = |error: rusqlite::Error| fault(path, "read", &error);
    let mut statement =
        old.prepare(&format!("SELECT {COLUMNS} FROM record ORDER BY sequence")).map_err(read)?;
    let mut rows = statement.query([]).map_err(read)?;
    while let Some(row) = rows.next().map_err(read)? {
        bulk.add(&Link::read(row).map_err(|trouble| told(path, trouble))?)?;
    }
    bulk.finish().map(|_| ())
}

/// Keeps the old file under another name and gives its own to the new one; a power cut leaves one or the other.
fn exchange(path: &Path, new: &Path) -> io::Result<PathBuf> {
    let log = beside(path, "-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(io::Error::other("another program has it open"));
    }
    let kept = keep(path)?;
    for other in [log, beside(path, "-shm")] {
        remove(&other)?;
    }
    fs::rename(new, path)?;
    let directory = path.parent().unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()?;
    Ok(kept)
}

/// Links the file to the first free name of the form `journal.old-1.db`.
fn keep(path: &Path) -> io::Result<PathBuf> {
    let mut number = 1;
    loop {
        let kept = path.with_file_name(format!("journal.old-{number}.db"));
        match fs::hard_link(path, &kept) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            linked => return linked.map(|()| kept),
        }
    }
}

fn remove_all(path: &Path) -> io::Result<()> {
    [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")].iter().try_for_each(|path| remove(path))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    /// Only a name that is taken is a reason to try the next one; a disk that takes none would be tried for ever.
    #[test]
    fn a_file_that_cannot_be_kept_is_told() {
        let error = keep(Path::new("/nowhere/journal.db")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
