//! The terminal's client and the simulated acquirer, which share no line of code: each is the other's proof.

use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use jiff::Timestamp;
use postern::acquirer::client::Client;
use postern::acquirer::keys;
use postern::acquirer::profile::Profile;
use postern::acquirer::tls::CertificateTime;
use postern::bench::acquirer::{Acquirer, Answer, Clock, Config, Keys, PayAction};
use postern::clock::MADE;
use postern::ports::Inbox;
use postern_heart::ask::{
    AnswerCode, Decline, Pay, PayProduct, Reason, Reply, Request, Says, Silence, Status, StatusWord,
};
use postern_heart::code::{PaymentCode, Scanned};
use postern_heart::ids::{Target, TerminalId};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::acquirer_help::{EXPIRE, Folder, hkd, id, merchant, ours};
use crate::acquirer_terminal::Terminal;

/// The simulated acquirer on a thread of its own.
struct Bench {
    acquirer: Acquirer,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bench {
    fn start(choose: impl FnOnce(&mut Config)) -> Bench {
        // A minute before the orders of these tests expire.
        let now = Timestamp::from_millisecond(EXPIRE.0 - 60_000).unwrap();
        let mut config = Config { clock: Clock::new(move || now), ..Config::default() };
        choose(&mut config);
        let (tell, told) = mpsc::channel();
        let (end, ended) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                tell.send(Acquirer::start(config).await.unwrap()).unwrap();
                let _ = ended.await;
            });
        });
        Bench { acquirer: told.recv().unwrap(), end: Some(end), thread: Some(thread) }
    }

    fn fault(&self, api: &str, fault: &str, params: Option<Value>) {
        self.acquirer.fault(api, fault, 1, params).unwrap();
    }

    /// The state of a payment in the acquirer's book.
    fn book(&self, id: &str) -> Option<Value> {
        let book = self.acquirer.orders();
        book["orders"].as_array().unwrap().iter().find(|order| order["merchantOrderId"] == id).cloned()
    }

    fn violations(&self) -> Value {
        self.acquirer.orders()["violations"].clone()
    }

    /// A terminal with this key of this merchant.
    fn terminal(&self, more: &str, credentials: &Credentials) -> Terminal {
        let folder = Folder::new();
        folder.file("ca.pem", self.acquirer.ca_pem());
        for (name, content) in credentials.files {
            folder.secret(name, content);
        }
        let text = format!(
            "base_url = \"{}\"\ntrust.ca_file = \"ca.pem\"\n{more}\n\
             [credentials]\nclient_id = \"{}\"\nsign_id = \"bench-key-1\"\n{}",
            self.acquirer.base_url(),
            credentials.client_id,
            credentials.text
        );
        let profile = Profile::read(&folder.path().join("wire.toml"), &text).unwrap();
        let key = keys::read(profile.credentials.as_ref().unwrap()).unwrap();
        let (inbox, events) = Inbox::channel();
        let time = CertificateTime::new(|| MADE);
        let client = Client::start(Arc::new(profile), key, merchant(), &time, inbox).unwrap();
        Terminal { client, events, asked: 0, _folder: folder }
    }

    fn usual_terminal(&self) -> Terminal {
        self.terminal("", &SHA)
    }

    fn pay_by_wallet(&self, order: &str, answer: Answer) -> Request {
        let code = self.acquirer.wallet_code(answer);
        let code = PaymentCode::read(&Scanned::new(code), TerminalId::parse("HK01").unwrap()).unwrap();
        pay(order, PayProduct::PaymentCode(code))
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(self.end.take());
        drop(self.thread.take().map(JoinHandle::join));
    }
}

struct Credentials<'a> {
    client_id: &'a str,
    text: &'a str,
    files: &'a [(&'a str, &'a str)],
}

const SHA: Credentials<'_> = Credentials {
    client_id: "bench-merchant",
    text: "sign_type = \"SHA\"\nkey_file = \"sha.key\"\n",
    files: &[("sha.key", "bench-transaction-key")],
};

fn pay(order: &str, product: PayProduct) -> Request {
    Request::Pay(Pay { id: id(order), product, amount: hkd(1230), expire_at: EXPIRE })
}

fn detail(order: &str) -> Request {
    Request::Detail { id: ours(order), amount: Some(hkd(1230)) }
}

fn cancel(order: &str, original: &str) -> Request {
    Request::Cancel { id: id(order), original: ours(original), amount: hkd(1230) }
}

fn says(reply: Reply) -> Says {
    match reply {
        Reply::Answer(answer) => answer.says,
        other => panic!("{other:?}"),
    }
}

