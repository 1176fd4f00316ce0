//! Who may ask at all: headers, signatures of each kind, request ids, and what is no request of the contract.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use postern::bench::acquirer::Keys;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use super::{World, flat, sha};

#[tokio::test]
async fn every_header_is_checked() {
    let mut world = World::new().await;
    let body = json!({ "merchantOrderId": "A1" });
    for (name, value, code, rule) in [
        ("Content-Type", None, "100001", "header Content-Type must be application/json in UTF-8"),
        (
            "Content-Type",
            Some("text/json"),
            "100001",
            "header Content-Type must be application/json in UTF-8",
        ),
        (
            "Content-Type",
            Some("application/json; charset=big5"),
            "100001",
            "header Content-Type must be application/json in UTF-8",
        ),
        ("clientId", None, "100001", "header clientId is missing"),
        ("clientId", Some("other"), "100003", "header clientId is \"other\", which isn't known here"),
        ("signType", None, "100001", "header signType is missing"),
        ("signType", Some("sha"), "100003", "header signType is \"sha\", which isn't known here"),
        ("signId", None, "100001", "header signId is missing"),
        ("signId", Some("k"), "100003", "header signId is \"k\", which isn't known here"),
        ("sign", None, "100002", "header sign is missing"),
        ("sign", Some("00"), "100002", "header sign isn't the signature of this body"),
        ("requestId", None, "100001", "header requestId is missing"),
        ("requestId", Some(""), "100001", "header requestId is empty"),
    ] {
        let mut headers = world.headers(&body);
        headers.retain(|(header, _)| *header != name);
        headers.extend(value.map(|value| (name, value.to_owned())));
        let answer = world.send("/v1/detail", &headers, body.to_string()).await.unwrap();
        assert!(world.is_signed(&answer), "also a refusal is signed");
        assert_eq!((&answer.json()["code"], &answer.json()["respMsg"]), (&code.into(), &rule.into()));
    }
    let mut twice = world.headers(&body);
    twice.push(("sign", "00".to_owned()));
    let answer = world.send("/v1/detail", &twice, body.to_string()).await.unwrap();
    assert_eq!(answer.json()["respMsg"], "header sign comes twice");
}

#[tokio::test]
async fn a_request_id_is_taken_once() {
    let mut world = World::new().await;
    let body = json!({ "merchantOrderId": "A1" });
    let headers = world.headers(&body);
    assert_eq!(world.send("/v1/detail", &headers, body.to_string()).await.unwrap().json()["code"], "200001");
    let again = world.send("/v1/detail", &headers, body.to_string()).await.unwrap().json();
    assert_eq!(again["code"], "100004");
    assert_eq!(world.acquirer.orders()["violations"][0]["code"], "100004");
}

#[tokio::test]
async fn a_body_changed_after_signing_is_not_accepted() {
    let mut world = World::new().await;
    let mut body = world.order_pay("A1");
    let headers = world.headers(&body);
    body["amount"] = "1.00".into();
    let answer = world.send("/v1/pay", &headers, body.to_string()).await.unwrap().json();
    assert_eq!(answer["code"], "100002");
    assert_eq!(world.acquirer.orders()["orders"], json!([]));
}

#[tokio::test]
async fn what_is_no_json_is_refused_with_its_place() {
    let mut world = World::new().await;
    let headers = world.headers(&json!({}));
    let answer = world.send("/v1/pay", &headers, "{\"a\":1,\"a\":1}".to_owned()).await.unwrap().json();
    assert_eq!(answer["respMsg"], "the body is no JSON: the key \"a\" comes twice at byte 10");
    let answer = world.send("/v1/pay", &headers, String::new()).await.unwrap().json();
    assert_eq!(answer["respMsg"], "the body is no JSON: the text ends too soon at byte 0");
}

#[tokio::test]
async fn an_api_that_does_not_exist_is_not_found_and_remembered() {
    let mut world = World::new().await;
    let answer = world.try_ask("/v1/Pay", &json!({})).await.unwrap();
    assert_eq!(answer.status, 404);
    assert_eq!(world.acquirer.orders()["violations"][0]["rule"], "there is no API at /v1/Pay");
}

#[tokio::test]
async fn a_client_with_an_rsa_key_is_verified_and_answered_by_rsa() {
    let vectors: Value = serde_json::from_str(include_str!("../data/sign_vectors.json")).unwrap();
    let pem = |name: &str| vectors[name].as_str().unwrap().to_owned();
    let keys = Keys::Rsa {
        private_key_pem: pem("rsa_private_key_pem"),
        client_public_key_pem: pem("rsa_public_key_pem"),
    };
    let mut world = World::with(|config| config.keys = keys).await;
    let body = json!({ "merchantOrderId": "A1" });
    let key = PrivatePkcs8KeyDer::from_pem_slice(pem("rsa_private_key_pem").as_bytes()).unwrap();
    let key = ring::signature::RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    let random = ring::rand::SystemRandom::new();
    key.sign(&ring::signature::RSA_PKCS1_SHA256, &random, flat(&body).as_bytes(), &mut signature).unwrap();
    let headers = [
        ("Content-Type", "application/json"),
        ("clientId", "bench-merchant"),
        ("signType", "RSA"),
        ("signId", "bench-key-1"),
        ("sign", &BASE64.encode(&signature)),
        ("requestId", "r1"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let answer = world.send("/v1/detail", &headers, body.to_string()).await.unwrap();
    assert_eq!(answer.json()["code"], "200001");
    let sign = BASE64.decode(&answer.headers["sign"]).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public().as_ref())
        .verify(flat(&answer.json()).as_bytes(), &sign)
        .expect("the answer is signed with the acquirer's key");
    let other = json!({ "merchantOrderId": "A2" });
    let answer = world.send("/v1/detail", &headers, other.to_string()).await.unwrap();
    assert_eq!(answer.json()["code"], "100002");
}

#[tokio::test]
async fn a_salt_separator_belongs_to_the_signature() {
    let mut world = World::with(|config| config.salt_separator = "&".to_owned()).await;
    let body = json!({ "merchantOrderId": "A1" });
    let mut headers = world.headers(&body);
    let refused = world.send("/v1/detail", &headers, body.to_string()).await.unwrap().json();
    assert_eq!(refused["code"], "100002");
    headers[4].1 = sha(&format!("{}&", flat(&body)), "bench-transaction-key");
    assert_eq!(world.send("/v1/detail", &headers, body.to_string()).await.unwrap().json()["code"], "200001");
}

#[tokio::test]
async fn a_token_opens_and_leaves_answers_unsigned() {
    let mut world = World::with(|config| config.keys = Keys::Token { token: "open".to_owned() }).await;
    let body = json!({ "merchantOrderId": "A1" });
    let mut headers: Vec<(&str, String)> = [
        ("Content-Type", "application/json"),
        ("clientId", "bench-merchant"),
        ("signType", "TOKEN"),
        ("signId", "bench-key-1"),
        ("requestId", "r1"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec();
    let missing = world.send("/v1/detail", &headers, body.to_string()).await.unwrap().json();
    assert_eq!(
        (&missing["code"], &missing["respMsg"]),
        (&"100002".into(), &"header token is missing".into())
    );
    headers.push(("token", "open".to_owned()));
    let answer = world.send("/v1/detail", &headers, body.to_string()).await.unwrap();
    assert_eq!(answer.json()["code"], "200001");
    assert_eq!(answer.headers["signType"], "TOKEN");
    assert!(answer.headers.get("sign").is_none());
}
