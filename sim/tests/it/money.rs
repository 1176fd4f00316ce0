//! Money: what is written in front of it, how it is read, and how it is shown.

use postern_heart::money::{Amount, Currency};

use crate::help::hkd;

#[test]
fn every_known_currency_has_its_code_its_decimals_and_its_sign() {
    let known = [
        ("HKD", 2, "HK$1,234.50"),
        ("CNY", 2, "¥1,234.50"),
        ("USD", 2, "US$1,234.50"),
        ("EUR", 2, "€1,234.50"),
        ("GBP", 2, "£1,234.50"),
        ("SGD", 2, "S$1,234.50"),
        ("MOP", 2, "MOP$1,234.50"),
        ("JPY", 0, "¥123,450"),
        ("KRW", 0, "₩123,450"),
    ];
    for (code, decimals, pretty) in known {
        let currency = Currency::parse(code).unwrap();
        assert_eq!((currency.code(), currency.decimals()), (code, decimals));
        assert_eq!(Amount::new(123_450, currency).to_string(), pretty);
    }
    assert_eq!(Currency::parse("HKD"), Some(Currency::HKD));
    for unknown in ["", "hkd", "KWD", "HKDX"] {
        assert_eq!(Currency::parse(unknown), None, "{unknown}: nobody told us its decimals");
    }
}

#[test]
fn what_goes_on_the_wire_has_every_decimal_and_no_comma() {
    let yen = Currency::parse("JPY").unwrap();
    let cases =
        [(hkd(0), "0.00"), (hkd(5), "0.05"), (hkd(123_456_789), "1234567.89"), (Amount::new(5, yen), "5")];
    for (amount, text) in cases {
        assert_eq!(amount.major(), text);
        assert_eq!(Amount::parse(text, amount.currency()), Some(amount), "and is read back as the same");
    }
}

#[test]
fn thousands_are_parted_and_nothing_else_is() {
    let cases = [(12_345, "HK$123.45"), (123_456, "HK$1,234.56"), (12_345_678_900, "HK$123,456,789.00")];
    for (cents, pretty) in cases {
        assert_eq!(hkd(cents).pretty(), pretty);
    }
}

#[test]
fn what_is_no_amount_is_not_read_as_one() {
    for text in ["", ".", ".5", "5.", "1.234", "1,000", "-1", "+1", " 1", "1 ", "1.2.3", "0x1", "１"] {
        assert_eq!(Amount::parse(text, Currency::HKD), None, "{text:?}");
    }
    let most = "184467440737095516.15";
    assert_eq!(Amount::parse(most, Currency::HKD), Some(hkd(u64::MAX)));
    assert_eq!(Amount::parse("184467440737095516.16", Currency::HKD), None, "one cent more does not fit");
    assert_eq!(Amount::parse("1.5", Currency::parse("JPY").unwrap()), None, "there is no half yen");
}

#[test]
fn nothing_is_left_of_an_amount_without_more_or_without_another_currency() {
    let yuan = Amount::new(1, Currency::parse("CNY").unwrap());
    assert_eq!(hkd(1_250).less(hkd(500)), hkd(750));
    assert!(hkd(1_250).less(hkd(1_251)).is_zero());
    assert!(hkd(1_250).less(yuan).is_zero(), "what can't be compared is not given away");
}
