//! What the acquirer pushes: news is signed with the notification key, stands in the text, and is about our own store.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use hyper::Request;
use hyper::http::request::Parts;
use postern::acquirer::json::Json;
use postern::acquirer::profile::Profile;
use postern::acquirer::sign::Signer;
use postern::notify::letter::{Letters, NoLetter};
use postern_heart::ask::StatusWord;
use postern_heart::news::{About, News};

use super::Property;
use super::answers::{CREDENTIALS, key, merchant, sign_of, text_of};

/// See [`hold`].
pub const PROPERTY: Property = Property { name: "notifications", seeds, holds: hold };

const NOTIFICATION_KEY: &str = "UPAS_TEST_NOTIFICATION_KEY_0001";

static PROFILE: LazyLock<Arc<Profile>> =
    LazyLock::new(|| Arc::new(Profile::read(Path::new("wire.toml"), CREDENTIALS).unwrap()));

static LETTERS: LazyLock<Letters> = LazyLock::new(|| {
    let credentials = PROFILE.credentials.clone().unwrap();
    Letters::new(Arc::clone(&PROFILE), credentials, key(NOTIFICATION_KEY), merchant())
});

fn seeds() -> Vec<Vec<u8>> {
    let order = r#"{"merchantOrderId":"P1","uqOrderId":"U9","amount":"12.30","currency":"HKD","storeId":"S1","product":"ORDER_CODE","transactionType":"PAYMENT","status":"success","payTime":"2026-11-23 18:20:07"}"#;
    let entry = r#"{"uqOrderId":"U10","amount":"8.00","currency":"HKD","storeId":"S1","product":"ENTRY_CODE","transactionType":"PAYMENT","status":"success","payTime":"2026-11-23 18:20:07"}"#;
    let texts = [
        order.to_owned(),
        entry.to_owned(),
        entry.replace("S1", "S2"),
        entry.replace("PAYMENT", "REFUND"),
        order.replace("success", "closed").replace("\"12.30\"", "12.3"),
    ];
    texts.map(String::into_bytes).to_vec()
}

/// Nothing is news that is not signed with the notification key and addressed to us; and what is news stands in the text.
fn hold(body: &[u8]) {
    let Ok(json) = Json::read(body) else {
        return assert_eq!(LETTERS.read(&head(&[]), body), Err(NoLetter::Unreadable));
    };
    let sign = |with: &str| sign_of(&Signer::new(PROFILE.signing.clone(), key(with)), &json);
    let ours = sign(NOTIFICATION_KEY);
    let strange = [
        head(&[]),
        head(&[("sign", &sign("UPAS_TEST_KEY_0001"))]),
        head(&[("sign", &ours), ("clientId", "M2")]),
        head(&[("sign", &ours), ("signType", "RSA")]),
    ];
    for head in strange {
        assert_eq!(LETTERS.read(&head, body), Err(NoLetter::Signature));
    }
    let read = LETTERS.read(&head(&[("sign", &ours), ("clientId", "M1"), ("signType", "SHA")]), body);
    let blanks = format!(" {}\n", text_of(&json));
    assert_eq!(LETTERS.read(&head(&[("sign", &ours)]), blanks.as_bytes()), read);
    match read {
        Ok(news) => stands_there(&news, &json),
        Err(why) => assert_eq!(why, NoLetter::Unreadable),
    }
}

fn head(headers: &[(&str, &str)]) -> Parts {
    let request =
        headers.iter().fold(Request::post("/"), |request, (name, value)| request.header(*name, *value));
    request.body(()).unwrap().into_parts().0
}

/// The contract, section 9, read the other way: from the news back to the text.
fn stands_there(news: &News, json: &Json) {
    let text = |name: &str| json.text_at(name);
    let word = match news.state {
        StatusWord::Success => "success",
        StatusWord::Processing => "processing",
        StatusWord::Fail => "fail",
        StatusWord::Closed => "closed",
    };
    assert_eq!(text("status"), Some(word));
    assert_eq!(text("currency"), Some(news.amount.currency().code()));
    match json.at("amount") {
        Some(Json::Text(amount)) => assert_eq!(*amount, news.amount.major()),
        Some(Json::Bare(amount)) => {
            assert_eq!(amount.parse::<f64>().unwrap(), news.amount.major().parse::<f64>().unwrap());
        }
        _ => panic!("an amount that nobody named"),
    }
    assert_eq!(news.uq_id.as_ref().map_or("", |id| &id.0), text("uqOrderId").unwrap_or(""));
    let entry = (text("product"), text("transactionType")) == (Some("ENTRY_CODE"), Some("PAYMENT"));
    match news.about {
        About::Order(id) => {
            assert_eq!(text("merchantOrderId"), Some(id.as_str()));
            assert!(!entry && text("storeId").is_none_or(|store| store == "S1"));
        }
        // Money in is only this.
        About::Entry => assert!(entry && text("storeId") == Some("S1")),
        About::Stranger => {}
    }
}
