//! Rule 13: what is caught before anything is sent. Rule 14: one accepted scan an attempt.

use postern_heart::ask::Reason;
use postern_heart::code::{NotACode, OtherWallet};
use postern_heart::screen::Notice;

use crate::help::*;

#[test]
fn rule_13_the_same_payment_code_twice_is_caught() {
    let mut counter = Counter::new();
    counter.press("8e");
    counter.scan("281234567890123456");
    counter.answer("PAY", declined(Reason::Balance));
    counter.press("e");
    counter.wait(10_000);
    counter.scan("281234567890123456");
    assert_eq!(counter.notice(), Some(Notice::CodeUsed));
    assert!(counter.nothing_asked());
    counter.wait_until(119_999);
    counter.scan("281234567890123456");
    assert!(counter.nothing_asked());
    counter.wait(1);
    counter.scan("281234567890123456");
    assert!(counter.is_outstanding("PAY"));
}

#[test]
fn rule_13_other_codes_are_never_taken_for_a_used_one() {
    let mut counter = Counter::new();
    counter.press("8e");
    for n in 0..200 {
        counter.scan(&format!("28{:016}", n * 7_919));
        counter.answer("PAY", declined(Reason::Balance));
        counter.press("e");
        assert_eq!((counter.screen(), counter.notice()), ("collecting", None), "{n}");
    }
}

#[test]
fn rule_13_what_is_no_payment_code_is_refused_with_its_reason() {
    let cases = [
        ("", NotACode::Empty),
        ("28123456789012345x", NotACode::NotDigits),
        ("281234567890123", NotACode::TooShort),
        ("281234567890123456789012345678901", NotACode::TooLong),
        ("HK01-00004C-7KQ2M9XD", NotACode::ReceiptCode),
        ("https://qr.alipay.com/28123", NotACode::OrderCode),
        ("00020101021226300012hk.com.hkicl0105123455204", NotACode::ShopCode),
        ("134567890123456789", NotACode::OtherWallet(OtherWallet::WeChatPay)),
        ("6212345678901234567", NotACode::OtherWallet(OtherWallet::UnionPay)),
    ];
    for (text, why) in cases {
        let mut counter = Counter::new();
        counter.press("8e");
        counter.scan(text);
        assert_eq!(counter.notice(), Some(Notice::NotACode(why)), "{text}");
        assert!(counter.nothing_asked());
        assert_eq!(counter.screen(), "collecting");
    }
}

#[test]
fn rule_13_everything_else_is_left_to_the_acquirer() {
    for text in [
        "2812345678901234",
        "281234567890123456789012",
        "9912345678901234",
        "28123456789012345678901234567890",
    ] {
        let mut counter = Counter::new();
        counter.press("8e");
        counter.scan(text);
        assert!(counter.is_outstanding("PAY"), "{text}");
    }
}

#[test]
fn rule_14_an_imager_that_floods_makes_one_attempt() {
    let mut counter = Counter::new();
    counter.press("8e");
    for i in 0..20 {
        counter.scan(&format!("2812345678901234{i:02}"));
    }
    assert_eq!(counter.count("PAY"), 1);
}

#[test]
fn rule_14_a_scan_in_the_quiet_period_is_dropped_with_a_sound() {
    let mut counter = Counter::new();
    counter.press("8e");
    counter.scan_fresh();
    let sounds = counter.world.sounds.len();
    counter.scan_fresh();
    assert_eq!(counter.count("PAY"), 1);
    assert!(counter.world.sounds.len() > sounds);
    assert_eq!(counter.notice(), None);
}

#[test]
fn rule_14_the_quiet_period_ends_when_a_person_asks_for_the_next_attempt() {
    // A refusal came at once and the customer showed a new code within a second: it was dropped, and the cashier
    // looked at a screen that asked for a code.
    let mut counter = Counter::new();
    counter.press("8e");
    counter.scan_fresh();
    counter.answer("PAY", declined(Reason::CodeInvalid));
    counter.press("e");
    counter.scan_fresh();
    assert!(counter.is_outstanding("PAY"));
    assert_eq!(counter.count("PAY"), 2);
}

#[test]
fn rule_14_a_scan_that_nobody_waited_for_is_never_used_later() {
    let mut counter = Counter::new();
    counter.scan_fresh();
    assert_eq!(counter.notice(), Some(Notice::ScanNotWanted));
    counter.press("8e");
    counter.wait(60_000);
    assert_eq!(counter.count("PAY"), 0);
}
