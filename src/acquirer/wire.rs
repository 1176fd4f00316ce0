//! The acquirer's JSON: the only file of the terminal that knows it.
//!
//! ```text
//!  Request ──▶ body ──▶ …signed, sent, answered, verified… ──▶ Json ──▶ what it says of the request
//! ```
//!
//! Invariants: amounts are the heart's whole minor units, written and compared as decimal text; an answer that names
//! another id, amount or currency than what was asked is no answer to it; a word or code that the profile does not
//! know decides nothing.

use postern_heart::ask::{
    AnswerCode, OrderCode, PaidAt, Pay, PayProduct, Product, Request, Says, Silence, Status, StatusWord,
};
use postern_heart::ids::{OrderId, Target, UqOrderId};
use postern_heart::money::{Amount, Currency};
use postern_heart::news::{About, News};
use postern_heart::now::Wall;

use super::json::Json;
use super::merchant::Merchant;
use super::profile::{Amounts, CodeClass, Fields, Profile, RedirectUrl, Spot};

/// The longest text that is taken for an order code: what a code on a counter can hold and still be read.
const ORDER_CODE_BYTES_MAX: usize = 1024;

/// The product of a payment by the shop's static code.
const ENTRY_CODE: &str = "ENTRY_CODE";

/// The kind of transaction that brings money in.
const PAYMENT: &str = "PAYMENT";

/// What a verified answer says, and what is still to be fetched for it.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// All of it.
    Whole(Says),
    /// A state whose order code is in a picture.
    Pictured {
        /// The state, without a code.
        status: Status,
        /// The `data:` or `https:` address of the picture.
        picture: String,
    },
}

/// The path of the API that a request goes to.
pub fn path<'a>(request: &Request, profile: &'a Profile) -> &'a str {
    match request {
        Request::Pay(_) => &profile.paths.pay.0,
        Request::Cancel { .. } => &profile.paths.cancel.0,
        Request::Refund { .. } => &profile.paths.refund.0,
        Request::Detail { .. } => &profile.paths.detail.0,
    }
}

/// The body of a request; `None` where its time lies beyond the calendar.
pub fn body(request: &Request, profile: &Profile, merchant: &Merchant) -> Option<Json> {
    let mut body = Body { json: Json::object(), profile };
    let fields = &profile.fields;
    match request {
        Request::Pay(pay) => body.pay(pay, merchant)?,
        Request::Detail { id, amount: _ } => {
            profile.request.detail_extras.put_into(&mut body.json);
            body.target([&fields.order_id, &fields.uq_order_id], id);
        }
        Request::Cancel { id, original, amount: _ } => {
            profile.request.cancel_extras.put_into(&mut body.json);
            body.text(&fields.order_id, id.as_str());
            body.target(original_of(fields), original);
            body.origin(merchant);
        }
        Request::Refund { id, original, amount } => {
            profile.request.refund_extras.put_into(&mut body.json);
            body.text(&fields.order_id, id.as_str());
            body.target(original_of(fields), original);
            body.amount(*amount);
            body.origin(merchant);
        }
    }
    Some(body.json)
}

/// Where the payment is named that a cancellation or a refund is about: by our id, by the acquirer's.
fn original_of(fields: &Fields) -> [&Spot; 2] {
    [&fields.original_order_id, &fields.original_uq_order_id]
}

struct Body<'a> {
    json: Json,
    profile: &'a Profile,
}

