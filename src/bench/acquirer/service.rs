//! One call from its bytes to its answer: check, book, fault, signature.
//!
//! Everything here happens under one lock and takes no time of its own: what is slow (a late answer, a closed
//! connection) is returned as a [`Reply`] for the server to perform.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::HeaderMap;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::amount::Amount;
use super::answer::{self, Code, Refusal};
use super::book::{Book, Found, Pace};
use super::check::{self, Heads};
use super::config::{Config, PayAction};
use super::fault::{Fault, Faults};
use super::json::Json;
use super::log::{self, Call, Log};
use super::notifier::Notifier;
use super::reply::{self, Reply};
use super::request::{Api, Named, Origin, Pay, Product, Request};
use super::sign::Signer;
use super::view;
use super::wallet::{self, Answer, Digits, Wallet};

/// The acquirer without its socket.
pub(super) struct Service {
    pub(super) config: Config,
    pub(super) base_url: String,
    signer: Signer,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    notifier: Arc<Notifier>,
}

struct State {
    book: Book,
    wallet: Wallet,
    faults: Faults,
    log: Log,
    pay_action: PayAction,
    request_ids: HashSet<String>,
    held_up: Vec<HeldUp>,
    notifies_orders: bool,
}

/// A request whose connection is gone, but which is still on its way.
struct HeldUp {
    request: Request,
    about: String,
    calls_left: u32,
}

impl Service {
    pub(super) fn new(
        config: Config,
        signer: Signer,
        base_url: String,
        notifier: Notifier,
        changed: watch::Sender<u64>,
    ) -> Service {
        let state = State {
            book: Book::default(),
            wallet: Wallet::new(config.code_life),
            faults: Faults::default(),
            log: Log::default(),
            pay_action: config.pay_action,
            request_ids: HashSet::new(),
            held_up: Vec::new(),
            notifies_orders: false,
        };
        let (state, notifier) = (Mutex::new(state), Arc::new(notifier));
        Service { config, base_url, signer, state, changed, notifier }
    }

    pub(super) fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Answers one call.
    pub(super) fn call(&self, api: Api, headers: &HeaderMap, body: &[u8], connection: u64) -> Reply {
        let now = self.config.clock.now();
        let mut state = self.settled(now);
        let held_up = state.held_up.len();
        let fault = state.faults.take(api);
        let json = read(body);
        let mut call = Call::new(now, api, headers, json.as_ref().ok(), connection, fault);
        let reply = if fault == Some(Fault::DropBefore) {
            call.answered = "nothing: closed before it took effect".to_owned();
            Reply::Close
        } else {
            let result = self.result(&mut state, api, headers, json, fault, now);
            call.judged(&result);
            let reply = reply::reply(&result, fault, now, &self.config, &self.signer);
            if matches!(reply, Reply::Close) {
                call.answered = format!("nothing: closed ({})", call.answered);
            }
            reply
        };
        let about = call.about.clone();
        state.log.add(call);
        self.bring_held_up(&mut state, &about, held_up, now);
        self.push_news(&mut state);
        drop(state);
        self.bump();
        reply
    }

    /// Remembers a request that isn't a call of the contract at all.
    pub(super) fn misdirected(&self, rule: String) {
        let now = self.config.clock.now();
        self.settled(now).log.violation(now, rule);
        self.bump();
    }

    /// The picture of an order code, if there is such an order.
    pub(super) fn picture(&self, token: &str) -> Option<Vec<u8>> {
        let state = self.settled(self.config.clock.now());
        let known = state.book.payments.iter().any(|payment| payment.token == token);
        known.then(|| answer::picture(&answer::order_code(token)))?
    }

    /// The value of the header `Date`.
    pub(super) fn date(&self) -> Option<String> {
        reply::date(self.config.clock.now())
    }

    pub(super) fn orders(&self) -> Value {
        let state = self.settled(self.config.clock.now());
        let mut everything = view::everything(&state.book, &state.log, &state.faults, &self.config);
        if let Value::Object(fields) = &mut everything {
            fields.insert("notifications".to_owned(), self.notifier.sent());
        }
        everything
    }

    pub(super) fn notify_orders(&self, on: bool) {
        self.acting(|state, _| state.notifies_orders = on);
    }

