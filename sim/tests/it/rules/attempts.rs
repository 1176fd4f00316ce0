//! Rule 4: one attempt, one id.

use postern_heart::ask::Reason;
use postern_heart::event::Event;
use postern_heart::record::{Approval, Fact, WhyCancel};
use postern_heart::screen::{Hindrance, Notice, Screen, Standing};

use crate::help::*;

#[test]
fn rule_4_every_attempt_has_an_id_of_its_own_and_names_its_sale() {
    let mut counter = Counter::new();
    let first = counter.pay_by_code("12.5");
    counter.answer("PAY", declined(Reason::Balance));
    counter.press("e");
    assert_eq!(counter.screen(), "collecting");
    counter.wait(2_000);
    counter.scan_fresh();
    let second = counter.outstanding("PAY").request.payment().unwrap();
    assert_ne!(first, second);
    let asked = &counter.facts(second).asked;
    assert_eq!((asked.sale, asked.attempt, asked.beside), (first, 2, None));
}

#[test]
fn rule_4_a_restored_disk_uses_no_id_again() {
    let ids = |restarts: u32| {
        let mut counter = Counter::new();
        (0..restarts).for_each(|_| counter.restart());
        counter.world.disk = Default::default();
        counter.restart();
        counter.pay_by_code("12.5")
    };
    let (first, second) = (ids(1), ids(2));
    assert_ne!(first, second);
    assert_eq!(first.as_str()[..11], second.as_str()[..11], "the counter alone would have made the same");
}

#[test]
fn rule_4_while_one_is_unsettled_the_same_sale_needs_the_manager() {
    let mut counter = Counter::new();
    let first = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("e");
    assert_eq!(counter.screen(), "pin");
    counter.press("1234e");
    assert_eq!(counter.world.pins, 1);
    counter.happens(Event::PinChecked { right: false });
    assert_eq!(counter.screen(), "pin");
    assert_eq!(counter.notice(), Some(Notice::PinWrong));
    counter.press("4321e");
    counter.happens(Event::PinChecked { right: true });
    assert_eq!(counter.screen(), "collecting");
    let approved = &counter.world.disk.records().last().unwrap().fact;
    assert_eq!(*approved, Fact::Approved(Approval::AttemptBeside(first)));
    counter.wait(2_000);
    counter.scan_fresh();
    let second = counter.outstanding("PAY").request.payment().unwrap();
    assert_eq!(counter.facts(second).asked.beside, Some(first));
}

#[test]
fn rule_4_without_a_manager_there_is_no_attempt_beside() {
    let mut settings = shop();
    settings.manager = false;
    let mut counter = Counter::with(settings);
    counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("e");
    assert_eq!(counter.screen(), "amount");
}

#[test]
fn rule_4_a_third_attempt_beside_the_same_unsettled_one_needs_the_manager_again() {
    // The approval was forgotten with the attempt that it allowed: after that one was refused, Enter charged again
    // beside the first without asking anybody.
    let mut counter = Counter::new();
    let first = counter.pay_by_code("12.5");
    counter.unsettle();
    approve(&mut counter);
    counter.wait(2_000);
    counter.scan_fresh();
    counter.answer("PAY", declined(Reason::Balance));
    assert_eq!(counter.screen(), "refused");
    counter.press("e");
    assert_eq!(counter.screen(), "pin");
    counter.press("1e");
    counter.happens(Event::PinChecked { right: true });
    counter.wait(2_000);
    counter.scan_fresh();
    let third = counter.outstanding("PAY").request.payment().unwrap();
    assert_eq!(counter.facts(third).asked.beside, Some(first));
}

#[test]
fn rule_4_an_attempt_that_was_allowed_beside_one_is_not_begun_once_that_one_is_paid() {
    // The manager allowed a second attempt while the first was unsettled; while the customer looked for the code the
    // first turned out paid, and the second charged all the same.
    let mut counter = Counter::new();
    let first = counter.pay_by_code("12.5");
    counter.unsettle();
    approve(&mut counter);
    counter.next_ask_within(5_000).unwrap();
    counter.answer("CANCEL", declined(Reason::State));
    counter.wait(BACKGROUND_GAP);
    counter.answer_detail(success());
    assert_eq!(counter.facts(first).standing(), Standing::PaidLate);
    assert_eq!(counter.screen(), "paid_late");
    counter.scan_fresh();
    assert_eq!(counter.count("PAY"), 1);
}

