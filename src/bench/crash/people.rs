//! A cashier in a hurry and customers of every kind, who take no notice of power cuts.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::random;
use crate::bench::acquirer::{Acquirer, Answer};
use crate::bench::camera;
use crate::bench::counter::Counter;
use crate::bench::panel::Panel;

/// Between two looks at the screen.
const LOOK: Duration = Duration::from_millis(8);

/// The calls that meet it.
const APIS: [&str; 3] = ["PAY", "DETAIL", "CANCEL"];
/// What the next few calls meet.
const FAULTS: [&str; 8] =
    ["drop_before", "drop_after", "delay", "http500", "garbage", "bad_sign", "busy", "processing"];

pub(super) struct People {
    counter: Arc<Counter>,
    /// They start new sales; otherwise they only answer what the terminal asks a person.
    selling: bool,
}

/// Lets every call succeed from now on.
pub(super) fn end_faults(acquirer: &Acquirer) {
    for (api, fault) in APIS.iter().flat_map(|api| FAULTS.map(|fault| (api, fault))) {
        order(acquirer, api, fault, 0);
    }
}

/// Orders a fault for the next `count` calls; 0 takes back what waits.
fn order(acquirer: &Acquirer, api: &str, fault: &str, count: u32) {
    if let Err(why) = acquirer.fault(api, fault, count, None) {
        tracing::error!(why, "no fault of the simulated acquirer");
    }
}

impl People {
    pub(super) fn new(counter: Arc<Counter>, selling: bool) -> People {
        People { counter, selling }
    }

    /// Works until it is aborted.
    pub(super) async fn work(self) {
        loop {
            sleep(LOOK).await;
            let report = self.counter.cashier.as_ref().map(Panel::report).unwrap_or_default();
            match report["screen"].as_str().unwrap_or_default() {
                "amount" if self.selling => self.amount().await,
                "amount" if report["unsettled"] != 0 => self.press(&["down", "enter"]).await,
                "collecting" if self.selling => self.collect().await,
                "confirm_amount" | "same_amount" if self.selling => self.press(&["enter"]).await,
                "paid_late" => self.press(&["1"]).await,
                "one" => self.press(&["stop"]).await,
                "asking" | "confirm" | "unknown" => self.wait_or_stop().await,
                "cancelling" | "starting" | "" => {}
                _other => self.press(&["clear"]).await,
            }
        }
    }

    async fn amount(&self) {
        self.trouble();
        let dollars = (1 + random() % 99).to_string();
        let digits: Vec<&str> = dollars.split("").filter(|digit| !digit.is_empty()).collect();
        self.press(&digits).await;
        self.press(&["enter"]).await;
    }

    async fn collect(&self) {
        let Some(acquirer) = &self.counter.acquirer else { return };
        if random().is_multiple_of(3) {
            self.press(&["qr"]).await;
            sleep(LOOK * 8).await;
            // The phone sees what the display shows, and nothing else.
            let display = self.counter.customer.as_ref().map(Panel::frame);
            if let Some(code) = display.as_ref().and_then(camera::look) {
                let answer = if random().is_multiple_of(4) { Answer::Refuse } else { Answer::Pay };
                // The order may have been cancelled meanwhile: then nobody pays it.
                let _ = acquirer.wallet_scan(&code, answer);
            }
            return;
        }
        let answer = match random() % 12 {
            0 => Answer::Refuse,
            1 => Answer::Wait,
            _ => Answer::Pay,
        };
        let code = acquirer.wallet_code(answer);
        if let Some(scanner) = &self.counter.scanner {
            // An unplugged or dead scanner reads nothing.
            let _ = scanner.scan(&code);
        }
        sleep(LOOK * 4).await;
    }

    async fn wait_or_stop(&self) {
        if random().is_multiple_of(100) {
            self.press(&["stop"]).await;
        }
    }

    fn trouble(&self) {
        let (Some(acquirer), 0..3) = (&self.counter.acquirer, random() % 8) else { return };
        let pick = |from: &[&'static str]| from.get((random() % from.len() as u64) as usize).copied();
        if let (Some(api), Some(fault)) = (pick(&APIS), pick(&FAULTS)) {
            order(acquirer, api, fault, 1);
        }
    }

    async fn press(&self, keys: &[&str]) {
        let Some(panel) = &self.counter.cashier else { return };
        for key in keys {
            // A dead terminal takes no keys.
            let _ = panel.press(key).await;
        }
    }
}
