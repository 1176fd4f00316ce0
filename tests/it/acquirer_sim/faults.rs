//! Each fault does to the wire what its name says, and to the money no more than that.

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use postern::bench::acquirer::Answer;
use serde_json::{Value, json};

use super::World;

/// A world in which the next call of an API goes wrong.
async fn with_fault(api: &str, fault: &str, params: Value) -> World {
    let world = World::new().await;
    world.acquirer.fault(api, fault, 1, Some(params)).unwrap();
    world
}

/// A PAY by a good payment code.
fn payment(world: &World) -> Value {
    world.code_pay("A1", &world.acquirer.wallet_code(Answer::Pay))
}

#[tokio::test]
async fn a_connection_dropped_before_charges_nothing() {
    let mut world = with_fault("PAY", "drop_before", Value::Null).await;
    let body = payment(&world);
    assert!(world.try_ask("/v1/pay", &body).await.is_err());
    let book = world.acquirer.orders();
    assert_eq!(book["orders"], json!([]));
    assert_eq!(book["otherCalls"][0]["fault"], "drop_before");
    assert_eq!(world.detail("A1").await, "200001");
    assert_eq!(world.pay(&body).await["data"]["status"], "success", "the fault was for one call");
}

#[tokio::test]
async fn a_connection_dropped_after_charges_and_tells_nobody() {
    let mut world = with_fault("PAY", "drop_after", Value::Null).await;
    let body = payment(&world);
    assert!(world.try_ask("/v1/pay", &body).await.is_err());
    assert_eq!(world.order()["paidCount"], 1);
    assert_eq!(world.order()["calls"][0]["answered"], "nothing: closed (000000 success)");
    assert_eq!(world.detail("A1").await["status"], "success");
}

#[tokio::test]
async fn a_delayed_call_takes_effect_long_before_its_answer() {
    let mut world = with_fault("PAY", "delay", json!({ "ms": 3_600_000 })).await;
    let body = payment(&world);
    let acquirer = world.acquirer.clone();
    let mut changed = acquirer.changed();
    changed.mark_unchanged();
    tokio::select! {
        _ = world.try_ask("/v1/pay", &body) => panic!("the answer came"),
        _ = changed.changed() => {}
    }
    assert_eq!(world.order()["paidCount"], 1);
}

#[tokio::test]
async fn a_delayed_answer_comes_in_the_end() {
    let mut world = with_fault("PAY", "delay", json!({ "ms": 1 })).await;
    let body = payment(&world);
    assert_eq!(world.pay(&body).await["data"]["status"], "success");
}

#[tokio::test]
async fn an_internal_error_is_a_page_with_status_500() {
    let mut world = with_fault("PAY", "http500", Value::Null).await;
    let body = payment(&world);
    let answer = world.try_ask("/v1/pay", &body).await.unwrap();
    assert_eq!(answer.status, 500);
    assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
    assert_eq!(world.order()["paidCount"], 1);
}

#[tokio::test]
async fn garbage_is_no_json_under_status_200() {
    let mut world = with_fault("PAY", "garbage", Value::Null).await;
    let body = payment(&world);
    let answer = world.try_ask("/v1/pay", &body).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_slice::<Value>(&answer.body).is_err());
    assert_eq!(world.order()["paidCount"], 1);
}

#[tokio::test]
async fn a_bad_signature_stands_over_the_right_answer() {
    let mut world = with_fault("PAY", "bad_sign", Value::Null).await;
    let body = payment(&world);
    let answer = world.try_ask("/v1/pay", &body).await.unwrap();
    assert!(!world.is_signed(&answer));
    assert_eq!(answer.headers["sign"].len(), 64, "it looks like a signature");
    assert_eq!(answer.json()["data"]["status"], "success");
}

#[tokio::test]
async fn a_wrong_amount_is_signed_and_only_in_the_answer() {
    let mut world = with_fault("PAY", "wrong_amount", Value::Null).await;
    let body = payment(&world);
    assert_eq!(world.pay(&body).await["data"]["amount"], "101.00");
    assert_eq!(world.order()["kept"], "100.00");
}

#[tokio::test]
async fn a_truncated_answer_ends_within_its_body() {
    let mut world = with_fault("PAY", "truncate", Value::Null).await;
    let body = payment(&world);
    let mut request = Request::post("/v1/pay").header("host", "localhost");
    for (name, value) in world.headers(&body) {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(body.to_string()))).unwrap();
    let answer = world.connect().await.send_request(request).await.unwrap();
    let promised: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
    let mut body = answer.into_body();
    let part = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(part.len(), promised / 2);
    assert!(body.frame().await.unwrap().is_err(), "the connection ends within the answer");
    assert_eq!(world.order()["paidCount"], 1);
}

