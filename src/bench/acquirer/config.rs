//! What one simulated acquirer is: whose keys it knows, what its wallets are like, what time it has.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::sign::Keys;

/// Everything that can be chosen about a simulated acquirer, with a working default for each.
#[derive(Clone, Debug)]
pub struct Config {
    /// The only merchant it knows (`clientId`).
    pub client_id: String,
    /// The id of that merchant's key (`signId`).
    pub sign_id: String,
    /// The keys.
    pub keys: Keys,
    /// The secret that notifications are signed with (`SHA`; another kind of key signs them as it signs answers).
    pub notification_key: String,
    /// How long after a notification that was not taken the same one is sent again.
    pub notify_again: Vec<Duration>,
    /// Where payments by the static code are told, and as whose; nobody is told without.
    pub entry: Option<Entry>,
    /// What stands between the flattened body and `key=` before hashing; nothing by default.
    pub salt_separator: String,
    /// The zone of `expireAt`, `payTime` and the cut-off.
    pub zone: TimeZone,
    /// The only store it takes, or any.
    pub store_id: Option<String>,
    /// The currencies it takes, with their number of decimals.
    pub currencies: Vec<(String, u8)>,
    /// In what form a PAY answer carries its order code, until changed.
    pub pay_action: PayAction,
    /// How long a payment code of the wallet can be charged.
    pub code_life: Duration,
    /// The longest that an order by payment code may stay open after its request.
    pub payment_code_open_max: Duration,
    /// The time of day from which a payment can no longer be cancelled.
    pub cancel_until: Time,
    /// Whether DETAIL says that an order code doesn't exist until a phone has scanned it, as some wallets do.
    pub hides_unscanned: bool,
    /// Whether a CANCEL of a payment that it has never seen succeeds; it promises nothing about that payment.
    pub cancels_unknown: bool,
    /// The time.
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            client_id: "bench-merchant".to_owned(),
            sign_id: "bench-key-1".to_owned(),
            keys: Keys::Sha { transaction_key: "bench-transaction-key".to_owned() },
            notification_key: "bench-notification-key".to_owned(),
            notify_again: [5, 10, 15].map(|minutes| Duration::from_secs(minutes * 60)).to_vec(),
            entry: None,
            salt_separator: String::new(),
            zone: TimeZone::get("Asia/Hong_Kong").unwrap_or(TimeZone::UTC),
            store_id: None,
            currencies: vec![("HKD".to_owned(), 2)],
            pay_action: PayAction::Object,
            code_life: Duration::from_secs(120),
            payment_code_open_max: Duration::from_secs(70),
            cancel_until: Time::constant(23, 59, 59, 0),
            hides_unscanned: false,
            cancels_unknown: false,
            clock: Clock::system(),
        }
    }
}

/// The shop's static code, as the acquirer knows it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The store whose code it is.
    pub store_id: String,
    /// Where its payments are told.
    pub notify_url: String,
}

/// In what form the answer to a PAY without a payment code says what the customer scans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayAction {
    /// One object, `QRCODE`, whose address is the text to encode.
    Object,
    /// An array: `REDIRECT` first, then `QRCODE`.
    Array,
    /// One object, `REDIRECT`.
    Redirect,
    /// `QRCODE`, whose address is a picture within a `data:` URL.
    DataUrl,
    /// `QRCODE`, whose address is a picture that this acquirer serves over https.
    Picture,
    /// An object without fields.
    Empty,
    /// A type that the contract doesn't know.
    Unknown,
    /// No `payAction` at all.
    Absent,
}

/// Where an acquirer takes the time from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's own wall clock: the bench is the world outside the terminal and has a clock of its own.
    pub fn system() -> Clock {
        Clock::new(Timestamp::now)
    }

    /// A clock that asks a function, so that a test can move the time.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
