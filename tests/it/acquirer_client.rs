//! The client over real TLS: what left, what came of it, and that nothing is ever sent twice.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};

use postern::acquirer::client::Client;
use postern::acquirer::profile::Profile;
use postern::acquirer::sign::{Key, Secret};
use postern::acquirer::tls::CertificateTime;
use postern::clock::MADE;
use postern::ports::{Acquirer, Inbox};
use postern_heart::ask::{Reply, Silence, StatusWord, Unreachable};
use postern_heart::ids::RequestNo;
use postern_heart::now::Wall;

use crate::acquirer_help::{
    CODE, Folder, KEY, SHA_CREDENTIALS, cancel, detail, merchant, pay_by_code, pay_by_order,
};
use crate::acquirer_server::{Act, Authority, Door, Identity, Server, http};
use crate::acquirer_terminal::{QUICK, Setup, Terminal, about, at, good, signed, state_of};

/// Everything that was logged at any level.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        let written = self.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || written.clone())
            .finish()
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn each_request_is_answered_over_tls() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| Act::Say(about(heard, "success")));
    let mut terminal = at(&server, &authority).start();
    for request in [pay_by_code(), pay_by_order(), detail(), cancel()] {
        let reply = terminal.ask(request);
        assert_eq!(state_of(&reply), Some(StatusWord::Success), "{reply:?}");
        let Reply::Answer(answer) = reply else { panic!() };
        assert_eq!(answer.date, Some(Wall(1_795_429_800_000)));
    }
    let paths: Vec<String> =
        server.heard().iter().map(|heard| heard.text.lines().next().unwrap().to_owned()).collect();
    assert_eq!(
        paths,
        [
            "POST /v1/pay HTTP/1.1",
            "POST /v1/pay HTTP/1.1",
            "POST /v1/detail HTTP/1.1",
            "POST /v1/cancel HTTP/1.1"
        ]
    );
    // One after the other they share one connection, and each came in one piece.
    assert_eq!(server.accepted(), 1);
    assert!(server.heard().iter().all(|heard| heard.reads == 1));
}

#[test]
fn a_request_says_who_asks() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| Act::Say(about(heard, "success")));
    let mut terminal = at(&server, &authority).start();
    terminal.ask(pay_by_code());
    let text = server.heard()[0].text.to_ascii_lowercase();
    let host = format!("host: localhost:{}", server.port());
    for header in ["content-type: application/json", "clientid: m1", "signtype: sha", "signid: k1", &host] {
        assert_eq!(text.lines().filter(|line| *line == header).count(), 1, "{header} in {text}");
    }
}

#[test]
fn what_cannot_be_looked_up_or_connected_was_not_sent() {
    let authority = Authority::new("test");
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let setup = |host| Setup { port, host, ca: authority.pem(), more: "", timings: QUICK, wall: MADE };
    for request in [pay_by_code(), detail(), cancel()] {
        assert_eq!(setup("localhost").start().ask(request), Reply::NotSent(Unreachable::Connect));
    }
    let nowhere = setup("no-such-host.invalid").start().ask(pay_by_code());
    assert_eq!(nowhere, Reply::NotSent(Unreachable::Name));
}

#[test]
fn what_is_cut_in_the_handshake_was_not_sent() {
    let authority = Authority::new("test");
    let garbage = b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec();
    for door in [Door::Slam, Door::Mute, Door::Say(garbage)] {
        let server = Server::start(door, |_| panic!("a request came"));
        let reply = at(&server, &authority).start().ask(pay_by_code());
        assert_eq!(reply, Reply::NotSent(Unreachable::Tls));
        assert_eq!((server.accepted(), server.heard().len()), (1, 0));
    }
}

#[test]
fn tls_1_1_is_refused_and_nothing_is_sent() {
    let authority = Authority::new("test");
    // A ServerHello of TLS 1.1: version, random, no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
    let mut hello = vec![0x03, 0x02];
    hello.extend_from_slice(&[7; 32]);
    hello.extend_from_slice(&[0, 0x00, 0x2F, 0]);
    let mut record = vec![0x16, 0x03, 0x02, 0, hello.len() as u8 + 4, 0x02, 0, 0, hello.len() as u8];
    record.extend_from_slice(&hello);
    let server = Server::start(Door::Say(record), |_| panic!("a request came"));
    assert_eq!(at(&server, &authority).start().ask(pay_by_code()), Reply::NotSent(Unreachable::Tls));
}

