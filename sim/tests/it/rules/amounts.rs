//! Amounts.

use postern_heart::screen::{Notice, Screen};

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
