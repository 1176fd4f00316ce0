//! Notifications through the real program and real TLS: what counts, what does not, and what cannot do harm.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::counter_help::{Counter, end_of, run};
use crate::notify_help::Acquirer;

/// What a terminal says that has been told something: how much is on disk.
fn lines(counter: &Counter) -> usize {
    counter.journal().len()
}

/// A sale whose PAY takes effect and is answered late.
async fn sale_that_waits(counter: &Counter, amount: &str) -> String {
    counter.fault(json!({ "api": "PAY", "fault": "delay", "ms": 60_000 })).await;
    counter.collect(amount).await;
    let code = counter.code("pay").await;
    counter.pay_by_code(&code).await;
    let book = counter
        .until_book("the acquirer has the money", |book| book["orders"][0]["status"] == "success")
        .await;
    book["orders"][0]["merchantOrderId"].as_str().unwrap().to_owned()
}

fn paid(id: &str, amount: &str) -> Value {
    json!({
        "merchantOrderId": id, "uqOrderId": "UQ0000000001", "transactionType": "PAYMENT", "status": "success",
        "paymentMethod": "ALIPAY_HK", "product": "PAYMENT_CODE", "amount": amount, "currency": "HKD",
        "storeId": "S001", "payTime": "2026-11-24 12:00:00", "refundedAmount": "0.00",
    })
}

#[test]
fn what_is_not_signed_with_the_notification_key_changes_nothing() {
    run(async {
        let counter = Counter::open().await;
        let acquirer = Acquirer::of(&counter);
        let id = sale_that_waits(&counter, "12.50").await;
        let (before, body) = (lines(&counter), paid(&id, "12.50"));
        assert_eq!(acquirer.send_as("bench-transaction-key", &body).await, 401);
        assert_eq!(acquirer.send_with_sign(&body, Some("00")).await, 401);
        assert_eq!(acquirer.send_with_sign(&body, None).await, 401);
        let signed = acquirer.sign(&paid(&id, "99.00"));
        assert_eq!(acquirer.send_with_sign(&body, Some(&signed)).await, 401, "another body's signature");
        assert_eq!(acquirer.send_head("GET / HTTP/1.1", "").await, 405);
        assert_eq!(acquirer.send_head("POST /elsewhere HTTP/1.1", "{}").await, 404);
        assert_eq!(acquirer.send_head("POST / HTTP/1.1", "no JSON").await, 400);
        assert_eq!(lines(&counter), before, "{:#?}", counter.journal());
        counter.end().await;
    });
}

#[test]
fn what_is_signed_and_about_no_payment_of_ours_is_refused() {
    run(async {
        let counter = Counter::open().await;
        let acquirer = Acquirer::of(&counter);
        let id = sale_that_waits(&counter, "12.50").await;
        let before = lines(&counter);
        assert_eq!(acquirer.send(&paid(&id, "12.51")).await, 422, "another amount");
        assert_eq!(
            acquirer.send(&paid("HK09-000001-AAAAAAAA", "12.50")).await,
            422,
            "another terminal's order"
        );
        let never = paid("HK01-0000ZZ-0123ABCD", "12.50");
        assert_eq!(acquirer.send(&never).await, 422, "an order that we never made");
        let mut elsewhere = paid(&id, "12.50");
        elsewhere["storeId"] = json!("S002");
        assert_eq!(acquirer.send(&elsewhere).await, 422, "another store");
        let mut foreign = paid(&id, "12.50");
        foreign["currency"] = json!("USD");
        assert_eq!(acquirer.send(&foreign).await, 422, "another currency");
        assert_eq!(lines(&counter), before, "{:#?}", counter.journal());
        counter.end().await;
    });
}

