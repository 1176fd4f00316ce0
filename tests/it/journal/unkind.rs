//! Disks and files as the world hands them over.

use std::fs;

use postern_heart::screen::Cause;

use super::support::{Data, asked, paid, started};

#[test]
fn a_journal_from_a_newer_program_is_refused_and_not_touched() {
    let data = Data::new();
    data.save_all(&[(started(), false)]);
    data.stranger().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(data.file("journal.db")).unwrap();
    let fault = data.read().unwrap_err();
    assert_eq!(fault.cause, Cause::JournalNewer);
    assert!(fault.detail.contains("99"), "{}", fault.detail);
    assert_eq!(fs::read(data.file("journal.db")).unwrap(), before);
}

#[test]
fn another_programs_file_is_refused_and_not_touched() {
    let foreign: [&dyn Fn(&Data); 3] = [
        &|data| fs::write(data.file("journal.db"), "dear diary, today was a good day\n".repeat(99)).unwrap(),
        &|data| data.stranger().execute_batch("CREATE TABLE diary (day TEXT)").unwrap(),
        &|data| data.stranger().pragma_update(None, "application_id", 7).unwrap(),
    ];
    for make in foreign {
        let data = Data::new();
        fs::create_dir_all(data.path()).unwrap();
        make(&data);
        let before = fs::read(data.file("journal.db")).unwrap();
        let fault = data.read().unwrap_err();
        assert_eq!(fault.cause, Cause::JournalDamaged);
        assert!(fault.detail.contains("journal.db"), "{}", fault.detail);
        assert_eq!(fs::read(data.file("journal.db")).unwrap(), before);
    }
}

#[test]
fn an_emptied_file_is_not_taken_for_a_new_journal() {
    let data = Data::new();
    data.save_all(&[(asked(1), true), (paid(1), false)]);
    fs::write(data.file("journal.db"), "").unwrap();
    let fault = data.read().unwrap_err();
    assert_eq!(fault.cause, Cause::JournalDamaged);
    assert!(fault.detail.contains("record 2"), "{}", fault.detail);
}

#[test]
fn an_older_copy_of_the_file_alone_is_noticed() {
    let data = Data::new();
    data.save_all(&[(asked(1), true), (paid(1), false)]);
    let old = fs::read(data.file("journal.db")).unwrap();
    data.save_all(&[(asked(2), true), (paid(2), false)]);
    fs::write(data.file("journal.db"), old).unwrap();
    let fault = data.read().unwrap_err();
    assert_eq!(fault.cause, Cause::JournalDamaged);
    assert!(fault.detail.contains("record 4"), "{}", fault.detail);
}

/// A copy of another terminal's file is a whole journal, and not this one.
#[test]
fn another_journal_of_the_same_length_is_noticed() {
    let (data, other) = (Data::new(), Data::new());
    data.save_all(&[(asked(1), true), (paid(1), false)]);
    other.save_all(&[(asked(2), true), (paid(2), false)]);
    fs::copy(other.file("journal.db"), data.file("journal.db")).unwrap();
    let fault = data.read().unwrap_err();
    assert_eq!(fault.cause, Cause::JournalDamaged);
    assert!(fault.detail.contains("record 2: it is not the record that was once"), "{}", fault.detail);
}

#[test]
fn a_mark_that_is_missing_or_torn_proves_nothing() {
    let data = Data::new();
    data.save_all(&[(asked(1), true)]);
    fs::write(data.file("journal.mark"), "0000").unwrap();
    assert_eq!(data.read().unwrap().sequence, 1);
    fs::remove_file(data.file("journal.mark")).unwrap();
    assert_eq!(data.read().unwrap().sequence, 1);
}

#[test]
fn a_data_directory_that_cannot_be_made_is_named() {
    let data = Data::new();
    fs::write(data.path(), "a file, not a directory").unwrap();
    let error = postern::journal::Lock::take(data.path()).unwrap_err().to_string();
    assert!(error.contains(&data.path().display().to_string()), "{error}");
    fs::remove_file(data.path()).unwrap();
}
