//! One request: is it a notification, is it the acquirer's own, and what does it tell?

use std::sync::Arc;

use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use postern_heart::news::{News, Taken};

use crate::acquirer::json::Json;
use crate::acquirer::merchant::Merchant;
use crate::acquirer::profile::{Credentials, Header, Profile};
use crate::acquirer::sign::{Key, Signer};
use crate::acquirer::wire;

/// Why a request is no notification that counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoLetter {
    /// Another path than the profile's.
    Path,
    /// Not a POST.
    Method,
    /// Its body is too long.
    TooLong,
    /// Its body did not come in time, or not whole.
    NotWhole,
    /// No JSON, or nothing in it that can be read.
    Unreadable,
    /// Not signed with the notification key.
    Signature,
}

/// Reads notifications for one terminal.
pub struct Letters {
    profile: Arc<Profile>,
    credentials: Credentials,
    signer: Signer,
    merchant: Merchant,
}

impl Letters {
    /// Reads what is signed with the notification key.
    pub fn new(profile: Arc<Profile>, credentials: Credentials, key: Key, merchant: Merchant) -> Letters {
        let signer = Signer::new(profile.signing.clone(), key);
        Letters { profile, credentials, signer, merchant }
    }

    /// Looks at a request's head, before its body is read.
    ///
    /// # Errors
    /// It is no notification.
    pub fn admit(&self, head: &Parts) -> Result<(), NoLetter> {
        if head.uri.path() != self.profile.notify.path.0 {
            return Err(NoLetter::Path);
        }
        if head.method == Method::POST { Ok(()) } else { Err(NoLetter::Method) }
    }

    /// Verifies and reads a whole request.
    ///
    /// # Errors
    /// It does not count: nothing of it is told to anyone.
    pub fn read(&self, head: &Parts, body: &[u8]) -> Result<News, NoLetter> {
        let body = Json::read(body).map_err(|_| NoLetter::Unreadable)?;
        let names = &self.profile.headers;
        let says = |name: &Header| head.headers.get(&name.0).and_then(|value| value.to_str().ok());
        let ours = |name: &Header, own: &str| says(name).is_none_or(|said| said == own);
        let client_id = self.credentials.client_id.0.to_str().unwrap_or_default();
        let addressed =
            ours(&names.client_id, client_id) && ours(&names.sign_type, self.signer.sign_type().as_str());
        let signed = self.signer.verify(&body, says(&names.sign)).is_ok();
        if !addressed || !signed {
            return Err(NoLetter::Signature);
        }
        wire::news(&body, &self.profile, &self.merchant).ok_or(NoLetter::Unreadable)
    }

    /// What is answered: the status, and the body.
    pub fn answer(&self, read: Result<Taken, NoLetter>) -> (StatusCode, String) {
        let status = match read {
            Ok(Taken::Taken) => StatusCode::OK,
            Ok(Taken::Refused) => StatusCode::UNPROCESSABLE_ENTITY,
            Ok(Taken::Later) => StatusCode::SERVICE_UNAVAILABLE,
            Err(NoLetter::Path) => StatusCode::NOT_FOUND,
            Err(NoLetter::Method) => StatusCode::METHOD_NOT_ALLOWED,
            Err(NoLetter::TooLong) => StatusCode::PAYLOAD_TOO_LARGE,
            Err(NoLetter::NotWhole) => StatusCode::REQUEST_TIMEOUT,
            Err(NoLetter::Unreadable) => StatusCode::BAD_REQUEST,
            Err(NoLetter::Signature) => StatusCode::UNAUTHORIZED,
        };
        let form = &self.profile.notify;
        let code = if status == StatusCode::OK { &form.acknowledge } else { &form.refuse };
        let mut body = Json::object();
        body.put(self.profile.answer.code.as_str(), Json::Text(code.clone()));
        let mut text = String::new();
        body.write(&mut text);
        (status, text)
    }
}