#[test]
fn news_before_pays_answer_ends_the_wait_and_the_same_news_again_changes_nothing() {
    run(async {
        let counter = Counter::open().await;
        let acquirer = Acquirer::of(&counter);
        let id = sale_that_waits(&counter, "12.50").await;
        assert_eq!(acquirer.send(&paid(&id, "12.50")).await, 200);
        assert_eq!(end_of(&counter.journal(), &id), "paid", "it was on disk before it was acknowledged");
        counter.screen("paid").await;
        let book = counter.book().await;
        let calls = book["orders"][0]["calls"].as_array().unwrap();
        let apis: Vec<_> = calls.iter().map(|call| call["api"].as_str().unwrap()).collect();
        assert_eq!(apis, ["PAY", "DETAIL"], "it was asked, and asked once");
        let records = |kind: &str| counter.journal().iter().filter(|line| line.kind == kind).count();
        for _ in 0..2 {
            assert_eq!(acquirer.send(&paid(&id, "12.50")).await, 200);
        }
        assert_eq!((records("asked"), records("paid")), (1, 1));
        counter.settled().await;
        counter.end().await;
    });
}

#[test]
fn a_power_cut_before_the_acknowledgement_has_it_sent_again_and_recorded_once() {
    run(async {
        let counter = Counter::open().await;
        let acquirer = Acquirer::of(&counter);
        let id = sale_that_waits(&counter, "12.50").await;
        let body = paid(&id, "12.50");
        let sending = acquirer.send_or_lose(&body);
        let cutting = async {
            while end_of(&counter.journal(), &id) != "paid" {
                tokio::task::yield_now().await;
            }
            counter.power(false).await;
        };
        let _ = tokio::join!(sending, cutting);
        counter.power(true).await;
        counter.ready().await;
        assert_eq!(acquirer.send(&body).await, 200);
        let journal = counter.journal();
        assert_eq!(journal.iter().filter(|line| line.kind == "paid").count(), 1, "{journal:#?}");
        counter.end().await;
    });
}

