//! The brush: everything a screen does with a frame goes through here.

use embedded_graphics::pixelcolor::Rgb565;
use embedded_graphics::primitives::Rectangle;
use postern_heart::settings::Language;

use super::area::{Cut, Scale, area};
use super::palette::{BLACK, WHITE};
use crate::frame::Frame;
use crate::glyphs::{Mark, Part, Path, Style};
use crate::look::Look;
use crate::qr::{Modules, QUIET_ZONE};
use crate::text::{Arg, Word};

/// Where something stands in the room that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

/// No text is made smaller than this to fit.
pub(super) const SMALLEST_PX: u16 = 12;

/// A frame being drawn, with what drawing needs.
pub(super) struct Paint<'a> {
    pub(super) frame: &'a mut Frame,
    pub(super) look: &'a Look,
    pub(super) language: Language,
    pub(super) scale: Scale,
    /// Texts that had to be cut.
    pub(super) cut: Vec<String>,
}

impl<'a> Paint<'a> {
    /// Says a word in the screen's language.
    pub(super) fn say(&self, word: Word) -> String {
        self.look.texts.say(self.language, word).into_owned()
    }

    /// Says a word with values in the screen's language.
    pub(super) fn say_with(&self, word: Word, args: &[Arg<'_>]) -> String {
        self.look.texts.say_with(self.language, word, args)
    }

    /// Makes a regular style, its size given at scale 1.
    pub(super) fn regular(&self, px: u16) -> Style {
        Style::regular(self.scale.text(px))
    }

    /// Makes a bold style, its size given at scale 1.
    pub(super) fn bold(&self, px: u16) -> Style {
        Style::bold(self.scale.text(px))
    }

    /// Measures a line.
    pub(super) fn width(&self, text: &str, style: Style) -> i32 {
        self.look.glyphs.width(text, style).ceil() as i32
    }

    pub(super) fn fill(&mut self, place: Rectangle, color: Rgb565) {
        self.frame.fill(place, color);
    }

    /// Inks a path.
    pub(super) fn path(&mut self, path: Path, color: Rgb565) {
        if let Some(mask) = path.mask() {
            self.frame.stamp(&mask, 0, 0, color);
        }
    }

    /// Fills a rectangle with round corners.
    pub(super) fn round(&mut self, place: Rectangle, radius: i32, color: Rgb565) {
        let radius = radius.min(place.wide() / 2).min(place.high() / 2).max(0);
        let (x, y, wide, high) = (place.left(), place.top(), place.wide(), place.high());
        self.fill(area(x + radius, y, wide - 2 * radius, high), color);
        self.fill(area(x, y + radius, wide, high - 2 * radius), color);
        let Some(mask) = Path::new().circle((0.0, 0.0), radius as f32).mask() else { return };
        for center_x in [x + radius, x + wide - radius] {
            for center_y in [y + radius, y + high - radius] {
                self.frame.stamp(&mask, center_x, center_y, color);
            }
        }
    }

    /// Draws a card: a rectangle with round corners and an edge.
    pub(super) fn card(&mut self, place: Rectangle, fill: Rgb565, edge: Rgb565) {
        let radius = self.scale.corner();
        self.round(place, radius, edge);
        let thick = self.scale.px(2).max(1);
        self.round(place.inset(thick), radius - thick, fill);
    }

    /// Draws a sign around a point.
    pub(super) fn mark(&mut self, mark: Mark, center: (i32, i32), size: i32, ink: Rgb565, ground: Rgb565) {
        for (part, path) in mark.parts(center, size) {
            self.path(path, if part == Part::Solid { ink } else { ground });
        }
    }

    /// Draws one line of text at a point of its baseline's left end.
    pub(super) fn letters(&mut self, text: &str, style: Style, x: f32, baseline: i32, color: Rgb565) {
        let frame = &mut *self.frame;
        self.look.glyphs.set(text, style, x, baseline, |mask, x, y| frame.stamp(mask, x, y, color));
    }

    /// Draws one line in the middle of a place's height, smaller where it is too wide, and shortened only where even
    /// the smallest is. Gives the width that it took.
    pub(super) fn line(
        &mut self,
        text: &str,
        style: Style,
        place: Rectangle,
        align: Align,
        color: Rgb565,
    ) -> i32 {
        let style = self.fitting(text, style, place.wide());
        let (text, width) = self.shortened(text, style, place.wide());
        let x = match align {
            Align::Start => place.left() as f32,
            Align::Middle => place.left() as f32 + (place.wide() as f32 - width) / 2.0,
            Align::End => (place.left() + place.wide()) as f32 - width,
        };
        let baseline = place.top() + place.high() / 2 + style.drop();
        self.letters(&text, style, x, baseline, color);
        width.ceil() as i32
    }

    /// Finds the size at which a line fits a width, down to the smallest.
    pub(super) fn fitting(&self, text: &str, style: Style, width: i32) -> Style {
        let needed = self.look.glyphs.width(text, style);
        if needed <= width as f32 {
            return style;
        }
        let px = (f32::from(style.px) * width as f32 / needed).floor() as u16;
        style.sized(px.max(SMALLEST_PX.min(style.px)))
    }

    fn shortened(&mut self, text: &str, style: Style, width: i32) -> (String, f32) {
        let measure = |text: &str| self.look.glyphs.width(text, style);
        let whole = measure(text);
        if whole <= width as f32 + 0.5 {
            return (text.to_owned(), whole);
        }
        let mut short: String = text.to_owned();
        while short.pop().is_some() && measure(&format!("{short}…")) > width as f32 {}
        short.push('…');
        let narrow = measure(&short);
        self.cut.push(text.to_owned());
        (short, narrow)
    }

    /// Draws a QR code as large as whole pixels a module allow, on a white square with its quiet zone, in the middle of
    /// a place. Gives the white square.
    pub(super) fn qr(&mut self, modules: &Modules, place: Rectangle) -> Rectangle {
        let room = place.wide().min(place.high());
        let module = room / modules.whole_side() as i32;
        if module < 1 {
            self.cut.push("QR code".to_owned());
            return place;
        }
        let side = module * modules.whole_side() as i32;
        let (x, y) = (place.left() + (place.wide() - side) / 2, place.top() + (place.high() - side) / 2);
        let square = area(x, y, side, side);
        self.fill(square, WHITE);
        let quiet = QUIET_ZONE as i32 * module;
        for (column, row, length) in modules.runs() {
            let left = x + quiet + column as i32 * module;
            let top = y + quiet + row as i32 * module;
            self.fill(area(left, top, length as i32 * module, module), BLACK);
        }
        square
    }
}
