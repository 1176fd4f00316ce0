//! Amounts.

use postern_heart::event::Key;
use postern_heart::money::{Amount, Currency};
use postern_heart::screen::{Notice, Screen};
use postern_heart::settings::{AmountEntry, Settings};

use crate::help::*;

#[test]
fn an_amount_is_shown_formatted_while_it_is_typed() {
    let mut counter = Counter::new();
    for (keys, text, cents) in [("12.5", "12.5", 1_250), ("1250", "1,250", 125_000), ("0.05", "0.05", 5)] {
        counter.press("s");
        counter.press(keys);
        let Screen::Amount(amount) = counter.cashier() else { panic!() };
        let typed = amount.typed.as_ref().unwrap();
        assert_eq!((typed.text.as_str(), typed.amount), (text, hkd(cents)));
    }
}

#[test]
fn a_large_amount_is_confirmed_and_a_wrong_one_refused() {
    let mut counter = Counter::new();
    counter.press("5000.01e");
    assert_eq!(counter.screen(), "confirm_amount");
    counter.press("e");
    assert_eq!(counter.screen(), "collecting");
    counter.press("s0e");
    assert_eq!(counter.notice(), Some(Notice::AmountZero));
    counter.press("s1.234");
    assert_eq!(counter.notice(), Some(Notice::TooManyDecimals));
    counter.press("s50000.01e");
    assert_eq!(counter.notice(), Some(Notice::AmountTooLarge(hkd(5_000_000))));
}

/// What stands on the screen while it is typed.
fn typed(counter: &Counter) -> Option<String> {
    let Screen::Amount(amount) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    amount.typed.as_ref().map(|typed| typed.text.clone())
}

#[test]
fn the_limits_themselves_are_allowed() {
    let mut counter = Counter::new();
    counter.press("5000e");
    assert_eq!(counter.screen(), "collecting", "asked twice is what is above");
    counter.press("s50000ee");
    assert_eq!(counter.screen(), "collecting");
}

#[test]
fn where_cents_are_typed_the_digits_shift_and_a_point_means_nothing() {
    let mut counter = Counter::with(Settings { amount_entry: AmountEntry::Cents, ..shop() });
    for (keys, text) in
        [("0", None), ("001", Some("0.01")), ("1050", Some("10.50")), ("125000", Some("1,250.00"))]
    {
        counter.press("s");
        counter.press(keys);
        assert_eq!(typed(&counter).as_deref(), text, "{keys}");
    }
    counter.press(".");
    assert_eq!(counter.notice(), Some(Notice::TooManyDecimals));
    assert_eq!(typed(&counter).as_deref(), Some("1,250.00"));
}

#[test]
fn a_zero_in_front_is_not_kept_as_a_digit() {
    let mut counter = Counter::new();
    counter.press("00");
    assert_eq!(typed(&counter).as_deref(), Some("0"));
    counter.press("5");
    assert_eq!(typed(&counter).as_deref(), Some("5"));
    counter.press("c");
    assert_eq!(typed(&counter), None, "one digit was typed that counts");
    counter.press(".5");
    assert_eq!(typed(&counter).as_deref(), Some("0.5"));
    counter.press(".");
    assert_eq!(counter.notice(), Some(Notice::TooManyDecimals), "one point is enough");
    assert_eq!(typed(&counter).as_deref(), Some("0.5"));
}

#[test]
fn two_zeros_that_do_not_both_fit_are_not_half_taken() {
    let mut counter = Counter::new();
    counter.press("1.5");
    counter.key(Key::DoubleZero);
    assert_eq!((counter.notice(), typed(&counter).as_deref()), (Some(Notice::TooManyDecimals), Some("1.5")));
    counter.press("s12345678");
    counter.key(Key::DoubleZero);
    assert!(matches!(counter.notice(), Some(Notice::AmountTooLarge(_))), "nine digits are enough");
    assert_eq!(typed(&counter).as_deref(), Some("12,345,678"));
}

#[test]
fn a_currency_without_decimals_takes_no_point() {
    let yen = Currency::parse("JPY").unwrap();
    let most = Amount::new(1_000_000, yen);
    let mut counter = Counter::with(Settings { currency: yen, amount_max: most, ask_twice: most, ..shop() });
    counter.press("1250.");
    assert_eq!(
        (counter.notice(), typed(&counter).as_deref()),
        (Some(Notice::TooManyDecimals), Some("1,250"))
    );
    let Screen::Amount(amount) = counter.cashier() else { panic!() };
    assert_eq!(amount.typed.as_ref().unwrap().amount, Amount::new(1_250, yen));
}
