//! "Give money back", story by story (field rules 4, 7 and 10).

use postern_heart::ask::{Reason, Request};
use postern_heart::event::{Device, Event, Health, Key, PrintEnd};
use postern_heart::ids::{OrderId, Target};
use postern_heart::receipt::PaperSays;
use postern_heart::record::{Approval, Fact, Paper};
use postern_heart::screen::{
    CustomerScreen, GivingBack, Lamp, MenuItem, NotGivenBack, Notice, Screen, Standing,
};
use postern_heart::settings::{Settings, Slips};

use crate::help::*;

/// The day after: a CANCEL is too late, so all money goes back by REFUND.
const TOMORROW: i64 = NOON + 86_400_000;

/// A sale that is paid, and its receipt's code scanned for its money back.
fn sold(counter: &mut Counter, amount: &str) -> OrderId {
    let id = counter.pay_by_code(amount);
    counter.answer("PAY", success());
    assert_eq!(counter.screen(), "paid");
    counter.press("e");
    id
}

fn next_day(counter: &mut Counter) {
    counter.world.wall = Some(TOMORROW);
    counter.world.cut_off = TOMORROW + 43_199_000;
}

/// From the ready counter to the payment's own question.
fn ask_back(counter: &mut Counter, id: OrderId, typed: &str) {
    find(counter);
    counter.scan(id.as_str());
    assert_eq!(counter.screen(), "give_back", "{:?}", counter.notice());
    counter.press(typed);
    counter.press("e");
    assert_eq!(counter.screen(), "pin", "{:?}", counter.notice());
    pin(counter);
}

fn find(counter: &mut Counter) {
    counter.press("m");
    let Screen::Menu(menu) = counter.cashier() else { panic!() };
    let place = menu.items.iter().position(|item| *item == MenuItem::GiveBack).expect("it is in the menu");
    counter.key(Key::Digit(place as u8 + 1));
    assert_eq!(counter.screen(), "find");
}

fn pin(counter: &mut Counter) {
    counter.press("2468e");
    counter.happens(Event::PinChecked { right: true });
}

fn refund_asked(counter: &Counter) -> (OrderId, OrderId, u64) {
    let Request::Refund { id, original: Target::Ours(original), amount } =
        counter.outstanding("REFUND").request
    else {
        panic!()
    };
    (id, original, amount.minor())
}

fn state(counter: &Counter) -> GivingBack {
    let Screen::GivingBack(screen) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    screen.state.clone()
}

fn left(counter: &Counter, id: OrderId) -> u64 {
    counter.facts(id).left().minor()
}

// What is right now: CANCEL or REFUND.

#[test]
fn all_of_a_payment_of_today_goes_back_by_cancelling_it() {
    let mut counter = Counter::with_printer();
    let id = sold(&mut counter, "12.5");
    counter.print_ends(PrintEnd::Printed);
    ask_back(&mut counter, id, "");
    assert_eq!(counter.screen(), "refunding");
    counter.answer_detail(success());
    counter.answer("CANCEL", success());
    assert_eq!(counter.screen(), "refunding");
    counter.answer_detail(closed());
    assert_eq!(state(&counter), GivingBack::Done { left: hkd(0) });
    assert_eq!(counter.facts(id).standing(), Standing::GivenBack);
    assert_eq!(counter.count("REFUND"), 0);
    assert_eq!(*counter.customer(), CustomerScreen::GivenBack(hkd(1250)));
    assert_eq!(counter.view().lamp, Lamp::GivenBack);
    let slip = &counter.world.papers.last().unwrap();
    let PaperSays::GivenBack(given) = slip.says else { panic!("{:?}", slip.says) };
    assert_eq!((slip.id, given.amount, given.left), (id, hkd(1250), hkd(0)));
}

#[test]
fn a_cancellation_that_is_refused_for_good_is_followed_by_a_refund_without_a_word() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "");
    counter.answer_detail(success());
    counter.answer("CANCEL", declined(Reason::State));
    assert_eq!(counter.count("REFUND"), 0, "nothing before a DETAIL sent after the refusal");
    counter.answer_detail(success());
    assert_eq!(refund_asked(&counter).2, 1250);
    counter.answer("REFUND", success());
    assert_eq!(state(&counter), GivingBack::Done { left: hkd(0) });
    assert_eq!(counter.on_disk(id).last_chunk(), Some(&["CancelRefused", "Refunding", "Refunded"]));
}

