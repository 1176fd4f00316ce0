//! A call that was not carried out, and what to do about it.

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

/// The answer to a call that was not carried out.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    says: String,
}

impl Refusal {
    /// The caller must send something else.
    pub(super) fn bad(says: impl Into<String>) -> Refusal {
        Refusal { status: StatusCode::BAD_REQUEST, says: says.into() }
    }

    /// The counter is in no state for this.
    pub(super) fn not_now(says: impl Into<String>) -> Refusal {
        Refusal { status: StatusCode::CONFLICT, says: says.into() }
    }

    /// This bench has no such part, or no such thing.
    pub(super) fn absent(says: impl Into<String>) -> Refusal {
        Refusal { status: StatusCode::NOT_FOUND, says: says.into() }
    }

    /// The machine let the bench down.
    pub(super) fn broken(error: &dyn std::error::Error) -> Refusal {
        let mut says = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            says = format!("{says}: {error}");
            cause = error.source();
        }
        Refusal { status: StatusCode::INTERNAL_SERVER_ERROR, says }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.says }))).into_response()
    }
}

/// Reads a call's body; `example` is a body that would have done.
pub(super) fn body<T: DeserializeOwned>(bytes: &Bytes, example: &str) -> Result<T, Refusal> {
    serde_json::from_slice(bytes)
        .map_err(|error| Refusal::bad(format!("{error}; send for example {example}")))
}

/// Reads a call's body where none at all means the same as `{}`.
pub(super) fn body_or_empty<T: DeserializeOwned>(bytes: &Bytes, example: &str) -> Result<T, Refusal> {
    if bytes.trim_ascii().is_empty() {
        return body(&Bytes::from_static(b"{}"), example);
    }
    body(bytes, example)
}
