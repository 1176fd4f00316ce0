//! The mark: the last durable record's number and hash, in a small file beside the journal.
//!
//! SQLite takes a damaged end of its write-ahead log for a commit that the power cut short, and drops it without a
//! word. The mark is written after commits have returned, so it never runs ahead of the disk: where it names a
//! record that the journal does not have, records were lost, and the terminal says so. It is not synced (it costs a
//! sale nothing): a mark that is older than the journal, torn, or missing proves nothing and is no fault.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use ring::digest::{SHA256, digest};
use rusqlite::Connection;

use super::chain::Hash;
use super::rows::{Damage, Tip, Trouble, hash_of};

/// The mark's file in the data directory.
pub(super) const FILE: &str = "journal.mark";

/// The mark, open for writing.
#[derive(Debug)]
pub(super) struct Mark(File);

impl Mark {
    /// Opens the mark, which is made if it is not there, and sees that it durably says `tip`.
    pub(super) fn begin(path: &Path, tip: Tip) -> io::Result<Mark> {
        let says_so = read(path) == Some(tip);
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        let mark = Mark(file);
        if !says_so {
            mark.set(tip)?;
            mark.sync()?;
        }
        Ok(mark)
    }

    /// Notes that everything up to `tip` is durable.
    pub(super) fn set(&self, tip: Tip) -> io::Result<()> {
        self.0.write_all_at(text(tip).as_bytes(), 0)
    }

    /// Makes the mark itself durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

/// Reads the mark; `None` where it is missing or torn.
pub(super) fn read(path: &Path) -> Option<Tip> {
    parse(&std::fs::read_to_string(path).ok()?)
}

/// Compares the journal with the mark: is what was durable once still there?
pub(super) fn check(connection: &Connection, mark: Option<Tip>) -> Result<(), Trouble> {
    let Some(mark) = mark.filter(|mark| mark.sequence > 0) else { return Ok(()) };
    match hash_of(connection, mark.sequence)? {
        Some(hash) if hash == mark.hash => Ok(()),
        Some(_) => Err(Damage::at(mark.sequence, "it is not the record that was once written there").into()),
        None => {
            Err(Damage::at(mark.sequence, "it was written once and is lost, with all that was near the end")
                .into())
        }
    }
}

fn text(tip: Tip) -> String {
    let says = format!("{:020} {}", tip.sequence, tip.hash);
    format!("{says} {}\n", check_sum(&says))
}

fn parse(text: &str) -> Option<Tip> {
    let (says, sum) = text.strip_suffix('\n')?.rsplit_once(' ')?;
    let (sequence, hash) = says.split_once(' ')?;
    let tip = Tip { sequence: sequence.parse().ok()?, hash: Hash::parse(hash)? };
    (check_sum(says) == sum).then_some(tip)
}

fn check_sum(says: &str) -> String {
    let digest = digest(&SHA256, says.as_bytes());
    digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_back_and_a_torn_one_is_none() {
        let tip = Tip { sequence: 12, hash: Hash::NONE };
        let whole = text(tip);
        assert_eq!(parse(&whole), Some(tip));
        for end in 0..whole.len() {
            assert_eq!(parse(whole.get(..end).unwrap_or_default()), None, "cut at {end}");
        }
        assert_eq!(parse(&whole.replace("12 ", "13 ")), None);
    }
}
