//! Rule 1: on disk first; after a restart never at PAY. Rule 2: PAY is never repeated.

use postern_heart::ask::{Reason, Request};
use postern_heart::ids::Target;
use postern_heart::record::{Fact, WhyCancel};
use postern_heart::screen::Standing;

use crate::help::*;

#[test]
fn rule_1_after_a_restart_an_asked_payment_goes_on_at_its_last_question() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.restart();
    assert_eq!(counter.screen(), "unknown");
    counter.wait(0);
    let Request::Detail { id: asked, amount } = counter.outstanding("DETAIL").request else { panic!() };
    assert_eq!((asked, amount), (Target::Ours(id), Some(hkd(1250))));
    counter.answer_detail(processing());
    let Fact::Cancelling { why, .. } = counter.last_fact(id) else { panic!() };
    assert_eq!(*why, WhyCancel::Restart);
    assert_eq!(counter.count("PAY"), 0);
}

#[test]
fn rule_1_after_a_restart_a_payment_that_was_charged_is_paid() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.restart();
    counter.wait(0);
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid");
}

#[test]
fn rule_1_after_a_restart_a_cancellation_goes_on_with_the_same_id() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(processing());
    let Request::Cancel { id: before, .. } = counter.outstanding("CANCEL").request else { panic!() };
    counter.restart();
    assert_eq!(counter.screen(), "cancelling");
    counter.wait(0);
    let Request::Cancel { id: after, .. } = counter.outstanding("CANCEL").request else { panic!() };
    assert_eq!(before, after);
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(counter.screen(), "reversed");
}

#[test]
fn rule_1_after_a_restart_a_verdict_on_disk_needs_a_new_question() {
    for (verdict, end) in [(success(), "reversed"), (declined(Reason::State), "paid")] {
        let mut counter = Counter::new();
        counter.pay_by_code("12.5");
        counter.press("s");
        counter.answer_detail(processing());
        counter.answer("CANCEL", verdict);
        counter.restart();
        counter.wait(0);
        assert!(!counter.is_outstanding("CANCEL"));
        counter.answer_detail(if end == "paid" { success() } else { closed() });
        assert_eq!(counter.screen(), end);
    }
}

#[test]
fn rule_1_after_a_restart_an_unsettled_payment_is_asked_about_in_the_background() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.restart();
    assert_eq!(counter.screen(), "amount");
    assert_eq!(counter.view().strip.unsettled, 1);
    counter.next_ask_within(5_000).expect("it is cancelled again");
    counter.answer("CANCEL", success());
    counter.wait(BACKGROUND_GAP);
    counter.answer_detail(closed());
    assert_eq!(counter.facts(id).standing(), Standing::Reversed);
}

#[test]
fn rule_1_after_a_restart_a_late_payment_still_asks_a_person() {
    let mut settings = shop();
    settings.knows_cancel = false;
    let mut counter = Counter::with(settings);
    counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(processing());
    counter.wait(5_000);
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid_late");
    counter.restart();
    assert_eq!(counter.screen(), "paid_late");
    counter.press("1");
    assert_eq!(counter.screen(), "paid");
}

#[test]
fn rule_1_after_a_restart_money_that_goes_back_still_goes_back() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.wait(4_800);
    counter.answer("CANCEL", declined(Reason::State));
    counter.answer_detail(success());
    counter.press("2");
    counter.restart();
    assert_eq!(counter.screen(), "refunding");
    counter.answer_detail(success());
    counter.answer("REFUND", success());
    assert_eq!(counter.screen(), "refunded");
    assert_eq!(counter.facts(id).standing(), Standing::GivenBack);
}

#[test]
fn rule_2_no_answer_no_silence_and_no_key_makes_a_second_pay() {
    for reply in silences() {
        let mut counter = Counter::new();
        counter.pay_by_code("12.5");
        counter.answer("PAY", reply.clone());
        counter.press("eqm1cdu");
        counter.scan_fresh();
        for _ in 0..200 {
            if counter.next_ask_within(70_000).is_some() && counter.is_outstanding("DETAIL") {
                counter.answer_detail(absent());
            }
        }
        assert_eq!(counter.count("PAY"), 1, "{reply:?}");
    }
}
