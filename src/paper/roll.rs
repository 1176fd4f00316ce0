//! Paper that grows as it is drawn on: lines one under the other, each as wide as the roll.

use crate::glyphs::{Glyphs, Mark, Mask, Part, Path, Style};
use crate::qr::{Modules, QUIET_ZONE};
use crate::raster::Raster;

/// A dot is black where at least this much of it is covered: a little less than half, as thin strokes fade on paper.
const COVERED: u8 = 112;

/// The white edge at both sides, in dots.
const EDGE: i32 = 8;

/// No text is made smaller than this to fit: 2 mm.
const SMALLEST_PX: u16 = 16;

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Middle,
    End,
}

/// A roll of paper with fonts to print on it.
pub(super) struct Roll<'a> {
    glyphs: &'a Glyphs,
    width: u32,
    dots: Vec<bool>,
}

impl<'a> Roll<'a> {
    pub(super) fn new(glyphs: &'a Glyphs, width: u32) -> Roll<'a> {
        Roll { glyphs, width, dots: Vec::new() }
    }

    pub(super) fn width(&self) -> u32 {
        self.width
    }

    /// Adds white paper.
    pub(super) fn feed(&mut self, dots: u32) {
        self.dots.resize(self.dots.len() + (self.width * dots) as usize, false);
    }

    /// Adds a text, in as many lines as it needs.
    pub(super) fn text(&mut self, text: &str, style: Style, align: Align) {
        for line in self.glyphs.balanced(text, style, self.room() as f32) {
            self.line(line.text, style, align);
        }
    }

    /// Adds one line, smaller where it is too wide.
    pub(super) fn line(&mut self, text: &str, style: Style, align: Align) {
        let style = self.fitting(text, style, self.room());
        let top = self.open(style.line_height());
        let x = self.place(text, style, align);
        self.letters(text, style, x, top + style.line_height() / 2, true);
    }

    /// Adds a label at the left and its value at the right; below each other where both are too wide.
    pub(super) fn pair(&mut self, (label, label_style): (&str, Style), (value, value_style): (&str, Style)) {
        let gap = f32::from(label_style.px);
        let both = self.glyphs.width(label, label_style) + gap + self.glyphs.width(value, value_style);
        let height = value_style.line_height().max(label_style.line_height());
        let top = self.open(height);
        self.letters(label, label_style, EDGE as f32, top + height / 2, true);
        if both > self.room() as f32 {
            self.text(value, value_style, Align::End);
            self.feed(4);
        } else {
            let x = self.place(value, value_style, Align::End);
            self.letters(value, value_style, x, top + height / 2, true);
        }
    }

    /// Adds white words on a black bar.
    pub(super) fn banner(&mut self, text: &str, style: Style) {
        let style = self.fitting(text, style, self.room() - 2 * EDGE);
        let height = style.line_height() + 12;
        let top = self.open(height);
        self.block(EDGE, top, self.room(), height, true);
        let x = self.place(text, style, Align::Middle);
        self.letters(text, style, x, top + height / 2, false);
    }

    /// Adds words in a frame.
    pub(super) fn boxed(&mut self, text: &str, style: Style) {
        const THICK: i32 = 3;
        self.feed(6);
        let style = self.fitting(text, style, self.room() - 4 * EDGE);
        let width = self.glyphs.width(text, style).ceil() as i32 + 4 * EDGE;
        let height = style.line_height() + 10;
        let (top, left) = (self.open(height), (self.width as i32 - width) / 2);
        self.block(left, top, width, height, true);
        self.block(left + THICK, top + THICK, width - 2 * THICK, height - 2 * THICK, false);
        let x = self.place(text, style, Align::Middle);
        self.letters(text, style, x, top + height / 2, true);
    }

    /// Adds a thin line across.
    pub(super) fn rule(&mut self) {
        let top = self.open(2);
        self.block(EDGE, top, self.room(), 2, true);
    }

    /// Adds a sign, and lines of words beside it; the whole stands in the middle.
    pub(super) fn signed(&mut self, mark: Mark, size: i32, words: &[(String, Style)]) {
        let gap = size / 4;
        let room = self.room() - size - gap;
        let mut lines = Vec::new();
        for (text, style) in words {
            let style = self.fitting(text, *style, room);
            lines.push((text, style, self.glyphs.width(text, style).ceil() as i32));
        }
        let wide = lines.iter().map(|(_, _, width)| *width).max().unwrap_or(0);
        let high: i32 = lines.iter().map(|(_, style, _)| style.line_height()).sum();
        let height = high.max(size);
        let top = self.open(height);
        let left = (self.width as i32 - size - gap - wide) / 2;
        for (part, path) in mark.parts((left + size / 2, top + height / 2), size) {
            self.path(path, part == Part::Solid);
        }
        let mut y = top + (height - high) / 2;
        for (text, style, _) in lines {
            self.letters(text, style, (left + size + gap) as f32, y + style.line_height() / 2, true);
            y += style.line_height();
        }
    }

    /// Adds a QR code with its quiet zone, in the middle.
    pub(super) fn code(&mut self, modules: &Modules, module_dots: u32) {
        let dots = module_dots as i32;
        let side = modules.whole_side() as i32 * dots;
        let quiet = QUIET_ZONE as i32 * dots;
        let (top, left) = (self.open(side), (self.width as i32 - side) / 2);
        for (column, row, length) in modules.runs() {
            let x = left + quiet + column as i32 * dots;
            let y = top + quiet + row as i32 * dots;
            self.block(x, y, length as i32 * dots, dots, true);
        }
    }

    /// Gives the paper as the printer takes it.
    pub(super) fn into_raster(self) -> Raster {
        let width = self.width.max(1);
        let mut raster = Raster::new(self.width, (self.dots.len() / width as usize) as u32);
        for (place, _) in self.dots.iter().enumerate().filter(|(_, black)| **black) {
            raster.blacken(place as u32 % width, place as u32 / width);
        }
        raster
    }

    fn room(&self) -> i32 {
        self.width as i32 - 2 * EDGE
    }

    /// Adds white paper and gives the row where it starts.
    fn open(&mut self, height: i32) -> i32 {
        let top = (self.dots.len() / self.width.max(1) as usize) as i32;
        self.feed(height.max(0) as u32);
        top
    }

    fn place(&self, text: &str, style: Style, align: Align) -> f32 {
        let free = self.room() as f32 - self.glyphs.width(text, style);
        EDGE as f32
            + match align {
                Align::Middle => free / 2.0,
                Align::End => free,
            }
    }

    fn fitting(&self, text: &str, style: Style, room: i32) -> Style {
        let needed = self.glyphs.width(text, style);
        if needed <= room as f32 {
            return style;
        }
        let px = (f32::from(style.px) * room as f32 / needed).floor() as u16;
        style.sized(px.max(SMALLEST_PX))
    }

    fn letters(&mut self, text: &str, style: Style, x: f32, middle: i32, black: bool) {
        let glyphs = self.glyphs;
        // Whole dots only: with fractions the same letter would look different in every place.
        glyphs.set(text, style, x.round(), middle + style.drop(), |mask, x, y| self.stamp(mask, x, y, black));
    }

    fn path(&mut self, path: Path, black: bool) {
        if let Some(mask) = path.mask() {
            self.stamp(&mask, 0, 0, black);
        }
    }

    fn stamp(&mut self, mask: &Mask, x: i32, y: i32, black: bool) {
        for (row, coverage) in mask.rows().enumerate() {
            for (column, _) in coverage.iter().enumerate().filter(|(_, part)| **part >= COVERED) {
                self.dot(x + mask.left + column as i32, y + mask.top + row as i32, black);
            }
        }
    }

    fn block(&mut self, x: i32, y: i32, width: i32, height: i32, black: bool) {
        let edge = |x: i32| x.clamp(0, self.width as i32) as usize;
        let (left, right) = (edge(x), edge(x + width));
        for row in self.dots.chunks_mut(self.width.max(1) as usize).skip(y as usize).take(height as usize) {
            row[left..right].fill(black);
        }
    }

    fn dot(&mut self, x: i32, y: i32, black: bool) {
        if (0..self.width as i32).contains(&x)
            && y >= 0
            && let Some(dot) = self.dots.get_mut(y as usize * self.width as usize + x as usize)
        {
            *dot = black;
        }
    }
}
