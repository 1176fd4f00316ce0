//! Money: whole minor units of one currency, never a float.

use alloc::string::String;
use core::fmt;

/// A currency: its ISO 4217 code and how many decimals its amounts have.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Currency {
    code: [u8; 3],
    decimals: u8,
}

impl Currency {
    /// The Hong Kong dollar.
    pub const HKD: Currency = Currency { code: *b"HKD", decimals: 2 };

    /// Finds a currency by its ISO 4217 code; `None` for one that Postern does not know the decimals of.
    pub fn parse(code: &str) -> Option<Currency> {
        let decimals = match code {
            "HKD" | "CNY" | "USD" | "EUR" | "GBP" | "SGD" | "MOP" => 2,
            "JPY" | "KRW" => 0,
            _ => return None,
        };
        let code = <[u8; 3]>::try_from(code.as_bytes()).ok()?;
        Some(Currency { code, decimals })
    }

    /// The ISO 4217 code, for example `HKD`.
    pub fn code(&self) -> &str {
        core::str::from_utf8(&self.code).unwrap_or("???")
    }

    /// How many decimals an amount has.
    pub fn decimals(self) -> u8 {
        self.decimals
    }

    /// What a price tag writes in front of an amount, for example `HK$`.
    pub fn symbol(&self) -> &'static str {
        match &self.code {
            b"HKD" => "HK$",
            b"CNY" | b"JPY" => "¥",
            b"USD" => "US$",
            b"EUR" => "€",
            b"GBP" => "£",
            b"SGD" => "S$",
            b"MOP" => "MOP$",
            b"KRW" => "₩",
            _ => "",
        }
    }
}

/// An amount of money in minor units (cents).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Amount {
    minor: u64,
    currency: Currency,
}

impl Amount {
    /// An amount of so many minor units.
    pub const fn new(minor: u64, currency: Currency) -> Amount {
        Amount { minor, currency }
    }

    /// Reads `12.34` (major units). Exactly the currency's decimals may be left out, never exceeded.
    /// `None` for anything else: signs, blanks, thousands separators, too many decimals, an overflow.
    pub fn parse(text: &str, currency: Currency) -> Option<Amount> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let places = usize::from(currency.decimals);
        let dot_without_digits = text.contains('.') && fraction.is_empty();
        if whole.is_empty() || dot_without_digits || fraction.len() > places {
            return None;
        }
        let mut minor: u64 = 0;
        let zeros = core::iter::repeat_n(b'0', places.saturating_sub(fraction.len()));
        for digit in whole.bytes().chain(fraction.bytes()).chain(zeros) {
            if !digit.is_ascii_digit() {
                return None;
            }
            minor = minor.checked_mul(10)?.checked_add(u64::from(digit.saturating_sub(b'0')))?;
        }
        Some(Amount { minor, currency })
    }

    /// The number of minor units.
    pub fn minor(self) -> u64 {
        self.minor
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// What is left of it without `other`; nothing where that is more, or another currency.
    #[must_use]
    pub fn less(self, other: Amount) -> Amount {
        let taken = if self.currency == other.currency { other.minor } else { self.minor };
        Amount { minor: self.minor.saturating_sub(taken), ..self }
    }

    /// Is it nothing at all?
    pub fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Major units with exactly the currency's decimals: `1250.00`. What goes on the wire.
    pub fn major(self) -> String {
        self.digits(false)
    }

    /// What a person reads: `HK$1,250.00`.
    pub fn pretty(self) -> String {
        let mut text = String::from(self.currency.symbol());
        text.push_str(&self.digits(true));
        text
    }

    fn digits(self, grouped: bool) -> String {
        let places = usize::from(self.currency.decimals);
        let digits = alloc::format!("{:0>width$}", self.minor, width = places.saturating_add(1));
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
        let mut text = String::new();
        for (i, c) in whole.chars().enumerate() {
            let left = whole.len().saturating_sub(i);
            if grouped && i > 0 && left.is_multiple_of(3) {
                text.push(',');
            }
            text.push(c);
        }
        if places > 0 {
            text.push('.');
            text.push_str(fraction);
        }
        text
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pretty())
    }
}
