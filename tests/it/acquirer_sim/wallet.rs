//! The customers' phones, and the forms in which they are shown an order code.

use base64::Engine as _;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use postern::bench::acquirer::{Answer, Digits, PayAction};
use serde_json::{Value, json};

use super::World;

#[tokio::test]
async fn a_payment_code_is_fresh_and_works_once() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(Answer::Pay);
    assert_eq!(code.len(), 18);
    assert!(code.starts_with("28") && code.bytes().all(|b| b.is_ascii_digit()));
    assert_ne!(code, world.acquirer.wallet_code(Answer::Pay));
    assert_eq!(world.pay(&world.code_pay("A1", &code)).await["code"], "000000");
    assert_eq!(world.pay(&world.code_pay("A2", &code)).await["code"], "200002");
    assert_eq!(world.detail("A2").await["status"], "fail");
}

#[tokio::test]
async fn a_payment_code_may_be_as_long_as_other_wallets_are() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code_of(Answer::Pay, Digits::of(24).unwrap());
    assert_eq!((code.len(), &code[..2]), (24, "28"));
    assert_eq!(world.pay(&world.code_pay("A1", &code)).await["code"], "000000");
    assert!(Digits::of(25).is_err() && Digits::of(15).is_err());
}

#[tokio::test]
async fn a_payment_code_that_is_old_or_made_up_is_invalid() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(Answer::Pay);
    world.pass(121);
    let old = world.pay(&world.code_pay("A1", &code)).await;
    assert_eq!((&old["code"], &old["respMsg"]), (&"200002".into(), &"payment code expired".into()));
    assert_eq!(world.pay(&world.code_pay("A2", "281234567890123456")).await["code"], "200002");
    assert!(world.keeps_to_the_contract());
}

#[tokio::test]
async fn an_owner_who_refuses_is_not_charged() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(Answer::Refuse);
    let told = world.pay(&world.code_pay("A1", &code)).await;
    assert_eq!((&told["code"], &told["data"]["status"]), (&json!("000000"), &json!("fail")));
    assert_eq!(world.detail("A1").await["status"], "fail");
    assert_eq!(world.order()["paidCount"], 0);
}

#[tokio::test]
async fn an_owner_who_thinks_keeps_the_payment_waiting_until_the_phone_answers() {
    for (answer, status) in [(Answer::Pay, "success"), (Answer::Refuse, "fail")] {
        let mut world = World::new().await;
        let code = world.acquirer.wallet_code(Answer::Wait);
        assert_eq!(world.pay(&world.code_pay("A1", &code)).await["data"]["status"], "processing");
        assert_eq!(world.order()["phoneAsks"], true);
        world.pass(30);
        world.acquirer.wallet_answer(&code, answer).unwrap();
        assert_eq!(world.detail("A1").await["status"], status);
        assert_eq!(world.order()["phoneAsks"], false);
        assert!(world.acquirer.wallet_answer(&code, Answer::Pay).is_err(), "it was answered");
    }
}

#[tokio::test]
async fn an_owner_who_thinks_too_long_pays_nothing() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(Answer::Wait);
    world.pay(&world.code_pay("A1", &code)).await;
    world.pass(70);
    assert_eq!(
        world.acquirer.wallet_answer("A1", Answer::Pay).unwrap_err(),
        "order A1 is closed: it can't be paid"
    );
    assert_eq!(world.order()["charges"], json!([]));
}

#[tokio::test]
async fn an_owner_may_change_their_mind_before_the_code_is_charged() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(Answer::Pay);
    world.acquirer.wallet_answer(&code, Answer::Refuse).unwrap();
    assert_eq!(world.pay(&world.code_pay("A1", &code)).await["data"]["status"], "fail");
}

#[tokio::test]
async fn a_phone_that_scans_an_order_code_pays_refuses_or_thinks() {
    for (answer, did, status) in [
        (Answer::Pay, "paid", "success"),
        (Answer::Refuse, "refused", "fail"),
        (Answer::Wait, "thinking", "processing"),
    ] {
        let mut world = World::new().await;
        let shown = world.pay(&world.order_pay("A1")).await;
        assert_eq!(shown["data"]["status"], "processing");
        let code = shown["data"]["payAction"]["redirectUrl"].as_str().unwrap();
        let said = world.acquirer.wallet_scan(code, answer).unwrap();
        assert_eq!(
            said,
            json!({
                "decoded": code,
                "did": did,
                "answer": answer.to_string(),
                "merchantOrderId": "A1",
                "amount": "100.00",
                "currency": "HKD",
                "status": status,
            })
        );
        assert_eq!(world.detail("A1").await["status"], status);
        assert_eq!(world.order()["scanned"], true);
    }
}

