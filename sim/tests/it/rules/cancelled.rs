//! Rule 5: the Stop key takes the same road as the limit. Rule 7: once a CANCEL is on disk nothing says PAID. Rule 9:
//! final news is never overruled by weaker news.

use postern_heart::ask::{Reason, Silence};
use postern_heart::payment::{End, Stage};
use postern_heart::record::{Fact, Paper, WhyUnsettled};
use postern_heart::screen::Standing;

use crate::help::*;

#[test]
fn rule_5_stop_says_cancelling_and_never_goes_straight_to_idle() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.press("s");
    assert_eq!(counter.screen(), "cancelling");
    counter.press("sssc");
    assert_eq!(counter.screen(), "cancelling");
    assert_eq!(counter.facts(id).stage, Stage::Asked);
    assert_eq!(counter.count("DETAIL"), 2, "one proves the keys, one is the last question");
}

#[test]
fn rule_7_the_pays_own_success_after_a_cancellation_is_only_a_hint() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(absent());
    counter.answer("PAY", success());
    assert_eq!(counter.screen(), "cancelling");
    assert_eq!(counter.facts(id).standing(), Standing::Cancelling);
}

#[test]
fn rule_7_a_success_asked_before_the_refusal_does_not_count() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    counter.wait(3_000);
    let early = counter.outstanding("DETAIL").no;
    counter.press("s");
    counter.answer_detail(processing());
    counter.answer("CANCEL", declined(Reason::State));
    counter.reply(early, success());
    assert_eq!(counter.screen(), "cancelling");
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid");
}

#[test]
fn rule_7_a_refused_cancellation_whose_question_is_not_answered_asks_again() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(processing());
    counter.answer("CANCEL", declined(Reason::State));
    counter.answer_detail(lost());
    counter.next_ask_within(4_000).unwrap();
    counter.answer_detail(busy());
    counter.next_ask_within(4_000).unwrap();
    counter.answer_detail(lost());
    assert_eq!(counter.screen(), "unsettled");
    let Fact::Unsettled { why } = counter.last_fact(id) else { panic!() };
    assert_eq!(*why, WhyUnsettled::NoAnswer(Some(Silence::TimeOut)));
}

#[test]
fn rule_7_not_sent_is_proof_also_while_it_is_cancelled() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(absent());
    counter.answer("PAY", not_sent());
    assert_eq!(counter.screen(), "not_sent");
    counter.answer("CANCEL", absent());
    assert_eq!(counter.facts(id).end(), Some(&End::NotSent));
    counter.wait(600_000);
    assert!(counter.nothing_asked());
}

#[test]
fn rule_7_a_reversal_slip_is_printed() {
    let mut counter = Counter::with_printer();
    let id = counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(processing());
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(counter.world.papers.len(), 1);
    let Fact::Printing { paper, duplicate } = counter.last_fact(id) else { panic!() };
    assert_eq!((*paper, *duplicate), (Paper::Reversal, false));
}

#[test]
fn rule_9_a_pay_that_is_denied_after_a_detail_said_paid_is_recorded_and_changes_nothing() {
    let mut counter = Counter::with_printer();
    let id = counter.pay_by_code("12.5");
    counter.wait(5_000);
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid");
    counter.answer("PAY", declined(Reason::Balance));
    assert_eq!(counter.screen(), "paid");
    assert!(counter.facts(id).contradicted);
    assert_eq!(counter.facts(id).end(), Some(&End::Paid));
}
