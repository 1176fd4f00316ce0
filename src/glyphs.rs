//! Characters, and marks of our own, as masks of ink for screens and paper.
//!
//! Two faces are built in: regular, with every character a Hong Kong shop is likely to need, and bold, with Latin,
//! digits and the characters of our own messages. What bold lacks (a shop's name) is the regular character with thicker
//! strokes; what both lack is drawn as a box, so that it is seen that something is missing. Outlines are read from the file's bytes when they are needed, so that
//! a large font costs neither start-up time nor memory; masks are kept in a cache that can't outgrow
//! [`CACHE_BYTES_MAX`].
//!
//! No kerning, no shaping: what the terminal says (Latin and Chinese) needs neither.

mod lines;
mod mark;
mod path;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use ab_glyph::{Font as _, FontRef, GlyphId, PxScaleFactor, point};

pub use lines::Line;
pub use mark::{Mark, Part};
pub use path::Path;

/// What the cached masks may take together, in bytes.
pub const CACHE_BYTES_MAX: usize = 384 * 1024;

/// How far the middle of a capital letter, and of a Chinese character, lies above the baseline, in ems.
pub const MIDDLE_EM: f32 = 0.37;

const REGULAR: &[u8] = include_bytes!("../assets/fonts/NotoSansCJKhk-Regular.subset.otf");
const BOLD: &[u8] = include_bytes!("../assets/fonts/NotoSansCJKhk-Bold.subset.otf");

/// Below this size a Latin letter is drawn at quarters of a pixel: whole pixels would set small words unevenly.
const FINE_BELOW_PX: u16 = 40;

/// What an entry of the cache takes beside its coverage, roughly.
const ENTRY_BYTES: usize = 96;

/// How heavy the strokes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For amounts, results and headings.
    Bold,
}

/// A weight and a size: the size is the em in pixels, a Chinese character's width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Style {
    /// How heavy.
    pub weight: Weight,
    /// The em in pixels.
    pub px: u16,
}

impl Style {
    /// Makes a regular style.
    pub const fn regular(px: u16) -> Style {
        Style { weight: Weight::Regular, px }
    }

    /// Makes a bold style.
    pub const fn bold(px: u16) -> Style {
        Style { weight: Weight::Bold, px }
    }

    /// Gives the same weight at another size.
    pub const fn sized(self, px: u16) -> Style {
        Style { weight: self.weight, px }
    }

    /// Says how far a line's baseline is below its middle.
    pub fn drop(self) -> i32 {
        (f32::from(self.px) * MIDDLE_EM).round() as i32
    }

    /// Says how far apart the lines of a text stand.
    pub fn line_height(self) -> i32 {
        (f32::from(self.px) * 1.32).round() as i32
    }
}

/// How much ink each pixel gets, 0 to 255, around an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    /// From the origin to the left edge.
    pub left: i32,
    /// From the origin to the top edge; negative is above.
    pub top: i32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Row by row from the top.
    pub coverage: Box<[u8]>,
}

impl Mask {
    /// Gives the rows from the top.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.coverage.chunks_exact(self.width.max(1) as usize)
    }
}

/// The two faces and the cache of what was drawn with them.
pub struct Glyphs {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
    cache: RefCell<Cache>,
}

/// The built-in fonts could not be read, which is a fault of the build.
#[derive(Debug, thiserror::Error)]
#[error("could not read the built-in font {face}")]
pub struct FontFault {
    face: &'static str,
    source: ab_glyph::InvalidFont,
}

impl Glyphs {
    /// Opens the built-in faces.
    ///
    /// # Errors
    ///
    /// Only where the program was built from damaged font files.
    pub fn open() -> Result<Glyphs, FontFault> {
        let face = |face, bytes| FontRef::try_from_slice(bytes).map_err(|source| FontFault { face, source });
        Ok(Glyphs {
            regular: face("regular", REGULAR)?,
            bold: face("bold", BOLD)?,
            cache: RefCell::new(Cache::default()),
        })
    }

    /// Says whether a face holds this character; what it lacks is drawn as a box.
    pub fn has(&self, character: char) -> bool {
        self.regular.glyph_id(character) != GlyphId(0)
    }

    /// Says whether the bold face holds this character; what it lacks is thickened from the regular one.
    pub fn has_bold(&self, character: char) -> bool {
        self.bold.glyph_id(character) != GlyphId(0)
    }

    /// Measures a line of text, in pixels.
    pub fn width(&self, text: &str, style: Style) -> f32 {
        text.chars().map(|character| self.advance(character, style)).sum()
    }

