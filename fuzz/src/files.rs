//! Board files, shop files and wire profiles: what is wrong is said with file and line, and what loads can be worked with.

use std::fmt::Debug;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderName};
use postern::acquirer::json::Json;
use postern::acquirer::profile::{Amounts, Fields, Profile, SignaturePlace};
use postern::acquirer::protocol::{Protocol, Verified};
use postern::acquirer::sign::{SignType, Signer};
use postern::acquirer::wire::{self, Heard};
use postern::board::Board;
use postern::emvco;
use postern::files::FileFault;
use postern::shop::{Equipment, Shop};
use postern_heart::ask::{PayProduct, Request, Says, StatusWord};
use postern_heart::ids::Target;
use postern_heart::settings::EntryCode;

use super::Property;
use super::answers::{CREDENTIALS, key, merchant, requests, sign_of, text_of};
use super::shop_codes::{SHOP, signed};

/// See [`board`].
pub const BOARDS: Property = Property { name: "boards", seeds: board_seeds, holds: board };
/// See [`shop`].
pub const SHOPS: Property = Property { name: "shops", seeds: shop_seeds, holds: shop };
/// See [`profile`].
pub const PROFILES: Property = Property { name: "profiles", seeds: profile_seeds, holds: profile };

/// Where every file here is said to stand.
const FILE: &str = "files/this.toml";

/// A table that no file knows.
const UNKNOWN: &str = "no-such-table";

fn board_seeds() -> Vec<Vec<u8>> {
    let boards = [
        include_str!("../../boards/bench.toml"),
        include_str!("../../boards/rpi4-network-printer.toml"),
        include_str!("../../boards/x86-serial.toml"),
        "name = \"x\"\n[printer.escpos-tcp]\naddress = \"10.0.0.9\"\nwidth_dots = 576\ndrawer = { pin = 2, on_ms = 100, off_ms = 100 }\n",
    ];
    boards.map(|text| text.as_bytes().to_vec()).to_vec()
}

fn shop_seeds() -> Vec<Vec<u8>> {
    let least = "terminal_id = \"HK01\"\nstore_id = \"S1\"\n[name]\nenglish = \"Corner Tea\"\n";
    let code = format!("[entry_code]\ntext = \"{}\"\n", signed(SHOP));
    let shops = [
        include_str!("../../assets/shop.toml").to_owned(),
        least.to_owned(),
        format!("{least}{code}"),
        format!(
            "currency = \"JPY\"\nask_twice = \"5000\"\namount_max = \"1000000\"\nslips = \"not_refusals\"\n{least}"
        ),
        // Refused: nothing could be sold.
        format!("amount_max = \"0.00\"\n{least}"),
        format!(
            "description = \"Fish & chips\"\nkeypad = \"on_screen\"\n{least}chinese = \"街角茶\"\n[receipt]\nhead = [\"A\"]\n"
        ),
    ];
    shops.map(String::into_bytes).to_vec()
}

fn profile_seeds() -> Vec<Vec<u8>> {
    let of = |more: &str| format!("{more}{CREDENTIALS}");
    let profiles = [
        CREDENTIALS.to_owned(),
        of(include_str!("../../assets/uqpay.toml")),
        of("[fields]\norder_id = \"order.id\"\namount = \"order.amount\"\n[request]\namounts = \"number\"\n"),
        of(
            "[answer]\nsignature = \"body\"\nsign = \"check\"\ncode = \"rc\"\n[answer.codes]\n900002 = \"unclear\"\n",
        ),
        // Refused: a field in the place of another, or inside it.
        of("[fields]\nos = \"goods.description.os\"\n"),
        of("[fields]\nstatus = \"amount\"\n"),
        of("[request.pay_extras]\namount = \"1.00\"\n"),
        of(
            "[request.pay_extras.goods]\ncategory = \"food\"\n[request]\nnotify_url = \"https://a.example/n\"\n",
        ),
        of(
            "base_url = \"https://[::1]:8443/x/\"\n[http]\nmethod = \"PUT\"\n[time]\nzone = \"UTC\"\nformat = \"%d.%m.%Y %T\"\n",
        ),
        of("[signing]\nhash = \"SHA-512\"\nsha_encoding = \"base64\"\n[timings]\nconnect = \"1s\"\n"),
    ];
    profiles.map(String::into_bytes).to_vec()
}

