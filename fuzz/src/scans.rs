//! A scanner's bytes: what becomes of them depends on nothing but the bytes and the silences between them.
//!
//! One byte of the input, [`SILENCE`], stands for a silence that ends a scan.

use postern::drivers::serial_scanner::framing::{Framing, SCAN_BYTES_MAX, Scan, Unreadable};
use postern_heart::code::{NotACode, PAYMENT_CODE_MAX, PAYMENT_CODE_MIN, PaymentCode, Scanned};
use postern_heart::ids::TerminalId;

use super::Property;

/// See [`hold`].
pub const PROPERTY: Property = Property { name: "scans", seeds, holds: hold };

/// A control character that no scanner sends.
const SILENCE: u8 = 0x16;

fn seeds() -> Vec<Vec<u8>> {
    let longest = [[b'7'; SCAN_BYTES_MAX].as_slice(), b"\r"].concat();
    let too_long = [[b'7'; SCAN_BYTES_MAX + 1].as_slice(), b"\r28\r"].concat();
    let examples: [&[u8]; 9] = [
        b"\r281234567890123456\r",
        b"67890\x16281234567890123456\x16",
        b"\n]Q1https://qr.example/28?x=1\r\n]C0281234567890123456\r\n",
        b"\t130012345678901234\t6212345678901234567\t",
        b"\rHK01-00004C-7KQ2M9XD\r",
        b"\r00020101021126230011hk.com.upas0104S001520458125303344\r",
        "\r奶茶\r\u{85}\r".as_bytes(),
        b"\r28\x0012\r28\xff\xfe\r]Q1\r\r",
        b"\r2812345678901234567890123456789012\r281234567890123\r",
    ];
    examples.iter().map(|bytes| bytes.to_vec()).chain([longest, too_long]).collect()
}

/// Scans are what stands between terminators and silences, whole or not at all; a payment code is made of nothing but the
/// digits that were scanned, as many as the contract has; a receipt's code is never taken for one.
fn hold(bytes: &[u8]) {
    let mut framing = Framing::new();
    let scans: Vec<Scan> = bytes
        .iter()
        .filter_map(|byte| if *byte == SILENCE { framing.silence() } else { framing.push(*byte) })
        .collect();
    let ended = |byte: &u8| matches!(*byte, b'\r' | b'\n' | b'\t' | SILENCE);
    let lines: Vec<&[u8]> = bytes.split(ended).collect();
    // What stands before the first end may have begun before the line was opened, and the last has not ended.
    let whole = lines.get(1..lines.len() - 1).unwrap_or_default();
    let expected: Vec<Scan> = whole.iter().filter_map(|line| scan(line)).collect();
    assert_eq!(scans, expected);
    assert_eq!(framing.is_open(), lines.len() == 1 || !lines[lines.len() - 1].is_empty());
    for scan in &scans {
        match scan {
            Scan::Text { text, .. } => payment_code(text),
            Scan::Unreadable(_) => {}
        }
    }
}

/// The scan that a whole line is.
fn scan(line: &[u8]) -> Option<Scan> {
    if line.len() > SCAN_BYTES_MAX {
        return Some(Scan::Unreadable(Unreadable::TooLong));
    }
    let named = line.len() >= 3
        && line[0] == b']'
        && line[1].is_ascii_alphabetic()
        && line[2].is_ascii_alphanumeric();
    let (symbology, content) =
        if named { (Some([line[1] as char, line[2] as char]), &line[3..]) } else { (None, line) };
    if content.is_empty() {
        return None;
    }
    Some(match String::from_utf8(content.to_vec()) {
        Ok(text) if text.chars().all(|c| !c.is_control()) => {
            Scan::Text { text: Scanned::new(text), symbology }
        }
        _ => Scan::Unreadable(Unreadable::NotText),
    })
}

fn payment_code(scan: &Scanned) {
    let text = scan.reveal();
    let terminal = TerminalId::parse("HK01").unwrap();
    let read = PaymentCode::read(scan, terminal);
    if let Some(id) = PaymentCode::receipt(scan) {
        assert_eq!(id.as_str(), text);
        assert_eq!(read, Err(NotACode::ReceiptCode));
    }
    let length = text.len();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match read {
        Ok(code) => {
            assert_eq!(code.reveal(), text);
            assert!(digits && (PAYMENT_CODE_MIN..=PAYMENT_CODE_MAX).contains(&length));
            assert_eq!(code.masked().0, format!("…{}", &text[length - 4..]));
            assert!(!format!("{code:?} {scan:?}").contains(text));
        }
        Err(NotACode::TooShort) => assert!(digits && length < PAYMENT_CODE_MIN),
        Err(NotACode::TooLong) => assert!(digits && length > PAYMENT_CODE_MAX),
        Err(NotACode::OtherWallet(_)) => assert!(digits && matches!(length, 18 | 19)),
        Err(NotACode::ShopCode) => assert!(text.starts_with("000201") && length > PAYMENT_CODE_MAX),
        Err(NotACode::NotDigits | NotACode::OrderCode) => assert!(!digits),
        Err(NotACode::ReceiptCode) => assert!(text.contains('-')),
        Err(NotACode::Empty) => panic!("an empty line was a scan"),
    }
}