#[test]
fn tls_1_2_is_good_enough() {
    let authority = Authority::new("test");
    let identity = Identity::tls12(&authority, &["localhost"]);
    let server = Server::start(Door::Open(identity), |heard| Act::Say(about(heard, "success")));
    assert!(state_of(&at(&server, &authority).start().ask(pay_by_code())).is_some());
}

#[test]
fn only_the_right_certificate_hears_a_request() {
    let authority = Authority::new("test");
    let stranger = Authority::new("stranger");
    let doors = [
        ("another host", authority.identity(&["other.example"], 2099)),
        ("expired", authority.identity(&["localhost"], 2025)),
        ("self-signed", Identity::self_signed(&["localhost"])),
        ("another authority", stranger.identity(&["localhost"], 2099)),
    ];
    for (what, identity) in doors {
        let server = Server::start(Door::Open(identity), |_| panic!("a request came"));
        let mut terminal = at(&server, &authority).start();
        terminal.client.warm();
        assert_eq!(terminal.ask(pay_by_code()), Reply::NotSent(Unreachable::Tls), "{what}");
        assert!(server.heard().is_empty(), "{what}");
    }
}

#[test]
fn the_public_roots_do_not_vouch_for_a_stranger() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |_| panic!("a request came"));
    let reply = Setup { ca: String::new(), ..at(&server, &authority) }.start().ask(pay_by_code());
    assert_eq!(reply, Reply::NotSent(Unreachable::Tls));
}

#[test]
fn a_clock_that_fell_back_does_not_bring_a_certificate_back_to_life() {
    let authority = Authority::new("test");
    let wall = |year: i64| Wall((year - 1970) * 31_556_952_000);
    // Good until the end of 2030; the wall clock says 1970, 2029 or 2031.
    for (wall, good) in [(Wall(0), true), (wall(2029), true), (wall(2031), false)] {
        let identity = authority.identity(&["localhost"], 2030);
        let server = Server::start(Door::Open(identity), |heard| Act::Say(about(heard, "success")));
        let reply = Setup { wall, ..at(&server, &authority) }.start().ask(detail());
        assert_eq!(state_of(&reply).is_some(), good, "{wall:?}");
    }
    let time = CertificateTime::new(|| Wall(0));
    assert_eq!(time.latest(), MADE);
    time.not_before(wall(2031));
    time.not_before(wall(2028));
    assert_eq!(time.latest(), wall(2031));
}

#[test]
fn pinned_roots_leave_only_themselves() {
    let (one, two) = (Authority::new("one"), Authority::new("two"));
    let server = Server::start(good(&one), |heard| Act::Say(about(heard, "success")));
    let start = |pins: &str| {
        let more = format!("trust.pinned_roots = [{pins}]");
        let folder = Folder::new();
        folder.file("ca.pem", &format!("{}{}", one.pem(), two.pem()));
        let text = format!(
            "base_url = \"https://localhost:{}\"\ntrust.ca_file = \"ca.pem\"\n{more}\n{SHA_CREDENTIALS}",
            server.port()
        );
        let profile = Profile::read(&folder.path().join("wire.toml"), &text).unwrap();
        let (inbox, events) = Inbox::channel();
        let key = Key::Sha(Secret::new(KEY.to_owned()));
        let time = CertificateTime::new(|| MADE);
        Client::start(Arc::new(profile), key, merchant(), &time, inbox).map(|client| Terminal {
            client,
            events,
            asked: 0,
            _folder: folder,
        })
    };
    let quoted = |authority: &Authority| format!("\"{}\"", authority.pin());
    assert!(state_of(&start("").unwrap().ask(detail())).is_some());
    assert!(state_of(&start(&quoted(&one)).unwrap().ask(detail())).is_some());
    assert!(
        state_of(&start(&format!("{}, {}", quoted(&two), quoted(&one))).unwrap().ask(detail())).is_some()
    );
    assert_eq!(start(&quoted(&two)).unwrap().ask(detail()), Reply::NotSent(Unreachable::Tls));
    let nobody = start(&quoted(&Authority::new("three"))).err().unwrap();
    assert_eq!(nobody.to_string(), "could not find a root with one of the keys in trust.pinned_roots");
}

