//! Faults to order: what goes wrong with the next calls of an API.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Code, Refusal};
use super::request::Api;

/// Longer than a terminal waits for a whole call.
const DELAY_MS: u64 = 12_000;
/// How many DETAILs hear `processing` before a slow result.
const DETAILS: u64 = 2;
/// How many calls about the same order come before one that was held up on its way.
const CALLS: u64 = 3;

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The connection is closed before anything takes effect.
    DropBefore,
    /// It takes effect, and the connection is closed without an answer.
    DropAfter,
    /// The connection is closed, and the request takes effect after so many later calls about the same order.
    Late(u32),
    /// It takes effect, and the answer comes late.
    Delay(Duration),
    /// HTTP 500 with a page instead of an answer.
    Http500 { effect: bool },
    /// HTTP 200 with something that is no JSON.
    Garbage { effect: bool },
    /// The right answer under a wrong signature.
    BadSign { effect: bool },
    /// A signed answer with another amount.
    WrongAmount { effect: bool },
    /// A signed answer that names another order.
    OtherOrder { effect: bool },
    /// Half an answer.
    Truncate { effect: bool },
    /// `900001`.
    Busy { effect: bool },
    /// It takes effect slowly: so many DETAILs hear `processing` first.
    Processing(u32),
    /// A clear no, with this reason.
    Refuse(Why),
    /// `200001`.
    NotFound { effect: bool },
}

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// `200004`.
    Risk,
    /// `200003`.
    Balance,
    /// `200002`.
    CodeInvalid,
    /// `200007`.
    CutOff,
}

impl Why {
    pub(super) fn refusal(self) -> Refusal {
        match self {
            Why::Risk => Refusal::new(Code::RiskReject, "risk reject"),
            Why::Balance => Refusal::new(Code::BalanceInsufficient, "the wallet's balance is insufficient"),
            Why::CodeInvalid => Refusal::new(Code::PaymentCodeInvalid, "payment code invalid"),
            Why::CutOff => Refusal::new(Code::CancelPeriodOver, "cancellation period over"),
        }
    }
}

