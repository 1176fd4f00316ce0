//! When things happen: the table of field practice, to the millisecond.

use postern_heart::ask::Request;
use postern_heart::event::Event;
use postern_heart::record::{Fact, WhyCancel};
use postern_heart::screen::{Notice, Screen, Standing};
use postern_heart::settings::Settings;

use crate::help::*;

#[test]
fn the_first_detail_comes_five_seconds_after_the_pay_left() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    assert_eq!(counter.next_ask_within(10_000), Some(5_000));
    assert!(counter.is_outstanding("DETAIL"));
}

#[test]
fn the_first_detail_comes_five_seconds_after_the_pay_left_also_when_it_came_to_nothing() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.wait(1_000);
    counter.answer("PAY", lost());
    assert_eq!(counter.next_ask_within(10_000), Some(4_000));
}

#[test]
fn the_first_detail_comes_three_seconds_after_processing() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.wait(1_000);
    counter.answer("PAY", processing());
    assert_eq!(counter.next_ask_within(10_000), Some(3_000));
}

#[test]
fn the_first_detail_comes_five_seconds_after_the_code_is_shown() {
    let mut counter = Counter::new();
    counter.make_order("12.5");
    counter.wait(2_000);
    counter.answer("PAY", code("https://qr.example/1"));
    assert_eq!(counter.next_ask_within(10_000), Some(5_000));
}

#[test]
fn nothing_is_asked_about_an_order_while_its_code_is_being_made() {
    // The first question was counted from the PAY: a slow answer was asked about before there was anything to pay.
    let mut counter = Counter::new();
    counter.make_order("12.5");
    assert_eq!(counter.next_ask_within(7_900), None);
    counter.answer("PAY", code("https://qr.example/1"));
    assert!(counter.code_shown().is_some());
}

#[test]
fn details_follow_each_other_every_three_seconds_give_or_take_a_fifth() {
    let mut pauses = Vec::new();
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    counter.next_ask_within(3_000).unwrap();
    for _ in 0..12 {
        counter.answer_detail(processing());
        pauses.push(counter.next_ask_within(4_000).unwrap());
    }
    assert!(pauses.iter().all(|pause| (2_400..=3_600).contains(pause)), "{pauses:?}");
    assert!(
        pauses.iter().any(|pause| *pause < 2_900) && pauses.iter().any(|pause| *pause > 3_100),
        "{pauses:?}"
    );
}

#[test]
fn after_busy_the_next_detail_waits_twice_as_long() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    counter.next_ask_within(5_000).unwrap();
    counter.answer_detail(busy());
    let pause = counter.next_ask_within(8_000).unwrap();
    assert!((4_800..=7_200).contains(&pause), "{pause}");
}

#[test]
fn two_terminals_do_not_ask_in_step() {
    let pause = |seeds: u32| {
        let mut counter = Counter::new();
        (0..seeds).for_each(|_| counter.restart());
        counter.show_order("12.5");
        counter.next_ask_within(5_000).unwrap();
        counter.answer_detail(processing());
        counter.next_ask_within(4_000).unwrap()
    };
    assert_ne!(pause(1), pause(2));
}

#[test]
fn a_payment_code_is_cancelled_sixty_seconds_after_its_pay() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    wait_with_answers(&mut counter, 59_999);
    assert_eq!(counter.screen(), "confirm");
    counter.wait_until(60_000);
    assert_eq!(counter.screen(), "cancelling");
    counter.answer_detail(processing());
    let Fact::Cancelling { why, .. } = counter.last_fact(id) else { panic!() };
    assert_eq!(*why, WhyCancel::Limit);
}

#[test]
fn a_question_under_way_does_not_delay_the_limit() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    wait_with_answers(&mut counter, 56_000);
    counter.wait_for("DETAIL");
    let first = counter.outstanding("DETAIL").no;
    counter.wait_until(60_000);
    let second = counter.outstanding("DETAIL").no;
    assert_ne!(first, second, "the last question is one of its own");
    // The answer to the superseded question is at most a hint.
    counter.reply(first, success());
    assert_eq!(counter.screen(), "cancelling");
    counter.reply(second, success());
    assert_eq!(counter.screen(), "paid");
}

#[test]
fn an_order_code_is_cancelled_after_two_minutes_and_leaves_the_screen_first() {
    let mut counter = Counter::new();
    counter.show_order("12.5");
    wait_with_answers(&mut counter, 119_999);
    assert!(counter.code_shown().is_some());
    counter.world.log.clear();
    counter.wait_until(120_000);
    assert_eq!(counter.code_shown(), None);
    assert!(counter.logged("show collecting") < counter.logged("ask DETAIL"), "{}", counter.story());
}