#[test]
fn roots_that_cannot_be_used_are_said_at_start() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |_| Act::Hang);
    let start = |ca: &str| Setup { ca: ca.to_owned(), ..at(&server, &authority) }.try_start().err().unwrap();
    for ca in ["no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let said = start(ca).to_string();
        assert!(said.starts_with("could not use the roots in ") && said.contains("ca.pem"), "{said}");
    }
}

#[test]
fn from_the_first_byte_on_silence_is_unknown() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| match heard.connection {
        1 => Act::Cut,
        2 => Act::Hang,
        3 => Act::SayAndClose(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"code\"".to_vec()),
        4 => Act::SayAndClose(b"HTTP/1.1 200 OK\r\nsign: ".to_vec()),
        5 => Act::Say(b"\x00\x01\x02 garbage\r\n\r\n".to_vec()),
        6 => Act::Say(http("200 OK", "", b"<html>hello</html>")),
        7 => Act::Say(http("500 Internal Server Error", "", b"")),
        8 => Act::Say(http("307 Temporary Redirect", "location: /v1/pay\r\n", b"")),
        9 => Act::Say(http("200 OK", "", br#"{"code":"000000"}"#)),
        10 => Act::Say(http("200 OK", "sign: 00\r\n", br#"{"code":"200003"}"#)),
        11 => Act::Say(signed(
            r#"{"code":"000000","data":{"merchantOrderId":"P2","amount":"12.30","currency":"HKD","status":"success"}}"#,
        )),
        12 => Act::Say(signed(
            r#"{"code":"000000","data":{"merchantOrderId":"P1","amount":"12.31","currency":"HKD","status":"success"}}"#,
        )),
        13 => Act::Say(http("200 OK", "", &[b' '; 600 * 1024])),
        _ => Act::Say(about(heard, "success")),
    });
    let mut terminal = at(&server, &authority).start();
    let expected = [
        Silence::Broken,
        Silence::TimeOut,
        Silence::Broken,
        Silence::Broken,
        Silence::Unreadable,
        Silence::Unreadable,
        Silence::Http(500),
        Silence::Http(307),
        Silence::BadSignature,
        Silence::BadSignature,
        Silence::OtherTransaction,
        Silence::OtherTransaction,
        Silence::Unreadable,
    ];
    for (n, silence) in expected.into_iter().enumerate() {
        assert_eq!(terminal.ask(pay_by_code()), Reply::Unknown(silence), "number {}", n + 1);
        // Sent once, and never again; and its connection is not used any more.
        assert_eq!((server.heard().len(), server.accepted()), (n + 1, n + 1));
    }
    assert!(state_of(&terminal.ask(pay_by_code())).is_some());
    assert_eq!((server.heard().len(), server.accepted()), (14, 14));
}

#[test]
fn each_call_has_its_own_limit() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |_| Act::Hang);
    let timings = "connect = \"500ms\"\ncall = \"3s\"\ndetail_call = \"600ms\"\n";
    let mut terminal = Setup { timings, ..at(&server, &authority) }.start();
    let pay = terminal.send(pay_by_code());
    let detail = terminal.send(detail());
    // The DETAIL was asked later, and is given up earlier.
    assert_eq!(terminal.next(), (detail, Reply::Unknown(Silence::TimeOut)));
    assert_eq!(terminal.next(), (pay, Reply::Unknown(Silence::TimeOut)));
}

#[test]
fn a_warm_connection_is_used_once_it_is_needed() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| Act::Say(about(heard, "success")));
    let mut terminal = at(&server, &authority).start();
    terminal.client.warm();
    terminal.client.warm();
    server.wait_greeted(1);
    assert!(server.heard().is_empty());
    assert!(state_of(&terminal.ask(pay_by_code())).is_some());
    assert_eq!((server.accepted(), server.heard().len()), (1, 1));
}

#[test]
fn a_pay_takes_the_connection_that_is_on_its_way() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| Act::Say(about(heard, "success")));
    let mut terminal = at(&server, &authority).start();
    terminal.client.warm();
    assert!(state_of(&terminal.ask(pay_by_code())).is_some());
    assert_eq!((server.accepted(), server.heard().len()), (1, 1));
}

#[test]
fn a_warm_connection_that_the_acquirer_closed_is_noticed() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| Act::Say(about(heard, "success")));
    let mut terminal = at(&server, &authority).start();
    for round in 1..=20 {
        terminal.client.warm();
        server.wait_greeted(2 * round - 1);
        server.hang_up();
        server.wait_gone(2 * round - 1);
        // No pause: the close may still be unread in the kernel.
        assert!(state_of(&terminal.ask(pay_by_code())).is_some(), "round {round}");
        assert_eq!((server.greeted(), server.heard().len()), (2 * round, round));
        server.hang_up();
        server.wait_gone(2 * round);
    }
}

