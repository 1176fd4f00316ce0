//! Key files: read once at start, and only where nobody else on the machine can read them, too.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use ring::signature::RsaKeyPair;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, SubjectPublicKeyInfoDer};
use zeroize::{Zeroize, Zeroizing};

use super::profile::Credentials;
use super::sign::{Key, Secret, SignType};

/// A key is small: anything longer is another file.
const KEY_BYTES_MAX: u64 = 16 * 1024;

/// What is wrong with a key file, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// It is not there, or can't be read.
    #[error("could not read the key file {0}: put the key there, then run: chmod 600 {0}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others can read it.
    #[error("could not trust the key file {0}: other users can read it; run: chmod 600 {0}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// It holds something else.
    #[error("could not use the key file {}: {why}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, without any of its content.
        why: &'static str,
    },
}

/// Reads the key that the credentials name.
///
/// # Errors
/// What is wrong with which file; nothing of its content is repeated.
pub fn read(credentials: &Credentials) -> Result<Key, KeyFault> {
    let text = read_secret(&credentials.key_file)?;
    match (credentials.sign_type, &credentials.public_key_file) {
        (SignType::Sha, _) => Ok(Key::Sha(one_line(&credentials.key_file, &text)?)),
        (SignType::Token, _) => Ok(Key::Token(token(&credentials.key_file, &text)?)),
        (SignType::Rsa, Some(public)) => Ok(Key::Rsa {
            ours: Box::new(rsa_private(&credentials.key_file, &text)?),
            theirs: rsa_public(public)?,
        }),
        (SignType::Rsa, None) => {
            Err(content(&credentials.key_file, "RSA needs public_key_file, too, to verify answers"))
        }
    }
}

/// Reads the notification key: the shared secret, or the acquirer's public key.
///
/// # Errors
/// What is wrong with which file; nothing of its content is repeated.
pub fn read_notification(sign_type: SignType, path: &Path) -> Result<Key, KeyFault> {
    match sign_type {
        SignType::Sha => Ok(Key::Sha(one_line(path, &read_secret(path)?)?)),
        SignType::Rsa => Ok(Key::Theirs(rsa_public(path)?)),
        SignType::Token => {
            Err(content(path, "sign_type \"TOKEN\" signs nothing, so no notification can be verified"))
        }
    }
}

/// Reads the private key of a certificate.
///
/// # Errors
/// What is wrong with which file; nothing of its content is repeated.
pub fn read_private(path: &Path) -> Result<PrivateKeyDer<'static>, KeyFault> {
    let pem = read_secret(path)?;
    PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| content(path, "it is no private key in PEM"))
}

/// Reads a file that only its owner may read. The permissions are those of the open file, not of its name.
fn read_secret(path: &Path) -> Result<Zeroizing<String>, KeyFault> {
    let unreadable = |source| KeyFault::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(KeyFault::Open { path: path.to_owned() });
    }
    // Room for all of it: a buffer that grows would leave copies of the key behind.
    let mut text = Zeroizing::new(String::with_capacity(KEY_BYTES_MAX as usize + 1));
    match file.take(KEY_BYTES_MAX + 1).read_to_string(&mut text) {
        Ok(read) if read as u64 > KEY_BYTES_MAX => Err(content(path, "it is too long to be a key")),
        Ok(_) if text.trim().is_empty() => Err(content(path, "it is empty")),
        Ok(_) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(content(path, "it is not text")),
        Err(source) => Err(unreadable(source)),
    }
}

/// The line end that editors add is not part of a key.
fn one_line(path: &Path, text: &str) -> Result<Secret, KeyFault> {
    let key = text.trim_end_matches(['\r', '\n']);
    if key.chars().any(char::is_control) {
        return Err(content(path, "the key must stand alone on one line"));
    }
    Ok(Secret::new(key.to_owned()))
}

fn token(path: &Path, text: &str) -> Result<Secret, KeyFault> {
    let secret = one_line(path, text)?;
    if !text.trim_end_matches(['\r', '\n']).bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(content(path, "a token is printable ASCII without blanks"));
    }
    Ok(secret)
}

fn rsa_private(path: &Path, pem: &str) -> Result<RsaKeyPair, KeyFault> {
    let wrong = || content(path, "it is no RSA private key in PEM");
    let mut der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| wrong())?;
    let pair = match &der {
        PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
        _ => return Err(wrong()),
    };
    der.zeroize();
    pair.map_err(|_| content(path, "it is no RSA private key of 2048 to 4096 bits"))
}

fn rsa_public(path: &Path) -> Result<Vec<u8>, KeyFault> {
    let pem = std::fs::read(path).map_err(|source| KeyFault::Read { path: path.to_owned(), source })?;
    let wrong = || content(path, "it is no RSA public key in PEM (\"BEGIN PUBLIC KEY\")");
    let spki = SubjectPublicKeyInfoDer::from_pem_slice(&pem).map_err(|_| wrong())?;
    rsa_key_of(&spki).ok_or_else(wrong)
}

/// Takes the `RSAPublicKey` out of a `SubjectPublicKeyInfo`.
fn rsa_key_of(spki: &[u8]) -> Option<Vec<u8>> {
    const SEQUENCE: u8 = 0x30;
    const BIT_STRING: u8 = 0x03;
    const RSA_ENCRYPTION: &[u8] =
        &[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00];
    let (inner, rest) = der_value(spki, SEQUENCE)?;
    let (algorithm, key) = der_value(inner, SEQUENCE)?;
    let (bits, after) = der_value(key, BIT_STRING)?;
    let (unused, key) = bits.split_first()?;
    let whole = rest.is_empty() && after.is_empty() && *unused == 0;
    (whole && algorithm == RSA_ENCRYPTION).then(|| key.to_owned())
}

/// The content of the DER value at the start of `bytes`, and what follows it.
fn der_value(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (head, rest) = bytes.split_at_checked(2)?;
    let [found, length] = head.first_chunk::<2>()?;
    if *found != tag {
        return None;
    }
    if *length < 0x80 {
        return rest.split_at_checked(usize::from(*length));
    }
    let (digits, rest) = rest.split_at_checked(usize::from(*length & 0x7F))?;
    if digits.len() > 2 {
        return None;
    }
    let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
    rest.split_at_checked(length)
}

fn content(path: &Path, why: &'static str) -> KeyFault {
    KeyFault::Content { path: path.to_owned(), why }
}
