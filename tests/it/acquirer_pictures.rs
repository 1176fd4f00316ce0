//! Order codes that come as pictures: what is fetched, from where, and what is not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use postern_heart::ask::{Reply, Says, StatusWord};

use crate::acquirer_help::pay_by_order;
use crate::acquirer_server::{Act, Authority, Heard, Server, http};
use crate::acquirer_terminal::{Setup, about_with, at, good};

const PICTURE: &[u8] = include_bytes!("data/order_code.jpg");
const CONTENT: &str = "https://qr.example/28?x=1";
const IMAGES: &str =
    "answer.pay_action.redirect_url = \"image\"\nanswer.pay_action.image_hosts = [\"localhost\"]";

/// Asks for an order code; the acquirer's answer names this picture, with the server's port for `PORT`.
fn code_at(
    more: &str,
    picture: &str,
    serve: impl Fn(&Heard) -> Act + Send + Sync + 'static,
) -> (Option<String>, usize) {
    let authority = Authority::new("test");
    let picture = picture.to_owned();
    let server = Server::start(good(&authority), move |heard| {
        if heard.text.starts_with("GET ") {
            return serve(heard);
        }
        let host = heard.text.lines().find_map(|line| line.strip_prefix("host: localhost:")).unwrap();
        let url = picture.replace("PORT", host);
        let action = format!(r#","payAction":{{"type":"QRCODE","redirectUrl":"{url}"}}"#);
        Act::Say(about_with(heard, "processing", &action))
    });
    let mut terminal = Setup { more, ..at(&server, &authority) }.start();
    let Reply::Answer(answer) = terminal.ask(pay_by_order()) else { panic!("no answer") };
    let Says::Status(status) = answer.says else { panic!("no status") };
    assert_eq!(status.state, StatusWord::Processing);
    let fetched = server.heard().iter().filter(|heard| heard.text.starts_with("GET ")).count();
    assert_eq!(server.heard().len() - fetched, 1);
    (status.code.map(|code| code.0), fetched)
}

#[test]
fn a_picture_from_a_listed_host_is_fetched_and_its_content_shown() {
    let found = code_at(IMAGES, "https://localhost:PORT/qr/1.jpg?a=b", |heard| {
        assert!(heard.text.starts_with("GET /qr/1.jpg?a=b HTTP/1.1\r\n"), "{}", heard.text);
        let secrets = ["sign", "clientid", "token"];
        assert!(!secrets.iter().any(|name| heard.text.to_lowercase().contains(name)), "{}", heard.text);
        Act::Say(http("200 OK", "content-type: image/jpeg\r\n", PICTURE))
    });
    assert_eq!(found, (Some(CONTENT.to_owned()), 1));
}

#[test]
fn a_data_address_is_a_picture_whatever_the_profile_says() {
    let address = format!("data:image/jpeg;base64,{}", STANDARD.encode(PICTURE));
    for more in ["", IMAGES] {
        let found = code_at(more, &address, |_| panic!("something was fetched"));
        assert_eq!(found, (Some(CONTENT.to_owned()), 0));
    }
}

#[test]
fn nothing_is_fetched_from_elsewhere_or_in_the_clear() {
    for picture in [
        "https://127.0.0.1:PORT/1.jpg",
        "http://localhost:PORT/1.jpg",
        "https://localhost.evil.invalid/1.jpg",
        "ftp://localhost/1",
    ] {
        let found = code_at(IMAGES, picture, |_| Act::Say(http("200 OK", "", PICTURE)));
        assert_eq!(found, (None, 0), "{picture}");
    }
}

#[test]
fn a_picture_that_is_not_there_whole_and_small_gives_no_code() {
    let large = [PICTURE, &vec![0; 256 * 1024]].concat();
    let answers: [(&str, Vec<u8>); 5] = [
        ("redirect", http("302 Found", "location: https://localhost/2.jpg\r\n", b"")),
        ("missing", http("404 Not Found", "", PICTURE)),
        ("too large", http("200 OK", "", &large)),
        ("no picture", http("200 OK", "", b"<html></html>")),
        ("cut", http("200 OK", "", PICTURE)[..3000].to_vec()),
    ];
    for (what, bytes) in answers {
        let found = code_at(IMAGES, "https://localhost:PORT/1.jpg", move |_| Act::SayAndClose(bytes.clone()));
        assert_eq!(found, (None, 1), "{what}");
    }
}

#[test]
fn a_picture_that_does_not_come_in_time_gives_no_code() {
    assert_eq!(code_at(IMAGES, "https://localhost:PORT/1.jpg", |_| Act::Hang), (None, 1));
}
