//! Attended QR: a cashier stands by while the customer scans, and the customer is early, changes their mind, or is late.

use serde_json::{Value, json};

use super::{Counter, End, ends, run};

/// What a wallet says to a code of which the phone has taken a photo.
async fn scan_photo(counter: &Counter, text: &Value) -> (u16, String) {
    let (status, says) = counter.try_post("/api/wallet/scan", &json!({ "photo": text })).await;
    (status, says.to_string())
}

/// The customer holds the phone to the display while the amount is still being typed, and then shows the photo of the
/// code by which somebody paid before: neither pays anything, and the order that is made next is paid as usual.
#[test]
fn scanned_before_the_order_exists() {
    run(async {
        let counter = Counter::open().await;
        counter.collect("30.00").await;
        counter.show_order_code().await;
        let photo = counter.phone_scans("pay").await["text"].clone();
        ends(&counter, End::paid("30.00")).await;
        counter.key("enter").await;

        counter.type_amount("31").await;
        let (status, says) = counter.try_post("/api/wallet/scan", &json!({})).await;
        assert!(status == 409 && says.to_string().contains("sees no code"), "{says}");
        let (status, says) = scan_photo(&counter, &photo).await;
        assert!(status == 409 && says.contains("is success: it can't be paid"), "{says}");
        assert_eq!(counter.book().await["orders"].as_array().unwrap().len(), 1, "there is no order yet");

        counter.key("enter").await;
        counter.screen("collecting").await;
        counter.show_order_code().await;
        let seen = counter.phone_scans("pay").await;
        assert_ne!(seen["text"], photo);
        ends(&counter, End::paid("31.00")).await;
        counter.end().await;
    });
}

#[test]
fn refused_then_paid() {
    run(async {
        let counter = Counter::open().await;
        counter.collect("32.00").await;
        counter.show_order_code().await;
        counter.phone_scans("refuse").await;
        let (first, _) = ends(&counter, End::refused()).await;
        // The cashier tries again: the same sale, a new order, a new code.
        counter.key("enter").await;
        counter.screen("collecting").await;
        counter.show_order_code().await;
        counter.phone_scans("pay").await;
        let (second, _) = ends(&counter, End::paid("32.00")).await;
        assert_ne!(first, second);
        let journal = counter.journal();
        let asked = journal.iter().find(|line| line.kind == "asked" && line.tx.as_deref() == Some(&second));
        let asked = &asked.unwrap().body;
        assert_eq!((&asked["sale"], &asked["attempt"]), (&json!(first), &json!(2)));
        counter.end().await;
    });
}

#[test]
fn cancelled_so_that_the_code_is_dead() {
    run(async {
        let counter = Counter::open().await;
        counter.collect("33.00").await;
        counter.show_order_code().await;
        let seen = counter.phone_scans("wait").await;
        counter.key("stop").await;
        ends(&counter, End::cancelled()).await;
        // The customer pays now: on the phone that still asks, and from a photo of the code.
        let late = json!({ "code": seen["text"], "answer": "pay" });
        let (status, says) = counter.try_post("/api/wallet/answer", &late).await;
        assert!(status == 409 && says.to_string().contains("is closed"), "{says}");
        let (status, says) = scan_photo(&counter, &seen["text"]).await;
        assert!(status == 409 && says.contains("is closed"), "{says}");
        let (status, says) = counter.try_post("/api/wallet/scan", &json!({})).await;
        assert!(status == 409 && says.to_string().contains("sees no code"), "{says}");
        assert_eq!(counter.book().await["orders"][0]["charges"], json!([]));
        counter.end().await;
    });
}
