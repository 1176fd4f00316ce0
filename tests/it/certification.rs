//! The lists by which acquirers certify a terminal, a test a row, through the real program and real TLS.
//!
//! Each row ends with four witnesses who must say the same: the cashier's screen, the paper as a camera reads it, the
//! journal, and the acquirer's own book.

mod attended;
mod barcode;
mod order_code;

use serde_json::{Value, json};

use crate::counter_help::{Counter, end_of, run};

/// How a row ends.
struct End {
    /// The name of the cashier's screen.
    screen: &'static str,
    /// The kind of paper that the customer or the shop keeps.
    paper: &'static str,
    /// The last word of the journal.
    journal: &'static str,
    /// The order's status in the acquirer's book, and what the shop has of it.
    book: (&'static str, &'static str),
}

impl End {
    fn paid(kept: &'static str) -> End {
        End { screen: "paid", paper: "receipt", journal: "paid", book: ("success", kept) }
    }

    fn refused() -> End {
        End { screen: "refused", paper: "not_paid", journal: "refused", book: ("fail", "0.00") }
    }

    fn cancelled() -> End {
        End { screen: "reversed", paper: "reversal", journal: "reversed", book: ("closed", "0.00") }
    }

    fn given_back(status: &'static str, kept: &'static str) -> End {
        End { screen: "refunded", paper: "refund", journal: "paid", book: (status, kept) }
    }
}

/// Waits for a sale's end, and has all four witnesses say what it is; the transaction's id, and the order in the book.
async fn ends(counter: &Counter, end: End) -> (String, Value) {
    let state = counter.screen(end.screen).await;
    let id = state["report"]["transaction"].as_str().unwrap().to_owned();
    counter.settled().await;

    let journal = counter.journal();
    let printed = journal.iter().rfind(|line| line.kind == "printed").unwrap();
    assert_eq!((printed.tx.as_deref(), &printed.body["paper"]), (Some(&*id), &json!(end.paper)));
    assert_eq!(named_by_the_paper(counter).await, id);
    assert_eq!(end_of(&journal, &id), end.journal);

    let book = counter.book().await;
    let order = order(&book, &id);
    assert_eq!((&order["status"], &order["kept"]), (&json!(end.book.0), &json!(end.book.1)), "{book:#}");
    assert_eq!(counter.screen(end.screen).await["report"]["transaction"], id, "it stays to be read");
    (id, order.clone())
}

/// The id that a camera finds on the newest paper: no wallet pays it, and says so.
async fn named_by_the_paper(counter: &Counter) -> String {
    let (status, says) = counter.try_post("/api/wallet/scan", &json!({ "from": "paper" })).await;
    assert_eq!(status, 409, "{says}");
    let says = says["error"].as_str().unwrap();
    says.split('`').nth(1).unwrap_or_else(|| panic!("no code on the paper: {says}")).to_owned()
}

/// The order of the acquirer's book that has this id.
fn order<'a>(book: &'a Value, id: &str) -> &'a Value {
    let orders = book["orders"].as_array().unwrap();
    orders.iter().find(|order| order["merchantOrderId"] == id).unwrap()
}

/// What the terminal asked the acquirer about an order, in order.
fn calls(order: &Value) -> Vec<&str> {
    let calls = order["calls"].as_array().unwrap();
    calls.iter().map(|call| call["api"].as_str().unwrap()).collect()
}

/// A sale by payment code of a customer who will answer so.
async fn sell(counter: &Counter, amount: &str, answer: &str) -> String {
    counter.collect(amount).await;
    let code = counter.code(answer).await;
    counter.pay_by_code(&code).await;
    code
}
