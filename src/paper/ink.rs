//! Ink on paper: letters, signs, bars and codes as dots that are black or white.

use crate::glyphs::{Glyphs, Mark, Mask, Part, Style};
use crate::qr::{Modules, QUIET_ZONE};
use crate::raster::Raster;

/// How much of a dot a stroke must cover to print it.
const INKED_FROM: u8 = 118;

/// A rectangle of dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) wide: i32,
    pub(super) high: i32,
}

/// The colours that a thermal head has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    White,
}

/// Something with its place on the paper; what comes later is drawn over what came before.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// A filled rectangle.
    Bar(Bar),
    /// One line of text, from its baseline's left end.
    Text { text: String, style: Style, x: i32, baseline: i32, ink: Ink },
    /// A sign around a point.
    Mark { mark: Mark, center: (i32, i32), size: i32 },
    /// A code with its quiet zone, from the zone's upper left corner.
    Code { modules: Modules, module: i32, x: i32, y: i32 },
}

impl Piece {
    /// Gives a text once more, moved to the right by less than a stroke; other pieces stay where they are.
    pub(super) fn beside(mut self) -> Piece {
        if let Piece::Text { x, style, .. } = &mut self {
            *x += (i32::from(style.px) / 24).max(1);
        }
        self
    }

    /// Draws the piece.
    pub(super) fn draw(&self, glyphs: &Glyphs, paper: &mut Raster) {
        match self {
            Piece::Bar(bar) => fill(paper, *bar),
            Piece::Text { text, style, x, baseline, ink } => {
                letters(glyphs, text, *style, (*x, *baseline), |mask, x, y| stamp(paper, mask, (x, y), *ink));
            }
            Piece::Mark { mark, center, size } => {
                for (part, path) in mark.parts(*center, *size) {
                    let ink = match part {
                        Part::Solid => Ink::Black,
                        Part::Carved => Ink::White,
                    };
                    if let Some(mask) = path.mask() {
                        stamp(paper, &mask, (0, 0), ink);
                    }
                }
            }
            Piece::Code { modules, module, x, y } => code(paper, modules, *module, (*x, *y)),
        }
    }
}

fn fill(paper: &mut Raster, bar: Bar) {
    for y in bar.y..bar.y + bar.high {
        for x in bar.x..bar.x + bar.wide {
            dot(paper, (x, y), Ink::Black);
        }
    }
}

/// Sets each character at a whole dot: the same letter then has the same dots wherever it stands.
fn letters(
    glyphs: &Glyphs,
    text: &str,
    style: Style,
    (x, baseline): (i32, i32),
    mut stamp: impl FnMut(&Mask, i32, i32),
) {
    let mut pen = x as f32;
    for character in text.chars() {
        let mut bytes = [0; 4];
        let one = &*character.encode_utf8(&mut bytes);
        glyphs.set(one, style, pen.round(), baseline, &mut stamp);
        pen += glyphs.width(one, style);
    }
}

fn stamp(paper: &mut Raster, mask: &Mask, (x, y): (i32, i32), ink: Ink) {
    for (row, coverage) in (y + mask.top..).zip(mask.rows()) {
        for (column, &part) in (x + mask.left..).zip(coverage) {
            if part >= INKED_FROM {
                dot(paper, (column, row), ink);
            }
        }
    }
}

fn code(paper: &mut Raster, modules: &Modules, module: i32, (x, y): (i32, i32)) {
    let quiet = QUIET_ZONE as i32 * module;
    for (column, row, length) in modules.runs() {
        let (left, top) = (x + quiet + column as i32 * module, y + quiet + row as i32 * module);
        fill(paper, Bar { x: left, y: top, wide: length as i32 * module, high: module });
    }
}

fn dot(paper: &mut Raster, (x, y): (i32, i32), ink: Ink) {
    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
    match ink {
        Ink::Black => paper.blacken(x, y),
        Ink::White => paper.whiten(x, y),
    }
}