#[test]
fn full_refund() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    next_day(&mut counter);
    ask_back(&mut counter, id, "");
    counter.answer_detail(success());
    assert_eq!(
        counter.logged("save Refunding") + 1,
        counter.logged("ask REFUND"),
        "on disk before it leaves"
    );
    let (refund, original, amount) = refund_asked(&counter);
    assert_eq!((original, amount), (id, 1250));
    assert_ne!(refund, id);
    counter.answer("REFUND", success());
    assert_eq!(state(&counter), GivingBack::Done { left: hkd(0) });
    assert_eq!((counter.count("CANCEL"), counter.facts(id).standing()), (0, Standing::GivenBack));
}

#[test]
fn partial_refunds_to_zero() {
    let mut counter = Counter::with_printer();
    let id = sold(&mut counter, "12.5");
    counter.print_ends(PrintEnd::Printed);
    for (typed, given, rest) in [("5", 500, 750), ("2.5", 250, 500), ("", 500, 0)] {
        ask_back(&mut counter, id, typed);
        counter.answer_detail(success_refunded(1250 - rest - given));
        assert_eq!(refund_asked(&counter).2, given);
        counter.answer("REFUND", success());
        assert_eq!(state(&counter), GivingBack::Done { left: hkd(rest) });
        let PaperSays::GivenBack(slip) = counter.world.papers.last().unwrap().says else { panic!() };
        assert_eq!((slip.amount, slip.left), (hkd(given), hkd(rest)));
        counter.print_ends(PrintEnd::Printed);
        counter.press("e");
        let expected = if rest == 0 { Standing::GivenBack } else { Standing::PartlyGivenBack };
        assert_eq!(counter.facts(id).standing(), expected);
    }
    find(&mut counter);
    counter.scan(id.as_str());
    assert_eq!(counter.notice(), Some(Notice::NothingToGiveBack));
    assert_eq!(counter.world.papers.len(), 4, "a receipt and three slips");
    assert!(counter.world.papers.iter().all(|paper| !paper.duplicate));
}

#[test]
fn a_part_is_refunded_also_today_and_where_the_wallet_knows_no_cancel() {
    for (settings, typed) in [(shop(), "5"), (Settings { knows_cancel: false, ..shop() }, "")] {
        let mut counter = Counter::with(settings);
        let id = sold(&mut counter, "12.5");
        ask_back(&mut counter, id, typed);
        counter.answer_detail(success());
        assert_eq!((counter.count("REFUND"), counter.count("CANCEL")), (1, 0));
    }
}

// The acquirer's figure must be the journal's.

#[test]
fn where_the_acquirer_gave_back_another_amount_both_are_shown_and_nothing_is_sent() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success_refunded(300));
    let differs = NotGivenBack::Differs { ours: hkd(0), theirs: hkd(300) };
    assert_eq!(state(&counter), GivingBack::Not(differs));
    assert_eq!(*counter.last_fact(id), Fact::RefundsDiffer { ours: hkd(0), theirs: hkd(300) });
    assert_eq!((counter.count("REFUND"), counter.count("CANCEL")), (0, 0));
    assert_eq!(counter.facts(id).standing(), Standing::Paid);
}

#[test]
fn a_payment_that_can_not_be_asked_about_is_left_alone() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(lost());
    for _ in 0..2 {
        counter.next_ask_within(10_000).expect("it is asked again");
        counter.answer_detail(busy());
    }
    assert_eq!(state(&counter), GivingBack::Not(NotGivenBack::NotAsked));
    assert_eq!((counter.count("REFUND"), left(&counter, id)), (0, 1250));
    counter.wait(600_000);
    assert!(counter.nothing_asked());
}

// Silence is not a no.

