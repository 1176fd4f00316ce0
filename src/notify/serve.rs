//! One connection: TLS and HTTP within limits of time and size, one request after the other.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::header::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use postern_heart::news::Taken;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, info, warn};

use super::door::Seat;
use super::letter::{Letters, NoLetter};
use super::waiting::Waiting;

/// The longest body.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The longest head, and the size of the buffers of one connection.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// How long the TLS handshake may take.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(5);

/// How long a connection may rest, and a request's head may take.
const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// How long a request's whole body may take.
const BODY_LIMIT: Duration = Duration::from_secs(5);

/// What a connection is served with.
pub(super) struct Office {
    /// Who reads.
    pub(super) letters: Letters,
    /// Who waits for the heart.
    pub(super) waiting: Waiting,
}

/// Serves one connection to its end.
pub(super) async fn serve(stream: TcpStream, tls: TlsAcceptor, office: Arc<Office>, seat: Seat) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let Ok(Ok(stream)) = timeout(HANDSHAKE_LIMIT, tls.accept(stream)).await else {
        return debug!("a connection did not come to TLS");
    };
    let seat = Arc::new(seat);
    let answer = service_fn(move |request| {
        let (office, seat) = (Arc::clone(&office), Arc::clone(&seat));
        async move { Ok::<_, std::convert::Infallible>(respond(&office, &seat, request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), answer)
        .await;
    if let Err(error) = served {
        debug!(%error, "a connection for notifications ended");
    }
}

async fn respond(office: &Office, seat: &Seat, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let read = take(office, seat, request).await;
    seat.rest();
    match read {
        Ok(Taken::Taken) => info!("a notification was taken"),
        Ok(Taken::Refused) => warn!("a notification is about nothing that this terminal knows"),
        Ok(Taken::Later) => info!("a notification shall come again"),
        Err(why) => warn!(?why, "a request is no notification that counts"),
    }
    let (status, body) = office.letters.answer(read);
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn take(office: &Office, seat: &Seat, request: Request<Incoming>) -> Result<Taken, NoLetter> {
    let (head, body) = request.into_parts();
    office.letters.admit(&head)?;
    if body.size_hint().lower() > BODY_BYTES_MAX as u64 {
        return Err(NoLetter::TooLong);
    }
    let whole = timeout(BODY_LIMIT, Limited::new(body, BODY_BYTES_MAX).collect()).await;
    let body = match whole {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(NoLetter::TooLong),
        Ok(Err(_)) | Err(_) => return Err(NoLetter::NotWhole),
    };
    let news = office.letters.read(&head, &body)?;
    seat.work();
    Ok(office.waiting.tell(news).await)
}
