//! The acquirer's statement: what is read of it, written as a statement again, reads the same.

use std::path::Path;
use std::sync::LazyLock;

use postern::acquirer::profile::{Profile, StatementForm};
use postern::reconcile::statement::{Entry, StatementFault, parse};

use super::Property;

/// See [`hold`].
pub const PROPERTY: Property = Property { name: "statements", seeds, holds: hold };

const FILE: &str = "statement.csv";

static FORM: LazyLock<StatementForm> =
    LazyLock::new(|| Profile::read(Path::new("wire.toml"), "").unwrap().statement);

const HEAD: &str = "merchantOrderId,uqOrderId,originalMerchantOrderId,originalUqOrderId,transactionType,status,amount,currency\n";

fn seeds() -> Vec<Vec<u8>> {
    let day = format!(
        "{HEAD}P1,U9,,,PAYMENT,success,12.30,HKD\nR1,U11,P1,U9,REFUND,success,2.30,HKD\n,U10,,,PAYMENT,success,8,HKD\n\
         C1,U12,,U10,CANCEL,success,8.00,HKD\nP2,U13,,,PAYMENT,fail,1.00,HKD\nP1,U14,,,PAYMENT,success,12.30,HKD\n"
    );
    let short = "\u{feff}status,amount,currency,transactionType,uqOrderId,merchantOrderId\r\nsuccess,\" 5.00 \",HKD,PAYMENT,\"U \"\"1\",P1\r\n";
    let too_much = format!("{HEAD}P1,U9,,,PAYMENT,success,1.00,HKD\nR1,U11,P1,,REFUND,success,1.01,HKD\n");
    let overflow =
        format!("{HEAD}P1,U9,,,PAYMENT,success,184467440737095516.15,HKD\nP1,,,,PAYMENT,success,0.01,HKD\n");
    [day, short.to_owned(), too_much, overflow].map(String::into_bytes).to_vec()
}

/// No payment is without an id, and none gave back more than it brought in; what is wrong is said with its file and line.
fn hold(bytes: &[u8]) {
    let read = parse(Path::new(FILE), bytes, &FORM);
    if !bytes.starts_with("\u{feff}".as_bytes()) {
        is_the_same_a_line_further_on(&read, bytes);
    }
    let entries = match read {
        Ok(entries) => entries,
        Err(fault) => return is_placed(&fault, bytes),
    };
    for entry in &entries {
        assert!(entry.id.is_some() || entry.uq_id.is_some());
        assert!(entry.back.minor() <= entry.paid.minor() && entry.back.currency() == entry.paid.currency());
        assert_eq!(entry.kept().minor(), entry.paid.minor() - entry.back.minor());
    }
    let again = parse(Path::new(FILE), written(&entries).as_bytes(), &FORM).unwrap();
    let sums =
        |entries: Vec<Entry>| entries.into_iter().map(|entry| Entry { line: 0, ..entry }).collect::<Vec<_>>();
    assert_eq!(sums(again), sums(entries));
}

fn is_the_same_a_line_further_on(read: &Result<Vec<Entry>, StatementFault>, bytes: &[u8]) {
    let moved = parse(Path::new(FILE), &[b"\n", bytes].concat(), &FORM);
    match (read, moved) {
        (Ok(entries), Ok(moved)) => {
            let lines = |entries: &[Entry]| entries.iter().map(|entry| entry.line).collect::<Vec<_>>();
            assert_eq!(lines(&moved), lines(entries).iter().map(|line| line + 1).collect::<Vec<_>>());
        }
        (
            Err(StatementFault::Row { line, why, .. }),
            Err(StatementFault::Row { line: moved, why: same, .. }),
        ) => assert_eq!((moved, &same), (line + 1, why)),
        (Err(_), Err(_)) => {}
        (read, moved) => panic!("{read:?}, and a line further on {moved:?}"),
    }
}

fn is_placed(fault: &StatementFault, bytes: &[u8]) {
    let said = fault.to_string();
    assert!(said.contains(FILE) && !said.contains(char::is_control), "{said}");
    if let StatementFault::Row { line, .. } = fault {
        let ends = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
        assert!((2..=ends + 1).contains(line), "{said}");
    }
}

fn written(entries: &[Entry]) -> String {
    let mut text = HEAD.to_owned();
    for entry in entries {
        let id = entry.id.map_or(String::new(), |id| id.as_str().to_owned());
        let uq_id = quoted(entry.uq_id.as_ref().map_or("", |id| &id.0));
        let currency = entry.paid.currency();
        let (paid, back) = (entry.paid.major(), entry.back.major());
        text += &format!("{id},{uq_id},,,PAYMENT,success,{paid},{}\n", currency.code());
        text += &format!("R,,{id},{uq_id},REFUND,success,{back},{}\n", currency.code());
    }
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
