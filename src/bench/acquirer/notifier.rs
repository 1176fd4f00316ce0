//! What the acquirer pushes: each notification again after 5, 10 and 15 minutes until it is acknowledged, then no more.
//!
//! It goes out as the contract has it (section 9): the data of DETAIL, signed with the notification key, over TLS to the
//! address that the order named, and only `200` with the code `000000` counts as taken.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;

use super::config::Config;
use super::json::Json;
use super::sign::{BadKey, Keys, Signer};

/// How long one delivery may take.
const LIMIT: Duration = Duration::from_secs(20);

/// What goes wrong with one notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It is sent twice at once.
    Duplicate,
    /// It is sent late.
    Late(Duration),
    /// Its first delivery is lost on its way.
    Lost,
    /// Its first delivery is signed with another key.
    BadSign,
    /// Its first delivery says the opposite.
    Contradict,
}

/// Sends notifications.
pub(super) struct Notifier {
    tls: TlsConnector,
    signer: Signer,
    head: [(&'static str, String); 3],
    repeat: Vec<Duration>,
    faults: Mutex<VecDeque<(Fault, u32)>>,
    /// Every delivery, for people to see.
    sent: Mutex<Vec<Value>>,
    changed: watch::Sender<u64>,
}

impl Notifier {
    pub(super) fn new(
        config: &Config,
        tls: Arc<ClientConfig>,
        changed: watch::Sender<u64>,
    ) -> Result<Notifier, BadKey> {
        let keys = match &config.keys {
            Keys::Sha { .. } => Keys::Sha { transaction_key: config.notification_key.clone() },
            other => other.clone(),
        };
        Ok(Notifier {
            tls: TlsConnector::from(tls),
            signer: Signer::new(&keys, &config.salt_separator)?,
            head: [
                ("clientId", config.client_id.clone()),
                ("signType", config.keys.sign_type().to_owned()),
                ("signId", config.sign_id.clone()),
            ],
            repeat: config.notify_again.clone(),
            faults: Mutex::default(),
            sent: Mutex::default(),
            changed,
        })
    }

    /// Orders a fault for the next `count` notifications; 0 takes it back.
    ///
    /// # Errors
    /// A word that isn't known, with the ones that are.
    pub(super) fn order(&self, word: &str, count: u32, params: Option<&Value>) -> Result<(), String> {
        let ms = params.and_then(|params| params["ms"].as_u64()).unwrap_or(3_000);
        let fault = match word {
            "duplicate" => Fault::Duplicate,
            "late" => Fault::Late(Duration::from_millis(ms)),
            "lost" => Fault::Lost,
            "bad_sign" => Fault::BadSign,
            "contradict" => Fault::Contradict,
            _ => {
                return Err(format!(
                    "{word:?} is no fault of a NOTIFICATION: use one of duplicate, late, lost, bad_sign, contradict"
                ));
            }
        };
        let mut faults = hold(&self.faults);
        if count == 0 {
            faults.retain(|(waiting, _)| *waiting != fault);
        } else {
            faults.push_back((fault, count));
        }
        Ok(())
    }

    /// Every delivery so far.
    pub(super) fn sent(&self) -> Value {
        hold(&self.sent).iter().cloned().collect()
    }

    /// Sends a notification, now and again until it is taken; needs a tokio runtime.
    pub(super) fn send(self: &Arc<Notifier>, url: String, body: Json) {
        let fault = self.fault();
        let copies = if fault == Some(Fault::Duplicate) { 2 } else { 1 };
        for _ in 0..copies {
            tokio::spawn(Arc::clone(self).deliver(url.clone(), body.clone(), fault));
        }
    }

    async fn deliver(self: Arc<Notifier>, url: String, body: Json, fault: Option<Fault>) {
        if let Some(Fault::Late(late)) = fault {
            sleep(late).await;
        }
        let mut waits = self.repeat.clone().into_iter();
        let mut first = true;
        loop {
            let fault = fault.filter(|_| first);
            let answered = match fault {
                Some(Fault::Lost) => "lost on its way".to_owned(),
                _ => match timeout(LIMIT, self.post(&url, &body, fault)).await {
                    Ok(Ok((200, answer))) if answer == r#"{"code":"000000"}"# => "taken".to_owned(),
                    Ok(Ok((status, _))) => status.to_string(),
                    Ok(Err(error)) => error.to_string(),
                    Err(_) => "no answer".to_owned(),
                },
            };
            self.note(&body, &answered);
            // A contradiction is taken for what it says: the truth comes after it all the same.
            let done = answered == "taken" && fault != Some(Fault::Contradict);
            first = false;
            match waits.next() {
                Some(wait) if !done => sleep(wait).await,
                _ => return,
            }
        }
    }

    async fn post(
        &self,
        url: &str,
        body: &Json,
        fault: Option<Fault>,
    ) -> Result<(u16, String), Box<dyn std::error::Error + Send + Sync>> {
        let uri: Uri = url.parse()?;
        let host = uri.host().ok_or("the address names no host")?.to_owned();
        let stream = TcpStream::connect((host.as_str(), uri.port_u16().unwrap_or(443))).await?;
        let stream = self.tls.connect(ServerName::try_from(host.clone())?, stream).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let driven = tokio::spawn(connection);
        let body = if fault == Some(Fault::Contradict) { opposite(body) } else { body.clone() };
        let mut request =
            Request::post(uri.path()).header("host", host).header("content-type", "application/json");
        for (name, value) in &self.head {
            request = request.header(*name, value);
        }
        if let Some(sign) = self.signer.sign(&body) {
            let sign = if fault == Some(Fault::BadSign) { sign.replace(['a', '1'], "0") } else { sign };
            request = request.header("sign", sign);
        }
        let request = request.body(Full::<Bytes>::from(body.to_string()))?;
        let answer = sender.send_request(request).await?;
        let status = answer.status().as_u16();
        let text = answer.into_body().collect().await?.to_bytes();
        driven.abort();
        Ok((status, String::from_utf8_lossy(&text).into_owned()))
    }

    fn note(&self, body: &Json, answered: &str) {
        let text = |key: &str| match body.field(key) {
            Some(Json::Text(text)) => Value::from(text.as_str()),
            _ => Value::Null,
        };
        let line = json!({
            "merchantOrderId": text("merchantOrderId"),
            "uqOrderId": text("uqOrderId"),
            "status": text("status"),
            "answered": answered,
        });
        hold(&self.sent).push(line);
        self.changed.send_modify(|changes| *changes += 1);
    }

    fn fault(&self) -> Option<Fault> {
        let mut faults = hold(&self.faults);
        let (fault, left) = faults.front_mut()?;
        let fault = *fault;
        *left -= 1;
        if *left == 0 {
            faults.pop_front();
        }
        Some(fault)
    }
}

/// The same news with the other end.
fn opposite(body: &Json) -> Json {
    let mut body = body.clone();
    if let Some(status) = body.field_mut("status") {
        let paid = *status == Json::text("success");
        *status = Json::text(if paid { "closed" } else { "success" });
    }
    body
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
