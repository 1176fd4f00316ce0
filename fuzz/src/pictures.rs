//! Order codes that come as pictures or as texts: what is drawn is what was told, and a picture costs no more than its limits.
//!
//! The first byte of the input says what the rest is: a picture, the address of one, or the text of a code for the
//! display or for paper. How much memory a
//! picture may take, libFuzzer's limit watches (`scripts/fuzz.sh`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use png::{BitDepth, ColorType, Compression, Encoder};
use postern::acquirer::picture::{PICTURE_BYTES_MAX, content_of, data_of};
use postern::acquirer::wire::order_code;
use postern::qr::{Correction, Modules, QUIET_ZONE};

use super::{Property, chosen};

/// See [`hold`].
pub const PROPERTY: Property = Property { name: "pictures", seeds, holds: hold };

const TEXT: &str = "https://qr.example/28?x=1";

fn seeds() -> Vec<Vec<u8>> {
    let drawn = drawn(&Modules::encode(TEXT, Correction::Display).unwrap());
    let jpeg = include_bytes!("../../tests/it/data/order_code.jpg");
    let address = format!("data:image/png;base64,{}", STANDARD.encode(&drawn));
    let texts = [TEXT, "00020101021126230011hk.com.upas0104S00153033445802HK", "奶茶 x2", "A", "0123456789"];
    let mut seeds =
        vec![[&[0], &drawn[..]].concat(), [&[0], &jpeg[..]].concat(), [b"\x01", address.as_bytes()].concat()];
    // The largest that is read, and one that is larger.
    seeds.extend([1200, 1201].map(|side| [&[0], &blank(side)[..]].concat()));
    seeds.extend(texts.map(|text| [b"\x02", text.as_bytes()].concat()));
    seeds.extend(texts.map(|text| [b"\x03", text.as_bytes()].concat()));
    seeds
}

fn hold(bytes: &[u8]) {
    let [what, rest @ ..] = bytes else { return };
    chosen(&[picture, address, on_display, on_paper], *what)(rest);
}

/// What is read in a picture and can be drawn is read again in what is drawn of it.
fn picture(bytes: &[u8]) {
    if let Some(content) = content_of(bytes) {
        on_display(content.as_bytes());
    }
    let inline = data_of(&format!("data:;base64,{}", STANDARD.encode(bytes)));
    let fits = bytes.len() <= PICTURE_BYTES_MAX;
    assert_eq!(inline, Some(fits.then(|| bytes.to_vec())));
}

/// An address gives no more bytes than a picture may have, and only a `data:` address gives any.
fn address(bytes: &[u8]) {
    let Ok(address) = str::from_utf8(bytes) else { return };
    let data = address.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    match data_of(address) {
        None => assert!(!data),
        Some(None) => assert!(data),
        Some(Some(bytes)) => {
            assert!(data && bytes.len() <= PICTURE_BYTES_MAX);
            content_of(&bytes);
        }
    }
}

fn on_display(bytes: &[u8]) {
    reads_as_it_was_told(bytes, Correction::Display);
}

fn on_paper(bytes: &[u8]) {
    reads_as_it_was_told(bytes, Correction::Paper);
}

/// Whatever the acquirer has drawn as an order code, another project's decoder reads as the same text.
fn reads_as_it_was_told(bytes: &[u8], correction: Correction) {
    let Some(code) = str::from_utf8(bytes).ok().and_then(order_code) else { return };
    let modules = Modules::encode(&code.0, correction).expect("an order code that can't be drawn");
    assert_eq!(content_of(&drawn(&modules)), Some(code.0));
}

/// The code as a PNG with its quiet zone, in whole pixels.
fn drawn(modules: &Modules) -> Vec<u8> {
    const MODULE: u32 = 3;
    let side = modules.whole_side() * MODULE;
    let mut pixels = vec![u8::MAX; (side * side) as usize];
    for (column, row, length) in modules.runs() {
        let from = (QUIET_ZONE + column) * MODULE;
        for y in (QUIET_ZONE + row) * MODULE..(QUIET_ZONE + row + 1) * MODULE {
            pixels[(y * side + from) as usize..][..(length * MODULE) as usize].fill(0);
        }
    }
    png(side, ColorType::Grayscale, &pixels)
}

/// A square with nothing on it, in four bytes a pixel.
fn blank(side: u32) -> Vec<u8> {
    png(side, ColorType::Rgba, &vec![u8::MAX; (side * side * 4) as usize])
}

fn png(side: u32, color: ColorType, pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, side, side);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header().expect("could not write a picture's head");
    writer.write_image_data(pixels).expect("could not write a picture");
    writer.finish().expect("could not end a picture");
    file
}
