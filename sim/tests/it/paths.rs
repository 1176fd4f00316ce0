//! A payment's life, arrow by arrow.

use postern_heart::ask::{AnswerCode, OrderCode, Reason, Request, Says};
use postern_heart::event::Sound;
use postern_heart::record::{Contradiction, Fact, Source, WhyCancel, WhyUnsettled};
use postern_heart::screen::{CodeState, Notice, Outcome, Screen, Standing};
use postern_heart::settings::Settings;

use crate::help::*;

// From the amount to the PAY.

#[test]
fn an_idle_counter_goes_to_the_collecting_screen_with_the_scanner_armed() {
    let mut counter = Counter::new();
    counter.press("12.5");
    assert_eq!(counter.screen(), "amount");
    counter.press("e");
    let Screen::Collecting(collecting) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    assert_eq!(collecting.amount, hkd(1250));
    assert!(collecting.scanner);
    assert_eq!(collecting.code, CodeState::OnKey);
    assert!(counter.nothing_asked());
}

#[test]
fn the_intent_is_on_disk_before_the_pay_leaves() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    let (saved, asked) = (counter.logged("save Asked"), counter.logged("ask PAY"));
    assert_eq!(asked, saved + 1, "{}", counter.story());
}

#[test]
fn a_connection_is_made_ready_when_the_first_digit_is_typed() {
    let mut counter = Counter::new();
    counter.press("1");
    assert!(counter.logged("warm") > 0);
    assert!(counter.nothing_asked());
}

#[test]
fn the_pay_carries_the_scanned_code_and_the_record_only_its_end() {
    let mut counter = Counter::new();
    counter.press("8e");
    counter.scan("281234567890123456");
    let Request::Pay(pay) = counter.outstanding("PAY").request else { panic!() };
    let postern_heart::ask::PayProduct::PaymentCode(code) = pay.product else { panic!() };
    assert_eq!(code.reveal(), "281234567890123456");
    let asked = &counter.facts(pay.id).asked;
    assert_eq!(asked.code.as_ref().unwrap().0, "…3456");
    assert!(!format!("{:?}", counter.world.disk.records()).contains("1234567890123456"));
}

// ASKING -> { PAID | REFUSED | NOT SENT | WAITING | UNKNOWN }

#[test]
fn an_answer_success_is_paid() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    assert_eq!(counter.screen(), "asking");
    counter.answer("PAY", success());
    assert_eq!(counter.screen(), "paid");
    assert_eq!(counter.on_disk(id), ["Asked", "Paid"]);
    assert_eq!(counter.world.sounds.last(), Some(&Sound::Paid));
}

#[test]
fn paid_is_on_disk_before_the_screen_says_so() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    assert!(counter.logged("save Paid") < counter.logged("show paid"));
}

#[test]
fn a_declining_code_is_refused() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", declined(Reason::Balance));
    let Screen::Result(result) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    let Outcome::Refused(decline) = &result.outcome else { panic!("{:?}", result.outcome) };
    assert_eq!(decline.reason, Reason::Balance);
    assert_eq!(counter.on_disk(id), ["Asked", "Refused"]);
}

#[test]
fn a_pay_that_answers_fail_or_closed_is_refused() {
    for reply in [fail(), closed()] {
        let mut counter = Counter::new();
        let id = counter.pay_by_code("12.5");
        counter.answer("PAY", reply);
        assert_eq!(counter.screen(), "refused");
        assert_eq!(counter.on_disk(id), ["Asked", "Refused"]);
    }
}

#[test]
fn a_request_that_was_not_accepted_is_refused_and_keeps_the_terminal_from_selling() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", not_accepted());
    assert_eq!(counter.screen(), "refused");
    counter.press("s8e");
    assert!(matches!(counter.notice(), Some(Notice::Hindered(_))), "{:?}", counter.notice());
}

