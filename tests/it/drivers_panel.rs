//! A panel, whose other end is a Unix socket in the test's hand.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use embedded_graphics::pixelcolor::Rgb565;
use embedded_graphics::prelude::{Point, Size};
use embedded_graphics::primitives::Rectangle;
use postern::drivers::panel::{Panel, Place, Role};
use postern::frame::Frame;
use postern::ports::{Buzzer, Display, Inbox, Incoming, Lamp, Reporter};
use postern_heart::event::{Device, Event, Health, Key, Report, Sound};
use postern_heart::screen::Lamp as LampState;

use crate::drivers_help::{Directory, LIMIT, next, wait_for};

const WHITE: Rgb565 = Rgb565::new(31, 63, 31);

fn place(directory: &Directory) -> Place {
    Place { path: directory.file("panel.sock"), width: 8, height: 4 }
}

fn started(role: Role) -> (Directory, Panel, Receiver<Incoming>) {
    let directory = Directory::new();
    let (inbox, incoming) = Inbox::channel();
    let panel = Panel::start(place(&directory), role, inbox);
    let device = if role == Role::Cashier { Device::Display } else { Device::CustomerDisplay };
    wait_for(&incoming, device, Health::Missing);
    (directory, panel, incoming)
}

fn connect(path: &Path) -> UnixStream {
    let stream = UnixStream::connect(path).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream
}

/// The next message: its kind and payload.
fn message(stream: &mut UnixStream) -> (char, Vec<u8>) {
    let mut head = [0; 5];
    stream.read_exact(&mut head).unwrap();
    let mut payload = vec![0; u32::from_le_bytes(head[1..].try_into().unwrap()) as usize];
    stream.read_exact(&mut payload).unwrap();
    (head[0] as char, payload)
}

fn kinds(stream: &mut UnixStream, count: usize) -> String {
    (0..count).map(|_| message(stream).0).collect()
}

fn rectangle(payload: &[u8]) -> [u16; 4] {
    [0, 2, 4, 6].map(|at| u16::from_le_bytes([payload[at], payload[at + 1]]))
}

/// How many pixels the runs of a frame hold.
fn runs(payload: &[u8]) -> usize {
    payload[8..].chunks_exact(4).map(|run| usize::from(u16::from_le_bytes([run[0], run[1]]))).sum()
}

fn pixel(x: i32, y: i32) -> Rectangle {
    Rectangle::new(Point::new(x, y), Size::new(1, 1))
}

/// Shows one more white pixel.
fn light(panel: &mut Panel, frame: &mut Arc<Frame>, x: i32, y: i32) {
    Arc::make_mut(frame).fill(pixel(x, y), WHITE);
    panel.show(frame, pixel(x, y));
}

fn report(sequence: u64) -> Report {
    Report {
        screen: "amount",
        ready: true,
        transaction: None,
        result: None,
        open: 0,
        unsettled: 0,
        devices: vec![],
        sequence,
    }
}

