//! The acquirer's side of a notification, in a test's hands: real TLS to the address that the terminal listens on.

use std::net::SocketAddr;
use std::sync::Arc;

use postern::acquirer::json::Json;
use postern::acquirer::profile::Profile;
use postern::acquirer::sign::{Key, Proof, Secret, Signer};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::counter_help::Counter;

/// An acquirer that knows where the counter's terminal listens, and the notification key of the bench.
pub(crate) struct Acquirer {
    address: SocketAddr,
    tls: TlsConnector,
    profile: Profile,
}

impl Acquirer {
    pub(crate) fn of(counter: &Counter) -> Acquirer {
        let profile = Profile::load(&counter.dir().join("profile.toml")).unwrap();
        let url = profile.request.notify_url.strip_prefix("https://").unwrap();
        let address = url.trim_end_matches('/').parse().unwrap();
        let mut roots = RootCertStore::empty();
        let ca = std::fs::read(counter.dir().join("ca.pem")).unwrap();
        roots.add(CertificateDer::from_pem_slice(&ca).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Acquirer { address, tls: TlsConnector::from(Arc::new(config)), profile }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends a notification as the acquirer does; the status of its answer.
    pub(crate) async fn send(&self, body: &Value) -> u16 {
        self.send_as("bench-notification-key", body).await
    }

    pub(crate) async fn send_as(&self, key: &str, body: &Value) -> u16 {
        self.send_with_sign(body, Some(&self.sign_as(key, body))).await
    }

    pub(crate) fn sign(&self, body: &Value) -> String {
        self.sign_as("bench-notification-key", body)
    }

    fn sign_as(&self, key: &str, body: &Value) -> String {
        let signer = Signer::new(self.profile.signing.clone(), Key::Sha(Secret::new(key.to_owned())));
        let body = Json::read(body.to_string().as_bytes()).unwrap();
        let Proof::Sign(sign) = signer.sign(&body).unwrap() else { panic!("SHA signs") };
        sign
    }

    pub(crate) async fn send_with_sign(&self, body: &Value, sign: Option<&str>) -> u16 {
        let (head, body) = letter(body, sign);
        self.send_head(&head, &body).await
    }

    /// The same, where the other end may die in the middle of it.
    pub(crate) async fn send_or_lose(&self, body: &Value) -> Option<u16> {
        let (head, body) = letter(body, Some(&self.sign(body)));
        let mut stream = self.open().await;
        stream.write_all(whole(&head, &body).as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        status_of(&answer)
    }

    /// Sends a body that nobody wants; the status, where it could be read.
    pub(crate) async fn send_long(&self, length: usize) -> Option<u16> {
        let mut stream = self.open().await;
        let sent = stream.write_all(whole("POST / HTTP/1.1", &"x".repeat(length)).as_bytes()).await;
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer).await;
        assert!(sent.is_err() || read.is_err() || !answer.is_empty(), "it was taken in silence");
        status_of(&answer)
    }

    pub(crate) async fn send_head(&self, head: &str, body: &str) -> u16 {
        self.raw(whole(head, body).as_bytes()).await
    }

    pub(crate) async fn raw(&self, bytes: &[u8]) -> u16 {
        let mut stream = self.open().await;
        stream.write_all(bytes).await.unwrap();
        status(&mut stream).await
    }

    pub(crate) async fn open(&self) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        self.tls.connect(name, stream).await.unwrap()
    }
}

fn letter(body: &Value, sign: Option<&str>) -> (String, String) {
    let mut head =
        "POST / HTTP/1.1\r\nclientId: bench-merchant\r\nsignType: SHA\r\nsignId: bench-key-2".to_owned();
    if let Some(sign) = sign {
        head.push_str(&format!("\r\nsign: {sign}"));
    }
    (head, body.to_string())
}

fn whole(head: &str, body: &str) -> String {
    format!("{head}\r\nHost: t\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// Waits for the head of an answer.
pub(crate) async fn status(stream: &mut TlsStream<TcpStream>) -> u16 {
    let mut answer = Vec::new();
    while status_of(&answer).is_none() {
        let mut part = [0; 1024];
        let length = stream.read(&mut part).await.unwrap();
        assert!(length > 0, "the connection was closed without an answer");
        answer.extend_from_slice(&part[..length]);
    }
    let status = status_of(&answer).unwrap();
    let acknowledged = String::from_utf8_lossy(&answer).ends_with(r#"{"code":"000000"}"#);
    assert_eq!(acknowledged, status == 200, "{}", String::from_utf8_lossy(&answer));
    status
}

/// The status, once head and body are there.
fn status_of(answer: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    body.ends_with('}').then(|| head.get(9..12)?.parse().ok())?
}
