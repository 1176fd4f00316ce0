//! What cashier and customer see: golden pictures of every screen and every paper, and codes that are read back.
//!
//! A picture that differs is written beside the expected one under `target/look/`, with the way to accept it. The page
//! `target/look/index.html` shows all of them at once.

pub(crate) mod pictures;
pub(crate) mod samples;

use std::collections::{BTreeMap, BTreeSet};

use embedded_graphics::prelude::{OriginDimensions, Point, Size};
use postern::frame::Frame;
use postern::look::{Keypad, Look};
use postern::paper;
use postern::ui;
use postern_heart::ask::OrderCode;
use postern_heart::event::Key;
use postern_heart::screen::{CodeState, Collecting, CustomerScreen, Screen};
use postern_heart::settings::Language;

use pictures::Gallery;
use samples::look;

const CASHIER_SIZES: [(u32, u32); 2] = [(800, 480), (480, 320)];
const LANGUAGES: [(Language, &str); 2] = [(Language::English, "en"), (Language::Chinese, "zh")];

fn cashier(look: &Look, view: &postern_heart::screen::View, (width, height): (u32, u32)) -> Frame {
    let mut frame = Frame::new(width, height);
    let cut = ui::draw_cashier(view, look, &mut frame);
    assert!(cut.is_empty(), "{cut:?} had to be cut at {width}x{height} in {:?}", view.cashier);
    frame
}

fn customer(look: &Look, screen: &CustomerScreen, (width, height): (u32, u32)) -> Frame {
    let mut frame = Frame::new(width, height);
    let cut = ui::draw_customer(screen, look, &mut frame);
    assert_eq!(cut, Vec::<String>::new(), "texts were cut at {width}x{height}");
    frame
}

#[test]
fn every_cashier_screen_looks_as_it_was_accepted_in_both_languages_and_sizes() {
    let look = look(Keypad::OnScreen);
    let mut gallery = Gallery::open("cashier");
    for size in CASHIER_SIZES {
        for (language, short) in LANGUAGES {
            for (name, view) in samples::views(language) {
                gallery.frame(&format!("{name}-{short}-{}x{}", size.0, size.1), &cashier(&look, &view, size));
            }
        }
    }
    // A large panel is the same design, only larger: a few of its pictures show it.
    for (name, view) in samples::views(Language::English) {
        let large = cashier(&look, &view, (1280, 800));
        if ["amount-typed", "collecting-code", "not-paid", "recent"].contains(&name) {
            gallery.frame(&format!("{name}-en-1280x800"), &large);
        }
    }
    gallery.close();
}

#[test]
fn screens_for_keys_beside_the_display_look_as_they_were_accepted() {
    let look = look(Keypad::Beside);
    let mut gallery = Gallery::open("beside");
    for (language, short) in LANGUAGES {
        for (name, view) in samples::views(language) {
            if ["amount-typed", "pin", "clock", "collecting-scan", "paid-late"].contains(&name) {
                gallery.frame(&format!("{name}-{short}-800x480"), &cashier(&look, &view, (800, 480)));
                gallery.frame(&format!("{name}-{short}-480x320"), &cashier(&look, &view, (480, 320)));
            }
        }
    }
    gallery.close();
}

#[test]
fn every_customer_screen_looks_as_it_was_accepted() {
    let look = look(Keypad::OnScreen);
    let mut gallery = Gallery::open("customer");
    for size in [(480, 480), (800, 480), (480, 320)] {
        for (name, screen) in samples::customer_screens() {
            gallery.frame(&format!("{name}-{}x{}", size.0, size.1), &customer(&look, &screen, size));
        }
    }
    gallery.close();
}

#[test]
fn every_code_on_a_display_is_read_back_by_another_projects_decoder() {
    let look = look(Keypad::OnScreen);
    for text in [samples::ORDER_CODE, samples::LONG_ORDER_CODE, "8", samples::ORDER_ID] {
        for size in [(800, 480), (480, 320), (1280, 800)] {
            let view = samples::collecting_with_code(Language::English, text);
            assert_eq!(pictures::decode_frame(&cashier(&look, &view, size)), [text], "cashier {size:?}");
        }
        for size in [(480, 480), (480, 320), (320, 480), (800, 480)] {
            let screen = samples::customer_with_code(text);
            assert_eq!(pictures::decode_frame(&customer(&look, &screen, size)), [text], "customer {size:?}");
        }
    }
}