#[test]
fn a_pay_of_which_no_byte_left_is_not_sent() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", not_sent());
    assert_eq!(counter.screen(), "not_sent");
    assert_eq!(counter.on_disk(id), ["Asked", "NotSent"]);
    counter.wait(600_000);
    assert!(counter.nothing_asked());
}

#[test]
fn an_answer_processing_asks_the_customer_to_confirm() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    assert_eq!(counter.screen(), "confirm");
}

#[test]
fn no_silence_is_ever_a_no() {
    for silence in silences() {
        let mut counter = Counter::new();
        let id = counter.pay_by_code("12.5");
        counter.answer("PAY", silence.clone());
        assert_eq!(counter.screen(), "unknown", "{silence:?}");
        assert_eq!(counter.on_disk(id), ["Asked"], "{silence:?}");
        counter.next_ask_within(6_000).expect("it is asked about");
        counter.answer_detail(success());
        assert_eq!(counter.screen(), "paid", "{silence:?}");
    }
}

// WAITING/UNKNOWN -> PAID | REFUSED by DETAIL

#[test]
fn a_waiting_payment_is_paid_when_a_detail_says_so() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    counter.wait(3_000);
    counter.answer_detail(processing());
    assert_eq!(counter.screen(), "confirm");
    counter.wait(3_600);
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid");
    let Fact::Paid(paid) = counter.last_fact(id) else { panic!() };
    assert_eq!(paid.by, Source::Detail);
}

#[test]
fn an_unknown_payment_waits_for_the_customer_once_a_detail_says_processing() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", lost());
    counter.wait(5_000);
    counter.answer_detail(processing());
    assert_eq!(counter.screen(), "confirm");
}

#[test]
fn a_waiting_or_unknown_payment_is_refused_when_a_detail_says_fail_or_closed() {
    for first in [processing(), lost()] {
        for end in [fail(), closed()] {
            let mut counter = Counter::new();
            let id = counter.pay_by_code("12.5");
            counter.answer("PAY", first.clone());
            counter.next_ask_within(6_000).unwrap();
            counter.answer_detail(end.clone());
            assert_eq!(counter.screen(), "refused");
            assert_eq!(counter.on_disk(id), ["Asked", "Refused"]);
        }
    }
}

#[test]
fn a_detail_that_is_itself_declined_says_nothing_about_the_payment() {
    for reply in
        [declined(Reason::Risk), declined(Reason::Parameter), not_accepted(), busy(), lost(), not_sent()]
    {
        let mut counter = Counter::new();
        let id = counter.pay_by_code("12.5");
        counter.answer("PAY", lost());
        counter.wait(5_000);
        counter.answer_detail(reply);
        assert_eq!(counter.screen(), "unknown");
        assert_eq!(counter.on_disk(id), ["Asked"]);
    }
}

// -> LAST QUESTION -> PAID | REFUSED | CANCELLING

fn at_its_last_question(counter: &mut Counter) {
    counter.answer("PAY", processing());
    counter.press("s");
    assert_eq!(counter.screen(), "cancelling");
    assert!(counter.is_outstanding("DETAIL"));
    assert!(!counter.is_outstanding("CANCEL"));
}

#[test]
fn stop_asks_one_last_question_before_it_cancels() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    at_its_last_question(&mut counter);
    assert_eq!(counter.on_disk(id), ["Asked"]);
    counter.answer_detail(processing());
    assert!(counter.is_outstanding("CANCEL"));
    assert_eq!(counter.on_disk(id), ["Asked", "Cancelling"]);
    assert!(counter.logged("save Cancelling") < counter.logged("ask CANCEL"));
}

#[test]
fn a_last_question_that_says_success_is_paid() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    at_its_last_question(&mut counter);
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid");
    assert_eq!(counter.on_disk(id), ["Asked", "Paid"]);
}

