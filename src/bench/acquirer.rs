//! The simulated acquirer: the other end of the terminal's TLS connection.
//!
//! A real HTTPS server on a free port of 127.0.0.1, with a certificate of its own making. It checks every rule of the
//! contract and says which one a request broke, keeps payments, refunds and cancellations in memory, has customers with
//! phones ([`Acquirer::wallet_code`], [`Acquirer::wallet_scan`]), and does wrong what it is told to do wrong
//! ([`Acquirer::fault`]). Its book is the truth about who paid what ([`Acquirer::orders`]).
//!
//! ```text
//!  TLS ─▶ server ─▶ service ─▶ check (headers, fields) ─▶ book ⇄ wallet
//!            ▲         │
//!            └─ reply ─┘  (fault, envelope, signature)
//! ```
//!
//! It shares nothing with the terminal's client: JSON, amounts, signatures and the names of fields are written down
//! here a second time, so that one mistake can't satisfy both ends. It remembers nothing after it has ended, sends
//! notifications (of orders only when told to, see [`Acquirer::notify_orders`]), and does not try to be quick or safe against strangers.

mod amount;
mod answer;
mod book;
mod check;
mod config;
mod fault;
mod fields;
mod json;
mod log;
mod notifier;
mod reply;
mod request;
mod server;
mod service;
mod sign;
mod tls;
mod view;
mod wallet;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

pub use self::config::{Clock, Config, Entry, PayAction};
pub use self::sign::Keys;
pub use self::tls::TerminalTls;
pub use self::wallet::{Answer, Digits};

use self::notifier::Notifier;
use self::service::Service;
use self::sign::Signer;
use self::tls::Tls;

/// A running simulated acquirer; it ends with its last handle, or when told to.
#[derive(Clone)]
pub struct Acquirer(Arc<Running>);

struct Running {
    service: Arc<Service>,
    address: SocketAddr,
    ca_pem: String,
    terminal_tls: TerminalTls,
    /// Dropping it ends all tasks, too.
    stop: watch::Sender<bool>,
}

impl Acquirer {
    /// Starts one on a free port of 127.0.0.1; needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Keys that can't be read, or no port.
    pub async fn start(config: Config) -> io::Result<Acquirer> {
        let signer = Signer::new(&config.keys, &config.salt_separator).map_err(io::Error::other)?;
        let tls = Tls::throw_away().map_err(io::Error::other)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let base_url = format!("https://localhost:{}", address.port());
        let changed = watch::Sender::new(0);
        let notifier = Notifier::new(&config, tls.client, changed.clone()).map_err(io::Error::other)?;
        let service = Arc::new(Service::new(config, signer, base_url, notifier, changed));
        let stop = watch::Sender::new(false);
        let acceptor = TlsAcceptor::from(tls.server);
        tokio::spawn(server::run(listener, acceptor, Arc::clone(&service), stop.subscribe()));
        Ok(Acquirer(Arc::new(Running {
            service,
            address,
            ca_pem: tls.ca_pem,
            terminal_tls: tls.terminal,
            stop,
        })))
    }

    /// Ends all connections and takes no more; the book stays.
    pub fn shutdown(&self) {
        self.0.stop.send_replace(true);
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// The base URL for a terminal's wire profile: `https://localhost:PORT`.
    pub fn base_url(&self) -> String {
        self.0.service.base_url.clone()
    }

    /// The certificate authority that a terminal has to trust.
    pub fn ca_pem(&self) -> &str {
        &self.0.ca_pem
    }

    /// A certificate that it trusts, for a terminal that listens for notifications on this machine.
    pub fn terminal_tls(&self) -> &TerminalTls {
        &self.0.terminal_tls
    }

    /// What it was started with.
    pub fn config(&self) -> &Config {
        &self.0.service.config
    }

    /// The whole book: `orders` with their `charges`, `refunds`, `cancellations` and `calls`; `otherCalls` that belong
    /// to no order; `violations` of the contract; `faults` that wait.
    pub fn orders(&self) -> Value {
        self.0.service.orders()
    }

    /// Orders a fault for the next `count` calls of an API (`PAY`, `REFUND`, `CANCEL`, `DETAIL`), or for the next
    /// `NOTIFICATION`s (`duplicate`, `late`, `lost`, `bad_sign`, `contradict`); 0 takes it back.
    ///
    /// These take effect first, unless `{"effect": false}` is given: `drop_after` (no answer), `delay` (answer after
    /// `ms`), `http500`, `garbage` (no JSON), `bad_sign`, `wrong_amount`, `other_order`, `truncate` (half an answer), `processing`
    /// (slowly: after `details` DETAILs). These don't, unless `{"effect": true}` is given: `busy` (900001),
    /// `not_found` (200001). These never do: `drop_before`, `refuse` (200004). `late` closes the connection and takes
    /// effect after `calls` more calls about the same order.
    ///
    /// # Errors
    /// A word that isn't known, with the ones that are.
    pub fn fault(&self, api: &str, fault: &str, count: u32, params: Option<Value>) -> Result<(), String> {
        self.0.service.order_fault(api, fault, count, params.as_ref())
    }

    /// Whether the ends of orders are pushed, too, to the `notifyUrl` that they named; not before this is called.
    pub fn notify_orders(&self, on: bool) {
        self.0.service.notify_orders(on);
    }

    /// A phone has scanned the shop's static code, and its owner has paid this amount: the merchant hears of it by
    /// notification alone.
    ///
    /// # Errors
    /// An amount that can't be, or nobody to tell.
    pub fn wallet_entry(&self, amount: &str) -> Result<Value, String> {
        self.0.service.entry(amount)
    }

    /// Chooses the form of `payAction` from now on.
    pub fn set_pay_action(&self, form: PayAction) {
        self.0.service.set_pay_action(form);
    }

    /// Makes a fresh payment code for a phone to hold up, whose owner will answer so when it is charged.
    pub fn wallet_code(&self, answer: Answer) -> String {
        self.wallet_code_of(answer, Digits::default())
    }

    /// The same, with so many digits.
    pub fn wallet_code_of(&self, answer: Answer, length: Digits) -> String {
        self.0.service.fresh_code(answer, length)
    }

    /// A phone has decoded this text from a display; says what its owner did.
    ///
    /// # Errors
    /// Why this can't be paid.
    pub fn wallet_scan(&self, decoded: &str, answer: Answer) -> Result<Value, String> {
        self.0.service.scan(decoded, answer)
    }

    /// Answers a phone that was left thinking, by payment code, order id or order code; for a payment code that hasn't
    /// been charged yet, changes what its owner will answer.
    ///
    /// # Errors
    /// Why nobody waits for this answer.
    pub fn wallet_answer(&self, code_or_order: &str, answer: Answer) -> Result<Value, String> {
        self.0.service.answer(code_or_order, answer)
    }

    /// A number that grows with every change of the book.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.0.service.changed()
    }
}
