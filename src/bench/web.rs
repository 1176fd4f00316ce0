//! The bench's page and its calls: everything the page does is an HTTP call, the same for scripts and tests.
//!
//! | call | does |
//! | --- | --- |
//! | `GET /` | the page |
//! | `GET /api/state` | power, lamp, tone, drawer, receipts, paper, what the terminal reports of itself; `?after=N` answers once `version` is greater than `N`, or after ten seconds |
//! | `GET /api/events` | Server-Sent Events: `change` (`{"versions", "state"}`) and `tone` |
//! | `GET /api/story` | what happened, in plain words |
//! | `GET /api/screen.png`, `/api/customer.png` | the displays, now |
//! | `GET /api/paper.png`, `/api/paper.bin` | all the paper (`?part=strip`: what is not cut off yet), and the raw bytes |
//! | `GET /api/receipts`, `/api/receipts/N.png` | the pieces that were cut off |
//! | `GET /api/acquirer/orders` | the acquirer's book |
//! | `GET /api/wallet/code.png?text=…` | a payment code as a phone shows it |
//! | `POST /api/key {"key": "5"}` | `0`-`9`, `00`, `.`, `enter`, `clear`, `stop`, `qr`, `menu`, `up`, `down` |
//! | `POST /api/touch {"x": 10, "y": 20}` | on the cashier's screen |
//! | `POST /api/scan {"text": "28…"}` | these bytes and a carriage return leave the scanner |
//! | `POST /api/wallet/code {"answer": "pay"}` | a fresh payment code: `{"text": …}`; what the wallet will answer is `pay` (default), `refuse` or `wait` |
//! | `POST /api/wallet/scan {"answer": "pay"}` | the phone looks at the displays, with `"from": "paper"` at the newest slip; says what it decoded |
//! | `POST /api/wallet/answer {"code": …, "answer": "pay"}` | a phone that waits decides: `code` is the payment code, or the text of the order code |
//! | `POST /api/acquirer/fault {"api": "PAY", "fault": "…", "count": 1}` | the next calls go wrong; parameters of the fault (`"ms": 700`) stand beside these; `"count": 0` takes it back |
//! | `POST /api/power {"on": false}` | the power switch |
//! | `POST /api/printer {"paper": "out"}` | `ok`, `near_end`, `out` (with `"after_rows": N`: in the middle of a receipt); `{"cover": "open"}`, `closed` |
//! | `POST /api/drawer {"open": false}` | pushes the drawer shut |
//! | `POST /api/unplug {"device": "scanner"}`, `POST /api/plug {…}` | `scanner`, `printer` |
//!
//! A refused call answers 400 (or 409 where the counter is in no state for it, 404 where the part is not on this bench)
//! with `{"error": "…"}`, which names the field and what to do. The server is for this machine alone: it binds to
//! loopback, and turns away requests under a foreign `Host` or from a foreign page.

mod calls;
mod events;
mod refusal;
mod views;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::counter::Counter;

/// The server, until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves a counter on a port of the loopback address; 0 picks a free one.
    ///
    /// # Errors
    /// When the port could not be had.
    pub(crate) async fn start(counter: Arc<Counter>, port: u16) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let router = router(counter);
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the bench's page is no longer served");
            }
        });
        Ok(Server { address, task })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn router(counter: Arc<Counter>) -> Router {
    Router::new()
        .route("/", get(views::page))
        .route("/style.css", get(views::style))
        .route("/bench.js", get(views::script))
        .route("/api/state", get(views::state))
        .route("/api/events", get(events::stream))
        .route("/api/story", get(views::story))
        .route("/api/screen.png", get(views::screen))
        .route("/api/customer.png", get(views::customer))
        .route("/api/paper.png", get(views::paper))
        .route("/api/paper.bin", get(views::paper_bytes))
        .route("/api/receipts", get(views::receipts))
        .route("/api/receipts/{file}", get(views::receipt))
        .route("/api/acquirer/orders", get(views::orders))
        .route("/api/wallet/code.png", get(views::code))
        .route("/api/key", post(calls::key))
        .route("/api/touch", post(calls::touch))
        .route("/api/scan", post(calls::scan))
        .route("/api/wallet/code", post(calls::wallet_code))
        .route("/api/wallet/scan", post(calls::wallet_scan))
        .route("/api/wallet/answer", post(calls::wallet_answer))
        .route("/api/wallet/entry", post(calls::wallet_entry))
        .route("/api/acquirer/notify", post(calls::notify))
        .route("/api/acquirer/fault", post(calls::fault))
        .route("/api/power", post(calls::power))
        .route("/api/printer", post(calls::printer))
        .route("/api/drawer", post(calls::drawer))
        .route("/api/unplug", post(calls::unplug))
        .route("/api/plug", post(calls::plug))
        .fallback(not_found)
        .layer(middleware::from_fn(only_this_machine))
        .with_state(counter)
}

async fn not_found() -> Response {
    let body =
        json!({ "error": "there is no such call: GET / is the page, the README has the table of calls" });
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}

/// Turns away what a browser was lured into: a name that resolves to loopback, or another site's page.
async fn only_this_machine(request: Request, next: Next) -> Response {
    if is_local(request.headers()) {
        return next.run(request).await;
    }
    let body =
        json!({ "error": "the bench serves its own page on this machine only: use the address it printed" });
    (StatusCode::FORBIDDEN, Json(body)).into_response()
}

fn is_local(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(header::HOST) else { return false };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let own_page = match text(header::ORIGIN) {
        Some(origin) => origin.strip_prefix("http://") == Some(host),
        None => !headers.contains_key(header::ORIGIN),
    };
    matches!(name, "127.0.0.1" | "localhost") && own_page
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_loopback_names_are_served() {
        assert!(is_local(&headers(&[(header::HOST, "127.0.0.1:8080")])));
        assert!(is_local(&headers(&[(header::HOST, "localhost:8080")])));
        assert!(!is_local(&headers(&[(header::HOST, "rebound.example:8080")])));
        assert!(!is_local(&headers(&[])));
    }

    #[test]
    fn another_sites_page_is_turned_away() {
        let from = |origin| headers(&[(header::HOST, "127.0.0.1:8080"), (header::ORIGIN, origin)]);
        assert!(is_local(&from("http://127.0.0.1:8080")));
        assert!(!is_local(&from("http://127.0.0.1:9090")));
        assert!(!is_local(&from("https://site.example")));
        assert!(!is_local(&from("null")));
    }
}
