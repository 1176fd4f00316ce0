//! The journal's records: what is on disk reads as what was written, and the records of a transaction fold to one state.
//!
//! A line of the input is a record, its columns apart by tabs: kind, transaction, time, body.

use postern::journal::disk::{self, Row};
use postern_heart::payment::Facts;
use postern_heart::record::{Fact, Record};

use super::Property;

/// See [`hold`].
pub const PROPERTY: Property = Property { name: "records", seeds, holds: hold };

fn seeds() -> Vec<Vec<u8>> {
    const PAYMENT: &str = "HK01-000001-7KQ2M9XD";
    let asked = |product: &str, code: &str| {
        let body = format!(
            r#"{{"product":"{product}","amount_minor":1230,"currency":"HKD","code":{code},"sale":"{PAYMENT}","attempt":1,"expire_at":1785000070000,"cut_off":1785023999000,"beside":null}}"#
        );
        ("asked", body)
    };
    let paid =
        ("paid", r#"{"uq_id":"U9","paid":{"at":1785000010000,"cut_off":1785023999000},"by":"detail"}"#);
    let cancelling =
        |why: &str| ("cancelling", format!(r#"{{"cancel":"HK01-000003-0123ABCD","why":"{why}"}}"#));
    let confirmed = ("cancel_confirmed", r#"{"cancel":"HK01-000003-0123ABCD"}"#);
    let refused = ("cancel_refused", r#"{"cancel":"HK01-000003-0123ABCD","reason":"state","code":"200008"}"#);
    let refunding =
        ("refunding", r#"{"refund":"HK01-000005-0123ABCE","amount":{"minor":230,"currency":"HKD"}}"#);
    let own = |(kind, body): (&'static str, &str)| (kind, body.to_owned());
    let lives = [
        vec![
            asked("payment_code", r#""…3456""#),
            own(paid),
            own(("printing", r#"{"paper":"receipt","duplicate":false}"#)),
            own(("printed", r#"{"paper":"receipt","confirmed":true}"#)),
            own(refunding),
            own(("refunded", r#"{"refund":"HK01-000005-0123ABCE"}"#)),
            // One cent more than what is left.
            own((
                "refunding",
                r#"{"refund":"HK01-000007-0123ABCF","amount":{"minor":1001,"currency":"HKD"}}"#,
            )),
            own(("refunded", r#"{"refund":"HK01-000007-0123ABCF"}"#)),
        ],
        vec![
            asked("order_code", "null"),
            own(("shown", r#"{"place":"paper","code":"https://qr.example/28"}"#)),
            cancelling("limit"),
            own(("unsettled", r#"{"why":{"no_answer":{"http":503}}}"#)),
            own(refused),
            own(("paid_late", r#"{"uq_id":null,"paid":null,"by":"person"}"#)),
            own(("decided", r#"{"decision":"pay_back"}"#)),
            cancelling("pay_back"),
            own(confirmed),
            own(("reversed", "{}")),
        ],
        vec![
            own(("received", r#"{"amount_minor":800,"currency":"HKD","uq_id":"U10","paid":null}"#)),
            own(("contradicted", r#"{"what":"notified_not_paid"}"#)),
            own((
                "refunds_differ",
                r#"{"ours":{"minor":0,"currency":"HKD"},"theirs":{"minor":1,"currency":"HKD"}}"#,
            )),
            own(refunding),
            own((
                "refund_refused",
                r#"{"refund":"HK01-000005-0123ABCE","reason":"too_much","code":"200006"}"#,
            )),
            own(("not_printed", r#"{"paper":"copy"}"#)),
        ],
        vec![
            own(("started", r#"{"version":"0.1.0"}"#)),
            own(("listening", r#"{"missed_since":1785000000000}"#)),
            own(("clock_set", r#"{"to":1785000000000}"#)),
            own(("approved", r#"{"what":{"attempt_beside":"HK01-000001-7KQ2M9XD"}}"#)),
            own(("pin_set", "{}")),
        ],
    ];
    let line = |(kind, body): &(&str, String)| format!("{kind}\t{PAYMENT}\t1785000000000\t{body}\n");
    lives.iter().map(|life| life.iter().map(line).collect::<String>().into_bytes()).collect()
}

/// A record that is read and written again is the same record; no more than four digits of a payment code are in it; and a
/// record that can't follow the ones before it changes nothing.
fn hold(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let records: Vec<Record> = text.lines().enumerate().filter_map(|(n, line)| record(n, line)).collect();
    let Some((first, rest)) = records.split_first() else { return };
    let Ok(mut facts) = Facts::begin(first) else { return };
    for record in rest {
        let before = facts.clone();
        if facts.apply(record).is_err() {
            assert_eq!(facts, before);
        }
        assert!(facts.refunded().minor() <= facts.asked.amount.minor());
        assert!(facts.left().minor() <= facts.asked.amount.minor() - facts.refunded().minor());
    }
}

fn record(n: usize, line: &str) -> Option<Record> {
    let mut columns = line.splitn(4, '\t');
    let row = Row {
        sequence: n as i64 + 1,
        kind: columns.next()?.to_owned(),
        tx: columns.next().filter(|id| !id.is_empty()).map(str::to_owned),
        at: columns.next()?.parse().ok(),
        body: columns.next()?.to_owned(),
        open: n.is_multiple_of(2),
    };
    let record = disk::read(&row).ok()?;
    let written = disk::write(&record, row.sequence, row.open).unwrap();
    assert_eq!((&written.kind, &written.tx, written.at), (&row.kind, &row.tx, row.at));
    assert_eq!(written.open, row.open && row.tx.is_some());
    assert_eq!(disk::read(&written).unwrap(), record);
    if let Fact::Asked(asked) = &record.fact
        && let Some(code) = &asked.code
    {
        assert!(code.0.starts_with('…') && code.0.chars().count() <= 5, "{code:?}");
    }
    Some(record)
}
