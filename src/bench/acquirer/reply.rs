//! From a result to what goes over the wire: envelope, signature, headers, and what a fault does to them.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::answer::{Refusal, envelope};
use super::config::Config;
use super::fault::Fault;
use super::json::Json;
use super::sign::Signer;
use super::view;

/// What the server does with a connection after a call.
pub(super) enum Reply {
    /// Closes it without a byte.
    Close,
    /// Sends an answer.
    Send(Sent),
}

/// An answer, and how it goes out.
pub(super) struct Sent {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// How long it is held back.
    pub(super) wait: Duration,
    /// Whether the connection breaks in the middle of it.
    pub(super) half: bool,
}

/// The answer that says a result, spoilt as ordered; none where the connection is closed instead.
pub(super) fn reply(
    result: &Result<Json, Refusal>,
    fault: Option<Fault>,
    now: Timestamp,
    config: &Config,
    signer: &Signer,
) -> Reply {
    let mut body = envelope(result);
    if matches!(fault, Some(Fault::WrongAmount { .. })) {
        view::change_amount(&mut body, config);
    }
    if matches!(fault, Some(Fault::OtherOrder { .. })) {
        view::change_order(&mut body);
    }
    let mut sign = signer.sign(&body);
    let mut sent = Sent {
        status: 200,
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
        wait: Duration::ZERO,
        half: false,
    };
    match fault {
        Some(Fault::DropBefore | Fault::DropAfter | Fault::Late(_)) => return Reply::Close,
        Some(Fault::Delay(wait)) => sent.wait = wait,
        Some(Fault::Http500 { .. }) => {
            sent.status = 500;
            sent.body = b"<html><body>Internal Server Error</body></html>".to_vec();
        }
        Some(Fault::Garbage { .. }) => sent.body = b"\x00\xff<html>not an answer".to_vec(),
        Some(Fault::BadSign { .. }) => sign = sign.map(|sign| spoilt(&sign)),
        Some(Fault::Truncate { .. }) => sent.half = true,
        Some(
            Fault::WrongAmount { .. }
            | Fault::OtherOrder { .. }
            | Fault::Busy { .. }
            | Fault::Processing(_)
            | Fault::Refuse(_)
            | Fault::NotFound { .. },
        )
        | None => {}
    }
    sent.headers.push(("content-type", "application/json".to_owned()));
    sent.headers.push(("signType", config.keys.sign_type().to_owned()));
    sent.headers.push(("signId", config.sign_id.clone()));
    sent.headers.extend(sign.map(|sign| ("sign", sign)));
    sent.headers.extend(date(now).map(|date| ("date", date)));
    Reply::Send(sent)
}

/// The value of the header `Date`.
pub(super) fn date(now: Timestamp) -> Option<String> {
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok()
}

/// The same signature with its first character changed.
fn spoilt(sign: &str) -> String {
    let mut characters = sign.chars();
    let other = if characters.next() == Some('0') { '1' } else { '0' };
    std::iter::once(other).chain(characters).collect()
}
