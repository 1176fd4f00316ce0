use std::fs;
use std::os::unix::fs::PermissionsExt;

use postern::journal::{Lock, LockFault};
use postern::ports::Journal;
use postern_heart::event::Opened;
use postern_heart::perform::Saving;
use postern_heart::record::{Approval, Fact};

use super::support::{Data, asked, id, paid, record, started};

#[test]
fn a_new_journal_is_empty_and_for_its_owner_alone() {
    let data = Data::new();
    let mut journal = data.journal();
    assert_eq!(journal.read().unwrap(), Opened::default());
    journal.save(&started(), false).unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(data.path().to_owned()), 0o700);
    for name in ["journal.db", "journal.db-wal", "journal.db-shm", "journal.mark", "postern.lock"] {
        assert_eq!(mode(data.file(name)), 0o600, "{name}");
    }
}

#[test]
fn a_directory_or_file_that_others_can_read_is_closed_to_them() {
    let data = Data::new();
    data.save_all(&[(started(), false)]);
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(data.file("journal.db"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(data.read().unwrap().sequence, 1);
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(data.path().to_owned()), 0o700);
    assert_eq!(mode(data.file("journal.db")), 0o600);
}

#[test]
fn a_start_reads_open_transactions_whole_and_the_last_records() {
    let data = Data::new();
    let mut records = vec![(started(), false), (asked(1), true), (asked(2), true), (paid(2), false)];
    records.extend((3..300).flat_map(|number| [(asked(number), true), (paid(number), false)]));
    let approval = record(1, Fact::Approved(Approval::AttemptBeside(id(1))));
    records.push((approval.clone(), true));
    data.save_all(&records);

    let opened = data.read().unwrap();

    assert_eq!(opened.sequence, records.len() as u64);
    assert_eq!(opened.open, [asked(1), approval]);
    let last: Vec<_> = records.iter().rev().take(400).rev().map(|(record, _)| record.clone()).collect();
    assert_eq!(opened.recent, last);
}

#[test]
fn open_transactions_come_in_the_order_of_the_journal() {
    let data = Data::new();
    data.save_all(&[(asked(2), true), (asked(1), true), (paid(2), true), (paid(1), true)]);
    assert_eq!(data.read().unwrap().open, [asked(2), asked(1), paid(2), paid(1)]);
}

#[test]
fn a_transaction_that_opens_again_brings_its_whole_past() {
    let data = Data::new();
    data.save_all(&[(asked(1), true), (paid(1), false), (started(), false)]);
    assert_eq!(data.read().unwrap().open, []);
    let again = record(1, Fact::Approved(Approval::SetClock));
    data.save_all(&[(again.clone(), true)]);
    assert_eq!(data.read().unwrap().open, [asked(1), paid(1), again]);
}

#[test]
fn one_program_writes_and_the_second_learns_who() {
    let data = Data::new();
    let mut journal = data.journal();
    journal.read().unwrap();
    let Err(LockFault::Held { holder, .. }) = Lock::take(data.path()) else {
        panic!("two programs hold the lock");
    };
    assert!(holder.contains(&std::process::id().to_string()), "{holder}");
    assert!(holder.contains(&std::env::args().next().unwrap()), "{holder}");
    fs::write(data.file("postern.lock"), "").unwrap();
    let nameless = Lock::take(data.path()).unwrap_err().to_string();
    assert!(nameless.ends_with("is in use by another program"), "{nameless}");
    drop(journal);
    assert!(Lock::take(data.path()).is_ok());
}

#[test]
fn a_few_records_are_left_in_the_log_until_there_are_enough_to_move() {
    let data = Data::new();
    let mut journal = data.journal();
    journal.read().unwrap();
    let file = || fs::read(data.file("journal.db")).unwrap();
    let before = file();
    for number in 1..=31 {
        journal.save(&asked(number), true).unwrap();
        journal.tidy().unwrap();
    }
    assert!(file() == before, "moving costs syncs, and is not done for each sale");
    journal.save(&asked(32), true).unwrap();
    journal.tidy().unwrap();
    assert!(file() != before);
}

#[test]
fn records_that_came_together_are_all_there_and_are_moved_with_the_others() {
    let data = Data::new();
    let mut journal = data.journal();
    journal.read().unwrap();
    let file = || fs::read(data.file("journal.db")).unwrap();
    let before = file();
    journal.save(&started(), false).unwrap();
    let together: Vec<_> = (1..=30).map(|number| Saving { record: asked(number), open: true }).collect();
    journal.save_all(&together).unwrap();
    journal.tidy().unwrap();
    assert!(file() == before, "31 records are too few to move");
    journal.save_all(&[Saving { record: paid(1), open: false }]).unwrap();
    journal.tidy().unwrap();
    assert!(file() != before);

    drop(journal);
    let opened = data.read().unwrap();
    assert_eq!((opened.sequence, opened.open.len()), (32, 29));
    assert_eq!(opened.recent.last(), Some(&paid(1)));
}

#[test]
fn tidying_keeps_every_record_and_the_log_short() {
    let data = Data::new();
    let mut journal = data.journal();
    journal.read().unwrap();
    for number in 1..=500 {
        journal.save(&asked(number), true).unwrap();
        journal.save(&paid(number), false).unwrap();
        journal.tidy().unwrap();
    }
    let log = fs::metadata(data.file("journal.db-wal")).unwrap().len();
    assert!(log < 2 << 20, "the log has {log} bytes");
    drop(journal);
    assert_eq!(data.read().unwrap().sequence, 1_000);
}
