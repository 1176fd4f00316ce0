//! The whole journal checked: every link of the chain, every record's content and place in its
//! transaction, what is derived, and the file itself.
//!
//! It takes seconds for a journal of many years, so a start does not wait for it: a thread with a read-only
//! connection of its own does it, in small steps with pauses, a while after the start and once a day. The chain finds
//! damage, not a thief: who can write the file can write another chain.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use postern_heart::event::JournalFault;
use postern_heart::payment::Facts;
use postern_heart::screen::Cause;
use rusqlite::Connection;

use super::connect;
use super::rows::{COLUMNS, Damage, Link, Tip, Trouble};
use super::start::{Head, OpenRow, head, open_rows};
use super::{OnDamage, told};

/// Records read in one step.
const STEP: i64 = 500;

/// Steps of SQLite's own check between two pauses.
const SQLITE_STEP: i32 = 1_000;

/// How many findings of SQLite's own check are told.
const FINDINGS_MAX: u32 = 3;

/// When it is checked, and how gently.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// From the start to the first check, so that the first sale has the machine for itself.
    first: Duration,
    /// From one check to the next.
    again: Duration,
    /// Between two steps.
    pause: Duration,
}

impl Pace {
    /// In the background of a counter that sells.
    pub(super) const GENTLE: Pace = Pace {
        first: Duration::from_secs(10),
        again: Duration::from_secs(86_400),
        pause: Duration::from_millis(4),
    };
}

/// What was checked and found good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Checked {
    /// Where the chain ends.
    pub(super) tip: Tip,
    /// How many transactions are open.
    pub(super) open: usize,
}

/// Checks the whole journal. `go_on` is asked between two steps.
pub(super) fn check(
    connection: &mut Connection,
    go_on: impl Fn() -> bool + Clone + Send + 'static,
) -> Result<Checked, Trouble> {
    let checked = walk(connection, &go_on)?;
    follow_transactions(connection, &go_on)?;
    connection.progress_handler(SQLITE_STEP, Some(move || !go_on()))?;
    let file = check_file(connection);
    connection.progress_handler(0, None::<fn() -> bool>)?;
    file.map(|()| checked)
}

/// Walks along the chain alone; says where it ends.
pub(super) fn walk_chain(connection: &Connection) -> Result<Tip, Trouble> {
    let mut tip = Tip::START;
    while !step(connection, &mut tip, &mut HashMap::new())
        .map_err(|trouble| trouble.near(tip.sequence + 1))?
    {}
    Ok(tip)
}

/// Walks along the chain to its end, wherever that has moved to, and compares what is derived.
fn walk(connection: &Connection, go_on: &impl Fn() -> bool) -> Result<Checked, Trouble> {
    let mut tip = Tip::START;
    let mut open = HashMap::new();
    loop {
        // One moment of the journal: a writer may go on meanwhile.
        let snapshot = connection.unchecked_transaction()?;
        let ended = step(&snapshot, &mut tip, &mut open).map_err(|trouble| trouble.near(tip.sequence + 1))?;
        if ended {
            check_derived(&snapshot, tip, &open)?;
            return Ok(Checked { tip, open: open.len() });
        }
        drop(snapshot);
        if !go_on() {
            return Err(Trouble::Stopped);
        }
    }
}

/// Follows the chain for some records; `true` at its end.
fn step(connection: &Connection, tip: &mut Tip, open: &mut HashMap<String, i64>) -> Result<bool, Trouble> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM record WHERE sequence > ?1 ORDER BY sequence LIMIT {STEP}"
    ))?;
    let mut rows = statement.query([tip.sequence])?;
    let before = tip.sequence;
    while let Some(row) = rows.next()? {
        let link = Link::read(row)?;
        tip.follow(&link)?;
        link.record()?;
        match link.row.tx {
            Some(tx) if link.row.open => drop(open.insert(tx, link.row.sequence)),
            Some(tx) => drop(open.remove(&tx)),
            None => {}
        }
    }
    Ok(tip.sequence - before < STEP)
}

