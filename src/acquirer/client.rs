//! The acquirer as a port: requests in, exactly one answer for each.
//!
//! A thread of its own runs a small tokio runtime; the program's loop only puts an order into a channel. Every request
//! is a task: a slow one delays no other.
//!
//! What must always hold: a request is sent once or not at all, by nobody again; it ends in one
//! [`Event::Answered`], also when the task that serves it comes to grief; *not sent* is said only when not one
//! byte was handed to TLS and none will be; a connection whose exchange did not end cleanly is closed.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use postern_heart::ask::{Answer, Ask, Reply, Request, Says, Silence, Status, Unreachable};
use postern_heart::event::Event;
use postern_heart::ids::RequestNo;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::sleep;
use tracing::{Dispatch, debug, dispatcher, info};

use super::connection::{Connection, Connector, Endpoint};
use super::keys::{self, KeyFault};
use super::merchant::Merchant;
use super::picture::Pictures;
use super::profile::{Profile, ProfileTimings};
use super::protocol::{Message, Protocol, Verified};
use super::shelf::{Claim, Shelf};
use super::sign::Key;
use super::tls::{CertificateTime, TrustFault, client_config};
use super::wire::Heard;
use super::word::Due;
use crate::clock::Floor;
use crate::cores;
use crate::ports::{Acquirer, Inbox};

/// The largest answer: one picture in base64, and room for the rest.
const ANSWER_BYTES_MAX: usize = 512 * 1024;

/// How many name lookups may hang in the system's resolver at once.
const BLOCKING_THREADS_MAX: usize = 16;

