//! The shop file: who sells, in which words, and what this counter may do.

use std::path::{Path, PathBuf};

use argon2::password_hash::phc::PasswordHash;
use postern_heart::ids::TerminalId;
use postern_heart::money::{Amount, Currency};
use postern_heart::settings::{AmountEntry, EntryCode, Language, OrderCodeWhen, Settings, Slips};
use serde::Deserialize;

use crate::acquirer::merchant::{Merchant, MerchantFault};
use crate::acquirer::profile::{ProductName, Profile};
use crate::clock::Trust;
use crate::emvco;
use crate::files::{self, FileFault, Lines};
use crate::look::{Keypad, Sign};

/// What stands in for keys that a shop file leaves out.
const DEFAULTS: &str = include_str!("../assets/shop.toml");

/// A shop file, read and checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    terminal_id: String,
    store_id: String,
    sub_merchant_id: String,
    operator_id: String,
    description: String,
    currency: String,
    language: FileLanguage,
    clock: FileClock,
    amount_entry: FileAmountEntry,
    ask_twice: String,
    amount_max: String,
    order_code: FileOrderCode,
    slips: FileSlips,
    keypad: FileKeypad,
    pin: String,
    name: Name,
    receipt: ReceiptLines,
    entry_code: ShopCode,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    english: String,
    chinese: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiptLines {
    head: Vec<String>,
    foot: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShopCode {
    text: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum FileLanguage {
    #[serde(rename = "en-HK")]
    English,
    #[serde(rename = "zh-HK")]
    Chinese,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FileClock {
    Synchronised,
    System,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FileAmountEntry {
    Major,
    Cents,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FileOrderCode {
    OnKey,
    AtOnce,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FileSlips {
    Every,
    NotRefusals,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FileKeypad {
    OnScreen,
    Beside,
}

/// What the counter has at all, whether it works or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Equipment {
    /// A receipt printer.
    pub printer: bool,
    /// A display for the customer.
    pub customer_display: bool,
    /// A listener for notifications.
    pub listener: bool,
}

/// What is wrong with a shop file.
#[derive(Debug, thiserror::Error)]
pub enum ShopFault {
    /// The file can't be read.
    #[error("could not read the shop file {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file says something that can't be.
    #[error(transparent)]
    File(#[from] FileFault),
}

impl Shop {
    /// Reads the shop file at `path`.
    ///
    /// # Errors
    /// The file can't be read, or it says something that can't be.
    pub fn load(path: &Path) -> Result<Shop, ShopFault> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ShopFault::Read { path: path.to_owned(), source })?;
        Ok(Shop::read(path, &text)?)
    }

    /// Reads `text`, which stands in the file at `path`.
    ///
    /// # Errors
    /// It says something that can't be; the line and the key are named.
    pub fn read(path: &Path, text: &str) -> Result<Shop, FileFault> {
        let (shop, lines): (Shop, Lines) = files::read(DEFAULTS, path, text)?;
        shop.check(&lines)?;
        Ok(shop)
    }

    fn check(&self, lines: &Lines) -> Result<(), FileFault> {
        if TerminalId::parse(&self.terminal_id).is_none() {
            return Err(lines.fault("terminal_id", "it must be 1 to 8 letters and digits"));
        }
        if self.store_id.is_empty() {
            return Err(lines.fault("store_id", "it must be the shop's id at the acquirer"));
        }
        let Some(currency) = Currency::parse(&self.currency) else {
            return Err(lines.fault("currency", "write the currency's three letters, for example \"HKD\""));
        };
        for (key, text) in [("ask_twice", &self.ask_twice), ("amount_max", &self.amount_max)] {
            let amount = Amount::parse(text, currency).filter(|amount| !amount.is_zero());
            if amount.is_none() {
                let decimals = currency.decimals();
                return Err(lines.fault(
                    key,
                    format!("write an amount like \"500.00\", with at most {decimals} decimals"),
                ));
            }
        }
        if !self.pin.is_empty() && PasswordHash::new(&self.pin).is_err() {
            return Err(lines.fault("pin", "this is no hash of a PIN: `postern pin` makes one"));
        }
        if !self.entry_code.text.is_empty() {
            emvco::check(&self.entry_code.text).map_err(|why| lines.fault("entry_code.text", why))?;
            if currency != Currency::HKD {
                return Err(
                    lines.fault("entry_code.text", "it takes Hong Kong dollars, and the shop does not")
                );
            }
        }
        if self.name.english.is_empty() && self.name.chinese.is_empty() {
            return Err(
                lines.fault("name.english", "the shop needs a name, in English, in Chinese or in both")
            );
        }
        Ok(())
    }

    /// What the heart may choose from.
    pub fn settings(&self, profile: &Profile, has: Equipment) -> Settings {
        let currency = self.currency();
        let amount = |text: &str| Amount::parse(text, currency).unwrap_or(Amount::new(0, currency));
        let order_codes = profile.offers(ProductName::OrderCode);
        Settings {
            terminal: TerminalId::parse(&self.terminal_id).unwrap_or_default(),
            currency,
            amount_entry: match self.amount_entry {
                FileAmountEntry::Major => AmountEntry::Major,
                FileAmountEntry::Cents => AmountEntry::Cents,
            },
            ask_twice: amount(&self.ask_twice),
            amount_max: amount(&self.amount_max),
            order_code: match self.order_code {
                _ if !order_codes => OrderCodeWhen::Never,
                FileOrderCode::OnKey => OrderCodeWhen::OnKey,
                FileOrderCode::AtOnce => OrderCodeWhen::AtOnce,
            },
            links: profile.offers(ProductName::CashierPayment),
            customer_display: has.customer_display,
            entry_code: match self.entry_code.text.as_str() {
                _ if !self.owns_static_code(profile) => EntryCode::Off,
                text if has.listener => EntryCode::On(text.to_owned()),
                _ => EntryCode::Deaf,
            },
            payment_codes: profile.offers(ProductName::PaymentCode),
            knows_cancel: profile.knows_cancel(),
            refunds: profile.business.refunds,
            manager: !self.pin.is_empty(),
            slips: match self.slips {
                _ if !has.printer => Slips::Never,
                FileSlips::Every => Slips::Every,
                FileSlips::NotRefusals => Slips::NotRefusals,
            },
            language: match self.language {
                FileLanguage::English => Language::English,
                FileLanguage::Chinese => Language::Chinese,
            },
            timings: profile.timings.heart(),
        }
    }

    /// The terminal's id, which every id that it makes begins with.
    pub fn terminal_id(&self) -> &str {
        &self.terminal_id
    }

    /// The currency of every amount.
    pub fn currency(&self) -> Currency {
        Currency::parse(&self.currency).unwrap_or(Currency::HKD)
    }

    /// Whether payments by the shop's static code are this terminal's.
    pub fn owns_static_code(&self, profile: &Profile) -> bool {
        !self.entry_code.text.is_empty() && profile.offers(ProductName::EntryCode)
    }

    /// What every request says of this shop.
    ///
    /// # Errors
    /// A text that requests can't carry.
    pub fn merchant(&self, profile: &Profile) -> Result<Merchant, MerchantFault> {
        let merchant = Merchant {
            store_id: self.store_id.clone(),
            sub_merchant_id: self.sub_merchant_id.clone(),
            terminal_id: self.terminal_id.clone(),
            operator_id: self.operator_id.clone(),
            description: self.description.clone(),
        };
        merchant.check(profile)?;
        Ok(merchant)
    }

    /// What stands over the door and on the paper.
    pub fn sign(&self, profile: &Profile) -> Sign {
        Sign {
            english: self.name.english.clone(),
            chinese: self.name.chinese.clone(),
            head: self.receipt.head.clone(),
            foot: self.receipt.foot.clone(),
            terminal: self.terminal_id.clone(),
            wallet: profile.request.payment_method.clone(),
        }
    }

    /// Where the cashier types.
    pub fn keypad(&self) -> Keypad {
        match self.keypad {
            FileKeypad::OnScreen => Keypad::OnScreen,
            FileKeypad::Beside => Keypad::Beside,
        }
    }

    /// Whose word is taken for the wall clock.
    pub fn clock_trust(&self) -> Trust {
        match self.clock {
            FileClock::Synchronised => Trust::Synchronised,
            FileClock::System => Trust::System,
        }
    }

    /// The hash of the manager's PIN; empty where there is none.
    pub fn pin_hash(&self) -> &str {
        &self.pin
    }
}
