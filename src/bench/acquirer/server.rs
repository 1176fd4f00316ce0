//! The acquirer's socket: HTTPS with keep-alive, and the ways in which a connection can break.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::reply::{Reply, Sent};
use super::request::Api;
use super::service::Service;

/// A body longer than this is no request.
const BODY_MAX: usize = 64 * 1024;

/// How long it rests when the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(50);

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed on purpose")]
struct Closed;

/// Takes connections until the sender of `stop` says so or is gone.
pub(super) async fn run(
    listener: TcpListener,
    tls: TlsAcceptor,
    service: Arc<Service>,
    mut stop: watch::Receiver<bool>,
) {
    let mut connection = 0;
    loop {
        let stream = tokio::select! {
            _ = stop.changed() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(e) => {
                    tracing::warn!(error = %e, "the simulated acquirer could not take a connection");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
        };
        connection += 1;
        let (tls, service, mut stop) = (tls.clone(), Arc::clone(&service), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                _ = stop.changed() => {}
                served = serve(stream, tls, service, connection) => if let Err(e) = served {
                    tracing::debug!(error = %e, "a connection to the simulated acquirer ended");
                },
            }
        });
    }
}

async fn serve(
    stream: TcpStream,
    tls: TlsAcceptor,
    service: Arc<Service>,
    connection: u64,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    stream.set_nodelay(true)?;
    let stream = tls.accept(stream).await?;
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { respond(&service, request, connection).await }
    });
    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await?;
    Ok(())
}

async fn respond(
    service: &Service,
    request: Request<Incoming>,
    connection: u64,
) -> Result<Response<Outgoing>, Closed> {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    if let Some(token) = path.strip_prefix("/qr/").and_then(|name| name.strip_suffix(".png")) {
        return Ok(match service.picture(token) {
            Some(picture) => plain(service, StatusCode::OK, "image/png", picture),
            None => plain(service, StatusCode::NOT_FOUND, "text/plain", b"no such order".to_vec()),
        });
    }
    let Some(api) = Api::ALL.into_iter().find(|api| api.path() == path) else {
        return Ok(misdirected(service, StatusCode::NOT_FOUND, format!("there is no API at {path}")));
    };
    if head.method != Method::POST {
        let rule = format!("{path} takes POST, not {}", head.method);
        return Ok(misdirected(service, StatusCode::METHOD_NOT_ALLOWED, rule));
    }
    let Ok(body) = Limited::new(body, BODY_MAX).collect().await else {
        service.misdirected(format!("the body of a {} never came whole", api.name()));
        return Err(Closed);
    };
    match service.call(api, &head.headers, &body.to_bytes(), connection) {
        Reply::Close => Err(Closed),
        Reply::Send(sent) => {
            if !sent.wait.is_zero() {
                tokio::time::sleep(sent.wait).await;
            }
            Ok(response(sent))
        }
    }
}

fn misdirected(service: &Service, status: StatusCode, rule: String) -> Response<Outgoing> {
    service.misdirected(rule.clone());
    plain(service, status, "text/plain", rule.into_bytes())
}

fn plain(service: &Service, status: StatusCode, media: &str, body: Vec<u8>) -> Response<Outgoing> {
    let headers = [("content-type", media.to_owned())];
    let date = service.date().map(|date| ("date", date));
    let headers = headers.into_iter().chain(date).collect();
    let wait = Duration::ZERO;
    response(Sent { status: status.as_u16(), headers, body, wait, half: false })
}

fn response(sent: Sent) -> Response<Outgoing> {
    let mut response = Response::builder().status(sent.status);
    for (name, value) in &sent.headers {
        response = response.header(*name, value);
    }
    let unsendable = |_| {
        let mut response = Response::new(Outgoing::new(Vec::new(), false));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    };
    response.body(Outgoing::new(sent.body, sent.half)).unwrap_or_else(unsendable)
}

/// A body that is sent whole, or only its first half although it promised all of it.
struct Outgoing {
    length: usize,
    rest: Option<Bytes>,
    breaks: bool,
    flushed: bool,
}

impl Outgoing {
    fn new(body: Vec<u8>, half: bool) -> Outgoing {
        let length = body.len();
        let mut rest = Bytes::from(body);
        if half {
            rest.truncate(length / 2);
        }
        Outgoing { length, rest: Some(rest), breaks: half, flushed: false }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(rest) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(rest))));
        }
        if !self.breaks {
            return Poll::Ready(None);
        }
        if !self.flushed {
            // What was written leaves only while the body has nothing more to give.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other(Closed))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length as u64)
    }
}