/// See [`read`].
fn board(bytes: &[u8]) {
    read(bytes, |text| Board::parse(Path::new(FILE), text));
}

/// A shop file that loads gives settings that a heart can work with, and a shop that can be named in requests or is told why
/// not.
fn shop(bytes: &[u8]) {
    static PROFILE: LazyLock<Profile> = LazyLock::new(|| Profile::read(Path::new("wire.toml"), "").unwrap());
    let Some(shop) = read(bytes, |text| Shop::read(Path::new(FILE), text)) else { return };
    let settings =
        shop.settings(&PROFILE, Equipment { printer: true, customer_display: true, listener: true });
    assert_eq!(settings.terminal.as_str(), shop.terminal_id());
    assert!(!settings.ask_twice.is_zero() && !settings.amount_max.is_zero());
    assert_eq!(settings.amount_max.currency(), settings.currency);
    assert_eq!(settings.manager, !shop.pin_hash().is_empty());
    if let EntryCode::On(text) = &settings.entry_code {
        assert_eq!(emvco::check(text), Ok(()));
    }
    if let Ok(merchant) = shop.merchant(&PROFILE) {
        let body = wire::body(&requests()[0], &PROFILE, &merchant).unwrap();
        assert_eq!(body.text_at("storeId"), Some(merchant.store_id.as_str()));
        assert_eq!(body.text_at("goods.description"), Some(merchant.description.as_str()));
    }
}

/// Under a profile that loads every request can be sent, no field of it has displaced another, and
/// an answer can be read.
fn profile(bytes: &[u8]) {
    let Some(profile) = read(bytes, |text| Profile::read(Path::new(FILE), text)) else { return };
    let merchant = merchant();
    let sha = profile.credentials.as_ref().is_some_and(|credentials| credentials.sign_type == SignType::Sha);
    if !sha || merchant.check(&profile).is_err() {
        return;
    }
    for request in requests() {
        let body = wire::body(&request, &profile, &merchant).unwrap();
        stands_in(&body, &request, &profile);
    }
    let profile = Arc::new(profile);
    let protocol = Protocol::new(Arc::clone(&profile), key("k"), merchant).unwrap();
    for request in requests() {
        assert!(protocol.write(&request).is_ok());
    }
    is_read_as_paid(&protocol, &profile);
}

/// Checks one file, whatever it is: a line more in front of it moves what is said of it by a line and changes nothing else; a
/// table that nobody knows is refused at its own line; and what is said without a line is no matter of TOML.
fn read<T: Debug>(bytes: &[u8], read: impl Fn(&str) -> Result<T, FileFault>) -> Option<T> {
    let text = str::from_utf8(bytes).ok().filter(|text| !text.starts_with('\u{feff}'))?;
    let lines = text.matches('\n').count() + 1;
    let moved = read(&format!("\n{text}"));
    match read(text) {
        Ok(value) => {
            assert_eq!(format!("{value:?}"), format!("{:?}", moved.unwrap()));
            if !text.contains(UNKNOWN) {
                let said = read(&format!("{text}\n[{UNKNOWN}]\n")).unwrap_err().to_string();
                let place = format!("could not use {FILE}, line {}, key {UNKNOWN}: ", lines + 1);
                assert!(said.starts_with(&place), "{said}");
            }
            Some(value)
        }
        Err(fault) => {
            let (line, why) = parts(&fault);
            let (moved, same) = parts(&moved.unwrap_err());
            // What the whole file lacks is said of its first line.
            let lacks = why.starts_with(": missing field") && (line, moved) == (Some(1), Some(1));
            assert!(lacks || moved == line.map(|line| line + 1), "{moved:?}, {line:?}{why}");
            assert_eq!(same, why);
            assert!(!why.contains(char::is_control), "{why:?}");
            match line {
                Some(line) => assert!((1..=lines).contains(&line), "line {line} of {lines}: {why}"),
                None => assert!(text.parse::<toml::Table>().is_ok(), "{why}"),
            }
            None
        }
    }
}