#[test]
fn a_display_without_a_code_shows_nothing_that_a_phone_could_read() {
    let look = look(Keypad::OnScreen);
    for (name, view) in samples::views(Language::Chinese) {
        let shows_code = matches!(
            &view.cashier,
            Screen::Collecting(Collecting { code: CodeState::Shown(_), .. }) | Screen::ShopCode(_)
        );
        assert_eq!(
            pictures::decode_frame(&cashier(&look, &view, (800, 480))).is_empty(),
            !shows_code,
            "{name}"
        );
    }
}

#[test]
fn the_last_kilobyte_of_an_order_code_is_still_drawn_or_said_to_be_cut() {
    let look = look(Keypad::OnScreen);
    let mut frame = Frame::new(480, 480);
    let text = "https://qr.example/".to_owned() + &"x".repeat(900);
    let cut = ui::draw_customer(&samples::customer_with_code(&text), &look, &mut frame);
    assert!(!cut.is_empty() || pictures::decode_frame(&frame) == [text]);
}

#[test]
fn every_paper_looks_as_it_was_accepted_in_both_widths() {
    let look = look(Keypad::OnScreen);
    let mut gallery = Gallery::open("paper");
    for width in [576, 384] {
        for (name, receipt) in samples::receipts() {
            gallery.raster(&format!("{name}-{width}"), &paper::raster(&receipt, &look, width));
        }
        let sign = paper::counter_sign(&OrderCode(samples::SHOP_CODE.into()), &look, width);
        assert_eq!(pictures::decode_raster(&sign), [samples::SHOP_CODE], "{width}");
        gallery.raster(&format!("counter-sign-{width}"), &sign);
    }
    gallery.close();
}

#[test]
fn every_paper_has_one_code_its_order_id_or_what_is_to_be_paid_and_its_modules_are_half_a_millimetre() {
    let look = look(Keypad::OnScreen);
    for width in [576, 384] {
        for (name, receipt) in samples::receipts() {
            let raster = paper::raster(&receipt, &look, width);
            assert_eq!(pictures::decode_raster(&raster), [samples::code_on(&receipt)], "{name} {width}");
        }
    }
}

#[test]
fn a_paper_is_white_at_its_edges_and_not_longer_than_a_hand() {
    let look = look(Keypad::OnScreen);
    for width in [576, 384] {
        for (name, receipt) in samples::receipts() {
            let raster = paper::raster(&receipt, &look, width);
            for y in 0..raster.height() {
                assert!(
                    !(0..4).any(|x| raster.is_black(x, y) || raster.is_black(width - 1 - x, y)),
                    "{name} {y}"
                );
            }
            assert!(raster.height() < 200 * 8, "{name}: {} dots", raster.height());
        }
    }
}

/// Walks over every tenth pixel and collects the keys that touches stand for.
fn reachable(look: &Look, view: &postern_heart::screen::View, size: Size) -> Vec<Vec<Key>> {
    let mut found: Vec<Vec<Key>> = Vec::new();
    for y in (0..size.height as i32).step_by(8) {
        for x in (0..size.width as i32).step_by(8) {
            let keys = ui::keys_at(view, look.keypad, size, Point::new(x, y));
            if !keys.is_empty() && !found.contains(&keys) {
                found.push(keys);
            }
        }
    }
    found
}

#[test]
fn an_amount_can_be_typed_by_touch_alone() {
    let look = look(Keypad::OnScreen);
    for (width, height) in CASHIER_SIZES {
        let found = reachable(&look, &samples::view(Language::English, "amount"), Size::new(width, height));
        let digits = (0..=9).map(Key::Digit);
        let others = [Key::Point, Key::DoubleZero, Key::Enter, Key::Clear, Key::Menu, Key::Down];
        for key in digits.chain(others) {
            assert!(found.contains(&vec![key]), "{key:?} at {width}x{height}");
        }
    }
}

