//! The phone's camera: it knows what a display says only by looking at the picture.

use super::panel::Frame;

/// Finds a QR code in the picture and reads it.
pub(crate) fn look(frame: &Frame) -> Option<String> {
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    let grey = |x: usize, y: usize| frame.pixels.get(y * width + x).map_or(0, |pixel| brightness(*pixel));
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    picture.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
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

    #[test]
    fn a_display_without_a_code_says_nothing() {
        assert_eq!(look(&Frame::dark(480, 480)), None);
    }

    #[test]
    fn white_is_bright_and_black_is_dark() {
        assert_eq!((brightness(0xFFFF), brightness(0)), (255, 0));
    }
}
