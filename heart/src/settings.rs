//! What a shop and an integrator can choose, as the heart needs it.

use alloc::string::String;

use crate::ids::TerminalId;
use crate::money::{Amount, Currency};

/// Everything that can be chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The terminal's name in its ids.
    pub terminal: TerminalId,
    /// The shop's currency.
    pub currency: Currency,
    /// How digits become an amount.
    pub amount_entry: AmountEntry,
    /// Amounts above this are confirmed.
    pub ask_twice: Amount,
    /// Amounts above this are refused.
    pub amount_max: Amount,
    /// When the order code is made.
    pub order_code: OrderCodeWhen,
    /// Whether the shop takes payments by link.
    pub links: bool,
    /// Whether the customer has a display: without one, an order code is printed.
    pub customer_display: bool,
    /// What there is of the shop's static code.
    pub entry_code: EntryCode,
    /// Whether the shop takes payment codes.
    pub payment_codes: bool,
    /// Whether the wallet knows CANCEL.
    pub knows_cancel: bool,
    /// Whether this terminal may give money back.
    pub refunds: bool,
    /// Whether the manager has a PIN: without one, what needs it is absent.
    pub manager: bool,
    /// Which ends of a sale are printed by themselves.
    pub slips: Slips,
    /// The cashier's language at start.
    pub language: Language,
    /// The profile's timings.
    pub timings: Timings,
}

/// How digits become an amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AmountEntry {
    /// `1250` is 1,250.00, `12.5` is 12.50.
    Major,
    /// Digits shift in from the right, as on card terminals: `1250` is 12.50.
    Cents,
}

/// When the order code is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrderCodeWhen {
    /// On the `qr` key.
    OnKey,
    /// As soon as the amount is known.
    AtOnce,
    /// Never: the shop does not take order codes.
    Never,
}

/// What there is of the shop's static code, which customers scan to enter the amount themselves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EntryCode {
    /// Nothing: the shop has none, or another terminal of the store owns it.
    Off,
    /// There is one, and nothing listens for its payments: it is not shown.
    Deaf,
    /// Its text; its payments are listened for.
    On(String),
}

/// Which ends of a sale are printed by themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slips {
    /// Every end.
    Every,
    /// Paid, cancelled and unsettled ones; a refusal leaves no paper.
    NotRefusals,
    /// None: the counter has no printer.
    Never,
}

/// The cashier's language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// English.
    English,
    /// 繁體中文 (Hong Kong).
    Chinese,
}

/// All limits and pauses, in milliseconds. [`Timings::default`] is field practice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timings {
    /// First DETAIL after the PAY left, or after an order code is shown.
    pub first_detail_ms: u64,
    /// First DETAIL after an answer `processing`.
    pub after_processing_ms: u64,
    /// From one DETAIL to the next.
    pub detail_every_ms: u64,
    /// From one DETAIL to the next after "busy".
    pub after_busy_ms: u64,
    /// How far these pauses are spread, in percent either way.
    pub spread_percent: u64,
    /// Limit of a payment by payment code.
    pub payment_code_limit_ms: u64,
    /// Limit of an order code on a display.
    pub order_code_limit_ms: u64,
    /// Limit of an order code on a slip.
    pub printed_code_limit_ms: u64,
    /// Limit of a payment by link.
    pub link_limit_ms: u64,
    /// How much later than the limit `expireAt` lies.
    pub expire_after_limit_ms: u64,
    /// How long after `expireAt` a payment may still turn up.
    pub expire_margin_ms: u64,
    /// When a waiting sale may be parked for the next customer.
    pub park_after_ms: u64,
    /// How old a scan may be that waits for an order code to be cancelled.
    pub scan_age_max_ms: u64,
    /// How long scans are dropped after one was taken.
    pub scan_quiet_ms: u64,
    /// How long a payment code is remembered, so that it is not used twice.
    pub code_life_ms: u64,
    /// Pauses before the second, third, … call of the same CANCEL.
    pub cancel_again_ms: [u64; 3],
    /// Pauses between background questions, in order.
    pub background_ms: [u64; 6],
    /// Then every so often.
    pub background_then_ms: u64,
    /// After this age, …
    pub background_old_ms: u64,
    /// … every so often, with an alarm.
    pub background_old_every_ms: u64,
    /// How far the clock may be from the acquirer's.
    pub clock_off_max_ms: u64,
    /// How long a result stays on the screen when nobody touches it.
    pub result_stays_ms: u64,
    /// Pause between two tries to prove the keys.
    pub prove_every_ms: u64,
    /// How long before the cut-off the screen warns.
    pub warn_before_cut_off_ms: u64,
}

impl Default for Timings {
    fn default() -> Timings {
        Timings {
            first_detail_ms: 5_000,
            after_processing_ms: 3_000,
            detail_every_ms: 3_000,
            after_busy_ms: 6_000,
            spread_percent: 20,
            payment_code_limit_ms: 60_000,
            order_code_limit_ms: 120_000,
            printed_code_limit_ms: 600_000,
            link_limit_ms: 86_400_000,
            expire_after_limit_ms: 10_000,
            expire_margin_ms: 60_000,
            park_after_ms: 10_000,
            scan_age_max_ms: 15_000,
            scan_quiet_ms: 1_500,
            code_life_ms: 120_000,
            cancel_again_ms: [2_000, 5_000, 10_000],
            background_ms: [4_000, 4_000, 30_000, 60_000, 60_000, 60_000],
            background_then_ms: 300_000,
            background_old_ms: 86_400_000,
            background_old_every_ms: 3_600_000,
            clock_off_max_ms: 30_000,
            result_stays_ms: 30_000,
            prove_every_ms: 3_000,
            warn_before_cut_off_ms: 299_000,
        }
    }
}
