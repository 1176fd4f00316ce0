//! Money back through the real program: the receipt's code is scanned, and the acquirer's book is the journal's.

use serde_json::{Value, json};

use super::counter_help::{Counter, refunded, run};

/// A sale that is paid; its id, as its receipt's code says it.
async fn sold(counter: &Counter, amount: &str) -> String {
    counter.collect(amount).await;
    let code = counter.code("pay").await;
    counter.pay_by_code(&code).await;
    let state = counter.screen("paid").await;
    let id = state["report"]["transaction"].as_str().unwrap().to_owned();
    printed(counter).await;
    counter.key("enter").await;
    counter.screen("amount").await;
    id
}

/// Waits until the printer is done with the last paper: after a power cut it would be printed again.
async fn printed(counter: &Counter) {
    counter
        .until("the paper is out", |_| {
            counter
                .journal()
                .iter()
                .rfind(|line| line.kind.contains("print"))
                .is_some_and(|line| line.kind == "printed")
        })
        .await;
}

fn order(book: &Value) -> &Value {
    &book["orders"][0]
}

#[test]
fn a_sale_goes_back_in_two_parts_and_the_power_is_cut_while_the_second_is_not_known() {
    run(async {
        let counter = Counter::open().await;
        let id = sold(&counter, "12.50").await;

        counter.give_back(&id, "5").await;
        counter.screen("refunded").await;
        assert_eq!(order(&counter.book().await)["refundedAmount"], "5.00");
        printed(&counter).await;
        counter.key("enter").await;

        counter.fault(json!({ "api": "REFUND", "fault": "drop_after" })).await;
        counter.give_back(&id, "").await;
        counter.screen("refund_unknown").await;
        counter.power(false).await;
        counter.power(true).await;
        counter.screen("refunded").await;

        counter.settled().await;
        let (journal, book) = (counter.journal(), counter.book().await);
        assert_eq!(refunded(&journal, &id), 1250);
        assert_eq!(order(&book)["refundedAmount"], "12.50", "{book:#}");
        assert_eq!(order(&book)["refunds"].as_array().unwrap().len(), 2, "{book:#}");
        counter.until("a receipt and two slips", |state| state["receipts"] == 3).await;
        counter.end().await;
    });
}

#[test]
fn all_of_a_sale_of_today_goes_back_by_cancelling_it() {
    run(async {
        let counter = Counter::open().await;
        let id = sold(&counter, "30.30").await;
        counter.give_back(&id, "").await;
        counter.screen("refunded").await;
        counter.settled().await;
        let book = counter.book().await;
        assert_eq!((&order(&book)["status"], &order(&book)["refunds"]), (&json!("closed"), &json!([])));
        counter.end().await;
    });
}

#[test]
fn money_by_the_static_code_goes_back_by_the_acquirers_own_id() {
    run(async {
        let counter = Counter::open().await;
        counter.post("/api/wallet/entry", json!({ "amount": "46.00" })).await;
        printed(&counter).await;
        let journal = counter.journal();
        let received = journal.iter().find(|line| line.kind == "received").unwrap();
        let id = received.tx.clone().unwrap();

        counter.give_back(&id, "6").await;
        counter.screen("refunded").await;
        assert_eq!(order(&counter.book().await)["refundedAmount"], "6.00");
        printed(&counter).await;
        counter.key("enter").await;
        counter.give_back(&id, "").await;
        counter.screen("refunded").await;
        let book = counter.book().await;
        assert_eq!(order(&book)["refundedAmount"], "46.00", "{book:#}");
        assert_eq!(refunded(&counter.journal(), &id), 4_600);
        assert_eq!(book["violations"], json!([]), "{book:#}");
        counter.end().await;
    });
}