/// The first attempt is unsettled, the manager let another one go beside it, and then the first turns out paid.
fn first_turns_out_paid(counter: &mut Counter) {
    counter.wait_for("CANCEL");
    counter.answer("CANCEL", declined(Reason::State));
    counter.wait_for("DETAIL");
    counter.answer_detail(success());
}

#[test]
fn rule_4_an_order_code_beside_an_unsettled_attempt_is_made_and_shown() {
    // Until its code came, the order counted as nothing and the unsettled attempt stood in its way: it was cancelled at
    // once, so the manager's approval was of use for a scan only.
    for (key, link) in [("q", false), ("2", true)] {
        let mut counter = Counter::new();
        counter.pay_by_code("12.5");
        counter.unsettle();
        approve(&mut counter);
        counter.press(key);
        let second = counter.outstanding("PAY").request.payment().unwrap();
        counter.answer("PAY", code("https://qr.example/1"));
        assert_eq!(counter.code_shown().as_deref(), Some("https://qr.example/1"));
        assert_eq!(counter.facts(second).lasting.is_some(), link);
    }
}

#[test]
fn rule_4_a_code_on_the_display_is_taken_away_when_an_earlier_attempt_turns_out_paid() {
    let mut counter = Counter::new();
    let first = counter.pay_by_code("12.5");
    counter.unsettle();
    approve(&mut counter);
    counter.press("q");
    counter.answer("PAY", code("https://qr.example/1"));
    assert!(counter.code_shown().is_some());
    first_turns_out_paid(&mut counter);
    assert_eq!(counter.facts(first).standing(), Standing::PaidLate);
    assert_eq!((counter.code_shown(), counter.screen()), (None, "cancelling"), "nobody pays twice");
}

#[test]
fn rule_4_a_link_that_waits_alone_is_cancelled_when_an_earlier_attempt_turns_out_paid() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    approve(&mut counter);
    counter.press("2");
    let link = counter.outstanding("PAY").request.payment().unwrap();
    counter.answer("PAY", code("https://pay.example/1"));
    counter.press("m");
    first_turns_out_paid(&mut counter);
    counter.wait(BACKGROUND_GAP);
    counter.answer_detail(absent());
    let Fact::Cancelling { why, .. } = counter.last_fact(link) else {
        panic!("{:?}", counter.last_fact(link))
    };
    assert_eq!(*why, WhyCancel::Stop);
}

fn approve(counter: &mut Counter) {
    counter.press("e1e");
    counter.happens(Event::PinChecked { right: true });
    assert_eq!(counter.screen(), "collecting");
}

#[test]
fn rule_4_an_approval_that_can_not_be_used_leaves_the_pin_screen() {
    // The clock was lost while the PIN was compared: the screen stayed at "checking" and took no key any more.
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("e1e");
    counter.world.wall = None;
    counter.happens(Event::PinChecked { right: true });
    assert_eq!(counter.notice(), Some(Notice::Hindered(Hindrance::ClockWrong)));
    assert_ne!(counter.screen(), "pin");
    counter.press("s");
    assert_eq!(counter.screen(), "amount");
}

#[test]
fn rule_4_while_one_is_unsettled_a_new_sale_of_the_same_amount_asks_first() {
    let mut counter = Counter::new();
    let first = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("s12.5e");
    let Screen::SameAmount { unsettled, amount } = counter.cashier() else {
        panic!("{:?}", counter.cashier())
    };
    assert_eq!((*unsettled, *amount), (first, hkd(1250)));
    counter.press("s");
    assert_eq!(counter.screen(), "amount");
    counter.press("e");
    assert_eq!(counter.screen(), "same_amount");
    counter.press("e");
    assert_eq!(counter.screen(), "collecting");
}

#[test]
fn rule_4_a_sale_of_another_amount_does_not_ask() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("s12e");
    assert_eq!(counter.screen(), "collecting");
}
