//! What a panel says: every message is what its bytes say, and nothing else is one.

use std::io::{self, Read};

use postern::drivers::panel::wire::{self, Said};
use postern_heart::event::Key;

use super::Property;

/// See [`hold`].
pub const PROPERTY: Property = Property { name: "panels", seeds, holds: hold };

fn seeds() -> Vec<Vec<u8>> {
    let keys: Vec<u8> = ["7", "00", ".", "enter", "clear", "stop", "qr", "menu", "up", "down"]
        .iter()
        .flat_map(|name| message(b'K', name.as_bytes()))
        .collect();
    let touches = [message(b'P', &[10, 0, 44, 1]), message(b'P', &[0xFF; 4])].concat();
    vec![keys, touches, message(b'K', b"launch"), b"K\xff\xff\xff\xff".to_vec(), b"F\x01\0\0\x50".to_vec()]
}

/// What is read, written again, is the bytes that it was read from; and how they come in pieces makes no difference.
fn hold(bytes: &[u8]) {
    let mut rest = bytes;
    let mut in_pieces = InPieces { rest: bytes, interrupted: false };
    loop {
        let before = rest;
        let said = wire::read(&mut rest);
        let said_in_pieces = wire::read(&mut in_pieces);
        match (said, said_in_pieces) {
            (Ok(Some(said)), Ok(Some(again))) => {
                assert_eq!(said, again);
                assert_eq!(written(said), before[..before.len() - rest.len()]);
            }
            (Ok(None), Ok(None)) => return assert!(before.is_empty()),
            (Err(one), Err(other)) => return assert_eq!(one.to_string(), other.to_string()),
            (said, again) => panic!("{said:?} at once, {again:?} in pieces"),
        }
    }
}

fn message(kind: u8, payload: &[u8]) -> Vec<u8> {
    [&[kind], &(payload.len() as u32).to_le_bytes()[..], payload].concat()
}

/// The message as `docs/panel.md` has it.
fn written(said: Said) -> Vec<u8> {
    let key = match said {
        Said::Touched { x, y } => {
            let sides = [(x as u16).to_le_bytes(), (y as u16).to_le_bytes()].concat();
            return message(b'P', &sides);
        }
        Said::Pressed(key) => key,
    };
    let name = match key {
        Key::Digit(digit) => &digit.to_string(),
        Key::DoubleZero => "00",
        Key::Letter(letter) => panic!("no panel has the key {letter}"),
        Key::Point => ".",
        Key::Enter => "enter",
        Key::Clear => "clear",
        Key::Stop => "stop",
        Key::Qr => "qr",
        Key::Menu => "menu",
        Key::Up => "up",
        Key::Down => "down",
    };
    message(b'K', name.as_bytes())
}

/// Gives a byte at a time, and is interrupted before each.
struct InPieces<'a> {
    rest: &'a [u8],
    interrupted: bool,
}

impl Read for InPieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let piece = buffer.len().min(1);
        self.rest.read(&mut buffer[..piece])
    }
}
