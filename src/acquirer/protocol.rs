//! One request as a signed HTTP message, and its answer read and verified: everything of an exchange but the connection.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode, Uri};
use postern_heart::ask::{Request, Silence, Unreachable};
use postern_heart::now::Wall;
use ring::rand::{SecureRandom, SystemRandom};

use super::json::Json;
use super::merchant::Merchant;
use super::profile::{self, Credentials, Profile, SignaturePlace};
use super::sign::{Key, Proof, Signer};
use super::wire::{self, Heard};

/// A request, ready to leave.
pub type Message = hyper::Request<Full<Bytes>>;

/// A request whose headers are not written yet.
pub(super) struct Unsigned {
    body: Json,
    message: Message,
}

/// Speaks as one terminal to one acquirer.
#[derive(Debug)]
pub struct Protocol {
    profile: Arc<Profile>,
    credentials: Credentials,
    merchant: Merchant,
    signer: Signer,
    host: HeaderValue,
    random: SystemRandom,
}

/// A verified answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Verified {
    /// What it says of the request.
    pub heard: Heard,
    /// The acquirer's own clock.
    pub date: Option<Wall>,
}

impl Protocol {
    /// Speaks for `merchant` under the profile's credentials and their key; `None` where the profile has no credentials.
    pub fn new(profile: Arc<Profile>, key: Key, merchant: Merchant) -> Option<Protocol> {
        let credentials = profile.credentials.clone()?;
        let host = profile.base_url.authority().parse().ok()?;
        let signer = Signer::new(profile.signing.clone(), key);
        Some(Protocol { profile, credentials, merchant, signer, host, random: SystemRandom::new() })
    }

    /// Writes and signs a request.
    ///
    /// # Errors
    /// It can't be written; nothing left.
    pub fn write(&self, request: &Request) -> Result<Message, Unreachable> {
        self.compose(request).and_then(|unsigned| self.sign(unsigned))
    }

    /// Writes a request: the first half of [`write`](Protocol::write).
    ///
    /// # Errors
    /// It can't be written; nothing left.
    pub(super) fn compose(&self, request: &Request) -> Result<Unsigned, Unreachable> {
        let body = wire::body(request, &self.profile, &self.merchant).ok_or(Unreachable::Request)?;
        let mut text = String::with_capacity(1024);
        body.write(&mut text);
        let path = wire::path(request, &self.profile);
        let uri: Uri =
            format!("{}{path}", self.profile.base_url.prefix).parse().map_err(|_| Unreachable::Request)?;
        let mut message = Message::new(Full::from(text));
        *message.method_mut() = match self.profile.http.method {
            profile::Method::Post => Method::POST,
            profile::Method::Put => Method::PUT,
        };
        *message.uri_mut() = uri;
        Ok(Unsigned { body, message })
    }

    /// Signs what was written: the second half.
    ///
    /// # Errors
    /// It can't be signed; nothing left.
    pub(super) fn sign(&self, unsigned: Unsigned) -> Result<Message, Unreachable> {
        let Unsigned { body, mut message } = unsigned;
        self.write_headers(&body, message.headers_mut())?;
        Ok(message)
    }

    fn write_headers(&self, body: &Json, headers: &mut HeaderMap) -> Result<(), Unreachable> {
        let names = &self.profile.headers;
        headers.insert(HOST, self.host.clone());
        headers.insert(CONTENT_TYPE, self.profile.http.content_type.0.clone());
        headers.insert(names.client_id.0.clone(), self.credentials.client_id.0.clone());
        headers.insert(names.sign_type.0.clone(), HeaderValue::from_static(self.signer.sign_type().as_str()));
        headers.insert(names.sign_id.0.clone(), self.credentials.sign_id.0.clone());
        headers.insert(names.request_id.0.clone(), self.request_id()?);
        let (name, value) = match self.signer.sign(body).map_err(|_| Unreachable::Request)? {
            Proof::Sign(sign) => (&names.sign, HeaderValue::from_str(&sign)),
            Proof::Token(token) => (&names.token, HeaderValue::from_str(&token)),
        };
        let mut value = value.map_err(|_| Unreachable::Request)?;
        value.set_sensitive(true);
        headers.insert(name.0.clone(), value);
        Ok(())
    }

    /// 128 random bits: never used again, not by a restored disk either.
    fn request_id(&self) -> Result<HeaderValue, Unreachable> {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes).map_err(|_| Unreachable::Request)?;
        HeaderValue::from_str(&format!("{:032x}", u128::from_be_bytes(bytes)))
            .map_err(|_| Unreachable::Request)
    }

    /// Reads and verifies the answer to `request`.
    ///
    /// # Errors
    /// Why it is no answer: the result of the request is unknown.
    pub fn read(
        &self,
        request: &Request,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Verified, Silence> {
        if status != StatusCode::OK {
            return Err(Silence::Http(status.as_u16()));
        }
        let mut answer = Json::read(body).map_err(|_| Silence::Unreadable)?;
        self.verify(&mut answer, headers)?;
        let heard = wire::read(&answer, request, &self.profile)?;
        let date = headers.get(DATE).and_then(|date| wire::date(date.to_str().ok()?));
        Ok(Verified { heard, date })
    }

    fn verify(&self, answer: &mut Json, headers: &HeaderMap) -> Result<(), Silence> {
        let form = &self.profile.answer;
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let kind = text(form.sign_type.0.as_str());
        if kind.is_some_and(|kind| kind != self.signer.sign_type().as_str()) {
            return Err(Silence::BadSignature);
        }
        let taken = match form.signature {
            SignaturePlace::Header => None,
            SignaturePlace::Body => answer.take(&form.sign),
        };
        let signature = match (&form.signature, &taken) {
            (SignaturePlace::Header, _) => text(&form.sign),
            (SignaturePlace::Body, Some(Json::Text(sign))) => Some(sign.as_str()),
            (SignaturePlace::Body, _) => None,
        };
        self.signer.verify(answer, signature).map_err(|_| Silence::BadSignature)
    }
}
