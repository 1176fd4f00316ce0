//! `postern journal verify`: what it checks, and how it names what it finds.

use std::fs;
use std::os::unix::fs::FileExt;

use postern_heart::record::Fact;

use super::command::{damaged, every_standing, good, journal};
use super::support::{Data, asked, paid, record};

#[test]
fn verify_says_what_it_checked_and_what_it_cannot_know() {
    let data = Data::new();
    data.save_all(&every_standing());
    let said = good(&data, "verify");
    for part in [
        "is whole",
        " 22, each",
        " 9 open",
        "record 22 was durable",
        "head          record 22, ",
        "not a thief",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn verify_names_the_first_damaged_record_and_list_shows_what_is_before_it() {
    let data = Data::new();
    data.save_all(&every_standing());
    let stranger = data.stranger();
    let guard = "SELECT sql FROM sqlite_schema WHERE name = 'record_never_changed'";
    let guard: String = stranger.query_row(guard, [], |row| row.get(0)).unwrap();
    stranger
        .execute_batch("DROP TRIGGER record_never_changed; UPDATE record SET at = at + 1 WHERE sequence = 7")
        .unwrap();
    stranger.execute_batch(&guard).unwrap();
    drop(stranger);

    assert!(damaged(&data, "verify").contains("record 7:"));
    let (result, listed) = journal(&data, "list");
    assert_eq!(listed.lines().count(), 6);
    assert!(result.unwrap_err().to_string().contains("record 7:"));
    assert!(damaged(&data, "rebuild").contains("record 7:"));
}

#[test]
fn records_that_cannot_follow_one_another_are_damage_although_the_chain_holds() {
    let data = Data::new();
    data.save_all(&[(asked(1), true), (paid(1), true), (record(1, Fact::Reversed), false)]);
    let said = damaged(&data, "verify");
    assert!(said.contains("record 3:") && said.contains("cannot follow"), "{said}");
}

/// The check follows the transactions in the order of their ids, some hundred records at a time.
#[test]
fn a_record_that_cannot_follow_is_found_in_the_last_of_many_transactions() {
    let data = Data::new();
    let mut records: Vec<_> =
        (1..=600).flat_map(|number| [(asked(number), true), (paid(number), false)]).collect();
    data.save_all(&records);
    assert!(good(&data, "verify").contains(" 1200, each hashed"));
    records = vec![(record(600, Fact::Reversed), false)];
    data.save_all(&records);
    let said = damaged(&data, "verify");
    assert!(said.contains("record 1201:") && said.contains("cannot follow"), "{said}");
}

/// A disk that lost a sector: the record there is named, although SQLite itself can't read that far.
#[test]
fn a_page_of_records_that_nobody_can_read_is_told_by_its_first_record() {
    let data = Data::new();
    let records: Vec<_> =
        (1..=700).flat_map(|number| [(asked(number), true), (paid(number), false)]).collect();
    data.save_all(&records);
    let file = fs::read(data.file("journal.db")).unwrap();
    // A leaf of a table begins with 13; those of an index, which have the id, too, with 10.
    let has = |page: &[u8]| page[0] == 13 && page.windows(11).any(|text| text == b"HK01-000600");
    let page = file.chunks(1024).position(has).unwrap();
    let harmed = fs::OpenOptions::new().write(true).open(data.file("journal.db")).unwrap();
    harmed.write_all_at(&[0xA5; 1024], page as u64 * 1024).unwrap();

    let (result, listed) = journal(&data, "list");
    assert!(result.is_err());
    let lost = listed.lines().count() + 1;
    assert!((1_190..1_200).contains(&lost), "{lost}");
    for words in ["verify", "rebuild"] {
        let said = damaged(&data, words);
        assert!(said.contains(&format!("record {lost}: SQLite can't read it")), "{words}: {said}");
    }
}

#[test]
fn an_index_that_leads_to_another_transaction_is_found_and_rebuilt() {
    let data = Data::new();
    data.save_all(&every_standing());
    let mut file = fs::read(data.file("journal.db")).unwrap();
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'record_names'";
    let root: u32 = data.stranger().query_row(root, [], |row| row.get(0)).unwrap();
    let page = file.chunks_mut(1024).nth(root as usize - 1).unwrap();
    let id = page.windows(11).position(|text| text == b"HK01-000003").unwrap();
    page[id + 10] = b'4';
    fs::write(data.file("journal.db"), file).unwrap();

    let said = damaged(&data, "verify");
    assert!(said.contains("index record_names"), "{said}");
    assert!(good(&data, "rebuild").contains("index record_names"));
    good(&data, "verify");
}

#[test]
fn a_record_that_was_taken_out_is_named_by_the_check_and_by_the_list() {
    let data = Data::new();
    data.save_all(&[(asked(1), true), (asked(2), true), (paid(1), false)]);
    let stranger = data.stranger();
    let guard = "SELECT sql FROM sqlite_schema WHERE name = 'record_never_removed'";
    let guard: String = stranger.query_row(guard, [], |row| row.get(0)).unwrap();
    stranger
        .execute_batch("DROP TRIGGER record_never_removed; DELETE FROM record WHERE sequence = 2")
        .unwrap();
    stranger.execute_batch(&guard).unwrap();
    drop(stranger);
    assert!(damaged(&data, "verify").contains("record 2: it is missing"));
    let error = journal(&data, "list --last 1").0.unwrap_err().to_string();
    assert!(error.contains("record 2: it is missing"), "{error}");
}

#[test]
fn a_head_that_does_not_fit_is_told_beside_what_the_records_say() {
    let data = Data::new();
    data.save_all(&[(asked(1), true), (asked(2), true), (paid(1), false)]);
    data.stranger().execute("UPDATE head SET open = 7", []).unwrap();
    let said = damaged(&data, "verify");
    let expected = "its head says record 3 is the last and 7 transactions are open, \
                    its records say record 3 is the last and 1 transactions are open";
    assert!(said.contains(expected), "{said}");
}
