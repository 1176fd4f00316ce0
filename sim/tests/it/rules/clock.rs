//! Rule 12: the clock.

use postern_heart::ask::Says;
use postern_heart::event::Event;
use postern_heart::screen::{Hindrance, Notice, Screen};

use crate::help::*;

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
