//! What the terminal shows and reports of itself: the strip, the last sale, and the words for whoever drives it.

use postern_heart::ask::{Reason, Says, Silence};
use postern_heart::event::{Device, Event, Health, Report};
use postern_heart::perform::Hands;
use postern_heart::record::{Fact, WhyUnsettled};
use postern_heart::screen::{CodeState, Collecting, Hindrance, MenuItem, Notice, Outcome, Screen, Standing};
use postern_heart::settings::{OrderCodeWhen, Settings, Slips};

use crate::help::*;

fn report(counter: &Counter) -> &Report {
    counter.world.report.as_ref().expect("it reports after every event")
}

fn collecting(counter: &Counter) -> &Collecting {
    let Screen::Collecting(collecting) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    collecting
}

#[test]
fn it_is_ready_once_the_keys_are_proven_and_while_the_clock_is_right() {
    let mut counter = Counter::cold(shop());
    assert!(!report(&counter).ready);
    counter.press("m");
    assert!(!report(&counter).ready, "on no screen");
    counter.press("s");
    counter.answer_detail(absent());
    assert!(report(&counter).ready);
    counter.world.wall = None;
    counter.press("8");
    assert!(!report(&counter).ready, "nothing can be sold without a clock");
}

#[test]
fn it_says_how_the_transaction_on_the_screen_ended() {
    let ends = [(success(), "paid"), (declined(Reason::Balance), "refused"), (not_sent(), "not_sent")];
    for (reply, word) in ends {
        let mut counter = Counter::new();
        let id = counter.pay_by_code("12.5");
        let before = report(&counter);
        assert_eq!((before.transaction, before.result, before.open), (Some(id), None, 1));
        counter.answer("PAY", reply);
        let after = report(&counter);
        assert_eq!((after.transaction, after.result, after.open), (Some(id), Some(word), 0));
    }
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    let after = report(&counter);
    assert_eq!((after.result, after.open, after.unsettled), (Some("unsettled"), 1, 1));
}

#[test]
fn a_request_that_is_lost_or_does_not_leave_takes_it_off_the_line_until_something_comes_back() {
    let mut counter = Counter::new();
    assert!(counter.view().strip.online);
    counter.pay_by_code("12.5");
    counter.answer("PAY", lost());
    assert!(!counter.view().strip.online);
    counter.wait_for("DETAIL");
    counter.answer_detail(postern_heart::ask::Reply::Unknown(Silence::Unreadable));
    assert!(counter.view().strip.online, "whoever answers nonsense is there");
    counter.wait_for("DETAIL");
    counter.answer_detail(not_sent());
    assert!(!counter.view().strip.online);
}

#[test]
fn devices_in_trouble_are_named_and_the_others_are_not() {
    let mut counter = Counter::with_printer();
    assert!(counter.view().strip.trouble.is_empty());
    counter.device(Device::Printer, Health::CoverOpen);
    assert_eq!(counter.view().strip.trouble, [(Device::Printer, Health::CoverOpen)]);
    assert_eq!(report(&counter).devices.len(), 2);
}

#[test]
fn the_last_sale_stands_on_the_ready_screen() {
    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop() });
    let last = |counter: &Counter| {
        let Screen::Amount(amount) = counter.cashier() else { panic!() };
        amount.last.as_ref().map(|last| (last.amount, last.standing))
    };
    assert_eq!(last(&counter), None);
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.press("e");
    assert_eq!(last(&counter), Some((hkd(1_250), Standing::Paid)));
    counter.pay_by_code("8");
    counter.answer("PAY", processing());
    counter.wait(10_000);
    counter.press("m");
    assert_eq!(last(&counter), Some((hkd(800), Standing::Open)), "a parked one, too");
    let order = counter.make_order("9");
    counter.press("s");
    assert!(counter.facts(order).is_quiet());
    assert_eq!(last(&counter), Some((hkd(800), Standing::Open)), "and never an order that nobody saw");
}

