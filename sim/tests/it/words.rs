//! What the cashier and the customer read, result by result.

use postern_heart::ask::Reason;
use postern_heart::screen::{CustomerScreen, Lamp, Screen};

use crate::help::*;

fn reads(counter: &Counter) -> (&'static str, &CustomerScreen, Lamp) {
    (counter.screen(), counter.customer(), counter.view().lamp)
}

#[test]
fn paid_is_read_by_both() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    assert_eq!(reads(&counter), ("paid", &CustomerScreen::Paid(hkd(1250)), Lamp::Paid));
}

#[test]
fn refused_tells_the_customer_not_paid() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", declined(Reason::Balance));
    assert_eq!(reads(&counter), ("refused", &CustomerScreen::NotPaid(hkd(1250)), Lamp::NotPaid));
}

#[test]
fn not_sent_tells_the_customer_to_wait() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", not_sent());
    assert_eq!(reads(&counter), ("not_sent", &CustomerScreen::PleaseWait(hkd(1250)), Lamp::NotPaid));
}

#[test]
fn a_shown_code_is_on_the_customers_display() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    assert_eq!(counter.screen(), "collecting");
    assert_eq!(counter.code_shown().as_deref(), Some("https://qr.example/1"));
}

#[test]
fn waiting_tells_the_customer_to_confirm_in_the_wallet() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    assert_eq!(reads(&counter), ("confirm", &CustomerScreen::Confirm(hkd(1250)), Lamp::Busy));
}

#[test]
fn unknown_tells_the_customer_to_wait_and_nobody_that_it_failed() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", lost());
    assert_eq!(reads(&counter), ("unknown", &CustomerScreen::PleaseWait(hkd(1250)), Lamp::Busy));
}

#[test]
fn cancelling_is_read_by_both() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.press("s");
    assert_eq!(reads(&counter), ("cancelling", &CustomerScreen::Cancelling(hkd(1250)), Lamp::Busy));
}

#[test]
fn reversed_tells_the_customer_that_money_comes_back() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(processing());
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(reads(&counter), ("reversed", &CustomerScreen::Cancelled(hkd(1250)), Lamp::NotPaid));
}

#[test]
fn unsettled_calls_for_attention() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    assert_eq!(reads(&counter), ("unsettled", &CustomerScreen::PleaseWait(hkd(1250)), Lamp::Attention));
}

#[test]
fn paid_late_is_never_an_ordinary_success() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    counter.wait(4_800);
    counter.answer("CANCEL", declined(Reason::State));
    counter.answer_detail(success());
    assert_eq!(reads(&counter), ("paid_late", &CustomerScreen::Welcome, Lamp::Attention));
}

#[test]
fn the_recent_list_is_one_key_away_and_shows_the_unsettled_first() {
    let mut counter = Counter::new();
    let unsettled = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("s");
    counter.wait(2_000);
    counter.pay_by_code("8");
    counter.answer("PAY", success());
    counter.press("sd");
    let Screen::Recent(recent) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    assert_eq!(recent.rows.len(), 2);
    assert_eq!(recent.rows[0].id, unsettled);
}

#[test]
fn the_unsettled_desk_says_when_it_is_asked_again_and_until_when_it_can_be_cancelled() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("sde");
    let Screen::One(one) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    assert!(one.next_question_s.is_some_and(|seconds| (1..=5).contains(&seconds)));
    assert_eq!(one.cancel_until.map(|wall| wall.0), Some(CUT_OFF));
}

#[test]
fn after_a_refusal_enter_tries_the_same_sale_again() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", declined(Reason::CodeInvalid));
    counter.press("e");
    let Screen::Collecting(collecting) = counter.cashier() else { panic!() };
    assert_eq!(collecting.amount, hkd(1250));
}

#[test]
fn after_paid_a_digit_begins_the_next_sale() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.press("8");
    let Screen::Amount(amount) = counter.cashier() else { panic!() };
    assert_eq!(amount.typed.as_ref().unwrap().amount, hkd(800));
}