    /// Breaks a text into lines no wider than `width`; see `lines`.
    pub fn lines<'t>(&self, text: &'t str, style: Style, width: f32) -> Vec<Line<'t>> {
        lines::break_lines(text, width, |character| self.advance(character, style))
    }

    /// Breaks a text into as few lines as the width allows, and these about equally long: no word is left alone.
    pub fn balanced<'t>(&self, text: &'t str, style: Style, width: f32) -> Vec<Line<'t>> {
        let lines = self.lines(text, style, width);
        if !(2..=4).contains(&lines.len()) {
            return lines;
        }
        let narrower = (50..100).step_by(5).map(|part| self.lines(text, style, width * part as f32 / 100.0));
        let fits = |narrow: &Vec<Line<'_>>| narrow.len() == lines.len();
        narrower.into_iter().find(fits).unwrap_or(lines)
    }

    /// Sets a line of text from (`x`, `baseline`) on: calls `stamp` for each character's mask with its origin.
    pub fn set(
        &self,
        text: &str,
        style: Style,
        x: f32,
        baseline: i32,
        mut stamp: impl FnMut(&Mask, i32, i32),
    ) {
        let mut pen = x;
        for character in text.chars() {
            let (origin, quarter) = place(pen, character, style);
            let glyph = self.glyph(Key { character, style, quarter });
            if let Some(mask) = &glyph.mask {
                stamp(mask, origin, baseline);
            }
            pen += glyph.advance;
        }
    }

    /// Says how many bytes the cache holds.
    pub fn cached_bytes(&self) -> usize {
        let cache = self.cache.borrow();
        cache.young_bytes + cache.old_bytes
    }

    fn advance(&self, character: char, style: Style) -> f32 {
        let (face, id) = self.find(character, style.weight);
        match id {
            Some(id) => face.h_advance_unscaled(id) * scale(face, style.px),
            None => f32::from(style.px),
        }
    }

    fn find(&self, character: char, weight: Weight) -> (&FontRef<'static>, Option<GlyphId>) {
        let order: &[&FontRef<'static>] = match weight {
            Weight::Regular => &[&self.regular],
            Weight::Bold => &[&self.bold, &self.regular],
        };
        let found =
            order.iter().map(|face| (*face, face.glyph_id(character))).find(|(_, id)| *id != GlyphId(0));
        found.map_or((&self.regular, None), |(face, id)| (face, Some(id)))
    }

    fn glyph(&self, key: Key) -> Arc<Glyph> {
        if let Some(glyph) = self.cache.borrow_mut().find(&key) {
            return glyph;
        }
        let glyph = Arc::new(self.draw(key));
        self.cache.borrow_mut().keep(key, Arc::clone(&glyph));
        glyph
    }

    fn draw(&self, key: Key) -> Glyph {
        let advance = self.advance(key.character, key.style);
        let (face, Some(id)) = self.find(key.character, key.style.weight) else {
            let box_ = (!key.character.is_whitespace()).then(|| missing(key.style.px));
            return Glyph { mask: box_, advance };
        };
        let scale = scale(face, key.style.px);
        let start = point(f32::from(key.quarter) / 4.0, 0.0);
        let factor = PxScaleFactor { horizontal: scale, vertical: scale };
        let mask = face.outline(id).and_then(|outline| path::mask(outline, factor, start));
        let thin = key.style.weight == Weight::Bold && !self.has_bold(key.character);
        Glyph { mask: if thin { mask.map(|mask| thickened(&mask, key.style.px)) } else { mask }, advance }
    }
}

/// How many pixels a unit of the font is at this em.
fn scale(face: &FontRef<'_>, px: u16) -> f32 {
    f32::from(px) / face.units_per_em().unwrap_or(1000.0)
}

/// Where a character's origin is, in whole pixels, and the quarters of a pixel that its mask is moved by.
fn place(pen: f32, character: char, style: Style) -> (i32, u8) {
    if style.px >= FINE_BELOW_PX || !character.is_ascii() {
        return (pen.round() as i32, 0);
    }
    let quarters = (pen * 4.0).round() as i32;
    (quarters.div_euclid(4), quarters.rem_euclid(4) as u8)
}

/// Strokes that are thicker by about as much as the bold face's: each dot takes the darkest of its neighbours.
fn thickened(mask: &Mask, px: u16) -> Mask {
    let em = f32::from(px);
    let (across, down) = ((em * 0.045).round().max(1.0) as u32, (em * 0.03) as u32);
    let (width, height) = (mask.width + across, mask.height + down);
    let mut coverage = vec![0; width as usize * height as usize];
    for (y, row) in mask.rows().enumerate() {
        for (x, &part) in row.iter().enumerate() {
            for below in y..=y + down as usize {
                let start = below * width as usize + x;
                for dot in &mut coverage[start..=start + across as usize] {
                    *dot = part.max(*dot);
                }
            }
        }
    }
    let (left, top) = (mask.left - across as i32 / 2, mask.top - down as i32 / 2);
    Mask { left, top, width, height, coverage: coverage.into() }
}

