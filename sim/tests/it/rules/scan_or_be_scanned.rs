//! Rule 6: scan or be scanned.

use postern_heart::payment::End;
use postern_heart::record::{Fact, WhyCancel};
use postern_heart::screen::{Notice, Screen};
use postern_heart::settings::OrderCodeWhen;

use crate::help::*;

#[test]
fn rule_6_the_order_code_is_made_on_a_key_or_at_once() {
    let mut counter = Counter::new();
    counter.press("8e");
    assert!(counter.nothing_asked());
    counter.press("q");
    assert!(counter.is_outstanding("PAY"));
    let mut settings = shop();
    settings.order_code = OrderCodeWhen::AtOnce;
    let mut counter = Counter::with(settings);
    counter.press("8e");
    assert!(counter.is_outstanding("PAY"));
}

#[test]
fn rule_6_a_shop_that_takes_no_order_codes_makes_none() {
    let mut settings = shop();
    settings.order_code = OrderCodeWhen::Never;
    let mut counter = Counter::with(settings);
    counter.press("8eq");
    assert!(counter.nothing_asked());
    assert_eq!(counter.screen(), "collecting");
}

#[test]
fn rule_6_a_scan_while_a_code_is_shown_cancels_the_order_first() {
    let mut counter = Counter::new();
    let order = counter.show_order("12.5");
    counter.world.log.clear();
    counter.scan_fresh();
    assert_eq!(counter.screen(), "cancelling");
    assert!(counter.logged("show cancelling") < counter.logged("ask DETAIL"));
    assert_eq!(counter.count("PAY"), 1);
    counter.answer_detail(absent());
    let Fact::Cancelling { why, .. } = counter.last_fact(order) else { panic!() };
    assert_eq!(*why, WhyCancel::Scanned);
    counter.answer("CANCEL", success());
    assert_eq!(counter.count("PAY"), 1);
    counter.answer_detail(closed());
    assert_eq!(counter.count("PAY"), 2);
    let second = counter.outstanding("PAY").request.payment().unwrap();
    let asked = &counter.facts(second).asked;
    assert_eq!((asked.sale, asked.attempt), (order, 2));
    counter.answer("PAY", success());
    assert_eq!(counter.screen(), "paid");
}

#[test]
fn rule_6_a_scanned_code_is_not_sent_when_the_order_turns_out_paid() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    counter.scan_fresh();
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid");
    assert_eq!(counter.count("PAY"), 1);
}

#[test]
fn rule_6_a_scanned_code_is_not_sent_when_the_order_is_not_settled() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    counter.scan_fresh();
    counter.answer_detail(absent());
    counter.answer("CANCEL", success());
    counter.answer_detail(absent());
    assert_eq!(counter.screen(), "unsettled");
    assert_eq!(counter.count("PAY"), 1);
}

#[test]
fn rule_6_a_scan_that_waited_fifteen_seconds_is_forgotten() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    counter.scan_fresh();
    counter.answer_detail(absent());
    counter.answer("CANCEL", lost());
    counter.wait(15_000);
    assert_eq!(counter.notice(), Some(Notice::NewCode));
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(counter.count("PAY"), 1);
    assert_eq!(counter.screen(), "reversed");
    counter.press("e");
    counter.scan_fresh();
    assert_eq!(counter.count("PAY"), 2);
}

#[test]
fn rule_6_a_scan_is_too_old_also_when_the_machine_was_busy_at_the_deadline() {
    // The answer and the deadline came in one go, the answer first: a code of twenty seconds was sent.
    let mut counter = Counter::new();
    counter.show_order("12.5");
    counter.scan_fresh();
    counter.answer_detail(absent());
    counter.answer("CANCEL", success());
    counter.sleep(20_000);
    counter.answer_detail(closed());
    assert_eq!(counter.count("PAY"), 1);
    assert_eq!(counter.notice(), Some(Notice::NewCode));
}

#[test]
fn rule_6_stop_forgets_a_scan_that_waits() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    counter.scan_fresh();
    counter.press("s");
    counter.answer_detail(absent());
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(counter.screen(), "reversed");
    assert_eq!(counter.count("PAY"), 1);
}

#[test]
fn rule_6_a_scan_while_the_code_is_still_being_made_is_used_at_once() {
    let mut counter = Counter::new();
    let order = counter.make_order("12.5");
    counter.scan_fresh();
    assert_eq!(counter.count("PAY"), 2);
    let second = counter.outstanding("PAY").request.payment().unwrap();
    assert_ne!(order, second);
    counter.answer("PAY", success());
    assert_eq!(counter.screen(), "paid");
    assert_eq!(counter.view().strip.unsettled, 0);
    assert!(!counter.facts(order).shown);
}

#[test]
fn rule_6_an_order_that_reached_no_display_is_settled_in_the_background_without_a_warning() {
    let mut counter = Counter::new();
    let order = counter.make_order("12.5");
    counter.restart();
    assert_eq!(counter.screen(), "amount");
    assert_eq!((counter.view().strip.unsettled, counter.view().strip.parked), (0, 0));
    counter.wait(0);
    counter.answer_detail(absent());
    counter.wait(BACKGROUND_GAP);
    counter.answer("CANCEL", success());
    counter.wait(BACKGROUND_GAP);
    counter.answer_detail(closed());
    assert_eq!(counter.facts(order).end(), Some(&End::Reversed));
    assert_eq!((counter.screen(), counter.notice()), ("amount", None));
    counter.press("d");
    let Screen::Recent(recent) = counter.cashier() else { panic!() };
    assert!(recent.rows.is_empty());
}
