//! The wire profile: every choice that the acquirer's public text leaves open, as values of one TOML file.
//!
//! A default is built in (`assets/uqpay.toml`, which explains each key); a file lays its own keys over it. What is
//! wrong with a file is said with its line and key before anything is sold: an unknown key, a value that can't be, and
//! values that can't be together. Key files are named here and read by [`keys`](super::keys).
//!
//! Only one rule is no value, on purpose: a code that the profile does not list leaves the result unknown.

mod timings;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::extras::Extras;
use super::sign::{Rules, SignType, check_text};

use crate::files::Lines;

pub use crate::files::FileFault;
pub use timings::ProfileTimings;
pub use values::{ApiPath, BaseUrl, CivilTime, CodeClass, Header, Pause, Pin, Spot};

/// The profile that is built in.
pub const BUILT_IN: &str = include_str!("../../assets/uqpay.toml");

/// The acquirer's production host: what counts as real money.
const PRODUCTION_HOST: &str = "acgateway.uqpay.com";

/// A wire profile, read and checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Where the acquirer is.
    pub base_url: BaseUrl,
    /// Whether answers that can't be verified are taken.
    pub allow_unsigned: bool,
    /// Which certificates it may show.
    pub trust: Trust,
    /// How HTTP is spoken.
    pub http: Http,
    /// The path of each API.
    pub paths: Paths,
    /// The names of request headers.
    pub headers: Headers,
    /// How signatures are made.
    pub signing: Rules,
    /// Where fields stand in bodies.
    pub fields: Fields,
    /// What a request holds besides its own values.
    pub request: RequestForm,
    /// The acquirer's civil time.
    pub time: CivilTime,
    /// What the shop may use.
    pub business: Business,
    /// How an answer reads.
    pub answer: AnswerForm,
    /// How notifications come in.
    pub notify: NotifyForm,
    /// How a statement reads.
    pub statement: StatementForm,
    /// Limits and pauses.
    pub timings: ProfileTimings,
    /// Who the terminal is; never part of the default.
    pub credentials: Option<Credentials>,
}

/// Which certificates the acquirer may show.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// PEM file with the roots to trust; empty for the public ones.
    pub ca_file: PathBuf,
    /// Where not empty, only roots with one of these keys count.
    pub pinned_roots: Vec<Pin>,
}

/// How HTTP is spoken.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// The method of every call.
    pub method: Method,
    /// The content type of every body.
    pub content_type: HeaderText,
}

/// A method that carries a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "HTTP's own names")]
pub enum Method {
    Post,
    Put,
}

/// Text that fits into a header.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HeaderText(pub hyper::header::HeaderValue);

impl TryFrom<String> for HeaderText {
    type Error = String;

    fn try_from(text: String) -> Result<HeaderText, String> {
        let plain = !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let value = text.parse().ok().filter(|_| plain);
        value.map(HeaderText).ok_or_else(|| format!("{text:?} does not fit into a header"))
    }
}

/// The path of each API.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "one for each API")]
pub struct Paths {
    pub pay: ApiPath,
    pub cancel: ApiPath,
    pub refund: ApiPath,
    pub detail: ApiPath,
}

/// The names of request headers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the contract's own names, section 2")]
pub struct Headers {
    pub client_id: Header,
    pub sign_type: Header,
    pub sign_id: Header,
    pub sign: Header,
    pub token: Header,
    pub request_id: Header,
}

/// Where fields stand in bodies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the contract's own names, sections 4 to 6")]
pub struct Fields {
    pub order_id: Spot,
    pub original_order_id: Spot,
    pub original_uq_order_id: Spot,
    pub uq_order_id: Spot,
    pub payment_method: Spot,
    pub product: Spot,
    pub amount: Spot,
    pub currency: Spot,
    pub expire_at: Spot,
    pub payment_code: Spot,
    pub description: Spot,
    pub os: Spot,
    pub notify_url: Spot,
    pub store_id: Spot,
    pub transaction_type: Spot,
    pub sub_merchant_id: Spot,
    pub terminal_id: Spot,
    pub operator_id: Spot,
    pub status: Spot,
    pub pay_time: Spot,
    pub refunded_amount: Spot,
    pub pay_action: Spot,
}

/// What a request holds besides its own values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestForm {
    /// The wallet.
    pub payment_method: String,
    /// How amounts are written.
    pub amounts: Amounts,
    /// `riskData.Device.os`.
    pub os: String,
    /// Where NOTIFICATION goes; empty for nowhere.
    pub notify_url: String,
    /// The longest store, sub-merchant, terminal and operator id, in characters.
    pub id_length_max: usize,
    /// Constant fields of PAY.
    pub pay_extras: Extras,
    /// Constant fields of CANCEL.
    pub cancel_extras: Extras,
    /// Constant fields of REFUND, its `reason` for one.
    pub refund_extras: Extras,
    /// Constant fields of DETAIL.
    pub detail_extras: Extras,
}

