//! The bench's page in a browser: a newcomer sells twice, with nothing but the mouse.

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

#[test]
fn a_newcomer_sells_both_ways_with_nothing_but_the_mouse() {
    run(async {
        let counter = Counter::open().await;
        let mut browser = Browser::open(&format!("http://{}/", counter.address()), counter.dir()).await;
        wait_for_screen(&mut browser, "amount").await;

        press(&mut browser, &["1", "2", ".", "5", "enter"]).await;
        wait_for_screen(&mut browser, "collecting").await;
        browser.click("phone-show").await;
        wait_for_phone(&mut browser, &["code"]).await;
        browser.click("phone-hold").await;
        wait_for_screen(&mut browser, "paid").await;
        wait_for_order(&mut browser, "12.50", "success").await;
        wait_for_phone(&mut browser, &["paid"]).await;
        browser.wait_for("document.querySelector('[data-testid=receipt-1]')").await;
        browser.click("phone-home").await;

        press(&mut browser, &["2", "5", "enter"]).await;
        wait_for_screen(&mut browser, "collecting").await;
        press(&mut browser, &["qr"]).await;
        wait_for_order(&mut browser, "25.00", "processing").await;
        browser.click("phone-camera").await;
        let past = ["waiting", "ask", "paid"];
        // The code may reach the display a moment after the acquirer made it: then the customer looks again.
        while wait_for_phone(&mut browser, &["waiting", "ask", "paid", "problem"]).await == "problem" {
            browser.click("phone-camera").await;
        }
        wait_for_phone(&mut browser, &past).await;
        wait_for_screen(&mut browser, "paid").await;
        wait_for_order(&mut browser, "25.00", "success").await;
        browser.wait_for("document.querySelector('[data-testid=receipt-2]')").await;
        assert_eq!(browser.errors(), &[] as &[serde_json::Value], "the page's script broke");

        counter.settled().await;
        let journal = counter.journal();
        let ends: Vec<_> = journal
            .iter()
            .filter(|line| line.kind == "asked")
            .map(|line| end_of(&journal, line.tx.as_deref().unwrap()))
            .collect();
        assert_eq!(ends, ["paid", "paid"]);
        counter.end().await;
    });
}