#[test]
fn a_last_question_that_says_fail_is_refused() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    at_its_last_question(&mut counter);
    counter.answer_detail(fail());
    assert_eq!(counter.screen(), "refused");
}

#[test]
fn a_last_question_that_is_not_final_cancels_in_the_same_breath() {
    for reply in [processing(), absent(), busy(), lost(), not_sent(), declined(Reason::Risk)] {
        let mut counter = Counter::new();
        let id = counter.pay_by_code("12.5");
        at_its_last_question(&mut counter);
        counter.answer_detail(reply);
        assert!(counter.is_outstanding("CANCEL"));
        let Fact::Cancelling { why, .. } = counter.last_fact(id) else { panic!() };
        assert_eq!(*why, WhyCancel::Stop);
    }
}

#[test]
fn the_pays_own_success_during_the_last_question_is_paid() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.press("s");
    assert_eq!(counter.screen(), "cancelling");
    counter.answer("PAY", success());
    assert_eq!(counter.screen(), "paid");
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid");
    assert!(counter.nothing_asked());
}

// CANCELLING -> REVERSED | PAID | UNSETTLED

fn cancelling(counter: &mut Counter) {
    at_its_last_question(counter);
    counter.answer_detail(processing());
}

#[test]
fn a_confirmed_cancellation_is_reversed_only_after_a_detail_agrees() {
    for (confirmation, agreement) in [(success(), closed()), (closed(), fail())] {
        let mut counter = Counter::new();
        let id = counter.pay_by_code("12.5");
        cancelling(&mut counter);
        counter.answer("CANCEL", confirmation);
        assert_eq!(counter.screen(), "cancelling");
        assert_eq!(counter.on_disk(id), ["Asked", "Cancelling", "CancelConfirmed"]);
        counter.answer_detail(agreement);
        assert_eq!(counter.screen(), "reversed");
        assert_eq!(counter.on_disk(id), ["Asked", "Cancelling", "CancelConfirmed", "Reversed"]);
    }
}

#[test]
fn a_refused_cancellation_and_a_success_asked_after_it_is_paid() {
    for refusal in [declined(Reason::State), declined(Reason::CutOff), fail()] {
        let mut counter = Counter::new();
        let id = counter.pay_by_code("12.5");
        cancelling(&mut counter);
        counter.answer("CANCEL", refusal);
        assert_eq!(counter.screen(), "cancelling");
        counter.answer_detail(success());
        assert_eq!(counter.screen(), "paid");
        assert_eq!(counter.on_disk(id), ["Asked", "Cancelling", "CancelRefused", "Paid"]);
    }
}

#[test]
fn a_refused_cancellation_of_a_payment_that_failed_is_not_paid() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    cancelling(&mut counter);
    counter.answer("CANCEL", declined(Reason::State));
    counter.answer_detail(fail());
    assert_eq!(counter.screen(), "reversed");
}

#[test]
fn a_cancellation_that_nobody_answers_is_unsettled() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    let Fact::Unsettled { why } = counter.last_fact(id) else { panic!() };
    assert_eq!(*why, WhyUnsettled::NoAnswer(Some(postern_heart::ask::Silence::TimeOut)));
}

#[test]
fn a_cancellation_of_what_does_not_exist_is_unsettled() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    cancelling(&mut counter);
    counter.answer("CANCEL", absent());
    for pause in [2_000, 5_000, 10_000] {
        counter.wait(pause);
        counter.answer("CANCEL", absent());
    }
    assert_eq!(counter.screen(), "unsettled");
    assert_eq!(*counter.last_fact(id), Fact::Unsettled { why: WhyUnsettled::Absent });
}

#[test]
fn a_cancellation_that_stays_processing_is_unsettled() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    cancelling(&mut counter);
    for pause in [2_000, 5_000, 10_000] {
        counter.answer("CANCEL", processing());
        counter.wait(pause);
    }
    counter.answer("CANCEL", processing());
    assert_eq!(counter.screen(), "unsettled");
}