#[tokio::test]
async fn a_phone_that_thinks_about_an_order_code_can_be_answered_by_order() {
    let mut world = World::new().await;
    let shown = world.pay(&world.order_pay("A1")).await;
    let code = shown["data"]["payAction"]["redirectUrl"].as_str().unwrap();
    let early = world.acquirer.wallet_answer("A1", Answer::Pay).unwrap_err();
    assert_eq!(early, "no phone is asked about order A1: it has to be scanned first");
    world.acquirer.wallet_scan(code, Answer::Wait).unwrap();
    assert_eq!(world.acquirer.wallet_answer("A1", Answer::Pay).unwrap()["did"], "paid");
    assert_eq!(world.order()["paidCount"], 1);
    assert!(world.acquirer.wallet_scan(code, Answer::Pay).is_err(), "nobody pays twice");
}

#[tokio::test]
async fn a_phone_says_what_it_decoded_when_that_is_no_order_code() {
    let mut world = World::new().await;
    let code = world.acquirer.wallet_code(Answer::Wait);
    world.pay(&world.code_pay("A1", &code)).await;
    assert_eq!(
        world.acquirer.wallet_scan("https://shop.example", Answer::Pay).unwrap_err(),
        "the wallet doesn't know the code \"https://shop.example\""
    );
    assert!(world.acquirer.wallet_scan(&code, Answer::Pay).is_err());
    assert!(world.acquirer.wallet_answer("nothing", Answer::Pay).is_err());
}

#[tokio::test]
async fn some_wallets_hide_an_order_until_it_is_scanned() {
    let mut world = World::with(|config| config.hides_unscanned = true).await;
    let shown = world.pay(&world.order_pay("A1")).await;
    assert_eq!(world.detail("A1").await, "200001");
    let code = shown["data"]["payAction"]["redirectUrl"].as_str().unwrap();
    world.acquirer.wallet_scan(code, Answer::Wait).unwrap();
    assert_eq!(world.detail("A1").await["status"], "processing");
}

#[tokio::test]
async fn an_order_code_comes_in_the_form_that_was_chosen() {
    let mut world = World::new().await;
    let mut shown = async |form| {
        world.acquirer.set_pay_action(form);
        let id = format!("A{}", world.asked);
        let mut answer = world.pay(&world.order_pay(&id)).await;
        let orders = world.acquirer.orders();
        let code = orders["orders"].as_array().unwrap().last().unwrap()["orderCode"].clone();
        (answer["data"]["payAction"].take(), code)
    };
    let (object, code) = shown(PayAction::Object).await;
    assert_eq!(object, json!({ "type": "QRCODE", "redirectUrl": code }));
    let (array, code) = shown(PayAction::Array).await;
    assert_eq!(array[0]["type"], "REDIRECT");
    assert_eq!(array[1], json!({ "type": "QRCODE", "redirectUrl": code }));
    let (redirect, code) = shown(PayAction::Redirect).await;
    assert_eq!(redirect, json!({ "type": "REDIRECT", "Url": code }));
    assert_eq!(shown(PayAction::Empty).await.0, json!({}));
    assert_eq!(shown(PayAction::Unknown).await.0["type"], "SOUNDWAVE");
    assert_eq!(shown(PayAction::Absent).await.0, Value::Null);
    let (data_url, code) = shown(PayAction::DataUrl).await;
    let picture = data_url["redirectUrl"].as_str().unwrap().strip_prefix("data:image/png;base64,").unwrap();
    let picture = base64::engine::general_purpose::STANDARD.decode(picture).unwrap();
    assert_eq!(decoded(&picture), code.as_str().unwrap());
}

#[tokio::test]
async fn the_picture_of_an_order_code_is_served_over_https() {
    let mut world = World::with(|config| config.pay_action = PayAction::Picture).await;
    let shown = world.pay(&world.order_pay("A1")).await;
    let address = shown["data"]["payAction"]["redirectUrl"].as_str().unwrap().to_owned();
    let path = address.strip_prefix(&world.acquirer.base_url()).unwrap();
    let mut line = world.connect().await;
    let request = Request::get(path).header("host", "localhost").body(Full::new(Bytes::new())).unwrap();
    let answer = line.send_request(request).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    let picture = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(decoded(&picture), world.order()["orderCode"].as_str().unwrap());
}

/// What a phone reads from the file of a picture.
fn decoded(picture: &[u8]) -> String {
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    image.detect_grids()[0].decode().unwrap().1
}
