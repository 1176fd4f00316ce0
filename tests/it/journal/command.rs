//! `postern journal`, as a person or a script calls it.

use std::fs;
use std::os::unix::fs::FileExt;

use clap::Parser;
use postern::journal::{Args, CommandFault, Outcome, run};
use postern::ports::Journal;
use postern_heart::ask::{AnswerCode, Decline, Reason};
use postern_heart::ids::UqOrderId;
use postern_heart::now::Wall;
use postern_heart::record::{Decision, Fact, Paid, Paper, Record, Refused, Source, WhyCancel, WhyUnsettled};
use serde_json::{Value, json};

use super::support::{Data, asked, id, paid, record, started};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    journal: Args,
}

/// Runs `postern journal WORDS --data DIR`.
pub(super) fn journal(data: &Data, words: &str) -> (Result<Outcome, CommandFault>, String) {
    let directory = data.path().to_str().unwrap();
    let words = ["journal"].into_iter().chain(words.split_whitespace()).chain(["--data", directory]);
    let mut out = Vec::new();
    let result = run(&Cli::parse_from(words).journal, &mut out);
    (result, String::from_utf8(out).unwrap())
}

fn good(data: &Data, words: &str) -> String {
    let (result, out) = journal(data, words);
    assert_eq!(result.unwrap(), Outcome::Good, "{words}: {out}");
    out
}

pub(super) fn damaged(data: &Data, words: &str) -> String {
    let (result, out) = journal(data, words);
    assert_eq!(result.unwrap(), Outcome::Damaged, "{words}: {out}");
    out
}

