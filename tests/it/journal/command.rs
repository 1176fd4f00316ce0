//! `postern journal`, as a person or a script calls it.

use std::io::{self, ErrorKind, Write};

use clap::Parser;
use jiff::tz::TimeZone;
use postern::journal::{Args, CommandFault, Outcome, knows, run, transaction, transactions};
use postern::ports::Journal;
use postern_heart::ask::{AnswerCode, Decline, Reason};
use postern_heart::day::{Against, Compared, Counts, Day, Difference, Took};
use postern_heart::event::Search;
use postern_heart::ids::{OrderId, Target, UqOrderId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::record::{Decision, Fact, Paid, Paper, Record, Refused, Source, WhyCancel, WhyUnsettled};
use postern_heart::screen::Standing;
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

pub(super) fn good(data: &Data, words: &str) -> String {
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
pub(super) fn every_standing() -> Vec<(Record, bool)> {
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

/// `postern journal list | head` takes ten lines and goes; a full disk is another thing.
#[test]
fn who_reads_a_list_may_stop_early_and_what_cannot_be_written_is_told() {
    struct Gone(ErrorKind);
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let data = Data::new();
    data.save_all(&[(started(), false)]);
    let args = Cli::parse_from(["journal", "list", "--data", data.path().to_str().unwrap()]).journal;
    assert_eq!(run(&args, &mut Gone(ErrorKind::BrokenPipe)).unwrap(), Outcome::Good);
    let fault = run(&args, &mut Gone(ErrorKind::StorageFull)).unwrap_err();
    assert!(matches!(fault, CommandFault::Output(_)), "{fault}");
}

#[test]
fn other_commands_read_a_day_one_transaction_or_whether_there_is_one() {
    let data = Data::new();
    let next_day = |record: Record| Record { at: record.at.map(|at| at.after(86_400_000)), ..record };
    data.save_all(&[(asked(1), true), (paid(1), false), (next_day(asked(2)), true)]);
    let zone = TimeZone::get("Asia/Hong_Kong").unwrap();
    let ids = |day| -> Vec<OrderId> {
        transactions(data.path(), &zone, day).unwrap().iter().map(|facts| facts.id).collect()
    };
    assert_eq!(ids(None), [id(1), id(2)]);
    assert_eq!(ids(Some("2026-07-26")), [id(1)]);
    assert_eq!(ids(Some("2026-07-27")), [id(2)]);
    assert!(transactions(data.path(), &zone, Some("2026-02-30")).is_err());

    let one = transaction(data.path(), id(1)).unwrap().unwrap();
    assert_eq!((one.id, one.standing()), (id(1), Standing::Paid));
    assert_eq!(transaction(data.path(), id(3)).unwrap(), None);
    assert!(knows(data.path(), &Search(id(2).to_string())).unwrap());
    assert!(!knows(data.path(), &Search(id(3).to_string())).unwrap());
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
fn list_says_why_a_payment_was_refused_or_is_not_settled_and_how_a_day_compares() {
    let data = Data::new();
    let decline = Decline { reason: Reason::Balance, code: AnswerCode("200003".to_owned()) };
    let hkd = |cents| Some(Amount::new(cents, Currency::HKD));
    let compared = Compared {
        day: Day("2026-07-26".to_owned()),
        statement: true,
        took: Took {
            payments: 2,
            paid: Amount::new(2_500, Currency::HKD),
            back: Amount::new(0, Currency::HKD),
        },
        counts: Counts { agree: 1, differ: 1, open: 2, unknown: 3 },
        differences: vec![Difference {
            payment: Target::Ours(id(1)),
            against: Against::Statement,
            ours: hkd(1_250),
            theirs: None,
        }],
    };
    data.save_all(&[
        (record(1, Fact::Refused(Refused { decline, by: Source::Pay })), true),
        (record(2, Fact::Unsettled { why: WhyUnsettled::Absent }), true),
        (Record { transaction: None, at: None, fact: Fact::Compared(compared) }, false),
    ]);
    let listed = good(&data, "list");
    let says: Vec<_> = listed.lines().map(|line| line.get(55..).unwrap()).collect();
    let expected = [
        "refused: balance (200003)",
        "not settled: the acquirer does not know it, and it may still arrive",
        "2026-07-26 compared with the acquirer and its statement: 1 agree, 1 differ, 2 not settled, 3 could not be \
         asked; HK01-000001-7KQ2M9XD: journal HK$12.50 kept, statement no such payment",
    ];
    assert_eq!(says, expected);
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
fn a_directory_without_a_journal_is_named_and_left_alone() {
    let data = Data::new();
    for words in ["verify", "list", "rebuild"] {
        let error = journal(&data, words).0.unwrap_err().to_string();
        assert!(error.contains(data.path().to_str().unwrap()), "{error}");
        assert!(!data.path().exists(), "{words} made it");
    }
}
