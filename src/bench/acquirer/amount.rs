//! Money as the acquirer counts it: whole minor units, written with exactly the currency's decimals.

use std::fmt;

/// More digits than this before the point are refused.
const DIGITS_MAX: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount {
    minor: u64,
    decimals: u8,
}

impl Amount {
    /// Reads an amount greater than zero.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub(super) fn parse(text: &str, decimals: u8) -> Result<Amount, String> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || fraction.is_some_and(|fraction| !digits(fraction)) {
            return Err("only digits and one point".to_owned());
        }
        if fraction.map_or(0, str::len) != usize::from(decimals) {
            return Err(format!("exactly {decimals} decimals"));
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err("no leading zero".to_owned());
        }
        if whole.len() > DIGITS_MAX {
            return Err(format!("at most {DIGITS_MAX} digits before the point"));
        }
        match format!("{whole}{}", fraction.unwrap_or_default()).parse() {
            Ok(0) => Err("more than zero".to_owned()),
            Ok(minor) => Ok(Amount { minor, decimals }),
            Err(_) => Err("a number that can be counted".to_owned()),
        }
    }

    pub(super) fn zero_like(self) -> Amount {
        Amount { minor: 0, ..self }
    }

    /// One whole unit of the currency more.
    pub(super) fn another(self) -> Amount {
        self.plus(Amount { minor: 10_u64.saturating_pow(self.decimals.into()), ..self })
    }

    pub(super) fn plus(self, other: Amount) -> Amount {
        Amount { minor: self.minor.saturating_add(other.minor), ..self }
    }

    pub(super) fn minus(self, other: Amount) -> Amount {
        Amount { minor: self.minor.saturating_sub(other.minor), ..self }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u64.saturating_pow(self.decimals.into());
        let (whole, fraction) = (self.minor / unit, self.minor % unit);
        match self.decimals {
            0 => write!(f, "{whole}"),
            decimals => write!(f, "{whole}.{fraction:0>width$}", width = decimals.into()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_as_it_was_read() {
        for (text, decimals) in [("12.30", 2), ("0.01", 2), ("100", 0), ("1.005", 3), ("9999999999.99", 2)] {
            assert_eq!(Amount::parse(text, decimals).unwrap().to_string(), text);
        }
    }

    #[test]
    fn an_amount_in_another_form_is_refused_with_the_rule() {
        for (text, decimals, rule) in [
            ("12.3", 2, "exactly 2 decimals"),
            ("12", 2, "exactly 2 decimals"),
            ("12.300", 2, "exactly 2 decimals"),
            ("12.00", 0, "exactly 0 decimals"),
            ("012.30", 2, "no leading zero"),
            ("0.00", 2, "more than zero"),
            ("-1.00", 2, "only digits and one point"),
            ("+1.00", 2, "only digits and one point"),
            ("1,000.00", 2, "only digits and one point"),
            ("1.0.0", 2, "only digits and one point"),
            (" 1.00", 2, "only digits and one point"),
            (".50", 2, "only digits and one point"),
            ("1e3", 0, "only digits and one point"),
            ("12345678901.00", 2, "at most 10 digits before the point"),
        ] {
            assert_eq!(Amount::parse(text, decimals).unwrap_err(), rule, "{text}");
        }
    }
}
