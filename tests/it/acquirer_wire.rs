//! Requests as they are written, and answers as they are read.

use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::header::HeaderMap;
use postern::acquirer::json::Json;
use postern::acquirer::protocol::{Protocol, Verified};
use postern::acquirer::sign::Proof;
use postern::acquirer::wire::Heard;
use postern_heart::ask::{
    AnswerCode, Decline, OrderCode, Reason, Request, Says, Silence, Status, StatusWord,
};
use postern_heart::ids::UqOrderId;
use postern_heart::now::Wall;

use crate::acquirer_help::{
    CODE, cancel, detail, hkd, id, merchant, ours, pay_by_code, pay_by_link, pay_by_order, profile, protocol,
    refund, signer, theirs,
};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// Method, path and body of a request.
fn written(protocol: &Protocol, request: &Request) -> (String, String) {
    let message = protocol.write(request).unwrap();
    let head = format!("{} {}", message.method(), message.uri());
    let body = block_on(message.into_body().collect()).unwrap().to_bytes();
    (head, String::from_utf8(body.to_vec()).unwrap())
}

/// Signs `body` as the acquirer does and has it read as the answer to `request`.
fn read_under(more: &str, request: &Request, body: &str) -> Result<Verified, Silence> {
    let json = Json::read(body.as_bytes()).unwrap();
    let Proof::Sign(sign) = signer(&profile(more)).sign(&json).unwrap() else { panic!("a token") };
    let mut headers = HeaderMap::new();
    headers.insert("sign", sign.parse().unwrap());
    headers.insert("date", "Mon, 23 Nov 2026 10:30:00 GMT".parse().unwrap());
    protocol(profile(more)).read(request, StatusCode::OK, &headers, body.as_bytes())
}

fn says(request: &Request, body: &str) -> Result<Says, Silence> {
    match read_under("", request, body)?.heard {
        Heard::Whole(says) => Ok(says),
        Heard::Pictured { picture, .. } => panic!("a picture at {picture}"),
    }
}

/// An answer about P1 with these fields behind its ids and amount.
fn about_p1(more: &str) -> String {
    format!(
        r#"{{"code":"000000","respMsg":"success","data":{{"merchantOrderId":"P1","uqOrderId":"U9","amount":"12.30","currency":"HKD",{more}}}}}"#
    )
}