impl Body<'_> {
    fn pay(&mut self, pay: &Pay, merchant: &Merchant) -> Option<()> {
        let profile = self.profile;
        let (fields, form) = (&profile.fields, &profile.request);
        form.pay_extras.put_into(&mut self.json);
        self.text(&fields.order_id, pay.id.as_str());
        self.text(&fields.payment_method, &form.payment_method);
        self.text(&fields.product, product_name(pay.product.product()));
        self.amount(pay.amount);
        self.text(&fields.expire_at, &profile.time.write(pay.expire_at)?);
        if let PayProduct::PaymentCode(code) = &pay.product {
            self.text(&fields.payment_code, code.reveal());
        }
        self.text(&fields.description, &merchant.description);
        self.text(&fields.os, &form.os);
        self.optional(&fields.notify_url, &form.notify_url);
        self.text(&fields.store_id, &merchant.store_id);
        self.optional(&fields.sub_merchant_id, &merchant.sub_merchant_id);
        self.optional(&fields.terminal_id, &merchant.terminal_id);
        self.optional(&fields.operator_id, &merchant.operator_id);
        Some(())
    }

    /// Which of the two places is filled says whose id it is.
    fn target(&mut self, [ours, theirs]: [&Spot; 2], target: &Target) {
        match target {
            Target::Ours(id) => self.text(ours, id.as_str()),
            Target::Theirs(id) => self.text(theirs, &id.0),
        }
    }

    /// Whose counter asks.
    fn origin(&mut self, merchant: &Merchant) {
        let fields = &self.profile.fields;
        self.text(&fields.store_id, &merchant.store_id);
        self.optional(&fields.terminal_id, &merchant.terminal_id);
        self.optional(&fields.operator_id, &merchant.operator_id);
    }

    fn amount(&mut self, amount: Amount) {
        let fields = &self.profile.fields;
        let value = match self.profile.request.amounts {
            Amounts::String => Json::Text(amount.major()),
            Amounts::Number => Json::Bare(amount.major()),
        };
        self.json.put(fields.amount.as_str(), value);
        self.text(&fields.currency, amount.currency().code());
    }

    fn text(&mut self, spot: &Spot, text: &str) {
        self.json.put(spot.as_str(), Json::Text(text.to_owned()));
    }

    fn optional(&mut self, spot: &Spot, text: &str) {
        if !text.is_empty() {
            self.text(spot, text);
        }
    }
}

/// The acquirer's name of a product.
fn product_name(product: Product) -> &'static str {
    match product {
        Product::PaymentCode => "PAYMENT_CODE",
        Product::OrderCode => "ORDER_CODE",
        Product::CashierPayment => "CASHIER_PAYMENT",
        Product::EntryCode => ENTRY_CODE,
    }
}

/// Reads a verified answer to `request`.
///
/// # Errors
/// Why it is no answer: the result of the request is unknown.
pub fn read(answer: &Json, request: &Request, profile: &Profile) -> Result<Heard, Silence> {
    let form = &profile.answer;
    let code = answer.text_at(form.code.as_str()).ok_or(Silence::Unreadable)?;
    let data = answer.at(form.data.as_str());
    if code == form.success_code {
        let data = data.ok_or(Silence::Unreadable)?;
        return Data { json: data, profile }.read(request);
    }
    // Error answers carry no ids; one that does must carry the right ones.
    let (spot, asked) = asked_id(request, &profile.fields);
    if data.and_then(|data| data.text_at(spot.as_str())).is_some_and(|id| id != asked) {
        return Err(Silence::OtherTransaction);
    }
    let class = form.codes.get(code).copied().unwrap_or(CodeClass::Unclear);
    Ok(Heard::Whole(class.says(AnswerCode(code.to_owned()))))
}

/// Reads a verified notification; `None` where it tells nothing that can be read.
pub fn news(body: &Json, profile: &Profile, merchant: &Merchant) -> Option<News> {
    let data = Data { json: body, profile };
    let fields = &profile.fields;
    let currency = Currency::parse(data.text(&fields.currency)?)?;
    let store = data.text(&fields.store_id);
    let is_payment = data.text(&fields.transaction_type) == Some(PAYMENT);
    let entry = is_payment && data.text(&fields.product) == Some(ENTRY_CODE);
    let order = data.text(&fields.order_id).and_then(OrderId::parse);
    let about = match (store, order) {
        (Some(store), _) if store != merchant.store_id => About::Stranger,
        (Some(_), _) if entry => About::Entry,
        (_, Some(order)) if !entry => About::Order(order),
        (Some(_) | None, _) => About::Stranger,
    };
    Some(News {
        about,
        uq_id: data.uq_id(),
        amount: data.amount_in(&fields.amount, currency)?,
        state: data.state()?,
        paid: data.paid_at(),
    })
}

