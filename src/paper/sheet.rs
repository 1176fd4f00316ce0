//! A paper being set, from the top down: it grows as long as what is put on it.
//!
//! Sizes are those of 80 mm paper; on narrower paper everything is a little smaller, not in proportion: the dots are as
//! large there, and so are the eyes. Nothing is ever cut: what is too wide is first set smaller, then broken into lines.

use postern_heart::money::Amount;

use super::ink::{Bar, Ink, Piece};
use crate::glyphs::{Mark, Style};
use crate::look::Look;
use crate::qr::Modules;
use crate::raster::Raster;

/// The width that the sizes are given for, in dots.
const FULL_WIDTH: i32 = 576;

/// No text is made smaller than this to fit; smaller Chinese characters run together on thermal paper.
const SMALLEST_PX: u16 = 18;

/// How wide a module of a code is, where the paper has room, in dots: 0.6 mm, so that folds and faint heads do no harm.
const MODULE: i32 = 5;

/// The white border on both sides, and the air around what is framed.
const MARGIN: i32 = 8;

/// How thick the lines are that must be seen in passing.
const FRAME_THICK: i32 = 4;

/// The same in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Both {
    pub(super) chinese: String,
    pub(super) english: String,
}

impl Both {
    /// Writes one after the other.
    pub(super) fn one_line(&self) -> String {
        format!("{} {}", self.chinese, self.english)
    }
}

/// A paper being set.
pub(super) struct Sheet<'a> {
    look: &'a Look,
    pieces: Vec<Piece>,
    width: i32,
    /// How far the column that is written to stands off from both edges.
    inset: i32,
    /// Where the next piece goes.
    y: i32,
}

