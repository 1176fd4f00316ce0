//! One connection: opened within a limit, watched while it rests, and used for one exchange at a time.
//!
//! A task of its own drives each connection, also while nobody uses it: when the acquirer closes a resting one, that is
//! noticed then, not by the next request. There is no pool, redirect, retry, proxy or early data here; a connection
//! that is dropped is closed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::http::response::Parts;
use hyper_util::rt::TokioIo;
use postern_heart::ask::{Silence, Unreachable};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet, yield_now};
use tokio::time::sleep;
use tokio_rustls::TlsConnector;
use tracing::{debug, warn};

use super::gate::{Gate, Gated};
use super::protocol::Message;

/// How long one address may take before the next one is tried beside it.
const ADDRESS_HEAD_START: Duration = Duration::from_millis(250);

/// Where a connection leads.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    /// The name or address.
    pub(super) host: String,
    /// The port.
    pub(super) port: u16,
}

/// Opens connections.
#[derive(Clone)]
pub(super) struct Connector {
    /// Whom to trust.
    pub(super) tls: Arc<ClientConfig>,
    /// The limit for name lookup, connection and handshake together.
    pub(super) limit: Duration,
}

impl Connector {
    /// Opens a connection: looks the name up, connects and shakes hands.
    ///
    /// # Errors
    /// Which of the three failed; no request left.
    pub(super) async fn open(&self, endpoint: &Endpoint) -> Result<Connection, Unreachable> {
        let limit = sleep(self.limit);
        tokio::pin!(limit);

        let addresses = tokio::select! {
            looked_up = tokio::net::lookup_host((endpoint.host.as_str(), endpoint.port)) => {
                looked_up.map(Vec::from_iter).map_err(|error| {
                    debug!(%error, host = endpoint.host, "the name could not be looked up");
                    Unreachable::Name
                })?
            }
            () = &mut limit => return Err(Unreachable::Name),
        };
        let stream = tokio::select! {
            connected = first_to_connect(addresses) => connected.ok_or(Unreachable::Connect)?,
            () = &mut limit => return Err(Unreachable::Connect),
        };
        tokio::select! {
            secured = self.secure(stream, endpoint) => secured,
            () = &mut limit => Err(Unreachable::Tls),
        }
    }

    async fn secure(&self, stream: TcpStream, endpoint: &Endpoint) -> Result<Connection, Unreachable> {
        stream.set_nodelay(true).map_err(|_| Unreachable::Connect)?;
        let name = ServerName::try_from(endpoint.host.clone()).map_err(|_| Unreachable::Name)?;
        let tls = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await.map_err(|error| {
            warn!(%error, host = endpoint.host, "the TLS handshake failed");
            Unreachable::Tls
        })?;
        let gate = Gate::new();
        let io = TokioIo::new(Gated::new(tls, gate.clone()));
        let (sender, driver) = http1::handshake(io).await.map_err(|_| Unreachable::Tls)?;
        let (lives, ended) = watch::channel(());
        let driver = tokio::spawn(async move {
            if let Err(error) = driver.await {
                debug!(%error, "a connection ended");
            }
            drop(lives);
        });
        Ok(Connection { sender, gate, driver, ended })
    }
}

/// Tries the addresses in turn, each with a head start before the next; the first that connects wins.
async fn first_to_connect(addresses: Vec<SocketAddr>) -> Option<TcpStream> {
    let mut left = addresses.into_iter();
    let mut tries = JoinSet::new();
    loop {
        match left.next() {
            Some(address) => {
                tries.spawn(TcpStream::connect(address));
            }
            None if tries.is_empty() => return None,
            None => {}
        }
        tokio::select! {
            Some(tried) = tries.join_next() => match tried {
                Ok(Ok(stream)) => return Some(stream),
                Ok(Err(error)) => debug!(%error, "an address did not connect"),
                Err(_) => {}
            },
            () = sleep(ADDRESS_HEAD_START), if left.len() > 0 => {}
        }
    }
}

/// An open connection, used for one exchange at a time.
pub(super) struct Connection {
    sender: SendRequest<http_body_util::Full<Bytes>>,
    gate: Gate,
    driver: JoinHandle<()>,
    /// Closes with the driver.
    ended: watch::Receiver<()>,
}

impl Connection {
    /// Checks for life: lets the driver see what has come in meanwhile, above all a close.
    pub(super) async fn is_alive(&self) -> bool {
        // A yield returns only after the runtime has polled its sockets, and after the driver's turn.
        yield_now().await;
        self.sender.is_ready()
    }

    /// Whether its end is known already.
    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Waits until the connection has ended, however that happens.
    pub(super) fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut ended = self.ended.clone();
        async move { while ended.changed().await.is_ok() {} }
    }

    /// Sends a request and receives its whole answer.
    ///
    /// # Errors
    /// Why there is none. Whether the request left is for [`Connection::give_up`] to say.
    pub(super) async fn exchange(
        &mut self,
        message: Message,
        bytes_max: usize,
    ) -> Result<(Parts, Bytes), Silence> {
        let (head, body) =
            self.sender.send_request(message).await.map_err(|error| lost(&error))?.into_parts();
        match Limited::new(body, bytes_max).collect().await {
            Ok(whole) => Ok((head, whole.to_bytes())),
            Err(error) if error.is::<LengthLimitError>() => Err(Silence::Unreadable),
            Err(error) => Err(error.downcast_ref().map_or(Silence::Broken, lost)),
        }
    }

    /// Forgets a request whose exchange ended cleanly, before the next one.
    pub(super) fn rest(&self) {
        self.gate.rest();
    }

    /// Closes the connection and says whether a byte of its last request was handed to TLS.
    pub(super) fn give_up(self) -> bool {
        self.gate.bar()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.gate.bar();
        self.driver.abort();
    }
}

fn lost(error: &hyper::Error) -> Silence {
    debug!(%error, "an exchange broke off");
    if error.is_parse() { Silence::Unreadable } else { Silence::Broken }
}
