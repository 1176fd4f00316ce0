//! The signing vectors of the contract, through key files as a shop has them.

use std::path::Path;

use postern::acquirer::json::Json;
use postern::acquirer::keys;
use postern::acquirer::profile::Profile;
use postern::acquirer::sign::{Key, Proof, SignFault, Signer, flatten};
use serde_json::Value;

use crate::acquirer_help::{Folder, RSA_CREDENTIALS, SHA_CREDENTIALS};

fn vectors() -> Value {
    serde_json::from_str(include_str!("data/sign_vectors.json")).unwrap()
}

fn signer(folder: &Folder, profile: &str) -> Signer {
    let profile = Profile::read(&folder.path().join("wire.toml"), profile).unwrap();
    let key = keys::read(profile.credentials.as_ref().unwrap()).unwrap();
    Signer::new(profile.signing, key)
}

fn check(signer: &Signer, name: &str) {
    let all = vectors();
    let vectors = all["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 6);
    for vector in vectors {
        let body = Json::read(vector["body"].as_str().unwrap().as_bytes()).unwrap();
        let printed = vector[name].as_str().unwrap();
        let Proof::Sign(sign) = signer.sign(&body).unwrap() else { panic!("a token") };
        assert_eq!(sign, printed);
        assert_eq!(signer.verify(&body, Some(printed)), Ok(()));
        let other = Json::read(br#"{"amount":"0.01"}"#).unwrap();
        assert_eq!(signer.verify(&other, Some(printed)), Err(SignFault::Wrong));
        assert_eq!(signer.verify(&body, None), Err(SignFault::Missing));
    }
}

#[test]
fn every_vector_flattens_as_printed() {
    let rules = Profile::read(Path::new("wire.toml"), "").unwrap().signing;
    for vector in vectors()["vectors"].as_array().unwrap() {
        let body = Json::read(vector["body"].as_str().unwrap().as_bytes()).unwrap();
        assert_eq!(flatten(&body, &rules).as_str(), vector["flattened"].as_str().unwrap());
    }
}

#[test]
fn every_vector_signs_and_verifies_with_sha() {
    let folder = Folder::new();
    folder.secret("sha.key", &format!("{}\n", vectors()["transaction_key"].as_str().unwrap()));
    check(&signer(&folder, SHA_CREDENTIALS), "sha");
    let with_ampersand = format!("{SHA_CREDENTIALS}[signing]\nsalt_separator = \"&\"\n");
    check(&signer(&folder, &with_ampersand), "sha_with_ampersand");
}

#[test]
fn every_vector_signs_and_verifies_with_rsa() {
    let folder = Folder::new();
    folder.secret("our.key", vectors()["rsa_private_key_pem"].as_str().unwrap());
    folder.file("theirs.pem", vectors()["rsa_public_key_pem"].as_str().unwrap());
    check(&signer(&folder, RSA_CREDENTIALS), "rsa");
}

#[test]
fn pss_and_longer_hashes_verify_what_they_sign_and_nothing_else() {
    let folder = Folder::new();
    folder.secret("our.key", vectors()["rsa_private_key_pem"].as_str().unwrap());
    folder.file("theirs.pem", vectors()["rsa_public_key_pem"].as_str().unwrap());
    let body = Json::read(br#"{"a":"1"}"#).unwrap();
    let settings = [
        "rsa_padding = \"PSS\"",
        "hash = \"SHA-384\"",
        "hash = \"SHA-512\"",
        "rsa_encoding = \"base64-url\"",
    ];
    let plain = signer(&folder, RSA_CREDENTIALS);
    for setting in settings {
        let signer = signer(&folder, &format!("{RSA_CREDENTIALS}[signing]\n{setting}\n"));
        let Proof::Sign(sign) = signer.sign(&body).unwrap() else { panic!("a token") };
        assert_eq!(signer.verify(&body, Some(&sign)), Ok(()), "{setting}");
        assert_eq!(plain.verify(&body, Some(&sign)), Err(SignFault::Wrong), "{setting}");
    }
}

#[test]
fn a_token_travels_as_it_is_and_verifies_nothing() {
    let folder = Folder::new();
    folder.secret("token.key", "open-sesame\n");
    let profile = "allow_unsigned = true\n[credentials]\nclient_id = \"M1\"\nsign_type = \"TOKEN\"\nsign_id = \"K1\"\nkey_file = \"token.key\"\n";
    let signer = signer(&folder, profile);
    let body = Json::read(br#"{"a":"1"}"#).unwrap();
    let Proof::Token(token) = signer.sign(&body).unwrap() else { panic!("a signature") };
    assert_eq!(token.as_str(), "open-sesame");
    assert_eq!(signer.verify(&body, None), Ok(()));
}

#[test]
fn a_key_file_that_others_can_read_is_refused_with_the_cure() {
    let folder = Folder::new();
    for mode in [0o640, 0o604, 0o644, 0o660, 0o601] {
        folder.file_with("sha.key", "k", mode);
        let fault = key_fault(&folder, SHA_CREDENTIALS);
        assert!(fault.starts_with("could not trust the key file"), "{fault}");
        assert!(fault.contains("chmod 600") && fault.contains("sha.key"), "{fault}");
    }
    for mode in [0o600, 0o400] {
        folder.file_with("sha.key", "k", mode);
        assert!(matches!(signer_key(&folder, SHA_CREDENTIALS), Ok(Key::Sha(_))));
    }
}

#[test]
fn a_key_file_that_is_missing_or_holds_something_else_says_so() {
    let folder = Folder::new();
    assert!(key_fault(&folder, SHA_CREDENTIALS).contains("put the key there, then run: chmod 600"));
    for (content, why) in [("", "it is empty"), (" \n", "it is empty"), ("a\nb", "alone on one line")] {
        folder.secret("sha.key", content);
        assert!(key_fault(&folder, SHA_CREDENTIALS).contains(why), "{content:?}");
    }
    folder.secret("sha.key", &"k".repeat(20_000));
    assert!(key_fault(&folder, SHA_CREDENTIALS).contains("too long"));
    folder.secret("our.key", "not a key");
    folder.file("theirs.pem", vectors()["rsa_public_key_pem"].as_str().unwrap());
    assert!(key_fault(&folder, RSA_CREDENTIALS).contains("no RSA private key"));
    folder.secret("our.key", vectors()["rsa_private_key_pem"].as_str().unwrap());
    folder.file("theirs.pem", vectors()["rsa_private_key_pem"].as_str().unwrap());
    assert!(key_fault(&folder, RSA_CREDENTIALS).contains("no RSA public key"));
}

#[test]
fn a_key_never_shows_itself() {
    let folder = Folder::new();
    folder.secret("sha.key", "very-secret");
    let key = signer_key(&folder, SHA_CREDENTIALS).unwrap();
    assert_eq!(format!("{key:?}"), "Key(SHA, …)");
    folder.secret("our.key", "very-secret");
    folder.file("theirs.pem", "");
    let fault = signer_key(&folder, RSA_CREDENTIALS).unwrap_err();
    assert!(!format!("{fault} {fault:?}").contains("very-secret"));
}

fn signer_key(folder: &Folder, profile: &str) -> Result<Key, keys::KeyFault> {
    let profile = Profile::read(&folder.path().join("wire.toml"), profile).unwrap();
    keys::read(profile.credentials.as_ref().unwrap())
}

fn key_fault(folder: &Folder, profile: &str) -> String {
    signer_key(folder, profile).unwrap_err().to_string()
}
