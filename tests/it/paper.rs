//! Paper with what a shop is not likely to have: the longest of everything, missing characters, odd widths.
//!
//! The pictures of ordinary papers are with those of the screens, in `look`.

use postern::look::{Keypad, Look};
use postern::paper;
use postern::raster::Raster;
use postern_heart::ids::OrderId;
use postern_heart::money::{Amount, Currency};
use postern_heart::receipt::Receipt;

use crate::look::{pictures, samples};

const WIDTHS: [u32; 2] = [384, 576];

fn look() -> Look {
    samples::look(Keypad::OnScreen)
}

/// The columns that hold ink: the first, and the one after the last.
fn inked_columns(paper: &Raster) -> (u32, u32) {
    let inked = |x: &u32| (0..paper.height()).any(|y| paper.is_black(*x, y));
    let first = (0..paper.width()).find(inked).unwrap();
    let last = (0..paper.width()).rfind(inked).unwrap();
    (first, last + 1)
}

fn is_white_below(paper: &Raster, y: u32) -> bool {
    (y..paper.height()).all(|y| (0..paper.width()).all(|x| !paper.is_black(x, y)))
}

/// Everything as long as it can be.
fn longest(receipt: Receipt) -> Receipt {
    Receipt {
        id: OrderId::parse("TERMINAL-ZZZZZZZZZZZZZ-MMMMMMMMM").unwrap(),
        cancel: OrderId::parse("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"),
        amount: Amount::new(u64::MAX, Currency::parse("MOP").unwrap()),
        ..receipt
    }
}

fn clumsy_look() -> Look {
    let mut look = look();
    look.sign.english = "The Extraordinarily Long Named Noodle and Congee Company (Hong Kong) Limited".into();
    look.sign.chinese = "𨋢冇咁長嘅店名我哋真係未見過㗎喎".repeat(3);
    look.sign.head.push("https://www.theextraordinarilylongnamednoodleandcongeecompany.example/shops".into());
    look.sign.terminal = "MMMMMMMM".into();
    look
}

#[test]
fn nothing_reaches_the_edges_however_long_names_ids_and_amounts_are() {
    for look in [look(), clumsy_look()] {
        for (name, receipt) in samples::receipts() {
            for receipt in [receipt.clone(), longest(receipt)] {
                for width in WIDTHS {
                    let paper = paper::raster(&receipt, &look, width);
                    let (first, end) = inked_columns(&paper);
                    assert!(first >= 8 && end <= width - 8, "{name} at {width}: ink from {first} to {end}");
                    assert!(is_white_below(&paper, paper.height() - 8), "{name} at {width}");
                    let code = samples::code_on(&receipt);
                    assert_eq!(pictures::decode_raster(&paper), [code], "{name} at {width}");
                }
            }
        }
    }
}

#[test]
fn an_ordinary_receipt_takes_no_more_than_14_cm_of_paper() {
    const DOTS_PER_CM: u32 = 80;
    let (_, receipt) = samples::receipts().swap_remove(0);
    for width in WIDTHS {
        let paper = paper::raster(&receipt, &look(), width);
        assert!(paper.height() <= 14 * DOTS_PER_CM, "{width}: {} dots", paper.height());
    }
}

#[test]
fn a_character_that_no_face_has_is_seen_to_be_missing() {
    let named = |name: &str| {
        let mut look = look();
        look.sign.chinese = name.into();
        paper::raster(&samples::receipts()[0].1, &look, 384)
    };
    let (missing, blank) = (named("\u{E000}"), named("\u{3000}\u{200B}"));
    let box_rows = (8..60).filter(|&y| (172..212).any(|x| missing.is_black(x, y))).count();
    assert!(box_rows > 30, "{box_rows} rows of the box");
    assert_ne!(missing, blank);
}

#[test]
fn paper_of_any_width_is_drawn_without_failing() {
    for width in [0, 1, 7, 40, 200, 832] {
        for (_, receipt) in samples::receipts() {
            assert_eq!(paper::raster(&receipt, &look(), width).width(), width);
        }
    }
}
