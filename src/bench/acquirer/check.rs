//! Every rule about the form of a request: its headers, and each field of its body.
//!
//! The first rule that is broken is named in the answer, with the field's whole path, so that whoever reads the
//! terminal's log knows what to mend. Rules that need the book (is the id known, is the code used) live with it.

use std::time::Duration;

use hyper::HeaderMap;
use jiff::{SignedDuration, Timestamp, civil};

use super::amount::Amount;
use super::answer::{Code, Refusal};
use super::config::Config;
use super::fields::Fields;
use super::json::Json;
use super::request::{Api, Cancel, Named, Origin, Pay, Product, Refund, Request};
use super::sign::flattened;

/// From this long after its request on, an `expireAt` is refused.
const EXPIRY_MAX: Duration = Duration::from_secs(72 * 60 * 60);
/// `expireAt` has whole seconds: a client may round up.
const ROUNDING: SignedDuration = SignedDuration::from_secs(1);

/// The headers of a request that says who it is from.
pub(super) struct Heads {
    pub(super) request_id: String,
    pub(super) sign: Option<String>,
    pub(super) token: Option<String>,
}

/// Checks the headers, but for the signature's value.
pub(super) fn headers(headers: &HeaderMap, config: &Config) -> Result<Heads, Refusal> {
    let media = one(headers, "content-type")?.unwrap_or_default().to_ascii_lowercase();
    let (kind, charset) = media.split_once(';').unwrap_or((&media, "charset=utf-8"));
    if kind.trim() != "application/json" || charset.trim() != "charset=utf-8" {
        return Err(Refusal::parameter("header Content-Type must be application/json in UTF-8"));
    }
    expect(headers, "clientId", &config.client_id)?;
    expect(headers, "signType", config.keys.sign_type())?;
    expect(headers, "signId", &config.sign_id)?;
    Ok(Heads {
        request_id: needed(headers, "requestId")?,
        sign: one(headers, "sign")?.map(str::to_owned),
        token: one(headers, "token")?.map(str::to_owned),
    })
}

/// Checks every field of a body and reads it as what the API expects.
pub(super) fn body(api: Api, body: &Json, config: &Config) -> Result<Request, Refusal> {
    let fields = Fields::of_body(body).map_err(Refusal::parameter)?;
    let checker = Checker { fields, config, content: flattened(body) };
    match api {
        Api::Pay => checker.pay().map(Request::Pay),
        Api::Refund => checker.refund().map(Request::Refund),
        Api::Cancel => checker.cancel().map(Request::Cancel),
        Api::Detail => checker.detail().map(Request::Detail),
    }
    .map_err(Refusal::parameter)
}

/// Checks the rules about `expireAt` that depend on when the request came.
pub(super) fn expiry(pay: &Pay, now: Timestamp, config: &Config) -> Result<(), Refusal> {
    let open = pay.expire_at.duration_since(now);
    if open <= SignedDuration::ZERO {
        return Err(Refusal::parameter("expireAt is not in the future"));
    }
    if open.unsigned_abs() >= EXPIRY_MAX {
        return Err(Refusal::parameter("expireAt must be less than 72 hours after the request"));
    }
    let open_max = config.payment_code_open_max;
    if pay.product == Product::PaymentCode && (open - ROUNDING).unsigned_abs() > open_max {
        let seconds = open_max.as_secs();
        return Err(Refusal::parameter(format!(
            "expireAt must be at most {seconds} s after the request for PAYMENT_CODE"
        )));
    }
    Ok(())
}

fn expect(headers: &HeaderMap, name: &str, known: &str) -> Result<(), Refusal> {
    let found = needed(headers, name)?;
    if found != known {
        return Err(Refusal::new(
            Code::ClientUnknown,
            format!("header {name} is {found:?}, which isn't known here"),
        ));
    }
    Ok(())
}

fn needed(headers: &HeaderMap, name: &str) -> Result<String, Refusal> {
    match one(headers, name)? {
        None => Err(Refusal::parameter(format!("header {name} is missing"))),
        Some("") => Err(Refusal::parameter(format!("header {name} is empty"))),
        Some(value) => Ok(value.to_owned()),
    }
}

fn one<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut all = headers.get_all(name).iter();
    let first = all.next();
    if all.next().is_some() {
        return Err(Refusal::parameter(format!("header {name} comes twice")));
    }
    first
        .map(|value| value.to_str())
        .transpose()
        .map_err(|_| Refusal::parameter(format!("header {name} isn't visible ASCII")))
}

/// A body under examination; every method returns the rule that is broken.
struct Checker<'a> {
    fields: Fields<'a>,
    config: &'a Config,
    content: String,
}

