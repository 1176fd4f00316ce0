//! Every value of the wire profile changes something that can be seen: a request's bytes, how an answer is read, or a
//! setting. A key without a row here fails.

use std::collections::BTreeSet;
use std::path::Path;

use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderName};
use postern::acquirer::json::Json;
use postern::acquirer::keys;
use postern::acquirer::profile::{BUILT_IN, ProductName, Profile};
use postern::acquirer::sign::{Key, Proof, Secret, Signer};
use postern::acquirer::tls::{CertificateTime, client_config};
use postern::clock::MADE;
use postern::notify::Listener;
use postern::notify::letter::Letters;
use postern_heart::ask::Request;
use postern_heart::news::Taken;

use crate::acquirer_help::{
    Folder, RSA_CREDENTIALS, SHA_CREDENTIALS, cancel, detail, hkd, id, pay_by_code, pay_by_link,
    pay_by_order, profile, protocol, refund, signer, theirs,
};

/// A change of the profile, and where it shows.
struct Row {
    /// Every key that this row is about.
    keys: &'static str,
    /// What the profile file says.
    text: &'static str,
    /// Looks, under a profile file.
    look: fn(&str) -> String,
    /// What is seen with the change, and not without.
    sees: &'static str,
}

/// Every request, byte for byte but for its own id.
fn requests(more: &str) -> String {
    let protocol = protocol(profile(more));
    let mut seen = String::new();
    for request in [
        pay_by_code(),
        pay_by_order(),
        cancel(),
        detail(),
        refund(),
        Request::Detail { id: theirs(), amount: None },
        Request::Refund { id: id("R2"), original: theirs(), amount: hkd(1) },
    ] {
        let message = protocol.write(&request).unwrap();
        seen.push_str(&format!("{} {}\n", message.method(), message.uri()));
        for (name, value) in message.headers() {
            let value = value.to_str().unwrap();
            let value = if value.len() == 32 { "<random>" } else { value };
            seen.push_str(&format!("{name}: {value}\n"));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let body = runtime.block_on(message.into_body().collect()).unwrap().to_bytes();
        seen.push_str(&format!("\n{}\n", String::from_utf8(body.to_vec()).unwrap()));
    }
    seen
}

/// Where an answer's signature stands.
#[derive(Clone, Copy)]
enum Place {
    Header(&'static str),
    Field(&'static str),
}

fn reading(
    more: &str,
    request: &Request,
    body: &str,
    place: Place,
    others: &[(&'static str, &str)],
) -> String {
    let profile = profile(more);
    let mut json = Json::read(body.as_bytes()).unwrap();
    let Proof::Sign(sign) = signer(&profile).sign(&json).unwrap() else { panic!("a token") };
    let mut headers = HeaderMap::new();
    match place {
        Place::Header(name) => drop(headers.insert(HeaderName::from_static(name), sign.parse().unwrap())),
        Place::Field(name) => json.put(name, Json::Text(sign)),
    }
    for (name, value) in others {
        headers.insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    let mut text = String::new();
    json.write(&mut text);
    format!("{:?}", protocol(profile).read(request, StatusCode::OK, &headers, text.as_bytes()))
}

/// How an answer about P1 is read that has these fields in its envelope and data.
fn answer(more: &str, envelope: &str, data: &str) -> String {
    let body = format!(r#"{{{envelope},"data":{{{data}}}}}"#);
    reading(more, &pay_by_order(), &body, Place::Header("sign"), &[])
}

const OK: &str = r#""code":"000000""#;
const P1: &str = r#""merchantOrderId":"P1","amount":"12.30","currency":"HKD""#;

fn data(more: &str, data: &str) -> String {
    answer(more, OK, &format!("{P1},{data}"))
}

fn code(more: &str, code: &str) -> String {
    reading(more, &detail(), &format!(r#"{{"code":"{code}"}}"#), Place::Header("sign"), &[])
}

fn timings(more: &str) -> String {
    let timings = profile(more).timings;
    format!("{:?} {timings:?}", timings.heart())
}

fn listener(more: &str) -> String {
    let files = "notify.cert_file = \"c.pem\"\nnotify.key_file = \"k.pem\"\nnotify.notification_key_file = \"n.key\"\n";
    let named = |line: &&str| !more.starts_with(line.split(' ').next().unwrap());
    let files: String = files.lines().filter(named).map(|line| format!("{line}\n")).collect();
    let folder = Folder::new();
    folder.secret("n.key", "a key");
    let text = format!("{files}{more}\n{SHA_CREDENTIALS}");
    let profile = Profile::read(&folder.path().join("wire.toml"), &text).unwrap();
    if more.starts_with("notify.key_file") {
        // The key is looked at only beside a certificate.
        return profile.notify.key_file.file_name().unwrap().to_string_lossy().into_owned();
    }
    let (inbox, _events) = postern::ports::Inbox::channel();
    let address = "127.0.0.1:0".parse().unwrap();
    let started =
        Listener::start(address, std::sync::Arc::new(profile), crate::acquirer_help::merchant(), inbox);
    started.err().unwrap().to_string()
}

fn news(more: &str) -> String {
    let body = r#"{"type2":"PAYMENT","product":"ENTRY_CODE","storeId":"S1","uqOrderId":"UQ1","amount":"1.00","currency":"HKD","status":"success"}"#;
    let body = Json::read(body.as_bytes()).unwrap();
    format!("{:?}", postern::acquirer::wire::news(&body, &profile(more), &crate::acquirer_help::merchant()))
}

fn letters(more: &str) -> String {
    let profile = profile(more);
    let credentials = profile.credentials.clone().unwrap();
    let key = Key::Sha(Secret::new(crate::acquirer_help::KEY.to_owned()));
    let letters =
        Letters::new(std::sync::Arc::new(profile), credentials, key, crate::acquirer_help::merchant());
    let (head, ()) = hyper::Request::post("/news").body(()).unwrap().into_parts();
    let answers = [Ok(Taken::Taken), Ok(Taken::Refused)].map(|read| letters.answer(read));
    format!("{:?} {answers:?}", letters.admit(&head))
}

fn trust(more: &str) -> String {
    match client_config(&profile(more).trust, &CertificateTime::new(|| MADE)) {
        Ok(_) => "trusted".to_owned(),
        Err(fault) => fault.to_string(),
    }
}

fn action(more: &str, kind: &str, key: &str) -> String {
    let fields = format!(r#""status":"processing","payAction":{{{kind},"{key}":"https://qr.example/1"}}"#);
    data(more, &fields)
}

/// Reads what a PAY that asks for a link is answered.
fn link_of(more: &str, kind: &str, key: &str) -> String {
    let fields = format!(
        r#"{OK},"data":{{{P1},"status":"processing","payAction":{{{kind},"{key}":"https://pay.example/1"}}}}"#
    );
    reading(more, &pay_by_link(), &format!("{{{fields}}}"), Place::Header("sign"), &[])
}

/// Reads a statement in which one name is another one: `from` a default, `to` what the profile says instead.
fn statement(more: &str, from: &str, to: &str) -> String {
    let csv = "merchantOrderId,originalMerchantOrderId,uqOrderId,originalUqOrderId,transactionType,status,amount,currency\n\
               P1,,U1,,PAYMENT,success,12.30,HKD\n\
               P1,,U1,,PAYMENT,fail,99.00,HKD\n\
               R1,P1,,,REFUND,success,2.30,HKD\n\
               R2,,,U1,REFUND,success,1.00,HKD\n\
               P2,,U2,,PAYMENT,success,5.00,HKD\n\
               C1,P2,,,CANCEL,success,5.00,HKD\n";
    let folder = Folder::new();
    let path = folder.path().join("statement.csv");
    std::fs::write(&path, csv.replace(from, to)).unwrap();
    match postern::reconcile::statement::read(&path, &profile(more).statement) {
        Ok(entries) => {
            let name = |entry: &postern::reconcile::statement::Entry| {
                format!("{:?} {:?} {}", entry.id, entry.uq_id.as_ref().map(|id| &id.0), entry.kept())
            };
            entries.iter().map(name).collect::<Vec<_>>().join("; ")
        }
        Err(fault) => fault.to_string(),
    }
}

/// What the statement of [`statement`] says.
const STATED: &str = "Some(P1) Some(\"U1\") HK$9.00; Some(P2) Some(\"U2\") HK$0.00";

fn rows() -> Vec<Row> {
    macro_rules! rows {
        ($($keys:literal: $text:literal, $look:expr, $sees:expr;)*) => {
            vec![$(Row { keys: $keys, text: $text, look: $look, sees: $sees }),*]
        };
    }
    rows! {
        "base_url": "base_url = \"https://pos.example:8443/gw\"", requests, "POST /gw/v1/pay\nhost: pos.example:8443\n";
        "allow_unsigned": "allow_unsigned = true", |more| {
            let token = SHA_CREDENTIALS.replace("\"SHA\"", "\"TOKEN\"");
            format!("{:?}", Profile::read(Path::new("f"), &format!("{more}\n{token}")).map(|_| "taken"))
        }, "taken";
        "trust.ca_file": "trust.ca_file = \"nowhere.pem\"", trust, "could not read the roots in nowhere.pem";
        "trust.pinned_roots": "trust.pinned_roots = [\"sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]",
            trust, "could not find a root";
        "http.method": "http.method = \"PUT\"", requests, "PUT /v1/pay";
        "http.content_type": "http.content_type = \"application/json; charset=utf-8\"",
            requests, "content-type: application/json; charset=utf-8\n";
        "statement.delimiter": "statement.delimiter = \";\"", |more| statement(more, ",", ";"), STATED;
        "statement.order_id": "statement.order_id = \"Order no.\"",
            |more| statement(more, "merchantOrderId", "Order no."), STATED;
        "statement.original_order_id": "statement.original_order_id = \"for\"",
            |more| statement(more, "originalMerchantOrderId", "for"), STATED;
        "statement.uq_order_id": "statement.uq_order_id = \"uq\"", |more| statement(more, "uqOrderId", "uq"), STATED;
        "statement.original_uq_order_id": "statement.original_uq_order_id = \"for\"",
            |more| statement(more, "originalUqOrderId", "for"), STATED;
        "statement.kind": "statement.kind = \"type\"", |more| statement(more, "transactionType", "type"), STATED;
        "statement.status": "statement.status = \"state\"", |more| statement(more, "status", "state"), STATED;
        "statement.amount": "statement.amount = \"sum\"", |more| statement(more, "amount", "sum"), STATED;
        "statement.currency": "statement.currency = \"ccy\"", |more| statement(more, "currency", "ccy"), STATED;
        "statement.payment": "statement.payment = \"SALE\"", |more| statement(more, "PAYMENT", "SALE"), STATED;
        "statement.refund": "statement.refund = \"BACK\"", |more| statement(more, "REFUND", "BACK"), STATED;
        "statement.cancel": "statement.cancel = \"VOID\"", |more| statement(more, "CANCEL", "VOID"), STATED;
        "statement.success": "statement.success = \"OK\"", |more| statement(more, "success", "OK"), STATED;
        "fields.transaction_type": "fields.transaction_type = \"type2\"", news, "about: Entry";
        "notify.path": "notify.path = \"/news\"", letters, "Ok(())";
        "notify.acknowledge": "notify.acknowledge = \"OK\"", letters, "(200, \"{\\\"code\\\":\\\"OK\\\"}\")";
        "notify.refuse": "notify.refuse = \"NO\"", letters, "(422, \"{\\\"code\\\":\\\"NO\\\"}\")";
        "notify.cert_file": "notify.cert_file = \"other.pem\"", listener, "other.pem";
        "notify.key_file": "notify.key_file = \"other.key\"", listener, "other.key";
        "notify.notification_key_file": "notify.notification_key_file = \"other.key\"", listener, "other.key";
        "paths.pay": "paths.pay = \"/pay2\"", requests, "POST /pay2\n";
        "paths.refund": "paths.refund = \"/back\"", requests, "POST /back\n";
        "paths.cancel": "paths.cancel = \"/void\"", requests, "POST /void\n";
        "paths.detail": "paths.detail = \"/query?x=1\"", requests, "POST /query?x=1\n";
        "headers.client_id": "headers.client_id = \"x-client\"", requests, "\nx-client: M1\n";
        "headers.sign_type": "headers.sign_type = \"x-type\"", requests, "\nx-type: SHA\n";
        "headers.sign_id": "headers.sign_id = \"x-key\"", requests, "\nx-key: K1\n";
        "headers.sign": "headers.sign = \"x-sign\"", requests, "\nx-sign: ";
        "headers.request_id": "headers.request_id = \"x-request\"", requests, "\nx-request: <random>\n";
        "headers.token": "headers.token = \"x-token\"", |more| {
            let key = Key::Token(Secret::new("t".to_owned()));
            let protocol = postern::acquirer::protocol::Protocol::new(
                std::sync::Arc::new(profile(more)), key, crate::acquirer_help::merchant()).unwrap();
            protocol.write(&detail()).unwrap().headers().keys().map(|key| format!(" {key} ")).collect()
        }, " x-token ";
        "signing.salt_separator": "signing.salt_separator = \"&\"", requests, "";
        "signing.hash": "signing.hash = \"SHA-512\"", requests, "";
        "signing.sha_encoding": "signing.sha_encoding = \"base64\"", requests, "=\n";
        "signing.list_separator": "signing.list_separator = \";\"", list_signature, "";
        "signing.list_object_mark": "signing.list_object_mark = \"!\"", list_signature, "";
        "signing.rsa_padding": "signing.rsa_padding = \"PSS\"", rsa_signature, "as by default: Err(Wrong)";
        "signing.rsa_encoding": "signing.rsa_encoding = \"hex-upper\"", rsa_signature, "upper hex: true";
        "fields.order_id": "fields.order_id = \"orderNo\"", requests, "\"orderNo\":\"P1\"";
        "fields.original_uq_order_id": "fields.original_uq_order_id = \"of.theirs\"", requests, "\"of\":{\"theirs\":\"U9\"}";
        "fields.original_order_id": "fields.original_order_id = \"of.orderNo\"", requests, "\"of\":{\"orderNo\":\"P1\"}";
        "fields.payment_method": "fields.payment_method = \"method\"", requests, "\"method\":\"ALIPAY_HK\"";
        "fields.product": "fields.product = \"kind\"", requests, "\"kind\":\"ORDER_CODE\"";
        "fields.amount": "fields.amount = \"order.total\"", requests, "\"order\":{\"total\":\"12.30\"}";
        "fields.currency": "fields.currency = \"ccy\"", requests, "\"ccy\":\"HKD\"";
        "fields.expire_at": "fields.expire_at = \"validTo\"", requests, "\"validTo\":\"2026-11-23 18:30:00\"";
        "fields.payment_code": "fields.payment_code = \"authCode\"", requests, "\"authCode\":\"280244567856723026\"";
        "fields.description": "fields.description = \"subject\"", requests, "\"subject\":\"奶茶 x2\"";
        "fields.os": "fields.os = \"riskData.device.os\"", requests, "\"riskData\":{\"device\":{\"os\":\"Linux\"}}";
        "fields.store_id": "fields.store_id = \"shop\"", requests, "\"shop\":\"S1\"";
        "fields.sub_merchant_id": "fields.sub_merchant_id = \"sub\"", requests, "\"sub\":\"SUB1\"";
        "fields.terminal_id": "fields.terminal_id = \"pos\"", requests, "\"pos\":\"HK01\"";
        "fields.operator_id": "fields.operator_id = \"who\"", requests, "\"who\":\"OP7\"";
        "fields.notify_url request.notify_url":
            "fields.notify_url = \"notifyurl\"\nrequest.notify_url = \"https://shop.example/n\"",
            requests, "\"notifyurl\":\"https://shop.example/n\"";
        "fields.uq_order_id": "fields.uq_order_id = \"tradeNo\"",
            |more| data(more, r#""status":"success","tradeNo":"T5""#), "UqOrderId(\"T5\")";
        "fields.status": "fields.status = \"state\"", |more| data(more, r#""state":"success""#), "Success";
        "fields.pay_time": "fields.pay_time = \"paidAt\"",
            |more| data(more, r#""status":"success","paidAt":"2026-11-23 18:30:00""#), "at: Wall(1795429800000)";
        "fields.refunded_amount": "fields.refunded_amount = \"back\"",
            |more| data(more, r#""status":"success","back":"1.00""#), "Amount { minor: 100";
        "fields.pay_action": "fields.pay_action = \"next\"",
            |more| data(more, r#""status":"processing","next":{"type":"QRCODE","redirectUrl":"q"}"#), "OrderCode(\"q\")";
        "request.payment_method": "request.payment_method = \"ALIPAY_CN\"", requests, "\"paymentMethod\":\"ALIPAY_CN\"";
        "request.amounts": "request.amounts = \"number\"", requests, "\"amount\":12.30,";
        "request.os": "request.os = \"Postern\"", requests, "{\"os\":\"Postern\"}";
        "request.id_length_max": "request.id_length_max = 1",
            |more| format!("{:?}", crate::acquirer_help::merchant().check(&profile(more))), "longer than 1 characters";
        "request.pay_extras": "request.pay_extras.goods = { n = 2, hot = true, note = \"x\" }", requests,
            "\"goods\":{\"description\":\"奶茶 x2\",\"hot\":true,\"n\":2,\"note\":\"x\"}";
        "request.refund_extras": "request.refund_extras.reason = \"goods returned\"", requests, "\"reason\":\"goods returned\",";
        "request.cancel_extras": "request.cancel_extras.why = \"void\"", requests, "\"why\":\"void\"}";
        "request.detail_extras": "request.detail_extras.v = 2", requests, "{\"merchantOrderId\":\"P1\",\"v\":2}";
        "time.zone": "time.zone = \"UTC\"", requests, "\"expireAt\":\"2026-11-23 10:30:00\"";
        "time.format": "time.format = \"%Y%m%d%H%M%S\"", requests, "\"expireAt\":\"20261123183000\"";
        "time.cancel_until": "time.cancel_until = \"22:00:00\"",
            |more| data(more, r#""status":"success","payTime":"2026-11-23 18:30:00""#), "cut_off: Wall(1795442400000)";
        "business.products": "business.products = [\"PAYMENT_CODE\"]",
            |more| format!("{}", profile(more).offers(ProductName::OrderCode)), "false";
        "business.no_cancel": "business.no_cancel = [\"ALIPAY_HK\"]", |more| format!("{}", profile(more).knows_cancel()), "false";
        "business.refunds": "business.refunds = false", |more| format!("{}", profile(more).business.refunds), "false";
        "answer.code": "answer.code = \"rc\"",
            |more| answer(more, r#""rc":"000000""#, &format!(r#"{P1},"status":"success""#)), "Success";
        "answer.data": "answer.data = \"result\"",
            |more| reading(more, &detail(), &format!(r#"{{{OK},"result":{{{P1},"status":"success"}}}}"#), Place::Header("sign"), &[]),
            "Success";
        "answer.success_code": "answer.success_code = \"0\"",
            |more| answer(more, r#""code":"0""#, &format!(r#"{P1},"status":"success""#)), "Success";
        "answer.signature": "answer.signature = \"body\"",
            |more| reading(more, &detail(), r#"{"code":"200001"}"#, Place::Field("sign"), &[]), "Absent";
        "answer.sign": "answer.sign = \"x-signature\"",
            |more| reading(more, &detail(), r#"{"code":"200001"}"#, Place::Header("x-signature"), &[]), "Absent";
        "answer.sign_type": "answer.sign_type = \"x-type\"",
            |more| reading(more, &detail(), r#"{"code":"200001"}"#, Place::Header("sign"), &[("x-type", "RSA")]), "BadSignature";
        "answer.status.success": "answer.status.success = \"PAID\"", |more| data(more, r#""status":"PAID""#), "Success";
        "answer.status.processing": "answer.status.processing = \"WAIT\"", |more| data(more, r#""status":"WAIT""#), "Processing";
        "answer.status.fail": "answer.status.fail = \"NO\"", |more| data(more, r#""status":"NO""#), "Fail";
        "answer.status.closed": "answer.status.closed = \"VOID\"", |more| data(more, r#""status":"VOID""#), "Closed";
        "answer.pay_action.type": "answer.pay_action.type = \"kind\"",
            |more| action(more, r#""kind":"QRCODE""#, "redirectUrl"), "OrderCode(\"https://qr.example/1\")";
        "answer.pay_action.qr_code": "answer.pay_action.qr_code = \"QR\"",
            |more| action(more, r#""type":"QR""#, "redirectUrl"), "OrderCode(\"https://qr.example/1\")";
        "answer.pay_action.qr_code_url": "answer.pay_action.qr_code_url = \"url\"",
            |more| action(more, r#""type":"QRCODE""#, "url"), "OrderCode(\"https://qr.example/1\")";
        "answer.pay_action.redirect_url answer.pay_action.image_hosts":
            "answer.pay_action.redirect_url = \"image\"\nanswer.pay_action.image_hosts = [\"qr.example\"]",
            |more| action(more, r#""type":"QRCODE""#, "redirectUrl"), "Pictured";
        "answer.pay_action.redirect answer.pay_action.redirect_link":
            "answer.pay_action.redirect = \"LINK\"\nanswer.pay_action.redirect_link = \"link\"",
            |more| link_of(more, r#""type":"LINK""#, "link"), "OrderCode(\"https://pay.example/1\")";
        "answer.codes.100001": "answer.codes.100001 = \"other\"", |more| code(more, "100001"), "Other";
        "answer.codes.100002": "answer.codes.100002 = \"risk\"", |more| code(more, "100002"), "Risk";
        "answer.codes.100003": "answer.codes.100003 = \"balance\"", |more| code(more, "100003"), "Balance";
        "answer.codes.100004": "answer.codes.100004 = \"parameter\"", |more| code(more, "100004"), "Parameter";
        "answer.codes.200001": "answer.codes.200001 = \"state\"", |more| code(more, "200001"), "State";
        "answer.codes.200002": "answer.codes.200002 = \"not-accepted\"", |more| code(more, "200002"), "NotAccepted";
        "answer.codes.200003": "answer.codes.200003 = \"code-invalid\"", |more| code(more, "200003"), "CodeInvalid";
        "answer.codes.200004": "answer.codes.200004 = \"too-much\"", |more| code(more, "200004"), "TooMuch";
        "answer.codes.200005": "answer.codes.200005 = \"absent\"", |more| code(more, "200005"), "Absent";
        "answer.codes.200006": "answer.codes.200006 = \"id-used\"", |more| code(more, "200006"), "IdUsed";
        "answer.codes.200007": "answer.codes.200007 = \"unclear\"", |more| code(more, "200007"), "Unclear";
        "answer.codes.200008": "answer.codes.200008 = \"cut-off\"", |more| code(more, "200008"), "CutOff";
        "answer.codes.900001": "answer.codes.900001 = \"other\"", |more| code(more, "900001"), "Other";
        "timings.connect": "timings.connect = \"1234ms\"", timings, "connect: Pause(1.234s)";
        "timings.call": "timings.call = \"12345ms\"", timings, " call: Pause(12.345s)";
        "timings.detail_call": "timings.detail_call = \"12345ms\"", timings, "detail_call: Pause(12.345s)";
        "timings.idle_max": "timings.idle_max = \"1234ms\"", timings, "idle_max: Pause(1.234s)";
        "timings.image": "timings.image = \"1234ms\"", timings, "image: Pause(1.234s)";
        "timings.first_detail": "timings.first_detail = \"1234ms\"", timings, "first_detail_ms: 1234,";
        "timings.after_processing": "timings.after_processing = \"1234ms\"", timings, "after_processing_ms: 1234,";
        "timings.detail_every": "timings.detail_every = \"1234ms\"", timings, "detail_every_ms: 1234,";
        "timings.after_busy": "timings.after_busy = \"1234ms\"", timings, "after_busy_ms: 1234,";
        "timings.spread_percent": "timings.spread_percent = 7", timings, "spread_percent: 7,";
        "timings.payment_code_limit": "timings.payment_code_limit = \"45s\"", timings, "payment_code_limit_ms: 45000,";
        "timings.order_code_limit": "timings.order_code_limit = \"45s\"", timings, "order_code_limit_ms: 45000,";
        "timings.printed_code_limit": "timings.printed_code_limit = \"5min\"", timings, "printed_code_limit_ms: 300000,";
        "timings.link_limit": "timings.link_limit = \"1h\"", timings, "link_limit_ms: 3600000,";
        "timings.expire_after_limit": "timings.expire_after_limit = \"1234ms\"", timings, "expire_after_limit_ms: 1234,";
        "timings.expire_margin": "timings.expire_margin = \"1234ms\"", timings, "expire_margin_ms: 1234,";
        "timings.park_after": "timings.park_after = \"1234ms\"", timings, "park_after_ms: 1234,";
        "timings.scan_age_max": "timings.scan_age_max = \"1234ms\"", timings, "scan_age_max_ms: 1234,";
        "timings.scan_quiet": "timings.scan_quiet = \"1234ms\"", timings, "scan_quiet_ms: 1234,";
        "timings.code_life": "timings.code_life = \"1234ms\"", timings, "code_life_ms: 1234,";
        "timings.cancel_again": "timings.cancel_again = [\"1s\", \"2s\", \"3s\"]", timings, "cancel_again_ms: [1000, 2000, 3000]";
        "timings.background": "timings.background = [\"1s\", \"2s\", \"3s\", \"4s\", \"5s\", \"6s\"]", timings,
            "background_ms: [1000, 2000, 3000, 4000, 5000, 6000]";
        "timings.background_then": "timings.background_then = \"1234ms\"", timings, "background_then_ms: 1234,";
        "timings.background_old": "timings.background_old = \"1234ms\"", timings, "background_old_ms: 1234,";
        "timings.background_old_every": "timings.background_old_every = \"1234ms\"", timings, "background_old_every_ms: 1234,";
        "timings.clock_off_max": "timings.clock_off_max = \"1234ms\"", timings, "clock_off_max_ms: 1234,";
        "timings.result_stays": "timings.result_stays = \"1234ms\"", timings, "result_stays_ms: 1234,";
        "timings.prove_every": "timings.prove_every = \"1234ms\"", timings, "prove_every_ms: 1234,";
        "timings.warn_before_cut_off": "timings.warn_before_cut_off = \"1234ms\"", timings, "warn_before_cut_off_ms: 1234";
    }
}

/// The signature of a body that holds a list.
fn list_signature(more: &str) -> String {
    let body = Json::read(br#"{"a":[1,{"b":2}]}"#).unwrap();
    match signer(&profile(more)).sign(&body).unwrap() {
        Proof::Sign(sign) => sign,
        Proof::Token(_) => panic!("a token"),
    }
}

/// How an RSA signature looks, and whether it is one under the default's rules.
fn rsa_signature(more: &str) -> String {
    let body = Json::read(br#"{"a":"1"}"#).unwrap();
    let Proof::Sign(sign) = rsa_signer(more).sign(&body).unwrap() else { panic!("a token") };
    let hex = sign.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    format!("upper hex: {hex}; as by default: {:?}", rsa_signer("").verify(&body, Some(&sign)))
}

fn rsa_signer(more: &str) -> Signer {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("data/sign_vectors.json")).unwrap();
    let folder = Folder::new();
    folder.secret("our.key", vectors["rsa_private_key_pem"].as_str().unwrap());
    folder.file("theirs.pem", vectors["rsa_public_key_pem"].as_str().unwrap());
    let text = format!("{more}\n{RSA_CREDENTIALS}");
    let profile = Profile::read(&folder.path().join("wire.toml"), &text).unwrap();
    let key = keys::read(profile.credentials.as_ref().unwrap()).unwrap();
    Signer::new(profile.signing, key)
}

#[test]
fn each_value_of_the_profile_changes_what_is_seen() {
    for row in rows() {
        let (before, after) = ((row.look)(""), (row.look)(row.text));
        assert_ne!(before, after, "{} changes nothing", row.keys);
        assert!(after.contains(row.sees), "{} is not seen in: {after}", row.keys);
        assert!(
            row.sees.is_empty() || !before.contains(row.sees),
            "{} is seen anyway in: {before}",
            row.keys
        );
    }
}

#[test]
fn every_key_of_the_profile_has_its_row() {
    let rows = rows();
    let seen: BTreeSet<&str> = rows.iter().flat_map(|row| row.keys.split(' ')).collect();
    let table: toml::Table = BUILT_IN.parse().unwrap();
    let mut keys = BTreeSet::new();
    collect(&table, "", &mut keys);
    let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
    let without: Vec<_> = keys.difference(&seen).collect();
    assert!(without.is_empty(), "no row for {without:?}");
    let unknown: Vec<_> = seen.difference(&keys).collect();
    assert!(unknown.is_empty(), "no such key: {unknown:?}");
}

fn collect(table: &toml::Table, prefix: &str, keys: &mut BTreeSet<String>) {
    for (key, value) in table {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) if !inner.is_empty() => collect(inner, &name, keys),
            _ => drop(keys.insert(name)),
        }
    }
}
