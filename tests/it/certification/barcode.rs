//! Barcode payment: the customer's payment code is scanned.

use serde_json::json;

use super::{Counter, End, calls, ends, run, sell};

#[test]
fn direct_pay_is_paid_by_the_answer_to_pay() {
    run(async {
        let counter = Counter::open().await;
        sell(&counter, "12.50", "pay").await;
        let (_, order) = ends(&counter, End::paid("12.50")).await;
        assert_eq!(calls(&order), ["PAY"], "nothing else was asked");
        counter.end().await;
    });
}

#[test]
fn a_code_of_24_digits_is_paid_and_not_kept() {
    run(async {
        let counter = Counter::open().await;
        counter.collect("24.24").await;
        let code = counter.post("/api/wallet/code", json!({ "digits": 24 })).await;
        let code = code["text"].as_str().unwrap();
        assert_eq!(code.len(), 24);
        counter.pay_by_code(code).await;
        ends(&counter, End::paid("24.24")).await;
        let journal = format!("{:?}", counter.journal());
        assert!(journal.contains(&code[20..]) && !journal.contains(&code[..20]), "{journal}");
        counter.end().await;
    });
}

#[test]
fn a_password_is_asked_and_the_customer_types_it() {
    run(async {
        let counter = Counter::open().await;
        let code = sell(&counter, "13.00", "wait").await;
        // The wallet asks its owner: the screen says to wait for the customer, and that nothing is paid yet.
        counter.screen("confirm").await;
        counter.post("/api/wallet/answer", json!({ "code": code, "answer": "pay" })).await;
        let (_, order) = ends(&counter, End::paid("13.00")).await;
        assert_eq!(calls(&order).last(), Some(&"DETAIL"), "{order:#}");
        counter.end().await;
    });
}

#[test]
fn a_payment_expires_that_nobody_confirms() {
    run(async {
        let timings = "[timings]\npayment_code_limit = \"3s\"\nafter_processing = \"500ms\"";
        let counter = Counter::open_with_profile(timings).await;
        let code = sell(&counter, "14.00", "wait").await;
        counter.screen("confirm").await;
        let (_, order) = ends(&counter, End::cancelled()).await;
        let calls = calls(&order);
        assert!(calls.ends_with(&["DETAIL", "CANCEL", "DETAIL"]), "asked, cancelled, asked: {calls:?}");
        let late = json!({ "code": code, "answer": "pay" });
        let (status, says) = counter.try_post("/api/wallet/answer", &late).await;
        assert_eq!(status, 409, "the customer is too late: {says}");
        counter.end().await;
    });
}

#[test]
fn a_system_error_is_asked_about_until_the_payment_is_known() {
    run(async {
        let counter =
            Counter::open_with_profile("[timings]\nfirst_detail = \"1s\"\nafter_busy = \"1s\"").await;
        counter.fault(json!({ "api": "PAY", "fault": "busy", "effect": true })).await;
        counter.fault(json!({ "api": "DETAIL", "fault": "busy" })).await;
        sell(&counter, "15.00", "pay").await;
        let (_, order) = ends(&counter, End::paid("15.00")).await;
        assert_eq!(calls(&order), ["PAY", "DETAIL", "DETAIL"]);
        assert_eq!(order["paidCount"], 1);
        counter.end().await;
    });
}

#[test]
fn a_time_out_of_a_payment_that_was_charged_ends_paid() {
    run(async {
        let timings = "[timings]\nconnect = \"500ms\"\ncall = \"1s\"\nfirst_detail = \"2s\"";
        let counter = Counter::open_with_profile(timings).await;
        counter.fault(json!({ "api": "PAY", "fault": "delay", "ms": 60_000 })).await;
        sell(&counter, "16.00", "pay").await;
        counter.screen("unknown").await;
        let (_, order) = ends(&counter, End::paid("16.00")).await;
        assert_eq!(calls(&order), ["PAY", "DETAIL"]);
        counter.end().await;
    });
}

#[test]
fn a_time_out_that_lasts_is_cancelled_and_the_money_goes_back() {
    run(async {
        let timings = "[timings]\nconnect = \"500ms\"\ncall = \"1s\"\ndetail_call = \"1s\"\n\
                       first_detail = \"1s\"\npayment_code_limit = \"2s\"";
        let counter = Counter::open_with_profile(timings).await;
        counter.fault(json!({ "api": "PAY", "fault": "delay", "ms": 60_000 })).await;
        counter.fault(json!({ "api": "DETAIL", "fault": "delay", "ms": 60_000, "count": 2 })).await;
        sell(&counter, "17.00", "pay").await;
        let (_, order) = ends(&counter, End::cancelled()).await;
        assert_eq!((&order["paidCount"], &order["charges"][1]["kind"]), (&json!(1), &json!("cancelled")));
        counter.end().await;
    });
}