    /// A customer has paid by the static code.
    pub(super) fn entry(&self, amount: &str) -> Result<Value, String> {
        let entry = self.config.entry.clone().ok_or("this acquirer knows no shop with a static code")?;
        let (currency, decimals) = self.config.currencies.first().ok_or("this acquirer takes no currency")?;
        let amount = Amount::parse(amount, *decimals)?;
        let origin =
            Origin { store_id: entry.store_id, sub_merchant_id: None, terminal_id: None, operator_id: None };
        let payment_method = "ALIPAY_HK".to_owned();
        self.acting(|state, now| {
            let asked = Pay {
                id: String::new(),
                payment_method,
                product: Product::EntryCode,
                amount,
                currency: currency.clone(),
                expire_at: now,
                code: None,
                description: String::new(),
                notify_url: Some(entry.notify_url),
                origin,
                content: String::new(),
            };
            state.book.enter(asked, now);
        });
        Ok(json!({ "did": "paid", "amount": amount.to_string(), "currency": currency }))
    }

    /// Pushes every end that its merchant was not told yet.
    fn push_news(&self, state: &mut State) {
        for n in 0..state.book.payments.len() {
            let notifies_orders = state.notifies_orders;
            let Some(payment) = state.book.payments.get_mut(n) else { return };
            let entry = payment.asked.product == Product::EntryCode;
            let url = payment.asked.notify_url.clone().filter(|_| entry || notifies_orders);
            let (Some(url), true) = (url, payment.told != payment.status) else { continue };
            payment.told = payment.status;
            if let Some(news) = view::news(&state.book, n, &self.config) {
                self.notifier.send(url, news);
            }
        }
    }

    pub(super) fn order_fault(
        &self,
        api: &str,
        word: &str,
        count: u32,
        params: Option<&Value>,
    ) -> Result<(), String> {
        if api.eq_ignore_ascii_case("NOTIFICATION") {
            return self.notifier.order(word, count, params);
        }
        self.acting(|state, _| state.faults.order(api, word, count, params))
    }

    pub(super) fn set_pay_action(&self, form: PayAction) {
        self.lock().pay_action = form;
    }

    pub(super) fn fresh_code(&self, answer: Answer, length: Digits) -> String {
        self.acting(|state, now| state.wallet.fresh_code(answer, length, now))
    }

    pub(super) fn scan(&self, decoded: &str, answer: Answer) -> Result<Value, String> {
        self.acting(|state, now| wallet::scan(&mut state.book, decoded, answer, now))
    }

    pub(super) fn answer(&self, code_or_order: &str, answer: Answer) -> Result<Value, String> {
        self.acting(|state, now| state.wallet.answer(&mut state.book, code_or_order, answer, now))
    }

    fn result(
        &self,
        state: &mut State,
        api: Api,
        headers: &HeaderMap,
        json: Result<Json, Refusal>,
        fault: Option<Fault>,
        now: Timestamp,
    ) -> Result<Json, Refusal> {
        let heads = check::headers(headers, &self.config)?;
        let json = json?;
        self.authentic(state, heads, &json)?;
        let request = check::body(api, &json, &self.config)?;
        let forced = fault.and_then(Fault::says);
        if fault.is_none_or(Fault::takes_effect) {
            let done = self.perform(state, request, fault, now);
            return forced.map_or(done, Err);
        }
        match (fault, request) {
            (Some(Fault::Refuse(why)), Request::Pay(pay)) => {
                let found = state.book.reject(pay, why.refusal(), now, &mut state.wallet)?;
                self.data(state, found)
            }
            (Some(Fault::Late(calls_left)), request) => {
                let about = request.about().to_owned();
                state.held_up.push(HeldUp { request, about, calls_left });
                Err(Refusal::new(Code::Busy, "still on its way"))
            }
            _ => Err(forced.unwrap_or_else(|| Refusal::new(Code::Busy, "nothing took effect"))),
        }
    }

