//! The wire profile: what a file may say, and what is said of one that is wrong.

use std::path::Path;

use postern::acquirer::profile::{ProductName, Profile};
use postern_heart::now::Wall;
use postern_heart::settings::Timings;

fn fault(text: &str) -> String {
    Profile::read(Path::new("wire.toml"), text).expect_err("it was taken").to_string()
}

#[test]
fn the_default_is_whole_and_keeps_field_practice() {
    let profile = Profile::read(Path::new("wire.toml"), "").unwrap();
    assert_eq!(profile.timings.heart(), Timings::default());
    assert!(profile.credentials.is_none());
    assert!(!profile.is_production());
    assert!(profile.knows_cancel());
    assert!(profile.offers(ProductName::OrderCode) && profile.offers(ProductName::PaymentCode));
}

#[test]
fn a_file_overrides_key_by_key_and_keeps_the_rest() {
    let text = "[answer.codes]\n900002 = \"unclear\"\n200004 = \"other\"\n[answer]\ncode = \"rc\"\n";
    let profile = Profile::read(Path::new("wire.toml"), text).unwrap();
    assert_eq!(profile.answer.code.as_str(), "rc");
    assert_eq!(profile.answer.data.as_str(), "data");
    assert_eq!(profile.answer.codes.len(), 14);
}

#[test]
fn an_unknown_key_is_named_with_its_file_and_line() {
    let at_top = fault("allow_unsigned = false\nbase_ulr = \"https://x.example\"\n");
    assert!(
        at_top.starts_with("could not use wire.toml, line 2, key base_ulr: unknown field `base_ulr`"),
        "{at_top}"
    );
    let inside = fault("# a comment\n\n[answer.pay_action]\nredirect_ulr = \"content\"\n");
    assert!(
        inside.starts_with("could not use wire.toml, line 4, key answer.pay_action.redirect_ulr:"),
        "{inside}"
    );
    let table = fault("[timing]\nconnect = \"3s\"\n");
    assert!(table.starts_with("could not use wire.toml, line 1, key timing:"), "{table}");
}

/// A key or a value with a line feed in it broke what is said of it into lines that nobody could place. Found by the property
/// of files.
#[test]
fn what_is_said_of_a_control_character_stays_on_one_line() {
    let said = fault("\"base\\nurl\" = 1\n");
    assert!(said.starts_with("could not use wire.toml, line 1, key base; url: unknown field"), "{said}");
    let said = fault("[request]\namounts = \"a\\tb\"\n");
    assert!(said.contains(r"unknown variant `a\tb`"), "{said}");
}

