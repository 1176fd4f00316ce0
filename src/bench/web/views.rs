//! The calls that only look.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::bench::counter::Counter;
use crate::bench::panel::Panel;
use crate::bench::picture;
use crate::bench::printer::Printer;

/// Half a kilometre at nobody's expense: what a browser still shows as one picture.
const PAPER_ROWS_MAX: usize = 20_000;
const STATE_WAIT: Duration = Duration::from_secs(10);

pub(super) async fn page() -> Response {
    asset("text/html; charset=utf-8", include_str!("../../../assets/bench/index.html"))
}

pub(super) async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("../../../assets/bench/style.css"))
}

pub(super) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("../../../assets/bench/bench.js"))
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

#[derive(Debug, Deserialize)]
pub(super) struct After {
    after: Option<u64>,
}

pub(super) async fn state(State(counter): State<Arc<Counter>>, Query(query): Query<After>) -> Json<Value> {
    if let Some(after) = query.after {
        let mut versions = counter.news.listen();
        // Out of time: the state as it is says that nothing is newer.
        let _ = tokio::time::timeout(STATE_WAIT, versions.wait_for(|now| now.total() > after)).await;
    }
    Json(counter.state())
}

pub(super) async fn story(State(counter): State<Arc<Counter>>) -> Json<Value> {
    Json(json!({ "lines": counter.story.lines() }))
}

pub(super) async fn screen(State(counter): State<Arc<Counter>>) -> Result<Response, Refusal> {
    display(counter.cashier.as_ref())
}

pub(super) async fn customer(State(counter): State<Arc<Counter>>) -> Result<Response, Refusal> {
    display(counter.customer.as_ref())
}

fn display(panel: Option<&Panel>) -> Result<Response, Refusal> {
    let panel = panel.ok_or_else(|| {
        Refusal::absent("this display is not on the bench: --board names none with a panel")
    })?;
    png(picture::of_frame(&panel.frame()))
}

#[derive(Debug, Deserialize)]
pub(super) struct Part {
    part: Option<String>,
}

pub(super) async fn paper(
    State(counter): State<Arc<Counter>>,
    Query(query): Query<Part>,
) -> Result<Response, Refusal> {
    let printer = printer(&counter)?;
    let rows = match query.part.as_deref() {
        None | Some("all") => printer.everything(PAPER_ROWS_MAX),
        Some("strip") => printer.strip(),
        Some(other) => return Err(Refusal::bad(format!("`part` is `{other}`; it can be `all` or `strip`"))),
    };
    png(picture::of_paper(&rows))
}

pub(super) async fn paper_bytes(State(counter): State<Arc<Counter>>) -> Result<Response, Refusal> {
    let bytes = printer(&counter)?.raw();
    let headers = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, bytes).into_response())
}

pub(super) async fn receipts(State(counter): State<Arc<Counter>>) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!({ "receipts": printer(&counter)?.receipts() })))
}

pub(super) async fn receipt(
    State(counter): State<Arc<Counter>>,
    Path(file): Path<String>,
) -> Result<Response, Refusal> {
    let number = file.strip_suffix(".png").and_then(|number| number.parse().ok());
    let number: u64 =
        number.ok_or_else(|| Refusal::absent("receipts are named by number: /api/receipts/1.png"))?;
    let receipt = printer(&counter)?.receipt(number).ok_or_else(|| {
        Refusal::absent(format!("there is no receipt {number}: GET /api/receipts lists them"))
    })?;
    png(picture::of_paper(&receipt.rows))
}

pub(super) async fn orders(State(counter): State<Arc<Counter>>) -> Result<Json<Value>, Refusal> {
    let acquirer = counter.acquirer.as_ref().ok_or_else(no_acquirer)?;
    Ok(Json(acquirer.orders()))
}

#[derive(Debug, Deserialize)]
pub(super) struct Code {
    text: String,
}

pub(super) async fn code(Query(query): Query<Code>) -> Result<Response, Refusal> {
    let file = picture::of_code(&query.text);
    let file = file.ok_or_else(|| Refusal::bad("`text` is too long for a QR code"))?;
    png(Ok(file))
}

fn printer(counter: &Counter) -> Result<&Printer, Refusal> {
    counter.printer.as_ref().ok_or_else(no_printer)
}

pub(super) fn no_printer() -> Refusal {
    Refusal::absent("the printer is not on this bench: --board points elsewhere")
}

pub(super) fn no_acquirer() -> Refusal {
    Refusal::absent("the acquirer is not on this bench: --profile points elsewhere")
}

fn png(file: Result<Vec<u8>, png::EncodingError>) -> Result<Response, Refusal> {
    let file = file.map_err(|error| Refusal::broken(&error))?;
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, file).into_response())
}
