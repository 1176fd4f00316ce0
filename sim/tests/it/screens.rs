//! What the keys do on the screens that are no sale: the menu, the list, the PIN, the clock, a payment's number.

use postern_heart::ask::{Reason, Request};
use postern_heart::event::{Device, Event, Health, Key, PrintEnd, Sound};
use postern_heart::ids::Target;
use postern_heart::screen::{MenuItem, Notice, PaperState, Screen, Standing};
use postern_heart::settings::{OrderCodeWhen, Settings, Slips};

use crate::help::*;

fn press_often(counter: &mut Counter, keys: &str, times: usize) {
    (0..times).for_each(|_| counter.press(keys));
}

/// What was typed of a PIN, a time or a number, in characters.
fn typed(counter: &Counter) -> usize {
    match counter.cashier() {
        Screen::Pin { digits, .. } => *digits,
        Screen::Clock { typed } => typed.len(),
        Screen::Find(find) => find.typed.len(),
        other => panic!("nothing is typed on {other:?}"),
    }
}

/// Types too much, takes it back key by key, and leaves with one more.
fn types_and_takes_back(counter: &mut Counter, most: usize) {
    press_often(counter, "7", most + 1);
    assert_eq!(typed(counter), most, "what is too much is not taken");
    counter.press("c");
    assert_eq!(typed(counter), most - 1);
    press_often(counter, "c", most - 1);
    assert_eq!(typed(counter), 0);
    counter.press("c");
    assert_eq!(counter.screen(), "amount", "and the one after the last leaves");
}

#[test]
fn a_pin_has_twelve_digits_at_most_and_none_is_not_asked_about() {
    let mut counter = Counter::new();
    counter.choose(MenuItem::SetClock);
    counter.press("e");
    assert_eq!((counter.screen(), counter.world.pins), ("pin", 0));
    types_and_takes_back(&mut counter, 12);
    counter.choose(MenuItem::SetClock);
    counter.press("1e");
    assert_eq!(counter.world.pins, 1);
    counter.press("2s");
    assert_eq!(counter.screen(), "pin", "while it is compared no key does anything");
}

#[test]
fn a_time_has_twelve_digits_and_a_shorter_one_is_refused() {
    let mut counter = Counter::new();
    counter.choose(MenuItem::SetClock);
    counter.press("1e");
    counter.happens(Event::PinChecked { right: true });
    counter.press("20260310120e");
    assert_eq!((counter.screen(), counter.notice()), ("clock", Some(Notice::TimeRefused)));
    press_often(&mut counter, "c", 11);
    types_and_takes_back(&mut counter, 12);
}

#[test]
fn a_number_has_forty_characters_and_nothing_is_looked_for_where_nothing_was_typed() {
    let mut counter = Counter::new();
    counter.choose(MenuItem::GiveBack);
    counter.press("e");
    assert!(counter.nothing_asked());
    counter.key(Key::Letter(' '));
    counter.key(Key::Letter('é'));
    assert_eq!(typed(&counter), 0, "no number holds these");
    press_often(&mut counter, "7", 40);
    counter.key(Key::Letter('A'));
    assert_eq!(typed(&counter), 40);
    press_often(&mut counter, "c", 40);
    types_and_takes_back(&mut counter, 40);
}

#[test]
fn the_acquirer_is_asked_by_its_own_number_or_by_a_terminals() {
    let mut counter = Counter::new();
    counter.choose(MenuItem::GiveBack);
    let asked_by = |counter: &mut Counter, number: &str| {
        number.chars().for_each(|letter| counter.key(Key::Letter(letter)));
        counter.press("e");
        let Request::Detail { id, .. } = counter.outstanding("DETAIL").request else { panic!() };
        counter.answer_detail(absent());
        press_often(counter, "c", number.len());
        id
    };
    assert!(matches!(asked_by(&mut counter, "HK02-00000A-7KQ2M9XD"), Target::Ours(_)));
    assert!(matches!(asked_by(&mut counter, "10020030"), Target::Theirs(_)));
    assert!(matches!(asked_by(&mut counter, "UQ-10020030"), Target::Theirs(_)));
}

#[test]
fn what_is_held_is_in_the_menu_while_something_is() {
    let mut counter = Counter::with_printer();
    let offered = |counter: &mut Counter| {
        counter.press("m");
        let Screen::Menu(menu) = counter.cashier() else { panic!() };
        let held = menu.items.iter().find_map(|item| match item {
            MenuItem::PrintHeld(held) => Some(*held),
            _ => None,
        });
        counter.press("s");
        held
    };
    assert_eq!(offered(&mut counter), None);
    counter.device(Device::Printer, Health::NoPaper);
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.press("e");
    assert_eq!(offered(&mut counter), Some(1));
    assert_eq!(counter.view().strip.held, 1);
}

