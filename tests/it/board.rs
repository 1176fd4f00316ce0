//! Board files: what they may say, what is wrong with them, and what becomes of them.

use std::fs;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use postern::board::{Board, BoardFault, examine};
use postern::ports::Inbox;
use postern_heart::event::{Device, Health};
use serialport::SerialPort;

use crate::drivers_help::{Directory, LIMIT, pair};
use crate::drivers_printer_help::{Fault, TestPrinter};

fn boards() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("boards")
}

/// What is wrong with this text, as it is said.
fn wrong(text: &str) -> String {
    Board::parse(Path::new("shop/board.toml"), text).unwrap_err().to_string()
}

#[test]
fn every_file_in_boards_is_a_board_of_its_own_name() {
    let mut count = 0;
    for entry in fs::read_dir(boards()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let board = Board::load(&path).unwrap();
            assert_eq!(board.name(), path.file_stem().unwrap().to_str().unwrap());
            count += 1;
        }
    }
    assert!(count >= 3, "{count} boards");
}

#[test]
fn the_examples_of_the_readme_are_boards() {
    let readme = fs::read_to_string(boards().join("README.md")).unwrap();
    let examples: Vec<&str> =
        readme.split("```toml").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(examples.len(), 2);
    for example in examples {
        Board::parse(Path::new("boards/README.md"), example).unwrap();
    }
    for entry in fs::read_dir(boards()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || readme.contains(&format!("`{name}`")), "{name} is not in the README");
    }
}

#[test]
fn a_misspelt_key_is_named_with_file_line_and_the_valid_keys() {
    let text = "name = \"x\"\n\n[scanner.serial]\npath = \"/dev/ttyACM0\"\nbaudrate = 9600\n";
    assert_eq!(
        wrong(text),
        "could not use shop/board.toml, line 5, key scanner.serial.baudrate: \
         unknown field `baudrate`, expected `path` or `baud`"
    );
}

#[test]
fn a_misspelt_driver_and_a_misspelt_device_are_named_too() {
    let driver = wrong("name = \"x\"\n[printer.escpos-usb]\n");
    assert!(driver.contains("line 2, key printer.escpos-usb: unknown field `escpos-usb`"), "{driver}");
    assert!(driver.contains("`escpos-tcp` or `escpos-serial`"), "{driver}");
    let device = wrong("name = \"x\"\n\n[screen.panel]\n");
    assert!(device.contains("line 3, key screen: unknown field `screen`"), "{device}");
    assert!(device.contains("`customer_display`"), "{device}");
}

#[test]
fn a_key_that_is_missing_is_named_with_its_table() {
    let text = "name = \"x\"\n[printer.escpos-tcp]\naddress = \"10.0.0.9\"\n";
    assert!(
        wrong(text).contains("line 2") && wrong(text).contains("missing field `width_dots`"),
        "{}",
        wrong(text)
    );
    assert!(wrong("[scanner]\n").contains("missing field `name`"));
}

#[test]
fn a_value_that_can_t_be_is_named_with_what_would_be_right() {
    let serial = |keys: &str| format!("name = \"x\"\n[printer.escpos-serial]\npath = \"p\"\n{keys}\n");
    let tcp = |keys: &str| format!("name = \"x\"\n[printer.escpos-tcp]\nwidth_dots = 576\n{keys}\n");
    let panel = |keys: &str| format!("name = \"x\"\n[display.panel]\npath = \"p\"\n{keys}\n");
    for (text, key, line, why) in [
        (
            serial("baud = 9601\nwidth_dots = 576"),
            "printer.escpos-serial.baud",
            4,
            "9601 is none of 2400, 4800, 9600",
        ),
        (
            serial("baud = 9600\nwidth_dots = 512"),
            "printer.escpos-serial.width_dots",
            5,
            "neither 384 (58 mm paper)",
        ),
        (
            serial("baud = 9600\nwidth_dots = 576\nflow = \"rts\""),
            "printer.escpos-serial.flow",
            6,
            "`rts-cts`",
        ),
        (tcp("address = \"printer.shop\""), "printer.escpos-tcp.address", 4, "192.168.1.50:9100"),
        (tcp("address = \"10.0.0.9:99999\""), "printer.escpos-tcp.address", 4, "no address in numbers"),
        (tcp("address = \"10.0.0.9\"\nstatus = \"no\""), "printer.escpos-tcp.status", 5, "`ask` or `none`"),
        (tcp("address = \"10.0.0.9\"\ncut = \"half\""), "printer.escpos-tcp.cut", 5, "`partial`, `full`"),
        (
            tcp("address = \"10.0.0.9\"\ndrawer = { pin = 3, on_ms = 100, off_ms = 100 }"),
            "printer.escpos-tcp.drawer.pin",
            5,
            "neither 2 nor 5",
        ),
        (
            tcp("address = \"10.0.0.9\"\ndrawer = { pin = 2, on_ms = 600, off_ms = 100 }"),
            "printer.escpos-tcp.drawer.on_ms",
            5,
            "from 2 to 510",
        ),
        (panel("width = 80\nheight = 480"), "display.panel.width", 4, "between 128 and 2048"),
        (panel("width = 2048\nheight = 1536"), "display.panel.height", 5, "more than a panel can show"),
    ] {
        let said = wrong(&text);
        assert!(said.contains(&format!("line {line}, key {key}: ")) && said.contains(why), "{said}");
    }
}