fn code_of(request: &Request, pay_action: &str) -> Option<String> {
    let body = about_p1(&format!(r#""status":"processing","payAction":{pay_action}"#));
    match says(request, &body).unwrap() {
        Says::Status(status) => status.code.map(|code| code.0),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_payment_by_code_is_written_field_by_field() {
    let (head, body) = written(&protocol(profile("")), &pay_by_code());
    assert_eq!(head, "POST /v1/pay");
    assert_eq!(
        body,
        r#"{"amount":"12.30","currency":"HKD","expireAt":"2026-11-23 18:30:00","goods":{"description":"奶茶 x2"},"merchantOrderId":"P1","operatorId":"OP7","payCodeValue":"280244567856723026","paymentMethod":"ALIPAY_HK","product":"PAYMENT_CODE","riskData":{"Device":{"os":"Linux"}},"storeId":"S1","subMerchantId":"SUB1","terminalId":"HK01"}"#
    );
}

#[test]
fn a_payment_by_order_code_carries_no_payment_code() {
    let (_, body) = written(&protocol(profile("")), &pay_by_order());
    assert!(body.contains(r#""product":"ORDER_CODE""#) && !body.contains("payCodeValue"), "{body}");
}

#[test]
fn a_payment_by_link_is_a_cashier_payment_and_carries_no_payment_code() {
    let (_, body) = written(&protocol(profile("")), &pay_by_link());
    assert!(body.contains(r#""product":"CASHIER_PAYMENT""#) && !body.contains("payCodeValue"), "{body}");
}

#[test]
fn cancel_and_detail_are_written_field_by_field() {
    let protocol = protocol(profile(""));
    let (head, body) = written(&protocol, &cancel());
    assert_eq!(head, "POST /v1/cancel");
    assert_eq!(
        body,
        r#"{"merchantOrderId":"C1","operatorId":"OP7","originalMerchantOrderId":"P1","storeId":"S1","terminalId":"HK01"}"#
    );
    assert_eq!(
        written(&protocol, &detail()),
        ("POST /v1/detail".to_owned(), r#"{"merchantOrderId":"P1"}"#.to_owned())
    );
}

#[test]
fn a_refund_is_written_field_by_field() {
    let (head, body) = written(&protocol(profile("")), &refund());
    assert_eq!(head, "POST /v1/refund");
    assert_eq!(
        body,
        r#"{"amount":"2.30","currency":"HKD","merchantOrderId":"R1","operatorId":"OP7","originalMerchantOrderId":"P1","storeId":"S1","terminalId":"HK01"}"#
    );
}

/// A payment that came to a static code has no id of ours.
#[test]
fn a_payment_is_named_by_the_acquirers_id_where_it_has_none_of_ours() {
    let protocol = protocol(profile(""));
    let asked = [
        Request::Detail { id: theirs(), amount: None },
        Request::Cancel { id: id("C1"), original: theirs(), amount: hkd(1230) },
        Request::Refund { id: id("R1"), original: theirs(), amount: hkd(230) },
    ];
    let bodies = asked.map(|request| written(&protocol, &request).1);
    assert_eq!(bodies[0], r#"{"uqOrderId":"U9"}"#);
    for body in &bodies[1..] {
        assert!(body.contains(r#""originalUqOrderId":"U9""#), "{body}");
        assert!(!body.contains("originalMerchantOrderId"), "{body}");
    }
}

#[test]
fn the_answer_to_a_refund_names_the_refund_its_amount_and_its_payment() {
    let answer = |id: &str, amount: &str, of: &str| {
        format!(
            r#"{{"code":"000000","data":{{"merchantOrderId":"{id}","originalMerchantOrderId":"{of}","amount":"{amount}","currency":"HKD","status":"success"}}}}"#
        )
    };
    let Ok(Says::Status(status)) = says(&refund(), &answer("R1", "2.30", "P1")) else { panic!("no status") };
    assert_eq!((status.state, status.amount), (StatusWord::Success, Some(hkd(230))));
    for (id, amount, of) in [("R2", "2.30", "P1"), ("R1", "12.30", "P1"), ("R1", "2.30", "P2")] {
        assert_eq!(
            says(&refund(), &answer(id, amount, of)),
            Err(Silence::OtherTransaction),
            "{id} {amount} {of}"
        );
    }
}

/// What is found of another terminal's order is not known beforehand: amount and currency are the answer's own.
#[test]
fn a_question_by_the_acquirers_id_is_answered_by_it_and_tells_the_amount() {
    let probe = Request::Detail { id: theirs(), amount: None };
    let body = about_p1(r#""status":"success","refundedAmount":"2.30""#);
    let Ok(Says::Status(status)) = says(&probe, &body) else { panic!("no status") };
    assert_eq!((status.amount, status.refunded), (Some(hkd(1230)), Some(hkd(230))));
    let other = body.replace("U9", "U8");
    assert_eq!(says(&probe, &other), Err(Silence::OtherTransaction));
}

#[test]
fn every_request_has_an_id_of_its_own_and_hides_its_signature() {
    let protocol = protocol(profile(""));
    let ids: std::collections::BTreeSet<_> = (0..100)
        .map(|_| protocol.write(&detail()).unwrap().headers()["requestid"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 100);
    let message = protocol.write(&pay_by_code()).unwrap();
    let sign = message.headers()["sign"].to_str().unwrap().to_owned();
    let shown = format!("{:?} {:?}", message.headers(), pay_by_code());
    assert!(!shown.contains(&sign) && !shown.contains(CODE), "{shown}");
}

#[test]
fn each_state_and_its_facts_are_read() {
    let states = [
        ("success", StatusWord::Success),
        ("processing", StatusWord::Processing),
        ("fail", StatusWord::Fail),
        ("closed", StatusWord::Closed),
    ];
    for (word, state) in states {
        let body = about_p1(&format!(r#""status":"{word}""#));
        for request in [pay_by_code(), pay_by_order(), detail()] {
            let status = Status {
                state,
                uq_id: Some(UqOrderId("U9".to_owned())),
                amount: Some(hkd(1230)),
                paid: None,
                refunded: None,
                code: None,
            };
            assert_eq!(says(&request, &body), Ok(Says::Status(status)));
        }
    }
    let body = about_p1(r#""status":"success","payTime":"2026-11-23 18:30:00","refundedAmount":"2.30""#);
    let Ok(Says::Status(status)) = says(&detail(), &body) else { panic!("no status") };
    let paid = status.paid.unwrap();
    assert_eq!(paid.at, Wall(1_795_429_800_000));
    assert_eq!(paid.cut_off.minus(paid.at), (5 * 3600 + 29 * 60 + 59) * 1000);
    assert_eq!(status.refunded, Some(hkd(230)));
}

#[test]
fn the_acquirers_clock_comes_along() {
    let verified = read_under("", &detail(), &about_p1(r#""status":"success""#)).unwrap();
    assert_eq!(verified.date, Some(Wall(1_795_429_800_000)));
}

#[test]
fn a_state_in_other_words_is_no_answer() {
    for word in ["Success", "SUCCESS", "paid", ""] {
        assert_eq!(says(&detail(), &about_p1(&format!(r#""status":"{word}""#))), Err(Silence::Unreadable));
    }
    assert_eq!(says(&detail(), &about_p1(r#""state":"success""#)), Err(Silence::Unreadable));
    assert_eq!(says(&detail(), &about_p1(r#""status":1"#)), Err(Silence::Unreadable));
}

#[test]
fn another_id_amount_or_currency_is_no_answer_to_this_request() {
    let wrong = [
        r#""merchantOrderId":"P2","amount":"12.30","currency":"HKD""#,
        r#""amount":"12.30","currency":"HKD""#,
        r#""merchantOrderId":"P1","amount":"12.31","currency":"HKD""#,
        r#""merchantOrderId":"P1","amount":"12.3","currency":"HKD""#,
        r#""merchantOrderId":"P1","amount":"012.30","currency":"HKD""#,
        r#""merchantOrderId":"P1","amount":1230,"currency":"HKD""#,
        r#""merchantOrderId":"P1","amount":12.301,"currency":"HKD""#,
        r#""merchantOrderId":"P1","amount":1.23e1,"currency":"HKD""#,
        r#""merchantOrderId":"P1","amount":"12.30","currency":"USD""#,
        r#""merchantOrderId":"P1","amount":"12.30""#,
        r#""merchantOrderId":"P1","currency":"HKD""#,
    ];
    for fields in wrong {
        let body = format!(r#"{{"code":"000000","data":{{{fields},"status":"success"}}}}"#);
        for request in [pay_by_code(), detail()] {
            assert_eq!(says(&request, &body), Err(Silence::OtherTransaction), "{fields}");
        }
    }
    let number = r#"{"code":"000000","data":{"merchantOrderId":"P1","amount":12.3,"currency":"HKD","status":"success"}}"#;
    assert!(says(&detail(), number).is_ok());
}

#[test]
fn a_cancellation_names_itself_and_does_not_contradict_the_payment() {
    let answer = |fields: &str| format!(r#"{{"code":"000000","data":{{{fields},"status":"success"}}}}"#);
    let good = [
        r#""merchantOrderId":"C1""#,
        r#""merchantOrderId":"C1","originalMerchantOrderId":"P1""#,
        r#""merchantOrderId":"C1","amount":"12.30","currency":"HKD""#,
    ];
    for fields in good {
        assert!(matches!(says(&cancel(), &answer(fields)), Ok(Says::Status(_))), "{fields}");
    }
    let wrong = [
        r#""merchantOrderId":"P1""#,
        r#""merchantOrderId":"C1","originalMerchantOrderId":"P2""#,
        r#""merchantOrderId":"C1","amount":"12.31","currency":"HKD""#,
        r#""merchantOrderId":"C1","amount":"12.30","currency":"USD""#,
        r#""merchantOrderId":"C1","currency":"USD""#,
    ];
    for fields in wrong {
        assert_eq!(says(&cancel(), &answer(fields)), Err(Silence::OtherTransaction), "{fields}");
    }
}

#[test]
fn every_code_of_the_contract_has_its_class() {
    let declined = |reason, code: &str| Says::Declined(Decline { reason, code: AnswerCode(code.to_owned()) });
    let not_accepted = |code: &str| Says::NotAccepted(AnswerCode(code.to_owned()));
    let unclear = |code: &str| Says::Unclear(AnswerCode(code.to_owned()));
    let table = [
        ("100001", declined(Reason::Parameter, "100001")),
        ("100002", not_accepted("100002")),
        ("100003", not_accepted("100003")),
        ("100004", unclear("100004")),
        ("200001", Says::Absent),
        ("200002", declined(Reason::CodeInvalid, "200002")),
        ("200003", declined(Reason::Balance, "200003")),
        ("200004", declined(Reason::Risk, "200004")),
        ("200005", declined(Reason::IdUsed, "200005")),
        ("200006", declined(Reason::TooMuch, "200006")),
        ("200007", declined(Reason::CutOff, "200007")),
        ("200008", declined(Reason::State, "200008")),
        ("900001", unclear("900001")),
        ("900002", unclear("900002")),
        ("", unclear("")),
    ];
    for (code, expected) in table {
        let body = format!(r#"{{"code":"{code}","respMsg":"…"}}"#);
        for request in [pay_by_code(), pay_by_order(), detail(), cancel()] {
            assert_eq!(says(&request, &body), Ok(expected.clone()), "{code}");
        }
    }
}

#[test]
fn an_error_about_another_id_is_no_answer() {
    let body = r#"{"code":"200004","data":{"merchantOrderId":"P2"}}"#;
    assert_eq!(says(&detail(), body), Err(Silence::OtherTransaction));
}

#[test]
fn a_probe_reads_that_its_id_is_unknown() {
    let probe = Request::Detail { id: ours("NEVER-USED"), amount: None };
    assert_eq!(says(&probe, r#"{"code":"200001","respMsg":"Transaction does not exist"}"#), Ok(Says::Absent));
}

#[test]
fn what_is_no_envelope_is_no_answer() {
    for body in [r#"{"respMsg":"x"}"#, r#"{"code":0}"#, r#"[]"#, r#""000000""#, r#"{"code":"000000"}"#] {
        assert_eq!(says(&detail(), body), Err(Silence::Unreadable), "{body}");
    }
    let about_nobody = r#"{"code":"000000","data":[]}"#;
    assert_eq!(says(&detail(), about_nobody), Err(Silence::OtherTransaction));
}

#[test]
fn an_answer_unsigned_wrongly_signed_or_of_another_kind_is_no_answer() {
    let body = about_p1(r#""status":"success""#);
    let protocol = protocol(profile(""));
    let read = |headers: &HeaderMap, status: u16| {
        protocol.read(&detail(), StatusCode::from_u16(status).unwrap(), headers, body.as_bytes()).map(|_| ())
    };
    let mut headers = HeaderMap::new();
    assert_eq!(read(&headers, 200), Err(Silence::BadSignature));
    headers.insert("sign", "00".repeat(32).parse().unwrap());
    assert_eq!(read(&headers, 200), Err(Silence::BadSignature));
    let Proof::Sign(sign) = signer(&profile("")).sign(&Json::read(body.as_bytes()).unwrap()).unwrap() else {
        panic!("a token")
    };
    headers.insert("sign", sign.parse().unwrap());
    assert_eq!(read(&headers, 200), Ok(()));
    for status in [201, 204, 302, 400, 401, 500, 503] {
        assert_eq!(read(&headers, status), Err(Silence::Http(status)));
    }
    headers.insert("signtype", "RSA".parse().unwrap());
    assert_eq!(read(&headers, 200), Err(Silence::BadSignature));
    headers.insert("signtype", "SHA".parse().unwrap());
    assert_eq!(read(&headers, 200), Ok(()));
    for garbage in [&b""[..], b"<html>", b"{", b"\xff\xfe"] {
        assert_eq!(
            protocol.read(&detail(), StatusCode::OK, &headers, garbage).unwrap_err(),
            Silence::Unreadable
        );
    }
}

#[test]
fn the_order_code_is_found_in_every_form_of_pay_action() {
    let pay = pay_by_order();
    let qr = r#"{"type":"QRCODE","redirectUrl":"https://qr.example/28?x=1"}"#;
    let link = r#"{"type":"REDIRECT","Url":"https://pay.example/1"}"#;
    let found = Some("https://qr.example/28?x=1".to_owned());
    assert_eq!(code_of(&pay, qr), found);
    for list in
        [format!("[{qr}]"), format!("[{link},{qr}]"), format!("[{qr},{link}]"), format!("[null,7,{{}},{qr}]")]
    {
        assert_eq!(code_of(&pay, &list), found, "{list}");
    }
    assert_eq!(code_of(&pay_by_code(), qr), None);
}

#[test]
fn a_link_serves_a_cashier_payment_only_and_a_qr_code_wins() {
    let qr = r#"{"type":"QRCODE","redirectUrl":"https://qr.example/1"}"#;
    let link = r#"{"type":"REDIRECT","Url":"https://pay.example/1"}"#;
    assert_eq!(code_of(&pay_by_link(), link), Some("https://pay.example/1".to_owned()));
    assert_eq!(code_of(&pay_by_link(), &format!("[{{}},{link}]")), Some("https://pay.example/1".to_owned()));
    for both in [format!("[{link},{qr}]"), format!("[{qr},{link}]")] {
        assert_eq!(code_of(&pay_by_link(), &both), Some("https://qr.example/1".to_owned()));
    }
    assert_eq!(code_of(&pay_by_order(), link), None);
    assert_eq!(code_of(&pay_by_code(), link), None);
    let none = [
        r#"{"type":"REDIRECT","Url":""}"#,
        r#"{"type":"REDIRECT","redirectUrl":"https://pay.example/1"}"#,
        r#"{"type":"REDIRECT","Url":"data:image/png;base64,AAAA"}"#,
        r#"{"type":"SOUNDWAVE","Url":"https://pay.example/1"}"#,
        "{}",
        "null",
    ];
    for action in none {
        assert_eq!(code_of(&pay_by_link(), action), None, "{action}");
    }
}

#[test]
fn an_action_that_serves_no_order_code_gives_none() {
    let long = format!(r#"{{"type":"QRCODE","redirectUrl":"{}"}}"#, "x".repeat(1025));
    let none = [
        "null",
        "{}",
        "[]",
        "\"https://qr.example/1\"",
        r#"{"type":"REDIRECT","Url":"https://pay.example/1"}"#,
        r#"{"type":"REDIRECT","redirectUrl":"https://pay.example/1"}"#,
        r#"{"type":"qrcode","redirectUrl":"https://qr.example/1"}"#,
        r#"{"type":"QRCODE","Url":"https://qr.example/1"}"#,
        r#"{"type":"QRCODE","redirectUrl":""}"#,
        r#"{"type":"QRCODE","redirectUrl":1}"#,
        r#"{"type":"QRCODE"}"#,
        r#"{"type":"QRCODE","redirectUrl":"a\u0000b"}"#,
        &long,
    ];
    for action in none {
        assert_eq!(code_of(&pay_by_order(), action), None, "{action}");
    }
}

#[test]
fn a_picture_is_told_from_a_text() {
    let heard = |more: &str, url: &str| {
        let action =
            format!(r#""status":"processing","payAction":{{"type":"QRCODE","redirectUrl":"{url}"}}"#);
        read_under(more, &pay_by_order(), &about_p1(&action)).unwrap().heard
    };
    let images = "[answer.pay_action]\nredirect_url = \"image\"\nimage_hosts = [\"img.example\"]";
    for (more, url) in
        [("", "data:image/png;base64,AAAA"), ("", "DATA:,x"), (images, "https://img.example/1.png")]
    {
        let Heard::Pictured { status, picture } = heard(more, url) else {
            panic!("{url} was taken for a text")
        };
        assert_eq!((status.code, picture.as_str()), (None, url));
    }
    let Heard::Whole(Says::Status(status)) = heard("", "https://img.example/1.png") else {
        panic!("a picture")
    };
    assert_eq!(status.code, Some(OrderCode("https://img.example/1.png".to_owned())));
}

#[test]
fn a_shop_that_the_signature_cannot_carry_is_refused_by_field() {
    let profile = profile("");
    assert_eq!(merchant().check(&profile), Ok(()));
    let fault = |shop: postern::acquirer::merchant::Merchant| shop.check(&profile).unwrap_err().to_string();
    let mut shop = merchant();
    shop.description = "Fish & chips".to_owned();
    assert_eq!(fault(shop), "could not use description: the signature cannot carry '&'");
    let mut shop = merchant();
    shop.description = String::new();
    assert_eq!(fault(shop), "could not use description: it can't be empty");
    let mut shop = merchant();
    shop.description = "茶".repeat(257);
    assert_eq!(fault(shop), "could not use description: it is longer than 256 characters");
    let mut shop = merchant();
    shop.store_id = "S".repeat(65);
    assert_eq!(fault(shop), "could not use store_id: it is longer than 64 characters");
    let mut shop = merchant();
    shop.operator_id = "a\tb".to_owned();
    assert!(fault(shop).starts_with("could not use operator_id: the signature cannot carry"));
    let mut shop = merchant();
    (shop.sub_merchant_id, shop.terminal_id, shop.operator_id) =
        (String::new(), String::new(), String::new());
    assert_eq!(shop.check(&profile), Ok(()));
}

#[test]
fn an_answer_that_was_changed_on_the_way_says_the_same_or_nothing() {
    let body =
        about_p1(r#""status":"processing","payAction":[{"type":"QRCODE","redirectUrl":"q"}],"n":1.50"#);
    let protocol = protocol(profile(""));
    let json = Json::read(body.as_bytes()).unwrap();
    let Proof::Sign(sign) = signer(&profile("")).sign(&json).unwrap() else { panic!("a token") };
    let mut headers = HeaderMap::new();
    headers.insert("sign", sign.parse().unwrap());
    let read = |bytes: &[u8]| protocol.read(&pay_by_order(), StatusCode::OK, &headers, bytes);
    let whole = read(body.as_bytes()).unwrap();
    // A fixed stream of pseudo-random numbers (xorshift), so that a failure can be repeated.
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for _ in 0..20_000 {
        let mut bytes = body.clone().into_bytes();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] ^= 1 << random(8),
                1 if bytes.len() > 1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, b"\",:{}[]0 \\ue"[random(12)]),
                _ => bytes.truncate(at.max(1)),
            }
        }
        if let Ok(read) = read(&bytes) {
            assert_eq!(read, whole, "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
