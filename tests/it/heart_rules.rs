//! The rules of the field, one by one.

use postern_heart::ask::{Reason, Request, Says, Silence};
use postern_heart::code::{NotACode, OtherWallet};
use postern_heart::event::{Device, Event, Health, JournalFault, PrintEnd};
use postern_heart::ids::Target;
use postern_heart::payment::{End, Stage};
use postern_heart::record::{Approval, Fact, Paper, WhyCancel, WhyUnsettled};
use postern_heart::screen::{Cause, Hindrance, Notice, Screen, Standing};
use postern_heart::settings::OrderCodeWhen;

use crate::heart_help::*;

// Rule 1: on disk first; after a restart never at PAY.

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

// Rule 2: PAY is never repeated.

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

// Rule 3: "does not exist" after a PAY that left is not final.

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

// Rule 4: one attempt, one id.

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

// Rule 5: the Stop key takes the same road as the limit.

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

// Rule 6: scan or be scanned.

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
    assert_eq!(counter.screen(), "amount");
    counter.press("d");
    let Screen::Recent(recent) = counter.cashier() else { panic!() };
    assert!(recent.rows.is_empty());
}

// Rule 7: once a CANCEL is on disk nothing says PAID.

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

// Rule 9: final news is never overruled by weaker news.

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

// Rule 12: the clock.

#[test]
fn rule_12_an_untrusted_clock_sells_nothing_and_shows_the_way_to_set_it() {
    let mut counter = Counter::new();
    counter.world.wall = None;
    counter.press("8e");
    assert_eq!(counter.notice(), Some(Notice::Hindered(Hindrance::ClockWrong)));
    let Screen::Amount(amount) = counter.cashier() else { panic!() };
    assert_eq!(amount.hindrance, Some(Hindrance::ClockWrong));
    counter.press("sm");
    let Screen::Menu(menu) = counter.cashier() else { panic!() };
    let place =
        menu.items.iter().position(|item| *item == postern_heart::screen::MenuItem::SetClock).unwrap();
    counter.press(&(place + 1).to_string());
    counter.press("1e");
    counter.happens(Event::PinChecked { right: true });
    assert_eq!(counter.screen(), "clock");
    counter.world.clock_takes = Some(NOON);
    counter.press("202603101200e");
    assert_eq!(counter.notice(), Some(Notice::TimeSet));
    assert_eq!(counter.screen(), "amount");
    counter.press("8e");
    assert_eq!(counter.screen(), "collecting");
}

#[test]
fn rule_12_a_clock_more_than_thirty_seconds_from_the_acquirers_sells_nothing() {
    for (off, sells) in [(30_000, true), (30_001, false), (-30_000, true), (-30_001, false)] {
        let mut counter = Counter::cold(shop());
        counter.answer_detail(dated(Says::Absent, NOON + off));
        counter.press("8e");
        assert_eq!(counter.screen() == "collecting", sells, "{off}");
    }
}

#[test]
fn rule_12_a_clock_that_is_right_again_sells_again() {
    let mut counter = Counter::cold(shop());
    counter.answer_detail(dated(Says::Absent, NOON + 3_600_000));
    counter.press("8e");
    assert_eq!(counter.screen(), "amount");
    counter.world.wall = Some(NOON + 3_600_000);
    counter.next_ask_within(60_000).expect("the acquirer is asked for its time again");
    let at = NOON + 3_600_000 + counter.world.mono as i64;
    counter.answer_detail(dated(Says::Absent, at));
    counter.press("e");
    assert_eq!(counter.screen(), "collecting");
}

#[test]
fn rule_12_limits_do_not_follow_a_wall_clock_that_jumps() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    counter.world.wall = Some(NOON + 7_200_000);
    counter.wait(3_000);
    counter.answer_detail(processing());
    assert_eq!(counter.screen(), "confirm");
    counter.world.wall = Some(NOON - 7_200_000);
    counter.wait(57_000);
    assert_eq!(counter.screen(), "cancelling");
}

#[test]
fn rule_12_a_clock_lost_while_collecting_sends_no_pay() {
    let mut counter = Counter::new();
    counter.press("8e");
    counter.world.wall = None;
    counter.scan_fresh();
    assert!(counter.nothing_asked());
    assert_eq!(counter.notice(), Some(Notice::Hindered(Hindrance::ClockWrong)));
}

// Rule 13: what is caught before anything is sent.

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
    counter.wait(115_000);
    counter.scan("281234567890123456");
    assert!(counter.is_outstanding("PAY"));
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

