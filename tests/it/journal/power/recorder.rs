//! Notes what SQLite does to the files of a directory: every write and every sync, in their order; and refuses them, where
//! a test wants a bad disk.
//!
//! It is a VFS (<https://sqlite.org/vfs.html>): a copy of SQLite's own for Unix, in which what changes a file is noted as
//! soon as it is done. All the rest (locks, shared memory, the files themselves) stays SQLite's own. It becomes the
//! default of this process, so the journal needs no door for tests; files of directories that nobody watches are not
//! touched by it.
//!
//! The crate that makes a VFS of a safe trait, `sqlite-plugin`, wants libclang to be built, and the whole of a file
//! system with locks and shared memory from us. Here it is enough to look on.
#![allow(
    unsafe_code,
    reason = "a VFS is a table of C functions, and SQLite calls them with its own pointers"
)]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use rusqlite::ffi;

/// A file, whatever its name is: one that is removed and made again is another one.
pub(super) type File = usize;

/// What happened to a file or to the directory.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// It was there before anything was noted.
    Found { name: String, file: File, bytes: Vec<u8> },
    /// The directory got this name.
    Made { name: String, file: File },
    /// The directory lost this name.
    Removed { name: String },
    /// From byte `at` on.
    Wrote { file: File, at: usize, bytes: Vec<u8> },
    /// It was cut off, or grown with zeros.
    Resized { file: File, size: usize },
    /// Everything written to it so far is on disk.
    Synced { file: File },
    /// That could not be done.
    SyncFailed { file: File },
    /// Every name made or removed so far is on disk.
    SyncedDirectory,
}

/// What a disk does instead of what it is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// It is full: after so many more writes it takes none.
    Full(usize),
    /// It can't be written to any more, because the system made it read-only: after so many more writes it takes none.
    ReadOnly(usize),
    /// After so many more syncs, one fails.
    FailedSync(usize),
}

/// A directory whose files are watched until this is dropped.
pub(super) struct Recording(Arc<Watch>);

struct Watch {
    directory: PathBuf,
    seen: Mutex<Seen>,
    fault: Mutex<Option<Fault>>,
}

#[derive(Default)]
struct Seen {
    steps: Vec<Step>,
    names: BTreeMap<String, File>,
    files: usize,
}

/// A watched file that SQLite has open.
struct Open {
    watch: Arc<Watch>,
    file: File,
    /// SQLite syncs the directory with the first sync of a log or rollback journal that it made (`unixSync`).
    syncs_directory: bool,
    own: ffi::sqlite3_io_methods,
    /// What SQLite calls instead of `own`; lives at this address until the file is closed.
    noting: Box<ffi::sqlite3_io_methods>,
}

type OpenFile = unsafe extern "C" fn(
    *mut ffi::sqlite3_vfs,
    ffi::sqlite3_filename,
    *mut ffi::sqlite3_file,
    c_int,
    *mut c_int,
) -> c_int;
type DeleteFile = unsafe extern "C" fn(*mut ffi::sqlite3_vfs, *const c_char, c_int) -> c_int;

/// SQLite's own functions.
static OWN: OnceLock<(OpenFile, DeleteFile)> = OnceLock::new();
static WATCHED: Mutex<Vec<Arc<Watch>>> = Mutex::new(Vec::new());
/// By the address of SQLite's own value for the file.
static OPEN: Mutex<BTreeMap<usize, Open>> = Mutex::new(BTreeMap::new());

impl Recording {
    /// Notes from now on what connections that are opened from now on do to files of this directory.
    pub(super) fn begin(directory: &Path) -> Recording {
        OWN.get_or_init(register);
        let directory = directory.canonicalize().unwrap();
        let watch = Arc::new(Watch { directory, seen: Mutex::default(), fault: Mutex::default() });
        WATCHED.lock().unwrap().push(Arc::clone(&watch));
        Recording(watch)
    }

    /// How much was noted so far.
    pub(super) fn len(&self) -> usize {
        self.0.seen.lock().unwrap().steps.len()
    }

