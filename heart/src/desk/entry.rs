//! Digits to an amount, as the shop's cashiers are used to.

use alloc::string::String;

use crate::event::Key;
use crate::money::{Amount, Currency};
use crate::screen::{Notice, Typed};
use crate::settings::AmountEntry;

/// The most digits that an amount is typed with.
const DIGITS_MAX: usize = 9;

/// An amount in the middle of being typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Entry {
    digits: String,
}

impl Entry {
    pub(crate) fn is_empty(&self) -> bool {
        self.digits.is_empty()
    }

    /// Whether a decimal point means anything.
    pub(crate) fn takes_point(how: AmountEntry, currency: Currency) -> bool {
        how == AmountEntry::Major && currency.decimals() > 0
    }

    /// Takes a key; a key that can't be meant is refused with the reason.
    pub(crate) fn key(&mut self, key: Key, how: AmountEntry, currency: Currency) -> Result<(), Notice> {
        match key {
            Key::Digit(digit) => self.digit(digit, how, currency),
            Key::DoubleZero => {
                let before = self.digits.clone();
                let both = self.digit(0, how, currency).and_then(|()| self.digit(0, how, currency));
                if both.is_err() {
                    self.digits = before;
                }
                both
            }
            Key::Point if !Entry::takes_point(how, currency) || self.digits.contains('.') => {
                Err(Notice::TooManyDecimals)
            }
            Key::Point => {
                if self.digits.is_empty() {
                    self.digits.push('0');
                }
                self.digits.push('.');
                Ok(())
            }
            Key::Clear => {
                self.digits.pop();
                Ok(())
            }
            Key::Enter | Key::Stop | Key::Qr | Key::Menu | Key::Up | Key::Down | Key::Letter(_) => Ok(()),
        }
    }

    fn digit(&mut self, digit: u8, how: AmountEntry, currency: Currency) -> Result<(), Notice> {
        let decimals = self.digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        if self.digits.contains('.') && decimals >= usize::from(currency.decimals()) {
            return Err(Notice::TooManyDecimals);
        }
        if self.digits.len() >= DIGITS_MAX {
            let most = Amount::new(999_999_999, currency);
            return Err(Notice::AmountTooLarge(most));
        }
        let leading_zero =
            self.digits == "0" || (self.digits.is_empty() && how == AmountEntry::Cents && digit == 0);
        if leading_zero {
            self.digits.clear();
        }
        if !(leading_zero && digit == 0 && how == AmountEntry::Cents) {
            self.digits.push(char::from(b'0'.saturating_add(digit.min(9))));
        }
        Ok(())
    }

    /// What it is worth if Enter is pressed now.
    pub(crate) fn amount(&self, how: AmountEntry, currency: Currency) -> Amount {
        let zero = Amount::new(0, currency);
        match how {
            AmountEntry::Major => {
                let text = self.digits.strip_suffix('.').unwrap_or(&self.digits);
                Amount::parse(text, currency).unwrap_or(zero)
            }
            AmountEntry::Cents => self.digits.parse().map_or(zero, |minor| Amount::new(minor, currency)),
        }
    }

    /// How it is shown while it is typed: `1,250.5`.
    pub(crate) fn typed(&self, how: AmountEntry, currency: Currency) -> Option<Typed> {
        if self.digits.is_empty() {
            return None;
        }
        let amount = self.amount(how, currency);
        let pretty = amount.pretty();
        let pretty = pretty.strip_prefix(currency.symbol()).unwrap_or(&pretty);
        let text = match how {
            AmountEntry::Cents => String::from(pretty),
            AmountEntry::Major => {
                let whole = pretty.split_once('.').map_or(pretty, |(whole, _)| whole);
                let fraction =
                    self.digits.find('.').and_then(|dot| self.digits.get(dot..)).unwrap_or_default();
                alloc::format!("{whole}{fraction}")
            }
        };
        Some(Typed { text, amount })
    }
}