// Rule 14: one accepted scan an attempt.

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

// Rule 15: the keys are proven before the first sale.

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

// Amounts.

#[test]
fn an_amount_is_shown_formatted_while_it_is_typed() {
    let mut counter = Counter::new();
    for (keys, text, cents) in [("12.5", "12.5", 1_250), ("1250", "1,250", 125_000), ("0.05", "0.05", 5)] {
        counter.press("s");
        counter.press(keys);
        let Screen::Amount(amount) = counter.cashier() else { panic!() };
        let typed = amount.typed.as_ref().unwrap();
        assert_eq!((typed.text.as_str(), typed.amount), (text, hkd(cents)));
    }
}

#[test]
fn a_large_amount_is_confirmed_and_a_wrong_one_refused() {
    let mut counter = Counter::new();
    counter.press("5000.01e");
    assert_eq!(counter.screen(), "confirm_amount");
    counter.press("e");
    assert_eq!(counter.screen(), "collecting");
    counter.press("s0e");
    assert_eq!(counter.notice(), Some(Notice::AmountZero));
    counter.press("s1.234");
    assert_eq!(counter.notice(), Some(Notice::TooManyDecimals));
    counter.press("s50000.01e");
    assert_eq!(counter.notice(), Some(Notice::AmountTooLarge(hkd(5_000_000))));
}

// The journal.

#[test]
fn a_payment_whose_intent_can_not_be_saved_is_not_sent() {
    for fault in [SaveFault::There, SaveFault::NotThere] {
        let mut counter = Counter::new();
        counter.press("8e");
        counter.world.fail_next_save = Some(fault);
        counter.scan_fresh();
        assert_eq!(counter.count("PAY"), 0);
        assert_eq!(counter.screen(), "out_of_service");
        counter.press("e");
        counter.scan_fresh();
        assert_eq!(counter.count("PAY"), 0);
        counter.wait(5_000);
        match fault {
            SaveFault::NotThere => assert_eq!(counter.screen(), "amount"),
            SaveFault::There => {
                assert_eq!(counter.screen(), "unknown");
                counter.wait(0);
                counter.answer_detail(absent());
                assert!(counter.is_outstanding("CANCEL"));
            }
        }
        assert_eq!(counter.count("PAY"), 0);
    }
}

#[test]
fn a_paid_that_can_not_be_saved_calls_the_manager() {
    for slips in [postern_heart::settings::Slips::Every, postern_heart::settings::Slips::Never] {
        let mut settings = shop();
        settings.slips = slips;
        let mut counter = Counter::with(settings);
        let id = counter.pay_by_code("12.5");
        counter.world.fail_next_save = Some(SaveFault::NotThere);
        counter.world.fail_reads = 2;
        counter.answer("PAY", success());
        let Screen::OutOfService(out) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
        assert_eq!((out.cause, out.paid_not_recorded), (Cause::DiskFull, Some((id, hkd(1250)))), "{slips:?}");
        counter.wait(10_000);
        let Screen::OutOfService(out) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
        assert_eq!(out.paid_not_recorded, Some((id, hkd(1250))));
        counter.wait(5_000);
        assert_eq!(counter.screen(), "unknown");
        counter.answer_detail(success());
        assert_eq!(counter.screen(), "paid");
    }
}

#[test]
fn a_save_that_failed_and_is_there_is_believed_after_the_journal_was_read() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.world.fail_next_save = Some(SaveFault::There);
    counter.answer("PAY", success());
    assert_eq!(counter.screen(), "out_of_service");
    counter.wait(5_000);
    assert_eq!(counter.facts(id).standing(), Standing::Paid);
    assert!(counter.nothing_asked());
}

#[test]
fn a_damaged_journal_is_out_of_service_for_good() {
    let mut counter = Counter::new();
    let fault = JournalFault { cause: Cause::JournalDamaged, detail: "record 7".into() };
    counter.happens(Event::JournalRead(Err(fault)));
    assert_eq!(counter.screen(), "out_of_service");
    counter.wait(3_600_000);
    assert_eq!(counter.screen(), "out_of_service");
}

// Paper.

