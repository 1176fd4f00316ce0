//! Rule 3: "does not exist" after a PAY that left is not final.

use postern_heart::ask::Says;
use postern_heart::payment::Stage;
use postern_heart::screen::Standing;

use crate::help::*;

#[test]
fn rule_3_does_not_exist_is_waited_out_and_cancelled_anyway() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", lost());
    while !counter.is_outstanding("CANCEL") {
        counter.next_ask_within(60_000).unwrap();
        assert_eq!(counter.facts(id).stage, Stage::Asked);
        counter.answer_detail(absent());
    }
    assert_eq!(counter.world.mono, 60_000);
    counter.answer("CANCEL", success());
    counter.answer_detail(absent());
    assert_eq!(counter.screen(), "unsettled");
}

#[test]
fn rule_3_a_payment_that_arrives_after_its_confirmed_cancellation_is_cancelled_again() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(absent());
    counter.answer("CANCEL", success());
    counter.answer_detail(absent());
    assert_eq!(counter.screen(), "unsettled");
    counter.next_ask_within(5_000).unwrap();
    counter.answer_detail(success());
    assert_eq!(counter.facts(id).standing(), Standing::Unsettled);
    counter.next_ask_within(5_000).unwrap();
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(counter.facts(id).standing(), Standing::Reversed);
}

#[test]
fn rule_3_an_order_code_that_nobody_scanned_yet_may_be_unknown_and_waits() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    for _ in 0..5 {
        counter.next_ask_within(6_000).unwrap();
        counter.answer_detail(absent());
        assert!(counter.code_shown().is_some());
    }
}

#[test]
fn rule_3_a_wall_clock_that_jumps_does_not_make_does_not_exist_final() {
    // A clock that was set an hour ahead made "too late to arrive" true at once: refused, while the PAY could still
    // be charged. The acquirer's own time of its answer is the judge.
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.world.wall = Some(NOON + 3_600_000);
    for _ in 0..6 {
        counter.next_ask_within(40_000).unwrap();
        let at = NOON + counter.world.mono as i64;
        if counter.is_outstanding("CANCEL") {
            counter.answer("CANCEL", dated(Says::Absent, at));
        }
        counter.answer_detail(dated(Says::Absent, at));
        assert_eq!(counter.facts(id).standing(), Standing::Unsettled, "at {}", counter.world.mono);
    }
}