#[test]
fn while_a_refund_is_not_known_the_screen_says_so_and_no_other_begins() {
    for silence in silences() {
        let mut counter = Counter::new();
        let id = sold(&mut counter, "12.5");
        ask_back(&mut counter, id, "5");
        counter.answer_detail(success());
        counter.answer("REFUND", silence);
        assert_eq!(counter.screen(), "refund_unknown");
        counter.press("m");
        assert_eq!(counter.screen(), "amount", "the counter is free");
        find(&mut counter);
        counter.scan(id.as_str());
        assert_eq!(counter.notice(), Some(Notice::GivingBackAlready));
        assert_eq!(counter.facts(id).standing(), Standing::GivingBack);
    }
}

#[test]
fn an_unknown_refund_is_asked_about_by_its_own_id_until_it_is_known() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    let (refund, ..) = refund_asked(&counter);
    counter.answer("REFUND", lost());
    let waited = counter.next_ask_within(10_000).expect("it is asked about");
    assert!((3_200..=4_800).contains(&waited), "{waited}");
    let Request::Detail { id: asked, amount } = counter.outstanding("DETAIL").request else { panic!() };
    assert_eq!((asked, amount), (Target::Ours(refund), Some(hkd(500))));
    counter.answer_detail(processing());
    counter.next_ask_within(10_000).expect("and again");
    counter.answer_detail(success());
    assert_eq!(state(&counter), GivingBack::Done { left: hkd(750) });
    assert_eq!((counter.count("REFUND"), left(&counter, id)), (1, 750));
}

/// Paid back twice after a retry is what other systems have done: only "does not exist" twice, a minute apart, lets the
/// same refund leave again, with the same id.
#[test]
fn a_refund_leaves_again_only_after_it_did_not_exist_twice_a_minute_apart() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    let (refund, ..) = refund_asked(&counter);
    counter.answer("REFUND", lost());
    let start = counter.world.mono;
    while counter.count("REFUND") == 1 {
        counter.next_ask_within(120_000).expect("it goes on");
        counter.answer_detail(absent());
    }
    assert!(counter.world.mono - start > 60_000);
    assert_eq!(refund_asked(&counter), (refund, id, 500));
    counter.answer("REFUND", success());
    assert_eq!(left(&counter, id), 750);
}

#[test]
fn a_refund_that_is_refused_when_it_leaves_again_may_have_been_carried_out_before() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    counter.answer("REFUND", lost());
    while counter.count("REFUND") == 1 {
        counter.next_ask_within(120_000).expect("it goes on");
        counter.answer_detail(absent());
    }
    counter.answer("REFUND", declined(Reason::IdUsed));
    assert_eq!(counter.screen(), "refund_unknown");
    counter.next_ask_within(10_000).expect("its own state tells");
    counter.answer_detail(success());
    assert_eq!(left(&counter, id), 750);
}

#[test]
fn a_refund_of_which_not_one_byte_left_gave_nothing_back() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    counter.answer("REFUND", not_sent());
    assert_eq!(state(&counter), GivingBack::Not(NotGivenBack::NotSent));
    assert_eq!(*counter.on_disk(id).last().unwrap(), "RefundNotSent");
    counter.press("e");
    ask_back(&mut counter, id, "5");
}

#[test]
fn a_refund_that_is_refused_says_why_and_leaves_the_payment_as_it_was() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    counter.answer("REFUND", declined(Reason::TooMuch));
    let GivingBack::Not(NotGivenBack::Refused(decline)) = state(&counter) else { panic!() };
    assert_eq!(decline.reason, Reason::TooMuch);
    assert_eq!((left(&counter, id), counter.facts(id).standing()), (1250, Standing::Paid));
}

#[test]
fn a_restart_goes_on_with_the_same_refund_and_never_sends_it_at_once() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    let (refund, ..) = refund_asked(&counter);
    counter.restart();
    assert_eq!(counter.screen(), "refund_unknown");
    counter.wait(0);
    let Request::Detail { id: asked, .. } = counter.outstanding("DETAIL").request else { panic!() };
    assert_eq!(asked, Target::Ours(refund));
    counter.answer_detail(success());
    assert_eq!((counter.count("REFUND"), left(&counter, id)), (0, 750));
    assert_eq!(counter.screen(), "refunded");
}