#[test]
fn every_screen_that_waits_for_a_person_can_be_left_by_touch() {
    let look = look(Keypad::OnScreen);
    for (name, view) in samples::views(Language::English) {
        let helpless = matches!(
            view.cashier,
            Screen::Cancelling { scan_waits: false, may_park: false, .. } | Screen::OutOfService(_)
        );
        let waits = !helpless;
        let found = reachable(&look, &view, Size::new(480, 320));
        assert_eq!(!found.is_empty(), waits, "{name}");
    }
}

#[test]
fn no_target_is_smaller_than_a_finger() {
    const STEP: usize = 4;
    let look = look(Keypad::OnScreen);
    for (width, height) in [(800, 480), (480, 320)] {
        for (name, view) in samples::views(Language::English) {
            let mut areas = BTreeMap::<String, (BTreeSet<i32>, BTreeSet<i32>)>::new();
            for y in (0..height as i32).step_by(STEP) {
                for x in (0..width as i32).step_by(STEP) {
                    let keys = ui::keys_at(&view, look.keypad, Size::new(width, height), Point::new(x, y));
                    if !keys.is_empty() {
                        let (columns, rows) = areas.entry(format!("{keys:?}")).or_default();
                        columns.insert(x);
                        rows.insert(y);
                    }
                }
            }
            for (keys, (columns, rows)) in areas {
                let size = (columns.len() * STEP, rows.len() * STEP);
                assert!(size.0 >= 52 && size.1 >= 44, "{name} {width}x{height} {keys} {size:?}");
            }
        }
    }
}

#[test]
fn drawing_again_changes_nothing_so_that_only_what_changed_is_sent() {
    let look = look(Keypad::OnScreen);
    let mut view = samples::collecting_with_code(Language::Chinese, samples::ORDER_CODE);
    let first = cashier(&look, &view, (800, 480));
    assert_eq!(cashier(&look, &view, (800, 480)).diff(&first), None);
    if let Screen::Collecting(collecting) = &mut view.cashier {
        collecting.seconds_left = collecting.seconds_left.map(|left| left - 1);
    }
    let second = cashier(&look, &view, (800, 480));
    let dirty = second.diff(&first).unwrap();
    let whole = second.size();
    assert!(dirty.size.width * dirty.size.height * 20 < whole.width * whole.height, "{dirty:?}");
}

#[test]
fn a_clumsy_shop_with_a_very_long_name_and_strange_ids_is_still_drawn() {
    let mut look = look(Keypad::OnScreen);
    look.sign.english = "The Extraordinarily Long Named Noodle and Congee Company (Hong Kong) Limited".into();
    look.sign.chinese = "𨋢\u{E000}冇咁長嘅店名我哋真係未見過㗎喎".repeat(4);
    for (_, view) in samples::views(Language::Chinese) {
        let mut frame = Frame::new(480, 320);
        ui::draw_cashier(&view, &look, &mut frame);
    }
    for size in [(480, 480), (0, 0), (1, 1), (40, 30), (3000, 10)] {
        for (_, screen) in samples::customer_screens() {
            ui::draw_customer(&screen, &look, &mut Frame::new(size.0, size.1));
        }
        for (_, view) in samples::views(Language::English) {
            ui::draw_cashier(&view, &look, &mut Frame::new(size.0, size.1));
        }
    }
}

#[test]
fn a_typed_amount_offers_the_order_code_and_no_point_where_none_can_be_typed() {
    let look = look(Keypad::OnScreen);
    for (width, height) in CASHIER_SIZES {
        let found =
            |name| reachable(&look, &samples::view(Language::English, name), Size::new(width, height));
        assert!(found("amount-typed").contains(&vec![Key::Qr]), "at {width}x{height}");
        let in_cents = found("amount-cents");
        assert!(!in_cents.contains(&vec![Key::Point]) && !in_cents.contains(&vec![Key::Qr]));
        assert!(in_cents.contains(&vec![Key::DoubleZero]));
    }
}
