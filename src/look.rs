//! What screens and paper need beside the values they draw: glyphs, texts, the shop's sign, its time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use postern_heart::now::Wall;
use postern_heart::settings::Language;

use crate::glyphs::{FontFault, Glyphs};
use crate::text::{Texts, TextsFault};

/// Everything that is the same for every screen and every paper of this shop.
pub struct Look {
    /// The fonts.
    pub glyphs: Glyphs,
    /// The messages.
    pub texts: Texts,
    /// The shop's name and what stands on its paper.
    pub sign: Sign,
    /// The zone of the times that are shown and printed.
    pub zone: TimeZone,
    /// Where the cashier types.
    pub keypad: Keypad,
}

/// What a shop writes over its door, and over and under its receipts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sign {
    /// The shop's name in English; empty where it has none.
    pub english: String,
    /// The shop's name in Chinese; empty where it has none.
    pub chinese: String,
    /// Lines under the name on paper: address, telephone.
    pub head: Vec<String>,
    /// Lines at the paper's end.
    pub foot: Vec<String>,
    /// The terminal's name, for paper.
    pub terminal: String,
    /// The wallet, for paper: the payment method as the wire profile writes it; empty where nobody said.
    pub wallet: String,
}

/// Where the cashier types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keypad {
    /// On the screen, by touch.
    OnScreen,
    /// On keys beside the screen, which then has more room for the amount.
    Beside,
}

/// The look could not be made, which is a fault of the build.
#[derive(Debug, thiserror::Error)]
pub enum LookFault {
    /// A font is damaged.
    #[error(transparent)]
    Font(#[from] FontFault),
    /// A message file is damaged.
    #[error(transparent)]
    Texts(#[from] TextsFault),
}

impl Look {
    /// Opens the built-in fonts and messages for a shop.
    ///
    /// # Errors
    ///
    /// Only where the program was built from damaged files.
    pub fn open(sign: Sign, zone: TimeZone, keypad: Keypad) -> Result<Look, LookFault> {
        Ok(Look { glyphs: Glyphs::open()?, texts: Texts::open()?, sign, zone, keypad })
    }

    /// Writes a time of the day: `14:05`.
    pub fn time(&self, wall: Wall) -> String {
        self.written(wall, "%H:%M")
    }

    /// Writes a date and a time: `2026-03-01 14:05`.
    pub fn date_time(&self, wall: Wall) -> String {
        self.written(wall, "%Y-%m-%d %H:%M")
    }

    /// Writes a date and a time to the second: `2026-03-01 14:05:33`.
    pub fn exact_time(&self, wall: Wall) -> String {
        self.written(wall, "%Y-%m-%d %H:%M:%S")
    }

    fn written(&self, wall: Wall, form: &str) -> String {
        let stamp = Timestamp::from_millisecond(wall.0).unwrap_or(Timestamp::UNIX_EPOCH);
        self.zone.to_datetime(stamp).strftime(form).to_string()
    }
}

impl Sign {
    /// Gives the shop's name in a language, or in the other where it has none.
    pub fn name(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::English => (&self.english, &self.chinese),
            Language::Chinese => (&self.chinese, &self.english),
        };
        if first.is_empty() { second } else { first }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn times_are_those_of_the_shops_zone() {
        let zone = TimeZone::get("Asia/Hong_Kong").unwrap();
        let look = Look::open(Sign::default(), zone, Keypad::Beside).unwrap();
        let wall = Wall(1_772_380_799_000);
        assert_eq!(look.exact_time(wall), "2026-03-01 23:59:59");
        assert_eq!(look.date_time(wall), "2026-03-01 23:59");
        assert_eq!(look.time(wall), "23:59");
    }

    #[test]
    fn a_shop_with_one_name_has_it_in_both_languages() {
        let sign = Sign { chinese: "邨記".into(), ..Sign::default() };
        assert_eq!(sign.name(Language::English), "邨記");
    }
}
