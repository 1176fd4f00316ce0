//! A data directory that lives as long as its test, and records to put into it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use postern::journal::{JournalFile, Lock};
use postern::ports::Journal;
use postern_heart::ask::Product;
use postern_heart::event::{JournalFault, Opened};
use postern_heart::ids::{OrderId, UqOrderId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::record::{Asked, Fact, Paid, Received, Record, Source};
use rusqlite::Connection;

/// Set in a process that has a disk of its own: where it is mounted.
const DISK: &str = "POSTERN_TEST_DISK";

/// A directory of its own below `target`, or on the disk of [`on_a_disk`].
pub(crate) struct Data(PathBuf);

impl Data {
    pub(crate) fn new() -> Data {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("journal-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let disk = std::env::var_os(DISK).unwrap_or(env!("CARGO_TARGET_TMPDIR").into());
        let path = Path::new(&disk).join(name);
        let _ = std::fs::remove_dir_all(&path);
        Data(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The journal as the terminal opens it.
    pub(crate) fn journal(&self) -> JournalFile {
        JournalFile::new(Lock::take(&self.0).unwrap())
    }

    /// Opens it, reads it, and lets it go.
    pub(crate) fn read(&self) -> Result<Opened, JournalFault> {
        self.journal().read()
    }

    /// The file under the hands of someone who is not the terminal.
    pub(crate) fn stranger(&self) -> Connection {
        Connection::open(self.file("journal.db")).unwrap()
    }

    /// Saves these records, in one go.
    pub(crate) fn save_all(&self, records: &[(Record, bool)]) {
        let mut journal = self.journal();
        journal.read().unwrap();
        records.iter().for_each(|(record, open)| journal.save(record, *open).unwrap());
    }
}

/// Runs `test` with a disk of its own, in memory and of this size: this very test again, in a child process that may
/// mount one.
pub(crate) fn on_a_disk(size: &str, name: &str, test: impl FnOnce(&Path)) {
    if let Some(disk) = std::env::var_os(DISK) {
        return test(Path::new(&disk));
    }
    let data = Data::new();
    std::fs::create_dir_all(data.path()).unwrap();
    let child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
        .arg(format!("mount -t tmpfs -o size={size} small \"${DISK}\" && exec \"$@\""))
        .args(["sh".as_ref(), std::env::current_exe().unwrap().as_os_str()])
        .args(["--exact", name, "--nocapture"])
        .env(DISK, data.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

impl Drop for Data {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn id(number: u32) -> OrderId {
    OrderId::parse(&format!("HK01-{number:06}-7KQ2M9XD")).unwrap()
}

pub(crate) fn asked(number: u32) -> Record {
    let asked = Asked {
        product: Product::OrderCode,
        amount: Amount::new(1_250, Currency::HKD),
        code: None,
        sale: id(number),
        attempt: 1,
        expire_at: Wall(1_785_000_070_000),
        cut_off: Wall(1_785_023_999_000),
        beside: None,
    };
    record(number, Fact::Asked(asked))
}

pub(crate) fn paid(number: u32) -> Record {
    record(number, Fact::Paid(Paid { uq_id: None, paid: None, by: Source::Pay }))
}

/// A payment by the static code.
pub(crate) fn received(number: u32) -> Record {
    let uq_id = UqOrderId(format!("UQ{number:04}"));
    record(number, Fact::Received(Received { amount: Amount::new(1_250, Currency::HKD), uq_id, paid: None }))
}

pub(crate) fn record(number: u32, fact: Fact) -> Record {
    Record { transaction: Some(id(number)), at: Some(Wall(1_785_000_000_000)), fact }
}

pub(crate) fn started() -> Record {
    Record { transaction: None, at: None, fact: Fact::Started { version: "0.1.0".to_owned() } }
}
