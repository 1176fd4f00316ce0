//! Order code: the terminal makes the order first and shows its code, which the customer scans.

use serde_json::json;

use super::{Counter, End, calls, ends, order, run};
use crate::counter_help::refunded;

/// From the ready counter to an order code on the display; the transaction's id.
async fn show(counter: &Counter, amount: &str) -> String {
    counter.collect(amount).await;
    counter.show_order_code().await
}

/// The same, scanned and paid.
async fn sold(counter: &Counter, amount: &str) -> String {
    let id = show(counter, amount).await;
    counter.phone_scans("pay").await;
    ends(counter, End::paid("50.00")).await;
    counter.key("enter").await;
    counter.screen("amount").await;
    id
}

#[test]
fn pre_order_scan_password_success() {
    run(async {
        let counter = Counter::open().await;
        let id = show(&counter, "20.00").await;
        let seen = counter.phone_scans("wait").await;
        counter.until_book("the wallet asks its owner", |book| book["orders"][0]["phoneAsks"] == true).await;
        counter.post("/api/wallet/answer", json!({ "code": seen["text"], "answer": "pay" })).await;
        let (paid, order) = ends(&counter, End::paid("20.00")).await;
        assert_eq!((paid, &calls(&order)[..2]), (id, &["PAY", "DETAIL"][..]));
        counter.end().await;
    });
}

#[test]
fn pre_order_repeated_asking_cancel_failure_shown() {
    run(async {
        let timings = "[timings]\nfirst_detail = \"500ms\"\ndetail_every = \"500ms\"";
        let counter = Counter::open_with_profile(timings).await;
        show(&counter, "21.00").await;
        counter
            .until_book("it has asked three times", |book| {
                calls(&book["orders"][0]).iter().filter(|api| **api == "DETAIL").count() >= 3
            })
            .await;
        counter.key("stop").await;
        let (_, order) = ends(&counter, End::cancelled()).await;
        assert!(calls(&order).ends_with(&["DETAIL", "CANCEL", "DETAIL"]), "{order:#}");
        counter.end().await;
    });
}

/// On the day itself, all of it goes back by CANCEL; this one is a REFUND, because the terminal holds the day for over.
#[test]
fn full_refund() {
    run(async {
        let counter = Counter::open_with_profile("[time]\ncancel_until = \"00:00:00\"").await;
        let id = sold(&counter, "50.00").await;
        counter.give_back(&id, "").await;
        let (_, order) = ends(&counter, End::given_back("success", "0.00")).await;
        assert_eq!((&order["refundedAmount"], &order["cancellations"]), (&json!("50.00"), &json!([])));
        assert_eq!(refunded(&counter.journal(), &id), 5_000);
        counter.end().await;
    });
}

#[test]
fn partial_refunds_to_zero() {
    run(async {
        let counter = Counter::open().await;
        let id = sold(&counter, "50.00").await;
        for (typed, kept) in [("20", "30.00"), ("29.99", "0.01"), ("0.01", "0.00")] {
            counter.give_back(&id, typed).await;
            ends(&counter, End::given_back("success", kept)).await;
            counter.key("enter").await;
            counter.screen("amount").await;
        }
        assert_eq!(refunded(&counter.journal(), &id), 5_000);
        assert_eq!(order(&counter.book().await, &id)["refunds"].as_array().unwrap().len(), 3);

        // Nothing is left, and nothing more is asked for.
        counter.find(&id).await;
        counter.until("it is turned down", |state| state["tone"]["name"] == "refused").await;
        assert_eq!(counter.state().await["report"]["screen"], "find");
        assert_eq!(order(&counter.book().await, &id)["refunds"].as_array().unwrap().len(), 3);
        counter.end().await;
    });
}