/// A box that says that a character is missing.
fn missing(px: u16) -> Mask {
    let (width, height) = (u32::from(px).max(5), (u32::from(px) * 9 / 10).max(5));
    let (edge, thick) = (width / 8, (width / 16).max(1));
    let inked = |x: u32, y: u32| {
        let inside = x >= edge && x < width - edge;
        let frame = x < edge + thick || x >= width - edge - thick || y < thick || y >= height - thick;
        inside && frame
    };
    let coverage = (0..height).flat_map(|y| (0..width).map(move |x| if inked(x, y) { 255 } else { 0 }));
    Mask { left: 0, top: -(i32::from(px) * 82 / 100), width, height, coverage: coverage.collect() }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    character: char,
    style: Style,
    quarter: u8,
}

struct Glyph {
    mask: Option<Mask>,
    advance: f32,
}

/// Two generations: what is used is young; when the young fill half of the room, they become old and the old are
/// dropped. What a screen needs stays, at the price of a hash map, with no list to keep in order.
#[derive(Default)]
struct Cache {
    young: HashMap<Key, Arc<Glyph>>,
    old: HashMap<Key, Arc<Glyph>>,
    young_bytes: usize,
    old_bytes: usize,
}

impl Cache {
    fn find(&mut self, key: &Key) -> Option<Arc<Glyph>> {
        if let Some(glyph) = self.young.get(key) {
            return Some(Arc::clone(glyph));
        }
        let glyph = self.old.remove(key)?;
        self.old_bytes -= bytes(&glyph);
        self.keep(*key, Arc::clone(&glyph));
        Some(glyph)
    }

    fn keep(&mut self, key: Key, glyph: Arc<Glyph>) {
        let more = bytes(&glyph);
        if self.young_bytes + more > CACHE_BYTES_MAX / 2 {
            self.old = std::mem::take(&mut self.young);
            self.old_bytes = std::mem::take(&mut self.young_bytes);
        }
        if more <= CACHE_BYTES_MAX / 2 {
            self.young_bytes += more;
            self.young.insert(key, glyph);
        }
    }
}

fn bytes(glyph: &Glyph) -> usize {
    ENTRY_BYTES + glyph.mask.as_ref().map_or(0, |mask| mask.coverage.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn ink(glyphs: &Glyphs, text: &str, style: Style) -> u64 {
        let mut ink = 0;
        glyphs.set(text, style, 0.0, 0, |mask, _, _| {
            ink += mask.coverage.iter().map(|&part| u64::from(part)).sum::<u64>();
        });
        ink
    }

    #[test]
    fn the_characters_that_receipt_printers_get_wrong_are_there() {
        let glyphs = Glyphs::open().unwrap();
        for character in "嘅啲咗邨埗鰂涌鴨脷洲氹仔𨋢㗎喺嚟睇唔冇佢嘢攞畀𠝹麪峯衞裏着".chars()
        {
            assert!(glyphs.has(character), "{character}");
        }
        assert!(!glyphs.has('\u{E000}'));
    }

    #[test]
    fn bold_has_more_ink_than_regular_also_where_the_bold_face_lacks_the_character() {
        let glyphs = Glyphs::open().unwrap();
        assert!(
            ink(&glyphs, "HK$12.50", Style::bold(40))
                > ink(&glyphs, "HK$12.50", Style::regular(40)) * 11 / 10
        );
        assert!(!glyphs.has_bold('鰂'));
        assert!(ink(&glyphs, "鰂", Style::bold(40)) > ink(&glyphs, "鰂", Style::regular(40)) * 11 / 10);
    }

    #[test]
    fn a_missing_character_is_a_box_and_takes_its_place() {
        let glyphs = Glyphs::open().unwrap();
        assert!(ink(&glyphs, "\u{E000}", Style::regular(20)) > 0);
        assert_eq!(glyphs.width("\u{E000}", Style::regular(20)), 20.0);
    }

    #[test]
    fn all_digits_are_equally_wide_so_that_an_amount_does_not_dance() {
        let glyphs = Glyphs::open().unwrap();
        for style in [Style::regular(24), Style::bold(96)] {
            for digit in "0123456789".chars() {
                let one = digit.to_string();
                assert!((glyphs.width(&one, style) - glyphs.width("0", style)).abs() < 0.01, "{digit}");
            }
        }
    }

    #[test]
    fn the_cache_stays_within_its_bound_and_keeps_what_is_used() {
        let glyphs = Glyphs::open().unwrap();
        let common = (0x4E00u32..0x9FFF).filter_map(char::from_u32).filter(|c| glyphs.has(*c)).take(3000);
        for character in common {
            glyphs.set("8", Style::bold(96), 0.0, 0, |_, _, _| ());
            glyphs.set(&character.to_string(), Style::regular(32), 0.0, 0, |_, _, _| ());
            assert!(glyphs.cached_bytes() <= CACHE_BYTES_MAX);
        }
        let cache = glyphs.cache.borrow();
        let key = Key { character: '8', style: Style::bold(96), quarter: 0 };
        assert!(cache.young.contains_key(&key) || cache.old.contains_key(&key));
        assert!(cache.young.len() > 50);
    }
}
