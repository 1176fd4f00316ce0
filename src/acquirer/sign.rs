//! Signatures of requests and answers: SHA, RSA and TOKEN, as pure functions of a body and a key.
//!
//! A body is first *flattened* (contract, section 3): empty fields go, the rest is sorted and joined as
//! `key=value&key=value`, objects are wrapped in `|`. `SHA` hashes that text with the key behind it, `RSA` signs it,
//! `TOKEN` proves nothing and so verifies nothing.
//!
//! The flattening is not injective: `a=1&b=2` may be two fields or one. What people write into a shop file therefore
//! goes through [`check_text`] before it gets anywhere near a body; nothing is ever escaped or dropped in silence.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{self, RsaKeyPair, UnparsedPublicKey};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::json::Json;

/// How signatures are made, where the acquirer's public text leaves it open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// What stands between the flattened body and `key=`.
    pub salt_separator: String,
    /// The hash of `SHA`, and the one inside `RSA`.
    pub hash: Hash,
    /// How a `SHA` digest is written.
    pub sha_encoding: Encoding,
    /// How the hash is padded for `RSA`.
    pub rsa_padding: Padding,
    /// How an `RSA` signature is written.
    pub rsa_encoding: Encoding,
    /// What stands between the elements of a list.
    pub list_separator: String,
    /// What stands around an object that is an element of a list.
    pub list_object_mark: String,
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Hash {
    #[serde(rename = "SHA-256")]
    Sha256,
    #[serde(rename = "SHA-384")]
    Sha384,
    #[serde(rename = "SHA-512")]
    Sha512,
}

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Encoding {
    HexLower,
    HexUpper,
    Base64,
    Base64Url,
}

/// The padding of an RSA signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Padding {
    /// RSASSA-PKCS1-v1_5.
    #[serde(rename = "PKCS1-v1_5")]
    Pkcs1,
    /// RSASSA-PSS, salt as long as the hash.
    #[serde(rename = "PSS")]
    Pss,
}

/// The kind of key that a shop was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SignType {
    /// A secret shared with the acquirer, hashed behind the body.
    Sha,
    /// Our private key signs, the acquirer's public key verifies.
    Rsa,
    /// A static token: nothing is signed, so no answer can be verified.
    Token,
}

impl SignType {
    /// The word that travels in the header.
    pub fn as_str(self) -> &'static str {
        match self {
            SignType::Sha => "SHA",
            SignType::Rsa => "RSA",
            SignType::Token => "TOKEN",
        }
    }
}

/// A key or token; hidden from `Debug`, zeroed on drop.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text of a key.
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A key, ready for use.
pub enum Key {
    /// For [`SignType::Sha`].
    Sha(Secret),
    /// For [`SignType::Rsa`].
    Rsa {
        /// Signs requests.
        ours: Box<RsaKeyPair>,
        /// Verifies answers: a DER `RSAPublicKey`.
        theirs: Vec<u8>,
    },
    /// The public half of an RSA key (a DER `RSAPublicKey`): it verifies and can't sign.
    Theirs(Vec<u8>),
    /// For [`SignType::Token`].
    Token(Secret),
}

impl Key {
    /// The kind of this key.
    pub fn sign_type(&self) -> SignType {
        match self {
            Key::Sha(_) => SignType::Sha,
            Key::Rsa { .. } | Key::Theirs(_) => SignType::Rsa,
            Key::Token(_) => SignType::Token,
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, …)", self.sign_type().as_str())
    }
}

/// What a request carries to prove where it comes from.
pub enum Proof {
    /// The value of the `sign` header.
    Sign(String),
    /// The value of the `token` header.
    Token(Zeroizing<String>),
}

/// Why a signature could not be made or does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignFault {
    /// The key cannot sign (RSA only).
    #[error("could not sign with this RSA key")]
    Unusable,
    /// No signature came with the answer.
    #[error("the answer is not signed")]
    Missing,
    /// The signature is not this answer's, or was made with another key.
    #[error("the answer's signature is wrong")]
    Wrong,
}

