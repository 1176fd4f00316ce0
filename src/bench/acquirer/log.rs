//! What the acquirer remembers of every call, so that a person can see what happened, and of every broken rule.

use hyper::HeaderMap;
use jiff::Timestamp;

use super::answer::Refusal;
use super::fault::Fault;
use super::json::Json;
use super::request::{Api, Request};

/// The fields by which a body names transactions; its own first.
const ID_FIELDS: [&str; 4] = ["merchantOrderId", "uqOrderId", "originalMerchantOrderId", "originalUqOrderId"];

#[derive(Default)]
pub(super) struct Log {
    pub(super) calls: Vec<Call>,
    pub(super) violations: Vec<Violation>,
}

/// One call that came in.
pub(super) struct Call {
    pub(super) at: Timestamp,
    pub(super) api: Api,
    pub(super) request_id: String,
    /// Which connection it came on, counted from 1; 0 for a call that was held up on its way.
    pub(super) connection: u64,
    /// The ids in its body.
    pub(super) about: Vec<String>,
    pub(super) answered: String,
    pub(super) fault: Option<Fault>,
    broken: Option<(&'static str, String)>,
}

/// A rule of the contract that a request broke.
pub(super) struct Violation {
    pub(super) at: Timestamp,
    pub(super) api: Option<Api>,
    pub(super) request_id: String,
    pub(super) order: Option<String>,
    pub(super) code: &'static str,
    pub(super) rule: String,
}

impl Log {
    pub(super) fn add(&mut self, call: Call) {
        if let Some((code, rule)) = &call.broken {
            self.violations.push(Violation {
                at: call.at,
                api: Some(call.api),
                request_id: call.request_id.clone(),
                order: call.about.first().cloned(),
                code,
                rule: rule.clone(),
            });
        }
        self.calls.push(call);
    }

    /// Remembers a broken rule of a request that was no call at all.
    pub(super) fn violation(&mut self, at: Timestamp, rule: String) {
        let request_id = String::new();
        self.violations.push(Violation { at, api: None, request_id, order: None, code: "HTTP", rule });
    }
}

impl Call {
    pub(super) fn new(
        at: Timestamp,
        api: Api,
        headers: &HeaderMap,
        body: Option<&Json>,
        connection: u64,
        fault: Option<Fault>,
    ) -> Call {
        let id = |name: &&str| match body.and_then(|body| body.field(name)) {
            Some(Json::Text(id)) if !id.is_empty() => Some(id.clone()),
            _ => None,
        };
        let request_id = headers.get("requestId").and_then(|value| value.to_str().ok()).unwrap_or_default();
        Call {
            at,
            api,
            request_id: request_id.to_owned(),
            connection,
            about: ID_FIELDS.iter().filter_map(id).collect(),
            answered: String::new(),
            fault,
            broken: None,
        }
    }

    /// A call that takes effect long after its connection was closed.
    pub(super) fn arrived(at: Timestamp, request: &Request) -> Call {
        let (api, about) = match request {
            Request::Pay(pay) => (Api::Pay, vec![pay.id.clone()]),
            Request::Refund(refund) => {
                (Api::Refund, vec![refund.id.clone(), refund.original.id().to_owned()])
            }
            Request::Cancel(cancel) => {
                (Api::Cancel, vec![cancel.id.clone(), cancel.original.id().to_owned()])
            }
            Request::Detail(named) => (Api::Detail, vec![named.id().to_owned()]),
        };
        let request_id = String::new();
        Call { at, api, request_id, connection: 0, about, answered: String::new(), fault: None, broken: None }
    }

    /// Notes what came out, and whether the client broke a rule.
    pub(super) fn judged(&mut self, result: &Result<Json, Refusal>) {
        self.answered = outcome(result);
        if let Err(refusal) = result
            && refusal.code.is_violation()
        {
            self.broken = Some((refusal.code.digits(), refusal.why.clone()));
        }
    }
}

/// What came out, in a few words.
pub(super) fn outcome(result: &Result<Json, Refusal>) -> String {
    match result {
        Ok(data) => match data.field("status") {
            Some(Json::Text(status)) => format!("000000 {status}"),
            _ => "000000".to_owned(),
        },
        Err(refusal) => format!("{} {}", refusal.code.digits(), refusal.why),
    }
}
