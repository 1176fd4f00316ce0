//! EMVCo merchant-presented QR text: the shop's static code, checked before any customer sees it.
//!
//! The text is a row of data objects, each with a two-digit tag, a two-digit length and a value (EMV QRCPS, merchant
//! mode, section 3); the last one is a CRC over everything before its own value. What a static code of a shop in Hong Kong
//! must and must not say is checked here, and nothing more: whose account it leads to, only the acquirer knows.

use std::fmt;

/// The longest text (section 3.2).
const TEXT_MAX: usize = 512;

/// The longest text that fits into a code on paper and can still be read from a counter, as for order codes.
const TEXT_BYTES_MAX: usize = 1024;

const FORMAT: Tag = Tag(0);
const INITIATION: Tag = Tag(1);
const CURRENCY: Tag = Tag(53);
const AMOUNT: Tag = Tag(54);
const COUNTRY: Tag = Tag(58);
const CRC: Tag = Tag(63);

/// A data object's tag.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Tag(u8);

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

/// Why a text is not the static code of a shop.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAShopCode {
    /// It is longer than a code may be.
    #[error("it is longer than {TEXT_MAX} characters")]
    TooLong,
    /// It has few enough characters, of too many bytes.
    #[error("it is longer than {TEXT_BYTES_MAX} bytes, which no code on a counter holds")]
    TooManyBytes,
    /// A tag, a length or a value is cut or is no number.
    #[error("at character {at} there is no data object: two digits of tag, two of length, then the value")]
    Broken {
        /// Where, in characters from 1.
        at: usize,
    },
    /// A tag stands twice.
    #[error("tag {0} stands twice")]
    Twice(Tag),
    /// A tag is missing.
    #[error("tag {tag} is missing: it says {what}")]
    Missing {
        /// The tag.
        tag: Tag,
        /// What it would say.
        what: &'static str,
    },
    /// A tag has another value than a shop's static code can have.
    #[error("tag {tag} says {found:?}, and must be {wanted:?}: {what}")]
    Other {
        /// The tag.
        tag: Tag,
        /// What it says.
        found: String,
        /// What it must say.
        wanted: &'static str,
        /// What that means.
        what: &'static str,
    },
    /// It names an amount.
    #[error("tag 54 names an amount, and the customer is to enter it")]
    Amount,
    /// The CRC is not the last thing.
    #[error("tag 63 must be the last one, and first tag 00")]
    Order,
    /// The CRC is wrong.
    #[error("its CRC (tag 63) says {found:?}, and is {right}: a character is wrong or missing")]
    Crc {
        /// What it says.
        found: String,
        /// What it would be.
        right: String,
    },
}

/// Checks a shop's static code.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(text: &str) -> Result<(), NotAShopCode> {
    if text.chars().count() > TEXT_MAX {
        return Err(NotAShopCode::TooLong);
    }
    if text.len() > TEXT_BYTES_MAX {
        return Err(NotAShopCode::TooManyBytes);
    }
    let objects = objects(text)?;
    for (n, (tag, _)) in objects.iter().enumerate() {
        if objects.iter().take(n).any(|(before, _)| before == tag) {
            return Err(NotAShopCode::Twice(*tag));
        }
    }
    check_crc(text, &objects)?;
    if find(&objects, AMOUNT).is_some() {
        return Err(NotAShopCode::Amount);
    }
    for (tag, wanted, what) in [
        (FORMAT, "01", "the form of the text"),
        (CURRENCY, "344", "Hong Kong dollars"),
        (COUNTRY, "HK", "the shop's country"),
    ] {
        let found = find(&objects, tag).ok_or(NotAShopCode::Missing { tag, what })?;
        equal(tag, found, wanted, what)?;
    }
    find(&objects, INITIATION)
        .map_or(Ok(()), |found| equal(INITIATION, found, "11", "a code that stays the same"))
}

fn equal(tag: Tag, found: &str, wanted: &'static str, what: &'static str) -> Result<(), NotAShopCode> {
    if found == wanted {
        return Ok(());
    }
    Err(NotAShopCode::Other { tag, found: found.to_owned(), wanted, what })
}

fn check_crc(text: &str, objects: &[(Tag, &str)]) -> Result<(), NotAShopCode> {
    let found = find(objects, CRC).ok_or(NotAShopCode::Missing { tag: CRC, what: "the CRC" })?;
    let ends = [objects.first(), objects.last()].map(|object| object.map(|(tag, _)| *tag));
    if ends != [Some(FORMAT), Some(CRC)] {
        return Err(NotAShopCode::Order);
    }
    let before = text.strip_suffix(found).unwrap_or(text);
    let right = format!("{:04X}", crc(before.as_bytes()));
    if found.eq_ignore_ascii_case(&right) {
        Ok(())
    } else {
        Err(NotAShopCode::Crc { found: found.to_owned(), right })
    }
}

fn find<'a>(objects: &[(Tag, &'a str)], tag: Tag) -> Option<&'a str> {
    objects.iter().find(|(found, _)| *found == tag).map(|(_, value)| *value)
}

