//! A TLS server under a test's own authority, with every byte of its answers in the test's hands.
//!
//! It is not the simulated acquirer of the bench: that one keeps the contract, this one breaks it at chosen places.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

/// How long a test waits for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An authority of a test's own.
pub(crate) struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Authority { certificate: params.self_signed(&key).unwrap(), issuer: Issuer::new(params, key) }
    }

    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// The pin of its key, as the profile writes it, calculated from the PEM of the key alone.
    pub(crate) fn pin(&self) -> String {
        use base64::Engine as _;
        let spki = rcgen::PublicKeyData::subject_public_key_info(self.issuer.key());
        let hash = ring::digest::digest(&ring::digest::SHA256, &spki);
        format!("sha256/{}", base64::engine::general_purpose::STANDARD.encode(hash))
    }

    /// A certificate for `names`, good until the end of `year`.
    pub(crate) fn identity(&self, names: &[&str], year: i32) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = leaf(names, year).signed_by(&key, &self.issuer).unwrap();
        Identity::new(&certificate, &key)
    }
}

fn leaf(names: &[&str], year: i32) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, 12, 31);
    params
}

/// What a server shows of itself.
#[derive(Clone)]
pub(crate) struct Identity(Arc<ServerConfig>);

impl Identity {
    fn new(certificate: &Certificate, key: &KeyPair) -> Identity {
        Identity::speaking(certificate, key, &[&rustls::version::TLS12, &rustls::version::TLS13])
    }

    fn speaking(
        certificate: &Certificate,
        key: &KeyPair,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Identity {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Identity(Arc::new(config))
    }

    /// A certificate that vouches for itself.
    pub(crate) fn self_signed(names: &[&str]) -> Identity {
        let key = KeyPair::generate().unwrap();
        Identity::new(&leaf(names, 2099).self_signed(&key).unwrap(), &key)
    }

    /// The same as [`Authority::identity`], but TLS 1.2 alone.
    pub(crate) fn tls12(authority: &Authority, names: &[&str]) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = leaf(names, 2099).signed_by(&key, &authority.issuer).unwrap();
        Identity::speaking(&certificate, &key, &[&rustls::version::TLS12])
    }
}

/// What the server does at the door.
#[derive(Clone)]
pub(crate) enum Door {
    /// Shakes hands.
    Open(Identity),
    /// Closes the TCP connection at once.
    Slam,
    /// Says nothing at all.
    Mute,
    /// Says these bytes and waits.
    Say(Vec<u8>),
}

/// What the server does with one request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Answers with these bytes and listens on.
    Say(Vec<u8>),
    /// Answers with these bytes and closes.
    SayAndClose(Vec<u8>),
    /// Closes the connection without a word.
    Cut,
    /// Says nothing.
    Hang,
}

/// One request as it came.
#[derive(Clone)]
pub(crate) struct Heard {
    /// The number of its connection, from 1.
    pub(crate) connection: usize,
    /// Its head and body.
    pub(crate) text: String,
    /// How many reads of the TLS stream it took.
    pub(crate) reads: usize,
}

#[derive(Default)]
struct Log {
    accepted: usize,
    greeted: usize,
    gone: usize,
    heard: Vec<Heard>,
    streams: Vec<TcpStream>,
}

struct Shared {
    log: Mutex<Log>,
    changed: Condvar,
    over: AtomicBool,
}

/// A running server; it ends with the value.
pub(crate) struct Server {
    port: u16,
    shared: Arc<Shared>,
}

