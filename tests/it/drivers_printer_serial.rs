//! A receipt printer on a serial line, whose other end is a pseudo terminal in the test's hand.

use std::io::{BufReader, Read};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use postern::drivers::escpos_printer::{EscposPrinter, Patience, Settings};
use postern::drivers::escpos_serial::EscposSerial;
use postern::drivers::serial_line::Port;
use postern::ports::{Inbox, Incoming, Printer};
use postern_heart::event::{Device, Event, Health, PrintEnd};
use postern_heart::ids::JobNo;
use serialport::{FlowControl, SerialPort, TTYPort};

use crate::drivers_help::{Directory, LIMIT, next_event, pair, wait_for};
use crate::drivers_printer_help::{Fault, PATIENCE, Printed, SETTINGS, paper, print, rows, serve_bytes};

/// A printer at the far end of a line.
struct SerialPrinter {
    shared: Arc<Mutex<Printed>>,
    thread: JoinHandle<()>,
    stop: Sender<()>,
}

impl SerialPrinter {
    fn on(mut line: TTYPort, fault: Fault) -> SerialPrinter {
        let shared = Arc::new(Mutex::new(Printed { fault, ..Printed::default() }));
        let (stop, stopped) = channel();
        let theirs = Arc::clone(&shared);
        line.set_timeout(LIMIT).unwrap();
        let mut out = line.try_clone_native().unwrap();
        let thread = std::thread::spawn(move || {
            serve_bytes(&mut BufReader::with_capacity(64, line).bytes(), &mut out, &theirs, &stopped);
        });
        SerialPrinter { shared, thread, stop }
    }
}

fn start(path: &Path, settings: Settings, patience: Patience) -> (EscposPrinter, Receiver<Incoming>) {
    let (inbox, incoming) = Inbox::channel();
    let port = Port { path: path.to_owned(), baud: 115_200, flow: FlowControl::None };
    (EscposPrinter::start(EscposSerial(port), settings, patience, inbox), incoming)
}

#[test]
fn a_paper_comes_out_whole_over_a_serial_line() {
    let (theirs, ours) = pair();
    let device = SerialPrinter::on(theirs, Fault::default());
    let (mut printer, incoming) = start(Path::new(&ours.name().unwrap()), SETTINGS, PATIENCE);
    wait_for(&incoming, Device::Printer, Health::Working);
    let long = paper(1200);
    assert_eq!(print(&mut printer, &incoming, 1, long.clone()), PrintEnd::Printed);
    let state = device.shared.lock().unwrap();
    assert!(state.rows == rows(&long));
    assert_eq!(state.cuts, [1200]);
}

#[test]
fn a_printer_that_takes_nothing_more_does_not_hold_the_driver() {
    let (theirs, ours) = pair();
    let device = SerialPrinter::on(theirs, Fault { stops_at: Some(60), mute: true, ..Fault::default() });
    let (mut printer, incoming) = start(Path::new(&ours.name().unwrap()), SETTINGS, PATIENCE);
    wait_for(&incoming, Device::Printer, Health::Working);
    printer.print(JobNo(1), paper(6000));
    wait_for(&incoming, Device::Printer, Health::Silent);
    assert_eq!(next_event(&incoming), Event::PrintEnded { job: JobNo(1), end: PrintEnd::Interrupted });
    drop(device.stop);
    device.thread.join().unwrap();
}

#[test]
fn a_printer_that_is_unplugged_in_the_middle_is_picked_up_again() {
    let directory = Directory::new();
    let path = directory.file("printer");
    let (theirs, ours) = pair();
    symlink(ours.name().unwrap(), &path).unwrap();
    let device = SerialPrinter::on(theirs, Fault { breaks_at: Some(100), ..Fault::default() });
    let (mut printer, incoming) = start(&path, SETTINGS, PATIENCE);
    wait_for(&incoming, Device::Printer, Health::Working);
    printer.print(JobNo(1), paper(1200));
    wait_for(&incoming, Device::Printer, Health::Missing);
    assert_eq!(next_event(&incoming), Event::PrintEnded { job: JobNo(1), end: PrintEnd::Interrupted });
    device.thread.join().unwrap();

    let (theirs, new) = pair();
    std::fs::remove_file(&path).unwrap();
    symlink(new.name().unwrap(), &path).unwrap();
    let _device = SerialPrinter::on(theirs, Fault::default());
    wait_for(&incoming, Device::Printer, Health::Working);
    assert_eq!(print(&mut printer, &incoming, 2, paper(20)), PrintEnd::Printed);
}
