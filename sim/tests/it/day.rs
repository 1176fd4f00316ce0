//! A day compared with the acquirer: what the heart makes of what a comparison found.

use postern_heart::day::{Asker, Compared, ComparisonNo, Counts, Day, DayVerdict, Took};
use postern_heart::event::{Event, Key};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::record::Fact;
use postern_heart::screen::{DayClose, Hindrance, Lamp, MenuItem, Notice, Screen};

use crate::help::*;

fn compared(counts: Counts) -> Compared {
    let none = Amount::new(0, Currency::HKD);
    let took = Took { payments: 0, paid: none, back: none };
    Compared { day: Day("2026-03-01".to_owned()), statement: false, took, counts, differences: vec![] }
}

fn by_command(counts: Counts) -> Event {
    Event::Compared { asker: Asker::Command(ComparisonNo(7)), compared: Some(compared(counts)) }
}

#[test]
fn a_commands_comparison_is_on_disk_before_the_command_is_told() {
    let mut counter = Counter::new();
    counter.world.log.clear();
    counter.happens(by_command(Counts { agree: 1, ..Counts::default() }));
    assert_eq!(counter.world.log, ["save Compared", "recorded 7"]);
    let last = counter.world.disk.records().last().unwrap();
    assert!(matches!(&last.fact, Fact::Compared(compared) if compared.counts.agree == 1), "{last:?}");
}

#[test]
fn what_could_not_be_saved_is_not_called_recorded() {
    let mut counter = Counter::new();
    counter.world.fail_next_save = Some(SaveFault::NotThere);
    counter.world.log.clear();
    counter.happens(by_command(Counts::default()));
    assert!(!counter.world.log.iter().any(|line| line.starts_with("recorded")), "{:?}", counter.world.log);
}

fn close_day(counter: &mut Counter) {
    counter.press("m");
    let Screen::Menu(menu) = counter.cashier() else { panic!() };
    let place = menu.items.iter().position(|item| *item == MenuItem::CloseDay).expect("it is in the menu");
    counter.key(Key::Digit(place as u8 + 1));
}

fn by_counter(compared: Option<Compared>) -> Event {
    Event::Compared { asker: Asker::Counter, compared }
}

fn shown(counter: &Counter) -> (&DayClose, usize) {
    let Screen::DayClose(screen) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    (&screen.state, screen.unsettled)
}

#[test]
fn closing_the_day_has_it_compared_and_shows_what_was_recorded() {
    let mut counter = Counter::new();
    close_day(&mut counter);
    assert_eq!(shown(&counter), (&DayClose::Comparing, 0));
    let at = Wall(NOON + counter.world.mono as i64);
    assert_eq!(counter.world.compares, [at], "the day that it is now");
    counter.world.log.clear();
    let differs = compared(Counts { agree: 2, differ: 1, ..Counts::default() });
    counter.happens(by_counter(Some(differs.clone())));
    assert_eq!(counter.world.log[0], "save Compared", "on disk before it is shown");
    assert_eq!(shown(&counter), (&DayClose::Compared(differs), 0));
    assert_eq!(counter.view().lamp, Lamp::Attention);
    counter.press("e");
    assert_eq!(counter.screen(), "amount");
}

#[test]
fn a_day_that_agrees_calls_nobody_and_a_comparison_is_not_left_by_enter() {
    let mut counter = Counter::new();
    close_day(&mut counter);
    counter.press("e");
    assert_eq!(shown(&counter).0, &DayClose::Comparing, "enter is for the answer");
    counter.happens(by_counter(Some(compared(Counts { agree: 1, ..Counts::default() }))));
    assert_eq!(counter.view().lamp, Lamp::Off);
}

#[test]
fn a_day_that_can_not_be_compared_says_so_and_leaves_no_record() {
    let mut counter = Counter::new();
    close_day(&mut counter);
    counter.world.log.clear();
    counter.happens(by_counter(None));
    assert_eq!(shown(&counter).0, &DayClose::NotCompared);
    assert!(!counter.world.log.iter().any(|line| line.starts_with("save")), "{:?}", counter.world.log);
}

#[test]
fn what_is_not_settled_carries_over_and_is_said_at_the_days_close() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("c");
    close_day(&mut counter);
    let open = Counts { open: 1, ..Counts::default() };
    counter.happens(by_counter(Some(compared(open))));
    assert_eq!(shown(&counter).1, 1);
    assert_eq!(open.verdict(), DayVerdict::NotAllSettled);
}

#[test]
fn the_counter_sells_on_while_the_day_is_compared_and_is_told_by_a_sentence() {
    let mut counter = Counter::new();
    close_day(&mut counter);
    counter.press("s");
    counter.press("5");
    counter.happens(by_counter(Some(compared(Counts { differ: 1, ..Counts::default() }))));
    assert_eq!(counter.screen(), "amount");
    assert_eq!(counter.notice(), Some(Notice::DayCompared(DayVerdict::Differs)));
    let last = counter.world.disk.records().last().unwrap();
    assert!(matches!(last.fact, Fact::Compared(_)), "{last:?}");
}

#[test]
fn without_a_clock_that_can_be_trusted_nobody_knows_which_day_to_close() {
    let mut counter = Counter::new();
    counter.world.wall = None;
    close_day(&mut counter);
    assert_eq!(counter.notice(), Some(Notice::Hindered(Hindrance::ClockWrong)));
    assert_eq!(counter.world.compares, []);
}