#[test]
fn a_confirmed_cancellation_that_the_detail_contradicts_is_unsettled_and_recorded() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    cancelling(&mut counter);
    counter.answer("CANCEL", success());
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "unsettled");
    assert_eq!(counter.on_disk(id), ["Asked", "Cancelling", "CancelConfirmed", "Contradicted", "Unsettled"]);
    assert_eq!(*counter.last_fact(id), Fact::Unsettled { why: WhyUnsettled::Contradiction });
}

#[test]
fn a_refused_cancellation_of_what_is_still_processing_says_why_it_was_refused() {
    let code = AnswerCode("200003".into());
    for (reason, why) in
        [(Reason::CutOff, WhyUnsettled::CutOff), (Reason::State, WhyUnsettled::CancelRefused(code))]
    {
        let mut counter = Counter::new();
        let id = counter.pay_by_code("12.5");
        cancelling(&mut counter);
        counter.answer("CANCEL", declined(reason));
        counter.answer_detail(processing());
        assert_eq!(*counter.last_fact(id), Fact::Unsettled { why });
    }
}

#[test]
fn the_question_after_a_cancellation_is_asked_again_once_it_has_no_answer_and_not_before() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    cancelling(&mut counter);
    counter.answer("CANCEL", success());
    counter.answer_detail(lost());
    counter.next_ask_within(5_000).expect("it is asked again");
    let asked = counter.count("DETAIL");
    counter.wait(60_000);
    assert_eq!(counter.count("DETAIL"), asked, "one at a time");
    counter.answer_detail(closed());
    assert_eq!(counter.facts(id).standing(), Standing::Reversed);
}

#[test]
fn a_confirmed_cancellation_of_what_is_still_processing_is_unsettled() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    cancelling(&mut counter);
    counter.answer("CANCEL", success());
    counter.answer_detail(processing());
    assert_eq!(*counter.last_fact(id), Fact::Unsettled { why: WhyUnsettled::Processing });
}

#[test]
fn a_confirmed_cancellation_of_what_does_not_exist_is_unsettled() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    cancelling(&mut counter);
    counter.answer("CANCEL", success());
    counter.answer_detail(absent());
    assert_eq!(*counter.last_fact(id), Fact::Unsettled { why: WhyUnsettled::Absent });
}

#[test]
fn a_wallet_that_knows_no_cancel_is_unsettled_without_one() {
    let mut settings = shop();
    settings.knows_cancel = false;
    let mut counter = Counter::with(settings);
    let id = counter.pay_by_code("12.5");
    at_its_last_question(&mut counter);
    counter.answer_detail(processing());
    assert_eq!(counter.screen(), "unsettled");
    assert_eq!(*counter.last_fact(id), Fact::Unsettled { why: WhyUnsettled::NoCancel });
    counter.wait(3_600_000);
    assert_eq!(counter.count("CANCEL"), 0);
}

#[test]
fn past_the_cut_off_a_payment_is_unsettled_and_the_screen_says_until_when_it_can_be_paid() {
    let mut counter = Counter::new();
    counter.world.wall = Some(CUT_OFF - 10_000);
    let id = counter.show_order("12.5");
    counter.wait(11_000);
    counter.answer_detail(absent());
    counter.press("s");
    counter.answer_detail(absent());
    assert_eq!(*counter.last_fact(id), Fact::Unsettled { why: WhyUnsettled::CutOff });
    let Screen::Result(result) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    let Outcome::Unsettled { payable_until, .. } = &result.outcome else { panic!() };
    assert_eq!(*payable_until, Some(counter.facts(id).asked.expire_at));
    assert_eq!(counter.count("CANCEL"), 0);
}

