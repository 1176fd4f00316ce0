//! Paper.

use postern_heart::event::{Device, Health, PrintEnd};
use postern_heart::screen::Screen;

use crate::help::*;

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