/// The data objects of a text, in order. Lengths count characters.
fn objects(text: &str) -> Result<Vec<(Tag, &str)>, NotAShopCode> {
    let mut objects = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let at = text.chars().count() - rest.chars().count() + 1;
        let (object, after) = first(rest).ok_or(NotAShopCode::Broken { at })?;
        objects.push(object);
        rest = after;
    }
    Ok(objects)
}

fn first(text: &str) -> Option<((Tag, &str), &str)> {
    let (tag, rest) = number(text)?;
    let (length, rest) = number(rest)?;
    let end = match rest.char_indices().nth(usize::from(length)) {
        Some((end, _)) => end,
        None if rest.chars().count() == usize::from(length) => rest.len(),
        None => return None,
    };
    let (value, after) = rest.split_at_checked(end)?;
    (!value.is_empty()).then_some(((Tag(tag), value), after))
}

/// Two digits, and what follows them.
fn number(text: &str) -> Option<(u8, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok().map(|number| (number, rest)))?
}

/// CRC-16/CCITT-FALSE, as ISO/IEC 13239 has it for these codes.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const BEFORE_CRC: &str = "00020101021126230011hk.com.upas0104S0015204581253033445802HK\
                              5914Corner Tea 1236009Hong Kong6304";

    fn code(before: &str) -> String {
        format!("{before}{:04X}", crc(before.as_bytes()))
    }

    #[test]
    fn the_crc_is_the_published_one() {
        assert_eq!(crc(b"123456789"), 0x29B1);
        // The specification's own example, which is not a shop's in Hong Kong.
        let example = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802\
                       CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME\
                       91320016A0112233449988770708123456786304A13A";
        assert_eq!(check(example), Err(NotAShopCode::Amount));
    }

    #[test]
    fn a_shops_code_is_taken_and_each_rule_has_words_of_its_own() {
        assert_eq!(check(&code(BEFORE_CRC)), Ok(()));
        let table = [
            ("5303344", "5303840", "tag 53 says \"840\", and must be \"344\": Hong Kong dollars"),
            ("5802HK", "5802CN", "tag 58 says \"CN\", and must be \"HK\": the shop's country"),
            ("5303344", "", "tag 53 is missing: it says Hong Kong dollars"),
            ("5303344", "5303344540512.50", "tag 54 names an amount, and the customer is to enter it"),
            ("010211", "010212", "tag 01 says \"12\", and must be \"11\": a code that stays the same"),
            ("5303344", "53033445303344", "tag 53 stands twice"),
            ("000201", "", "tag 63 must be the last one, and first tag 00"),
            (
                "5303344",
                "53x3344",
                "at character 48 there is no data object: two digits of tag, two of length, then the value",
            ),
        ];
        for (from, to, says) in table {
            let text = code(&BEFORE_CRC.replacen(from, to, 1));
            assert_eq!(check(&text).unwrap_err().to_string(), says);
        }
        let wrong = check(&format!("{BEFORE_CRC}0000")).unwrap_err().to_string();
        assert!(wrong.starts_with("its CRC (tag 63) says \"0000\", and is "), "{wrong}");
        // A value is quoted, so that a control character in it stays visible and the words stay on one line.
        assert!(check(&format!("{BEFORE_CRC}769\u{10}")).unwrap_err().to_string().contains(r#""769\u{10}""#));
        assert_eq!(check("").unwrap_err().to_string(), "tag 63 is missing: it says the CRC");
    }

    /// The specification counts characters and a code holds bytes: 492 characters of four bytes each were accepted at start, and
    /// then there was no code to show or to print.
    #[test]
    fn a_text_that_no_code_on_paper_holds_is_refused_at_start() {
        let crowded = |wide: &str| {
            let more: String = (80..84).map(|tag| format!("{tag}98{}", wide.repeat(98))).collect();
            check(&code(&BEFORE_CRC.replacen("6304", &format!("{more}6304"), 1)))
        };
        assert_eq!(crowded("é"), Ok(()));
        assert_eq!(crowded("🧋"), Err(NotAShopCode::TooManyBytes));
    }

    #[test]
    fn one_wrong_character_anywhere_is_found() {
        let text = code(BEFORE_CRC);
        for at in 0..text.len() {
            for other in "09AZaz %é".chars() {
                let wrong: String =
                    text.chars().enumerate().map(|(n, c)| if n == at { other } else { c }).collect();
                if !wrong.eq_ignore_ascii_case(&text) {
                    assert!(check(&wrong).is_err(), "{wrong}");
                }
            }
        }
        for end in 0..text.len() {
            assert!(check(&text[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn no_text_at_all_brings_it_down() {
        let mut state = 7_u64;
        let mut random = move |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let alphabet: Vec<char> = "0123456789HK.店\u{0}é".chars().collect();
        for _ in 0..20_000 {
            let length = random(80);
            let text: String = (0..length).map(|_| alphabet[random(alphabet.len())]).collect();
            assert!(check(&text).is_err(), "{text:?}");
        }
    }
}