#[test]
fn the_copy_of_the_last_is_of_the_last_that_has_something_to_say() {
    let mut counter = Counter::with_printer();
    counter.choose(MenuItem::CopyOfLast);
    assert_eq!(counter.notice(), Some(Notice::NothingToPrint));
    counter.press("s");
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.print_ends(PrintEnd::Printed);
    counter.press("e");
    counter.pay_by_code("8");
    counter.answer("PAY", processing());
    counter.wait(10_000);
    counter.press("m");
    counter.choose(MenuItem::CopyOfLast);
    let copy = counter.world.papers.last().unwrap();
    assert_eq!((copy.id, copy.duplicate), (id, true));
    let papers = counter.world.papers.len();
    counter.print_ends(PrintEnd::Printed);
    assert_eq!(counter.world.papers.len(), papers, "one was asked for");
}

#[test]
fn without_a_printer_no_copy_is_offered_or_printed() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.press("ede");
    let Screen::One(one) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
    assert!(!one.may_print);
    counter.press("e");
    assert_eq!(counter.notice(), Some(Notice::NothingToPrint));
}

#[test]
fn the_paper_of_one_sale_is_not_said_to_be_at_the_printer_while_anothers_is() {
    let mut counter = Counter::with_printer();
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.print_ends(PrintEnd::Printed);
    counter.press("e");
    counter.pay_by_code("8");
    counter.answer("PAY", success());
    counter.press("ed");
    let papers: Vec<PaperState> = (0..2)
        .map(|row| {
            counter.press("e");
            let Screen::One(one) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
            let paper = one.paper;
            counter.press(if row == 0 { "cd" } else { "c" });
            paper
        })
        .collect();
    assert_eq!(papers, [PaperState::Printing, PaperState::Printed]);
}

#[test]
fn what_was_put_off_stays_put_off_while_others_are_served() {
    let mut counter = Counter::with(Settings { knows_cancel: false, slips: Slips::Never, ..shop() });
    counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(processing());
    counter.press("s");
    counter.wait_for("DETAIL");
    counter.answer_detail(success());
    assert_eq!(counter.screen(), "paid_late");
    counter.press("s");
    assert_eq!(counter.screen(), "amount");
    counter.wait(60_000);
    counter.pay_by_code("8");
    counter.answer("PAY", success());
    counter.press("e");
    assert_eq!((counter.screen(), counter.notice()), ("amount", None));
    assert_eq!(counter.view().strip.unsettled, 1);
}

#[test]
fn a_parked_payment_in_the_list_is_neither_stopped_nor_shown_as_a_code() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", processing());
    counter.wait(10_000);
    counter.press("mde");
    assert_eq!(counter.screen(), "one");
    counter.press("q");
    assert_eq!(counter.screen(), "one", "its code was the customer's own");
    counter.press("s");
    assert_eq!(counter.screen(), "amount");
    assert_eq!(counter.facts(id).standing(), Standing::Open);
    assert_eq!(counter.view().strip.parked, 1);
}

#[test]
fn the_key_for_money_back_does_nothing_where_there_is_none() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.answer("PAY", declined(Reason::Balance));
    counter.press("sde2");
    assert_eq!((counter.screen(), counter.notice()), ("one", None));
}

#[test]
fn an_unsettled_end_is_left_by_a_key_that_means_it() {
    let mut counter = Counter::new();
    counter.pay_by_code("12.5");
    counter.unsettle();
    counter.press("5.m");
    counter.key(Key::DoubleZero);
    assert_eq!(counter.screen(), "unsettled", "no next sale begins by a slip of the finger");
    counter.press("s");
    assert_eq!(counter.screen(), "amount");
}

#[test]
fn the_qr_key_of_a_shop_without_order_codes_begins_nothing() {
    let mut counter = Counter::with(Settings { order_code: OrderCodeWhen::Never, ..shop() });
    counter.press("8q");
    assert_eq!(counter.screen(), "amount");
}

#[test]
fn out_of_service_every_key_and_scan_is_refused() {
    let mut counter = Counter::new();
    counter.press("8e");
    counter.world.fail_reads = u32::MAX;
    counter.world.fail_next_save = Some(SaveFault::NotThere);
    counter.scan_fresh();
    assert_eq!(counter.screen(), "out_of_service");
    let sounds = counter.world.sounds.len();
    counter.sleep(3_000);
    counter.press("s");
    counter.scan_fresh();
    let since = &counter.world.sounds[sounds..];
    assert_eq!(since, [Sound::Refused; 2]);
    assert_eq!((counter.notice(), counter.count("PAY")), (None, 0));
}

#[test]
fn the_terminal_is_at_rest_only_where_nobody_is_served_and_nothing_is_open() {
    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop() });
    assert!(counter.desk.is_idle());
    counter.press("8");
    assert!(!counter.desk.is_idle(), "an amount is being typed");
    counter.press("s");
    counter.pay_by_code("12.5");
    assert!(!counter.desk.is_idle());
    counter.answer("PAY", processing());
    counter.wait(10_000);
    counter.press("m");
    assert_eq!(counter.screen(), "amount");
    assert!(!counter.desk.is_idle(), "a parked sale is still one");
    counter.wait_for("DETAIL");
    counter.answer_detail(success());
    assert!(counter.desk.is_idle());
    counter.press("40e2");
    counter.answer("PAY", code("https://pay.example/1"));
    assert!(!counter.desk.is_idle());
    counter.press("m");
    assert!(counter.desk.is_idle(), "a link may wait for days");
}