/// The line that a fault names, and the rest of what it says.
fn parts(fault: &FileFault) -> (Option<usize>, String) {
    let said = fault.to_string();
    let rest = said.strip_prefix(&format!("could not use {FILE}")).expect("a fault without its file");
    let Some(placed) = rest.strip_prefix(", line ") else { return (None, rest.to_owned()) };
    let digits = placed.find(|c: char| !c.is_ascii_digit()).unwrap();
    (Some(placed[..digits].parse().unwrap()), placed[digits..].to_owned())
}

fn stands_in(body: &Json, request: &Request, profile: &Profile) {
    let Fields { order_id, uq_order_id, original_order_id, original_uq_order_id, .. } = &profile.fields;
    let text = |spot: &postern::acquirer::profile::Spot| body.text_at(spot.as_str());
    let target = |ours, theirs, target: &Target| match target {
        Target::Ours(id) => assert_eq!(text(ours), Some(id.as_str())),
        Target::Theirs(id) => assert_eq!(text(theirs), Some(id.0.as_str())),
    };
    match request {
        Request::Detail { id, .. } => target(order_id, uq_order_id, id),
        Request::Cancel { id, original, .. } | Request::Refund { id, original, .. } => {
            assert_eq!(text(order_id), Some(id.as_str()));
            target(original_order_id, original_uq_order_id, original);
        }
        Request::Pay(pay) => {
            let fields = &profile.fields;
            assert_eq!(text(order_id), Some(pay.id.as_str()));
            assert_eq!(text(&fields.expire_at).and_then(|at| profile.time.read(at)), Some(pay.expire_at));
            assert_eq!(text(&fields.currency), Some("HKD"));
            let amount = match profile.request.amounts {
                Amounts::String => Json::Text("12.30".to_owned()),
                Amounts::Number => Json::Bare("12.30".to_owned()),
            };
            assert!(body.at(fields.amount.as_str()) == Some(&amount));
            assert_eq!(text(&fields.description), Some("奶茶 x2"));
            assert_eq!(text(&fields.store_id), Some("S1"));
            match &pay.product {
                PayProduct::PaymentCode(code) => assert_eq!(text(&fields.payment_code), Some(code.reveal())),
                PayProduct::OrderCode | PayProduct::CashierPayment => {
                    assert_eq!(text(&fields.payment_code), None);
                }
            }
        }
    }
}

fn is_read_as_paid(protocol: &Protocol, profile: &Profile) {
    let Fields { order_id, amount, currency, status, .. } = &profile.fields;
    let form = &profile.answer;
    let mut data = Json::object();
    for (spot, text) in
        [(order_id, "P1"), (amount, "12.30"), (currency, "HKD"), (status, form.status.success.as_str())]
    {
        data.put(spot.as_str(), Json::Text(text.to_owned()));
    }
    let mut answer = Json::object();
    answer.put(form.data.as_str(), data);
    answer.put(form.code.as_str(), Json::Text(form.success_code.clone()));
    let sign = sign_of(&Signer::new(profile.signing.clone(), key("k")), &answer);
    let mut headers = HeaderMap::new();
    match form.signature {
        SignaturePlace::Header => {
            let name: HeaderName = form.sign.parse().unwrap();
            headers.insert(name, sign.parse().unwrap());
        }
        SignaturePlace::Body => answer.put(&form.sign, Json::Text(sign)),
    }
    let question = &requests()[3];
    let read = protocol.read(question, StatusCode::OK, &headers, text_of(&answer).as_bytes());
    let Ok(Verified { heard: Heard::Whole(Says::Status(status)), .. }) = read else { panic!("{read:?}") };
    assert_eq!(status.state, StatusWord::Success);
}
