//! The simulated acquirer, over real HTTPS, as a terminal would find it.
//!
//! The client here is a third reading of the contract: it shares code neither with the acquirer nor with the terminal.

mod faults;
mod headers;
mod money;
mod rules;
mod wallet;

use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use postern::bench::acquirer::{Acquirer, Clock, Config, Keys};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// A time that stands still until it is moved: noon in Hong Kong.
const NOON: &str = "2026-11-23T12:00:00+08:00";

/// An acquirer whose time stands still, and one who speaks to it.
struct World {
    acquirer: Acquirer,
    time: Arc<Mutex<Timestamp>>,
    asked: u64,
    line: Option<SendRequest<Full<Bytes>>>,
}

/// An answer as it came over the wire.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl World {
    async fn new() -> World {
        World::with(|_| {}).await
    }

    async fn with(choose: impl FnOnce(&mut Config)) -> World {
        let time = Arc::new(Mutex::new(NOON.parse::<Timestamp>().unwrap()));
        let told = Arc::clone(&time);
        let mut config = Config { clock: Clock::new(move || *told.lock().unwrap()), ..Config::default() };
        choose(&mut config);
        World { acquirer: Acquirer::start(config).await.unwrap(), time, asked: 0, line: None }
    }

    fn pass(&self, seconds: i64) {
        *self.time.lock().unwrap() += SignedDuration::from_secs(seconds);
    }

    /// The wall clock's text so many seconds from now.
    fn text_in(&self, seconds: i64) -> String {
        let at = *self.time.lock().unwrap() + SignedDuration::from_secs(seconds);
        TimeZone::get("Asia/Hong_Kong").unwrap().to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// A right PAY by order code.
    fn order_pay(&self, id: &str) -> Value {
        json!({
            "merchantOrderId": id,
            "paymentMethod": "ALIPAY_HK",
            "product": "ORDER_CODE",
            "amount": "100.00",
            "currency": "HKD",
            "expireAt": self.text_in(130),
            "goods": { "description": "奶茶 x2" },
            "riskData": { "Device": { "os": "Linux" } },
            "storeId": "S1",
            "terminalId": "T1",
        })
    }

    /// A right PAY by payment code.
    fn code_pay(&self, id: &str, code: &str) -> Value {
        let mut body = self.order_pay(id);
        body["product"] = "PAYMENT_CODE".into();
        body["payCodeValue"] = code.into();
        body["expireAt"] = self.text_in(70).into();
        body
    }

    /// The headers of a right request, signed with SHA.
    fn headers(&mut self, body: &Value) -> Vec<(&'static str, String)> {
        self.asked += 1;
        let config = self.acquirer.config();
        let Keys::Sha { transaction_key } = &config.keys else { return Vec::new() };
        vec![
            ("Content-Type", "application/json".to_owned()),
            ("clientId", config.client_id.clone()),
            ("signType", "SHA".to_owned()),
            ("signId", config.sign_id.clone()),
            ("sign", sha(&flat(body), transaction_key)),
            ("requestId", format!("r{}", self.asked)),
        ]
    }

    /// Sends a right request and expects a signed answer.
    async fn ask(&mut self, path: &str, body: &Value) -> Value {
        let headers = self.headers(body);
        let answer = self.send(path, &headers, body.to_string()).await.unwrap();
        assert_eq!(answer.status, 200);
        assert!(self.is_signed(&answer), "the answer's signature is right: {:?}", answer.body);
        answer.json()
    }

    /// Sends a right request whose answer goes wrong.
    async fn try_ask(&mut self, path: &str, body: &Value) -> Result<Answer, hyper::Error> {
        let headers = self.headers(body);
        self.send(path, &headers, body.to_string()).await
    }

    async fn send(
        &mut self,
        path: &str,
        headers: &[(&str, String)],
        body: String,
    ) -> Result<Answer, hyper::Error> {
        let mut request = Request::post(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let mut line = match self.line.take() {
            Some(line) if !line.is_closed() => line,
            _ => self.connect().await,
        };
        let answer = line.send_request(request).await?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await?.to_bytes();
        if line.ready().await.is_ok() {
            self.line = Some(line);
        }
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }

    async fn connect(&self) -> SendRequest<Full<Bytes>> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.acquirer.ca_pem().as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(self.acquirer.address()).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        let (line, driver) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(driver);
        line
    }

    fn is_signed(&self, answer: &Answer) -> bool {
        let Keys::Sha { transaction_key } = &self.acquirer.config().keys else { return false };
        let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
        let Ok(body) = serde_json::from_slice(&answer.body) else { return false };
        header("signType") == Some("SHA")
            && header("signId") == Some(&self.acquirer.config().sign_id)
            && header("sign") == Some(&sha(&flat(&body), transaction_key))
    }

    async fn pay(&mut self, body: &Value) -> Value {
        self.ask("/v1/pay", body).await
    }

    /// The `data` of DETAIL, or the code that stands for it.
    async fn detail(&mut self, id: &str) -> Value {
        let mut answer = self.ask("/v1/detail", &json!({ "merchantOrderId": id })).await;
        if answer["code"] == "000000" { answer["data"].take() } else { answer["code"].take() }
    }

    async fn cancel(&mut self, id: &str, original: &str) -> Value {
        let body = json!({ "merchantOrderId": id, "originalMerchantOrderId": original, "storeId": "S1" });
        self.ask("/v1/cancel", &body).await
    }

    async fn refund(&mut self, id: &str, original: &str, amount: &str) -> Value {
        let body = json!({
            "merchantOrderId": id,
            "originalMerchantOrderId": original,
            "amount": amount,
            "currency": "HKD",
            "storeId": "S1",
        });
        self.ask("/v1/refund", &body).await
    }

    /// The only order in the book.
    fn order(&self) -> Value {
        let mut book = self.acquirer.orders();
        assert_eq!(book["orders"].as_array().unwrap().len(), 1, "{book:#}");
        book["orders"][0].take()
    }

    /// Whether every request so far kept to the contract.
    fn keeps_to_the_contract(&self) -> bool {
        self.acquirer.orders()["violations"] == json!([])
    }
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// The text under a signature, by the contract's rules.
fn flat(body: &Value) -> String {
    let mut pairs: Vec<String> = Vec::new();
    // serde_json keeps an object's keys sorted.
    for (key, value) in body.as_object().unwrap() {
        let void = |object: &serde_json::Map<_, _>| flat(&Value::Object(object.clone())).is_empty();
        if !value.is_null() && value != "" && !value.as_object().is_some_and(void) {
            pairs.push(format!("{key}={}", flat_value(value)));
        }
    }
    pairs.join("&")
}

fn flat_value(value: &Value) -> String {
    match value {
        Value::Object(_) => format!("|{}|", flat(value)),
        Value::Array(items) => items.iter().map(flat_value).collect::<Vec<_>>().join(","),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn sha(flat: &str, key: &str) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, format!("{flat}key={key}").as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_sale_by_payment_code_is_paid_and_stands_in_the_book() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(postern::bench::acquirer::Answer::Pay);
    let answer = world.pay(&world.code_pay("A1", &code)).await;
    assert_eq!(answer["code"], "000000");
    assert_eq!(
        answer["data"],
        json!({
            "status": "success",
            "merchantOrderId": "A1",
            "uqOrderId": "UQ0000000001",
            "transactionType": "PAYMENT",
            "paymentMethod": "ALIPAY_HK",
            "product": "PAYMENT_CODE",
            "amount": "100.00",
            "currency": "HKD",
            "payTime": "2026-11-23 12:00:00",
            "refundedAmount": "0.00",
        })
    );
    let order = world.order();
    assert_eq!(order["paidCount"], 1);
    assert_eq!(order["kept"], "100.00");
    assert_eq!(order["terminalId"], "T1");
    assert_eq!(order["calls"][0]["answered"], "000000 success");
    assert!(world.keeps_to_the_contract());
}

#[tokio::test]
async fn answers_carry_the_time_of_its_own_clock() {
    let mut world = World::new().await;
    let answer = world.try_ask("/v1/detail", &json!({ "merchantOrderId": "never" })).await.unwrap();
    assert_eq!(answer.headers["date"], "Mon, 23 Nov 2026 04:00:00 GMT");
    assert_eq!(answer.json()["code"], "200001");
    assert!(world.is_signed(&answer));
}

#[tokio::test]
async fn calls_share_a_connection_and_the_book_says_which() {
    let mut world = World::new().await;
    world.pay(&world.order_pay("A1")).await;
    world.detail("A1").await;
    world.line = None;
    world.detail("A1").await;
    let on = |n: usize| world.order()["calls"][n]["connection"].clone();
    assert_eq!([on(0), on(1), on(2)], [json!(1), json!(1), json!(2)]);
}

#[tokio::test]
async fn a_change_of_the_book_is_seen_without_asking() {
    let mut world = World::new().await;
    let mut changed = world.acquirer.changed();
    let before = *changed.borrow_and_update();
    world.pay(&world.order_pay("A1")).await;
    assert!(changed.has_changed().unwrap());
    assert!(*changed.borrow_and_update() > before);
}

#[tokio::test]
async fn it_ends_with_its_last_handle() {
    let world = World::new().await;
    let address = world.acquirer.address();
    let mut line = world.connect().await;
    drop(world);
    // The connection ends without anyone having to write to it.
    while line.ready().await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
