//! Links and printed order codes at the real counter: real bytes to the printer, read back from its paper by a phone.

use serde_json::{Value, json};

use super::counter_help::{Counter, end_of, run};

/// Collects an amount in the way of this key until its slip is cut off, and frees the counter; the transaction's id.
async fn hand_out(counter: &Counter, amount: &str, key: &str) -> String {
    let before = counter.state().await["receipts"].as_u64();
    counter.collect(amount).await;
    counter.key(key).await;
    let slip = |state: &Value| state["receipts"].as_u64() > before;
    let state = counter.until("the slip", slip).await;
    let id = state["report"]["transaction"].as_str().unwrap().to_owned();
    counter.key("menu").await;
    counter.screen("amount").await;
    id
}

/// What the phone reads on a slip, and what its wallet says.
async fn scan_slip(counter: &Counter, receipt: u64, answer: &str) -> (u16, Value) {
    let look = json!({ "from": "paper", "receipt": receipt, "answer": answer });
    counter.try_post("/api/wallet/scan", &look).await
}

fn says(counter: &Counter, id: &str, kind: &str) -> Option<Value> {
    let journal = counter.journal();
    journal
        .iter()
        .rfind(|line| line.tx.as_deref() == Some(id) && line.kind == kind)
        .map(|line| line.body.clone())
}

/// The customer takes the link home, the power fails, and the customer comes back to ask: the cashier finds it in the
/// list, shows it once more, and it is the code of the slip.
#[test]
fn a_link_survives_a_power_cut_is_shown_again_and_paid() {
    run(async {
        let counter = Counter::open().await;
        let id = hand_out(&counter, "60.60", "2").await;
        let shown = says(&counter, &id, "shown").unwrap();
        assert_eq!(shown["place"], "paper");

        counter.collect("12.30").await;
        let code = counter.code("pay").await;
        counter.pay_by_code(&code).await;
        counter.screen("paid").await;
        counter.until("its receipt", |state| state["receipts"] == 2).await;

        counter.power(false).await;
        counter.power(true).await;
        counter.ready().await;
        let state = counter.screen("amount").await;
        assert_eq!((&state["report"]["open"], &state["report"]["unsettled"]), (&json!(1), &json!(0)));
        counter.key("down").await;
        counter.screen("recent").await;
        counter.key("enter").await;
        counter.screen("one").await;
        counter.key("qr").await;
        counter.screen("collecting").await;
        let seen = counter.phone_scans("wait").await;
        let (status, slip) = scan_slip(&counter, 1, "pay").await;
        assert_eq!((status, &slip["text"]), (200, &seen["text"]), "{slip}");
        assert_eq!(shown["code"], seen["text"]);
        counter.screen("paid").await;
        counter.settled().await;
        assert_eq!(end_of(&counter.journal(), &id), "paid");
        counter.end().await;
    });
}

#[test]
fn a_printed_order_code_that_is_cancelled_leaves_a_void_slip_and_pays_nothing_any_more() {
    run(async {
        let counter = Counter::open().await;
        let id = hand_out(&counter, "70.70", "1").await;
        assert_eq!(says(&counter, &id, "asked").unwrap()["product"], "order_code");
        for key in ["down", "enter", "stop"] {
            counter.key(key).await;
        }
        counter.screen("reversed").await;
        counter.until("the void slip", |state| state["receipts"] == 2).await;
        counter.settled().await;
        assert_eq!(says(&counter, &id, "printed").unwrap()["paper"], "void");
        let (status, answer) = scan_slip(&counter, 1, "pay").await;
        assert_eq!(status, 409, "{answer}");
        let (status, answer) = scan_slip(&counter, 2, "pay").await;
        assert_eq!(status, 409, "{answer}");
        let decoded = format!("the phone decoded `{id}`");
        assert!(
            answer["error"].as_str().unwrap().contains(&decoded),
            "the void slip names its order: {answer}"
        );
        counter.end().await;
    });
}

#[test]
fn a_code_on_paper_is_paid_while_the_next_customer_is_served() {
    run(async {
        let counter = Counter::open().await;
        let id = hand_out(&counter, "80.80", "1").await;
        counter.type_amount("5").await;
        let (status, seen) = scan_slip(&counter, 1, "pay").await;
        assert_eq!(status, 200, "{seen}");
        counter.until("it is told", |state| state["report"]["open"] == 0).await;
        let state = counter.until("the receipt", |state| state["receipts"] == 2).await;
        assert_eq!(state["report"]["screen"], "amount");
        counter.settled().await;
        assert_eq!(end_of(&counter.journal(), &id), "paid");
        counter.end().await;
    });
}
