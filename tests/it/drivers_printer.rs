//! A receipt printer in the network, whose other end is in the test's hand.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use postern::drivers::escpos::{DrawerPin, Pulse};
use postern::drivers::escpos_printer::{Answers, ORDERS_MAX, Settings};
use postern::ports::{Incoming, Printer};
use postern_heart::event::{Device, Event, Health, PrintEnd};
use postern_heart::ids::JobNo;

use crate::drivers_help::{next_event, wait_for};
use crate::drivers_printer_help::{Fault, SETTINGS, TestPrinter, paper, print, rows, start, wait_until};

fn wait_for_printer(incoming: &Receiver<Incoming>, health: Health) {
    wait_for(incoming, Device::Printer, health);
}

#[test]
fn a_paper_comes_out_whole_and_is_confirmed_once_it_is_cut() {
    let device = TestPrinter::new(Fault::default());
    let (mut printer, incoming) = start(device.address, SETTINGS);
    wait_for_printer(&incoming, Health::Working);
    let long = paper(1500);
    assert_eq!(print(&mut printer, &incoming, 1, long.clone()), PrintEnd::Printed);
    assert_eq!(print(&mut printer, &incoming, 2, paper(10)), PrintEnd::Printed);
    let state = device.state();
    assert_eq!(state.rows[..1500], rows(&long));
    assert_eq!(state.cuts, [1500, 1510]);
}

#[test]
fn a_printer_without_paper_gets_nothing_and_says_when_it_is_well_again() {
    let out = Fault { bits: [0x08, 0x20, 0, 0x60], ..Fault::default() };
    let device = TestPrinter::new(out);
    let (mut printer, incoming) = start(device.address, SETTINGS);
    wait_for_printer(&incoming, Health::NoPaper);
    assert_eq!(print(&mut printer, &incoming, 1, paper(50)), PrintEnd::NotStarted);
    assert!(device.state().rows.is_empty());
    device.state().fault.bits = [0x08, 0x24, 0, 0x60];
    wait_for_printer(&incoming, Health::CoverOpen);
    device.state().fault.bits = [0, 0, 0, 0x0C];
    wait_for_printer(&incoming, Health::PaperNearEnd);
    assert_eq!(print(&mut printer, &incoming, 2, paper(50)), PrintEnd::Printed);
}

