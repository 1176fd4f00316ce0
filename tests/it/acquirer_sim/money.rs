//! Orders, cancellations and refunds: what they do to the money, and what an id is worth.

use postern::bench::acquirer::Answer;
use serde_json::json;

use super::World;

/// A world with one payment of HK$100, paid.
async fn paid() -> World {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(Answer::Pay);
    assert_eq!(world.pay(&world.code_pay("A1", &code)).await["data"]["status"], "success");
    world
}

#[tokio::test]
async fn a_repeated_pay_has_the_state_of_the_first_and_charges_once() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(Answer::Pay);
    let body = world.code_pay("A1", &code);
    let first = world.pay(&body).await;
    world.pass(3600);
    assert_eq!(world.pay(&body).await, first, "long after expireAt, too");
    assert_eq!(world.order()["paidCount"], 1);
}

#[tokio::test]
async fn an_id_with_other_content_is_a_fault_of_the_terminal() {
    let mut world = paid().await;
    let answer = world.pay(&world.order_pay("A1")).await;
    assert_eq!(answer["code"], "200005");
    assert_eq!(world.cancel("A1", "A1").await["code"], "200005");
    world.refund("R1", "A1", "1.00").await;
    assert_eq!(world.refund("R1", "A1", "2.00").await["code"], "200005");
    assert_eq!(world.cancel("R1", "A1").await["code"], "200005");
    assert_eq!(world.acquirer.orders()["violations"].as_array().unwrap().len(), 4);
    assert_eq!(world.order()["kept"], "99.00");
}

#[tokio::test]
async fn an_order_that_nobody_pays_closes_when_it_expires() {
    let mut world = World::new().await;
    let answer = world.pay(&world.order_pay("A1")).await;
    world.pass(129);
    assert_eq!(world.detail("A1").await["status"], "processing");
    world.pass(1);
    assert_eq!(world.detail("A1").await["status"], "closed");
    let code = answer["data"]["payAction"]["redirectUrl"].as_str().unwrap();
    let error = world.acquirer.wallet_scan(code, Answer::Pay).unwrap_err();
    assert_eq!(error, "order A1 is closed: it can't be paid");
    assert_eq!(world.order()["reason"], "nobody paid before expireAt");
}

#[tokio::test]
async fn a_cancelled_order_can_no_longer_be_paid() {
    let mut world = World::new().await;
    let answer = world.pay(&world.order_pay("A1")).await;
    let cancelled = world.cancel("C1", "A1").await;
    assert_eq!(
        cancelled["data"],
        json!({
            "status": "success",
            "merchantOrderId": "C1",
            "uqOrderId": "UQ0000000002",
            "transactionType": "CANCEL",
            "paymentMethod": "ALIPAY_HK",
            "product": "ORDER_CODE",
            "amount": "100.00",
            "currency": "HKD",
        })
    );
    assert_eq!(world.detail("A1").await["status"], "closed");
    assert_eq!(world.detail("C1").await, cancelled["data"]);
    let code = answer["data"]["payAction"]["redirectUrl"].as_str().unwrap();
    assert!(world.acquirer.wallet_scan(code, Answer::Pay).is_err());
    assert_eq!(world.order()["charges"], json!([]));
}

#[tokio::test]
async fn a_cancelled_payment_is_paid_back_whole_and_once() {
    let mut world = paid().await;
    for id in ["C1", "C1", "C2"] {
        assert_eq!(world.cancel(id, "A1").await["data"]["status"], "success", "{id}");
    }
    let order = world.order();
    assert_eq!(order["status"], "closed");
    assert_eq!((&order["paidCount"], &order["kept"]), (&1.into(), &"0.00".into()));
    assert_eq!(order["charges"].as_array().unwrap().len(), 2);
    assert_eq!(order["charges"][1]["by"], "C1");
    assert_eq!(world.refund("R1", "A1", "1.00").await["code"], "200008");
}

#[tokio::test]
async fn a_payment_is_cancelled_by_the_acquirers_id_too() {
    let mut world = paid().await;
    let uq = world.detail("A1").await["uqOrderId"].clone();
    let body = json!({ "merchantOrderId": "C1", "originalUqOrderId": uq, "storeId": "S1" });
    assert_eq!(world.ask("/v1/cancel", &body).await["data"]["status"], "success");
    let detail = world.ask("/v1/detail", &json!({ "uqOrderId": uq })).await;
    assert_eq!(detail["data"]["status"], "closed");
}

