//! The phone's camera: it knows what a display or a paper says only by looking at it.

use super::panel::Frame;
use super::paper::{DOTS, Row};

/// Finds a QR code in the picture and reads it.
pub(crate) fn look(frame: &Frame) -> Option<String> {
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    let grey = |x: usize, y: usize| frame.pixels.get(y * width + x).map_or(0, |pixel| brightness(*pixel));
    read(width, height, grey)
}

/// Finds the lowest QR code on a paper and reads it: what was printed last comes last.
pub(crate) fn look_at_paper(rows: &[Row]) -> Option<String> {
    let black = |x: usize, y: usize| {
        rows.get(y).and_then(|row| row.get(x / 8)).is_some_and(|byte| byte >> (7 - x % 8) & 1 == 1)
    };
    read(DOTS, rows.len(), |x, y| if black(x, y) { 0 } else { u8::MAX })
}

fn read(width: usize, height: usize, grey: impl Fn(usize, usize) -> u8) -> Option<String> {
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let mut grids = picture.detect_grids();
    grids.sort_by_key(|grid| grid.bounds.iter().map(|corner| -corner.y).min());
    grids.iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

/// How bright an RGB565 pixel looks.
fn brightness(pixel: u16) -> u8 {
    let (red, green, blue) = (u32::from(pixel >> 11), u32::from(pixel >> 5 & 0x3F), u32::from(pixel & 0x1F));
    let sum = red * 255 / 31 * 299 + green * 255 / 63 * 587 + blue * 255 / 31 * 114;
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    /// A picture with a code drawn into it, `scale` pixels a module, dark blue on off-white.
    fn picture_of(text: &str, scale: usize) -> Frame {
        let code = qrcode::QrCode::new(text).unwrap();
        let modules = code.to_colors();
        let mut frame = Frame::dark(480, 480);
        frame.pixels.fill(0xF79E);
        for (index, module) in modules.iter().enumerate() {
            let (column, row) = (index % code.width(), index / code.width());
            for pixel in 0..scale * scale {
                let (x, y) = (60 + column * scale + pixel % scale, 90 + row * scale + pixel / scale);
                frame.pixels[y * 480 + x] = module.select(0x0008, 0xF79E);
            }
        }
        frame
    }

    #[test]
    fn a_code_is_read_from_the_pixels() {
        let text = "https://pay.example/order/HK01-00004C-7KQ2M9XD";
        assert_eq!(look(&picture_of(text, 8)).as_deref(), Some(text));
    }

    /// A paper with these codes one below the other.
    fn paper_of(texts: &[&str]) -> Vec<Row> {
        let mut rows = Vec::new();
        for text in texts {
            let code = qrcode::QrCode::new(text).unwrap();
            rows.extend([crate::bench::paper::BLANK; 60]);
            for y in 0..code.width() * 5 {
                let mut row = crate::bench::paper::BLANK;
                for x in (0..code.width() * 5).filter(|x| code[(x / 5, y / 5)] == qrcode::Color::Dark) {
                    row[(100 + x) / 8] |= 0x80 >> ((100 + x) % 8);
                }
                rows.push(row);
            }
        }
        rows.extend([crate::bench::paper::BLANK; 60]);
        rows
    }

    #[test]
    fn of_all_codes_on_a_paper_the_last_one_is_read() {
        let texts = ["https://pay.example/1", "https://pay.example/2"];
        assert_eq!(look_at_paper(&paper_of(&texts)).as_deref(), Some(texts[1]));
        assert_eq!(look_at_paper(&[]), None);
    }

    #[test]
    fn a_display_without_a_code_says_nothing() {
        assert_eq!(look(&Frame::dark(480, 480)), None);
    }

    #[test]
    fn white_is_bright_and_black_is_dark() {
        assert_eq!((brightness(0xFFFF), brightness(0)), (255, 0));
    }
}