impl<'a> Sheet<'a> {
    /// Takes an empty sheet.
    pub(super) fn new(look: &'a Look, width_dots: u32) -> Sheet<'a> {
        let width = width_dots.min(u32::from(u16::MAX)) as i32;
        Sheet { look, pieces: Vec::new(), width, inset: MARGIN.min(width / 4), y: MARGIN }
    }

    /// Draws what was set.
    pub(super) fn print(&self) -> Raster {
        let mut paper = Raster::new(self.width as u32, self.y.max(0) as u32);
        for piece in &self.pieces {
            piece.draw(&self.look.glyphs, &mut paper);
        }
        paper
    }

    /// Gives what is written, line by line.
    #[cfg(test)]
    pub(super) fn texts(&self) -> Vec<&str> {
        let texts = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text { text, .. } => Some(text.as_str()),
            Piece::Bar(_) | Piece::Mark { .. } | Piece::Code { .. } => None,
        });
        texts.collect()
    }

    /// Leaves space.
    pub(super) fn gap(&mut self, px: i32) {
        self.y += self.px(px);
    }

    /// Writes a text in the middle, in as many lines as it needs; an empty one takes no space.
    pub(super) fn centered(&mut self, text: &str, style: Style) {
        let style = self.style(style);
        let style = self.word_fitting(text, style);
        for line in self.look.glyphs.balanced(text, style, self.room() as f32) {
            if !line.text.is_empty() {
                let x = self.inset + (self.room() - line.width.ceil() as i32) / 2;
                self.line(line.text.to_owned(), style, x);
            }
        }
    }

    /// Writes a name in the middle, heavy: where the bold face lacks a character of it, the regular one is struck twice
    /// for all of them, as a name in two weights looks like a mistake.
    pub(super) fn name(&mut self, name: &str, bold: Style) {
        if name.chars().all(|character| self.look.glyphs.has_bold(character)) {
            return self.centered(name, bold);
        }
        let before = self.pieces.len();
        self.centered(name, Style::regular(bold.px));
        let struck: Vec<Piece> = self.pieces.iter().skip(before).cloned().collect();
        self.pieces.extend(struck.into_iter().map(Piece::beside));
    }

    /// Writes white on black over the whole column.
    pub(super) fn banner(&mut self, text: &Both, style: Style) {
        let text = text.one_line().to_uppercase();
        let style = self.fitting(&text, self.style(style));
        let high = style.line_height() + self.px(8);
        self.bar(self.inset, self.y, self.room(), high);
        let x = self.inset + (self.room() - self.width_of(&text, style)) / 2;
        let baseline = self.y + high / 2 + style.drop();
        self.pieces.push(Piece::Text { text, style, x, baseline, ink: Ink::White });
        self.y += high;
    }

    /// Draws a sign with the two headings beside it, together in the middle.
    pub(super) fn title(&mut self, mark: Mark, title: &Both) {
        let (size, between) = (self.px(76), self.px(18));
        let room = self.room() - size - between;
        let chinese = self.fitting_in(&title.chinese, self.style(Style::bold(46)), room);
        let english = self.fitting_in(&title.english, self.style(Style::bold(32)), room);
        let wide = self.width_of(&title.chinese, chinese).max(self.width_of(&title.english, english));
        let left = self.inset + (room - wide) / 2;
        let high = chinese.line_height() + english.line_height();
        let center = (left + size / 2, self.y + high.max(size) / 2);
        self.pieces.push(Piece::Mark { mark, center, size });
        let x = left + size + between;
        self.y += (size - high).max(0) / 2;
        self.line(title.chinese.clone(), chinese, x);
        self.line(title.english.clone(), english, x);
        self.y += (size - high).max(0) / 2;
    }

    /// Writes an amount as large as the column allows, up to a size, its symbol half as large.
    pub(super) fn amount(&mut self, amount: Amount, px_max: i32) {
        let symbol = amount.currency().symbol();
        let pretty = amount.pretty();
        let digits = pretty.strip_prefix(symbol).unwrap_or(&pretty);
        let small = |style: Style| style.sized((style.px / 2).max(SMALLEST_PX));
        let before = |style: Style| self.width_of(symbol, small(style)) + i32::from(style.px / 20);
        let wide = |style: Style| before(style) + self.width_of(digits, style);
        let mut style = Style::bold(self.px(px_max) as u16);
        while wide(style) > self.room() && style.px > SMALLEST_PX {
            style = style.sized(style.px - 1);
        }
        let x = self.inset + (self.room() - wide(style)) / 2;
        let after = x + before(style);
        let baseline = self.y + i32::from(style.px);
        for (text, style, x) in [(symbol, small(style), x), (digits, style, after)] {
            self.pieces.push(Piece::Text { text: text.to_owned(), style, x, baseline, ink: Ink::Black });
        }
        self.y = baseline + i32::from(style.px) / 8;
    }

    /// Writes a fact: what it is at the left, its value at the right, beneath where the line is too short for both.
    pub(super) fn fact(&mut self, label: &Both, value: &str) {
        let label = label.one_line();
        let label_style = self.fitting(&label, self.style(Style::regular(24)));
        let value_style = self.style(Style::bold(26));
        let room = self.room() - self.width_of(&label, label_style) - self.px(16);
        let beside = self.fitting_in(value, value_style, room);
        if self.width_of(value, beside) <= room && beside.px * 6 >= value_style.px * 5 {
            let top = self.y;
            self.line(label, label_style, self.inset);
            self.y = top;
            self.value(value, beside);
            self.y = top + value_style.line_height();
        } else {
            self.line(label, label_style, self.inset);
            self.value(value, self.fitting(value, value_style));
        }
    }

    fn value(&mut self, value: &str, style: Style) {
        for line in self.broken(value, style, self.room()) {
            let x = self.width - self.inset - self.width_of(&line, style);
            self.line(line, style, x);
        }
    }

    /// Draws a dashed rule.
    pub(super) fn rule(&mut self) {
        self.gap(14);
        let (dash, step) = (8, 14);
        let count = (self.room() + step - dash) / step;
        let left = self.inset + (self.room() - (count * step - (step - dash))) / 2;
        for index in 0..count {
            self.bar(left + index * step, self.y, dash, 2);
        }
        self.y += 2;
        self.gap(14);
    }

    /// Draws a frame with a banner around what `set` writes.
    pub(super) fn framed(&mut self, banner: &Both, set: impl FnOnce(&mut Self)) {
        let (left, top, wide) = (self.inset, self.y, self.room());
        self.banner(banner, Style::bold(28));
        let air = (FRAME_THICK + self.px(12)).min(wide / 4);
        self.gap(14);
        self.inset += air;
        set(self);
        self.inset -= air;
        self.gap(16);
        let high = self.y - top;
        self.bar(left, top, FRAME_THICK, high);
        self.bar(left + wide - FRAME_THICK, top, FRAME_THICK, high);
        self.bar(left, self.y, wide, FRAME_THICK);
        self.y += FRAME_THICK;
    }

    /// Draws a code in the middle; its quiet zone is all the space that it needs.
    pub(super) fn code(&mut self, modules: &Modules) {
        self.code_of(modules, MODULE);
    }

    /// The same, as large as the paper is wide.
    pub(super) fn large_code(&mut self, modules: &Modules) {
        self.code_of(modules, i32::MAX);
    }

    fn code_of(&mut self, modules: &Modules, module_max: i32) {
        let whole = modules.whole_side() as i32;
        let module = module_max.min(self.width / whole);
        let x = (self.width - whole * module) / 2;
        self.pieces.push(Piece::Code { modules: modules.clone(), module, x, y: self.y });
        self.y += whole * module;
    }

    /// Draws the end: nothing follows, nothing was torn off.
    pub(super) fn end(&mut self) {
        self.bar(self.inset, self.y, self.room(), FRAME_THICK);
        self.y += FRAME_THICK + MARGIN;
    }

    fn line(&mut self, text: String, style: Style, x: i32) {
        let baseline = self.y + style.line_height() / 2 + style.drop();
        self.pieces.push(Piece::Text { text, style, x, baseline, ink: Ink::Black });
        self.y += style.line_height();
    }

    fn bar(&mut self, x: i32, y: i32, wide: i32, high: i32) {
        self.pieces.push(Piece::Bar(Bar { x, y, wide, high }));
    }

    /// A size of 80 mm paper on this paper.
    fn px(&self, px: i32) -> i32 {
        px * (FULL_WIDTH + self.width.min(FULL_WIDTH)) / (2 * FULL_WIDTH)
    }

    fn style(&self, style: Style) -> Style {
        style.sized((self.px(i32::from(style.px)) as u16).max(SMALLEST_PX))
    }

    /// How wide the column is.
    fn room(&self) -> i32 {
        self.width - 2 * self.inset
    }

    fn width_of(&self, text: &str, style: Style) -> i32 {
        self.look.glyphs.width(text, style).ceil() as i32
    }

    fn fitting(&self, text: &str, style: Style) -> Style {
        self.fitting_in(text, style, self.room())
    }

    /// The largest size at which a text fits, down to the smallest there is.
    fn fitting_in(&self, text: &str, style: Style, room: i32) -> Style {
        let px = (SMALLEST_PX..=style.px).rev().find(|&px| self.width_of(text, style.sized(px)) <= room);
        style.sized(px.unwrap_or(SMALLEST_PX))
    }

    /// Rather smaller than with a word cut in two.
    fn word_fitting(&self, text: &str, style: Style) -> Style {
        let latin = text.split_whitespace().filter(|word| word.is_ascii());
        latin.map(|word| self.fitting(word, style)).min_by_key(|style| style.px).unwrap_or(style)
    }

    fn broken(&self, text: &str, style: Style, room: i32) -> Vec<String> {
        let lines = self.look.glyphs.lines(text, style, room as f32);
        lines.into_iter().map(|line| line.text.to_owned()).filter(|line| !line.is_empty()).collect()
    }
}