    fn authentic(&self, state: &mut State, heads: Heads, json: &Json) -> Result<(), Refusal> {
        if !self.signer.accepts(json, heads.sign.as_deref(), heads.token.as_deref()) {
            let wrong = match (&self.signer, heads.sign, heads.token) {
                (Signer::Token { .. }, _, None) => "header token is missing",
                (Signer::Token { .. }, ..) => "header token is wrong",
                (_, None, _) => "header sign is missing",
                (_, Some(_), _) => "header sign isn't the signature of this body",
            };
            return Err(Refusal::new(Code::SignatureWrong, wrong));
        }
        if !state.request_ids.insert(heads.request_id.clone()) {
            let why = format!("header requestId {:?} was used before", heads.request_id);
            return Err(Refusal::new(Code::RequestRepeated, why));
        }
        Ok(())
    }

    fn perform(
        &self,
        state: &mut State,
        request: Request,
        fault: Option<Fault>,
        now: Timestamp,
    ) -> Result<Json, Refusal> {
        let pace = match fault {
            Some(Fault::Processing(details)) => Pace::AfterDetails(details),
            _ => Pace::AtOnce,
        };
        let State { book, wallet, .. } = state;
        let found = match request {
            Request::Pay(pay) => {
                let found = book.pay(pay, pace, now, &self.config, wallet)?;
                return self.data(state, found).map(|data| self.with_pay_action(state, found, data));
            }
            Request::Refund(refund) => book.refund(refund, pace, now)?,
            Request::Cancel(cancel) => book.cancel(cancel, pace, now, &self.config)?,
            Request::Detail(named) => {
                let data = self.detail(state, &named, now)?;
                return Ok(if pace == Pace::AtOnce { data } else { view::still_processing(data) });
            }
        };
        self.data(state, found)
    }

    fn detail(&self, state: &mut State, named: &Named, now: Timestamp) -> Result<Json, Refusal> {
        let missing = || Refusal::new(Code::NotFound, "Transaction does not exist");
        let found = state.book.find(named).ok_or_else(missing)?;
        if let Found::Payment(n) = found {
            let unscanned = state.book.payments.get(n).is_some_and(|payment| payment.is_unscanned());
            if self.config.hides_unscanned && unscanned {
                return Err(missing());
            }
        }
        state.book.asked_about(found, now);
        self.data(state, found)
    }

    fn data(&self, state: &State, found: Found) -> Result<Json, Refusal> {
        view::data(&state.book, found, &self.config)
            .ok_or_else(|| Refusal::new(Code::NotFound, "Transaction does not exist"))
    }

    /// Adds what the customer scans, as long as there is something to pay.
    fn with_pay_action(&self, state: &State, found: Found, mut data: Json) -> Json {
        let Found::Payment(n) = found else { return data };
        let Some(payment) = state.book.payments.get(n) else { return data };
        if !payment.is_unscanned() {
            return data;
        }
        let action = answer::pay_action(state.pay_action, &payment.token, &self.base_url);
        if let (Json::Object(fields), Some(action)) = (&mut data, action) {
            fields.push(("payAction".to_owned(), action));
        }
        data
    }

    /// Lets requests arrive whose time has come, now that another call is over; `before` of them were held up before it.
    fn bring_held_up(&self, state: &mut State, about: &[String], before: usize, now: Timestamp) {
        for held_up in state.held_up.iter_mut().take(before) {
            if about.contains(&held_up.about) {
                held_up.calls_left = held_up.calls_left.saturating_sub(1);
            }
        }
        for HeldUp { request, .. } in
            state.held_up.extract_if(.., |held_up| held_up.calls_left == 0).collect::<Vec<_>>()
        {
            let mut call = Call::arrived(now, &request);
            let result = self.perform(state, request, None, now);
            call.answered = format!("nothing: nobody listens ({})", log::outcome(&result));
            state.log.add(call);
        }
    }

    fn acting<T>(&self, act: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let now = self.config.clock.now();
        let mut state = self.settled(now);
        let done = act(&mut state, now);
        self.push_news(&mut state);
        drop(state);
        self.bump();
        done
    }

    /// The state, in which what is too old is closed.
    fn settled(&self, now: Timestamp) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        if state.book.expire(now) {
            self.bump();
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bump(&self) {
        self.changed.send_modify(|changes| *changes += 1);
    }
}

fn read(body: &[u8]) -> Result<Json, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| Refusal::parameter("the body isn't UTF-8"))?;
    Json::parse(text).map_err(|e| Refusal::parameter(format!("the body is no JSON: {e}")))
}