#[test]
fn a_connection_that_is_closed_politely_after_an_answer_is_not_used_again() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| match heard.connection % 2 {
        0 => Act::SayAndClose(about(heard, "success")),
        _ => {
            let mut answer = about(heard, "success");
            let head = b"HTTP/1.1 200 OK\r\n".len();
            answer.splice(head..head, b"connection: close\r\n".iter().copied());
            Act::Say(answer)
        }
    });
    let mut terminal = at(&server, &authority).start();
    for count in 1..=6 {
        assert!(state_of(&terminal.ask(detail())).is_some());
        server.wait_gone(count);
    }
    assert_eq!((server.accepted(), server.heard().len()), (6, 6));
}

#[test]
fn a_connection_that_has_rested_too_long_is_replaced() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| Act::Say(about(heard, "success")));
    let timings = "idle_max = \"50ms\"\n";
    let mut terminal = Setup { timings, ..at(&server, &authority) }.start();
    assert!(state_of(&terminal.ask(detail())).is_some());
    server.wait_gone(1);
    assert!(state_of(&terminal.ask(detail())).is_some());
    assert_eq!(server.accepted(), 2);
    // While a PAY is likely it is replaced by itself, but not for ever.
    server.wait_gone(2);
    terminal.client.warm();
    server.wait_gone(2 + 6);
    assert_eq!(server.heard().len(), 2);
    assert!(state_of(&terminal.ask(pay_by_code())).is_some());
    assert_eq!(server.accepted(), 2 + 6 + 1);
}

#[test]
fn a_question_in_the_background_never_takes_or_delays_the_connection_of_a_pay() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| {
        if heard.text.contains("/v1/detail") { Act::Hang } else { Act::Say(about(heard, "success")) }
    });
    let mut terminal = at(&server, &authority).start();
    terminal.client.warm();
    server.wait_greeted(1);
    let detail = terminal.send(detail());
    server.wait_heard(1);
    let pay = terminal.send(pay_by_code());
    let (first, reply) = terminal.next();
    assert_eq!(first, pay);
    assert!(state_of(&reply).is_some());
    let connections: Vec<usize> = server.heard().iter().map(|heard| heard.connection).collect();
    assert_eq!(connections, [2, 1]);
    assert_eq!(terminal.next(), (detail, Reply::Unknown(Silence::TimeOut)));
    assert_eq!(server.heard().len(), 2);
}

#[test]
fn many_questions_at_once_are_each_answered_once() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |heard| Act::Say(about(heard, "processing")));
    let timings = "connect = \"10s\"\ncall = \"15s\"\ndetail_call = \"15s\"\n";
    let mut terminal = Setup { timings, ..at(&server, &authority) }.start();
    let mut asked: Vec<RequestNo> = (0..30).map(|_| terminal.send(detail())).collect();
    for _ in 0..30 {
        let (no, reply) = terminal.next();
        assert_eq!(state_of(&reply), Some(StatusWord::Processing));
        let place = asked.iter().position(|asked| *asked == no).expect("answered twice");
        asked.swap_remove(place);
    }
    assert_eq!(server.heard().len(), 30);
}

#[test]
fn neither_code_nor_key_is_in_anything_that_can_be_written_down() {
    let log = Written::default();
    tracing::subscriber::with_default(log.subscriber(), || {
        let authority = Authority::new("test");
        let server = Server::start(good(&authority), |heard| match heard.connection {
            1 => Act::Say(http("200 OK", "", format!("{{\"code\":\"{CODE}\"}}").as_bytes())),
            _ => Act::Say(format!("HTTP/1.1 {CODE}\r\n\r\n").into_bytes()),
        });
        let mut terminal = at(&server, &authority).start();
        for _ in 0..2 {
            let reply = terminal.ask(pay_by_code());
            let shown = format!("{reply:?} {:?}", pay_by_code());
            assert!(!shown.contains(CODE) && !shown.contains(KEY), "{shown}");
        }
    });
    let log = log.text();
    assert!(log.contains("a request has no answer"), "{log}");
    assert!(!log.contains(CODE) && !log.contains(KEY), "{log}");
}