#[test]
fn up_to_the_cut_off_itself_a_payment_is_cancelled() {
    for (late, cancels) in [(0, 1), (1, 0)] {
        let mut counter = Counter::new();
        counter.world.cut_off = NOON;
        counter.pay_by_code("12.5");
        counter.press("s");
        counter.sleep(late);
        counter.answer_detail(processing());
        assert_eq!(counter.count("CANCEL"), cancels, "{late} ms after it");
    }
}

// UNSETTLED -> PAID LATE | REVERSED | REFUSED

#[test]
fn an_unsettled_payment_that_is_found_paid_asks_a_person() {
    let mut settings = shop();
    settings.knows_cancel = false;
    let mut counter = Counter::with(settings);
    let id = counter.pay_by_code("12.5");
    at_its_last_question(&mut counter);
    counter.answer_detail(processing());
    counter.wait(5_000);
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid_late");
    assert_eq!(counter.on_disk(id), ["Asked", "Unsettled", "PaidLate"]);
    assert_eq!(counter.facts(id).standing(), Standing::PaidLate);
    counter.wait(600_000);
    assert_eq!(counter.screen(), "paid_late");
    assert!(counter.nothing_asked(), "nothing is paid back by itself");
}

#[test]
fn goods_handed_over_makes_a_late_payment_a_sale() {
    let mut counter = Counter::new();
    let id = late(&mut counter);
    counter.press("1");
    assert_eq!(counter.screen(), "paid");
    assert_eq!(counter.on_disk(id).last(), Some(&"Decided"));
}

#[test]
fn paying_back_a_late_payment_cancels_it_with_a_new_cancellation_where_refunds_are_forbidden() {
    let mut settings = shop();
    settings.refunds = false;
    let mut counter = Counter::with(settings);
    let id = late(&mut counter);
    let first = counter.facts(id).cancel.as_ref().unwrap().id;
    counter.press("2");
    assert_eq!(counter.screen(), "refunding");
    counter.answer_detail(success());
    let Request::Cancel { id: second, .. } = counter.outstanding("CANCEL").request else { panic!() };
    assert_ne!(first, second);
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(counter.screen(), "refunded");
}

#[test]
fn a_late_payment_that_can_not_be_paid_back_asks_again() {
    let mut settings = shop();
    settings.refunds = false;
    let mut counter = Counter::with(settings);
    let id = late(&mut counter);
    counter.press("2");
    counter.answer_detail(success());
    counter.answer("CANCEL", declined(Reason::CutOff));
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "refund_refused");
    assert_eq!(counter.on_disk(id).last(), Some(&"PaidLate"));
    counter.press("e");
    assert_eq!(counter.screen(), "paid_late");
    counter.press("2");
    assert_eq!(counter.notice(), Some(Notice::NoRefunds));
    counter.press("1");
    assert_eq!(counter.screen(), "paid");
}

#[test]
fn a_late_payment_can_be_put_off_and_is_found_in_the_list() {
    let mut counter = Counter::new();
    late(&mut counter);
    counter.press("s");
    assert_eq!(counter.screen(), "amount");
    counter.press("d");
    assert_eq!(counter.screen(), "recent");
    counter.press("e");
    assert_eq!(counter.screen(), "paid_late");
}

#[test]
fn a_late_payment_that_was_put_off_and_can_not_be_paid_back_asks_again_too() {
    let mut counter = Counter::with(Settings { refunds: false, ..shop() });
    late(&mut counter);
    counter.press("sde2");
    counter.answer_detail(success());
    counter.answer("CANCEL", declined(Reason::CutOff));
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "refund_refused");
    counter.press("e");
    assert_eq!(counter.screen(), "paid_late");
}

/// A payment whose cancellation was refused in the background, and that turned out paid.
fn late(counter: &mut Counter) -> postern_heart::ids::OrderId {
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.wait(4_800);
    counter.answer("CANCEL", declined(Reason::State));
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid_late");
    id
}

