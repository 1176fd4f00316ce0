//! The bench's page in a browser: a newcomer's first five sales, with nothing but the mouse.

mod browser;

use serde_json::json;

use super::counter_help::{Counter, end_of, run};
use browser::Browser;

/// Presses keys of the keypad on the page.
async fn press(browser: &mut Browser, keys: &[&str]) {
    for key in keys {
        browser.click(&format!("key-{key}")).await;
    }
}

async fn wait_for_screen(browser: &mut Browser, name: &str) {
    let name = json!(name);
    browser
        .wait_for(&format!("document.querySelector('[data-testid=screen-name]')?.dataset.screen === {name}"))
        .await;
}

async fn wait_for_phone(browser: &mut Browser, stages: &[&str]) -> String {
    let stage = "document.querySelector('[data-testid=phone]')?.dataset.stage";
    browser.wait_for(&format!("{}.includes({stage})", json!(stages))).await;
    browser.evaluate(stage).await.as_str().unwrap().to_owned()
}

/// Waits for an order in the acquirer's book on the page.
async fn wait_for_order(browser: &mut Browser, amount: &str, status: &str) {
    let selector = json!(format!("[data-id][data-amount=\"{amount}\"][data-status=\"{status}\"]"));
    browser.wait_for(&format!("document.querySelector({selector})")).await;
}

/// Types an amount and lets the phone's payment code be scanned.
async fn sell_by_code(browser: &mut Browser, keys: &[&str]) {
    press(browser, keys).await;
    press(browser, &["enter"]).await;
    wait_for_screen(browser, "collecting").await;
    browser.click("phone-show").await;
    wait_for_phone(browser, &["code"]).await;
    browser.click("phone-hold").await;
}

/// Waits for the end of a sale on the page: on the screen, in the acquirer's book, on paper; and puts the phone away.
async fn wait_for_end(browser: &mut Browser, sale: u32, amount: &str, screen: &str, status: &str) {
    wait_for_screen(browser, screen).await;
    wait_for_order(browser, amount, status).await;
    browser.wait_for(&format!("document.querySelector('[data-testid=receipt-{sale}]')")).await;
    browser.click("phone-home").await;
    wait_for_phone(browser, &["home"]).await;
}

/// What the acquirer's book holds of a sale with this end.
fn in_the_book(end: &str) -> (&'static str, u64) {
    match end {
        "paid" => ("success", 1),
        "refused" => ("fail", 0),
        "reversed" => ("closed", 0),
        other => panic!("a sale ended {other}"),
    }
}

#[test]
fn a_newcomer_sees_five_sales_end_with_nothing_but_the_mouse() {
    run(async {
        let counter = Counter::open().await;
        let mut browser = Browser::open(&format!("http://{}/", counter.address()), counter.dir()).await;
        let browser = &mut browser;
        wait_for_screen(browser, "amount").await;

        sell_by_code(browser, &["1", "2", ".", "5"]).await;
        wait_for_end(browser, 1, "12.50", "paid", "success").await;

        press(browser, &["2", "5", "enter"]).await;
        wait_for_screen(browser, "collecting").await;
        press(browser, &["qr"]).await;
        wait_for_order(browser, "25.00", "processing").await;
        browser.click("phone-camera").await;
        // The code may reach the display a moment after the acquirer made it: then the customer looks again.
        while wait_for_phone(browser, &["waiting", "ask", "paid", "problem"]).await == "problem" {
            browser.click("phone-camera").await;
        }
        wait_for_end(browser, 2, "25.00", "paid", "success").await;

        browser.click("will-refuse").await;
        sell_by_code(browser, &["3", "0"]).await;
        wait_for_end(browser, 3, "30.00", "refused", "fail").await;

        browser.click("will-pay").await;
        // What the form proposes is that the answer of the next PAY gets lost.
        browser.click("trouble").await;
        browser.click("fault-arm").await;
        browser.wait_for("document.querySelector('[data-testid=faults] li')").await;
        sell_by_code(browser, &["4", "0"]).await;
        wait_for_end(browser, 4, "40.00", "paid", "success").await;

        browser.click("will-wait").await;
        sell_by_code(browser, &["5", "0"]).await;
        wait_for_screen(browser, "confirm").await;
        press(browser, &["stop"]).await;
        wait_for_end(browser, 5, "50.00", "reversed", "closed").await;
        assert_eq!(browser.errors(), &[] as &[serde_json::Value], "the page's script broke");

        counter.settled().await;
        let (journal, book) = (counter.journal(), counter.book().await);
        let orders = book["orders"].as_array().unwrap();
        let mut ends = Vec::new();
        for asked in journal.iter().filter(|line| line.kind == "asked") {
            let id = asked.tx.as_deref().unwrap();
            let end = end_of(&journal, id);
            let order = orders.iter().find(|order| order["merchantOrderId"] == id).unwrap();
            let (status, paid) = in_the_book(end);
            assert_eq!((&order["status"], &order["paidCount"]), (&json!(status), &json!(paid)), "{order:#}");
            ends.push((order["amount"].as_str().unwrap(), end));
        }
        let sold = ["12.50", "25.00", "30.00", "40.00", "50.00"];
        let ended = ["paid", "paid", "refused", "paid", "reversed"];
        assert_eq!(ends, sold.into_iter().zip(ended).collect::<Vec<_>>());
        assert_eq!(orders.len(), sold.len(), "nothing else was asked for");
        let lost = orders.iter().find(|order| order["amount"] == "40.00").unwrap();
        assert_eq!(lost["calls"][0]["fault"], "drop_after", "the answer was lost");
        counter.end().await;
    });
}

#[test]
fn a_customer_pays_by_the_static_code_on_the_page_and_the_terminal_prints_the_receipt() {
    run(async {
        let counter = Counter::open().await;
        let mut browser = Browser::open(&format!("http://{}/", counter.address()), counter.dir()).await;
        let browser = &mut browser;
        wait_for_screen(browser, "amount").await;
        browser.click("phone-entry").await;
        wait_for_phone(browser, &["entry"]).await;
        browser.evaluate("document.querySelector('[data-testid=phone-amount]').value = '46.00'").await;
        browser.click("phone-entry-pay").await;
        wait_for_phone(browser, &["paid"]).await;
        browser.wait_for("document.querySelector('[data-testid=receipt-1]')").await;
        browser.click("phone-home").await;
        wait_for_phone(browser, &["home"]).await;
        assert_eq!(browser.errors(), &[] as &[serde_json::Value], "the page's script broke");
        counter.settled().await;
        counter.end().await;
    });
}
