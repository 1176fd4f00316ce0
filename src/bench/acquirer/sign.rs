//! Signatures as the acquirer makes and checks them, over the flattened text of a body.
//!
//! Written apart from the terminal's signer on purpose: the two only share the vectors that both are tested with.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};

use super::json::Json;

/// What the acquirer and its client share, or know of each other, to sign with.
#[derive(Clone)]
pub enum Keys {
    /// `SHA`: one secret that both sides append before hashing.
    Sha {
        /// The transaction key.
        transaction_key: String,
    },
    /// `RSA`: each side signs with its own private key.
    Rsa {
        /// The acquirer's own key (PKCS #8), which signs answers.
        private_key_pem: String,
        /// The client's public key (SPKI), which verifies requests.
        client_public_key_pem: String,
    },
    /// `TOKEN`: a fixed word in a header; nothing is signed, neither requests nor answers.
    Token {
        /// The word.
        token: String,
    },
}

impl Keys {
    /// The word in the header `signType`.
    pub fn sign_type(&self) -> &'static str {
        match self {
            Keys::Sha { .. } => "SHA",
            Keys::Rsa { .. } => "RSA",
            Keys::Token { .. } => "TOKEN",
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.sign_type())
    }
}

/// A key that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("could not read the {which} of the simulated acquirer: {why}")]
pub(super) struct BadKey {
    which: &'static str,
    why: String,
}

/// Keys, read and ready.
pub(super) enum Signer {
    Sha { transaction_key: String, salt_separator: String },
    Rsa { own: Box<RsaKeyPair>, client: Vec<u8> },
    Token { token: String },
}

impl Signer {
    pub(super) fn new(keys: &Keys, salt_separator: &str) -> Result<Signer, BadKey> {
        match keys {
            Keys::Sha { transaction_key } => Ok(Signer::Sha {
                transaction_key: transaction_key.clone(),
                salt_separator: salt_separator.to_owned(),
            }),
            Keys::Rsa { private_key_pem, client_public_key_pem } => Ok(Signer::Rsa {
                own: Box::new(private_key(private_key_pem)?),
                client: public_key(client_public_key_pem)?,
            }),
            Keys::Token { token } => Ok(Signer::Token { token: token.clone() }),
        }
    }

    /// The header `sign` for a body, where this kind of key signs.
    pub(super) fn sign(&self, body: &Json) -> Option<String> {
        let flat = flattened(body);
        match self {
            Signer::Sha { transaction_key, salt_separator } => {
                Some(salted_hash(&flat, transaction_key, salt_separator))
            }
            Signer::Rsa { own, .. } => {
                let mut signature = vec![0; own.public().modulus_len()];
                own.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), flat.as_bytes(), &mut signature).ok()?;
                Some(BASE64.encode(signature))
            }
            Signer::Token { .. } => None,
        }
    }

    /// Whether a body carries the client's signature, or for `TOKEN` the client's word.
    pub(super) fn accepts(&self, body: &Json, sign: Option<&str>, token: Option<&str>) -> bool {
        match self {
            Signer::Sha { .. } => self.sign(body).as_deref() == sign,
            Signer::Rsa { client, .. } => {
                let Some(signature) = sign.and_then(|sign| BASE64.decode(sign).ok()) else { return false };
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, client)
                    .verify(flattened(body).as_bytes(), &signature)
                    .is_ok()
            }
            Signer::Token { token: ours } => token == Some(ours),
        }
    }
}

/// The text that is signed: fields without content dropped, the rest sorted and joined, nested objects between bars.
pub(super) fn flattened(body: &Json) -> String {
    let Json::Object(fields) = body else { return plain(body) };
    let mut pairs: Vec<(&str, String)> = fields
        .iter()
        .filter(|(_, value)| !is_void(value))
        .map(|(key, value)| (key.as_str(), nested(value)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}

fn nested(value: &Json) -> String {
    match value {
        Json::Object(_) => format!("|{}|", flattened(value)),
        Json::List(items) => items.iter().map(nested).collect::<Vec<_>>().join(","),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => plain(value),
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Text(text) => text.clone(),
        Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_) => value.to_string(),
    }
}

/// Null, an empty text, or an object in which nothing remains.
fn is_void(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Text(text) => text.is_empty(),
        Json::Object(fields) => fields.iter().all(|(_, value)| is_void(value)),
        Json::Bool(_) | Json::Number(_) | Json::List(_) => false,
    }
}

