//! What the tests of the acquirer's client share.

use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use postern::acquirer::merchant::Merchant;
use postern::acquirer::profile::Profile;
use postern::acquirer::protocol::Protocol;
use postern::acquirer::sign::{Key, Secret, Signer};
use postern_heart::ask::{Pay, PayProduct, Request};
use postern_heart::code::{PaymentCode, Scanned};
use postern_heart::ids::{OrderId, Target, TerminalId, UqOrderId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;

/// Credentials whose key stands in `sha.key`.
pub(crate) const SHA_CREDENTIALS: &str =
    "[credentials]\nclient_id = \"M1\"\nsign_type = \"SHA\"\nsign_id = \"K1\"\nkey_file = \"sha.key\"\n";

/// Credentials whose keys stand in `our.key` and `theirs.pem`.
pub(crate) const RSA_CREDENTIALS: &str = "[credentials]\nclient_id = \"M1\"\nsign_type = \"RSA\"\nsign_id = \"K1\"\nkey_file = \"our.key\"\npublic_key_file = \"theirs.pem\"\n";

/// A folder of a test's own, gone with the value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name =
            format!("postern-acquirer-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A file that only its owner can read.
    pub(crate) fn secret(&self, name: &str, content: &str) {
        self.file_with(name, content, 0o600);
    }

    pub(crate) fn file(&self, name: &str, content: &str) {
        self.file_with(name, content, 0o644);
    }

    pub(crate) fn file_with(&self, name: &str, content: &str, mode: u32) {
        let path = self.0.join(name);
        let _ = fs::remove_file(&path);
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path).unwrap();
        fs::write(&path, content).unwrap();
        file.set_permissions(fs::Permissions::from_mode(mode)).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A profile for these credentials with more text behind it.
pub(crate) fn profile(more: &str) -> Profile {
    Profile::read(Path::new("wire.toml"), &format!("{more}\n{SHA_CREDENTIALS}")).unwrap()
}

/// Rules of a profile with the key that the tests share.
pub(crate) fn signer(profile: &Profile) -> Signer {
    Signer::new(profile.signing.clone(), Key::Sha(Secret::new(KEY.to_owned())))
}

/// The terminal's side of the protocol under this profile.
pub(crate) fn protocol(profile: Profile) -> Protocol {
    Protocol::new(Arc::new(profile), Key::Sha(Secret::new(KEY.to_owned())), merchant()).unwrap()
}

/// The key that the tests share.
pub(crate) const KEY: &str = "UPAS_TEST_KEY_0001";

pub(crate) fn merchant() -> Merchant {
    Merchant {
        store_id: "S1".to_owned(),
        sub_merchant_id: "SUB1".to_owned(),
        terminal_id: "HK01".to_owned(),
        operator_id: "OP7".to_owned(),
        description: "奶茶 x2".to_owned(),
    }
}

pub(crate) fn hkd(minor: u64) -> Amount {
    Amount::new(minor, Currency::HKD)
}

pub(crate) fn id(text: &str) -> OrderId {
    OrderId::parse(text).unwrap()
}

/// 2026-11-23 18:30:00 in Hong Kong.
pub(crate) const EXPIRE: Wall = Wall(1_795_429_800_000);

/// The payment code of every test.
pub(crate) const CODE: &str = "280244567856723026";

pub(crate) fn pay_by_code() -> Request {
    let code = PaymentCode::read(&Scanned::new(CODE.to_owned()), TerminalId::parse("HK01").unwrap()).unwrap();
    Request::Pay(Pay {
        id: id("P1"),
        product: PayProduct::PaymentCode(code),
        amount: hkd(1230),
        expire_at: EXPIRE,
    })
}

pub(crate) fn pay_by_order() -> Request {
    Request::Pay(Pay { id: id("P1"), product: PayProduct::OrderCode, amount: hkd(1230), expire_at: EXPIRE })
}

pub(crate) fn pay_by_link() -> Request {
    let product = PayProduct::CashierPayment;
    Request::Pay(Pay { id: id("P1"), product, amount: hkd(1230), expire_at: EXPIRE })
}

pub(crate) fn cancel() -> Request {
    Request::Cancel { id: id("C1"), original: ours("P1"), amount: hkd(1230) }
}

pub(crate) fn detail() -> Request {
    Request::Detail { id: ours("P1"), amount: Some(hkd(1230)) }
}

pub(crate) fn refund() -> Request {
    Request::Refund { id: id("R1"), original: ours("P1"), amount: hkd(230) }
}

/// The payment P1 as one that came to a static code: it has no id of ours.
pub(crate) fn theirs() -> Target {
    Target::Theirs(UqOrderId("U9".to_owned()))
}

pub(crate) fn ours(text: &str) -> Target {
    Target::Ours(id(text))
}
