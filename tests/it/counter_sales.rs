//! The five sales of a first day, by the calls that the page makes; then the acquirer's book against the journal.

use serde_json::{Value, json};

use super::counter_help::{Counter, Line, end_of, run};

/// The order of the acquirer's that has this amount.
fn order<'a>(book: &'a Value, amount: &str) -> &'a Value {
    book["orders"].as_array().unwrap().iter().find(|order| order["amount"] == amount).unwrap()
}

/// Waits until so many pieces of paper were cut off, and sees that the newest has ink on it.
async fn paper(counter: &Counter, count: u64) {
    counter.until("the paper is cut off", |state| state["receipts"] == count).await;
    let png = counter.bytes(&format!("/api/receipts/{count}.png")).await;
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.width, 576);
    assert!(info.height > 200, "a receipt of {} rows", info.height);
    assert!(pixels.iter().any(|bits| *bits != pixels[0]), "blank paper");
}

#[test]
fn five_sales_end_as_the_acquirer_knows_them_and_each_has_its_paper() {
    run(async {
        let counter = Counter::open().await;

        counter.collect("10.10").await;
        let code = counter.code("pay").await;
        counter.pay_by_code(&code).await;
        counter.screen("paid").await;
        paper(&counter, 1).await;

        counter.collect("20.20").await;
        counter.show_order_code().await;
        let seen = counter.phone_scans("pay").await;
        counter.screen("paid").await;
        paper(&counter, 2).await;
        assert_eq!(order(&counter.book().await, "20.20")["orderCode"], seen["text"]);

        counter.collect("30.30").await;
        let code = counter.code("refuse").await;
        counter.pay_by_code(&code).await;
        counter.screen("refused").await;
        paper(&counter, 3).await;

        counter.fault(json!({ "api": "PAY", "fault": "drop_after" })).await;
        counter.collect("40.40").await;
        let code = counter.code("pay").await;
        counter.pay_by_code(&code).await;
        counter.screen("paid").await;
        paper(&counter, 4).await;
        let book = counter.book().await;
        assert_eq!(order(&book, "40.40")["calls"][0]["fault"], "drop_after", "the answer was lost: {book:#}");

        counter.collect("50.50").await;
        counter.show_order_code().await;
        counter.key("stop").await;
        counter.screen("reversed").await;
        paper(&counter, 5).await;

        counter.settled().await;
        let (book, journal) = (counter.book().await, counter.journal());
        assert_eq!(book["orders"].as_array().unwrap().len(), 5);
        let ends = [
            ("10.10", "paid"),
            ("20.20", "paid"),
            ("30.30", "refused"),
            ("40.40", "paid"),
            ("50.50", "reversed"),
        ];
        for (amount, end) in ends {
            let id = order(&book, amount)["merchantOrderId"].as_str().unwrap();
            assert_eq!(end_of(&journal, id), end, "{amount}");
        }
        assert!(journal.iter().all(|line: &Line| !line.body.to_string().contains(&code)), "no code is kept");
        counter.end().await;
    });
}

/// Nothing is asked or pressed meanwhile: only the clock goes on. A loop that forgot the second that it had waited for would
/// leave the screen as it is.
#[test]
fn seconds_go_by_on_the_screen_while_nothing_else_happens() {
    run(async {
        let counter = Counter::open_with_profile("[timings]\ndetail_every = \"1m\"").await;
        counter.collect("20.20").await;
        counter.show_order_code().await;
        let mut before = counter.bytes("/api/screen.png").await;
        let mut changes = 0;
        while changes < 3 {
            let version = counter.state().await["versions"]["screen"].clone();
            let now = counter.bytes("/api/screen.png").await;
            changes += u32::from(now != before);
            before = now;
            counter.until("the next second", |state| state["versions"]["screen"] != version).await;
        }
        counter.end().await;
    });
}