#[test]
fn a_new_connection_gets_greeting_whole_frame_lamp_and_report() {
    let (directory, mut panel, incoming) = started(Role::Cashier);
    let mut frame = Arc::new(Frame::new(8, 4));
    light(&mut panel, &mut frame, 7, 3);
    panel.set(LampState::Paid);
    panel.report(&report(4));
    let mut stream = connect(&directory.file("panel.sock"));
    wait_for(&incoming, Device::Display, Health::Working);
    let (kind, hello) = message(&mut stream);
    assert_eq!(
        (kind, hello.as_slice()),
        ('H', &br#"{"protocol":1,"name":"cashier","width":8,"height":4}"#[..])
    );
    let (kind, pixels) = message(&mut stream);
    assert_eq!((kind, rectangle(&pixels)), ('F', [0, 0, 8, 4]));
    assert_eq!(runs(&pixels), 8 * 4);
    assert_eq!(pixels.iter().skip(8).filter(|byte| **byte == 0xFF).count(), 2);
    let (kind, lamp) = message(&mut stream);
    assert_eq!((kind, lamp.as_slice()), ('L', &br#"{"color":"green","pattern":"steady"}"#[..]));
    let (kind, said) = message(&mut stream);
    assert_eq!(kind, 'S');
    assert!(String::from_utf8(said).unwrap().contains(r#""sequence":4"#));
}

#[test]
fn later_only_what_changed_is_sent() {
    let (directory, mut panel, _incoming) = started(Role::Cashier);
    panel.report(&report(1));
    let mut stream = connect(&directory.file("panel.sock"));
    assert_eq!(kinds(&mut stream, 4), "HFLS");
    let mut frame = Arc::new(Frame::new(8, 4));
    light(&mut panel, &mut frame, 5, 2);
    let (kind, pixels) = message(&mut stream);
    assert_eq!((kind, pixels), ('F', vec![5, 0, 2, 0, 1, 0, 1, 0, 1, 0, 0xFF, 0xFF]));
    panel.set(LampState::Off);
    panel.report(&report(1));
    panel.play(Sound::Paid);
    assert_eq!(message(&mut stream).0, 'T', "neither the lamp nor the report has changed");
}

#[test]
fn keys_and_touches_come_in_in_order() {
    let (directory, _panel, incoming) = started(Role::Cashier);
    let mut stream = connect(&directory.file("panel.sock"));
    wait_for(&incoming, Device::Display, Health::Working);
    stream.write_all(b"K\x01\0\0\x007P\x04\0\0\0\x09\0\x02\0P\x04\0\0\0\x07\0\x03\0K\x04\0\0\0stop").unwrap();
    assert!(matches!(next(&incoming), Incoming::Event(Event::KeyPressed(Key::Digit(7)))));
    // The first touch was beside the display.
    assert!(matches!(next(&incoming), Incoming::Touched { x: 7, y: 3 }));
    assert!(matches!(next(&incoming), Incoming::Event(Event::KeyPressed(Key::Stop))));
}

#[test]
fn a_message_of_an_unknown_kind_ends_the_connection_and_the_next_one_is_served() {
    let (directory, _panel, incoming) = started(Role::Cashier);
    let mut stream = connect(&directory.file("panel.sock"));
    wait_for(&incoming, Device::Display, Health::Working);
    stream.write_all(b"Z\0\0\0\0").unwrap();
    wait_for(&incoming, Device::Display, Health::Missing);
    let mut sink = Vec::new();
    stream.read_to_end(&mut sink).unwrap();
    let mut stream = connect(&directory.file("panel.sock"));
    wait_for(&incoming, Device::Display, Health::Working);
    assert_eq!(kinds(&mut stream, 2), "HF");
}

#[test]
fn a_newer_connection_replaces_the_older() {
    let (directory, mut panel, incoming) = started(Role::Cashier);
    let mut older = connect(&directory.file("panel.sock"));
    assert_eq!(kinds(&mut older, 3), "HFL");
    let mut newer = connect(&directory.file("panel.sock"));
    assert_eq!(kinds(&mut newer, 3), "HFL");
    assert_eq!(older.read(&mut [0]).unwrap(), 0, "the older one was cut off");
    light(&mut panel, &mut Arc::new(Frame::new(8, 4)), 0, 0);
    assert_eq!(message(&mut newer).0, 'F');
    wait_for(&incoming, Device::Display, Health::Working);
    drop(newer);
    wait_for(&incoming, Device::Display, Health::Missing);
}

#[test]
fn a_customer_s_panel_shows_and_nothing_else() {
    let (directory, mut panel, incoming) = started(Role::Customer);
    panel.set(LampState::Paid);
    let mut stream = connect(&directory.file("panel.sock"));
    wait_for(&incoming, Device::CustomerDisplay, Health::Working);
    stream.write_all(b"K\x05\0\0\0enterP\x04\0\0\0\x01\0\x01\0").unwrap();
    let (kind, hello) = message(&mut stream);
    assert_eq!(kind, 'H');
    assert!(String::from_utf8(hello).unwrap().contains(r#""name":"customer""#));
    assert_eq!(message(&mut stream).0, 'F');
    panel.play(Sound::Paid);
    panel.report(&report(9));
    light(&mut panel, &mut Arc::new(Frame::new(8, 4)), 1, 1);
    assert_eq!(message(&mut stream).0, 'F');
    drop(stream);
    // A key or a touch would have come before.
    wait_for(&incoming, Device::CustomerDisplay, Health::Missing);
}

#[test]
fn a_panel_that_takes_nothing_does_not_hold_up_the_terminal_and_gets_the_latest_picture() {
    let directory = Directory::new();
    let (inbox, incoming) = Inbox::channel();
    let place = Place { width: 800, height: 480, ..place(&directory) };
    let mut panel = Panel::start(place, Role::Cashier, inbox);
    wait_for(&incoming, Device::Display, Health::Missing);
    let mut stream = connect(&directory.file("panel.sock"));
    assert_eq!(message(&mut stream).0, 'H');
    let mut frame = Arc::new(Frame::new(800, 480));
    let whole = frame.area();
    for shade in 1..=31 {
        // Stripes, so that the picture is too large for the socket.
        for x in (0..800).step_by(2) {
            let stripe = Rectangle::new(Point::new(x + 1, 0), Size::new(1, 480));
            Arc::make_mut(&mut frame).fill(stripe, Rgb565::new(shade, 0, 0));
        }
        panel.show(&frame, whole);
    }
    let mut frames = 0;
    loop {
        let (kind, pixels) = message(&mut stream);
        if kind != 'F' {
            continue;
        }
        frames += 1;
        if pixels.ends_with(&(31u16 << 11).to_le_bytes()) {
            break;
        }
    }
    assert!(frames <= 4, "{frames} frames were sent to a panel that took none");
}

#[test]
fn only_the_terminal_s_user_may_connect() {
    let (directory, _panel, _incoming) = started(Role::Cashier);
    let mode = std::fs::metadata(directory.file("panel.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_socket_that_a_program_left_behind_is_replaced_and_the_last_handle_removes_it() {
    let directory = Directory::new();
    let path = directory.file("panel.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let (inbox, incoming) = Inbox::channel();
    let panel = Panel::start(place(&directory), Role::Cashier, inbox);
    let other_handle = panel.clone();
    wait_for(&incoming, Device::Display, Health::Missing);
    drop(panel);
    let mut stream = connect(&path);
    assert_eq!(message(&mut stream).0, 'H');
    drop(other_handle);
    while incoming.recv_timeout(LIMIT).is_ok() {}
    assert!(!path.exists());
}

#[test]
fn a_second_terminal_waits_for_the_first_one_to_end() {
    let (directory, first, _) = started(Role::Cashier);
    let (inbox, incoming) = Inbox::channel();
    let _second = Panel::start(place(&directory), Role::Cashier, inbox);
    wait_for(&incoming, Device::Display, Health::Faulty);
    drop(first);
    wait_for(&incoming, Device::Display, Health::Missing);
    connect(&directory.file("panel.sock"));
    wait_for(&incoming, Device::Display, Health::Working);
}

#[test]
fn a_file_that_is_no_socket_is_left_alone() {
    let directory = Directory::new();
    let path = directory.file("panel.sock");
    std::fs::write(&path, "notes").unwrap();
    let (inbox, incoming) = Inbox::channel();
    let _panel = Panel::start(place(&directory), Role::Cashier, inbox);
    wait_for(&incoming, Device::Display, Health::Faulty);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "notes");
}