#[test]
fn the_collecting_screen_says_what_can_be_done_and_nothing_else() {
    let mut counter = Counter::new();
    counter.press("12.5e");
    assert_eq!((collecting(&counter).code.clone(), collecting(&counter).may_link), (CodeState::OnKey, true));
    assert!(collecting(&counter).scanner && !collecting(&counter).may_print, "there is no printer");
    counter.press("1");
    assert!(counter.nothing_asked());
    counter.device(Device::Scanner, Health::Missing);
    assert!(!collecting(&counter).scanner);
    counter.press("q");
    counter.wait(11_000);
    assert_eq!(
        (collecting(&counter).code.clone(), collecting(&counter).may_link),
        (CodeState::Making, false)
    );
    assert!(!collecting(&counter).may_park, "there is nothing yet to wait for");
    assert_eq!(collecting(&counter).seconds_left, None, "nor to count down");

    let mut counter =
        Counter::with(Settings { order_code: OrderCodeWhen::Never, payment_codes: false, ..shop() });
    counter.device(Device::Printer, Health::Working);
    counter.press("12.5e1");
    assert!(counter.nothing_asked());
    assert_eq!(collecting(&counter).code, CodeState::Absent);
    assert!(!collecting(&counter).scanner && !collecting(&counter).may_print);

    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop() });
    counter.device(Device::Printer, Health::Working);
    counter.press("12.5e1");
    assert!(counter.nothing_asked() && !collecting(&counter).may_print, "a shop without paper prints none");
}

#[test]
fn the_ready_screen_offers_the_order_code_where_it_comes_on_a_key() {
    for (order_code, offered) in
        [(OrderCodeWhen::OnKey, true), (OrderCodeWhen::AtOnce, false), (OrderCodeWhen::Never, false)]
    {
        let counter = Counter::with(Settings { order_code, ..shop() });
        let Screen::Amount(amount) = counter.cashier() else { panic!() };
        assert_eq!(amount.order_code, offered, "{order_code:?}");
    }
}

#[test]
fn until_when_it_can_be_cancelled_is_said_only_where_it_can_be() {
    let cancel_until = |settings: Settings, paid: bool| {
        let mut counter = Counter::with(settings);
        counter.pay_by_code("12.5");
        counter.answer("PAY", if paid { success() } else { processing() });
        counter.wait(10_000);
        counter.press(if paid { "s" } else { "m" });
        counter.press("de");
        let Screen::One(one) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
        one.cancel_until.map(|until| until.0)
    };
    assert_eq!(cancel_until(shop(), false), Some(CUT_OFF));
    assert_eq!(cancel_until(shop(), true), None, "what is paid goes back by another way");
    assert_eq!(cancel_until(Settings { knows_cancel: false, ..shop() }, false), None);
}

#[test]
fn the_screen_of_one_payment_does_not_count_down_while_its_question_is_under_way() {
    let mut counter = Counter::with(Settings { knows_cancel: false, ..shop() });
    counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(processing());
    counter.press("sde");
    counter.wait_for("DETAIL");
    counter.wait(10_000);
    let now = counter.world.now();
    let next = counter.desk.deadline(now).expect("the minute on the strip");
    assert!(next.0 >= now.mono.0 + 1_000, "it would be woken for nothing at {}", next.0);
}

#[test]
fn only_what_is_past_the_cut_off_says_until_when_it_can_still_be_paid() {
    let payable = |counter: &Counter| {
        let Screen::Result(result) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
        let Outcome::Unsettled { payable_until, .. } = &result.outcome else { panic!() };
        *payable_until
    };
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    assert_eq!(payable(&counter), None);

    let mut counter = Counter::new();
    counter.world.cut_off = NOON;
    let id = counter.pay_by_code("12.5");
    counter.wait(1);
    counter.press("s");
    counter.answer_detail(absent());
    assert_eq!(*counter.last_fact(id), Fact::Unsettled { why: WhyUnsettled::CutOff });
    let until = counter.facts(id).asked.expire_at;
    assert_eq!(payable(&counter), Some(until));
    counter.sleep(u64::try_from(until.0 - NOON).unwrap() - 1);
    counter.happens(Event::DeadlineReached);
    assert_eq!(payable(&counter), None);
}

#[test]
fn a_clock_that_the_manager_sets_is_compared_with_the_acquirers_at_once() {
    let mut counter = Counter::cold(shop());
    counter.answer_detail(dated(Says::Absent, NOON + 3_600_000));
    counter.press("8e");
    assert_eq!(counter.notice(), Some(Notice::Hindered(Hindrance::ClockWrong)));
    counter.press("s");
    counter.choose(MenuItem::SetClock);
    counter.press("1e");
    counter.happens(Event::PinChecked { right: true });
    counter.world.clock_takes = Some(NOON + 3_600_000);
    counter.press("202603101300e");
    counter.press("8e");
    assert_eq!(counter.screen(), "collecting", "the manager is believed …");
    counter.wait(0);
    counter.answer_detail(dated(Says::Absent, NOON + 7_200_000));
    counter.press("s8e");
    assert_eq!(
        counter.notice(),
        Some(Notice::Hindered(Hindrance::ClockWrong)),
        "… until the acquirer is asked"
    );
}
