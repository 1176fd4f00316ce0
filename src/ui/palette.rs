//! The colours: calm ground, dark ink, one accent, and a tone for each kind of news.
//!
//! No meaning is in a colour alone: shape and word say the same.

use embedded_graphics::pixelcolor::Rgb565;

/// Cuts a web colour down to what the frame holds.
const fn rgb(hex: u32) -> Rgb565 {
    Rgb565::new((hex >> 19) as u8 & 31, (hex >> 10) as u8 & 63, (hex >> 3) as u8 & 31)
}

pub(super) const WHITE: Rgb565 = rgb(0xFF_FF_FF);
pub(super) const BLACK: Rgb565 = rgb(0x00_00_00);
/// Behind everything.
pub(super) const GROUND: Rgb565 = rgb(0xEF_F3_F7);
/// Text.
pub(super) const INK: Rgb565 = rgb(0x10_16_20);
/// Text that explains.
pub(super) const SOFT: Rgb565 = rgb(0x52_5C_6B);
/// Edges and rules.
pub(super) const LINE: Rgb565 = rgb(0xCB_D1_D9);
/// What to press next.
pub(super) const ACCENT: Rgb565 = rgb(0x17_4E_A6);
/// The strip, and what is between two states.
pub(super) const NIGHT: Rgb565 = rgb(0x1B_24_33);

/// A ground and the ink on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Tone {
    pub(super) ground: Rgb565,
    pub(super) ink: Rgb565,
}

/// Something goes on.
pub(super) const BUSY: Tone = Tone { ground: ACCENT, ink: WHITE };
/// Money came in.
pub(super) const GOOD: Tone = Tone { ground: rgb(0x0B_7A_44), ink: WHITE };
/// No money came in.
pub(super) const BAD: Tone = Tone { ground: rgb(0xB0_20_1B), ink: WHITE };
/// Nothing happened, or it was taken back.
pub(super) const NONE: Tone = Tone { ground: rgb(0x3C_48_58), ink: WHITE };
/// Someone must look.
pub(super) const ALERT: Tone = Tone { ground: rgb(0xFF_BB_24), ink: INK };