/// How amounts are written, in major units either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Amounts {
    /// `"12.30"`.
    String,
    /// `12.30`.
    Number,
}

/// What the shop may use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    /// What may stand in the menu.
    pub products: BTreeSet<ProductName>,
    /// Payment methods that know no CANCEL.
    pub no_cancel: BTreeSet<String>,
    /// Whether this terminal may give money back with REFUND.
    pub refunds: bool,
}

/// A product, by the acquirer's name for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the acquirer's own names")]
pub enum ProductName {
    PaymentCode,
    OrderCode,
    CashierPayment,
    EntryCode,
}

/// How an answer reads.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    /// The envelope's field that holds the code.
    pub code: Spot,
    /// The envelope's field that holds the transaction.
    pub data: Spot,
    /// The code of an answer that is no error.
    pub success_code: String,
    /// Where the signature stands.
    pub signature: SignaturePlace,
    /// Under which name.
    pub sign: String,
    /// The header that names the kind of signature.
    pub sign_type: Header,
    /// The words of `data.status`.
    pub status: StatusWords,
    /// How a code to show is told.
    pub pay_action: PayActionForm,
    /// What codes mean.
    pub codes: BTreeMap<String, CodeClass>,
}

/// Where the signature of an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignaturePlace {
    /// In a header; the whole body is signed.
    Header,
    /// In a field of the body, which itself is not signed.
    Body,
}

/// The words of `data.status`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "one for each state")]
pub struct StatusWords {
    pub success: String,
    pub processing: String,
    pub fail: String,
    pub closed: String,
}

/// How a code to show is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayActionForm {
    /// The field that holds the kind of action.
    pub r#type: Spot,
    /// The kind that is a QR code.
    pub qr_code: String,
    /// The field that holds its url.
    pub qr_code_url: Spot,
    /// The kind that is a link to open on the customer's own phone.
    pub redirect: String,
    /// The field that holds that link.
    pub redirect_link: Spot,
    /// What the url of a QR code is.
    pub redirect_url: RedirectUrl,
    /// The hosts from which a picture may be fetched.
    pub image_hosts: BTreeSet<String>,
}

/// What the url of a QR code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RedirectUrl {
    /// The text to draw.
    Content,
    /// The address of a picture of it.
    Image,
}

/// How notifications come in, where `--notify` has the terminal listen for them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifyForm {
    /// The path of the listener's own address.
    pub path: ApiPath,
    /// The file with the listener's certificate and what leads to its root (PEM); empty where nothing listens.
    pub cert_file: PathBuf,
    /// The file with that certificate's private key (PEM).
    pub key_file: PathBuf,
    /// The file with the notification key: the shared secret, or the acquirer's RSA public key (PEM).
    pub notification_key_file: PathBuf,
    /// The code of an answer that says: it is on disk, don't send it again.
    pub acknowledge: String,
    /// The code of an answer to anything else.
    pub refuse: String,
}

/// How the acquirer's daily statement reads: names of columns, and words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each is the name of a column or a word, as the default profile explains")]
pub struct StatementForm {
    pub delimiter: char,
    pub order_id: String,
    pub original_order_id: String,
    pub uq_order_id: String,
    pub original_uq_order_id: String,
    pub kind: String,
    pub status: String,
    pub amount: String,
    pub currency: String,
    pub payment: String,
    pub refund: String,
    pub cancel: String,
    pub success: String,
}

/// Who the terminal is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The merchant id that owns the key.
    pub client_id: HeaderText,
    /// The kind of key.
    pub sign_type: SignType,
    /// The id assigned with the key.
    pub sign_id: HeaderText,
    /// The file with the key: the shared secret, our RSA private key (PEM) or the token.
    pub key_file: PathBuf,
    /// The file with the acquirer's RSA public key (PEM).
    pub public_key_file: Option<PathBuf>,
}

/// What is wrong with a profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileFault {
    /// The file can't be read.
    #[error("could not read the wire profile {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file says something that can't be.
    #[error(transparent)]
    File(#[from] FileFault),
}