#[test]
fn a_paid_sale_is_printed_once_and_only_when_that_is_on_disk() {
    let mut counter = Counter::with_printer();
    let id = counter.pay_by_code("12.5");
    counter.world.log.clear();
    counter.answer("PAY", success());
    assert!(counter.logged("save Printing") < counter.logged("print"));
    assert!(counter.logged("show paid") < counter.logged("print"), "printing never delays the result");
    counter.print_ends(PrintEnd::Printed);
    assert_eq!(counter.on_disk(id), ["Asked", "Paid", "Printing", "Printed"]);
    assert_eq!(counter.world.papers.len(), 1);
    counter.restart();
    counter.device(Device::Printer, Health::Working);
    assert_eq!(counter.world.papers.len(), 1);
}

#[test]
fn a_paper_that_may_be_the_second_says_duplicate() {
    let mut counter = Counter::with_printer();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.restart();
    counter.device(Device::Printer, Health::Working);
    let duplicates: Vec<bool> = counter.world.papers.iter().map(|paper| paper.duplicate).collect();
    assert_eq!(duplicates, [false, true]);
}

#[test]
fn a_paper_that_never_started_is_printed_later_and_is_the_first() {
    let mut counter = Counter::with_printer();
    counter.pay_by_code("12.5");
    counter.device(Device::Printer, Health::NoPaper);
    counter.answer("PAY", success());
    assert_eq!(counter.world.papers.len(), 0);
    assert_eq!(counter.view().strip.held, 1);
    counter.device(Device::Printer, Health::Working);
    assert_eq!(counter.world.papers.len(), 1);
    counter.print_ends(PrintEnd::NotStarted);
    counter.device(Device::Printer, Health::CoverOpen);
    counter.device(Device::Printer, Health::Working);
    assert_eq!(counter.world.papers.len(), 2);
    assert!(counter.world.papers.iter().all(|paper| !paper.duplicate));
}

#[test]
fn an_interrupted_paper_is_printed_again_as_a_duplicate_when_someone_asks() {
    let mut counter = Counter::with_printer();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.print_ends(PrintEnd::Interrupted);
    assert_eq!(counter.world.papers.len(), 1);
    counter.press("m");
    let Screen::Menu(menu) = counter.cashier() else { panic!() };
    let held = postern_heart::screen::MenuItem::PrintHeld(1);
    let place = menu.items.iter().position(|item| *item == held).unwrap();
    counter.press(&(place + 1).to_string());
    assert_eq!(counter.world.papers.len(), 2);
    assert!(counter.world.papers[1].duplicate);
}

#[test]
fn a_pile_of_held_papers_is_printed_only_when_someone_asks() {
    let mut counter = Counter::with_printer();
    counter.device(Device::Printer, Health::NoPaper);
    for _ in 0..3 {
        counter.pay_by_code("12.5");
        counter.answer("PAY", success());
        counter.press("e");
        counter.wait(2_000);
    }
    assert_eq!(counter.view().strip.held, 3);
    counter.device(Device::Printer, Health::Working);
    assert_eq!(counter.world.papers.len(), 0);
    counter.press("m3");
    for _ in 0..3 {
        counter.print_ends(PrintEnd::Printed);
    }
    assert_eq!(counter.world.papers.len(), 3);
    assert!(counter.world.papers.iter().all(|paper| !paper.duplicate));
}

#[test]
fn a_copy_of_a_paper_that_has_not_come_out_yet_is_that_paper() {
    // Two slips were held, and the cashier took a copy of one: it said DUPLICATE although it was the first. The held
    // slip was printed later and did not say so.
    let mut counter = Counter::with_printer();
    counter.device(Device::Printer, Health::NoPaper);
    for amount in ["12.5", "8"] {
        counter.pay_by_code(amount);
        counter.answer("PAY", success());
        counter.press("s");
        counter.wait(2_000);
    }
    counter.device(Device::Printer, Health::Working);
    assert_eq!(counter.world.papers.len(), 0);
    counter.press("dee");
    assert_eq!(counter.world.papers.len(), 1);
    counter.print_ends(PrintEnd::Printed);
    counter.press("sm3");
    assert_eq!(counter.world.papers.len(), 2);
    assert!(counter.world.papers.iter().all(|paper| !paper.duplicate));
}

#[test]
fn a_copy_says_duplicate() {
    let mut counter = Counter::with_printer();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.print_ends(PrintEnd::Printed);
    counter.press("sde");
    assert_eq!(counter.screen(), "one");
    counter.press("e");
    assert_eq!(counter.world.papers.len(), 2);
    assert!(counter.world.papers[1].duplicate);
}

#[test]
fn a_counter_without_a_printer_sells() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.wait(60_000);
    counter.press("8e");
    assert_eq!(counter.screen(), "collecting");
}