#[test]
fn an_unsettled_payment_is_reversed_when_its_cancellation_is_confirmed_and_it_is_closed() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.wait(4_800);
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(counter.on_disk(id).last(), Some(&"Reversed"));
    assert_eq!(counter.screen(), "reversed");
}

#[test]
fn an_unsettled_payment_with_an_open_cancellation_is_never_paid() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    for _ in 0..5 {
        counter.next_ask_within(80_000).unwrap();
        counter.answer("CANCEL", lost());
        counter.answer_detail(success());
        assert_eq!(counter.facts(id).standing(), Standing::Unsettled);
    }
    counter.next_ask_within(80_000).unwrap();
    counter.answer("CANCEL", declined(Reason::State));
    assert_eq!(counter.facts(id).standing(), Standing::Unsettled);
    counter.answer_detail(success());
    assert_eq!(counter.facts(id).standing(), Standing::PaidLate);
}

#[test]
fn a_contradicted_cancellation_is_asked_for_again_until_both_agree() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    cancelling(&mut counter);
    counter.answer("CANCEL", success());
    counter.answer_detail(success());
    counter.wait(4_800);
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(counter.facts(id).standing(), Standing::Reversed);
    assert!(counter.facts(id).contradicted);
    let confirmed = counter.on_disk(id).iter().filter(|name| **name == "CancelConfirmed").count();
    assert_eq!(confirmed, 1, "what is on disk is not written again");
}

#[test]
fn does_not_exist_twice_after_expiry_and_margin_is_refused() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    let too_late = (counter.facts(id).asked.expire_at.0 - NOON) as u64 + 60_000;
    let mut said_after = 0;
    while counter.facts(id).standing() == Standing::Unsettled {
        counter.next_ask_within(500_000).expect("it is asked again");
        let after = counter.world.mono > too_late;
        counter.answer("CANCEL", absent());
        counter.answer_detail(absent());
        said_after += u32::from(after);
    }
    assert_eq!(counter.facts(id).standing(), Standing::Refused);
    assert_eq!(said_after, 2);
}

#[test]
fn does_not_exist_counts_only_when_the_margin_is_over_by_the_acquirers_own_clock() {
    let mut counter = Counter::with(Settings { knows_cancel: false, ..shop() });
    let id = counter.pay_by_code("12.5");
    at_its_last_question(&mut counter);
    counter.answer_detail(processing());
    let too_late = counter.facts(id).asked.expire_at.0 + 60_000;
    let says_absent = |counter: &mut Counter, at: i64| {
        counter.wait_for("DETAIL");
        counter.world.wall = Some(at - counter.world.mono as i64);
        counter.answer_detail(dated(Says::Absent, at));
        counter.facts(id).standing()
    };
    for at in [too_late, too_late, too_late, too_late + 1] {
        assert_eq!(says_absent(&mut counter, at), Standing::Unsettled);
    }
    assert_eq!(says_absent(&mut counter, too_late + 1), Standing::Refused);
}

#[test]
fn a_payment_that_was_never_cancelled_is_refused_when_it_is_closed() {
    let mut settings = shop();
    settings.knows_cancel = false;
    let mut counter = Counter::with(settings);
    let id = counter.pay_by_code("12.5");
    at_its_last_question(&mut counter);
    counter.answer_detail(processing());
    counter.wait(5_000);
    counter.answer_detail(closed());
    assert_eq!(counter.facts(id).standing(), Standing::Refused);
}

// Order codes.

#[test]
fn an_order_code_is_shown_only_after_it_is_on_disk_that_it_was() {
    let mut counter = Counter::new();
    let id = counter.make_order("12.5");
    assert_eq!(counter.code_shown(), None);
    counter.world.log.clear();
    counter.answer("PAY", code("https://qr.example/1"));
    assert_eq!(counter.code_shown().as_deref(), Some("https://qr.example/1"));
    assert!(counter.logged("save Shown") < counter.logged("show collecting with its code"));
    assert_eq!(counter.on_disk(id), ["Asked", "Shown"]);
}