impl Profile {
    /// Reads the profile file at `path` over the built-in default.
    ///
    /// # Errors
    /// The file can't be read, or it says something that can't be: nothing was opened or asked.
    pub fn load(path: &Path) -> Result<Profile, ProfileFault> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ProfileFault::Read { path: path.to_owned(), source })?;
        Ok(Profile::read(path, &text)?)
    }

    /// Reads `text`, which stands in the file at `path`, over the built-in default.
    ///
    /// # Errors
    /// It says something that can't be.
    pub fn read(path: &Path, text: &str) -> Result<Profile, FileFault> {
        let (mut profile, lines): (Profile, Lines) = crate::files::read(BUILT_IN, path, text)?;
        profile.check(&lines)?;
        let beside = path.parent().unwrap_or(Path::new(""));
        profile.resolve(beside);
        Ok(profile)
    }

    /// Is this where real money moves?
    pub fn is_production(&self) -> bool {
        self.base_url.host.trim_end_matches('.') == PRODUCTION_HOST
    }

    /// Whether the wallet knows CANCEL.
    pub fn knows_cancel(&self) -> bool {
        !self.business.no_cancel.contains(&self.request.payment_method)
    }

    /// Whether a product may stand in the menu.
    pub fn offers(&self, product: ProductName) -> bool {
        self.business.products.contains(&product)
    }

    /// File names are relative to the profile's own folder.
    fn resolve(&mut self, beside: &Path) {
        if !self.trust.ca_file.as_os_str().is_empty() {
            self.trust.ca_file = beside.join(&self.trust.ca_file);
        }
        let notify = &mut self.notify;
        for file in [&mut notify.cert_file, &mut notify.key_file, &mut notify.notification_key_file] {
            if !file.as_os_str().is_empty() {
                *file = beside.join(&file);
            }
        }
        if let Some(credentials) = &mut self.credentials {
            credentials.key_file = beside.join(&credentials.key_file);
            credentials.public_key_file = credentials.public_key_file.take().map(|file| beside.join(file));
        }
    }

    fn check(&self, lines: &Lines) -> Result<(), FileFault> {
        self.check_credentials(lines)?;
        self.check_names(lines)?;
        self.check_texts(lines)?;
        self.check_answer(lines)?;
        self.timings.check(lines)
    }

    fn check_credentials(&self, lines: &Lines) -> Result<(), FileFault> {
        let Some(credentials) = &self.credentials else { return Ok(()) };
        match (credentials.sign_type, &credentials.public_key_file) {
            (SignType::Rsa, None) => Err(lines.fault(
                "credentials.public_key_file",
                "RSA needs the acquirer's public key to verify answers",
            )),
            (SignType::Sha | SignType::Token, Some(_)) => {
                Err(lines.fault("credentials.public_key_file", "only RSA has a public key"))
            }
            (SignType::Token, None) if self.is_production() => Err(lines.fault(
                "credentials.sign_type",
                "TOKEN can't be used with the production host: answers are not signed",
            )),
            (SignType::Token, None) if !self.allow_unsigned => {
                let why = "TOKEN leaves answers unsigned: allow_unsigned = true takes that risk";
                Err(lines.fault("credentials.sign_type", why))
            }
            _ => Ok(()),
        }
    }

    /// Two things of one message under one name would overwrite each other.
    fn check_names(&self, lines: &Lines) -> Result<(), FileFault> {
        for [(first, a), (second, b)] in pairs(&self.headers.all()) {
            if a.0 == b.0 {
                let (first, second) = (format!("headers.{first}"), format!("headers.{second}"));
                return Err(lines.fault_of_two(&first, &second, "another header has this name already"));
            }
        }
        let fields = self.fields.sent();
        for [(first, a), (second, b)] in pairs(&fields).chain(pairs(&self.fields.heard())) {
            if overlap(a.as_str(), b.as_str()) {
                let (first, second) = (format!("fields.{first}"), format!("fields.{second}"));
                return Err(lines.fault_of_two(&first, &second, "another field stands there already"));
            }
        }
        for (key, extras) in self.request.extras() {
            for leaf in extras.leaves() {
                if fields.iter().any(|(_, spot)| overlap(&leaf, spot.as_str())) {
                    let key = format!("request.{key}.{leaf}");
                    return Err(lines.fault(&key, "the terminal itself sets this field"));
                }
            }
        }
        Ok(())
    }

    fn check_texts(&self, lines: &Lines) -> Result<(), FileFault> {
        for (key, text) in [("payment_method", &self.request.payment_method), ("os", &self.request.os)] {
            let key = format!("request.{key}");
            if text.is_empty() {
                return Err(lines.fault(&key, "it can't be empty"));
            }
            check_text(text).map_err(|why| lines.fault(&key, why))?;
        }
        let url = &self.request.notify_url;
        if !url.is_empty() {
            if !url.starts_with("https://") {
                return Err(lines.fault("request.notify_url", "it must start with https://"));
            }
            check_text(url).map_err(|why| lines.fault("request.notify_url", why))?;
        }
        for (key, extras) in self.request.extras() {
            extras.check_texts().map_err(|(leaf, why)| lines.fault(&format!("request.{key}.{leaf}"), why))?;
        }
        Ok(())
    }

    fn check_answer(&self, lines: &Lines) -> Result<(), FileFault> {
        let answer = &self.answer;
        if answer.codes.contains_key(&answer.success_code) {
            return Err(lines.fault("answer.success_code", "answer.codes has the same code as an error"));
        }
        if answer.signature == SignaturePlace::Header
            && answer.sign.parse::<hyper::header::HeaderName>().is_err()
        {
            return Err(lines.fault("answer.sign", "it is no header name"));
        }
        // Of the envelope only the data has room for something else inside.
        let within = |inner: &str, outer: &str| inner.split('.').count() >= outer.split('.').count();
        let (code, data) = (answer.code.as_str(), answer.data.as_str());
        if overlap(code, data) && within(data, code) {
            return Err(lines.fault_of_two("answer.code", "answer.data", "the code stands there already"));
        }
        let in_body = answer.signature == SignaturePlace::Body;
        if in_body && [code, data].iter().any(|spot| spot.split('.').next() == Some(&answer.sign)) {
            return Err(lines.fault("answer.sign", "the code or the data stands there already"));
        }
        let words = answer.status.all();
        if let Some((key, _)) = words.iter().find(|(_, word)| word.is_empty()) {
            return Err(lines.fault(&format!("answer.status.{key}"), "it can't be empty"));
        }
        for [(first, a), (second, b)] in pairs(&words) {
            if a == b {
                let (first, second) = (format!("answer.status.{first}"), format!("answer.status.{second}"));
                return Err(lines.fault_of_two(&first, &second, "each state needs a word of its own"));
            }
        }
        let notify = &self.notify;
        if notify.acknowledge == notify.refuse {
            return Err(lines.fault_of_two(
                "notify.acknowledge",
                "notify.refuse",
                "the acquirer could not tell one from the other",
            ));
        }
        let action = &answer.pay_action;
        if action.redirect_url == RedirectUrl::Image && action.image_hosts.is_empty() {
            let why = "no picture can be fetched: image_hosts is empty";
            return Err(lines.fault("answer.pay_action.redirect_url", why));
        }
        Ok(())
    }
}

