//! The acquirer's post: notifications of payments by the static code, over TLS connections that stay open; and strangers,
//! who connect and bring nothing.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use postern::acquirer::json::Json;
use postern::acquirer::profile::Profile;
use postern::acquirer::sign::{Key, Proof, Secret, Signer};
use postern::bench::acquirer::Acquirer;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::Fault;
use crate::counter::Files;

/// How soon a stranger who was sent away comes again, and how long a slow one takes for a byte.
const STRANGER_PAUSE: Duration = Duration::from_secs(1);
/// Tries for one notification: the longest idle connection may be closed just as it is used again.
const TRIES: u32 = 3;

/// The acquirer's id of the payment with this number.
pub(crate) fn uq_id(number: u64) -> String {
    format!("UQ{number:012}")
}

/// A sender on a thread of its own.
pub(crate) struct Post {
    runtime: Handle,
    sender: Arc<Sender>,
    /// The number of the next payment that nobody was told of.
    next: Arc<AtomicU64>,
    /// … and of the one before which the senders stop.
    end: Arc<AtomicU64>,
}

struct Sender {
    to: SocketAddr,
    tls: TlsConnector,
    signer: Signer,
    head: String,
}

impl Post {
    /// Starts the sender; nothing is sent yet.
    pub(crate) fn open(to: SocketAddr, files: &Files, acquirer: &Acquirer) -> Result<Post, Fault> {
        let profile = Profile::load(&files.profile())?;
        let config = acquirer.config();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: t\r\nclientId: {}\r\nsignType: SHA\r\nsignId: {}",
            config.client_id, config.sign_id
        );
        let key = std::fs::read_to_string(&profile.notify.notification_key_file)?;
        let signer = Signer::new(profile.signing.clone(), Key::Sha(Secret::new(key)));
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&std::fs::read(files.ca())?)?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let sender = Sender { to, tls: TlsConnector::from(Arc::new(config)), signer, head };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
        Ok(Post { runtime: handle, sender: Arc::new(sender), next: Arc::default(), end: Arc::default() })
    }

    /// Tells of so many payments, or of more and more until it is stopped, over so many connections.
    pub(crate) fn send(&self, letters: Option<u64>, at_once: usize) -> Sending {
        let next = self.next.load(Ordering::Relaxed);
        self.end.store(letters.map_or(u64::MAX, |letters| next + letters), Ordering::Relaxed);
        let (done, is_done) = channel();
        for _ in 0..at_once {
            let (sender, done) = (Arc::clone(&self.sender), done.clone());
            let (next, end) = (Arc::clone(&self.next), Arc::clone(&self.end));
            self.runtime.spawn(async move {
                // Nobody waits any more where the figures have failed.
                let _ = done.send(sender.work(&next, &end).await);
            });
        }
        Sending { is_done, end: Arc::clone(&self.end) }
    }

    /// Of how many payments it has told.
    pub(crate) fn told(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    /// Lets so many strangers in, who stay until the figures end.
    pub(crate) fn let_in(&self, strangers: usize) {
        for number in 0..strangers {
            let sender = Arc::clone(&self.sender);
            self.runtime.spawn(async move {
                loop {
                    // It ends when the terminal sends the stranger away.
                    let _ = if number % 2 == 0 { sender.be_dead().await } else { sender.be_slow().await };
                    tokio::time::sleep(STRANGER_PAUSE).await;
                }
            });
        }
    }
}

/// Connections at work.
pub(crate) struct Sending {
    is_done: Receiver<io::Result<()>>,
    end: Arc<AtomicU64>,
}

impl Sending {
    /// Waits until every notification was taken.
    pub(crate) fn wait(self) -> io::Result<()> {
        self.is_done.iter().collect()
    }

    /// Stops after the notifications that are under way.
    pub(crate) fn stop(self) -> io::Result<()> {
        self.end.store(0, Ordering::Relaxed);
        self.wait()
    }
}

impl Sender {
    async fn work(&self, next: &AtomicU64, end: &AtomicU64) -> io::Result<()> {
        let mut stream = self.connect().await?;
        loop {
            let take = |number| (number < end.load(Ordering::Relaxed)).then_some(number + 1);
            let Ok(number) = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) else {
                return Ok(());
            };
            let letter = self.letter(number)?;
            let mut tries = 1;
            while exchange(&mut stream, &letter).await.ok() != Some(200) {
                if tries == TRIES {
                    return Err(io::Error::other(format!("{} was not taken", uq_id(number))));
                }
                tries += 1;
                stream = self.connect().await?;
            }
        }
    }

    fn letter(&self, number: u64) -> io::Result<Vec<u8>> {
        let body = serde_json::json!({
            "uqOrderId": uq_id(number), "transactionType": "PAYMENT", "status": "success",
            "paymentMethod": "ALIPAY_HK", "product": "ENTRY_CODE", "amount": "12.30", "currency": "HKD",
            "storeId": "S001", "payTime": "2026-11-24 12:00:00", "refundedAmount": "0.00",
        })
        .to_string();
        let read = Json::read(body.as_bytes()).map_err(|_| io::Error::other("the body is no JSON"))?;
        let Ok(Proof::Sign(sign)) = self.signer.sign(&read) else {
            return Err(io::Error::other("the body can't be signed"));
        };
        let (head, length) = (&self.head, body.len());
        Ok(format!("{head}\r\nsign: {sign}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes())
    }

    async fn connect(&self) -> io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(self.to).await?;
        stream.set_nodelay(true)?;
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        self.tls.connect(name, stream).await
    }

    async fn be_dead(&self) -> io::Result<()> {
        let mut stream = TcpStream::connect(self.to).await?;
        stream.read(&mut [0; 64]).await.map(drop)
    }

    async fn be_slow(&self) -> io::Result<()> {
        let mut stream = self.connect().await?;
        for byte in self.head.bytes() {
            stream.write_all(&[byte]).await?;
            stream.flush().await?;
            tokio::time::sleep(STRANGER_PAUSE).await;
        }
        Ok(())
    }
}

/// Sends a letter and waits for the status of its answer, which is all there when its body ends.
async fn exchange(stream: &mut TlsStream<TcpStream>, letter: &[u8]) -> io::Result<u16> {
    stream.write_all(letter).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let status = answer.get(9..12).and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
    status.ok_or_else(|| io::ErrorKind::InvalidData.into())
}