impl Fault {
    /// The words, with the parameters that each understands.
    const WORDS: [(&'static str, &'static [&'static str]); 14] = [
        ("drop_before", &[]),
        ("drop_after", &[]),
        ("late", &["calls"]),
        ("delay", &["ms"]),
        ("http500", &["effect"]),
        ("garbage", &["effect"]),
        ("bad_sign", &["effect"]),
        ("wrong_amount", &["effect"]),
        ("other_order", &["effect"]),
        ("truncate", &["effect"]),
        ("busy", &["effect"]),
        ("processing", &["details"]),
        ("refuse", &["reason"]),
        ("not_found", &["effect"]),
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Fault::DropBefore => "drop_before",
            Fault::DropAfter => "drop_after",
            Fault::Late(_) => "late",
            Fault::Delay(_) => "delay",
            Fault::Http500 { .. } => "http500",
            Fault::Garbage { .. } => "garbage",
            Fault::BadSign { .. } => "bad_sign",
            Fault::WrongAmount { .. } => "wrong_amount",
            Fault::OtherOrder { .. } => "other_order",
            Fault::Truncate { .. } => "truncate",
            Fault::Busy { .. } => "busy",
            Fault::Processing(_) => "processing",
            Fault::Refuse(_) => "refuse",
            Fault::NotFound { .. } => "not_found",
        }
    }

    /// Whether the request takes effect before the answer goes wrong.
    pub(super) fn takes_effect(self) -> bool {
        match self {
            Fault::DropBefore | Fault::Late(_) | Fault::Refuse(_) => false,
            Fault::DropAfter | Fault::Delay(_) | Fault::Processing(_) => true,
            Fault::Http500 { effect }
            | Fault::Garbage { effect }
            | Fault::BadSign { effect }
            | Fault::WrongAmount { effect }
            | Fault::OtherOrder { effect }
            | Fault::Truncate { effect }
            | Fault::Busy { effect }
            | Fault::NotFound { effect } => effect,
        }
    }

    /// What a fault makes the acquirer say, whatever it did.
    pub(super) fn says(self) -> Option<Refusal> {
        match self {
            Fault::Busy { .. } => Some(Refusal::new(Code::Busy, "system busy")),
            Fault::Refuse(why) => Some(why.refusal()),
            Fault::NotFound { .. } => Some(Refusal::new(Code::NotFound, "Transaction does not exist")),
            Fault::DropBefore
            | Fault::DropAfter
            | Fault::Late(_)
            | Fault::Delay(_)
            | Fault::Http500 { .. }
            | Fault::Garbage { .. }
            | Fault::BadSign { .. }
            | Fault::WrongAmount { .. }
            | Fault::OtherOrder { .. }
            | Fault::Truncate { .. }
            | Fault::Processing(_) => None,
        }
    }

    fn read(word: &str, params: Option<&Value>) -> Result<Fault, String> {
        let Some((word, names)) = Fault::WORDS.iter().find(|(known, _)| *known == word) else {
            let words: Vec<_> = Fault::WORDS.iter().map(|(word, _)| *word).collect();
            return Err(format!("{word:?} is no fault: use one of {}", words.join(", ")));
        };
        let params = Params::read(word, names, params)?;
        Ok(match *word {
            "drop_before" => Fault::DropBefore,
            "drop_after" => Fault::DropAfter,
            "late" => Fault::Late(params.count("calls", CALLS)?),
            "delay" => Fault::Delay(Duration::from_millis(params.number("ms", DELAY_MS)?)),
            "http500" => Fault::Http500 { effect: params.effect(true)? },
            "garbage" => Fault::Garbage { effect: params.effect(true)? },
            "bad_sign" => Fault::BadSign { effect: params.effect(true)? },
            "wrong_amount" => Fault::WrongAmount { effect: params.effect(true)? },
            "other_order" => Fault::OtherOrder { effect: params.effect(true)? },
            "truncate" => Fault::Truncate { effect: params.effect(true)? },
            "busy" => Fault::Busy { effect: params.effect(false)? },
            "processing" => Fault::Processing(params.count("details", DETAILS)?),
            "refuse" => Fault::Refuse(params.reason()?),
            _ => Fault::NotFound { effect: params.effect(false)? },
        })
    }
}

/// Faults that wait for their calls, in the order in which they were ordered.
#[derive(Default)]
pub(super) struct Faults(VecDeque<(Api, Fault, u32)>);

impl Faults {
    /// Orders a fault for the next `count` calls; a count of 0 takes back what waits for this API.
    ///
    /// # Errors
    /// A word that isn't known, with the ones that are.
    pub(super) fn order(
        &mut self,
        api: &str,
        word: &str,
        count: u32,
        params: Option<&Value>,
    ) -> Result<(), String> {
        let api = Api::ALL
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(api))
            .ok_or_else(|| format!("{api:?} is no API: use PAY, REFUND, CANCEL or DETAIL"))?;
        let fault = Fault::read(word, params)?;
        if count == 0 {
            self.0.retain(|(waiting, kind, _)| *waiting != api || kind.word() != fault.word());
        } else {
            self.0.push_back((api, fault, count));
        }
        Ok(())
    }

    /// The fault of a call that has just come.
    pub(super) fn take(&mut self, api: Api) -> Option<Fault> {
        let at = self.0.iter().position(|(waiting, ..)| *waiting == api)?;
        let (_, fault, left) = self.0.get_mut(at)?;
        let fault = *fault;
        *left -= 1;
        if *left == 0 {
            self.0.remove(at);
        }
        Some(fault)
    }

    /// What still waits, for people to see.
    pub(super) fn waiting(&self) -> Value {
        let show = |(api, fault, left): &(Api, Fault, u32)| json!({ "api": api.name(), "fault": fault.word(), "count": left });
        self.0.iter().map(show).collect()
    }
}

/// The parameters of one fault.
struct Params<'a> {
    word: &'a str,
    fields: Option<&'a serde_json::Map<String, Value>>,
}

