//! The journal against the acquirer's book.

use serde_json::{Value, json};

use super::Line;

/// Holds the journal against the acquirer's book: the same payments, the same amounts, the same ends.
pub(crate) fn compare(journal: &[Line], book: &Value) {
    let orders = book["orders"].as_array().unwrap();
    let context = || format!("journal: {journal:#?}\nbook: {book:#}");
    assert_eq!(book["violations"], json!([]), "the terminal broke a rule of the contract\n{}", context());
    for asked in journal.iter().filter(|line| line.kind == "asked") {
        let tx = asked.tx.as_deref().unwrap();
        let order = orders.iter().find(|order| order["merchantOrderId"] == tx);
        let end = end_of(journal, tx);
        let Some(order) = order else {
            assert!(matches!(end, "not_sent" | "reversed" | "refused"), "{tx} {end}\n{}", context());
            continue;
        };
        assert_eq!(asked.body["amount_minor"].as_i64().unwrap(), minor(&order["amount"]), "{}", context());
        assert_eq!(asked.body["product"], word(&order["product"]), "{}", context());
        let times = order["paidCount"].as_u64().unwrap();
        let kept = minor(&order["kept"]);
        let status = order["status"].as_str().unwrap();
        match end {
            "paid" => {
                let left = minor(&order["amount"]) - refunded(journal, tx);
                assert_eq!((times, kept), (1, left), "{tx}\n{}", context());
                assert_eq!(status, "success", "{tx}\n{}", context());
            }
            "refused" | "reversed" => {
                assert!(times <= 1 && kept == 0, "{tx}\n{}", context());
                assert!(matches!(status, "fail" | "closed" | "success"), "{tx} {status}\n{}", context());
            }
            other => panic!("{tx} ended {other} but is in the book\n{}", context()),
        }
    }
    for order in orders {
        let known = journal.iter().any(|line| match order["merchantOrderId"].as_str() {
            Some(id) => line.kind == "asked" && line.tx.as_deref() == Some(id),
            None => line.kind == "received" && line.body["uq_id"] == order["uqOrderId"],
        });
        assert!(known, "the acquirer has an order that the journal has not\n{}", context());
    }
}

/// What the journal says was refunded of a payment, in hundredths.
pub(crate) fn refunded(journal: &[Line], tx: &str) -> i64 {
    let own = || journal.iter().filter(|line| line.tx.as_deref() == Some(tx));
    let done = |line: &&Line| {
        own().any(|other| other.kind == "refunded" && other.body["refund"] == line.body["refund"])
    };
    let given = own().filter(|line| line.kind == "refunding").filter(done);
    given.map(|line| line.body["amount"]["minor"].as_i64().unwrap()).sum()
}

/// The word of the last record that says how a transaction ended.
pub(crate) fn end_of<'a>(journal: &'a [Line], tx: &str) -> &'a str {
    let ends = ["paid", "refused", "not_sent", "reversed", "unsettled", "paid_late", "decided"];
    journal
        .iter()
        .rfind(|line| line.tx.as_deref() == Some(tx) && ends.contains(&line.kind.as_str()))
        .map_or("open", |line| &line.kind)
}

fn word(product: &Value) -> Value {
    product.as_str().unwrap().to_lowercase().into()
}

/// An amount with two decimals in hundredths.
fn minor(amount: &Value) -> i64 {
    match amount {
        Value::String(text) => {
            let (whole, part) = text.split_once('.').unwrap_or((text, ""));
            format!("{whole}{part:0<2}").parse().unwrap()
        }
        number => number.as_i64().unwrap(),
    }
}
