//! A client as the program runs it, in a test's hands.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use postern::acquirer::client::{Client, ClientFault};
use postern::acquirer::json::Json;
use postern::acquirer::profile::Profile;
use postern::acquirer::sign::{Key, Proof, Secret};
use postern::acquirer::tls::CertificateTime;
use postern::clock::MADE;
use postern::ports::{Acquirer, Inbox, Incoming};
use postern_heart::ask::{Ask, Reply, Request, Says, StatusWord};
use postern_heart::event::Event;
use postern_heart::ids::RequestNo;
use postern_heart::now::Wall;

use crate::acquirer_help::{Folder, KEY, SHA_CREDENTIALS, merchant, profile, signer};
use crate::acquirer_server::{Authority, Door, Heard, PATIENCE, Server, http};

/// Limits short enough for a test to wait for, and a kept connection that does not outlive its test.
pub(crate) const QUICK: &str =
    "connect = \"700ms\"\ncall = \"900ms\"\ndetail_call = \"800ms\"\nimage = \"700ms\"\n";

/// A client and what it reports.
pub(crate) struct Terminal {
    pub(crate) client: Client,
    pub(crate) events: Receiver<Incoming>,
    pub(crate) asked: u64,
    pub(crate) _folder: Folder,
}

/// How a test's terminal is set up.
pub(crate) struct Setup<'a> {
    pub(crate) port: u16,
    pub(crate) host: &'a str,
    pub(crate) ca: String,
    /// Dotted keys.
    pub(crate) more: &'a str,
    pub(crate) timings: &'a str,
    pub(crate) wall: Wall,
}

impl Setup<'_> {
    pub(crate) fn start(self) -> Terminal {
        self.try_start().unwrap()
    }

    pub(crate) fn try_start(self) -> Result<Terminal, ClientFault> {
        let folder = Folder::new();
        folder.file("ca.pem", &self.ca);
        let ca_file = if self.ca.is_empty() { "" } else { "ca.pem" };
        let text = format!(
            "base_url = \"https://{}:{}\"\n{}\n[timings]\n{}[trust]\nca_file = \"{ca_file}\"\n{SHA_CREDENTIALS}",
            self.host, self.port, self.more, self.timings
        );
        let profile = Profile::read(&folder.path().join("wire.toml"), &text).unwrap();
        let (inbox, events) = Inbox::channel();
        let wall = self.wall;
        let time = CertificateTime::new(move || wall);
        let key = Key::Sha(Secret::new(KEY.to_owned()));
        let client = Client::start(Arc::new(profile), key, merchant(), &time, inbox)?;
        Ok(Terminal { client, events, asked: 0, _folder: folder })
    }
}

impl Terminal {
    /// Asks, and gives the number that the answer must carry.
    pub(crate) fn send(&mut self, request: Request) -> RequestNo {
        self.asked += 1;
        let no = RequestNo(self.asked);
        self.client.ask(Ask { no, request });
        no
    }

    pub(crate) fn next(&self) -> (RequestNo, Reply) {
        match self.events.recv_timeout(PATIENCE).expect("no answer at all") {
            Incoming::Event(Event::Answered { no, reply }) => (no, reply),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn ask(&mut self, request: Request) -> Reply {
        let no = self.send(request);
        let (answered, reply) = self.next();
        assert_eq!(answered, no);
        reply
    }
}

pub(crate) fn at(server: &Server, authority: &Authority) -> Setup<'static> {
    Setup {
        port: server.port(),
        host: "localhost",
        ca: authority.pem(),
        more: "",
        timings: QUICK,
        wall: MADE,
    }
}

/// A signed HTTP answer.
pub(crate) fn signed(body: &str) -> Vec<u8> {
    let Proof::Sign(sign) = signer(&profile("")).sign(&Json::read(body.as_bytes()).unwrap()).unwrap() else {
        panic!("a token")
    };
    http("200 OK", &format!("sign: {sign}\r\ndate: Mon, 23 Nov 2026 10:30:00 GMT\r\n"), body.as_bytes())
}

/// What the acquirer says of the transaction that a request names.
pub(crate) fn about(heard: &Heard, status: &str) -> Vec<u8> {
    about_with(heard, status, "")
}

pub(crate) fn about_with(heard: &Heard, status: &str, more: &str) -> Vec<u8> {
    let body = heard.text.split_once("\r\n\r\n").unwrap().1;
    let id = Json::read(body.as_bytes()).unwrap().text_at("merchantOrderId").unwrap().to_owned();
    signed(&format!(
        r#"{{"code":"000000","data":{{"merchantOrderId":"{id}","amount":"12.30","currency":"HKD","status":"{status}"{more}}}}}"#
    ))
}

pub(crate) fn good(authority: &Authority) -> Door {
    Door::Open(authority.identity(&["localhost"], 2099))
}

pub(crate) fn state_of(reply: &Reply) -> Option<StatusWord> {
    match reply {
        Reply::Answer(answer) => match &answer.says {
            Says::Status(status) => Some(status.state),
            _ => None,
        },
        _ => None,
    }
}
