//! A cashier in a hurry and customers of every kind, who take no notice of power cuts.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::random;
use crate::bench::acquirer::{Acquirer, Answer};
use crate::bench::counter::Counter;
use crate::bench::panel::Panel;

/// Between two looks at the screen.
const LOOK: Duration = Duration::from_millis(8);

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
    for api in ["PAY", "DETAIL", "CANCEL"] {
        for fault in FAULTS {
            // No such fault is planned: then there is none to end.
            let _ = acquirer.fault(api, fault, 0, None);
        }
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
                "one" => self.press(&["enter", "clear"]).await,
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
            if let Some(code) = newest_code(&acquirer.orders()) {
                let answer = if random().is_multiple_of(4) { Answer::Refuse } else { Answer::Pay };
                let _ = acquirer.wallet_scan(&code, answer);
            }
            return;
        }
        let answer = match random() % 6 {
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
        if let (Some(api), Some(fault)) = (pick(&["PAY", "PAY", "DETAIL", "CANCEL"]), pick(&FAULTS)) {
            // A call that has no such fault has none.
            let _ = acquirer.fault(api, fault, 1, None);
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

fn newest_code(book: &Value) -> Option<String> {
    let open = |order: &&Value| order["status"] == "processing" && order["orderCode"].is_string();
    let order = book["orders"]
        .as_array()?
        .iter()
        .rfind(open)
        .or_else(|| book["orders"].as_array()?.iter().find(open))?;
    order["orderCode"].as_str().map(str::to_owned)
}
