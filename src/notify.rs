//! NOTIFICATION: the listener for what the acquirer pushes (contract, section 9), off unless `--notify` asks for it.
//!
//! ```text
//!  acquirer ─▶ door ─▶ TLS, HTTP (serve) ─▶ signature, JSON (letter) ─▶ Event::Notified ─▶ heart
//!           ◀──────────── 200 | 4xx | 503 ◀────────── waiting ◀────── Effect::Acknowledge ◀──┘
//! ```
//!
//! It runs on a thread and a runtime of its own, so nothing that happens here delays a sale. What must always hold: the
//! heart hears of nothing that is not signed with the notification key; 200 is answered only when the heart said that it
//! is on disk or was nothing new; nobody can use more than a bounded part of memory or time (see `serve`
//! and `door`); and a hundred dead connections do not keep the acquirer out.

mod door;
pub mod letter;
mod serve;
mod waiting;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use postern_heart::news::{NewsNo, Taken};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::NoServerSessionStorage;
use rustls::version::{TLS12, TLS13};
use tokio::runtime::Builder;
use tokio_rustls::TlsAcceptor;
use tracing::{Dispatch, dispatcher, info};

use crate::acquirer::keys::{self, KeyFault};
use crate::acquirer::merchant::Merchant;
use crate::acquirer::profile::{NotifyForm, Profile};
use crate::ports::{Inbox, Notifications};

use letter::Letters;
use serve::Office;
use waiting::Waiting;

/// Why nothing can listen.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each names its file and what to do")]
pub enum NotifyFault {
    #[error("could not listen for notifications: the wire profile's [notify] names no {0}")]
    Unset(&'static str),
    #[error("could not listen for notifications: the wire profile has no [credentials]")]
    NoCredentials,
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error("could not read the listener's certificate {}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("could not use the listener's certificate {}: it must hold certificates in PEM", path.display())]
    Certificate { path: PathBuf },
    #[error("could not use the listener's certificate {} with the key {}", path.display(), key.display())]
    Pair { path: PathBuf, key: PathBuf, source: rustls::Error },
    #[error("could not listen for notifications on {address}: choose another address for --notify")]
    Address { address: SocketAddr, source: io::Error },
    #[error("could not start the thread that listens for notifications")]
    Thread(#[from] io::Error),
}

/// The running listener.
pub struct Listener {
    address: SocketAddr,
    waiting: Waiting,
}

impl Listener {
    /// Listens on `address`; what comes in goes to `inbox`.
    ///
    /// # Errors
    /// A file that can't be used, or an address that can't be listened on.
    pub fn start(
        address: SocketAddr,
        profile: Arc<Profile>,
        merchant: Merchant,
        inbox: Inbox,
    ) -> Result<Listener, NotifyFault> {
        let form = &profile.notify;
        let files = [
            ("cert_file", &form.cert_file),
            ("key_file", &form.key_file),
            ("notification_key_file", &form.notification_key_file),
        ];
        if let Some((name, _)) = files.iter().find(|(_, file)| file.as_os_str().is_empty()) {
            return Err(NotifyFault::Unset(name));
        }
        let credentials = profile.credentials.as_ref().ok_or(NotifyFault::NoCredentials)?;
        let key = keys::read_notification(credentials.sign_type, &form.notification_key_file)?;
        let tls = TlsAcceptor::from(server_config(form)?);
        let letters = Letters::new(Arc::clone(&profile), credentials.clone(), key, merchant);

        let cannot = |source| NotifyFault::Address { address, source };
        let socket = TcpListener::bind(address).map_err(cannot)?;
        socket.set_nonblocking(true).map_err(cannot)?;
        let address = socket.local_addr().map_err(cannot)?;
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let waiting = Waiting::new(inbox);
        let office = Office { letters, waiting: waiting.clone() };
        // The thread logs where its starter does.
        let log = dispatcher::get_default(Dispatch::clone);
        thread::Builder::new().name("notify".to_owned()).spawn(move || {
            dispatcher::with_default(&log, || runtime.block_on(door::keep(socket, tls, office)));
        })?;
        info!(%address, "listening for notifications");
        Ok(Listener { address, waiting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Notifications for Listener {
    fn acknowledge(&mut self, no: NewsNo, taken: Taken) {
        self.waiting.answer(no, taken);
    }
}

/// The TLS side: nothing is remembered of a connection that has ended.
fn server_config(form: &NotifyForm) -> Result<Arc<ServerConfig>, NotifyFault> {
    let path = &form.cert_file;
    let pem = std::fs::read(path).map_err(|source| NotifyFault::Read { path: path.clone(), source })?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|_| NotifyFault::Certificate { path: path.clone() })?;
    if chain.is_empty() {
        return Err(NotifyFault::Certificate { path: path.clone() });
    }
    let pair = |source| NotifyFault::Pair { path: path.clone(), key: form.key_file.clone(), source };
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(pair)?
        .with_no_client_auth()
        .with_single_cert(chain, keys::read_private(&form.key_file)?)
        .map_err(pair)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}