#[test]
fn ten_megabytes_and_a_byte_a_second_are_turned_away() {
    run(async {
        let counter = Counter::open().await;
        let acquirer = Acquirer::of(&counter);
        // Who goes on sending may find the connection closed before the answer is read.
        let long = acquirer.send_long(10_000_000).await;
        assert!(matches!(long, None | Some(413)), "{long:?}");
        let promised = "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10000000\r\n\r\n";
        assert_eq!(acquirer.raw(promised.as_bytes()).await, 413, "nobody waits for ten megabytes");

        let mut slow = acquirer.open().await;
        slow.write_all(b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n").await.unwrap();
        let mut every = tokio::time::interval(Duration::from_secs(1));
        let mut status = None;
        for _ in 0..20 {
            tokio::select! {
                _ = every.tick() => drop(slow.write_all(b"x").await),
                answered = crate::notify_help::status(&mut slow) => status = Some(answered),
            }
            if status.is_some() {
                break;
            }
        }
        assert_eq!(status, Some(408), "it is not listened to for ever");
        counter.end().await;
    });
}

/// How much memory a process has.
fn resident_kib(pid: u64) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_hundred_dead_connections_do_not_keep_the_acquirer_out() {
    run(async {
        let counter = Counter::open().await;
        let acquirer = Acquirer::of(&counter);
        let id = sale_that_waits(&counter, "12.50").await;
        // What the first connection of a run needs is not counted to the hundred.
        assert_eq!(acquirer.send(&paid("HK09-000001-AAAAAAAA", "1.00")).await, 422);
        let pid = counter.state().await["pid"].as_u64().unwrap();
        let before = resident_kib(pid);
        let mut dead = Vec::new();
        for n in 0..100 {
            if n % 2 == 0 {
                dead.push(Some(TcpStream::connect(acquirer.address()).await.unwrap()));
            } else {
                let mut half = acquirer.open().await;
                half.write_all(b"POST / HTTP/1.1\r\nHost: t\r\n").await.unwrap();
                std::mem::forget(half);
            }
        }
        assert_eq!(acquirer.send(&paid(&id, "12.50")).await, 200);
        let more = resident_kib(pid).saturating_sub(before);
        assert!(more < 4 * 1024, "{more} KiB more");
        drop(dead);
        counter.end().await;
    });
}

fn entry(uq_id: &str, amount: &str) -> Value {
    json!({
        "uqOrderId": uq_id, "transactionType": "PAYMENT", "status": "success", "paymentMethod": "ALIPAY_HK",
        "product": "ENTRY_CODE", "amount": amount, "currency": "HKD", "storeId": "S001",
        "payTime": "2026-11-24 12:00:00", "refundedAmount": "0.00",
    })
}

fn received(counter: &Counter) -> Vec<Value> {
    let journal = counter.journal();
    journal.into_iter().filter(|line| line.kind == "received").map(|line| line.body).collect()
}

#[test]
fn money_by_the_static_code_is_on_disk_before_it_is_acknowledged_and_has_one_receipt() {
    run(async {
        let counter = Counter::open().await;
        let acquirer = Acquirer::of(&counter);
        let body = entry("UQ0000000777", "46.00");
        assert_eq!(acquirer.send(&body).await, 200);
        assert_eq!(received(&counter).len(), 1, "{:#?}", counter.journal());
        counter.until("its receipt is cut off", |state| state["receipts"] == 1).await;
        assert_eq!(acquirer.send(&body).await, 200);
        counter.power(false).await;
        counter.power(true).await;
        counter.ready().await;
        assert_eq!(acquirer.send(&body).await, 200);
        let mut fail = body.clone();
        fail["status"] = json!("fail");
        fail["uqOrderId"] = json!("UQ0000000778");
        let mut refund = body.clone();
        refund["transactionType"] = json!("REFUND");
        let mut elsewhere = body.clone();
        elsewhere["storeId"] = json!("S002");
        let mut nowhere = body.clone();
        nowhere.as_object_mut().unwrap().remove("storeId");
        for body in [fail, refund, elsewhere, nowhere] {
            assert_eq!(acquirer.send(&body).await, 422, "{body}");
        }
        assert_eq!(received(&counter).len(), 1);
        assert_eq!(counter.state().await["receipts"], 1);
        counter.end().await;
    });
}

#[test]
fn the_static_code_is_shown_to_the_phone_and_printed_as_a_sign() {
    run(async {
        let counter = Counter::open().await;
        counter.key("menu").await;
        // The last of the menu, behind what the manager may do.
        for _ in 0..9 {
            counter.key("down").await;
        }
        counter.key("enter").await;
        counter.screen("shop_code").await;
        let (_, seen) = counter.try_post("/api/wallet/scan", &json!({})).await;
        assert!(seen.to_string().contains("5922Sheung Tsuen Tea House"), "{seen}");
        counter.key("enter").await;
        counter.until("the sign is cut off", |state| state["receipts"] == 1).await;
        counter.end().await;
    });
}

#[test]
fn the_simulated_acquirer_tells_of_orders_and_of_the_static_code_whatever_goes_wrong_on_the_way() {
    run(async {
        let counter = Counter::open().await;
        counter.fault(json!({ "api": "NOTIFICATION", "fault": "duplicate" })).await;
        counter.post("/api/wallet/entry", json!({ "amount": "46.00" })).await;
        let taken = |book: &Value| {
            let all = book["notifications"].as_array().unwrap();
            all.iter().filter(|sent| sent["answered"] == "taken").count()
        };
        counter.until_book("both copies are taken", |book| taken(book) == 2).await;
        counter.fault(json!({ "api": "NOTIFICATION", "fault": "bad_sign" })).await;
        counter.post("/api/wallet/entry", json!({ "amount": "47.00" })).await;
        counter
            .until_book("a wrong signature is turned away", |book| {
                book["notifications"].as_array().unwrap().iter().any(|sent| sent["answered"] == "401")
            })
            .await;
        let amounts: Vec<_> = received(&counter).iter().map(|body| body["amount_minor"].clone()).collect();
        assert_eq!(amounts, [4_600], "recorded once, and nothing of the other");

        counter.post("/api/acquirer/notify", json!({ "orders": true })).await;
        counter.fault(json!({ "api": "PAY", "fault": "drop_after" })).await;
        counter.collect("12.50").await;
        let code = counter.code("pay").await;
        counter.pay_by_code(&code).await;
        counter.screen("paid").await;
        counter.until_book("the order's news is taken", |book| taken(book) == 3).await;
        counter.end().await;
    });
}