    /// From now on the disk is as good as new, but for this.
    pub(super) fn fails(&self, fault: Option<Fault>) {
        *self.0.fault.lock().unwrap() = fault;
    }

    /// All that was noted.
    pub(super) fn end(self) -> Vec<Step> {
        std::mem::take(&mut self.0.seen.lock().unwrap().steps)
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        WATCHED.lock().unwrap().retain(|watch| !Arc::ptr_eq(watch, &self.0));
    }
}

impl Watch {
    fn note(&self, step: Step) {
        self.seen.lock().unwrap().steps.push(step);
    }

    /// What the disk answers to a write, instead of writing; the answers are those of SQLite's own VFS.
    fn refuses_write(&self) -> Option<c_int> {
        match &mut *self.fault.lock().unwrap() {
            None | Some(Fault::FailedSync(_)) => None,
            Some(Fault::Full(0)) => Some(ffi::SQLITE_FULL),
            Some(Fault::ReadOnly(0)) => Some(ffi::SQLITE_IOERR_WRITE),
            Some(Fault::Full(left) | Fault::ReadOnly(left)) => {
                *left -= 1;
                None
            }
        }
    }

    /// The same for a sync.
    fn refuses_sync(&self) -> Option<c_int> {
        let mut fault = self.fault.lock().unwrap();
        match &mut *fault {
            None | Some(Fault::Full(_) | Fault::ReadOnly(_)) => None,
            Some(Fault::FailedSync(0)) => {
                *fault = None;
                Some(ffi::SQLITE_IOERR_FSYNC)
            }
            Some(Fault::FailedSync(left)) => {
                *left -= 1;
                None
            }
        }
    }

    /// The file of this name is about to be opened, and made where it is missing.
    fn opened(&self, name: String, before: Option<Vec<u8>>) -> File {
        let mut seen = self.seen.lock().unwrap();
        let known = seen.names.get(&name).copied();
        match (known, before) {
            (Some(file), Some(_)) => file,
            (_, before) => {
                let file = seen.files;
                seen.files += 1;
                seen.names.insert(name.clone(), file);
                seen.steps.push(match before {
                    Some(bytes) => Step::Found { name, file, bytes },
                    None => Step::Made { name, file },
                });
                file
            }
        }
    }

    fn removed(&self, name: String, synced: bool) {
        let mut seen = self.seen.lock().unwrap();
        seen.names.remove(&name);
        seen.steps.push(Step::Removed { name });
        if synced {
            seen.steps.push(Step::SyncedDirectory);
        }
    }
}

/// Makes the copy of SQLite's VFS the default, once in this process.
fn register() -> (OpenFile, DeleteFile) {
    // SAFETY: SQLite's own VFS lives as long as the process, and so does the copy, which is leaked. The copy keeps its
    // private data (`pAppData`), which its functions read and nobody changes.
    unsafe {
        let own = *ffi::sqlite3_vfs_find(std::ptr::null());
        let noting = ffi::sqlite3_vfs {
            pNext: std::ptr::null_mut(),
            zName: c"noting".as_ptr(),
            xOpen: Some(open),
            xDelete: Some(delete),
            ..own
        };
        assert_eq!(ffi::sqlite3_vfs_register(Box::leak(Box::new(noting)), 1), ffi::SQLITE_OK);
        (own.xOpen.unwrap(), own.xDelete.unwrap())
    }
}