/// The id that an answer to this request must name, and where.
fn asked_id<'a>(request: &'a Request, fields: &'a Fields) -> (&'a Spot, &'a str) {
    let ours = |id: &'a OrderId| (&fields.order_id, id.as_str());
    match request {
        Request::Pay(pay) => ours(&pay.id),
        Request::Detail { id: Target::Ours(id), .. } => ours(id),
        Request::Detail { id: Target::Theirs(id), .. } => (&fields.uq_order_id, &id.0),
        Request::Cancel { id, .. } | Request::Refund { id, .. } => ours(id),
    }
}

struct Data<'a> {
    json: &'a Json,
    profile: &'a Profile,
}

impl Data<'_> {
    fn read(&self, request: &Request) -> Result<Heard, Silence> {
        self.check(request)?;
        let fields = &self.profile.fields;
        let currency = asked_currency(request).or_else(|| Currency::parse(self.text(&fields.currency)?));
        let status = Status {
            state: self.state().ok_or(Silence::Unreadable)?,
            uq_id: self.uq_id(),
            amount: currency.and_then(|currency| self.amount_in(&fields.amount, currency)),
            paid: self.paid_at(),
            refunded: currency.and_then(|currency| self.amount_in(&fields.refunded_amount, currency)),
            code: None,
        };
        let (qr_code, link) = match request {
            Request::Pay(pay) => match pay.product {
                PayProduct::PaymentCode(_) => (None, None),
                PayProduct::OrderCode => (self.qr_code(), None),
                PayProduct::CashierPayment => (self.qr_code(), self.link()),
            },
            Request::Detail { .. } | Request::Cancel { .. } | Request::Refund { .. } => (None, None),
        };
        Ok(match (qr_code, link) {
            (Some(url), _) if self.is_picture(url) => Heard::Pictured { status, picture: url.to_owned() },
            (Some(text), _) | (None, Some(text)) => {
                Heard::Whole(Says::Status(Status { code: order_code(text), ..status }))
            }
            (None, None) => Heard::Whole(Says::Status(status)),
        })
    }

    /// Compares ids, amount and currency with what was asked.
    fn check(&self, request: &Request) -> Result<(), Silence> {
        let fields = &self.profile.fields;
        let same_text = |spot: &Spot, asked: &str| self.text(spot) == Some(asked);
        let same_amount = |asked: Amount| {
            same_text(&fields.currency, asked.currency().code())
                && self.amount_in(&fields.amount, asked.currency()) == Some(asked)
        };
        let absent = |spot: &Spot| self.json.at(spot.as_str()).is_none();
        let same_original = |original: &Target| {
            let (spot, id) = match original {
                Target::Ours(id) => (&fields.original_order_id, id.as_str()),
                Target::Theirs(id) => (&fields.original_uq_order_id, id.0.as_str()),
            };
            absent(spot) || same_text(spot, id)
        };
        let (spot, id) = asked_id(request, fields);
        let about_it = same_text(spot, id)
            && match request {
                Request::Pay(pay) => same_amount(pay.amount),
                Request::Detail { amount, .. } => amount.is_none_or(same_amount),
                // Whether a cancellation's answer repeats the payment is not said: it must not contradict it.
                Request::Cancel { original, amount, .. } => {
                    (absent(&fields.amount) && absent(&fields.currency) || same_amount(*amount))
                        && same_original(original)
                }
                Request::Refund { original, amount, .. } => same_amount(*amount) && same_original(original),
            };
        if about_it { Ok(()) } else { Err(Silence::OtherTransaction) }
    }

    fn uq_id(&self) -> Option<UqOrderId> {
        let id = self.text(&self.profile.fields.uq_order_id)?;
        (!id.is_empty()).then(|| UqOrderId(id.to_owned()))
    }

    fn state(&self) -> Option<StatusWord> {
        let words = &self.profile.answer.status;
        let word = self.text(&self.profile.fields.status)?;
        let known = [
            (&words.success, StatusWord::Success),
            (&words.processing, StatusWord::Processing),
            (&words.fail, StatusWord::Fail),
            (&words.closed, StatusWord::Closed),
        ];
        known.into_iter().find(|(known, _)| *known == word).map(|(_, state)| state)
    }

    fn paid_at(&self) -> Option<PaidAt> {
        let text = self.text(&self.profile.fields.pay_time).filter(|text| !text.is_empty())?;
        let paid = self.profile.time.read(text).and_then(|at| {
            let cut_off = self.profile.time.cut_off(at)?;
            Some(PaidAt { at, cut_off })
        });
        if paid.is_none() {
            tracing::warn!(bytes = text.len(), "the time of payment is not written as the profile says");
        }
        paid
    }

    /// An amount as text with exactly the currency's decimals, or as a number, which may have lost its zeros.
    fn amount_in(&self, spot: &Spot, currency: Currency) -> Option<Amount> {
        match self.json.at(spot.as_str())? {
            Json::Text(text) => Amount::parse(text, currency).filter(|amount| amount.major() == *text),
            Json::Bare(text) => Amount::parse(text, currency),
            Json::Null | Json::List(_) | Json::Object(_) => None,
        }
    }

    /// The url of the first QR code.
    fn qr_code(&self) -> Option<&str> {
        let form = &self.profile.answer.pay_action;
        self.action(&form.qr_code, &form.qr_code_url)
    }

    /// The address that the customer opens on a phone of their own; a picture is none.
    fn link(&self) -> Option<&str> {
        let form = &self.profile.answer.pay_action;
        self.action(&form.redirect, &form.redirect_link).filter(|link| !is_data(link))
    }

    /// The url of the first action of a kind, whether there is one action or a list of them.
    fn action(&self, kind: &str, spot: &Spot) -> Option<&str> {
        let r#type = self.profile.answer.pay_action.r#type.as_str();
        let actions = match self.json.at(self.profile.fields.pay_action.as_str())? {
            Json::List(actions) => actions.as_slice(),
            action => std::slice::from_ref(action),
        };
        let mut own = actions.iter().filter(|action| action.text_at(r#type) == Some(kind));
        own.find_map(|action| action.text_at(spot.as_str()).filter(|url| !url.is_empty()))
    }

    /// The address of a picture is never itself drawn as a code.
    fn is_picture(&self, url: &str) -> bool {
        is_data(url) || self.profile.answer.pay_action.redirect_url == RedirectUrl::Image
    }

    fn text(&self, spot: &Spot) -> Option<&str> {
        self.json.text_at(spot.as_str())
    }
}

fn is_data(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

fn asked_currency(request: &Request) -> Option<Currency> {
    match request {
        Request::Pay(pay) => Some(pay.amount.currency()),
        Request::Detail { amount, .. } => amount.map(Amount::currency),
        Request::Cancel { amount, .. } | Request::Refund { amount, .. } => Some(amount.currency()),
    }
}

/// A text that can be drawn as a code; `None` for what no wallet could read from a counter.
pub fn order_code(text: &str) -> Option<OrderCode> {
    let usable =
        !text.is_empty() && text.len() <= ORDER_CODE_BYTES_MAX && !text.chars().any(char::is_control);
    usable.then(|| OrderCode(text.to_owned()))
}

/// Reads the `Date` header of an answer.
pub fn date(text: &str) -> Option<Wall> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    parser.parse_timestamp(text).ok().map(|at| Wall(at.as_millisecond()))
}