impl Checker<'_> {
    fn pay(self) -> Result<Pay, String> {
        let fields = &self.fields;
        fields.only(&[
            "merchantOrderId",
            "paymentMethod",
            "product",
            "amount",
            "currency",
            "expireAt",
            "payCodeValue",
            "goods",
            "riskData",
            "notifyUrl",
            "storeId",
            "subMerchantId",
            "terminalId",
            "operatorId",
        ])?;
        let id = self.own_id()?;
        let payment_method = fields.needed("paymentMethod")?;
        if payment_method != "ALIPAY_HK" {
            return Err(format!("paymentMethod {payment_method:?} isn't ALIPAY_HK"));
        }
        let product = self.product()?;
        let (amount, currency) = self.money()?;
        self.device()?;
        Ok(Pay {
            id,
            payment_method: payment_method.to_owned(),
            product,
            amount,
            currency,
            expire_at: self.expire_at()?,
            code: self.code(product)?,
            description: self.description()?,
            notify_url: self.notify_url()?,
            origin: self.origin()?,
            content: self.content,
        })
    }

    fn refund(self) -> Result<Refund, String> {
        self.fields.only(&[
            "merchantOrderId",
            "originalMerchantOrderId",
            "originalUqOrderId",
            "amount",
            "currency",
            "reason",
            "storeId",
            "subMerchantId",
            "terminalId",
            "operatorId",
        ])?;
        let (amount, currency) = self.money()?;
        Ok(Refund {
            id: self.own_id()?,
            original: self.named("originalMerchantOrderId", "originalUqOrderId")?,
            amount,
            currency,
            reason: self.fields.optional_signed("reason", 256)?,
            origin: self.origin()?,
            content: self.content,
        })
    }

    fn cancel(self) -> Result<Cancel, String> {
        self.fields.only(&[
            "merchantOrderId",
            "originalMerchantOrderId",
            "originalUqOrderId",
            "storeId",
            "subMerchantId",
            "terminalId",
            "operatorId",
        ])?;
        Ok(Cancel {
            id: self.own_id()?,
            original: self.named("originalMerchantOrderId", "originalUqOrderId")?,
            origin: self.origin()?,
            content: self.content,
        })
    }

    fn detail(self) -> Result<Named, String> {
        self.fields.only(&["merchantOrderId", "uqOrderId"])?;
        self.named("merchantOrderId", "uqOrderId")
    }

    fn own_id(&self) -> Result<String, String> {
        order_id("merchantOrderId", self.fields.needed("merchantOrderId")?)
    }

    fn named(&self, by_merchant: &str, by_acquirer: &str) -> Result<Named, String> {
        match (self.fields.optional(by_merchant)?, self.fields.optional(by_acquirer)?) {
            (Some(id), None) => order_id(by_merchant, id).map(Named::ByMerchant),
            (None, Some(id)) if id.len() <= 64 => Ok(Named::ByAcquirer(id.to_owned())),
            (None, Some(_)) => Err(format!("{by_acquirer} is longer than 64 characters")),
            (None, None) => Err(format!("{by_merchant} is missing, and so is {by_acquirer}")),
            (Some(_), Some(_)) => Err(format!("{by_merchant} and {by_acquirer} are both there")),
        }
    }

    fn product(&self) -> Result<Product, String> {
        let name = self.fields.needed("product")?;
        Product::ALL
            .into_iter()
            .find(|product| product.name() == name)
            .ok_or_else(|| format!("product {name:?} isn't one that a PAY can have"))
    }

    fn money(&self) -> Result<(Amount, String), String> {
        let currency = self.fields.needed("currency")?;
        let Some((_, decimals)) = self.config.currencies.iter().find(|(known, _)| known == currency) else {
            return Err(format!("currency {currency:?} isn't taken"));
        };
        let text = self.fields.needed("amount")?;
        let amount = Amount::parse(text, *decimals)
            .map_err(|rule| format!("amount {text:?} must have {rule} for {currency}"))?;
        Ok((amount, currency.to_owned()))
    }

    fn expire_at(&self) -> Result<Timestamp, String> {
        let text = self.fields.needed("expireAt")?;
        let wrong = || format!("expireAt {text:?} must be yyyy-mm-dd hh:mm:ss");
        let local = civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).map_err(|_| wrong())?;
        if local.strftime("%Y-%m-%d %H:%M:%S").to_string() != text {
            return Err(wrong());
        }
        self.config.zone.to_timestamp(local).map_err(|_| wrong())
    }

    fn code(&self, product: Product) -> Result<Option<String>, String> {
        match product {
            Product::PaymentCode => {
                self.fields.needed("payCodeValue")?;
                self.fields.optional_signed("payCodeValue", 64)
            }
            Product::CashierPayment | Product::OrderCode | Product::EntryCode => match self
                .fields
                .optional("payCodeValue")?
            {
                None => Ok(None),
                Some(_) => Err(format!("payCodeValue is only for PAYMENT_CODE, not for {}", product.name())),
            },
        }
    }

    fn description(&self) -> Result<String, String> {
        let goods = self.fields.within("goods")?;
        goods.only(&["description"])?;
        goods.needed_signed("description", 256)
    }

    fn device(&self) -> Result<(), String> {
        let risk = self.fields.within("riskData")?;
        risk.only(&["Device"])?;
        let device = risk.within("Device")?;
        device.only(&["os"])?;
        device.needed_signed("os", 64).map(drop)
    }

    fn notify_url(&self) -> Result<Option<String>, String> {
        match self.fields.optional("notifyUrl")? {
            None => Ok(None),
            Some(url) if url.len() > 256 => Err("notifyUrl is longer than 256 characters".to_owned()),
            Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
                Ok(Some(url.to_owned()))
            }
            Some(_) => Err("notifyUrl must be an http address".to_owned()),
        }
    }

    fn origin(&self) -> Result<Origin, String> {
        let store_id = self.fields.needed_signed("storeId", 64)?;
        match &self.config.store_id {
            Some(ours) if *ours != store_id => {
                Err(format!("storeId {store_id:?} isn't a store of this client"))
            }
            _ => Ok(Origin {
                store_id,
                sub_merchant_id: self.fields.optional_signed("subMerchantId", 64)?,
                terminal_id: self.fields.optional_signed("terminalId", 64)?,
                operator_id: self.fields.optional_signed("operatorId", 64)?,
            }),
        }
    }
}

fn order_id(field: &str, id: &str) -> Result<String, String> {
    if id.len() > 32 {
        return Err(format!("{field} is longer than 32 characters"));
    }
    if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return Err(format!("{field} may hold only letters, digits, _ and -"));
    }
    Ok(id.to_owned())
}
