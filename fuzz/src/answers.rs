//! The acquirer's answers, to every request: what counts is signed, about what was asked, and in the text.
//!
//! The first byte of the input chooses the request, the second one the profile; the rest is the answer's body, which is
//! read unsigned, wrongly signed, and signed as the acquirer would.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderValue};
use postern::acquirer::json::Json;
use postern::acquirer::merchant::Merchant;
use postern::acquirer::profile::{Profile, SignaturePlace};
use postern::acquirer::protocol::{Protocol, Verified};
use postern::acquirer::sign::{Key, Proof, Secret, Signer, flatten};
use postern::acquirer::wire::Heard;
use postern_heart::ask::{Pay, PayProduct, Request, Says, Silence, Status, StatusWord};
use postern_heart::code::{PaymentCode, Scanned};
use postern_heart::ids::{OrderId, Target, TerminalId, UqOrderId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;

use super::{Property, chosen};

/// See [`hold`].
pub const PROPERTY: Property = Property { name: "answers", seeds, holds: hold };

/// The credentials and the key of every profile here.
pub(crate) const CREDENTIALS: &str =
    "[credentials]\nclient_id = \"M1\"\nsign_type = \"SHA\"\nsign_id = \"K1\"\nkey_file = \"sha.key\"\n";
const KEY: &str = "UPAS_TEST_KEY_0001";

/// The terminal's side of the protocol under profiles that say more than the built-in one.
static TERMINALS: LazyLock<[Terminal; 3]> = LazyLock::new(|| {
    [
        "",
        "[answer]\nsignature = \"body\"\n",
        "[answer.pay_action]\nredirect_url = \"image\"\nimage_hosts = [\"img.example\"]\n[signing]\nhash = \"SHA-512\"\n",
    ]
    .map(Terminal::new)
});

struct Terminal {
    profile: Arc<Profile>,
    protocol: Protocol,
}

impl Terminal {
    fn new(more: &str) -> Terminal {
        let profile = Profile::read(Path::new("wire.toml"), &format!("{more}{CREDENTIALS}")).unwrap();
        let profile = Arc::new(profile);
        let protocol = Protocol::new(Arc::clone(&profile), key(KEY), merchant()).unwrap();
        Terminal { profile, protocol }
    }
}

/// All that can be asked about the payment P1, which the acquirer calls U9.
pub(crate) fn requests() -> [Request; 9] {
    let ours = Target::Ours(id("P1"));
    let theirs = Target::Theirs(UqOrderId("U9".to_owned()));
    let code = Scanned::new("280244567856723026".to_owned());
    let code = PaymentCode::read(&code, TerminalId::parse("HK01").unwrap()).unwrap();
    let pay = |product| {
        Request::Pay(Pay { id: id("P1"), product, amount: hkd(1230), expire_at: Wall(1_795_429_800_000) })
    };
    [
        pay(PayProduct::PaymentCode(code)),
        pay(PayProduct::OrderCode),
        pay(PayProduct::CashierPayment),
        Request::Detail { id: ours.clone(), amount: Some(hkd(1230)) },
        Request::Detail { id: theirs.clone(), amount: None },
        Request::Cancel { id: id("C1"), original: ours.clone(), amount: hkd(1230) },
        Request::Cancel { id: id("C1"), original: theirs.clone(), amount: hkd(1230) },
        Request::Refund { id: id("R1"), original: ours, amount: hkd(230) },
        Request::Refund { id: id("R1"), original: theirs, amount: hkd(230) },
    ]
}

fn id(text: &str) -> OrderId {
    OrderId::parse(text).unwrap()
}

fn hkd(minor: u64) -> Amount {
    Amount::new(minor, Currency::HKD)
}

/// The shop that asks.
pub(crate) fn merchant() -> Merchant {
    Merchant {
        store_id: "S1".to_owned(),
        sub_merchant_id: String::new(),
        terminal_id: "HK01".to_owned(),
        operator_id: String::new(),
        description: "奶茶 x2".to_owned(),
    }
}

pub(crate) fn key(text: &str) -> Key {
    Key::Sha(Secret::new(text.to_owned()))
}

fn seeds() -> Vec<Vec<u8>> {
    let about = |ids: &str, more: &str| {
        format!(r#"{{"code":"000000","respMsg":"success","data":{{{ids},"currency":"HKD",{more}}}}}"#)
    };
    let payment = r#""merchantOrderId":"P1","uqOrderId":"U9","amount":"12.30""#;
    let paid = r#""status":"success","payTime":"2026-11-23 18:20:07","refundedAmount":"2.30""#;
    let code =
        r#""status":"processing","payAction":{"type":"QRCODE","redirectUrl":"https://qr.example/28?x=1"}"#;
    let link = r#""status":"processing","payAction":[{"type":"APP","Url":"x"},{"type":"REDIRECT","Url":"https://pay.example/1"}]"#;
    let inline =
        r#""status":"processing","payAction":[{"type":"QRCODE","redirectUrl":"data:image/png;base64,AAAA"}]"#;
    let cancel = r#""merchantOrderId":"C1","originalMerchantOrderId":"P1","amount":"12.30""#;
    let refund = r#""merchantOrderId":"R1","originalUqOrderId":"U9","amount":2.3"#;
    let bodies = [
        (0, 0, about(payment, paid)),
        (0, 0, r#"{"code":"200003","respMsg":"insufficient balance"}"#.to_owned()),
        (1, 0, about(payment, code)),
        (1, 2, about(payment, inline)),
        (2, 1, about(payment, link)),
        (3, 0, about(payment, r#""status":"closed""#)),
        (3, 1, r#"{"code":"200001","respMsg":"Transaction does not exist"}"#.to_owned()),
        (4, 0, about(payment, paid)),
        (5, 0, about(cancel, r#""status":"success""#)),
        (6, 0, r#"{"code":"200007","data":null}"#.to_owned()),
        (7, 1, about(refund, r#""status":"fail""#)),
        (8, 0, about(refund, r#""status":"processing""#)),
        (0, 0, r#"{"code":"900001"}"#.to_owned()),
        (3, 0, r#"{"code":"000000","data":{"x":[1,{"y":null},"z",-1.50e+3,true]}}"#.to_owned()),
    ];
    bodies
        .into_iter()
        .map(|(request, profile, body)| [&[request, profile], body.as_bytes()].concat())
        .collect()
}

/// Nothing is heard from an answer that is not signed with our key over this very text; and what is heard stands there and
/// is about the ids, the amount and the currency that were asked for.
fn hold(bytes: &[u8]) {
    let [request, terminal, body @ ..] = bytes else { return };
    let requests = requests();
    let request = chosen(&requests, *request);
    let Terminal { profile, protocol } = chosen(&*TERMINALS, *terminal);
    let read = |sign: &str, body: &[u8], status| {
        let mut headers = HeaderMap::new();
        headers.insert("sign", HeaderValue::from_str(sign).unwrap());
        protocol.read(request, status, &headers, body)
    };

    let unsigned = protocol.read(request, StatusCode::OK, &HeaderMap::new(), body);
    assert!(matches!(unsigned, Err(Silence::BadSignature | Silence::Unreadable)), "unsigned: {unsigned:?}");
    let Ok(mut json) = Json::read(body) else {
        assert_eq!(unsigned, Err(Silence::Unreadable));
        return;
    };
    is_written_as_it_is_read(&json);

    let in_body = profile.answer.signature == SignaturePlace::Body;
    if in_body {
        json.take(&profile.answer.sign);
    }
    let signer = Signer::new(profile.signing.clone(), key(KEY));
    let sign = sign_of(&signer, &json);
    counts_for_this_text_only(&signer, profile, &json, &sign);
    let signed = |sign: &str, mut json: Json| {
        if in_body && matches!(json, Json::Object(_)) {
            json.put(&profile.answer.sign, Json::Text(sign.to_owned()));
        }
        text_of(&json)
    };
    let strange = sign_of(&Signer::new(profile.signing.clone(), key("another key")), &json);
    let wrong = read(&strange, signed(&strange, json.clone()).as_bytes(), StatusCode::OK);
    assert_eq!(wrong, Err(Silence::BadSignature));
    let body = signed(&sign, json.clone());
    assert_eq!(read(&sign, body.as_bytes(), StatusCode::ACCEPTED), Err(Silence::Http(202)));
    match read(&sign, body.as_bytes(), StatusCode::OK) {
        Ok(Verified { heard, date: None }) => stands_there(&heard, request, profile, &json),
        Ok(Verified { date: Some(_), .. }) => panic!("a date that nobody sent"),
        // Only an object has room for a signature.
        Err(Silence::BadSignature) => assert!(in_body && !matches!(json, Json::Object(_))),
        Err(Silence::Unreadable | Silence::OtherTransaction) => {}
        Err(other) => panic!("{other:?}"),
    }
}

pub(crate) fn text_of(json: &Json) -> String {
    let mut text = String::new();
    json.write(&mut text);
    text
}

pub(crate) fn sign_of(signer: &Signer, json: &Json) -> String {
    match signer.sign(json) {
        Ok(Proof::Sign(sign)) => sign,
        _ => panic!("could not sign"),
    }
}

fn is_written_as_it_is_read(json: &Json) {
    let text = text_of(json);
    let again = Json::read(text.as_bytes()).unwrap();
    assert!(again == *json && text_of(&again) == text, "{text}");
}

/// A signature counts for a text that flattens to the same characters, and for no other.
fn counts_for_this_text_only(signer: &Signer, profile: &Profile, json: &Json, sign: &str) {
    assert_eq!(signer.verify(json, Some(sign)), Ok(()));
    let mut more = json.clone();
    more.put("data.status", Json::Text("success".to_owned()));
    let same = flatten(&more, &profile.signing) == flatten(json, &profile.signing);
    assert_eq!(signer.verify(&more, Some(sign)).is_ok(), same);
}

/// The contract, section 5, read the other way: from what was heard back to the text.
fn stands_there(heard: &Heard, request: &Request, profile: &Profile, json: &Json) {
    let code = json.text_at("code").expect("an answer without a code");
    let says = match heard {
        Heard::Pictured { status, picture } => {
            let image = picture.to_ascii_lowercase().starts_with("data:")
                || profile.answer.pay_action.image_hosts.contains("img.example");
            assert!(image && is_told(json, picture) && status.code.is_none());
            Says::Status(status.clone())
        }
        Heard::Whole(says) => says.clone(),
    };
    match says {
        Says::Status(status) => {
            assert_eq!(code, "000000");
            state_stands_there(&status, request, json);
        }
        Says::Declined(decline) => assert!(decline.code.0 == code && code.starts_with(['1', '2'])),
        Says::Absent => assert_eq!(code, "200001"),
        Says::NotAccepted(said) => assert!(said.0 == code && matches!(code, "100002" | "100003")),
        Says::Unclear(said) => assert!(said.0 == code && code != "000000"),
    }
}

fn state_stands_there(status: &Status, request: &Request, json: &Json) {
    let word = match status.state {
        StatusWord::Success => "success",
        StatusWord::Processing => "processing",
        StatusWord::Fail => "fail",
        StatusWord::Closed => "closed",
    };
    assert_eq!(json.text_at("data.status"), Some(word));
    let (name, id, amount) = match request {
        Request::Pay(pay) => ("data.merchantOrderId", pay.id.as_str(), Some(pay.amount)),
        Request::Detail { id: Target::Ours(id), amount } => ("data.merchantOrderId", id.as_str(), *amount),
        Request::Detail { id: Target::Theirs(id), amount } => ("data.uqOrderId", id.0.as_str(), *amount),
        Request::Cancel { id, amount, .. } => {
            // It need not repeat the payment.
            ("data.merchantOrderId", id.as_str(), json.at("data.amount").and(Some(*amount)))
        }
        Request::Refund { id, amount, .. } => ("data.merchantOrderId", id.as_str(), Some(*amount)),
    };
    assert_eq!(json.text_at(name), Some(id));
    if let Some(asked) = amount {
        assert_eq!(status.amount, Some(asked));
        assert_eq!(json.text_at("data.currency"), Some("HKD"));
    }
    assert_eq!(status.uq_id.as_ref().map_or("", |id| &id.0), json.text_at("data.uqOrderId").unwrap_or(""));
    let makes_code = matches!(request, Request::Pay(pay) if pay.product.product().makes_code());
    if let Some(code) = &status.code {
        assert!(makes_code && is_told(json, &code.0) && !code.0.to_ascii_lowercase().starts_with("data:"));
        assert!(!code.0.is_empty() && code.0.len() <= 1024 && !code.0.chars().any(char::is_control));
    }
}

/// Is this one of the addresses in `payAction`?
fn is_told(json: &Json, address: &str) -> bool {
    let actions = match json.at("data.payAction") {
        Some(Json::List(actions)) => actions.as_slice(),
        Some(action) => std::slice::from_ref(action),
        None => &[],
    };
    let told =
        |action: &Json| [action.text_at("redirectUrl"), action.text_at("Url")].contains(&Some(address));
    actions.iter().any(told)
}
