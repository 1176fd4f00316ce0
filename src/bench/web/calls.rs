//! The calls that do something at the counter.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::refusal::{Refusal, body, body_or_empty};
use super::views::{no_acquirer, no_printer};
use crate::bench::acquirer::{Acquirer, Answer, Digits};
use crate::bench::camera;
use crate::bench::counter::Counter;
use crate::bench::news::Topic;
use crate::bench::panel::{KEYS, Panel};
use crate::bench::printer::{Cover, Paper, Printer};
use crate::bench::scanner::{ScanError, Scanner};
use crate::bench::story::Who;

type Counted = State<Arc<Counter>>;
type Answered = Result<Json<Value>, Refusal>;

fn done() -> Answered {
    Ok(Json(json!({ "ok": true })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    key: String,
}

pub(super) async fn key(State(counter): Counted, bytes: Bytes) -> Answered {
    let Key { key } = body(&bytes, r#"{"key": "5"}"#)?;
    if !KEYS.contains(&key.as_str()) {
        let keys = KEYS.join(", ");
        return Err(Refusal::bad(format!(
            "field `key` is `{key}`, and there is no such key: it can be {keys}"
        )));
    }
    cashier(&counter)?.press(&key).await.map_err(|error| Refusal::not_now(error.to_string()))?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Touch {
    x: u16,
    y: u16,
}

pub(super) async fn touch(State(counter): Counted, bytes: Bytes) -> Answered {
    let Touch { x, y } = body(&bytes, r#"{"x": 10, "y": 20}"#)?;
    let panel = cashier(&counter)?;
    let (width, height) = panel.size();
    for (field, value, size) in [("x", x, width), ("y", y, height)] {
        if value >= size {
            return Err(Refusal::bad(format!(
                "field `{field}` is {value}, which is beside the display: it can be 0 to {}",
                size.saturating_sub(1)
            )));
        }
    }
    panel.touch(x, y).await.map_err(|error| Refusal::not_now(error.to_string()))?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scan {
    text: String,
}

pub(super) async fn scan(State(counter): Counted, bytes: Bytes) -> Answered {
    let Scan { text } = body(&bytes, r#"{"text": "281234567890123456"}"#)?;
    let scanner = scanner(&counter)?;
    if !counter.terminal.on() {
        return Err(Refusal::not_now(
            "the scanner has no power while the terminal is off: POST /api/power {\"on\": true}",
        ));
    }
    scanner.scan(&text).map_err(|error| match error {
        ScanError::Text => Refusal::bad(error.to_string()),
        ScanError::Unplugged => Refusal::not_now(error.to_string()),
        ScanError::Wire(_) => Refusal::broken(&error),
    })?;
    counter.story.add(Who::You, format!("The scanner read a code of {} characters.", text.len()));
    done()
}

/// What the owner of a phone will answer: pays, where nothing is said.
fn read_answer(word: Option<&str>) -> Result<Answer, Refusal> {
    word.map_or(Ok(Answer::Pay), the_answer)
}

fn the_answer(word: &str) -> Result<Answer, Refusal> {
    word.parse().map_err(|says| Refusal::bad(format!("field `answer`: {says}")))
}

const ANSWER: &str = r#"{"answer": "pay"}, "refuse" or "wait""#;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FreshCode {
    answer: Option<String>,
    digits: Option<usize>,
}

pub(super) async fn wallet_code(State(counter): Counted, bytes: Bytes) -> Answered {
    let FreshCode { answer, digits } = body_or_empty(&bytes, ANSWER)?;
    let answer = read_answer(answer.as_deref())?;
    let length = digits.map_or_else(|| Ok(Digits::default()), Digits::of);
    let length = length.map_err(|says| Refusal::bad(format!("field `digits`: {says}")))?;
    let text = acquirer(&counter)?.wallet_code_of(answer, length);
    counter.story.add(Who::Phone, "The customer opens the wallet: it shows a fresh payment code.");
    Ok(Json(json!({ "text": text })))
}

#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum From {
    #[default]
    Display,
    Paper,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    answer: Option<String>,
    #[serde(default)]
    from: From,
    /// A piece of paper that was cut off; the newest where none is named.
    receipt: Option<u64>,
    /// What a photo says that the phone took before.
    photo: Option<String>,
}

const LOOK: &str =
    r#"{"answer": "pay"}, "refuse" or "wait"; {"from": "paper", "receipt": 3} for a slip; {"photo": "…"}"#;

pub(super) async fn wallet_scan(State(counter): Counted, bytes: Bytes) -> Answered {
    let Look { answer, from, receipt, photo } = body_or_empty::<Look>(&bytes, LOOK)?;
    let answer = read_answer(answer.as_deref())?;
    let medium = match (from, &photo) {
        (_, Some(_)) => "a photo",
        (From::Display, None) => "the display",
        (From::Paper, None) => "the paper",
    };
    let (place, text) = match (from, photo) {
        (_, Some(photo)) => ("photo", photo),
        (From::Display, None) => seen_on_displays(&counter)?,
        (From::Paper, None) => ("paper", seen_on_paper(the_printer(&counter)?, receipt)?),
    };
    let says = match &counter.acquirer {
        Some(acquirer) => acquirer.wallet_scan(&text, answer).map_err(|says| {
            Refusal::not_now(format!("the phone decoded `{text}`, and its wallet says: {says}"))
        })?,
        None => Value::Null,
    };
    counter.story.add(Who::Phone, format!("The customer's phone reads the code from {medium}."));
    Ok(Json(json!({ "text": text, "display": place, "wallet": says })))
}

/// What the newest paper says, or one that was cut off before.
fn seen_on_paper(printer: &Printer, receipt: Option<u64>) -> Result<String, Refusal> {
    let number = receipt.unwrap_or_else(|| printer.receipts_count());
    let mut rows = printer.receipt(number).map_or(Vec::new(), |receipt| receipt.rows);
    if receipt.is_none() {
        rows.extend(printer.strip());
    }
    camera::look_at_paper(&rows)
        .ok_or_else(|| Refusal::not_now("the phone's camera sees no code on the paper: print one first"))
}

fn seen_on_displays(counter: &Counter) -> Result<(&'static str, String), Refusal> {
    let displays = [("customer", counter.customer.as_ref()), ("cashier", counter.cashier.as_ref())];
    let seen =
        displays.iter().find_map(|(name, panel)| Some((*name, camera::look(&panel.as_ref()?.frame())?)));
    seen.ok_or_else(|| {
        Refusal::not_now(
            "the phone's camera sees no code on the displays: open a sale and press the key `qr`",
        )
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    amount: String,
}

pub(super) async fn wallet_entry(State(counter): Counted, bytes: Bytes) -> Answered {
    let Entry { amount } = body(&bytes, r#"{"amount": "12.50"}"#)?;
    let did = acquirer(&counter)?.wallet_entry(&amount).map_err(Refusal::bad)?;
    counter.story.add(Who::Phone, format!("A customer pays {amount} by the shop's static code."));
    Ok(Json(did))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notify {
    orders: bool,
}

pub(super) async fn notify(State(counter): Counted, bytes: Bytes) -> Answered {
    let Notify { orders } = body(&bytes, r#"{"orders": true}"#)?;
    acquirer(&counter)?.notify_orders(orders);
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    code: String,
    answer: String,
}

pub(super) async fn wallet_answer(State(counter): Counted, bytes: Bytes) -> Answered {
    let Decision { code, answer } = body(&bytes, r#"{"code": "28…", "answer": "pay"}"#)?;
    let answer = the_answer(&answer)?;
    let did = acquirer(&counter)?.wallet_answer(&code, answer).map_err(Refusal::not_now)?;
    let words = match answer {
        Answer::Pay => "The customer confirms the payment on the phone.",
        Answer::Refuse => "The customer refuses the payment on the phone.",
        Answer::Wait => "The customer lets the phone wait.",
    };
    counter.story.add(Who::Phone, words);
    Ok(Json(did))
}

#[derive(Debug, Deserialize)]
struct Fault {
    api: String,
    fault: String,
    #[serde(default = "once")]
    count: u32,
    /// Anything else is a parameter of the fault, and refused where it has none of that name.
    #[serde(flatten)]
    params: Map<String, Value>,
}

fn once() -> u32 {
    1
}

pub(super) async fn fault(State(counter): Counted, bytes: Bytes) -> Answered {
    let example = r#"{"api": "PAY", "fault": "drop_after", "count": 1}"#;
    let Fault { api, fault, count, params } = body(&bytes, example)?;
    let params = Some(Value::Object(params)).filter(|params| *params != json!({}));
    acquirer(&counter)?.fault(&api, &fault, count, params).map_err(Refusal::bad)?;
    counter.news.tell(Topic::Book);
    let words = match count {
        0 => format!("The trouble with {api} ({fault}) is taken back."),
        1 => format!("Trouble waits for the next {api}: {fault}."),
        _ => format!("Trouble waits for the next {count} × {api}: {fault}."),
    };
    counter.story.add(Who::You, words);
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Power {
    on: bool,
}

pub(super) async fn power(State(counter): Counted, bytes: Bytes) -> Answered {
    let Power { on } = body(&bytes, r#"{"on": false}"#)?;
    if on {
        counter.power_on().map_err(|error| Refusal::broken(&error))?;
    } else {
        counter.terminal.power_off().await;
    }
    Ok(Json(json!({ "ok": true, "power": counter.terminal.on() })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Roll {
    paper: Option<Paper>,
    after_rows: Option<usize>,
    cover: Option<Cover>,
}

pub(super) async fn printer(State(counter): Counted, bytes: Bytes) -> Answered {
    let example = r#"{"paper": "out"} ("ok", "near_end") or {"cover": "open"} ("closed")"#;
    let Roll { paper, after_rows, cover } = body(&bytes, example)?;
    if paper.is_none() && cover.is_none() {
        return Err(Refusal::bad(format!("nothing to change; send for example {example}")));
    }
    let printer = the_printer(&counter)?;
    if let Some(paper) = paper {
        printer.set_paper(paper, after_rows);
        counter.story.add(
            Who::You,
            match paper {
                Paper::Ok => "Put a new roll of paper into the printer.",
                Paper::NearEnd => "The roll of paper is nearly used up.",
                Paper::Out if after_rows.is_some() => "The roll of paper has only a few centimetres left.",
                Paper::Out => "Took the paper out of the printer.",
            },
        );
    }
    if let Some(cover) = cover {
        printer.set_cover(cover);
        counter.story.add(
            Who::You,
            match cover {
                Cover::Open => "Opened the printer's cover.",
                Cover::Closed => "Closed the printer's cover.",
            },
        );
    }
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawer {
    open: bool,
}

pub(super) async fn drawer(State(counter): Counted, bytes: Bytes) -> Answered {
    let Drawer { open } = body(&bytes, r#"{"open": false}"#)?;
    the_printer(&counter)?.set_drawer(open);
    done()
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Device {
    Scanner,
    Printer,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plug {
    device: Device,
}

const PLUG: &str = r#"{"device": "scanner"} or {"device": "printer"}"#;

pub(super) async fn unplug(State(counter): Counted, bytes: Bytes) -> Answered {
    match body::<Plug>(&bytes, PLUG)?.device {
        Device::Scanner => {
            scanner(&counter)?.unplug();
            counter.story.add(Who::You, "Pulled the scanner's plug.");
        }
        Device::Printer => {
            the_printer(&counter)?.plug(false);
            counter.story.add(Who::You, "Pulled the printer's plug.");
        }
    }
    done()
}

pub(super) async fn plug(State(counter): Counted, bytes: Bytes) -> Answered {
    match body::<Plug>(&bytes, PLUG)?.device {
        Device::Scanner => {
            scanner(&counter)?.plug_in().map_err(|error| Refusal::broken(&error))?;
            counter.story.add(Who::You, "Plugged the scanner in again.");
        }
        Device::Printer => {
            the_printer(&counter)?.plug(true);
            counter.story.add(Who::You, "Plugged the printer in again.");
        }
    }
    done()
}

fn cashier(counter: &Counter) -> Result<&Panel, Refusal> {
    let says = "the cashier's display is not on this bench: --board names no panel";
    counter.cashier.as_ref().ok_or_else(|| Refusal::absent(says))
}

fn scanner(counter: &Counter) -> Result<&Scanner, Refusal> {
    let says = "the scanner is not on this bench: --board points elsewhere";
    counter.scanner.as_ref().ok_or_else(|| Refusal::absent(says))
}

fn the_printer(counter: &Counter) -> Result<&Printer, Refusal> {
    counter.printer.as_ref().ok_or_else(no_printer)
}

fn acquirer(counter: &Counter) -> Result<&Acquirer, Refusal> {
    counter.acquirer.as_ref().ok_or_else(no_acquirer)
}
