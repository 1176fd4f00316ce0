use postern::ports::Journal;
use postern_heart::screen::Cause;

use super::support::{Data, asked, paid, started};

fn three_records() -> Data {
    let data = Data::new();
    data.save_all(&[(started(), false), (asked(1), true), (paid(1), false)]);
    data
}

#[test]
fn no_statement_changes_or_removes_a_record() {
    let data = three_records();
    let before = data.read().unwrap();
    let stranger = data.stranger();
    for statement in [
        "UPDATE record SET body = '{}' WHERE sequence = 2",
        "UPDATE record SET sequence = 4 WHERE sequence = 3",
        "UPDATE OR REPLACE record SET sequence = 2 WHERE sequence = 3",
        "DELETE FROM record WHERE sequence = 3",
        "DELETE FROM record",
        "INSERT OR REPLACE INTO record SELECT 2, tx, at, kind, body, open, hash FROM record WHERE sequence = 3",
        "REPLACE INTO record SELECT * FROM record WHERE sequence = 2",
        "INSERT OR IGNORE INTO record SELECT 2, tx, at, kind, body, open, hash FROM record WHERE sequence = 3",
    ] {
        let error = stranger.execute(statement, []).unwrap_err().to_string();
        assert!(error.contains("a record"), "{statement}: {error}");
    }
    drop(stranger);
    assert_eq!(data.read().unwrap(), before);
}

#[test]
fn only_the_next_record_is_taken() {
    let data = three_records();
    let stranger = data.stranger();
    for sequence in ["0", "-1", "3", "5", "9223372036854775807", "NULL"] {
        let statement = format!(
            "INSERT INTO record SELECT {sequence}, tx, at, kind, body, open, hash FROM record LIMIT 1"
        );
        let error = stranger.execute(&statement, []).unwrap_err().to_string();
        assert!(error.contains("a record can only follow the last one"), "{sequence}: {error}");
    }
}

#[test]
fn a_record_that_a_stranger_added_breaks_the_chain() {
    let data = three_records();
    let added = data.stranger().execute(
        "INSERT INTO record SELECT 4, tx, at, kind, body, open, hash FROM record WHERE sequence = 3",
        [],
    );
    assert_eq!(added, Ok(1));
    let fault = data.read().unwrap_err();
    assert_eq!(fault.cause, Cause::JournalDamaged);
    assert!(fault.detail.contains("record 4"), "{}", fault.detail);
}

#[test]
fn a_missing_guard_is_damage() {
    for statement in [
        "DROP TRIGGER record_never_changed",
        "DROP TRIGGER record_derives",
        "DROP INDEX record_tx",
        "CREATE TABLE other (x)",
        "CREATE TRIGGER also AFTER INSERT ON record BEGIN DELETE FROM head; END",
    ] {
        let data = three_records();
        data.stranger().execute_batch(statement).unwrap();
        let fault = data.read().unwrap_err();
        assert_eq!(fault.cause, Cause::JournalDamaged, "{statement}");
        assert!(fault.detail.contains('`'), "{statement}: {}", fault.detail);
    }
}

#[test]
fn a_record_changed_behind_the_guards_is_found_and_named() {
    for change in [
        "tx = 'HK01-000009-7KQ2M9XD'",
        "at = at + 1",
        "at = NULL",
        "kind = 'refused'",
        "body = '{ }'",
        "open = 1 - open",
        "hash = zeroblob(32)",
    ] {
        let data = three_records();
        let stranger = data.stranger();
        let guard: String = stranger
            .query_row("SELECT sql FROM sqlite_schema WHERE name = 'record_never_changed'", [], |row| {
                row.get(0)
            })
            .unwrap();
        stranger.execute_batch("DROP TRIGGER record_never_changed").unwrap();
        stranger.execute(&format!("UPDATE record SET {change} WHERE sequence = 2"), []).unwrap();
        stranger.execute_batch(&guard).unwrap();
        drop(stranger);
        let fault = data.read().unwrap_err();
        assert_eq!(fault.cause, Cause::JournalDamaged, "{change}");
        assert!(fault.detail.contains("record 2"), "{change}: {}", fault.detail);
    }
}

#[test]
fn a_head_or_an_open_transaction_that_does_not_fit_is_found() {
    for (change, said) in [
        ("UPDATE head SET sequence = 2", "its head is at record 2, its last record is 4"),
        ("UPDATE head SET sequence = 5", "its head is at record 5, its last record is 4"),
        ("UPDATE head SET hash = zeroblob(32)", "record 4: its hash is not the head's"),
        ("UPDATE head SET open = 2", "its head knows of 2 open transactions, its table of 1"),
        ("DELETE FROM head", "its head is missing"),
        ("DELETE FROM open_transaction", "its head knows of 1 open transactions, its table of 0"),
        ("UPDATE open_transaction SET tx = 'HK01-000001-7KQ2M9XD'", "derived of transaction HK01-000001"),
        ("UPDATE open_transaction SET tx = 'HK01-000009-7KQ2M9XD'", "derived of transaction HK01-000009"),
        ("UPDATE open_transaction SET records = 2", "derived of transaction HK01-000002"),
        ("UPDATE open_transaction SET last = 3", "derived of transaction HK01-000002"),
    ] {
        let data = three_records();
        data.save_all(&[(asked(2), true)]);
        assert_eq!(data.stranger().execute(change, []), Ok(1), "{change}");
        let fault = data.read().expect_err(change);
        assert_eq!(fault.cause, Cause::JournalDamaged, "{change}: {}", fault.detail);
        assert!(fault.detail.contains(said), "{change}: {}", fault.detail);
    }
}

#[test]
fn nothing_is_saved_before_the_journal_was_read() {
    let data = Data::new();
    let mut journal = data.journal();
    let fault = journal.save(&started(), false).unwrap_err();
    assert_eq!(fault.cause, Cause::JournalBroken);
    assert_eq!(journal.read().unwrap().sequence, 0);
}