impl Headers {
    fn all(&self) -> [(&'static str, &Header); 6] {
        [
            ("client_id", &self.client_id),
            ("sign_type", &self.sign_type),
            ("sign_id", &self.sign_id),
            ("sign", &self.sign),
            ("token", &self.token),
            ("request_id", &self.request_id),
        ]
    }
}

impl Fields {
    /// The fields of requests.
    fn sent(&self) -> [(&'static str, &Spot); 17] {
        [
            ("order_id", &self.order_id),
            ("original_order_id", &self.original_order_id),
            ("uq_order_id", &self.uq_order_id),
            ("original_uq_order_id", &self.original_uq_order_id),
            ("payment_method", &self.payment_method),
            ("product", &self.product),
            ("amount", &self.amount),
            ("currency", &self.currency),
            ("expire_at", &self.expire_at),
            ("payment_code", &self.payment_code),
            ("description", &self.description),
            ("os", &self.os),
            ("notify_url", &self.notify_url),
            ("store_id", &self.store_id),
            ("sub_merchant_id", &self.sub_merchant_id),
            ("terminal_id", &self.terminal_id),
            ("operator_id", &self.operator_id),
        ]
    }

    /// The fields of an answer's data and of a notification.
    fn heard(&self) -> [(&'static str, &Spot); 13] {
        [
            ("order_id", &self.order_id),
            ("original_order_id", &self.original_order_id),
            ("uq_order_id", &self.uq_order_id),
            ("original_uq_order_id", &self.original_uq_order_id),
            ("product", &self.product),
            ("amount", &self.amount),
            ("currency", &self.currency),
            ("store_id", &self.store_id),
            ("transaction_type", &self.transaction_type),
            ("status", &self.status),
            ("pay_time", &self.pay_time),
            ("refunded_amount", &self.refunded_amount),
            ("pay_action", &self.pay_action),
        ]
    }
}

impl RequestForm {
    fn extras(&self) -> [(&'static str, &Extras); 4] {
        [
            ("pay_extras", &self.pay_extras),
            ("cancel_extras", &self.cancel_extras),
            ("refund_extras", &self.refund_extras),
            ("detail_extras", &self.detail_extras),
        ]
    }
}

impl StatusWords {
    fn all(&self) -> [(&'static str, &String); 4] {
        [
            ("success", &self.success),
            ("processing", &self.processing),
            ("fail", &self.fail),
            ("closed", &self.closed),
        ]
    }
}

/// Every pair of different items.
fn pairs<T: Copy>(items: &[T]) -> impl Iterator<Item = [T; 2]> {
    items.iter().enumerate().flat_map(|(n, b)| items.iter().take(n).map(move |a| [*a, *b]))
}

/// Whether one of two dotted paths lies on the other.
fn overlap(a: &str, b: &str) -> bool {
    a.split('.').zip(b.split('.')).all(|(a, b)| a == b)
}
