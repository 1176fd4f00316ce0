//! One writer for a data directory: a lock that the kernel lets go of when its holder dies.
//!
//! `postern.lock` is locked with `flock` and names its holder for whoever comes second. The file stays when the
//! program ends; only the kernel's lock on it counts, so a power cut leaves nothing to clean up. What it does not
//! do: keep readers out (`postern journal list` and `verify` only read), or reach across a network file system.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const NAME: &str = "postern.lock";

/// The right to write into a data directory, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    directory: PathBuf,
    _held: File,
}

/// Why a data directory can't be written to by this program.
#[derive(Debug, thiserror::Error)]
pub enum LockFault {
    /// Another program has it.
    #[error("the data directory {} is in use by {holder}", directory.display())]
    Held {
        /// The data directory.
        directory: PathBuf,
        /// Process id and command of the other program.
        holder: String,
    },
    /// The directory can't be made or the lock file can't be written.
    #[error("could not use the data directory {}: {source}", directory.display())]
    Directory {
        /// The data directory.
        directory: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Lock {
    /// Takes the directory, which is made (for its owner alone) if it is not there.
    ///
    /// # Errors
    /// [`LockFault`]; nothing in the directory was changed.
    pub fn take(directory: &Path) -> Result<Lock, LockFault> {
        let fault = |source| LockFault::Directory { directory: directory.to_owned(), source };
        make_private(directory).map_err(fault)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(directory.join(NAME))
            .map_err(fault)?;
        match file.try_lock() {
            Ok(()) => {
                name_holder(&mut file).map_err(fault)?;
                Ok(Lock { directory: directory.to_owned(), _held: file })
            }
            Err(TryLockError::WouldBlock) => {
                Err(LockFault::Held { directory: directory.to_owned(), holder: holder(&mut file) })
            }
            Err(TryLockError::Error(source)) => Err(fault(source)),
        }
    }

    /// The data directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }
}

fn make_private(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let mode = fs::metadata(directory)?.permissions().mode();
    fs::set_permissions(directory, fs::Permissions::from_mode(mode & !0o077))
}

fn name_holder(file: &mut File) -> io::Result<()> {
    let command: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    write!(file, "process {} ({})", std::process::id(), command.join(" "))
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.take(4096).read_to_string(&mut text) {
        Ok(length) if length > 0 => text,
        _ => "another program".to_owned(),
    }
}