/// Signs and verifies with one key under one set of rules.
#[derive(Debug)]
pub struct Signer {
    rules: Rules,
    key: Key,
}

impl Signer {
    /// A signer for `key`.
    pub fn new(rules: Rules, key: Key) -> Signer {
        Signer { rules, key }
    }

    /// The kind of key that signs.
    pub fn sign_type(&self) -> SignType {
        self.key.sign_type()
    }

    /// Proves that `body` is ours.
    ///
    /// # Errors
    /// Only an RSA key that is too small for its hash; nothing has been sent.
    pub fn sign(&self, body: &Json) -> Result<Proof, SignFault> {
        match &self.key {
            Key::Sha(salt) => {
                Ok(Proof::Sign(encode(self.digest(body, salt).as_ref(), self.rules.sha_encoding)))
            }
            Key::Rsa { ours, .. } => {
                let mut signed = vec![0; ours.public().modulus_len()];
                let text = flatten(body, &self.rules);
                ours.sign(self.rsa_encoding(), &SystemRandom::new(), text.as_bytes(), &mut signed)
                    .map_err(|_| SignFault::Unusable)?;
                Ok(Proof::Sign(encode(&signed, self.rules.rsa_encoding)))
            }
            Key::Theirs(_) => Err(SignFault::Unusable),
            Key::Token(token) => Ok(Proof::Token(token.0.clone())),
        }
    }

    /// Checks an answer's signature. A token verifies nothing, so with one every answer passes.
    pub fn verify(&self, body: &Json, signature: Option<&str>) -> Result<(), SignFault> {
        let right = match &self.key {
            Key::Token(_) => return Ok(()),
            Key::Sha(salt) => {
                let claimed = decode(signature.ok_or(SignFault::Missing)?, self.rules.sha_encoding);
                claimed.is_some_and(|claimed| same(&claimed, self.digest(body, salt).as_ref()))
            }
            Key::Rsa { theirs, .. } | Key::Theirs(theirs) => {
                let claimed = decode(signature.ok_or(SignFault::Missing)?, self.rules.rsa_encoding);
                let text = flatten(body, &self.rules);
                let key = UnparsedPublicKey::new(self.rsa_verification(), theirs);
                claimed.is_some_and(|claimed| key.verify(text.as_bytes(), &claimed).is_ok())
            }
        };
        if right { Ok(()) } else { Err(SignFault::Wrong) }
    }

    fn digest(&self, body: &Json, salt: &Secret) -> digest::Digest {
        let mut context = digest::Context::new(match self.rules.hash {
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        });
        context.update(flatten(body, &self.rules).as_bytes());
        context.update(self.rules.salt_separator.as_bytes());
        context.update(b"key=");
        context.update(salt.0.as_bytes());
        context.finish()
    }

    fn rsa_encoding(&self) -> &'static dyn signature::RsaEncoding {
        match (self.rules.rsa_padding, self.rules.hash) {
            (Padding::Pkcs1, Hash::Sha256) => &signature::RSA_PKCS1_SHA256,
            (Padding::Pkcs1, Hash::Sha384) => &signature::RSA_PKCS1_SHA384,
            (Padding::Pkcs1, Hash::Sha512) => &signature::RSA_PKCS1_SHA512,
            (Padding::Pss, Hash::Sha256) => &signature::RSA_PSS_SHA256,
            (Padding::Pss, Hash::Sha384) => &signature::RSA_PSS_SHA384,
            (Padding::Pss, Hash::Sha512) => &signature::RSA_PSS_SHA512,
        }
    }

    fn rsa_verification(&self) -> &'static signature::RsaParameters {
        match (self.rules.rsa_padding, self.rules.hash) {
            (Padding::Pkcs1, Hash::Sha256) => &signature::RSA_PKCS1_2048_8192_SHA256,
            (Padding::Pkcs1, Hash::Sha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
            (Padding::Pkcs1, Hash::Sha512) => &signature::RSA_PKCS1_2048_8192_SHA512,
            (Padding::Pss, Hash::Sha256) => &signature::RSA_PSS_2048_8192_SHA256,
            (Padding::Pss, Hash::Sha384) => &signature::RSA_PSS_2048_8192_SHA384,
            (Padding::Pss, Hash::Sha512) => &signature::RSA_PSS_2048_8192_SHA512,
        }
    }
}