fn status(reply: Reply) -> Status {
    match says(reply) {
        Says::Status(status) => status,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_payment_by_code_is_paid_asked_about_and_cancelled() {
    let bench = Bench::start(|_| {});
    let mut terminal = bench.usual_terminal();
    let paid = status(terminal.ask(bench.pay_by_wallet("P1", Answer::Pay)));
    assert_eq!(paid.state, StatusWord::Success);
    assert!(paid.uq_id.is_some());
    let at = paid.paid.expect("the time of payment").at;
    assert_eq!(at.0, EXPIRE.0 - 60_000);
    let asked = status(terminal.ask(detail("P1")));
    assert_eq!((asked.state, asked.refunded), (StatusWord::Success, Some(hkd(0))));
    assert_eq!(status(terminal.ask(cancel("C1", "P1"))).state, StatusWord::Success);
    assert_eq!(status(terminal.ask(detail("P1"))).state, StatusWord::Closed);
    assert_eq!(bench.book("P1").unwrap()["status"], "closed");
    assert_eq!(bench.violations(), json!([]));
}

#[test]
fn an_order_code_is_found_in_every_form_and_never_where_there_is_none() {
    let bench = Bench::start(|_| {});
    let mut terminal = bench.usual_terminal();
    let images =
        "answer.pay_action.redirect_url = \"image\"\nanswer.pay_action.image_hosts = [\"localhost\"]";
    let mut with_images = bench.terminal(images, &SHA);
    for (n, form) in
        [PayAction::Object, PayAction::Array, PayAction::DataUrl, PayAction::Picture].into_iter().enumerate()
    {
        bench.acquirer.set_pay_action(form);
        let terminal = if form == PayAction::Picture { &mut with_images } else { &mut terminal };
        let order = format!("P{n}");
        let waiting = status(terminal.ask(pay(&order, PayProduct::OrderCode)));
        assert_eq!(waiting.state, StatusWord::Processing);
        let code = waiting.code.unwrap_or_else(|| panic!("{form:?}")).0;
        bench.acquirer.wallet_scan(&code, Answer::Pay).unwrap();
        assert_eq!(status(terminal.ask(detail(&order))).state, StatusWord::Success, "{form:?}");
    }
    let none = [PayAction::Redirect, PayAction::Empty, PayAction::Unknown, PayAction::Absent];
    for (n, form) in none.into_iter().enumerate() {
        bench.acquirer.set_pay_action(form);
        let waiting = status(terminal.ask(pay(&format!("N{n}"), PayProduct::OrderCode)));
        assert_eq!((waiting.state, waiting.code), (StatusWord::Processing, None), "{form:?}");
    }
    assert_eq!(bench.violations(), json!([]));
}

#[test]
fn a_probe_under_the_right_key_is_answered_and_under_another_is_not() {
    let bench = Bench::start(|_| {});
    let probe = || Request::Detail { id: ours("NEVER-USED"), amount: None };
    assert_eq!(says(bench.usual_terminal().ask(probe())), Says::Absent);
    let wrong_key = Credentials { files: &[("sha.key", "another")], ..SHA };
    assert_eq!(bench.terminal("", &wrong_key).ask(probe()), Reply::Unknown(Silence::BadSignature));
    let wrong_separator = bench.terminal("signing.salt_separator = \"&\"", &SHA).ask(probe());
    assert_eq!(wrong_separator, Reply::Unknown(Silence::BadSignature));
    let wrong_client = Credentials { client_id: "stranger", ..SHA };
    let refused = bench.terminal("", &wrong_client).ask(probe());
    assert_eq!(says(refused), Says::NotAccepted(AnswerCode("100003".to_owned())));
}

#[test]
fn rsa_and_token_speak_with_it_too() {
    let vectors: Value = serde_json::from_str(include_str!("data/sign_vectors.json")).unwrap();
    let (private, public) =
        (vectors["rsa_private_key_pem"].as_str().unwrap(), vectors["rsa_public_key_pem"].as_str().unwrap());
    let bench = Bench::start(|config| {
        config.keys =
            Keys::Rsa { private_key_pem: private.to_owned(), client_public_key_pem: public.to_owned() };
    });
    let rsa = Credentials {
        text: "sign_type = \"RSA\"\nkey_file = \"our.key\"\npublic_key_file = \"theirs.pem\"\n",
        files: &[("our.key", private), ("theirs.pem", public)],
        ..SHA
    };
    let mut terminal = bench.terminal("", &rsa);
    assert_eq!(status(terminal.ask(bench.pay_by_wallet("P1", Answer::Pay))).state, StatusWord::Success);
    assert_eq!(bench.violations(), json!([]));

    let bench = Bench::start(|config| config.keys = Keys::Token { token: "open-sesame".to_owned() });
    let token = Credentials {
        text: "sign_type = \"TOKEN\"\nkey_file = \"token.key\"\n",
        files: &[("token.key", "open-sesame")],
        ..SHA
    };
    let mut terminal = bench.terminal("allow_unsigned = true", &token);
    assert_eq!(status(terminal.ask(bench.pay_by_wallet("P1", Answer::Pay))).state, StatusWord::Success);
    assert_eq!(bench.violations(), json!([]));
}

#[test]
fn every_fault_ends_as_what_it_is_and_nothing_is_charged_twice() {
    let bench = Bench::start(|_| {});
    let mut terminal = bench.usual_terminal();
    let unknown = Reply::Unknown;
    let faults = [
        ("drop_before", unknown(Silence::Broken), false),
        ("drop_after", unknown(Silence::Broken), true),
        ("http500", unknown(Silence::Http(500)), true),
        ("garbage", unknown(Silence::Unreadable), true),
        ("bad_sign", unknown(Silence::BadSignature), true),
        ("wrong_amount", unknown(Silence::OtherTransaction), true),
        ("other_order", unknown(Silence::OtherTransaction), true),
        ("truncate", unknown(Silence::Broken), true),
    ];
    for (n, (fault, expected, charged)) in faults.into_iter().enumerate() {
        bench.fault("PAY", fault, None);
        let order = format!("F{n}");
        assert_eq!(terminal.ask(bench.pay_by_wallet(&order, Answer::Pay)), expected, "{fault}");
        match (says(terminal.ask(detail(&order))), charged) {
            (Says::Status(status), true) => assert_eq!(status.state, StatusWord::Success, "{fault}"),
            (Says::Absent, false) => {}
            (other, _) => panic!("{fault}: {other:?}"),
        }
        if charged {
            assert_eq!(bench.book(&order).unwrap()["charges"].as_array().unwrap().len(), 1, "{fault}");
        }
    }
    bench.fault("PAY", "busy", None);
    let busy = says(terminal.ask(bench.pay_by_wallet("B1", Answer::Pay)));
    assert_eq!(busy, Says::Unclear(AnswerCode("900001".to_owned())));
    bench.fault("PAY", "refuse", None);
    let refused = says(terminal.ask(bench.pay_by_wallet("R1", Answer::Pay)));
    let risk = Decline { reason: Reason::Risk, code: AnswerCode("200004".to_owned()) };
    assert_eq!(refused, Says::Declined(risk));
    assert_eq!(bench.violations(), json!([]));
}

#[test]
fn a_payment_is_given_back_in_parts_until_nothing_is_left() {
    let bench = Bench::start(|_| {});
    let mut terminal = bench.usual_terminal();
    let paid = status(terminal.ask(bench.pay_by_wallet("P1", Answer::Pay)));
    let refund = |id: &str, original, minor| Request::Refund {
        id: crate::acquirer_help::id(id),
        original,
        amount: hkd(minor),
    };
    let theirs = Target::Theirs(paid.uq_id.unwrap());
    let part = status(terminal.ask(refund("R1", ours("P1"), 1000)));
    assert_eq!((part.state, part.amount), (StatusWord::Success, Some(hkd(1000))));
    let known = status(terminal.ask(Request::Detail { id: theirs.clone(), amount: None }));
    assert_eq!((known.amount, known.refunded), (Some(hkd(1230)), Some(hkd(1000))));
    let Says::Declined(too_much) = says(terminal.ask(refund("R2", ours("P1"), 231))) else { panic!() };
    assert_eq!(too_much.reason, Reason::TooMuch);
    assert_eq!(status(terminal.ask(refund("R3", theirs, 230))).state, StatusWord::Success);
    let of_refund = Request::Detail { id: ours("R3"), amount: Some(hkd(230)) };
    assert_eq!(status(terminal.ask(of_refund)).state, StatusWord::Success);
    assert_eq!(status(terminal.ask(detail("P1"))).refunded, Some(hkd(1230)));
    assert_eq!(bench.violations(), json!([]));
}

#[test]
fn an_answer_that_comes_too_late_is_a_time_out() {
    let bench = Bench::start(|_| {});
    let mut terminal = bench.terminal("timings.detail_call = \"700ms\"\ntimings.connect = \"600ms\"", &SHA);
    bench.fault("DETAIL", "delay", Some(json!({ "ms": 3000 })));
    assert_eq!(terminal.ask(detail("P1")), Reply::Unknown(Silence::TimeOut));
}