impl Server {
    pub(crate) fn start(door: Door, script: impl Fn(&Heard) -> Act + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared =
            Arc::new(Shared { log: Mutex::default(), changed: Condvar::new(), over: AtomicBool::new(false) });
        let (serving, script) = (Arc::clone(&shared), Arc::new(script));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if serving.over.load(Ordering::SeqCst) {
                    return;
                }
                stream.set_nodelay(true).unwrap();
                let number = serving.note(|log| {
                    log.accepted += 1;
                    log.streams.push(stream.try_clone().unwrap());
                    log.accepted
                });
                let (serving, script, door) = (Arc::clone(&serving), Arc::clone(&script), door.clone());
                thread::spawn(move || {
                    serving.connection(stream, number, &door, &*script);
                    serving.note(|log| log.gone += 1);
                });
            }
        });
        Server { port, shared }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn accepted(&self) -> usize {
        self.shared.log.lock().unwrap().accepted
    }

    pub(crate) fn greeted(&self) -> usize {
        self.shared.log.lock().unwrap().greeted
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.shared.log.lock().unwrap().heard.clone()
    }

    /// Waits until so many connections have shaken hands.
    pub(crate) fn wait_greeted(&self, count: usize) {
        self.wait(|log| log.greeted >= count);
    }

    /// Waits until so many requests have come.
    pub(crate) fn wait_heard(&self, count: usize) {
        self.wait(|log| log.heard.len() >= count);
    }

    /// Waits until so many connections are over.
    pub(crate) fn wait_gone(&self, count: usize) {
        self.wait(|log| log.gone >= count);
    }

    /// Ends every connection that is open now.
    pub(crate) fn hang_up(&self) {
        for stream in self.shared.log.lock().unwrap().streams.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn wait(&self, until: impl Fn(&Log) -> bool) {
        let log = self.shared.log.lock().unwrap();
        let (_log, result) =
            self.shared.changed.wait_timeout_while(log, PATIENCE, |log| !until(log)).unwrap();
        assert!(!result.timed_out(), "it did not happen");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        self.hang_up();
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl Shared {
    fn note<T>(&self, what: impl FnOnce(&mut Log) -> T) -> T {
        let result = what(&mut self.log.lock().unwrap());
        self.changed.notify_all();
        result
    }

    fn connection(&self, mut stream: TcpStream, number: usize, door: &Door, script: &dyn Fn(&Heard) -> Act) {
        let identity = match door {
            Door::Open(identity) => identity,
            Door::Slam => return drop(stream.shutdown(Shutdown::Both)),
            Door::Mute => return drain(&mut stream),
            Door::Say(bytes) => {
                let _ = stream.write_all(bytes);
                return drain(&mut stream);
            }
        };
        let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&identity.0)).unwrap(), stream);
        while tls.conn.is_handshaking() {
            if tls.conn.complete_io(&mut tls.sock).is_err() {
                return;
            }
        }
        self.note(|log| log.greeted += 1);
        while let Some((text, reads)) = read_request(&mut tls) {
            let heard = Heard { connection: number, text, reads };
            self.note(|log| log.heard.push(heard.clone()));
            let (bytes, close) = match script(&heard) {
                Act::Say(bytes) => (bytes, false),
                Act::SayAndClose(bytes) => (bytes, true),
                Act::Cut => return drop(tls.sock.shutdown(Shutdown::Both)),
                Act::Hang => return drain(&mut tls.sock),
            };
            if tls.write_all(&bytes).and_then(|()| tls.flush()).is_err() {
                return;
            }
            if close {
                tls.conn.send_close_notify();
                let _ = tls.conn.complete_io(&mut tls.sock);
                return;
            }
        }
    }
}

/// Reads one request, and counts the reads that it took.
fn read_request(stream: &mut impl Read) -> Option<(String, usize)> {
    let (mut bytes, mut reads) = (Vec::new(), 0);
    loop {
        let mut chunk = [0; 16 * 1024];
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        reads += 1;
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(0, |(_, length)| length.parse().unwrap());
        if body.len() >= length {
            return Some((text.into_owned(), reads));
        }
    }
}

fn drain(stream: &mut impl Read) {
    let _ = std::io::copy(stream, &mut std::io::sink());
}

/// An HTTP answer with this status line, these headers and body.
pub(crate) fn http(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}