#[test]
fn every_wrong_value_is_named_with_its_line_and_key() {
    let table = [
        ("base_url = \"http://plain.example\"", "base_url", "must start with https://"),
        ("base_url = \"https://u:p@x.example\"", "base_url", "host and a path alone"),
        ("base_url = \"https://x.example/?a=b\"", "base_url", "host and a path alone"),
        ("base_url = \"x\"", "base_url", "must start with https://"),
        ("allow_unsigned = \"yes\"", "allow_unsigned", "invalid type"),
        ("[timings]\nconnect = 3", "timings.connect", "invalid type"),
        ("[timings]\nconnect = \"3 parsecs\"", "timings.connect", "is no duration"),
        ("[timings]\nconnect = \"-3s\"", "timings.connect", "is no duration"),
        ("[timings]\nconnect = \"0s\"", "timings.connect", "too short"),
        ("[timings]\ncancel_again = [\"1s\"]", "timings.cancel_again", "invalid length 1"),
        ("[timings]\ncall = \"2s\"", "timings.call", "shorter than timings.connect"),
        ("[timings]\nspread_percent = 51", "timings.spread_percent", "no spread"),
        ("[timings]\norder_code_limit = \"11min\"", "timings.order_code_limit", "30s to 10min"),
        ("[timings]\norder_code_limit = \"29s\"", "timings.order_code_limit", "30s to 10min"),
        ("[timings]\nprinted_code_limit = \"61min\"", "timings.printed_code_limit", "1min to 60min"),
        ("[timings]\nlink_limit = \"71h 59m 50s\"", "timings.link_limit", "less than 72h"),
        ("[timings]\nlink_limit = \"59s\"", "timings.link_limit", "at least 1min"),
        ("[timings]\nexpire_after_limit = \"72h\"", "timings.payment_code_limit", "less than 72h"),
        ("[time]\nzone = \"Asia/Atlantis\"", "time.zone", "is no time zone"),
        ("[time]\nformat = \"%Y-%m-%d\"", "time.format", "whole date and time"),
        ("[time]\nformat = \"%Y-%m-%d %I:%M:%S\"", "time.format", "whole date and time"),
        ("[time]\ncancel_until = \"24:30\"", "time.cancel_until", "no time of day"),
        ("[headers]\nsign = \"si gn\"", "headers.sign", "no header name"),
        ("[headers]\nsign = \"CLIENTID\"", "headers.sign", "another header"),
        ("[http]\nmethod = \"GET\"", "http.method", "unknown variant"),
        ("[http]\ncontent_type = \"a\\nb\"", "http.content_type", "does not fit into a header"),
        ("[paths]\npay = \"pay\"", "paths.pay", "must start with /"),
        ("[fields]\namount = \"\"", "fields.amount", "no field name"),
        ("[fields]\namount = \"a..b\"", "fields.amount", "no field name"),
        ("[fields]\ncurrency = \"amount\"", "fields.currency", "another field"),
        ("[fields]\nos = \"goods.description.os\"", "fields.os", "another field"),
        ("[fields]\nstatus = \"amount\"", "fields.status", "another field"),
        ("[fields]\npay_time = \"payAction.at\"", "fields.pay_time", "another field"),
        ("[answer]\ndata = \"code\"", "answer.data", "the code stands there already"),
        ("[answer]\ncode = \"data\"", "answer.code", "the code stands there already"),
        ("[answer]\nsignature = \"body\"\nsign = \"data\"", "answer.sign", "stands there already"),
        ("[request]\namounts = \"float\"", "request.amounts", "unknown variant"),
        ("[request]\nos = \"a&b\"", "request.os", "the signature cannot carry '&'"),
        ("[request]\nos = \"\"", "request.os", "can't be empty"),
        ("[request]\nnotify_url = \"http://a.example\"", "request.notify_url", "https://"),
        ("[request]\nnotify_url = \"https://a.example/?b=c\"", "request.notify_url", "cannot carry '='"),
        ("[request.pay_extras]\namount = \"1\"", "request.pay_extras.amount", "sets this field"),
        ("[request.pay_extras]\nnote = \"a|b\"", "request.pay_extras.note", "cannot carry '|'"),
        ("[request.pay_extras]\nrate = 1.5", "request.pay_extras.rate", "a constant must be text"),
        ("[business]\nproducts = [\"ORDER\"]", "business.products", "unknown variant"),
        ("[answer]\nsuccess_code = \"900001\"", "answer.success_code", "as an error"),
        ("[answer]\nsign = \"si gn\"", "answer.sign", "no header name"),
        ("[answer.status]\nfail = \"closed\"", "answer.status.fail", "word of its own"),
        ("[answer.status]\nfail = \"\"", "answer.status.fail", "can't be empty"),
        ("[answer.codes]\n100001 = \"fine\"", "answer.codes.100001", "unknown variant"),
        (
            "[answer.pay_action]\nredirect_url = \"image\"",
            "answer.pay_action.redirect_url",
            "image_hosts is empty",
        ),
        ("[signing]\nhash = \"MD5\"", "signing.hash", "unknown variant"),
        ("[trust]\npinned_roots = [\"sha256/AAAA\"]", "trust.pinned_roots", "is no pin"),
        ("[credentials]\nclient_id = \"\"", "credentials.client_id", "does not fit into a header"),
    ];
    for (text, key, why) in table {
        let said = fault(text);
        let in_file = text.contains(key.rsplit('.').next().unwrap());
        let line = if in_file { format!(", line {}", text.lines().count()) } else { String::new() };
        let place = format!("wire.toml{line}, key {key}: ");
        assert!(said.contains(&place) && said.contains(why), "{text:?} gave: {said}");
    }
}

