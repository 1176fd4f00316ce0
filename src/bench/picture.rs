//! PNG pictures of displays, paper and codes.

use png::{BitDepth, ColorType, Compression, Encoder};

use super::panel::Frame;
use super::paper::{DOTS, ROW_BYTES, Row};

/// Light modules around a QR code.
const QUIET: usize = 4;
/// Rows of white that stand for "no paper": a picture must have at least one.
const EMPTY_ROWS: usize = 1;

/// A display's frame.
///
/// # Errors
/// When the frame's size and its pixels disagree.
pub(crate) fn of_frame(frame: &Frame) -> Result<Vec<u8>, png::EncodingError> {
    let rgb: Vec<u8> = frame.pixels.iter().flat_map(|pixel| rgb888(*pixel)).collect();
    encode(usize::from(frame.width), usize::from(frame.height), ColorType::Rgb, BitDepth::Eight, &rgb)
}

/// Paper, black on white.
///
/// # Errors
/// When there is more paper than a picture can hold.
pub(crate) fn of_paper(rows: &[Row]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bits: Vec<u8> = rows.iter().flatten().map(|byte| !byte).collect();
    bits.resize(rows.len().max(EMPTY_ROWS) * ROW_BYTES, 0xFF);
    encode(DOTS, rows.len().max(EMPTY_ROWS), ColorType::Grayscale, BitDepth::One, &bits)
}

/// A QR code, one pixel a module, with its quiet zone; `None` where the text is too long for one.
pub(crate) fn of_code(text: &str) -> Option<Vec<u8>> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).ok()?;
    let side = code.width() + 2 * QUIET;
    let mut grey = vec![0xFF; side * side];
    for (index, module) in code.to_colors().iter().enumerate() {
        let (column, row) = (index % code.width(), index / code.width());
        if let Some(pixel) = grey.get_mut((row + QUIET) * side + column + QUIET) {
            *pixel = module.select(0x00, 0xFF);
        }
    }
    encode(side, side, ColorType::Grayscale, BitDepth::Eight, &grey).ok()
}

fn encode(
    width: usize,
    height: usize,
    color: ColorType,
    depth: BitDepth,
    data: &[u8],
) -> Result<Vec<u8>, png::EncodingError> {
    let too_large = |_| png::EncodingError::LimitsExceeded;
    let (width, height) =
        (u32::try_from(width).map_err(too_large)?, u32::try_from(height).map_err(too_large)?);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(data)?;
    writer.finish()?;
    Ok(file)
}

fn rgb888(pixel: u16) -> [u8; 3] {
    let wide =
        |value: u16, max: u16| u8::try_from(u32::from(value) * 255 / u32::from(max)).unwrap_or(u8::MAX);
    [wide(pixel >> 11, 31), wide(pixel >> 5 & 0x3F, 63), wide(pixel & 0x1F, 31)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_frame_keeps_its_colors() {
        let mut frame = Frame::dark(2, 1);
        frame.pixels = vec![0xF800, 0xFFFF];
        let file = of_frame(&frame).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut rgb = vec![0; 6];
        reader.next_frame(&mut rgb).unwrap();
        assert_eq!(rgb, [255, 0, 0, 255, 255, 255]);
    }

    #[test]
    fn no_paper_is_still_a_picture() {
        assert!(of_paper(&[]).is_ok());
    }
}
