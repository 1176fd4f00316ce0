//! A throw-away certificate authority, and two certificates under it for `localhost` and 127.0.0.1: the acquirer's own,
//! and one for a terminal that listens for notifications.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// What the server needs, and the authority that a client has to trust.
pub(super) struct Tls {
    pub(super) server: Arc<ServerConfig>,
    pub(super) ca_pem: String,
    /// For notifications: it trusts the same authority.
    pub(super) client: Arc<ClientConfig>,
    pub(super) terminal: TerminalTls,
}

/// What a terminal listens with.
pub struct TerminalTls {
    /// Its certificate.
    pub cert_pem: String,
    /// The certificate's private key.
    pub key_pem: String,
}

impl Tls {
    /// Makes new keys each time; the authority's own key is forgotten at once.
    pub(super) fn throw_away() -> Result<Tls, Box<dyn Error + Send + Sync>> {
        let ca_key = KeyPair::generate()?;
        let mut ca = CertificateParams::default();
        ca.distinguished_name.push(DnType::CommonName, "Postern bench, throw-away authority");
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let ca_certificate = ca.self_signed(&ca_key)?;
        let ca_pem = ca_certificate.pem();
        let mut roots = RootCertStore::empty();
        roots.add(ca_certificate.der().clone())?;

        let issuer = Issuer::new(ca, ca_key);
        let certificate = |name, key: &KeyPair| {
            let mut own = CertificateParams::new(vec!["localhost".to_owned()])?;
            own.subject_alt_names.push(SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
            own.distinguished_name.push(DnType::CommonName, name);
            own.signed_by(key, &issuer)
        };
        let terminal_key = KeyPair::generate()?;
        let terminal = TerminalTls {
            cert_pem: certificate("Postern bench, terminal", &terminal_key)?.pem(),
            key_pem: terminal_key.serialize_pem(),
        };
        let key = KeyPair::generate()?;
        let certificate = certificate("Postern bench, simulated acquirer", &key)?;

        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls { server: Arc::new(server), ca_pem, client: Arc::new(client), terminal })
    }
}
