//! What each kind of record says, as the JSON object that stands in its `body`.

use postern_heart::ask::{AnswerCode, Decline, OrderCode, PaidAt, Product, Reason, Silence};
use postern_heart::code::MaskedCode;
use postern_heart::ids::{OrderId, UqOrderId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::record::{
    Approval, Asked, Contradiction, Decision, Paid, Paper, Received, Refused, Shown, Source, WhyCancel,
    WhyUnsettled,
};
use serde::{Deserialize, Serialize};

use super::NotARecord;
use super::words::As;

/// A fact that says all by its kind.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedBody {
    pub(super) product: As<Product>,
    pub(super) amount_minor: u64,
    pub(super) currency: String,
    pub(super) code: Option<String>,
    pub(super) sale: As<OrderId>,
    pub(super) attempt: u32,
    pub(super) expire_at: i64,
    pub(super) cut_off: i64,
    pub(super) beside: Option<As<OrderId>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceivedBody {
    pub(super) amount_minor: u64,
    pub(super) currency: String,
    pub(super) uq_id: String,
    pub(super) paid: Option<PaidAtBody>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShownBody {
    place: PlaceBody,
    /// The text of a code on paper; left away for one on a display, as in the first form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PlaceBody {
    Display,
    Paper,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaidBody {
    pub(super) uq_id: Option<String>,
    pub(super) paid: Option<PaidAtBody>,
    pub(super) by: As<Source>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaidAtBody {
    pub(super) at: i64,
    pub(super) cut_off: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefusedBody {
    pub(super) reason: As<Reason>,
    pub(super) code: String,
    pub(super) by: As<Source>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CancellingBody {
    pub(super) cancel: As<OrderId>,
    pub(super) why: As<WhyCancel>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CancelConfirmedBody {
    pub(super) cancel: As<OrderId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CancelRefusedBody {
    pub(super) cancel: As<OrderId>,
    pub(super) reason: As<Reason>,
    pub(super) code: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnsettledBody {
    pub(super) why: WhyUnsettledBody,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WhyUnsettledBody {
    NoAnswer(Option<SilenceBody>),
    Absent,
    Processing,
    Contradiction,
    NoCancel,
    CutOff,
    CancelRefused(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SilenceBody {
    TimeOut,
    Broken,
    Http(u16),
    Unreadable,
    BadSignature,
    OtherTransaction,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecidedBody {
    pub(super) decision: As<Decision>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContradictedBody {
    pub(super) what: As<Contradiction>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApprovedBody {
    pub(super) what: ApprovalBody,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ApprovalBody {
    AttemptBeside(As<OrderId>),
    SetClock,
    GiveBack { payment: As<OrderId>, amount: AmountBody },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AmountBody {
    minor: u64,
    currency: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundingBody {
    pub(super) refund: As<OrderId>,
    pub(super) amount: AmountBody,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundBody {
    pub(super) refund: As<OrderId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundRefusedBody {
    pub(super) refund: As<OrderId>,
    pub(super) reason: As<Reason>,
    pub(super) code: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundsDifferBody {
    pub(super) ours: AmountBody,
    pub(super) theirs: AmountBody,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrintingBody {
    pub(super) paper: As<Paper>,
    pub(super) duplicate: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrintedBody {
    pub(super) paper: As<Paper>,
    pub(super) confirmed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaperBody {
    pub(super) paper: As<Paper>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StartedBody {
    pub(super) version: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListeningBody {
    pub(super) missed_since: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockSetBody {
    pub(super) to: i64,
}

impl From<&Asked> for AskedBody {
    fn from(asked: &Asked) -> AskedBody {
        AskedBody {
            product: As(asked.product),
            amount_minor: asked.amount.minor(),
            currency: asked.amount.currency().code().to_owned(),
            code: asked.code.as_ref().map(|code| masked(&code.0)),
            sale: As(asked.sale),
            attempt: asked.attempt,
            expire_at: asked.expire_at.0,
            cut_off: asked.cut_off.0,
            beside: asked.beside.map(As),
        }
    }
}

impl TryFrom<AskedBody> for Asked {
    type Error = NotARecord;

    fn try_from(body: AskedBody) -> Result<Asked, NotARecord> {
        let currency = Currency::parse(&body.currency).ok_or(NotARecord::Value("an unknown currency"))?;
        if body.code.as_ref().is_some_and(|code| masked(code) != *code) {
            return Err(NotARecord::Value("a payment code that is not masked"));
        }
        Ok(Asked {
            product: body.product.0,
            amount: Amount::new(body.amount_minor, currency),
            code: body.code.map(MaskedCode),
            sale: body.sale.0,
            attempt: body.attempt,
            expire_at: Wall(body.expire_at),
            cut_off: Wall(body.cut_off),
            beside: body.beside.map(|id| id.0),
        })
    }
}

/// `…3456`, whatever comes.
fn masked(code: &str) -> String {
    let digits = code.strip_prefix('…').unwrap_or(code);
    let from = digits.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    format!("…{}", digits.get(from..).unwrap_or_default())
}

impl From<&Shown> for ShownBody {
    fn from(shown: &Shown) -> ShownBody {
        match shown {
            Shown::Display => ShownBody { place: PlaceBody::Display, code: None },
            Shown::Paper(code) => ShownBody { place: PlaceBody::Paper, code: Some(code.0.clone()) },
        }
    }
}

impl TryFrom<ShownBody> for Shown {
    type Error = NotARecord;

    fn try_from(body: ShownBody) -> Result<Shown, NotARecord> {
        match (body.place, body.code) {
            (PlaceBody::Display, None) => Ok(Shown::Display),
            (PlaceBody::Paper, Some(code)) => Ok(Shown::Paper(OrderCode(code))),
            (PlaceBody::Display, Some(_)) => Err(NotARecord::Value("the code of a display")),
            (PlaceBody::Paper, None) => Err(NotARecord::Value("paper without its code")),
        }
    }
}

impl From<&Received> for ReceivedBody {
    fn from(received: &Received) -> ReceivedBody {
        ReceivedBody {
            amount_minor: received.amount.minor(),
            currency: received.amount.currency().code().to_owned(),
            uq_id: received.uq_id.0.clone(),
            paid: received.paid.map(PaidAtBody::from),
        }
    }
}

impl TryFrom<ReceivedBody> for Received {
    type Error = NotARecord;

    fn try_from(body: ReceivedBody) -> Result<Received, NotARecord> {
        let currency = Currency::parse(&body.currency).ok_or(NotARecord::Value("an unknown currency"))?;
        Ok(Received {
            amount: Amount::new(body.amount_minor, currency),
            uq_id: UqOrderId(body.uq_id),
            paid: body.paid.map(PaidAt::from),
        })
    }
}

impl From<PaidAt> for PaidAtBody {
    fn from(paid: PaidAt) -> PaidAtBody {
        PaidAtBody { at: paid.at.0, cut_off: paid.cut_off.0 }
    }
}

impl From<PaidAtBody> for PaidAt {
    fn from(body: PaidAtBody) -> PaidAt {
        PaidAt { at: Wall(body.at), cut_off: Wall(body.cut_off) }
    }
}

impl From<&Paid> for PaidBody {
    fn from(paid: &Paid) -> PaidBody {
        PaidBody {
            uq_id: paid.uq_id.as_ref().map(|id| id.0.clone()),
            paid: paid.paid.map(PaidAtBody::from),
            by: As(paid.by),
        }
    }
}

impl From<PaidBody> for Paid {
    fn from(body: PaidBody) -> Paid {
        Paid { uq_id: body.uq_id.map(UqOrderId), paid: body.paid.map(PaidAt::from), by: body.by.0 }
    }
}

impl From<&Refused> for RefusedBody {
    fn from(refused: &Refused) -> RefusedBody {
        RefusedBody {
            reason: As(refused.decline.reason),
            code: refused.decline.code.0.clone(),
            by: As(refused.by),
        }
    }
}

impl From<RefusedBody> for Refused {
    fn from(body: RefusedBody) -> Refused {
        Refused { decline: Decline { reason: body.reason.0, code: AnswerCode(body.code) }, by: body.by.0 }
    }
}

impl From<&WhyUnsettled> for WhyUnsettledBody {
    fn from(why: &WhyUnsettled) -> WhyUnsettledBody {
        match why {
            WhyUnsettled::NoAnswer(silence) => WhyUnsettledBody::NoAnswer(silence.map(SilenceBody::from)),
            WhyUnsettled::Absent => WhyUnsettledBody::Absent,
            WhyUnsettled::Processing => WhyUnsettledBody::Processing,
            WhyUnsettled::Contradiction => WhyUnsettledBody::Contradiction,
            WhyUnsettled::NoCancel => WhyUnsettledBody::NoCancel,
            WhyUnsettled::CutOff => WhyUnsettledBody::CutOff,
            WhyUnsettled::CancelRefused(code) => WhyUnsettledBody::CancelRefused(code.0.clone()),
        }
    }
}

impl From<WhyUnsettledBody> for WhyUnsettled {
    fn from(body: WhyUnsettledBody) -> WhyUnsettled {
        match body {
            WhyUnsettledBody::NoAnswer(silence) => WhyUnsettled::NoAnswer(silence.map(Silence::from)),
            WhyUnsettledBody::Absent => WhyUnsettled::Absent,
            WhyUnsettledBody::Processing => WhyUnsettled::Processing,
            WhyUnsettledBody::Contradiction => WhyUnsettled::Contradiction,
            WhyUnsettledBody::NoCancel => WhyUnsettled::NoCancel,
            WhyUnsettledBody::CutOff => WhyUnsettled::CutOff,
            WhyUnsettledBody::CancelRefused(code) => WhyUnsettled::CancelRefused(AnswerCode(code)),
        }
    }
}

impl From<Silence> for SilenceBody {
    fn from(silence: Silence) -> SilenceBody {
        match silence {
            Silence::TimeOut => SilenceBody::TimeOut,
            Silence::Broken => SilenceBody::Broken,
            Silence::Http(status) => SilenceBody::Http(status),
            Silence::Unreadable => SilenceBody::Unreadable,
            Silence::BadSignature => SilenceBody::BadSignature,
            Silence::OtherTransaction => SilenceBody::OtherTransaction,
        }
    }
}

impl From<SilenceBody> for Silence {
    fn from(body: SilenceBody) -> Silence {
        match body {
            SilenceBody::TimeOut => Silence::TimeOut,
            SilenceBody::Broken => Silence::Broken,
            SilenceBody::Http(status) => Silence::Http(status),
            SilenceBody::Unreadable => Silence::Unreadable,
            SilenceBody::BadSignature => Silence::BadSignature,
            SilenceBody::OtherTransaction => Silence::OtherTransaction,
        }
    }
}

impl From<&Approval> for ApprovalBody {
    fn from(what: &Approval) -> ApprovalBody {
        match what {
            Approval::AttemptBeside(id) => ApprovalBody::AttemptBeside(As(*id)),
            Approval::SetClock => ApprovalBody::SetClock,
            Approval::GiveBack { payment, amount } => {
                ApprovalBody::GiveBack { payment: As(*payment), amount: amount.into() }
            }
        }
    }
}

impl TryFrom<ApprovalBody> for Approval {
    type Error = NotARecord;

    fn try_from(body: ApprovalBody) -> Result<Approval, NotARecord> {
        Ok(match body {
            ApprovalBody::AttemptBeside(id) => Approval::AttemptBeside(id.0),
            ApprovalBody::SetClock => Approval::SetClock,
            ApprovalBody::GiveBack { payment, amount } => {
                Approval::GiveBack { payment: payment.0, amount: amount.try_into()? }
            }
        })
    }
}

impl From<&Amount> for AmountBody {
    fn from(amount: &Amount) -> AmountBody {
        AmountBody { minor: amount.minor(), currency: amount.currency().code().to_owned() }
    }
}

impl TryFrom<AmountBody> for Amount {
    type Error = NotARecord;

    fn try_from(body: AmountBody) -> Result<Amount, NotARecord> {
        let currency = Currency::parse(&body.currency).ok_or(NotARecord::Value("an unknown currency"))?;
        Ok(Amount::new(body.minor, currency))
    }
}