/// A character that a signed text may not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature cannot carry {0:?}")]
pub struct Unsignable(pub char);

/// Checks that free text survives the flattening as one value: no `&`, `=`, `|`, no control character.
///
/// # Errors
/// The first character that it cannot carry.
pub fn check_text(text: &str) -> Result<(), Unsignable> {
    let bad = |c: &char| matches!(c, '&' | '=' | '|') || c.is_control();
    text.chars().find(bad).map_or(Ok(()), |c| Err(Unsignable(c)))
}

/// The text that is signed for `body` (steps 1 to 3 of the contract); zeroed on drop, it may hold a payment code.
pub fn flatten(body: &Json, rules: &Rules) -> Zeroizing<String> {
    // Room enough that it does not grow, so that no copy of a payment code is left behind.
    let mut out = Zeroizing::new(String::with_capacity(4096));
    match body {
        Json::Object(_) => flatten_fields(body, rules, &mut out),
        Json::Null | Json::Bare(_) | Json::Text(_) | Json::List(_) => flatten_value(body, rules, &mut out),
    }
    out
}

fn flatten_fields(object: &Json, rules: &Rules, out: &mut String) {
    let Json::Object(fields) = object else { return };
    let mut first = true;
    for (key, value) in fields.iter().filter(|(_, value)| !is_empty(value)) {
        if !first {
            out.push('&');
        }
        first = false;
        out.push_str(key);
        out.push('=');
        flatten_value(value, rules, out);
    }
}

fn flatten_value(value: &Json, rules: &Rules, out: &mut String) {
    match value {
        Json::Null => {}
        Json::Bare(text) | Json::Text(text) => out.push_str(text),
        Json::Object(_) => {
            out.push('|');
            flatten_fields(value, rules, out);
            out.push('|');
        }
        Json::List(items) => {
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push_str(&rules.list_separator);
                }
                flatten_item(item, rules, out);
            }
        }
    }
}

fn flatten_item(item: &Json, rules: &Rules, out: &mut String) {
    match item {
        Json::Object(_) => {
            out.push_str(&rules.list_object_mark);
            flatten_fields(item, rules, out);
            out.push_str(&rules.list_object_mark);
        }
        Json::Null | Json::Bare(_) | Json::Text(_) | Json::List(_) => flatten_value(item, rules, out),
    }
}

/// An object of nothing but empty fields is empty, too.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Text(text) => text.is_empty(),
        Json::Object(fields) => fields.values().all(is_empty),
        Json::Bare(_) | Json::List(_) => false,
    }
}

fn encode(bytes: &[u8], encoding: Encoding) -> String {
    match encoding {
        Encoding::HexLower => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Encoding::HexUpper => bytes.iter().map(|byte| format!("{byte:02X}")).collect(),
        Encoding::Base64 => STANDARD.encode(bytes),
        Encoding::Base64Url => URL_SAFE_NO_PAD.encode(bytes),
    }
}

fn decode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    let digits: &[u8] = match encoding {
        Encoding::HexLower => b"0123456789abcdef",
        Encoding::HexUpper => b"0123456789ABCDEF",
        Encoding::Base64 => return STANDARD.decode(text).ok(),
        Encoding::Base64Url => return URL_SAFE_NO_PAD.decode(text).ok(),
    };
    let digit = |c: u8| digits.iter().position(|d| *d == c).and_then(|n| u8::try_from(n).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(16 * digit(*high)? + digit(*low)?)).collect()
}