#[test]
fn while_a_refund_or_its_question_is_under_way_nothing_more_is_asked() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    let asked = counter.count("DETAIL");
    counter.wait(600_000);
    assert_eq!((counter.count("REFUND"), counter.count("DETAIL")), (1, asked));
    counter.answer("REFUND", lost());
    counter.wait_for("DETAIL");
    counter.wait(600_000);
    assert_eq!((counter.count("REFUND"), counter.count("DETAIL")), (1, asked + 1));
}

#[test]
fn a_minute_to_the_millisecond_is_enough_to_send_it_again() {
    for (apart, refunds) in [(59_999, 1), (60_000, 2)] {
        let mut counter = Counter::new();
        let id = sold(&mut counter, "12.5");
        ask_back(&mut counter, id, "5");
        counter.answer_detail(success());
        counter.answer("REFUND", lost());
        counter.wait_for("DETAIL");
        counter.answer_detail(absent());
        // The machine was busy meanwhile, or the time would be the rounds' own.
        let first = counter.world.mono;
        counter.sleep(apart);
        counter.happens(Event::DeadlineReached);
        assert_eq!(counter.world.mono - first, apart);
        counter.answer_detail(absent());
        assert_eq!(counter.count("REFUND"), refunds, "{apart} ms");
    }
}

#[test]
fn a_refund_that_left_before_is_not_known_to_be_nothing_because_it_does_not_leave_now() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    counter.answer("REFUND", lost());
    while counter.count("REFUND") == 1 {
        counter.next_ask_within(120_000).expect("it goes on");
        counter.answer_detail(absent());
    }
    counter.answer("REFUND", not_sent());
    assert_eq!(counter.screen(), "refund_unknown");
    assert_eq!(counter.facts(id).standing(), Standing::GivingBack);
}

#[test]
fn a_second_refund_that_is_refused_is_not_shown_as_the_first_ones_success() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    counter.answer("REFUND", success());
    counter.press("e");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success_refunded(500));
    counter.answer("REFUND", declined(Reason::State));
    assert_eq!(counter.screen(), "refund_refused");
    assert_eq!(left(&counter, id), 750);
}

#[test]
fn a_cancellation_that_nobody_answers_for_long_ends_in_a_refund_once_it_is_refused() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "");
    counter.answer_detail(success());
    while counter.facts(id).unsettled.is_none() {
        counter.wait_for("CANCEL");
        counter.answer("CANCEL", lost());
    }
    assert_eq!((counter.screen(), counter.facts(id).standing()), ("refund_unknown", Standing::GivingBack));
    counter.wait_for("CANCEL");
    counter.answer("CANCEL", declined(Reason::State));
    counter.answer_detail(success());
    assert_eq!(refund_asked(&counter).2, 1250);
}

#[test]
fn a_refused_cancellation_of_what_was_given_back_elsewhere_leaves_it_paid() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "");
    counter.answer_detail(success());
    counter.answer("CANCEL", declined(Reason::State));
    counter.answer_detail(success_refunded(500));
    assert_eq!((counter.screen(), counter.count("REFUND")), ("refund_refused", 0));
    assert_eq!(*counter.on_disk(id).last().unwrap(), "Paid");
}

#[test]
fn where_refunds_are_forbidden_none_is_sent_when_the_cut_off_passes_meanwhile() {
    let mut counter = Counter::with(Settings { refunds: false, knows_cancel: true, ..shop() });
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.wait(4_800);
    counter.answer("CANCEL", declined(Reason::State));
    counter.answer_detail(success());
    counter.press("2");
    assert_eq!(counter.screen(), "refunding");
    next_day(&mut counter);
    counter.answer_detail(success());
    assert_eq!((counter.screen(), counter.count("REFUND")), ("refund_refused", 0));
    assert_eq!(*counter.on_disk(id).last().unwrap(), "PaidLate", "a person is asked again");
    counter.press("e");
    assert_eq!(counter.screen(), "paid_late");
}