fn check_derived(connection: &Connection, tip: Tip, open: &HashMap<String, i64>) -> Result<(), Trouble> {
    let expected = Head { tip, open: open.len() as i64 };
    let head = head(connection)?;
    if head != expected {
        let what = format!("its head says {head}, its records say {expected}");
        return Err(Damage::elsewhere(what).into());
    }
    let mut statement = connection.prepare_cached("SELECT count(*) FROM record WHERE tx = ?1")?;
    let mut rows = open_rows(connection)?;
    for (tx, last) in open {
        let expected =
            OpenRow { tx: tx.clone(), records: statement.query_row([tx], |row| row.get(0))?, last: *last };
        if !rows.contains(&expected) {
            let what =
                format!("transaction {tx} is open, and the table of open transactions does not say so");
            return Err(Damage::elsewhere(what).into());
        }
    }
    rows.retain(|row| !open.contains_key(&row.tx));
    match rows.first() {
        None => Ok(()),
        Some(row) => {
            let what = format!("the table of open transactions has {}, which is not open", row.tx);
            Err(Damage::elsewhere(what).into())
        }
    }
}

/// Folds the records of each transaction as a restart would: one that can't follow the ones before it is damage.
fn follow_transactions(connection: &Connection, go_on: &impl Fn() -> bool) -> Result<(), Trouble> {
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS} FROM record WHERE tx IS NOT NULL AND (tx, sequence) > (?1, ?2)
         ORDER BY tx, sequence LIMIT {STEP}"
    ))?;
    let mut last = (String::new(), 0);
    let mut facts: Option<Facts> = None;
    loop {
        let mut rows = statement.query((&last.0, last.1))?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let link = Link::read(row)?;
            let record = link.record()?;
            let fits = match &mut facts {
                Some(facts) if record.transaction == Some(facts.id) => facts.apply(&record),
                _ => Facts::begin(&record).map(|begun| facts = Some(begun)),
            };
            fits.map_err(|misfit| Damage::at(link.row.sequence, misfit))?;
            last = (link.row.tx.unwrap_or_default(), link.row.sequence);
            count += 1;
        }
        if count < STEP {
            return Ok(());
        }
        if !go_on() {
            return Err(Trouble::Stopped);
        }
    }
}

/// SQLite's own check: pages, indexes, types.
fn check_file(connection: &Connection) -> Result<(), Trouble> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({FINDINGS_MAX})"))?;
    // Called off, it ends with an error of SQLite's; whoever called it off does not ask for more.
    let findings = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    if findings == ["ok"] {
        return Ok(());
    }
    Err(Damage::elsewhere(findings.join("; ").replace('\n', " ")).into())
}

/// The check in the background, until it is dropped.
#[derive(Debug)]
pub(super) struct Audit {
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

impl Audit {
    /// Starts it; `on_damage` is called at most once. A thread that can't be made is as good as a check that found
    /// that it can't read: it is only logged, because nothing is known to be wrong.
    pub(super) fn begin(path: &Path, pace: Pace, on_damage: OnDamage) -> Audit {
        let stop = Arc::new(Stop::default());
        let (path, stopped) = (path.to_owned(), Arc::clone(&stop));
        let run = move || run(&path, pace, &stopped, &on_damage);
        let thread = std::thread::Builder::new().name("journal-audit".to_owned()).spawn(run);
        if let Err(error) = &thread {
            tracing::warn!(%error, "the journal is not checked in the background");
        }
        Audit { stop, thread: thread.ok() }
    }
}

impl Drop for Audit {
    fn drop(&mut self) {
        self.stop.now();
        if let Some(thread) = self.thread.take() {
            // A check that panicked has been reported by its own panic.
            let _ = thread.join();
        }
    }
}

fn run(path: &Path, pace: Pace, stop: &Arc<Stop>, on_damage: &OnDamage) {
    let mut wait = pace.first;
    while !stop.within(wait) {
        if let Some(damage) = look(path, pace.pause, stop) {
            return on_damage(damage);
        }
        wait = pace.again;
    }
}

/// Checks the whole journal once; gives the damage that it finds. What else goes wrong is only logged.
fn look(path: &Path, pause: Duration, stop: &Arc<Stop>) -> Option<JournalFault> {
    let paced = Arc::clone(stop);
    let result = connect::reader(path).and_then(|mut reader| {
        check(&mut reader, move || !paced.within(pause)).map_err(|trouble| told(path, trouble))
    });
    match result {
        Ok(checked) => tracing::info!(records = checked.tip.sequence, "the whole journal was checked"),
        Err(_) if stop.within(Duration::ZERO) => {}
        Err(fault) if fault.cause == Cause::JournalDamaged => return Some(fault),
        Err(fault) => tracing::warn!(detail = fault.detail, "the whole journal could not be checked"),
    }
    None
}

/// A wait that can be ended.
#[derive(Debug, Default)]
struct Stop {
    stopped: Mutex<bool>,
    told: Condvar,
}

impl Stop {
    fn now(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.told.notify_all();
    }