#[test]
fn the_display_limit_is_a_setting() {
    let mut settings = shop();
    settings.timings.order_code_limit_ms = 30_000;
    let mut counter = Counter::with(settings);
    let id = counter.show_order("12.5");
    assert_eq!(counter.facts(id).asked.expire_at.0, NOON + 40_000);
    wait_with_answers(&mut counter, 29_999);
    assert!(counter.code_shown().is_some());
    counter.wait_until(30_000);
    assert_eq!(counter.code_shown(), None);
}

#[test]
fn expire_at_is_the_limit_and_ten_seconds() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    let Request::Pay(pay) = counter.outstanding("PAY").request else { panic!() };
    assert_eq!(pay.expire_at.0, NOON + 70_000);
    assert_eq!(counter.facts(id).asked.expire_at, pay.expire_at);
    let mut counter = Counter::new();
    let id = counter.make_order("12.5");
    assert_eq!(counter.facts(id).asked.expire_at.0, NOON + 130_000);
}

#[test]
fn the_counter_is_free_for_the_next_customer_after_ten_seconds() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    wait_with_answers(&mut counter, 9_999);
    counter.press("m");
    assert_eq!(counter.screen(), "confirm");
    counter.wait_until(10_000);
    counter.press("m");
    assert_eq!(counter.screen(), "amount");
    assert_eq!(counter.view().strip.parked, 1, "a parked sale stays visible");
    counter.press("8e");
    assert_eq!(counter.screen(), "collecting");
}

#[test]
fn the_ten_seconds_are_counted_from_the_sale_and_not_from_the_start() {
    let mut counter = Counter::new();
    counter.wait(3_600_000);
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    counter.press("m");
    assert_eq!(counter.screen(), "confirm");
    counter.press("s");
    counter.answer("DETAIL", fail());
    counter.press("s");
    counter.show_order("8");
    counter.press("m");
    assert!(counter.code_shown().is_some(), "a code has its ten seconds, too");
}

#[test]
fn a_result_leaves_when_its_time_is_over_and_not_when_something_else_happens() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    let sounds = counter.world.sounds.len();
    for _ in 0..3 {
        counter.happens(Event::DeadlineReached);
        assert_eq!(counter.screen(), "paid");
    }
    counter.wait(29_999);
    assert_eq!(counter.screen(), "paid");
    assert_eq!(counter.world.sounds.len(), sounds, "and it is said once");
    counter.wait(1);
    assert_eq!(counter.screen(), "amount");
    assert_eq!(counter.notice(), None, "what was on the screen is not told again");
}

#[test]
fn a_parked_sale_is_silent_while_it_is_being_cancelled_and_calls_when_it_turns_out_paid() {
    let mut counter = Counter::with(Settings { knows_cancel: false, ..shop() });
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    wait_with_answers(&mut counter, 10_000);
    counter.press("m8");
    wait_with_answers(&mut counter, 60_000);
    counter.wait_for("DETAIL");
    counter.answer_detail(processing());
    assert_eq!(counter.facts(id).standing(), Standing::Unsettled);
    assert_eq!(counter.notice(), None);
    counter.wait_for("DETAIL");
    counter.answer_detail(success());
    assert_eq!(
        counter.notice(),
        Some(Notice::ParkedEnded { amount: hkd(1250), standing: Standing::PaidLate })
    );
    assert_eq!(counter.screen(), "amount", "the next sale is not pushed aside");
}

#[test]
fn a_parked_sale_calls_when_it_ends() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    wait_with_answers(&mut counter, 10_000);
    counter.press("m8");
    counter.wait_for("DETAIL");
    counter.answer_detail(success());
    assert_eq!(counter.notice(), Some(Notice::ParkedEnded { amount: hkd(1250), standing: Standing::Paid }));
    assert_eq!(counter.view().strip.parked, 0);
    let Screen::Amount(amount) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    assert_eq!(amount.typed.as_ref().unwrap().text, "8");
}

#[test]
fn a_parked_order_code_leaves_the_display_and_can_still_be_paid() {
    let mut counter = Counter::new();
    let id = counter.show_order("12.5");
    wait_with_answers(&mut counter, 10_000);
    counter.press("m");
    assert_eq!(counter.code_shown(), None);
    assert_eq!(counter.view().strip.parked, 1);
    counter.wait_for("DETAIL");
    counter.answer_detail(success());
    assert_eq!(counter.facts(id).standing(), Standing::Paid);
}