#[test]
fn what_is_no_toml_is_named_with_its_line() {
    assert!(fault("a = 1\nb = = 2\n").starts_with("could not use wire.toml, line 2"));
    assert!(fault("a = 1\na = 2\n").starts_with("could not use wire.toml, line 2"));
}

#[test]
fn a_token_needs_consent_and_never_meets_the_production_host() {
    let token =
        "[credentials]\nclient_id = \"M\"\nsign_type = \"TOKEN\"\nsign_id = \"K\"\nkey_file = \"t\"\n";
    assert!(fault(token).contains("line 3, key credentials.sign_type: TOKEN leaves answers unsigned"));
    assert!(Profile::read(Path::new("wire.toml"), &format!("allow_unsigned = true\n{token}")).is_ok());
    for host in
        ["acgateway.uqpay.com", "ACGATEWAY.uqpay.com", "acgateway.uqpay.com.", "acgateway.uqpay.com:8443"]
    {
        let text = format!("allow_unsigned = true\nbase_url = \"https://{host}/x\"\n{token}");
        assert!(fault(&text).contains("can't be used with the production host"), "{host}");
    }
}

#[test]
fn rsa_needs_both_keys_and_the_others_only_one() {
    let credentials = |kind: &str, more: &str| {
        format!(
            "[credentials]\nclient_id = \"M\"\nsign_type = \"{kind}\"\nsign_id = \"K\"\nkey_file = \"k\"\n{more}"
        )
    };
    assert!(fault(&credentials("RSA", "")).contains("key credentials.public_key_file: RSA needs"));
    assert!(
        fault(&credentials("SHA", "public_key_file = \"p\"\n"))
            .contains("line 6, key credentials.public_key_file")
    );
    assert!(fault("[credentials]\nclient_id = \"M\"\n").contains("missing field"));
}

#[test]
fn files_are_found_beside_the_profile() {
    let text = "[trust]\nca_file = \"ca.pem\"\n[credentials]\nclient_id = \"M\"\nsign_type = \"SHA\"\nsign_id = \"K\"\nkey_file = \"/etc/k\"\n";
    let profile = Profile::read(Path::new("/shop/files/wire.toml"), text).unwrap();
    assert_eq!(profile.trust.ca_file, Path::new("/shop/files/ca.pem"));
    assert_eq!(profile.credentials.unwrap().key_file, Path::new("/etc/k"));
}

#[test]
fn a_missing_profile_is_named() {
    let fault = Profile::load(Path::new("/nowhere/wire.toml")).unwrap_err();
    assert_eq!(fault.to_string(), "could not read the wire profile /nowhere/wire.toml");
}

#[test]
fn civil_time_is_the_acquirers() {
    let time = Profile::read(Path::new("wire.toml"), "").unwrap().time;
    // 2026-11-23 18:30:00 in Hong Kong.
    let wall = Wall(1_795_429_800_000);
    assert_eq!(time.write(wall).unwrap(), "2026-11-23 18:30:00");
    assert_eq!(time.read("2026-11-23 18:30:00"), Some(wall));
    assert_eq!(time.write(time.cut_off(wall).unwrap()).unwrap(), "2026-11-23 23:59:59");
    assert_eq!(time.read("2026-02-30 18:30:00"), None);
    assert_eq!(time.read("2026-11-23T18:30:00"), None);
    // The date is Hong Kong's although it is still the day before in UTC.
    let early = time.read("2026-11-24 00:00:00").unwrap();
    assert_eq!(time.write(time.cut_off(early).unwrap()).unwrap(), "2026-11-24 23:59:59");
}