    /// Waits so long; `true` at once where the end was told.
    fn within(&self, wait: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.told.wait_timeout_while(stopped, wait, |stopped| !*stopped);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc::channel;

    use postern_heart::perform::Saving;
    use postern_heart::record::{Fact, Record};
    use rusqlite::ErrorCode;

    use super::*;
    use crate::journal::{JournalFile, Lock};
    use crate::ports::Journal;

    const AT_ONCE: Pace = Pace { first: Duration::ZERO, again: Duration::MAX, pause: Duration::ZERO };
    const LATER: Pace = Pace { first: Duration::MAX, ..AT_ONCE };

    /// More records than a start reads and a step takes together.
    fn long(name: &str) -> (std::path::PathBuf, JournalFile) {
        let directory = std::env::temp_dir().join(format!("postern-audit-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        let mut journal = JournalFile::new(Lock::take(&directory).unwrap());
        journal.read().unwrap();
        let started =
            Record { transaction: None, at: None, fact: Fact::Started { version: "0.1.0".to_owned() } };
        let started = Saving { record: started, open: false };
        journal.save_all(&vec![started; 2 * STEP as usize]).unwrap();
        (directory, journal)
    }

    #[test]
    fn old_damage_is_found_in_the_background_while_the_terminal_goes_on() {
        let (directory, mut journal) = long("damage");
        let path = directory.join(connect::FILE);
        let stranger = Connection::open(&path).unwrap();
        let guard = "SELECT sql FROM sqlite_schema WHERE name = 'record_never_changed'";
        let guard: String = stranger.query_row(guard, [], |row| row.get(0)).unwrap();
        stranger
            .execute_batch("DROP TRIGGER record_never_changed; UPDATE record SET at = 1 WHERE sequence = 503")
            .unwrap();
        stranger.execute_batch(&guard).unwrap();
        journal.read().unwrap();

        let (found, finding) = channel();
        let audit =
            Audit::begin(&path, AT_ONCE, Arc::new(move |fault: JournalFault| found.send(fault).unwrap()));

        let fault = finding.recv_timeout(Duration::from_secs(30)).unwrap();
        assert_eq!(fault.cause, Cause::JournalDamaged);
        assert!(fault.detail.contains("record 503:"), "{}", fault.detail);
        drop((audit, journal));
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn a_whole_journal_is_checked_to_its_end() {
        let (directory, journal) = long("whole");
        let mut reader = connect::reader(&directory.join(connect::FILE)).unwrap();
        let checked = check(&mut reader, || true).unwrap();
        assert_eq!((checked.tip.sequence, checked.open), (2 * STEP, 0));
        let stopped = check(&mut reader, || false);
        assert!(matches!(stopped, Err(Trouble::Stopped)), "{stopped:?}");
        drop((reader, journal));
        std::fs::remove_dir_all(&directory).unwrap();
    }

    /// Two steps walk along the records of [`long`]; what asks then is SQLite's own check.
    #[test]
    fn sqlites_own_check_can_be_called_off_too() {
        let (directory, journal) = long("called-off");
        let mut reader = connect::reader(&directory.join(connect::FILE)).unwrap();
        let asked = Arc::new(AtomicU32::new(0));
        let go_on = move || asked.fetch_add(1, Ordering::Relaxed) < 2;
        let stopped = check(&mut reader, go_on);
        let Err(Trouble::Sql(error)) = stopped else { panic!("{stopped:?}") };
        assert_eq!(error.sqlite_error_code(), Some(ErrorCode::OperationInterrupted));
        assert!(check(&mut reader, || true).is_ok(), "the next one is not called off");
        drop((reader, journal));
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn a_journal_that_cannot_be_opened_is_not_told_as_damaged() {
        let nowhere = look(Path::new("/nowhere/journal.db"), Duration::ZERO, &Arc::new(Stop::default()));
        assert_eq!(nowhere, None);
    }

    #[test]
    fn a_check_that_waits_ends_at_once_when_it_is_dropped() {
        let on_damage: OnDamage = Arc::new(|fault| panic!("{fault:?}"));
        let audit = Audit::begin(Path::new("/nowhere"), LATER, Arc::clone(&on_damage));
        drop(audit);
        assert_eq!(Arc::strong_count(&on_damage), 1, "its thread is gone");
    }
}
