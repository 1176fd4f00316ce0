//! Rule 15: the keys are proven before the first sale.

use postern_heart::ask::Silence;
use postern_heart::screen::{Hindrance, Notice};

use crate::help::*;

#[test]
fn rule_15_nothing_is_sold_before_the_acquirer_has_answered_verifiably() {
    let cases = [
        (not_accepted(), Hindrance::KeyNotAccepted),
        (postern_heart::ask::Reply::Unknown(Silence::BadSignature), Hindrance::KeyNotAccepted),
        (not_sent(), Hindrance::NoConnection(postern_heart::ask::Unreachable::Connect)),
        (busy(), Hindrance::Connecting),
    ];
    for (reply, hindrance) in cases {
        let mut counter = Counter::cold(shop());
        counter.press("8e");
        assert_eq!(counter.notice(), Some(Notice::Hindered(Hindrance::Connecting)));
        counter.answer_detail(reply);
        counter.press("e");
        assert_eq!(counter.notice(), Some(Notice::Hindered(hindrance)));
        counter.next_ask_within(4_000).expect("it is tried again");
        counter.answer_detail(absent());
        counter.press("e");
        assert_eq!(counter.screen(), "collecting");
    }
}

#[test]
fn rule_15_a_restart_proves_the_keys_again_and_settles_meanwhile() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.cold_restart();
    counter.wait(0);
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid");
    counter.press("s8e");
    assert_eq!(counter.notice(), Some(Notice::Hindered(Hindrance::Connecting)));
}