#[tokio::test]
async fn a_busy_system_takes_no_effect_unless_it_is_told_to() {
    let mut world = with_fault("PAY", "busy", Value::Null).await;
    let body = payment(&world);
    assert_eq!(world.pay(&body).await["code"], "900001");
    assert_eq!(world.acquirer.orders()["orders"], json!([]));
    world.acquirer.fault("PAY", "busy", 1, Some(json!({ "effect": true }))).unwrap();
    assert_eq!(world.pay(&body).await["code"], "900001");
    assert_eq!(world.order()["paidCount"], 1);
}

#[tokio::test]
async fn an_effect_can_be_kept_from_any_answer_that_goes_wrong() {
    for fault in ["http500", "garbage", "bad_sign", "wrong_amount", "other_order", "truncate"] {
        let mut world = with_fault("PAY", fault, json!({ "effect": false })).await;
        let body = payment(&world);
        let _ = world.try_ask("/v1/pay", &body).await;
        assert_eq!(world.acquirer.orders()["orders"], json!([]), "{fault}");
    }
}

#[tokio::test]
async fn a_slow_payment_is_processing_for_some_details() {
    let mut world = with_fault("PAY", "processing", json!({ "details": 2 })).await;
    let body = payment(&world);
    assert_eq!(world.pay(&body).await["data"]["status"], "processing");
    for expected in ["processing", "processing", "success", "success"] {
        assert_eq!(world.detail("A1").await["status"], expected);
    }
    assert_eq!(world.order()["paidCount"], 1);
}

#[tokio::test]
async fn a_slow_payment_that_is_cancelled_never_takes_money() {
    let mut world = with_fault("PAY", "processing", json!({ "details": 0 })).await;
    let body = payment(&world);
    world.pay(&body).await;
    assert_eq!(world.cancel("C1", "A1").await["data"]["status"], "success");
    assert_eq!(world.detail("A1").await["status"], "closed");
    assert_eq!(world.order()["charges"], json!([]));
}

#[tokio::test]
async fn an_order_code_of_a_slow_acquirer_still_needs_a_phone() {
    let mut world = with_fault("PAY", "processing", json!({ "details": 1 })).await;
    let answer = world.pay(&world.order_pay("A1")).await;
    for _ in 0..3 {
        assert_eq!(world.detail("A1").await["status"], "processing");
    }
    let code = answer["data"]["payAction"]["redirectUrl"].as_str().unwrap();
    let did = world.acquirer.wallet_scan(code, Answer::Pay).unwrap();
    assert_eq!(did["did"], "paid, and the acquirer takes its time");
    assert_eq!(world.detail("A1").await["status"], "processing");
    assert_eq!(world.detail("A1").await["status"], "success");
}

#[tokio::test]
async fn a_slow_cancellation_frees_the_money_only_in_the_end() {
    let mut world = with_fault("CANCEL", "processing", json!({ "details": 1 })).await;
    let body = payment(&world);
    world.pay(&body).await;
    assert_eq!(world.cancel("C1", "A1").await["data"]["status"], "processing");
    assert_eq!(world.detail("A1").await["status"], "success");
    assert_eq!(world.cancel("C1", "A1").await["data"]["status"], "processing", "the same id, the same state");
    assert_eq!(world.cancel("C2", "A1").await["code"], "200008");
    assert_eq!(world.refund("R1", "A1", "1.00").await["code"], "200008");
    assert_eq!(world.detail("C1").await["status"], "success");
    assert_eq!(world.detail("A1").await["status"], "closed");
    assert_eq!(world.order()["kept"], "0.00");
}

#[tokio::test]
async fn an_order_that_is_being_cancelled_slowly_can_no_longer_be_paid() {
    let mut world = with_fault("CANCEL", "processing", json!({ "details": 1 })).await;
    let shown = world.pay(&world.order_pay("A1")).await;
    world.cancel("C1", "A1").await;
    let code = shown["data"]["payAction"]["redirectUrl"].as_str().unwrap();
    assert_eq!(
        world.acquirer.wallet_scan(code, Answer::Pay).unwrap_err(),
        "order A1 is being cancelled: it can't be paid"
    );
    assert_eq!(world.detail("A1").await["status"], "processing");
    assert_eq!(world.detail("A1").await["status"], "closed");
}