#[test]
fn refunds_that_leave_again_in_the_background_keep_its_pace() {
    let mut counter = Counter::new();
    for _ in 0..2 {
        let id = sold(&mut counter, "12.5");
        ask_back(&mut counter, id, "5");
        counter.answer_detail(success());
        counter.answer("REFUND", lost());
        counter.press("m");
    }
    let both_asked = |counter: &mut Counter| {
        while counter.world.asked.len() < 2 {
            counter.next_ask_within(120_000).expect("both go on");
        }
    };
    both_asked(&mut counter);
    (0..2).for_each(|_| counter.answer_detail(absent()));
    counter.sleep(60_000);
    counter.happens(Event::DeadlineReached);
    both_asked(&mut counter);
    counter.wait(1_000);
    (0..2).for_each(|_| counter.answer_detail(absent()));
    assert_eq!(counter.count("REFUND"), 3, "two that left before, and one again");
    counter.wait(BACKGROUND_GAP);
    assert_eq!(counter.count("REFUND"), 4);
}

#[test]
fn a_parked_refund_calls_when_it_ends() {
    for (reply, expected) in [
        (success(), Notice::ParkedEnded { amount: hkd(1250), standing: Standing::PartlyGivenBack }),
        (fail(), Notice::NotGivenBack(hkd(1250))),
    ] {
        let mut counter = Counter::new();
        let id = sold(&mut counter, "12.5");
        ask_back(&mut counter, id, "5");
        counter.answer_detail(success());
        counter.answer("REFUND", lost());
        counter.press("m");
        assert_eq!(counter.view().strip.parked, 1);
        counter.next_ask_within(10_000).expect("it goes on");
        counter.answer_detail(reply);
        assert_eq!(counter.notice(), Some(expected));
        assert!(counter.facts(id).end().is_some());
    }
}

// Which payment, and who may.

#[test]
fn a_payment_is_found_by_its_receipt_in_the_recent_list_and_by_its_typed_number() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    counter.press("d");
    counter.press("e");
    assert_eq!(counter.screen(), "one");
    counter.press("2");
    assert_eq!(counter.screen(), "give_back");
    counter.press("s");
    find(&mut counter);
    for letter in id.as_str().to_lowercase().chars() {
        counter.key(match letter.to_digit(10) {
            Some(digit) => Key::Digit(digit as u8),
            None => Key::Letter(letter),
        });
    }
    counter.press("e");
    assert_eq!(counter.screen(), "give_back", "capitals and small letters are one");
}

#[test]
fn an_old_payment_that_is_not_in_the_recent_list_is_found_in_the_journal() {
    // Without paper nothing is owed, and memory keeps the last forty only.
    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop() });
    let id = sold(&mut counter, "12.5");
    for _ in 0..60 {
        sold(&mut counter, "8");
    }
    counter.restart();
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    counter.answer("REFUND", success());
    assert_eq!(left(&counter, id), 750);
    counter.press("e");
    ask_back(&mut counter, id, "");
    counter.answer_detail(success_refunded(500));
    assert_eq!(refund_asked(&counter).2, 750);
}

#[test]
fn the_list_holds_the_last_forty_sales() {
    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop() });
    let ids: Vec<OrderId> = (0..41).map(|_| sold(&mut counter, "8")).collect();
    counter.press("d");
    let Screen::Recent(recent) = counter.cashier() else { panic!() };
    let rows: Vec<OrderId> = recent.rows.iter().map(|row| row.id).collect();
    assert_eq!(rows, ids[1..].iter().rev().copied().collect::<Vec<_>>(), "the newest first");
}

#[test]
fn another_terminals_order_is_asked_about_shown_and_refused() {
    let mut counter = Counter::new();
    find(&mut counter);
    counter.scan("HK02-00000A-7KQ2M9XD");
    let Screen::Find(find) = counter.cashier() else { panic!() };
    assert!(find.asking);
    counter.answer_detail(success());
    assert_eq!(counter.notice(), Some(Notice::OtherTerminals { amount: None, paid: true }));
    assert_eq!((counter.screen(), counter.count("REFUND")), ("find", 0));
    counter.scan("HK02-00000B-7KQ2M9XD");
    counter.answer_detail(absent());
    assert_eq!(counter.notice(), Some(Notice::NoSuchOrder));
    counter.scan("HK02-00000C-7KQ2M9XD");
    counter.answer_detail(lost());
    assert_eq!(counter.notice(), Some(Notice::OrderNotAsked));
    counter.scan("288888888888888888");
    assert_eq!(counter.notice(), Some(Notice::NoSuchOrder), "a payment code is no receipt's code");
    assert!(counter.nothing_asked(), "and goes nowhere");
}

