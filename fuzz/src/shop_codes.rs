//! The text of a shop's static code: what is accepted is such a code, by another reading of the specification.
//!
//! The input is tried as it is, and once more with a right CRC behind it, which chance does not find.

use postern::emvco;
use postern::qr::{Correction, Modules};

use super::Property;

/// See [`hold`].
pub const PROPERTY: Property = Property { name: "shop_codes", seeds, holds: hold };

/// The code of a shop in Hong Kong, without its CRC.
pub(crate) const SHOP: &str =
    "00020101021126230011hk.com.upas0104S0015204581253033445802HK5914Corner Tea 1236009Hong Kong";

fn seeds() -> Vec<Vec<u8>> {
    let chinese = format!("{SHOP}64110102ZH0201店");
    let dynamic = SHOP.replace("010211", "010212");
    let priced = format!("{SHOP}540512.50");
    // The specification's own example.
    let example = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN\
        5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME\
        91320016A0112233449988770708123456786304A13A";
    // Few enough characters, and more bytes than any code on paper holds.
    let crowded: String = (80..84).map(|tag| format!("{tag}98{}", "🧋".repeat(98))).collect();
    let crowded = format!("{SHOP}{crowded}");
    let texts = [SHOP.to_owned(), signed(SHOP), chinese, dynamic, priced, crowded, example.to_owned()];
    texts.map(String::into_bytes).to_vec()
}

/// An accepted text says Hong Kong, its dollars and no amount, ends in a right CRC, and fits into a code on paper, which
/// holds less than one on a screen;
/// and a refusal is one line.
fn hold(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    for text in [text.to_owned(), signed(text)] {
        match emvco::check(&text) {
            Ok(()) => is_a_shop_code(&text),
            Err(why) => assert!(!why.to_string().contains(char::is_control), "{why}"),
        }
    }
}

/// The text with a right CRC behind it.
pub(crate) fn signed(text: &str) -> String {
    let text = format!("{text}6304");
    format!("{text}{:04X}", crc(text.as_bytes()))
}

fn is_a_shop_code(text: &str) {
    assert!(text.chars().count() <= 512);
    let (before, sum) = text.split_at(text.len() - 4);
    assert!(before.ends_with("6304"));
    assert_eq!(u16::from_str_radix(sum, 16).unwrap(), crc(before.as_bytes()));
    let mut values = [const { None }; 100];
    let mut rest = text.chars();
    while let Some(tag) = number(&mut rest) {
        let length = number(&mut rest).unwrap();
        let value: String = rest.by_ref().take(length).collect();
        assert_eq!(value.chars().count(), length);
        assert!(values[tag].replace(value).is_none(), "tag {tag} stands twice");
    }
    let value = |tag: usize| values[tag].as_deref();
    assert_eq!((value(0), value(53), value(58)), (Some("01"), Some("344"), Some("HK")));
    assert_eq!(value(54), None);
    assert!(value(1).is_none_or(|initiation| initiation == "11"));
    assert!(text.starts_with("0002"));
    assert!(Modules::encode(text, Correction::Paper).is_some());
}

/// Two digits.
fn number(text: &mut std::str::Chars<'_>) -> Option<usize> {
    let tens = text.next()?.to_digit(10).unwrap();
    Some((tens * 10 + text.next().unwrap().to_digit(10).unwrap()) as usize)
}

/// CRC-16/CCITT-FALSE as a remainder of polynomials: the text, its first 16 bits turned over, times x¹⁶, modulo
/// x¹⁶ + x¹² + x⁵ + 1.
fn crc(text: &[u8]) -> u16 {
    let bits = text.iter().chain(&[0, 0]).flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1 == 1));
    let mut remainder = 0;
    for (n, bit) in bits.enumerate() {
        let carry = remainder & 0x8000 != 0;
        remainder = remainder << 1 | u16::from(bit != (n < 16));
        if carry {
            remainder ^= 0x1021;
        }
    }
    remainder
}