#[test]
fn a_shown_order_is_paid_when_a_detail_says_so() {
    let mut counter = Counter::new();
    let id = counter.show_order("12.5");
    counter.wait(5_000);
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid");
    assert_eq!(counter.code_shown(), None);
    assert_eq!(counter.on_disk(id), ["Asked", "Shown", "Paid"]);
}

#[test]
fn success_as_the_first_answer_to_an_order_is_an_alarm_and_never_paid() {
    let mut counter = Counter::new();
    let id = counter.make_order("12.5");
    counter.answer("PAY", success());
    assert_eq!(counter.screen(), "unsettled");
    assert_eq!(counter.on_disk(id), ["Asked", "Contradicted", "Unsettled"]);
    let fact = &counter.world.disk.records().iter().find(|record| fact_name(&record.fact) == "Contradicted");
    assert_eq!(fact.unwrap().fact, Fact::Contradicted(Contradiction::PaidBeforeShown));
}

#[test]
fn an_order_that_is_refused_says_refused() {
    // The order had no code on a display yet, so it was filed away at once, and the screen said "cancelling" of it.
    for reply in [declined(Reason::Risk), fail(), closed()] {
        let mut counter = Counter::new();
        counter.make_order("12.5");
        counter.answer("PAY", reply);
        assert_eq!(counter.screen(), "refused");
        counter.wait(1_000);
        assert_eq!(counter.screen(), "refused");
        counter.press("e");
        assert_eq!(counter.screen(), "collecting");
    }
}

#[test]
fn an_order_that_was_not_sent_says_so() {
    let mut counter = Counter::new();
    counter.make_order("12.5");
    counter.answer("PAY", not_sent());
    assert_eq!(counter.screen(), "not_sent");
    counter.wait(1_000);
    assert_eq!(counter.screen(), "not_sent");
}

#[test]
fn an_answer_without_a_code_says_that_none_could_be_made_and_cancels_the_order_out_of_sight() {
    for reply in [processing(), lost(), busy(), absent()] {
        let mut counter = Counter::new();
        let id = counter.make_order("12.5");
        counter.answer("PAY", reply);
        assert_eq!(counter.screen(), "collecting");
        assert_eq!(counter.notice(), Some(Notice::NoOrderCode));
        counter.answer_detail(absent());
        counter.wait(BACKGROUND_GAP);
        counter.answer("CANCEL", success());
        counter.wait(BACKGROUND_GAP);
        counter.answer_detail(absent());
        assert_eq!(counter.screen(), "collecting");
        assert_eq!(counter.view().strip.unsettled, 0, "an order that nobody saw is settled without a word");
        assert_eq!(*counter.last_fact(id), Fact::Unsettled { why: WhyUnsettled::Absent });
    }
}

#[test]
fn a_code_that_comes_after_stop_is_not_shown() {
    let mut counter = Counter::new();
    let id = counter.make_order("12.5");
    counter.press("s");
    assert_eq!(counter.screen(), "amount");
    counter.answer("PAY", code("https://qr.example/1"));
    assert_eq!(counter.code_shown(), None);
    assert_eq!(counter.on_disk(id), ["Asked"]);
    assert!(!counter.facts(id).shown);
}

#[test]
fn the_code_leaves_the_screen_before_the_last_question_is_asked() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    counter.world.log.clear();
    counter.press("s");
    assert!(counter.logged("show cancelling") < counter.logged("ask DETAIL"), "{}", counter.story());
    assert_eq!(counter.code_shown(), None);
}

#[test]
fn the_code_text_on_the_screen_is_the_acquirers() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    let Screen::Collecting(collecting) = counter.cashier() else { panic!() };
    assert_eq!(collecting.code, CodeState::Shown(OrderCode("https://qr.example/1".into())));
    assert_eq!(collecting.seconds_left, Some(120));
}
