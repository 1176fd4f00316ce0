use postern::ports::Journal;
use postern_heart::event::Search;
use postern_heart::ids::UqOrderId;
use postern_heart::money::{Amount, Currency};
use postern_heart::record::{Fact, Paid, Received, Source, WhyCancel};
use rusqlite::Connection;

use super::command::journal;
use super::support::{Data, asked, id, paid, record, started};

fn find(data: &Data, text: &str) -> Vec<postern_heart::record::Record> {
    let mut journal = data.journal();
    journal.read().unwrap();
    journal.find(&Search(text.to_owned())).unwrap()
}

#[test]
fn an_old_transaction_is_found_whole_by_any_of_its_ids() {
    let data = Data::new();
    let by_acquirer = Paid { uq_id: Some(UqOrderId("UQ-77a".to_owned())), paid: None, by: Source::Pay };
    let cancelling = Fact::Cancelling { cancel: id(90_000), why: WhyCancel::Stop };
    let first = vec![asked(1), record(1, cancelling), record(1, Fact::Paid(by_acquirer))];
    let mut records: Vec<_> = first.iter().map(|record| (record.clone(), true)).collect();
    records.extend((2..500).flat_map(|number| [(asked(number), true), (paid(number), false)]));
    data.save_all(&records);

    for text in [id(1).as_str(), &id(1).as_str().to_lowercase(), id(90_000).as_str(), "UQ-77a", "uq-77A"] {
        assert_eq!(find(&data, text), first, "{text}");
    }
    assert_eq!(find(&data, id(77).as_str()), [asked(77), paid(77)]);
    for text in [id(501).as_str(), "", "UQ", "'; DROP TABLE record"] {
        assert_eq!(find(&data, text), [], "{text}");
    }
}

/// Money by the static code has one name at the acquirer, and one of ours on its receipt.
#[test]
fn money_by_the_static_code_is_found_by_either_of_its_ids() {
    let data = Data::new();
    let uq_id = UqOrderId("UQ-9b".to_owned());
    let amount = Amount::new(4_600, Currency::HKD);
    let received = record(1, Fact::Received(Received { amount, uq_id, paid: None }));
    data.save_all(&[(received.clone(), true), (asked(2), true)]);
    for text in ["UQ-9b", "uq-9B", id(1).as_str()] {
        assert_eq!(find(&data, text), std::slice::from_ref(&received), "{text}");
    }
}

/// A shop's journal of the first form has no index of names: it gets one when the newer program opens it.
#[test]
fn a_journal_of_the_first_form_is_brought_up_to_date_and_searched() {
    let data = Data::new();
    data.save_all(&[(started(), false), (asked(1), true), (paid(1), false)]);
    let stranger = data.stranger();
    stranger
        .execute_batch(
            "DROP INDEX record_names; DROP INDEX record_pin; DROP INDEX record_received; PRAGMA user_version = 1",
        )
        .unwrap();
    drop(stranger);
    let error = journal(&data, "list").0.unwrap_err().to_string();
    assert!(
        error.contains("of an older form; run the terminal once"),
        "only a writer can change it: {error}"
    );
    assert_eq!(find(&data, id(1).as_str()), [asked(1), paid(1)]);
    assert_eq!(journal(&data, "list").1.lines().count(), 3);
}

/// A year of sales must not make the counter wait for a search.
#[test]
fn a_search_reads_no_more_than_what_it_finds() {
    let data = Data::new();
    data.save_all(&[(asked(1), true)]);
    let connection = Connection::open(data.file("journal.db")).unwrap();
    let names: String = connection
        .query_row("SELECT sql FROM sqlite_schema WHERE name = 'record_names'", [], |row| row.get(0))
        .unwrap();
    let expression = names.split_once("ON record (").unwrap().1;
    let (expression, named) = expression.rsplit_once(") WHERE ").unwrap();
    let sql = format!("EXPLAIN QUERY PLAN SELECT tx FROM record WHERE {named} AND {expression} = upper('x')");
    let plan: String = connection.query_row(&sql, [], |row| row.get(3)).unwrap();
    assert!(plan.contains("USING INDEX record_names"), "{plan}");
}