/// Who watches the file at this path, and its name in the directory.
///
/// # Safety
/// `path` is null or a C string.
unsafe fn watched(path: *const c_char) -> Option<(Arc<Watch>, PathBuf, String)> {
    if path.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    let path = unsafe { CStr::from_ptr(path) };
    let path = PathBuf::from(std::ffi::OsStr::from_bytes(path.to_bytes()));
    let watched = WATCHED.lock().unwrap();
    let watch = watched.iter().find(|watch| path.parent() == Some(&watch.directory))?;
    let name = path.file_name()?.to_str()?.to_owned();
    Some((Arc::clone(watch), path, name))
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    path: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite hands over null (a temporary file) or a C string.
    let watched = unsafe { watched(path) };
    let before = watched.as_ref().and_then(|(_, path, _)| std::fs::read(path).ok());
    let made = before.is_none();
    // SAFETY: SQLite's arguments, unchanged, for SQLite's function.
    let code = unsafe { (OWN.get().unwrap().0)(vfs, path, file, flags, out) };
    if let (ffi::SQLITE_OK, Some((watch, _, name))) = (code, watched) {
        let number = watch.opened(name, before);
        let syncs_directory = made && flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
        // SAFETY: after a successful open, `file` is SQLite's value with its table of functions.
        let own = unsafe { *(*file).pMethods };
        let noting = Box::new(ffi::sqlite3_io_methods {
            xClose: Some(close),
            xWrite: Some(write),
            xTruncate: Some(truncate),
            xSync: Some(sync),
            ..own
        });
        // SAFETY: the table lives until `close`, after which SQLite asks nothing of this value.
        unsafe { (*file).pMethods = &raw const *noting };
        let opened = Open { watch, file: number, syncs_directory, own, noting };
        OPEN.lock().unwrap().insert(file as usize, opened);
    }
    code
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, path: *const c_char, sync_directory: c_int) -> c_int {
    // SAFETY: SQLite's arguments, unchanged, for SQLite's function; the path is a C string.
    let (watched, code) = unsafe { (watched(path), (OWN.get().unwrap().1)(vfs, path, sync_directory)) };
    if let (ffi::SQLITE_OK, Some((watch, _, name))) = (code, watched) {
        watch.removed(name, sync_directory != 0);
    }
    code
}

/// Looks a file up that was opened with these functions.
fn with<T>(file: *mut ffi::sqlite3_file, look: impl FnOnce(&mut Open) -> T) -> T {
    look(OPEN.lock().unwrap().get_mut(&(file as usize)).unwrap())
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let open = OPEN.lock().unwrap().remove(&(file as usize)).unwrap();
    // SAFETY: SQLite's argument for SQLite's function; `open.noting` lives until this returns.
    let code = unsafe { open.own.xClose.unwrap()(file) };
    drop(open.noting);
    code
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    let (refusal, own) = with(file, |open| (open.watch.refuses_write(), open.own.xWrite.unwrap()));
    if let Some(refusal) = refusal {
        return refusal;
    }
    // SAFETY: SQLite's arguments, unchanged, for SQLite's function, and `length` bytes stand at `bytes`.
    let (code, bytes) = unsafe {
        let written = std::slice::from_raw_parts(bytes.cast::<u8>(), usize::try_from(length).unwrap());
        (own(file, bytes, length, at), written.to_vec())
    };
    if code == ffi::SQLITE_OK {
        let at = usize::try_from(at).unwrap();
        with(file, |open| open.watch.note(Step::Wrote { file: open.file, at, bytes }));
    }
    code
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let own = with(file, |open| open.own.xTruncate.unwrap());
    // SAFETY: SQLite's arguments, unchanged, for SQLite's function.
    let code = unsafe { own(file, size) };
    if code == ffi::SQLITE_OK {
        let size = usize::try_from(size).unwrap();
        with(file, |open| open.watch.note(Step::Resized { file: open.file, size }));
    }
    code
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let (refusal, own) = with(file, |open| (open.watch.refuses_sync(), open.own.xSync.unwrap()));
    if let Some(refusal) = refusal {
        with(file, |open| open.watch.note(Step::SyncFailed { file: open.file }));
        return refusal;
    }
    // SAFETY: SQLite's arguments, unchanged, for SQLite's function.
    let code = unsafe { own(file, flags) };
    if code == ffi::SQLITE_OK {
        with(file, |open| {
            open.watch.note(Step::Synced { file: open.file });
            if std::mem::take(&mut open.syncs_directory) {
                open.watch.note(Step::SyncedDirectory);
            }
        });
    }
    code
}
