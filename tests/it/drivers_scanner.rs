//! A serial scanner, whose other end is a pseudo terminal in the test's hand.

use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use postern::drivers::serial_line::Port;
use postern::drivers::serial_scanner::SerialScanner;
use postern::drivers::serial_scanner::framing::SCAN_BYTES_MAX;
use postern::ports::{Inbox, Incoming};
use postern_heart::code::{NotACode, PaymentCode, Scanned};
use postern_heart::event::{Device, Event, Health};
use postern_heart::ids::TerminalId;
use serialport::{FlowControl, SerialPort, TTYPort};

use crate::drivers_help::{Directory, next_event, pair, wait_for};

/// A scanner's end of a line, and the path of ours.
fn line() -> (TTYPort, String) {
    let (scanner, ours) = pair();
    let path = ours.name().unwrap();
    (scanner, path)
}

fn start(path: &Path) -> (SerialScanner, Receiver<Incoming>) {
    let (inbox, incoming) = Inbox::channel();
    let port = Port { path: path.to_owned(), baud: 9600, flow: FlowControl::None };
    (SerialScanner::start(port, inbox), incoming)
}

/// A scanner that is there, past the silence after opening.
fn started() -> (TTYPort, SerialScanner, Receiver<Incoming>) {
    let (mut scanner, path) = line();
    let (driver, incoming) = start(Path::new(&path));
    wait_for(&incoming, Device::Scanner, Health::Working);
    settle(&mut scanner, &incoming);
    (scanner, driver, incoming)
}

/// Scans until one is taken: the driver drops what comes within 30 ms of opening.
fn settle(scanner: &mut TTYPort, incoming: &Receiver<Incoming>) {
    for _ in 0..100 {
        scanner.write_all(b"settle\r").unwrap();
        match incoming.recv_timeout(Duration::from_millis(40)) {
            Ok(Incoming::Event(Event::CodeScanned(_))) => return,
            Err(RecvTimeoutError::Timeout) => {}
            other => panic!("{other:?}"),
        }
    }
    panic!("no scan is taken");
}

fn scanned(incoming: &Receiver<Incoming>) -> Scanned {
    match next_event(incoming) {
        Event::CodeScanned(scan) => scan,
        other => panic!("{other:?} is no scan"),
    }
}

#[test]
fn scans_arrive_without_terminator_and_identifier() {
    let (mut scanner, _driver, incoming) = started();
    scanner.write_all(b"]Q12812345678901234\r\n2887654321098765\t").unwrap();
    assert_eq!(scanned(&incoming).reveal(), "2812345678901234");
    assert_eq!(scanned(&incoming).reveal(), "2887654321098765");
}

#[test]
fn a_scan_without_a_terminator_ends_with_silence() {
    let (mut scanner, _driver, incoming) = started();
    scanner.write_all(b"2812345678901234").unwrap();
    assert_eq!(scanned(&incoming).reveal(), "2812345678901234");
}

#[test]
fn what_is_no_text_and_what_is_too_long_is_no_code() {
    let (mut scanner, _driver, incoming) = started();
    let too_long = vec![b'2'; SCAN_BYTES_MAX + 40];
    scanner.write_all(b"28123456\x001234567\r\xff\xfe2812\r").unwrap();
    scanner.write_all(&[&too_long[..], b"\r2812345678901234\r"].concat()).unwrap();
    let terminal = TerminalId::parse("HK01").unwrap();
    for _ in 0..3 {
        assert_eq!(PaymentCode::read(&scanned(&incoming), terminal), Err(NotACode::NotDigits));
    }
    assert!(PaymentCode::read(&scanned(&incoming), terminal).is_ok());
}

#[test]
fn a_scan_from_before_the_start_is_thrown_away() {
    // One end stays open: what is written to a line that nobody has open is refused.
    let (mut scanner, ours) = pair();
    let path = ours.name().unwrap();
    scanner.write_all(b"2812345678901234\r").unwrap();
    let (_driver, incoming) = start(Path::new(&path));
    wait_for(&incoming, Device::Scanner, Health::Working);
    settle(&mut scanner, &incoming);
    scanner.write_all(b"2887654321098765\r").unwrap();
    assert_eq!(scanned(&incoming).reveal(), "2887654321098765");
}

#[test]
fn a_scanner_that_is_missing_is_picked_up_when_it_appears_and_again_after_it_was_unplugged() {
    let directory = Directory::new();
    let path = directory.file("scanner");
    let (_driver, incoming) = start(&path);
    wait_for(&incoming, Device::Scanner, Health::Missing);
    for code in ["2812345678901234", "2887654321098765"] {
        let (mut scanner, port) = line();
        symlink(&port, &path).unwrap();
        wait_for(&incoming, Device::Scanner, Health::Working);
        settle(&mut scanner, &incoming);
        scanner.write_all(format!("{code}\r28123").as_bytes()).unwrap();
        assert_eq!(scanned(&incoming).reveal(), code);
        std::fs::remove_file(&path).unwrap();
        drop(scanner);
        wait_for(&incoming, Device::Scanner, Health::Missing);
    }
}

#[test]
fn a_port_that_another_program_uses_is_a_fault_and_not_missing() {
    let (_scanner, path) = line();
    let taken = Port { path: path.clone().into(), baud: 9600, flow: FlowControl::None }.open().unwrap();
    let (_driver, incoming) = start(Path::new(&path));
    wait_for(&incoming, Device::Scanner, Health::Faulty);
    drop(taken);
    wait_for(&incoming, Device::Scanner, Health::Working);
}

#[test]
fn the_line_is_free_again_once_the_driver_is_dropped() {
    let (_scanner, driver, incoming) = started();
    drop(driver);
    // The thread held the other end of the channel.
    assert_eq!(incoming.recv_timeout(Duration::from_secs(5)).unwrap_err(), RecvTimeoutError::Disconnected);
}