#[test]
fn a_parked_sale_reaches_its_limit_as_any_other() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    wait_with_answers(&mut counter, 10_000);
    counter.press("m");
    wait_with_answers(&mut counter, 59_999);
    counter.wait(200);
    counter.answer_detail(processing());
    counter.wait(BACKGROUND_GAP);
    assert!(counter.is_outstanding("CANCEL"));
    assert_eq!(counter.facts(id).standing(), Standing::Cancelling);
}

#[test]
fn a_parked_sale_is_asked_about_at_the_backgrounds_pace() {
    // Parked sales were asked about every three seconds for as long as they were open.
    let mut settings = shop();
    settings.timings.order_code_limit_ms = 600_000;
    let mut counter = Counter::with(settings);
    counter.show_order("12.5");
    wait_with_answers(&mut counter, 10_000);
    counter.press("m");
    counter.next_ask_within(4_000).expect("as it was meant to be at the counter");
    counter.answer_detail(processing());
    for pause in [4_000, 4_000, 30_000, 60_000, 60_000, 60_000] {
        let waited = counter.next_ask_within(pause * 2).expect("it is asked about");
        assert!((pause * 4 / 5..=pause * 6 / 5 + 1).contains(&waited), "{waited} instead of {pause}");
        counter.answer_detail(processing());
    }
}

#[test]
fn a_sale_that_is_being_cancelled_can_be_parked_after_ten_seconds() {
    // Four calls without an answer keep the counter for most of a minute.
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(lost());
    counter.wait_until(9_999);
    counter.press("m");
    assert_eq!(counter.screen(), "cancelling");
    counter.wait_until(10_000);
    assert!(matches!(counter.cashier(), Screen::Cancelling { may_park: true, .. }));
    counter.press("m");
    assert_eq!((counter.screen(), counter.view().strip.parked), ("amount", 1));
    counter.answer("CANCEL", success());
    counter.wait(BACKGROUND_GAP);
    counter.answer_detail(closed());
    assert_eq!(counter.facts(id).standing(), Standing::Reversed);
    let ended = Notice::ParkedEnded { amount: hkd(1250), standing: Standing::Reversed };
    assert_eq!(counter.notice(), Some(ended));
}

#[test]
fn no_more_than_five_requests_a_second_leave_in_the_background_follow_ups_too() {
    let mut counter = Counter::new();
    let ids: Vec<_> = (1..=5)
        .map(|n| {
            let id = counter.pay_by_code(&n.to_string());
            counter.answer("PAY", processing());
            let parked = counter.world.mono + 10_000;
            wait_with_answers(&mut counter, parked);
            counter.press("m");
            id
        })
        .collect();
    counter.restart();
    let mut left = Vec::new();
    while ids.iter().any(|id| counter.facts(*id).end().is_none()) {
        counter.next_ask_within(3_600_000).expect("what is open is asked about");
        while !counter.nothing_asked() {
            let (at, ask) = counter.world.asked.remove(0);
            let about = ask.request.payment().unwrap();
            // The newest one is at the counter again, which waits for nobody.
            if about != ids[4] {
                left.push(at);
            }
            let cancelled = counter.facts(about).cancel.is_some();
            let is_cancel = matches!(ask.request, Request::Cancel { .. });
            let reply = if is_cancel || cancelled { closed() } else { absent() };
            counter.reply(ask.no, reply);
        }
    }
    assert_eq!(left.len(), 3 * 4, "a question, a cancellation and a question each");
    assert!(left.windows(2).all(|two| two[1] - two[0] >= BACKGROUND_GAP), "{left:?}");
}

#[test]
fn what_waits_for_its_turn_is_forgotten_when_the_journal_is_read_again() {
    // Else it would leave beside the questions that follow from what is on disk.
    let mut counter = Counter::new();
    let ids: Vec<_> = (1..=3)
        .map(|n| {
            let id = counter.pay_by_code(&n.to_string());
            counter.answer("PAY", processing());
            let parked = counter.world.mono + 10_000;
            wait_with_answers(&mut counter, parked);
            counter.press("m");
            id
        })
        .collect();
    counter.restart();
    counter.press("s");
    counter.wait(0);
    counter.world.fail_next_save = Some(SaveFault::NotThere);
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "out_of_service");
    counter.world.asked.clear();
    counter.wait(10_000);
    for id in ids {
        let about = counter.world.asked.iter().filter(|(_, ask)| ask.request.payment() == Some(id));
        assert_eq!(about.count(), 1, "one question each");
    }
}