fn json_lines(data: &Data, words: &str) -> Vec<Value> {
    good(data, words).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// One transaction of each standing, in the order of their numbers.
fn every_standing() -> Vec<(Record, bool)> {
    let cancel = id(90);
    let cancelling = || Fact::Cancelling { cancel, why: WhyCancel::Stop };
    let decline = || Decline { reason: Reason::Balance, code: AnswerCode("200003".to_owned()) };
    let unsettled = || Fact::Unsettled { why: WhyUnsettled::Absent };
    let late =
        || Fact::PaidLate(Paid { uq_id: Some(UqOrderId("UQ8".to_owned())), paid: None, by: Source::Detail });
    let stories = [
        vec![],
        vec![cancelling()],
        vec![unsettled()],
        vec![unsettled(), late()],
        vec![Fact::Paid(Paid { uq_id: Some(UqOrderId("UQ5".to_owned())), paid: None, by: Source::Pay })],
        vec![Fact::Refused(Refused { decline: decline(), by: Source::Pay })],
        vec![Fact::NotSent],
        vec![cancelling(), Fact::CancelConfirmed { cancel }, Fact::Reversed],
        vec![unsettled(), late(), Fact::Decided(Decision::GoodsHandedOver)],
    ];
    let transaction = |(facts, number): (Vec<Fact>, u32)| {
        let rest = facts.into_iter().map(move |fact| (record(number, fact), true));
        [(asked(number), true)].into_iter().chain(rest).collect::<Vec<_>>()
    };
    stories.into_iter().zip(1..).flat_map(transaction).collect()
}

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
fn readers_work_while_a_terminal_writes() {
    let data = Data::new();
    let mut terminal = data.journal();
    terminal.read().unwrap();
    terminal.save(&started(), false).unwrap();
    assert!(good(&data, "verify").contains(" 1, each hashed"));
    terminal.save(&asked(1), true).unwrap();
    assert_eq!(good(&data, "list").lines().count(), 2);
    terminal.save(&paid(1), true).unwrap();
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

#[test]
fn list_reads_like_a_story() {
    let data = Data::new();
    let printed = |fact| (record(1, fact), true);
    data.save_all(&[
        (started(), false),
        (asked(1), true),
        (paid(1), true),
        printed(Fact::Printing { paper: Paper::Receipt, duplicate: true }),
        printed(Fact::Printed { paper: Paper::Receipt, confirmed: true }),
        (Record { transaction: None, at: None, fact: Fact::ClockSet { to: Wall(1) } }, false),
    ]);
    let expected = "       1  (no time)            the terminal            postern 0.1.0 started
       2  2026-07-26 01:20:00  HK01-000001-7KQ2M9XD    HK$12.50 to be paid by order code
       3  2026-07-26 01:20:00  HK01-000001-7KQ2M9XD    paid, as the answer to PAY says
       4  2026-07-26 01:20:00  HK01-000001-7KQ2M9XD    printing a receipt, as a duplicate
       5  2026-07-26 01:20:00  HK01-000001-7KQ2M9XD    printed a receipt
       6  (no time)            the terminal            the clock was set
";
    assert_eq!(good(&data, "list"), expected);
    assert_eq!(
        good(&data, "list --zone UTC --last 2").lines().next().unwrap()[10..29],
        *"2026-07-25 17:20:00"
    );
}

#[test]
fn list_takes_a_day_a_transaction_or_the_last_ones() {
    let data = Data::new();
    let next_day = |record: Record| Record { at: record.at.map(|at| at.after(86_400_000)), ..record };
    data.save_all(&[(asked(1), true), (asked(2), true), (paid(1), false), (next_day(paid(2)), false)]);
    let sequences = |words| -> Vec<i64> {
        json_lines(&data, words).iter().map(|line| line["sequence"].as_i64().unwrap()).collect()
    };
    assert_eq!(sequences("list --json"), [1, 2, 3, 4]);
    assert_eq!(sequences("list --json --last 2"), [3, 4]);
    assert_eq!(sequences("list --json --day 2026-07-26"), [1, 2, 3]);
    assert_eq!(sequences("list --json --day 2026-07-27"), [4]);
    assert_eq!(sequences("list --json --transaction HK01-000002-7KQ2M9XD"), [2, 4]);
    assert_eq!(sequences("list --json --transaction HK01-000001-7KQ2M9XD --last 1"), [3]);
    for wrong in ["--day 2026-02-30", "--transaction a/b", "--zone Hong_Kong/Asia"] {
        let error = journal(&data, &format!("list {wrong}")).0.unwrap_err().to_string();
        assert!(error.contains(wrong.split_whitespace().last().unwrap()), "{error}");
    }
}

#[test]
fn a_listed_record_has_stable_names_for_scripts() {
    let data = Data::new();
    data.save_all(&[(paid(1), true)]);
    let mut line = json_lines(&data, "list --json").remove(0);
    assert_eq!(line["hash"].take().as_str().unwrap().len(), 64);
    let expected = json!({
        "sequence": 1, "at": 1_785_000_000_000_i64, "transaction": "HK01-000001-7KQ2M9XD", "kind": "paid",
        "fact": {"by": "pay", "paid": null, "uq_id": null}, "open": true, "hash": null,
    });
    assert_eq!(line, expected);
}

#[test]
fn a_summary_says_where_each_transaction_stands() {
    let data = Data::new();
    data.save_all(&every_standing());
    let lines = json_lines(&data, "list --json --summary");
    let standings: Vec<_> = lines.iter().map(|line| line["standing"].as_str().unwrap()).collect();
    let expected =
        ["open", "cancelling", "unsettled", "paid_late", "paid", "refused", "not_sent", "reversed", "paid"];
    assert_eq!(standings, expected);
    let expected = json!({
        "transaction": "HK01-000005-7KQ2M9XD", "sale": "HK01-000005-7KQ2M9XD", "attempt": 1,
        "at": 1_785_000_000_000_i64, "product": "order_code", "amount": "12.50", "currency": "HKD",
        "standing": "paid", "cancel": null, "refunded": null, "uq_id": "UQ5",
    });
    assert_eq!(lines[4], expected);
    assert_eq!(lines[7]["cancel"], "HK01-000090-7KQ2M9XD");
    let last = good(&data, "list --summary --last 1");
    assert!(
        last.contains("HK01-000009-7KQ2M9XD") && last.trim_end().ends_with("order code    paid"),
        "{last}"
    );
}

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
fn a_directory_without_a_journal_is_named_and_left_alone() {
    let data = Data::new();
    for words in ["verify", "list", "rebuild"] {
        let error = journal(&data, words).0.unwrap_err().to_string();
        assert!(error.contains(data.path().to_str().unwrap()), "{error}");
        assert!(!data.path().exists(), "{words} made it");
    }
}