#[test]
fn paper_that_ends_in_the_middle_interrupts_and_the_next_paper_starts_clean() {
    let device = TestPrinter::new(Fault { paper: Some(300), ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    wait_for_printer(&incoming, Health::Working);
    printer.print(JobNo(1), paper(1500));
    wait_for_printer(&incoming, Health::NoPaper);
    assert_eq!(next_event(&incoming), Event::PrintEnded { job: JobNo(1), end: PrintEnd::Interrupted });
    {
        let mut state = device.state();
        assert_eq!((state.rows.len(), state.cuts.len()), (300, 0), "the rest was held back");
        state.fault = Fault::default();
        state.log.clear();
    }
    wait_for_printer(&incoming, Health::Working);
    assert_eq!(print(&mut printer, &incoming, 2, paper(20)), PrintEnd::Printed);
    let state = device.state();
    let commands: Vec<_> = state.log.iter().filter(|command| **command != "ask").collect();
    assert_eq!(commands, [&"zeros", &"initialize", &"cut", &"initialize", &"picture", &"cut"]);
    assert_eq!(state.cuts, [300, 320]);
}

#[test]
fn paper_that_ends_after_the_last_byte_was_sent_interrupts_too() {
    let device = TestPrinter::new(Fault { paper: Some(90), ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    assert_eq!(print(&mut printer, &incoming, 1, paper(100)), PrintEnd::Interrupted);
}

#[test]
fn a_printer_that_never_answers_is_never_confirmed() {
    let device = TestPrinter::new(Fault { mute: true, ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    wait_for_printer(&incoming, Health::Working);
    assert_eq!(print(&mut printer, &incoming, 1, paper(700)), PrintEnd::NotConfirmed);
    wait_until(&device, |state| state.cuts == [700]);
}

#[test]
fn a_printer_that_is_known_to_be_write_only_is_never_asked() {
    let device = TestPrinter::new(Fault { mute: true, ..Fault::default() });
    let (mut printer, incoming) = start(device.address, Settings { answers: Answers::Never, ..SETTINGS });
    wait_for_printer(&incoming, Health::Working);
    assert_eq!(print(&mut printer, &incoming, 1, paper(700)), PrintEnd::NotConfirmed);
    wait_until(&device, |state| state.cuts == [700]);
    assert_eq!(device.state().log, ["initialize", "picture", "cut"]);
}

#[test]
fn silence_of_a_printer_that_has_answered_before_is_a_fault() {
    let device = TestPrinter::new(Fault::default());
    let (mut printer, incoming) = start(device.address, SETTINGS);
    wait_for_printer(&incoming, Health::Working);
    device.state().fault.mute = true;
    wait_for_printer(&incoming, Health::Silent);
    assert_eq!(print(&mut printer, &incoming, 1, paper(700)), PrintEnd::NotStarted);
    assert!(device.state().rows.is_empty());
    device.state().fault.mute = false;
    wait_for_printer(&incoming, Health::Working);
}

/// Each receipt of a printer that does not know `GS r` took ten seconds longer than its paper.
#[test]
fn a_printer_that_does_not_say_when_it_is_done_is_waited_for_once_a_line() {
    let device = TestPrinter::new(Fault { no_done: true, ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    assert_eq!(print(&mut printer, &incoming, 1, paper(30)), PrintEnd::NotConfirmed);
    assert_eq!(print(&mut printer, &incoming, 2, paper(30)), PrintEnd::NotConfirmed);
    wait_until(&device, |state| state.cuts == [30, 60]);
    assert_eq!(device.state().asked_for_end, 1);
    // That it has no paper is still heard.
    device.state().fault.paper = Some(75);
    assert_eq!(print(&mut printer, &incoming, 3, paper(30)), PrintEnd::Interrupted);
}

#[test]
fn a_new_line_to_a_printer_is_asked_anew_whether_it_can_say_that_it_is_done() {
    let device = TestPrinter::new(Fault { no_done: true, ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    assert_eq!(print(&mut printer, &incoming, 1, paper(30)), PrintEnd::NotConfirmed);
    device.state().fault = Fault { breaks_at: Some(40), ..Fault::default() };
    assert_eq!(print(&mut printer, &incoming, 2, paper(3000)), PrintEnd::Interrupted);
    device.state().fault = Fault::default();
    wait_for_printer(&incoming, Health::Working);
    assert_eq!(print(&mut printer, &incoming, 3, paper(30)), PrintEnd::Printed);
}

#[test]
fn a_printer_that_does_not_say_when_it_is_done_is_not_confirmed() {
    let device = TestPrinter::new(Fault { no_done: true, ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    assert_eq!(print(&mut printer, &incoming, 1, paper(30)), PrintEnd::NotConfirmed);
}

#[test]
fn a_connection_that_breaks_in_the_middle_interrupts_and_the_next_one_starts_clean() {
    let device = TestPrinter::new(Fault { breaks_at: Some(200), ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    wait_for_printer(&incoming, Health::Working);
    printer.print(JobNo(1), paper(1500));
    wait_for_printer(&incoming, Health::Missing);
    assert_eq!(next_event(&incoming), Event::PrintEnded { job: JobNo(1), end: PrintEnd::Interrupted });
    {
        let mut state = device.state();
        state.fault = Fault::default();
        state.log.clear();
    }
    wait_for_printer(&incoming, Health::Working);
    assert_eq!(print(&mut printer, &incoming, 2, paper(20)), PrintEnd::Printed);
    let state = device.state();
    let commands: Vec<_> = state.log.iter().filter(|command| **command != "ask").collect();
    assert_eq!(commands, [&"zeros", &"initialize", &"cut", &"initialize", &"picture", &"cut"]);
}

#[test]
fn a_printer_that_takes_nothing_more_interrupts_within_the_limit() {
    let device = TestPrinter::new(Fault { stops_at: Some(200), ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    wait_for_printer(&incoming, Health::Working);
    printer.print(JobNo(1), paper(4000));
    wait_for_printer(&incoming, Health::Silent);
    assert_eq!(next_event(&incoming), Event::PrintEnded { job: JobNo(1), end: PrintEnd::Interrupted });
}

#[test]
fn a_slow_printer_is_waited_for_while_it_goes_on() {
    // In all this takes longer than any pause that is taken for a stop.
    let device = TestPrinter::new(Fault { row: Duration::from_millis(1), ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    assert_eq!(print(&mut printer, &incoming, 1, paper(800)), PrintEnd::Printed);
    assert_eq!(device.state().cuts, [800]);
}

#[test]
fn noise_between_the_answers_is_not_taken_for_one() {
    let noise = &[0x11, 0x13, 0xFF, 0x80, 0x14, 0x92];
    let device = TestPrinter::new(Fault { noise, ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    wait_for_printer(&incoming, Health::Working);
    assert_eq!(print(&mut printer, &incoming, 1, paper(700)), PrintEnd::Printed);
}

#[test]
fn a_printer_that_is_missing_is_picked_up_when_it_appears() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let (mut printer, incoming) = start(address, SETTINGS);
    wait_for_printer(&incoming, Health::Missing);
    assert_eq!(print(&mut printer, &incoming, 1, paper(20)), PrintEnd::NotStarted);
    let device = TestPrinter::at(address, Fault::default());
    wait_for_printer(&incoming, Health::Working);
    assert_eq!(print(&mut printer, &incoming, 2, paper(20)), PrintEnd::Printed);
    assert_eq!(device.state().cuts, [20]);
}

#[test]
fn every_order_ends_once_and_those_that_are_too_many_are_refused() {
    let device = TestPrinter::new(Fault { row: Duration::from_millis(1), ..Fault::default() });
    let (mut printer, incoming) = start(device.address, SETTINGS);
    wait_for_printer(&incoming, Health::Working);
    let many = ORDERS_MAX as u64 + 4;
    (0..many).for_each(|job| printer.print(JobNo(job), paper(40)));
    let ends: BTreeMap<u64, PrintEnd> = (0..many)
        .map(|_| match next_event(&incoming) {
            Event::PrintEnded { job, end } => (job.0, end),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ends.len() as u64, many);
    assert_eq!(ends[&0], PrintEnd::Printed);
    assert_eq!(ends[&(many - 1)], PrintEnd::NotStarted);
    assert_eq!(device.state().cuts.len(), ends.values().filter(|end| **end == PrintEnd::Printed).count());
}

#[test]
fn the_drawer_opens_with_a_complete_pulse() {
    let device = TestPrinter::new(Fault::default());
    let drawer = Some(Pulse { pin: DrawerPin::Two, on_ms: 120, off_ms: 240 });
    let (mut printer, _incoming) = start(device.address, Settings { drawer, ..SETTINGS });
    printer.open_drawer();
    wait_until(&device, |state| state.pulse == [0, 60, 120]);
}