#[test]
fn cancel_is_called_again_with_the_same_id_after_0_2_5_and_10_seconds() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(lost());
    let mut ids = Vec::new();
    let mut pauses = vec![0];
    for call in 0..4 {
        let Request::Cancel { id, .. } = counter.outstanding("CANCEL").request else { panic!() };
        ids.push(id);
        counter.wait(8_000);
        counter.answer("CANCEL", lost());
        if call < 3 {
            pauses.push(counter.next_ask_within(20_000).unwrap());
        }
    }
    assert_eq!(pauses, [0, 2_000, 5_000, 10_000], "after the call before it ended");
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(counter.screen(), "unsettled");
}

#[test]
fn the_background_asks_slower_and_slower() {
    let mut counter = unsettled_without_cancel();
    let expected = [4_000, 4_000, 30_000, 60_000, 60_000, 60_000, 300_000, 300_000, 300_000];
    for expected in expected {
        let pause = counter.next_ask_within(2 * expected).unwrap();
        assert!((expected * 8 / 10..=expected * 12 / 10).contains(&pause), "{pause} of {expected}");
        counter.answer_detail(processing());
    }
}

#[test]
fn after_a_day_the_background_asks_hourly() {
    let mut counter = unsettled_without_cancel();
    let day = counter.world.mono + 86_400_000 + 300_000;
    while counter.world.mono < day {
        counter.next_ask_within(400_000).expect("it is asked about for ever");
        counter.answer_detail(processing());
    }
    let pauses: Vec<u64> = (0..5)
        .map(|_| {
            let pause = counter.next_ask_within(5_000_000).unwrap();
            counter.answer_detail(processing());
            pause
        })
        .collect();
    assert!(pauses.iter().skip(1).all(|pause| (2_880_000..=4_320_000).contains(pause)), "{pauses:?}");
}

#[test]
fn does_not_exist_before_the_margin_is_over_decides_nothing() {
    let mut counter = unsettled_without_cancel();
    let id = counter.world.witness.transactions().next().unwrap().id;
    let too_late = 70_000 + 60_000;
    while counter.world.mono < too_late - 1_000 {
        if counter.next_ask_within(1_000).is_some() {
            counter.answer_detail(absent());
        }
        assert_eq!(counter.facts(id).standing(), Standing::Unsettled);
    }
}

#[test]
fn the_screen_warns_near_the_cut_off_while_a_sale_is_unpaid() {
    let mut counter = Counter::new();
    counter.world.wall = Some(CUT_OFF - 299_000);
    counter.press("8");
    assert_eq!(counter.notice(), None);
    counter.press("e");
    counter.scan_fresh();
    assert_eq!(counter.notice(), Some(Notice::CutOffNear));
    counter.answer("PAY", success());
    assert_eq!(counter.notice(), None);
}

#[test]
fn a_settled_result_leaves_the_screen_by_itself_and_an_unsettled_one_does_not() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.wait(29_999);
    assert_eq!(counter.screen(), "paid");
    counter.wait(1);
    assert_eq!(counter.screen(), "amount");
    counter.pay_by_code("13");
    counter.unsettle();
    counter.wait(3_000_000);
    assert_eq!(counter.screen(), "unsettled");
}

#[test]
fn the_seconds_left_are_counted_down_on_the_screen() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    let left = |counter: &Counter| match counter.cashier() {
        Screen::Confirm(waiting) => waiting.seconds_left,
        other => panic!("{other:?}"),
    };
    assert_eq!(left(&counter), 60);
    counter.wait(1_000);
    assert_eq!(left(&counter), 59);
    counter.wait(500);
    assert_eq!(left(&counter), 59);
    counter.wait(500);
    assert_eq!(left(&counter), 58);
}

/// Lets time pass and answers every question with *processing*.
fn wait_with_answers(counter: &mut Counter, until: u64) {
    while counter.world.mono < until {
        let left = until - counter.world.mono;
        if counter.next_ask_within(left).is_none() {
            counter.wait_until(until);
        }
        if counter.world.mono < until && counter.is_outstanding("DETAIL") {
            counter.answer_detail(processing());
        }
    }
}

/// A payment that only questions can settle.
fn unsettled_without_cancel() -> Counter {
    let mut settings = shop();
    settings.knows_cancel = false;
    let mut counter = Counter::with(settings);
    counter.pay_by_code("12.5");
    counter.answer("PAY", lost());
    counter.press("s");
    counter.answer_detail(processing());
    assert_eq!(counter.screen(), "unsettled");
    counter
}
