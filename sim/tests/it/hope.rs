//! What would be seen after a yes: drawn ahead, and true only if the answer comes so.

use postern_heart::ask::Reason;
use postern_heart::perform::Hands as _;
use postern_heart::screen::{Outcome, Screen, View};

use crate::help::*;

fn hoped_for(counter: &mut Counter) -> Option<View> {
    let now = counter.world.now();
    counter.desk.hoped_for(now)
}

#[test]
fn a_payment_under_way_hopes_for_the_very_screen_that_a_yes_brings() {
    for mut counter in [Counter::new(), Counter::with_printer()] {
        counter.pay_by_code("12.5");
        counter.wait(400);
        let hoped = hoped_for(&mut counter).expect("an answer is awaited");
        let Screen::Result(result) = &hoped.cashier else { panic!("{hoped:?}") };
        assert_eq!((&result.outcome, result.amount), (&Outcome::Paid, hkd(1250)));
        counter.answer("PAY", success());
        assert_eq!(counter.view(), &hoped);
    }
}

#[test]
fn a_question_about_an_order_code_hopes_for_paid_too() {
    let mut counter = Counter::new();
    counter.show_order("8");
    counter.wait_for("DETAIL");
    let hoped = hoped_for(&mut counter).expect("a question is under way");
    counter.answer_detail(success());
    assert_eq!(counter.view(), &hoped);
}

#[test]
fn hoping_changes_nothing() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    let (before, log) = (format!("{:?}", counter.desk), counter.story());
    assert!(hoped_for(&mut counter).is_some());
    assert_eq!((format!("{:?}", counter.desk), counter.story()), (before, log));
    counter.answer("PAY", declined(Reason::Balance));
    let Screen::Result(result) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    assert!(matches!(result.outcome, Outcome::Refused(_)), "a no is a no");
}

#[test]
fn where_no_answer_is_awaited_there_is_nothing_to_hope_for() {
    let mut counter = Counter::new();
    assert_eq!(hoped_for(&mut counter), None, "at rest");
    counter.make_order("8");
    assert!(counter.is_outstanding("PAY"));
    assert_eq!(hoped_for(&mut counter), None, "the code is not there yet, which nobody can have paid");
    let mut counter = Counter::new();
    counter.press("12.5e");
    assert_eq!(hoped_for(&mut counter), None, "nobody has scanned yet");
    counter.scan_fresh();
    counter.answer("PAY", success());
    assert_eq!(hoped_for(&mut counter), None, "it came true");
}
