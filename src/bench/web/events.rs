//! The page's live stream: Server-Sent Events.
//!
//! Changes are told by version number and never queued: a page that is slow gets the newest ones, and fetches
//! what it draws. Only tones are passed on one by one, and a page that fell behind does not hear the old ones.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use crate::bench::counter::Counter;

/// So that a connection that is gone gets noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub(super) async fn stream(State(counter): State<Arc<Counter>>) -> Response {
    let (out, body) = mpsc::channel(8);
    tokio::spawn(follow(counter, out));
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::new(Events(body))).into_response()
}

/// Writes events until the page goes away.
async fn follow(counter: Arc<Counter>, out: mpsc::Sender<Bytes>) {
    let mut versions = counter.news.listen();
    let mut tones = counter.news.tones();
    versions.mark_changed();
    loop {
        let event = tokio::select! {
            changed = versions.changed() => match changed {
                Ok(()) => {
                    let now = *versions.borrow_and_update();
                    event("change", &json!({ "versions": now, "state": counter.state() }))
                }
                Err(_) => return,
            },
            tone = tones.recv() => match tone {
                Ok(tone) => event("tone", &tone),
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            },
            () = tokio::time::sleep(HEARTBEAT) => Bytes::from_static(b": still here\n\n"),
        };
        if out.send(event).await.is_err() {
            return;
        }
    }
}

fn event(name: &str, data: &Value) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

/// A body that ends when its sender does.
struct Events(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Events {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|event| event.map(|bytes| Ok(Frame::data(bytes))))
    }
}