fn salted_hash(flat: &str, transaction_key: &str, salt_separator: &str) -> String {
    let salted = format!("{flat}{salt_separator}key={transaction_key}");
    let hash = ring::digest::digest(&ring::digest::SHA256, salted.as_bytes());
    hash.as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn private_key(pem: &str) -> Result<RsaKeyPair, BadKey> {
    let bad = |why: String| BadKey { which: "private key", why };
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|e| bad(e.to_string()))?;
    RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(|e| bad(e.to_string()))
}

fn public_key(pem: &str) -> Result<Vec<u8>, BadKey> {
    let bad = |why: &str| BadKey { which: "client's public key", why: why.to_owned() };
    let der = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes()).map_err(|e| bad(&e.to_string()))?;
    let key = rsa_key_within(&der).ok_or_else(|| bad("no RSA key within"))?;
    Ok(key.to_vec())
}

/// The PKCS #1 key within a SubjectPublicKeyInfo: SEQUENCE { SEQUENCE { algorithm }, BIT STRING { key } }.
fn rsa_key_within(spki: &[u8]) -> Option<&[u8]> {
    let (outer, _) = der_content(spki, 0x30)?;
    let (_algorithm, rest) = der_content(outer, 0x30)?;
    let (bits, _) = der_content(rest, 0x03)?;
    bits.strip_prefix(&[0])
}

/// Splits a DER element of the wanted tag into its content and what follows.
fn der_content(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first().filter(|(found, _)| **found == tag)?.1.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        (length.iter().try_fold(0_usize, |sum, byte| Some(sum.checked_mul(256)? + usize::from(*byte)))?, rest)
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn vectors() -> serde_json::Value {
        serde_json::from_str(include_str!("../../../tests/it/data/sign_vectors.json")).unwrap()
    }

    #[test]
    fn every_vector_flattens_and_signs_as_printed() {
        let all = vectors();
        let key = |name: &str| all[name].as_str().unwrap().to_owned();
        let sha = Keys::Sha { transaction_key: key("transaction_key") };
        let rsa = Keys::Rsa {
            private_key_pem: key("rsa_private_key_pem"),
            client_public_key_pem: key("rsa_public_key_pem"),
        };
        let signers = [
            ("sha", Signer::new(&sha, "").unwrap()),
            ("sha_with_ampersand", Signer::new(&sha, "&").unwrap()),
            ("rsa", Signer::new(&rsa, "").unwrap()),
        ];
        for vector in all["vectors"].as_array().unwrap() {
            let body = Json::parse(vector["body"].as_str().unwrap()).unwrap();
            assert_eq!(flattened(&body), vector["flattened"].as_str().unwrap());
            for (name, signer) in &signers {
                let printed = vector[*name].as_str();
                assert!(printed.is_some(), "{name} stands in the vectors");
                assert_eq!(signer.sign(&body).as_deref(), printed, "{name}");
                assert!(signer.accepts(&body, printed, None), "{name}");
                assert!(!signer.accepts(&body, None, None), "{name}");
                assert!(!signer.accepts(&Json::object([("a", Json::text("b"))]), printed, None), "{name}");
            }
        }
        assert_eq!(all["vectors"].as_array().unwrap().len(), 6);
    }

    #[test]
    fn a_token_signs_nothing_and_is_compared_whole() {
        let signer = Signer::new(&Keys::Token { token: "open".to_owned() }, "").unwrap();
        let body = Json::object([("a", Json::text("b"))]);
        assert_eq!(signer.sign(&body), None);
        assert!(signer.accepts(&body, None, Some("open")));
        assert!(!signer.accepts(&body, Some("open"), Some("ope")));
        assert!(!signer.accepts(&body, Some("open"), None));
    }

    #[test]
    fn keys_never_show_themselves() {
        let shown = format!("{:?}", Keys::Sha { transaction_key: "s3cret".to_owned() });
        assert_eq!(shown, "Keys(SHA)");
    }

    #[test]
    fn a_key_that_is_none_says_which() {
        let keys = Keys::Rsa { private_key_pem: "x".to_owned(), client_public_key_pem: "y".to_owned() };
        let error = Signer::new(&keys, "").err().unwrap().to_string();
        assert!(error.starts_with("could not read the private key of the simulated acquirer"), "{error}");
    }
}