impl<'a> Params<'a> {
    fn read(word: &'a str, names: &[&str], params: Option<&'a Value>) -> Result<Params<'a>, String> {
        let fields = match params {
            None | Some(Value::Null) => None,
            Some(Value::Object(fields)) => Some(fields),
            Some(_) => return Err(format!("the parameters of {word} must be an object")),
        };
        let unknown = |name: &&String| !names.contains(&name.as_str());
        match fields.and_then(|fields| fields.keys().find(unknown)) {
            Some(name) if names.is_empty() => Err(format!("{word} has no parameter {name:?}: it takes none")),
            Some(name) => Err(format!("{word} has no parameter {name:?}: it takes {}", names.join(", "))),
            None => Ok(Params { word, fields }),
        }
    }

    fn number(&self, name: &str, default: u64) -> Result<u64, String> {
        match self.fields.and_then(|fields| fields.get(name)) {
            None => Ok(default),
            Some(value) => {
                value.as_u64().ok_or_else(|| format!("parameter {name} of {} must be a number", self.word))
            }
        }
    }

    fn count(&self, name: &str, default: u64) -> Result<u32, String> {
        u32::try_from(self.number(name, default)?)
            .map_err(|_| format!("parameter {name} of {} is too large", self.word))
    }

    fn reason(&self) -> Result<Why, String> {
        match self.fields.and_then(|fields| fields.get("reason")).map(Value::as_str) {
            None | Some(Some("risk")) => Ok(Why::Risk),
            Some(Some("balance")) => Ok(Why::Balance),
            Some(Some("code_invalid")) => Ok(Why::CodeInvalid),
            Some(Some("cut_off")) => Ok(Why::CutOff),
            Some(_) => Err(format!(
                "parameter reason of {} must be risk, balance, code_invalid or cut_off",
                self.word
            )),
        }
    }

    fn effect(&self, default: bool) -> Result<bool, String> {
        match self.fields.and_then(|fields| fields.get("effect")) {
            None => Ok(default),
            Some(value) => value
                .as_bool()
                .ok_or_else(|| format!("parameter effect of {} must be true or false", self.word)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_the_fault_of_that_name() {
        for (word, _) in Fault::WORDS {
            assert_eq!(Fault::read(word, None).unwrap().word(), word);
        }
    }

    #[test]
    fn faults_are_used_in_order_and_as_often_as_wanted() {
        let mut faults = Faults::default();
        faults.order("pay", "busy", 2, None).unwrap();
        faults.order("PAY", "delay", 1, Some(&json!({ "ms": 7 }))).unwrap();
        faults.order("DETAIL", "refuse", 1, None).unwrap();
        assert_eq!(faults.take(Api::Pay), Some(Fault::Busy { effect: false }));
        assert_eq!(faults.take(Api::Pay), Some(Fault::Busy { effect: false }));
        assert_eq!(faults.take(Api::Pay), Some(Fault::Delay(Duration::from_millis(7))));
        assert_eq!(faults.take(Api::Pay), None);
        assert_eq!(faults.waiting(), json!([{ "api": "DETAIL", "fault": "refuse", "count": 1 }]));
        faults.order("DETAIL", "refuse", 0, None).unwrap();
        assert_eq!(faults.waiting(), json!([]));
    }

    #[test]
    fn a_word_that_is_not_known_is_answered_with_those_that_are() {
        let mut faults = Faults::default();
        let mut order = |api, word, params: Value| faults.order(api, word, 1, Some(&params)).unwrap_err();
        assert_eq!(
            order("PAID", "busy", json!(null)),
            "\"PAID\" is no API: use PAY, REFUND, CANCEL or DETAIL"
        );
        assert!(
            order("PAY", "dealy", json!(null)).starts_with("\"dealy\" is no fault: use one of drop_before, ")
        );
        assert_eq!(order("PAY", "delay", json!({ "s": 1 })), "delay has no parameter \"s\": it takes ms");
        assert_eq!(order("PAY", "delay", json!({ "ms": "1" })), "parameter ms of delay must be a number");
        assert_eq!(
            order("PAY", "refuse", json!({ "reason": "mood" })),
            "parameter reason of refuse must be risk, balance, code_invalid or cut_off"
        );
        assert_eq!(
            order("PAY", "drop_after", json!({ "ms": 1 })),
            "drop_after has no parameter \"ms\": it takes none"
        );
        assert_eq!(order("PAY", "busy", json!([])), "the parameters of busy must be an object");
    }
}
