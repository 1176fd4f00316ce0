//! `postern journal rebuild`: what is derived is derived again, and no record is lost on the way.

use std::fs;
use std::os::unix::fs::FileExt;

use postern::ports::Journal;
use rusqlite::config::DbConfig;

use super::command::{damaged, every_standing, good, journal};
use super::support::{Data, asked, paid};

#[test]
fn rebuild_makes_whatever_is_not_a_record_again() {
    for harm in [
        "UPDATE head SET sequence = 7",
        "UPDATE head SET hash = zeroblob(32)",
        "DELETE FROM head",
        "DELETE FROM open_transaction",
        "UPDATE open_transaction SET records = 7",
        "DROP INDEX record_tx",
        "DROP TABLE open_transaction",
        "DROP TRIGGER record_derives",
        "CREATE TABLE other (x)",
    ] {
        let data = Data::new();
        data.save_all(&every_standing());
        let before = data.read().unwrap();
        data.stranger().execute_batch(harm).unwrap();
        assert!(data.read().is_err(), "{harm}");

        let said = good(&data, "rebuild");

        assert!(said.contains("wrong: ") && said.contains("journal.old-1.db"), "{harm}: {said}");
        assert_eq!(data.read().unwrap(), before, "{harm}");
        good(&data, "verify");
        assert!(good(&data, "rebuild").contains("nothing is wrong"), "{harm}");
    }
}

#[test]
fn rebuild_does_not_need_a_page_that_is_no_records() {
    let data = Data::new();
    data.save_all(&every_standing());
    let before = data.read().unwrap();
    let page = "SELECT rootpage FROM sqlite_schema WHERE name = 'head'";
    let page: u32 = data.stranger().query_row(page, [], |row| row.get(0)).unwrap();
    let file = fs::OpenOptions::new().write(true).open(data.file("journal.db")).unwrap();
    file.write_all_at(&[0xA5; 1024], u64::from(page - 1) * 1024).unwrap();
    assert!(data.read().is_err());
    good(&data, "rebuild");
    assert_eq!(data.read().unwrap(), before);
}

#[test]
fn rebuild_tells_that_the_end_was_lost_and_goes_on_from_there() {
    let data = Data::new();
    data.save_all(&[(asked(1), true)]);
    let old = fs::read(data.file("journal.db")).unwrap();
    data.save_all(&[(paid(1), false)]);
    fs::write(data.file("journal.db"), old).unwrap();
    assert!(damaged(&data, "verify").contains("record 2"));
    assert!(good(&data, "rebuild").contains("record 2: it was written once and is lost"));
    assert_eq!(data.read().unwrap().open, [asked(1)]);
}

#[test]
fn rebuild_waits_for_no_terminal() {
    let data = Data::new();
    let mut terminal = data.journal();
    terminal.read().unwrap();
    let error = journal(&data, "rebuild").0.unwrap_err().to_string();
    assert!(error.contains(&std::process::id().to_string()), "{error}");
}

#[test]
fn each_old_file_is_kept_and_what_an_interrupted_rebuild_left_is_no_hindrance() {
    let data = Data::new();
    data.save_all(&every_standing());
    for kept in ["journal.old-1.db", "journal.old-2.db", "journal.old-3.db"] {
        data.stranger().execute_batch("CREATE TABLE other (x)").unwrap();
        let harmed = fs::read(data.file("journal.db")).unwrap();
        for half in ["journal.rebuilt.db", "journal.rebuilt.db-wal", "journal.rebuilt.db-shm"] {
            fs::write(data.file(half), "half of a journal").unwrap();
        }
        assert!(good(&data, "rebuild").contains(kept));
        assert!(fs::read(data.file(kept)).unwrap() == harmed, "{kept} is what was there");
        good(&data, "verify");
    }
    data.stranger().execute_batch("CREATE TABLE other (x)").unwrap();
    fs::create_dir(data.file("journal.rebuilt.db")).unwrap();
    let error = journal(&data, "rebuild").0.unwrap_err().to_string();
    assert!(error.contains("could not make") && error.contains("journal.rebuilt.db"), "{error}");
}

/// After a power cut the last records are in the log alone, and the old log goes with the old file.
#[test]
fn records_that_only_the_log_holds_are_in_the_rebuilt_file() {
    let data = Data::new();
    data.save_all(&[(asked(1), true)]);
    let stranger = data.stranger();
    stranger.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    stranger.execute_batch("CREATE TABLE other (x)").unwrap();
    drop(stranger);
    assert_ne!(fs::metadata(data.file("journal.db-wal")).unwrap().len(), 0);
    assert!(good(&data, "rebuild").contains("`other`"), "the log tells of it");
    assert_eq!(data.read().unwrap().open, [asked(1)]);
}

/// What only the log holds would be lost with the old file. A reader keeps it there.
#[test]
fn rebuild_waits_for_no_reader() {
    let data = Data::new();
    let mut terminal = data.journal();
    terminal.read().unwrap();
    let reader = data.stranger();
    reader.execute_batch("BEGIN; SELECT * FROM head").unwrap();
    terminal.save(&asked(1), true).unwrap();
    drop(terminal);
    data.stranger().execute_batch("CREATE TABLE other (x)").unwrap();
    let error = journal(&data, "rebuild").0.unwrap_err().to_string();
    assert!(error.contains("another program has it open"), "{error}");

    reader.execute_batch("COMMIT").unwrap();
    assert!(good(&data, "rebuild").contains("rebuilt"), "a reader that reads nothing hinders nobody");
    drop(reader);
    assert_eq!(data.read().unwrap().open, [asked(1)]);
}