/// Compares without telling by its time where the first difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            salt_separator: String::new(),
            hash: Hash::Sha256,
            sha_encoding: Encoding::HexLower,
            rsa_padding: Padding::Pkcs1,
            rsa_encoding: Encoding::Base64,
            list_separator: ",".to_owned(),
            list_object_mark: "|".to_owned(),
        }
    }

    fn json(text: &str) -> Json {
        Json::read(text.as_bytes()).unwrap()
    }

    fn sha(rules: Rules) -> Signer {
        Signer::new(rules, Key::Sha(Secret::new("k".to_owned())))
    }

    fn sign_text(signer: &Signer, body: &Json) -> String {
        match signer.sign(body).unwrap() {
            Proof::Sign(sign) => sign,
            Proof::Token(token) => token.to_string(),
        }
    }

    #[test]
    fn empty_lists_and_zeros_stay_but_objects_of_nothing_go() {
        let body = json(r#"{"a":[],"b":0,"c":false,"d":{"e":{"f":null,"g":""}},"h":[null,{},"x",["y",1]]}"#);
        assert_eq!(flatten(&body, &rules()).as_str(), "a=&b=0&c=false&h=,||,x,y,1");
    }

    #[test]
    fn each_rule_changes_the_signature_or_the_text() {
        let body = json(r#"{"a":[1,{"b":2}]}"#);
        let plain = sign_text(&sha(rules()), &body);
        let others = [
            Rules { salt_separator: "&".to_owned(), ..rules() },
            Rules { hash: Hash::Sha384, ..rules() },
            Rules { hash: Hash::Sha512, ..rules() },
            Rules { sha_encoding: Encoding::HexUpper, ..rules() },
            Rules { sha_encoding: Encoding::Base64, ..rules() },
            Rules { sha_encoding: Encoding::Base64Url, ..rules() },
            Rules { list_separator: ";".to_owned(), ..rules() },
            Rules { list_object_mark: String::new(), ..rules() },
        ];
        for rules in others {
            let signer = sha(rules);
            let sign = sign_text(&signer, &body);
            assert_ne!(sign, plain, "{:?}", signer.rules);
            assert_eq!(signer.verify(&body, Some(&sign)), Ok(()));
            assert_eq!(signer.verify(&body, Some(&plain)), Err(SignFault::Wrong));
        }
    }

    #[test]
    fn a_signature_that_is_cut_or_of_another_body_is_wrong() {
        let signer = sha(rules());
        let body = json(r#"{"a":"1"}"#);
        let sign = sign_text(&signer, &body);
        assert_eq!(signer.verify(&body, Some(&sign)), Ok(()));
        assert_eq!(signer.verify(&json(r#"{"a":"2"}"#), Some(&sign)), Err(SignFault::Wrong));
        for cut in 0..sign.len() {
            assert_eq!(signer.verify(&body, Some(&sign[..cut])), Err(SignFault::Wrong));
        }
        assert_eq!(signer.verify(&body, Some(&sign.to_uppercase())), Err(SignFault::Wrong));
        assert_eq!(signer.verify(&body, None), Err(SignFault::Missing));
    }

    #[test]
    fn two_equal_changes_do_not_make_up_for_each_other() {
        let signer = Signer::new(Rules { sha_encoding: Encoding::Base64, ..rules() }, sha(rules()).key);
        let body = json(r#"{"a":"1"}"#);
        let mut bytes = STANDARD.decode(sign_text(&signer, &body)).unwrap();
        for place in [3, 17] {
            bytes[place] ^= 0x20;
        }
        assert_eq!(signer.verify(&body, Some(&STANDARD.encode(bytes))), Err(SignFault::Wrong));
    }

    #[test]
    fn text_that_would_read_as_another_field_is_refused_by_name() {
        assert_eq!(check_text("Fish & chips"), Err(Unsignable('&')));
        assert_eq!(check_text("a=b"), Err(Unsignable('=')));
        assert_eq!(check_text("a|b"), Err(Unsignable('|')));
        assert_eq!(check_text("a\nb"), Err(Unsignable('\n')));
        assert_eq!(check_text("奶茶 x2 (熱), 50%"), Ok(()));
        assert_eq!(Unsignable('&').to_string(), "the signature cannot carry '&'");
    }

    #[test]
    fn keys_do_not_show_themselves() {
        let secret = Secret::new("very secret".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        let signer = Signer::new(rules(), Key::Sha(secret));
        assert!(!format!("{signer:?}").contains("very"));
    }
}