#[test]
fn more_than_what_is_left_is_refused_at_once() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    find(&mut counter);
    counter.scan(id.as_str());
    counter.press("12.51e");
    assert_eq!(counter.notice(), Some(Notice::MoreThanLeft(hkd(1250))));
    assert_eq!(counter.screen(), "give_back");
}

#[test]
fn a_sale_that_is_not_paid_has_nothing_to_give_back() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", declined(Reason::Balance));
    counter.press("s");
    find(&mut counter);
    counter.scan(id.as_str());
    assert_eq!(counter.notice(), Some(Notice::NothingToGiveBack));
}

#[test]
fn a_sale_that_is_on_its_way_back_or_not_settled_is_not_money_that_is_given_back() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(processing());
    counter.wait(10_000);
    counter.press("m");
    find(&mut counter);
    counter.scan(id.as_str());
    assert_eq!(
        (counter.facts(id).standing(), counter.notice()),
        (Standing::Cancelling, Some(Notice::NothingToGiveBack))
    );

    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("s");
    find(&mut counter);
    counter.scan(id.as_str());
    assert_eq!(counter.notice(), Some(Notice::NothingToGiveBack));
}

#[test]
fn the_manager_allows_each_refund_and_that_is_on_disk() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    find(&mut counter);
    counter.scan(id.as_str());
    counter.press("5e1111e");
    counter.happens(Event::PinChecked { right: false });
    assert_eq!(counter.screen(), "pin");
    assert!(counter.nothing_asked());
    pin(&mut counter);
    let approved = Fact::Approved(Approval::GiveBack { payment: id, amount: hkd(500) });
    assert!(counter.world.disk.records().iter().any(|record| record.fact == approved));
}

#[test]
fn without_a_pin_or_where_the_profile_forbids_it_there_is_no_way_to_it() {
    for settings in [Settings { manager: false, ..shop() }, Settings { refunds: false, ..shop() }] {
        let mut counter = Counter::with(settings);
        sold(&mut counter, "12.5");
        counter.press("m");
        let Screen::Menu(menu) = counter.cashier() else { panic!() };
        assert!(!menu.items.contains(&MenuItem::GiveBack));
        counter.press("sde");
        let Screen::One(one) = counter.cashier() else { panic!() };
        assert!(!one.may_give_back);
        counter.press("2");
        assert_eq!(counter.screen(), "one");
    }
}

/// Whoever takes the PIN's line out of the shop file must not get money out of the till with it.
#[test]
fn a_pin_that_was_there_once_and_is_missing_locks_what_needs_it() {
    let mut counter = Counter::new();
    assert_eq!(counter.world.disk.records().iter().filter(|record| record.fact == Fact::PinSet).count(), 1);
    let id = sold(&mut counter, "12.5");
    counter.settings.manager = false;
    counter.restart();
    counter.press("m");
    let Screen::Menu(menu) = counter.cashier().clone() else { panic!() };
    for item in [MenuItem::GiveBack, MenuItem::SetClock] {
        let place = menu.items.iter().position(|known| *known == item).expect("it is there, and locked");
        counter.press("sm");
        counter.key(Key::Digit(place as u8 + 1));
        assert_eq!(counter.notice(), Some(Notice::PinMissing), "{item:?}");
    }
    counter.press("sde2");
    assert_eq!(counter.notice(), Some(Notice::PinMissing));
    assert_eq!(left(&counter, id), 1250);
    counter.settings.manager = true;
    counter.restart();
    assert_eq!(counter.world.disk.records().iter().filter(|record| record.fact == Fact::PinSet).count(), 1);
    ask_back(&mut counter, id, "5");
}

