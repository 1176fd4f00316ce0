//! Whom the terminal trusts: TLS 1.2 or 1.3, a verified name, a chain to one of the profile's roots, at a time that
//! can't be turned back.
//!
//! A counter's clock may say 1970 after a power loss. Verification then fails for every certificate, or, worse, passes
//! for an old one. So certificates are judged at the latest of what the wall clock says, when the program was
//! built and when the last record was written; nothing is ever loosened.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use postern_heart::now::Wall;
use ring::digest;
use rustls::RootCertStore;
use rustls::client::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::version::{TLS12, TLS13};

use super::profile::{Pin, Trust};
use crate::clock::MADE;

/// The time at which certificates are judged; clones share it.
#[derive(Clone)]
pub struct CertificateTime {
    wall: Arc<dyn Fn() -> Wall + Send + Sync>,
    floor_ms: Arc<AtomicI64>,
}

impl CertificateTime {
    /// Time from a wall clock, trusted or not, that never lies before the build.
    pub fn new(wall: impl Fn() -> Wall + Send + Sync + 'static) -> CertificateTime {
        CertificateTime { wall: Arc::new(wall), floor_ms: Arc::new(AtomicI64::new(MADE.0)) }
    }

    /// A record was written at this time: it is no earlier any more.
    pub fn not_before(&self, record: Wall) {
        self.floor_ms.fetch_max(record.0, Ordering::Relaxed);
    }

    /// The latest of wall clock, build and last record.
    pub fn latest(&self) -> Wall {
        Wall((self.wall)().0.max(self.floor_ms.load(Ordering::Relaxed)))
    }
}

impl TimeProvider for CertificateTime {
    fn current_time(&self) -> Option<UnixTime> {
        let ms = u64::try_from(self.latest().0).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_millis(ms)))
    }
}

impl fmt::Debug for CertificateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateTime({:?})", self.latest())
    }
}

/// What is wrong with the profile's roots.
#[derive(Debug, thiserror::Error)]
pub enum TrustFault {
    /// The file can't be read.
    #[error("could not read the roots in {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds no certificate, or one that is no root.
    #[error("could not use the roots in {}: it must hold CA certificates in PEM", path.display())]
    Content {
        /// The file.
        path: PathBuf,
    },
    /// No root has a pinned key.
    #[error("could not find a root with one of the keys in trust.pinned_roots")]
    Unpinned,
    /// TLS itself can't be set up.
    #[error("could not set up TLS")]
    Setup(#[from] rustls::Error),
}

/// Makes the TLS side of the client.
///
/// # Errors
/// The profile's roots can't be used; nothing was opened.
pub fn client_config(trust: &Trust, time: &CertificateTime) -> Result<Arc<ClientConfig>, TrustFault> {
    let time = Arc::new(time.clone());
    let mut config = ClientConfig::builder_with_details(Arc::new(default_provider()), time)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_root_certificates(roots(trust)?)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.enable_early_data = false;
    Ok(Arc::new(config))
}

fn roots(trust: &Trust) -> Result<RootCertStore, TrustFault> {
    let mut store = RootCertStore::empty();
    if trust.ca_file.as_os_str().is_empty() {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    } else {
        add_file(&mut store, &trust.ca_file)?;
    }
    if !trust.pinned_roots.is_empty() {
        store.roots.retain(|root| trust.pinned_roots.contains(&pin_of(root)));
        if store.is_empty() {
            return Err(TrustFault::Unpinned);
        }
    }
    Ok(store)
}

fn add_file(store: &mut RootCertStore, path: &Path) -> Result<(), TrustFault> {
    let content = || TrustFault::Content { path: path.to_owned() };
    let pem = std::fs::read(path).map_err(|source| TrustFault::Read { path: path.to_owned(), source })?;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        store.add(certificate.map_err(|_| content())?).map_err(|_| content())?;
    }
    if store.is_empty() { Err(content()) } else { Ok(()) }
}

/// The pin of a root: the SHA-256 of its whole `SubjectPublicKeyInfo`, of which an anchor holds the inside.
fn pin_of(root: &TrustAnchor<'_>) -> Pin {
    let inside = root.subject_public_key_info.as_ref();
    let mut whole = digest::Context::new(&digest::SHA256);
    let length = inside.len().to_be_bytes();
    let digits = length.len() - length.iter().take_while(|byte| **byte == 0).count();
    let long = u8::try_from(digits).unwrap_or(0x7F) | 0x80;
    match u8::try_from(inside.len()) {
        Ok(short) if short < 0x80 => whole.update(&[0x30, short]),
        _ => {
            whole.update(&[0x30, long]);
            whole.update(length.get(length.len() - digits..).unwrap_or_default());
        }
    }
    whole.update(inside);
    let mut pin = [0; 32];
    pin.copy_from_slice(whole.finish().as_ref());
    Pin(pin)
}
