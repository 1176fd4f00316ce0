//! QR codes as modules, for screens and paper.
//!
//! The smallest version that the text fits in: the fewer modules, the larger each one, and the farther away a phone
//! reads it. Drawing (whole pixels, quiet zone, black on white) is the screen's and the paper's.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

/// The white border that a reader needs, in modules.
pub const QUIET_ZONE: u32 = 4;

/// How much of a code may be unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// About 15 %: on a display, which has no scratches.
    Display,
    /// About 25 %: on thermal paper, which is folded and fades.
    Paper,
}

/// A square of modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    side: u32,
    dark: Vec<bool>,
}

impl Modules {
    /// Encodes a text; `None` where it is too long for any QR code.
    pub fn encode(text: &str, correction: Correction) -> Option<Modules> {
        let level = match correction {
            Correction::Display => EcLevel::M,
            Correction::Paper => EcLevel::Q,
        };
        let code = match text.is_ascii() {
            true => QrCode::with_error_correction_level(text, level).ok()?,
            false => (1..=40).find_map(|version| as_bytes(text, Version::Normal(version), level))?,
        };
        let side = u32::try_from(code.width()).ok()?;
        Some(Modules {
            side,
            dark: code.into_colors().into_iter().map(|color| color == Color::Dark).collect(),
        })
    }

    /// Says how many modules a side has, without the quiet zone.
    pub fn side(&self) -> u32 {
        self.side
    }

    /// Says how many modules a side has with the quiet zone.
    pub fn whole_side(&self) -> u32 {
        self.side + 2 * QUIET_ZONE
    }

    /// Gives runs of dark modules: column, row, and how many lie side by side.
    pub fn runs(&self) -> impl Iterator<Item = (u32, u32, u32)> {
        self.dark.chunks_exact(self.side.max(1) as usize).enumerate().flat_map(|(row, modules)| {
            let mut column = 0;
            modules.chunk_by(|left, right| left == right).filter_map(move |run| {
                let start = column;
                column += run.len();
                run.first().is_some_and(|dark| *dark).then_some((start as u32, row as u32, run.len() as u32))
            })
        })
    }
}

/// A code that holds the text as UTF-8 bytes, where it fits into this version.
///
/// The encoder's own choice may be "Kanji mode" where the bytes are also pairs of Shift JIS; readers then show those.
fn as_bytes(text: &str, version: Version, level: EcLevel) -> Option<QrCode> {
    let mut bits = Bits::new(version);
    bits.push_byte_data(text.as_bytes()).ok()?;
    bits.push_terminator(level).ok()?;
    QrCode::with_bits(bits, level).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn an_order_id_fits_a_small_code_even_on_paper() {
        assert_eq!(Modules::encode("HK01-00004C-7KQ2M9XD", Correction::Paper).unwrap().side(), 25);
    }

    #[test]
    fn runs_cover_exactly_the_dark_modules() {
        let modules = Modules::encode("https://qr.example/281666040092278", Correction::Display).unwrap();
        let mut drawn = vec![false; modules.dark.len()];
        for (x, y, length) in modules.runs() {
            drawn[(y * modules.side + x) as usize..][..length as usize].fill(true);
        }
        assert_eq!(drawn, modules.dark);
    }

    /// The bytes of some Chinese words are also pairs of Shift JIS, which is what a code's "Kanji mode" holds. It is denser,
    /// so the encoder chose it, and a phone then showed other characters than the ones that were told. As plain bytes these
    /// 15 do not fit into the smallest code, and that is how the two can be told apart.
    #[test]
    fn chinese_text_stands_in_a_code_as_bytes() {
        assert_eq!(Modules::encode("商品商品商", Correction::Display).unwrap().side(), 25);
        assert_eq!(Modules::encode("商品商品", Correction::Display).unwrap().side(), 21);
    }

    #[test]
    fn a_text_that_no_code_holds_is_refused() {
        assert_eq!(Modules::encode(&"x".repeat(4000), Correction::Paper), None);
    }
}