#[test]
fn a_pin_that_is_missing_does_not_turn_an_unsettled_sale_into_a_new_one() {
    let mut counter = Counter::new();
    counter.settings.manager = false;
    counter.restart();
    counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("e");
    assert_eq!((counter.screen(), counter.notice()), ("unsettled", Some(Notice::PinMissing)));
}

#[test]
fn a_journal_that_can_not_be_searched_is_out_of_service() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    find(&mut counter);
    counter.world.fail_finds = true;
    counter.scan(id.as_str());
    assert_eq!(counter.screen(), "out_of_service");
    counter.wait(5_000);
    assert_eq!(counter.screen(), "amount", "it is read again");
}

#[test]
fn clear_takes_back_a_digit_and_leaves_where_none_was_typed() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    find(&mut counter);
    counter.scan(id.as_str());
    counter.press("5c");
    assert_eq!(counter.screen(), "give_back");
    counter.press("c");
    assert_eq!(counter.screen(), "amount");
}

#[test]
fn money_on_its_way_back_is_left_by_the_menu_key_alone_until_it_is_in_doubt() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    counter.press("esc");
    assert_eq!(counter.screen(), "refunding", "there is nothing to stop");
    counter.answer("REFUND", lost());
    assert_eq!(counter.screen(), "refund_unknown");
    counter.press("s");
    assert_eq!(counter.screen(), "amount");
    counter.press("de2");
    assert_eq!((counter.screen(), counter.notice()), ("one", None), "and no second one begins");
}

#[test]
fn what_came_of_it_stays_until_a_key_that_means_it_and_is_told_once() {
    let mut counter = Counter::new();
    let id = sold(&mut counter, "12.5");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    counter.answer("REFUND", success());
    counter.press("m5");
    assert_eq!(counter.screen(), "refunded");
    counter.press("e");
    assert_eq!((counter.screen(), counter.notice()), ("amount", None), "the cashier has seen it");
}

// The paper.

#[test]
fn a_slip_that_may_be_the_second_says_duplicate_and_the_next_refunds_does_not() {
    let mut counter = Counter::with_printer();
    let id = sold(&mut counter, "12.5");
    counter.print_ends(PrintEnd::Printed);
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success());
    counter.answer("REFUND", success());
    counter.print_ends(PrintEnd::Interrupted);
    counter.device(Device::Printer, Health::NoPaper);
    counter.device(Device::Printer, Health::Working);
    assert!(counter.world.papers.last().unwrap().duplicate);
    counter.print_ends(PrintEnd::Printed);
    counter.press("e");
    ask_back(&mut counter, id, "5");
    counter.answer_detail(success_refunded(500));
    counter.answer("REFUND", success());
    let slip = counter.world.papers.last().unwrap();
    assert!(!slip.duplicate && matches!(slip.says, PaperSays::GivenBack(_)));
    assert_eq!(*counter.last_fact(id), Fact::Printing { paper: Paper::Refund, duplicate: false });
}

/// The slip for money given back in the evening said the time of the morning's payment.
#[test]
fn a_slip_says_when_the_money_went_back() {
    for typed in ["5", ""] {
        let mut counter = Counter::with_printer();
        let id = sold(&mut counter, "12.5");
        counter.print_ends(PrintEnd::Printed);
        counter.wait(3_600_000);
        ask_back(&mut counter, id, typed);
        counter.answer_detail(success());
        if typed.is_empty() {
            counter.answer("CANCEL", success());
            counter.answer_detail(closed());
        } else {
            counter.answer("REFUND", success());
        }
        let slip = counter.world.papers.last().unwrap();
        assert!(matches!(slip.says, PaperSays::GivenBack(_)), "{slip:?}");
        assert!(slip.at.unwrap().0 >= NOON + 3_600_000, "{typed}: {slip:?}");
    }
}

#[test]
fn a_late_payment_goes_back_after_the_day_for_cancelling_by_a_refund() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.wait(4_800);
    counter.answer("CANCEL", declined(Reason::CutOff));
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid_late");
    next_day(&mut counter);
    counter.press("2");
    counter.answer_detail(success());
    counter.answer("REFUND", success());
    assert_eq!(counter.screen(), "refunded");
    assert_eq!(counter.facts(id).standing(), Standing::GivenBack);
}