#[test]
fn two_devices_at_one_path_and_two_printers_are_refused() {
    let text = "name = \"x\"\n[scanner.serial]\npath = \"/dev/ttyS0\"\nbaud = 9600\n\
                [printer.escpos-serial]\npath = \"/dev/ttyS0\"\nbaud = 9600\nwidth_dots = 384\n";
    let said = wrong(text);
    assert!(
        said.contains("line 6, key printer.escpos-serial.path: /dev/ttyS0 is already scanner.serial.path"),
        "{said}"
    );
    let text = "name = \"x\"\n[printer.escpos-tcp]\naddress = \"10.0.0.9\"\nwidth_dots = 384\n\
                [printer.escpos-serial]\npath = \"/dev/ttyS0\"\nbaud = 9600\nwidth_dots = 384\n";
    assert!(wrong(text).contains("line 5, key printer.escpos-serial: a counter has one receipt printer"));
    assert!(wrong("name = \"x\"\n[printer]\n").contains("line 2, key printer: no driver is named"));
}

#[test]
fn a_socket_s_path_that_is_too_long_is_refused() {
    let text = format!(
        "name = \"x\"\n[display.panel]\npath = \"/{}\"\nwidth = 800\nheight = 480\n",
        "p".repeat(110)
    );
    assert!(wrong(&text).contains("line 3, key display.panel.path: "), "{}", wrong(&text));
    assert!(wrong(&text).contains("has 111 bytes"), "{}", wrong(&text));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let fault = Board::load(Path::new("/no/board.toml")).unwrap_err();
    assert!(matches!(fault, BoardFault::Unreadable { .. }));
    assert!(fault.to_string().starts_with("could not read the board file /no/board.toml: "), "{fault}");
}

/// A board with every device, none of which is there, in a directory of its own.
fn written(directory: &Directory, printer: &str) -> Board {
    let text = format!(
        "name = \"test\"\n[scanner.serial]\npath = \"scanner\"\nbaud = 9600\n\
         [printer.escpos-tcp]\naddress = \"{printer}\"\nwidth_dots = 384\n\
         [display.panel]\npath = \"cashier.sock\"\nwidth = 320\nheight = 240\n\
         [customer_display.panel]\npath = \"customer.sock\"\nwidth = 160\nheight = 128\n"
    );
    let path = directory.file("board.toml");
    fs::write(&path, text).unwrap();
    Board::load(&path).unwrap()
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn a_board_whose_devices_are_all_missing_opens_and_says_so() {
    let directory = Directory::new();
    let (inbox, incoming) = Inbox::channel();
    let ports = written(&directory, &free_address()).open(inbox);
    assert_eq!(ports.display.as_ref().unwrap().size(), (320, 240));
    assert_eq!(ports.customer.as_ref().unwrap().size(), (160, 128));
    assert_eq!(ports.printer.as_ref().unwrap().width_dots(), 384);
    assert!(ports.devices.lamp.is_some() && ports.devices.buzzer.is_some() && ports.reporter.is_some());
    let mut missing = Vec::new();
    while missing.len() < 4 {
        match incoming.recv_timeout(LIMIT).unwrap() {
            postern::ports::Incoming::Event(postern_heart::event::Event::DeviceChanged {
                device,
                health: Health::Missing,
            }) => missing.push(device),
            other => panic!("{other:?}"),
        }
    }
    missing.sort();
    assert_eq!(missing, [Device::Scanner, Device::Printer, Device::Display, Device::CustomerDisplay]);
}

#[test]
fn the_doctor_says_what_is_missing_and_what_to_do() {
    let directory = Directory::new();
    let board = written(&directory, &free_address());
    fs::write(directory.file("cashier.sock"), "no socket").unwrap();
    let findings = examine(&board);
    let works: Vec<_> = findings.iter().map(|finding| (finding.part.as_str(), finding.works)).collect();
    assert_eq!(
        works,
        [("scanner", false), ("printer", false), ("display", false), ("customer display", true)]
    );
    assert!(findings[0].says.contains("scanner at 9600 baud"), "{:?}", findings[0]);
    assert!(findings.iter().all(|finding| finding.works == finding.to_do.is_empty()), "{findings:?}");
    assert!(!directory.file("customer.sock").exists(), "it was only tried");
}

#[test]
fn the_doctor_finds_what_works_and_asks_the_printer() {
    let directory = Directory::new();
    let printer = TestPrinter::new(Fault::default());
    let board = written(&directory, &printer.address.to_string());
    let (_scanner, ours) = pair();
    std::os::unix::fs::symlink(ours.name().unwrap(), directory.file("scanner")).unwrap();
    drop(UnixListener::bind(directory.file("cashier.sock")).unwrap());
    assert!(examine(&board).iter().all(|finding| finding.works), "{:?}", examine(&board));

    printer.state().fault.bits = [0x08, 0x20, 0, 0x60];
    let finding = examine(&board).remove(1);
    assert_eq!((finding.works, finding.says.as_str()), (false, "the paper is out"));
    assert_eq!(finding.to_do, "put in a new roll");

    let (inbox, incoming) = Inbox::channel();
    let _running = board.clone().open(inbox);
    incoming.recv_timeout(LIMIT).unwrap();
    crate::drivers_printer_help::wait_until(&printer, |_| directory.file("cashier.sock").exists());
    let findings = examine(&board);
    assert!(findings[2].works && findings[2].says.contains("a terminal is running"), "{findings:?}");
}