#[tokio::test]
async fn a_slow_refund_counts_before_it_is_done() {
    let mut world = with_fault("REFUND", "processing", json!({ "details": 0 })).await;
    let body = payment(&world);
    world.pay(&body).await;
    assert_eq!(world.refund("R1", "A1", "60.00").await["data"]["status"], "processing");
    assert_eq!(world.detail("A1").await["refundedAmount"], "0.00");
    assert_eq!(world.refund("R2", "A1", "60.00").await["code"], "200006");
    assert_eq!(world.detail("R1").await["status"], "success");
    assert_eq!(world.detail("A1").await["refundedAmount"], "60.00");
}

#[tokio::test]
async fn a_detail_that_lags_behind_hides_a_payment() {
    let mut world = with_fault("DETAIL", "processing", Value::Null).await;
    let body = payment(&world);
    world.pay(&body).await;
    let lagging = world.detail("A1").await;
    assert_eq!((&lagging["status"], &lagging["payTime"]), (&"processing".into(), &Value::Null));
    assert_eq!(world.detail("A1").await["status"], "success");
}

#[tokio::test]
async fn a_refused_payment_failed_for_good() {
    for (reason, code) in [
        (Value::Null, "200004"),
        (json!({ "reason": "risk" }), "200004"),
        (json!({ "reason": "balance" }), "200003"),
        (json!({ "reason": "code_invalid" }), "200002"),
    ] {
        let mut world = with_fault("PAY", "refuse", reason).await;
        let body = payment(&world);
        assert_eq!(world.pay(&body).await["code"], code);
        assert_eq!(world.detail("A1").await["status"], "fail");
        assert_eq!(world.pay(&body).await["data"]["status"], "fail");
        assert_eq!(world.order()["paidCount"], 0);
    }
}

#[tokio::test]
async fn a_refused_cancel_or_detail_says_nothing_about_the_payment() {
    let mut world = World::new().await;
    let body = payment(&world);
    world.pay(&body).await;
    world.acquirer.fault("CANCEL", "refuse", 1, None).unwrap();
    world.acquirer.fault("DETAIL", "refuse", 1, None).unwrap();
    assert_eq!(world.cancel("C1", "A1").await["code"], "200004");
    assert_eq!(world.detail("A1").await, "200004");
    assert_eq!(world.detail("A1").await["status"], "success");
}

#[tokio::test]
async fn a_payment_can_seem_unknown() {
    let mut world = with_fault("DETAIL", "not_found", Value::Null).await;
    let body = payment(&world);
    world.pay(&body).await;
    assert_eq!(world.detail("A1").await, "200001");
    assert_eq!(world.detail("A1").await["status"], "success");
}

#[tokio::test]
async fn a_late_payment_arrives_after_its_cancellation() {
    let mut world = with_fault("PAY", "late", json!({ "calls": 2 })).await;
    let body = payment(&world);
    assert!(world.try_ask("/v1/pay", &body).await.is_err());
    assert_eq!(world.detail("other").await, "200001", "another order's calls don't count");
    assert_eq!(world.detail("A1").await, "200001");
    assert_eq!(world.cancel("C1", "A1").await["code"], "200001");
    assert_eq!(world.detail("A1").await["status"], "success");
    let order = world.order();
    assert_eq!(order["paidCount"], 1);
    assert_eq!(order["calls"].as_array().unwrap().len(), 5, "{order:#}");
    assert!(world.keeps_to_the_contract());
}

#[tokio::test]
async fn a_late_payment_that_comes_after_its_expiry_is_not_taken() {
    let mut world = with_fault("PAY", "late", json!({ "calls": 1 })).await;
    let body = payment(&world);
    assert!(world.try_ask("/v1/pay", &body).await.is_err());
    world.pass(70);
    assert_eq!(world.detail("A1").await, "200001");
    assert_eq!(world.detail("A1").await, "200001");
    assert_eq!(world.acquirer.orders()["orders"], json!([]));
    assert!(world.keeps_to_the_contract(), "it isn't the terminal's fault");
}

#[tokio::test]
async fn a_word_that_is_not_known_is_answered_with_those_that_are() {
    let world = World::new().await;
    let error = world.acquirer.fault("PAY", "explode", 1, None).unwrap_err();
    assert!(error.contains("drop_before, drop_after"), "{error}");
    assert_eq!(
        world.acquirer.fault("VOID", "busy", 1, None).unwrap_err(),
        "\"VOID\" is no API: use PAY, REFUND, CANCEL or DETAIL"
    );
}