/// Why the client can't be started.
#[derive(Debug, thiserror::Error)]
pub enum ClientFault {
    /// A key can't be used.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// The profile's roots can't be used.
    #[error(transparent)]
    Trust(#[from] TrustFault),
    /// The profile does not say who the terminal is.
    #[error("could not find [credentials] in the wire profile")]
    NoCredentials,
    /// The system gives no thread.
    #[error("could not start the acquirer's thread")]
    Thread(#[from] io::Error),
}

/// The terminal's client of the acquirer.
pub struct Client {
    orders: UnboundedSender<Order>,
    /// A request that is ready, and the word that lets it go.
    ready: Option<(RequestNo, oneshot::Sender<()>)>,
    inbox: Inbox,
}

enum Order {
    /// A request, which leaves once the word is given.
    Ask {
        ask: Ask,
        go: oneshot::Receiver<()>,
    },
    Warm,
}

impl Client {
    /// Starts the client with the keys that the profile names; certificates are looked at by the floor's clock.
    ///
    /// # Errors
    /// The keys or the roots can't be used; nothing was asked.
    pub fn open(
        profile: Arc<Profile>,
        merchant: Merchant,
        floor: &Floor,
        inbox: Inbox,
    ) -> Result<Client, ClientFault> {
        let credentials = profile.credentials.as_ref().ok_or(ClientFault::NoCredentials)?;
        let key = keys::read(credentials)?;
        let floor = floor.clone();
        let time = CertificateTime::new(move || floor.for_certificates());
        Client::start(profile, key, merchant, &time, inbox)
    }

    /// Starts the client; answers go to `inbox`.
    ///
    /// # Errors
    /// What it was given can't be used; nothing was asked.
    pub fn start(
        profile: Arc<Profile>,
        key: Key,
        merchant: Merchant,
        time: &CertificateTime,
        inbox: Inbox,
    ) -> Result<Client, ClientFault> {
        let connector = Connector {
            tls: client_config(&profile.trust, time)?,
            limit: profile.timings.connect.duration(),
        };
        let endpoint = Endpoint { host: profile.base_url.host.clone(), port: profile.base_url.port };
        let serving = Serving {
            shelf: Shelf::new(connector.clone(), endpoint, profile.timings.idle_max.duration()),
            pictures: Pictures {
                connector,
                hosts: profile.answer.pay_action.image_hosts.clone(),
                limit: profile.timings.image.duration(),
            },
            timings: profile.timings.clone(),
            protocol: Protocol::new(profile, key, merchant).ok_or(ClientFault::NoCredentials)?,
            inbox: inbox.clone(),
        };
        let (orders, coming) = unbounded_channel();
        let runtime = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(BLOCKING_THREADS_MAX)
            // What a socket has to say comes before a word from the loop: a connection that was closed is known to be.
            .global_queue_interval(u32::MAX)
            .build()?;
        // The thread logs where its starter does.
        let log = dispatcher::get_default(Dispatch::clone);
        thread::Builder::new().name("acquirer".to_owned()).spawn(move || {
            cores::join_the_sale();
            cores::give_way();
            dispatcher::with_default(&log, || run(runtime, serving, coming));
        })?;
        Ok(Client { orders, ready: None, inbox })
    }
}

impl Acquirer for Client {
    fn make_ready(&mut self, ask: &Ask) {
        let (word, go) = oneshot::channel();
        self.ready = Some((ask.no, word));
        // Whether anybody takes it is seen when the word is given.
        let _ = self.orders.send(Order::Ask { ask: ask.clone(), go });
    }

    fn ask(&mut self, ask: Ask) {
        let ready = self.ready.take().filter(|(no, _)| *no == ask.no);
        if ready.is_none_or(|(_, word)| word.send(()).is_err()) {
            let (word, go) = oneshot::channel();
            let no = ask.no;
            if word.send(()).is_err() || self.orders.send(Order::Ask { ask, go }).is_err() {
                self.inbox.send(Event::Answered { no, reply: Reply::NotSent(Unreachable::Request) });
            }
        }
        // The request leaves before anything else is done.
        thread::yield_now();
    }

    fn warm(&mut self) {
        let _ = self.orders.send(Order::Warm);
    }
}

fn run(runtime: Runtime, serving: Serving, mut coming: UnboundedReceiver<Order>) {
    let serving = Arc::new(serving);
    runtime.block_on(async {
        while let Some(order) = coming.recv().await {
            match order {
                Order::Ask { ask, go } => drop(tokio::spawn(Arc::clone(&serving).serve(ask, go))),
                Order::Warm => serving.shelf.warm(),
            }
        }
    });
    // A name lookup may hang in the system's resolver: nobody waits for that.
    runtime.shutdown_background();
}

/// What serves requests, on the client's thread.
struct Serving {
    protocol: Protocol,
    shelf: Shelf,
    pictures: Pictures,
    timings: ProfileTimings,
    inbox: Inbox,
}

impl Serving {
    async fn serve(self: Arc<Self>, ask: Ask, go: oneshot::Receiver<()>) {
        let Ask { no, request } = ask;
        let mut due = Due::new(self.inbox.clone(), no, go);
        // Signed before anything is opened: between connection and first byte there is nothing left to do.
        let composed = self.protocol.compose(&request);
        due.give_way();
        let message = composed.and_then(|unsigned| self.protocol.sign(unsigned));
        due.give_way();
        let taking = self.shelf.take(claim_of(&request));
        tokio::pin!(taking);
        let mut taken = None;
        let word = loop {
            tokio::select! {
                biased;
                word = due.word(taken.is_some()) => break word,
                connection = &mut taking, if message.is_ok() && taken.is_none() => taken = Some(connection),
            }
        };
        if !word {
            return self.forget(taken).await;
        }
        due.reply = Some(Reply::Unknown(Silence::Broken));
        let connection = async {
            match taken {
                // It was closed while the disk worked.
                Some(Ok(connection)) if connection.is_closed() => self.shelf.take(claim_of(&request)).await,
                Some(taken) => taken,
                None => taking.await,
            }
        };
        let reply = match message {
            Ok(message) => self.reply(&request, message, connection).await,
            Err(why) => Reply::NotSent(why),
        };
        match &reply {
            Reply::Answer(answer) => {
                debug!(no = no.0, says = kind_of(&answer.says), "the acquirer answered")
            }
            Reply::NotSent(why) => info!(no = no.0, ?why, "a request did not leave"),
            Reply::Unknown(why) => info!(no = no.0, ?why, "a request has no answer"),
        }
        due.reply = Some(reply);
    }

    /// Forgets a request that was made ready in vain; the connection is as good as before.
    async fn forget(&self, taken: Option<Result<Connection, Unreachable>>) {
        if let Some(Ok(connection)) = taken {
            self.shelf.put_back(connection).await;
        }
    }

    async fn reply(&self, request: &Request, message: Message, connection: impl Connecting) -> Reply {
        match self.exchange(request, message, connection).await {
            Ok(Verified { heard: Heard::Whole(says), date }) => Reply::Answer(Answer { says, date }),
            Ok(Verified { heard: Heard::Pictured { status, picture }, date }) => {
                let code = self.pictures.code_at(&picture).await;
                Reply::Answer(Answer { says: Says::Status(Status { code, ..status }), date })
            }
            Err(reply) => reply,
        }
    }

    async fn exchange(
        &self,
        request: &Request,
        message: Message,
        connection: impl Connecting,
    ) -> Result<Verified, Reply> {
        let limit = sleep(self.limit_of(request));
        tokio::pin!(limit);
        let mut connection = tokio::select! {
            taken = connection => taken.map_err(Reply::NotSent)?,
            () = &mut limit => return Err(Reply::NotSent(Unreachable::Connect)),
        };
        let answered = tokio::select! {
            answered = connection.exchange(message, ANSWER_BYTES_MAX) => answered,
            () = &mut limit => Err(Silence::TimeOut),
        };
        let verified =
            answered.and_then(|(head, body)| self.protocol.read(request, head.status, &head.headers, &body));
        match verified {
            Ok(verified) => {
                self.shelf.put_back(connection).await;
                Ok(verified)
            }
            Err(why) => Err(give_up(connection, why)),
        }
    }

    fn limit_of(&self, request: &Request) -> Duration {
        match request {
            Request::Pay(_) | Request::Cancel { .. } | Request::Refund { .. } => self.timings.call.duration(),
            Request::Detail { .. } => self.timings.detail_call.duration(),
        }
    }
}

fn claim_of(request: &Request) -> Claim {
    match request {
        Request::Pay(_) => Claim::Pay,
        Request::Detail { .. } | Request::Cancel { .. } | Request::Refund { .. } => Claim::Other,
    }
}

/// Closes a connection whose exchange did not end cleanly, and says what that means for the request.
fn give_up(connection: Connection, why: Silence) -> Reply {
    if connection.give_up() { Reply::Unknown(why) } else { Reply::NotSent(Unreachable::Connect) }
}

/// For the log: what kind of answer it is, and nothing of its content.
fn kind_of(says: &Says) -> &'static str {
    match says {
        Says::Status(_) => "status",
        Says::Declined(_) => "declined",
        Says::Absent => "absent",
        Says::NotAccepted(_) => "not accepted",
        Says::Unclear(_) => "unclear",
    }
}

/// A connection on its way.
trait Connecting: Future<Output = Result<Connection, Unreachable>> {}

impl<F: Future<Output = Result<Connection, Unreachable>>> Connecting for F {}