#[tokio::test]
async fn a_payment_is_cancelled_before_the_last_second_of_its_date_only() {
    let mut world = paid().await;
    world.pass(11 * 3600 + 59 * 60 + 58);
    let code = world.acquirer.wallet_code(Answer::Pay);
    world.pay(&world.code_pay("A2", &code)).await;
    assert_eq!(world.cancel("C2", "A2").await["code"], "000000", "23:59:58");
    world.pass(1);
    assert_eq!(world.cancel("C1", "A1").await["code"], "200007", "23:59:59");
    assert_eq!(world.cancel("C3", "A2").await["code"], "000000", "a closed one closes again");
    world.pass(1);
    assert_eq!(world.cancel("C1", "A1").await["code"], "200007", "the next day");
    assert_eq!(world.refund("R1", "A1", "100.00").await["data"]["status"], "success");
}

#[tokio::test]
async fn the_payment_date_is_the_date_of_the_payment_once_there_is_one() {
    let mut world = World::new().await;
    let mut body = world.order_pay("A1");
    body["expireAt"] = world.text_in(20 * 3600).into();
    let answer = world.pay(&body).await;
    world.pass(13 * 3600);
    assert_eq!(world.cancel("C1", "A1").await["code"], "200007", "unpaid since yesterday");
    let code = answer["data"]["payAction"]["redirectUrl"].as_str().unwrap();
    world.acquirer.wallet_scan(code, Answer::Pay).unwrap();
    assert_eq!(world.cancel("C1", "A1").await["code"], "000000", "paid today");
}

#[tokio::test]
async fn an_unknown_payment_cannot_be_cancelled_unless_the_acquirer_says_yes_to_all() {
    let mut world = World::new().await;
    assert_eq!(world.cancel("C1", "A1").await["code"], "200001");
    let mut world = World::with(|config| config.cancels_unknown = true).await;
    let cancelled = world.cancel("C1", "A1").await;
    assert_eq!(cancelled["data"]["status"], "success");
    assert_eq!(world.detail("A1").await, "200001");
    let code = world.acquirer.wallet_code(Answer::Pay);
    let answer = world.pay(&world.code_pay("A1", &code)).await;
    assert_eq!(answer["data"]["status"], "success", "it promised nothing");
}

#[tokio::test]
async fn refunds_are_partial_and_go_up_to_the_amount() {
    let mut world = paid().await;
    let first = world.refund("R1", "A1", "30.10").await;
    assert_eq!(first["data"]["status"], "success");
    assert_eq!(first["data"]["transactionType"], "REFUND");
    assert_eq!(first["data"]["amount"], "30.10");
    assert_eq!(world.refund("R2", "A1", "70.00").await["code"], "200006");
    assert_eq!(world.refund("R3", "A1", "69.90").await["data"]["status"], "success");
    assert_eq!(world.refund("R4", "A1", "0.01").await["code"], "200006");
    assert_eq!(world.detail("A1").await["refundedAmount"], "100.00");
    assert_eq!(world.detail("A1").await["status"], "success");
    let order = world.order();
    assert_eq!((&order["kept"], &order["refundedAmount"]), (&"0.00".into(), &"100.00".into()));
    assert_eq!(order["refunds"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_refund_has_an_id_that_pays_back_once() {
    let mut world = paid().await;
    let first = world.refund("R1", "A1", "10.00").await;
    assert_eq!(world.refund("R1", "A1", "10.00").await, first);
    assert_eq!(world.detail("R1").await, first["data"]);
    assert_eq!(world.detail("A1").await["refundedAmount"], "10.00");
    assert_eq!(world.refund("R2", "A1", "95.00").await["code"], "200006");
    assert_eq!(world.detail("R2").await["status"], "fail", "a refused refund says so later, too");
}

#[tokio::test]
async fn only_a_payment_that_succeeded_is_refunded() {
    let mut world = World::new().await;
    world.pay(&world.order_pay("A1")).await;
    assert_eq!(world.refund("R1", "A1", "1.00").await["code"], "200008");
    assert_eq!(world.refund("R2", "A2", "1.00").await["code"], "200001");
    assert_eq!(world.refund("R3", "R1", "1.00").await["code"], "200008", "a refund is no payment");
    assert_eq!(world.detail("R2").await, "200001");
}

#[tokio::test]
async fn a_payment_refunded_in_part_is_not_cancelled() {
    let mut world = paid().await;
    world.refund("R1", "A1", "1.00").await;
    assert_eq!(world.cancel("C1", "A1").await["code"], "200008");
    assert_eq!(world.order()["kept"], "99.00");
}

#[tokio::test]
async fn a_failed_payment_is_neither_cancelled_nor_refunded() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(Answer::Refuse);
    world.pay(&world.code_pay("A1", &code)).await;
    assert_eq!(world.cancel("C1", "A1").await["code"], "200008");
    assert_eq!(world.refund("R1", "A1", "1.00").await["code"], "200008");
}
