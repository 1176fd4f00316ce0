//! Texts and signs one under the other, made smaller together until they fit.
//!
//! A screen says what it has to say in the sizes that it would like; whatever the frame, the language and the length of
//! an id, the stack finds the largest sizes at which nothing is cut. What does not fit even at the smallest is cut, and
//! recorded as cut: in tests that is an error.

use embedded_graphics::pixelcolor::Rgb565;
use embedded_graphics::primitives::Rectangle;

use super::area::{Cut, area};
use super::paint::{Align, Paint, SMALLEST_PX};
use crate::glyphs::{Mark, Style};

/// A column of blocks.
pub(super) struct Stack {
    blocks: Vec<Block>,
    across: Align,
    down: Align,
}

enum Block {
    Text { text: String, style: Style, color: Rgb565, wrap: Wrap },
    Gap(i32),
    Mark { mark: Mark, size: i32, ink: Rgb565, ground: Rgb565 },
}

/// What a text that is too wide does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrap {
    /// It becomes smaller: an amount, an id.
    Never,
    /// It becomes a little smaller, or takes several lines: a title.
    Reluctantly,
    /// It takes several lines.
    Freely,
}

/// A title that would need less than this, in percent of its size, rather takes another line.
const TITLE_PERCENT_MIN: u16 = 72;

/// A block with its place found.
struct Placed {
    top: i32,
    line: Line,
}

enum Line {
    Text { text: String, style: Style, color: Rgb565 },
    Mark { mark: Mark, size: i32, ink: Rgb565, ground: Rgb565 },
}

impl Stack {
    /// Makes an empty stack.
    pub(super) fn new(across: Align, down: Align) -> Stack {
        Stack { blocks: Vec::new(), across, down }
    }

    /// Adds a text that may take several lines.
    pub(super) fn text(mut self, text: impl Into<String>, style: Style, color: Rgb565) -> Stack {
        self.blocks.push(Block::Text { text: text.into(), style, color, wrap: Wrap::Freely });
        self
    }

    /// Adds a title: on one line, if it need not be much smaller for that.
    pub(super) fn title(mut self, text: impl Into<String>, style: Style, color: Rgb565) -> Stack {
        self.blocks.push(Block::Text { text: text.into(), style, color, wrap: Wrap::Reluctantly });
        self
    }

    /// Adds a text that stays on one line: an amount, an id.
    pub(super) fn line(mut self, text: impl Into<String>, style: Style, color: Rgb565) -> Stack {
        self.blocks.push(Block::Text { text: text.into(), style, color, wrap: Wrap::Never });
        self
    }

    /// Adds space.
    pub(super) fn gap(mut self, height: i32) -> Stack {
        self.blocks.push(Block::Gap(height));
        self
    }

    /// Adds a sign.
    pub(super) fn mark(mut self, mark: Mark, size: i32, ink: Rgb565, ground: Rgb565) -> Stack {
        self.blocks.push(Block::Mark { mark, size, ink, ground });
        self
    }

    /// Draws the stack into a place.
    pub(super) fn draw(self, paint: &mut Paint<'_>, place: Rectangle) {
        let mut percent = 100;
        let (placed, height) = loop {
            let (placed, height) = self.arrange(paint, place.wide(), percent);
            if height <= place.high() || percent <= 40 {
                break (placed, height);
            }
            percent -= 4;
        };
        if height > place.high() {
            paint.cut.extend(self.blocks.iter().filter_map(|block| match block {
                Block::Text { text, .. } => Some(text.clone()),
                Block::Gap(_) | Block::Mark { .. } => None,
            }));
        }
        let room = (place.high() - height).max(0);
        let start = place.top()
            + match self.down {
                Align::Start => 0,
                Align::Middle => room / 2,
                Align::End => room,
            };
        for Placed { top, line } in placed {
            self.put(paint, place, start + top, line);
        }
    }

    fn put(&self, paint: &mut Paint<'_>, place: Rectangle, top: i32, line: Line) {
        match line {
            Line::Text { text, style, color } => {
                let strip = area(place.left(), top, place.wide(), style.line_height());
                paint.line(&text, style, strip, self.across, color);
            }
            Line::Mark { mark, size, ink, ground } => {
                let x = match self.across {
                    Align::Start => place.left() + size / 2,
                    Align::Middle => place.middle().0,
                    Align::End => place.left() + place.wide() - size / 2,
                };
                paint.mark(mark, (x, top + size / 2), size, ink, ground);
            }
        }
    }

    fn arrange(&self, paint: &Paint<'_>, wide: i32, percent: i32) -> (Vec<Placed>, i32) {
        let (mut placed, mut top) = (Vec::new(), 0);
        for block in &self.blocks {
            match block {
                Block::Gap(height) => top += height * percent / 100,
                Block::Mark { mark, size, ink, ground } => {
                    let size = size * percent / 100;
                    let line = Line::Mark { mark: *mark, size, ink: *ink, ground: *ground };
                    placed.push(Placed { top, line });
                    top += size;
                }
                Block::Text { text, style, color, wrap } => {
                    let px = (i32::from(style.px) * percent / 100) as u16;
                    let style = style.sized(px.max(SMALLEST_PX.min(style.px)));
                    for (text, style) in broken(paint, text, style, wide, *wrap) {
                        let line = Line::Text { text, style, color: *color };
                        placed.push(Placed { top, line });
                        top += style.line_height();
                    }
                }
            }
        }
        (placed, top)
    }
}

fn broken(paint: &Paint<'_>, text: &str, style: Style, wide: i32, wrap: Wrap) -> Vec<(String, Style)> {
    let fitted = paint.fitting(text, style, wide);
    let one_line = match wrap {
        Wrap::Never => true,
        Wrap::Reluctantly => {
            fitted.px >= style.px * TITLE_PERCENT_MIN / 100 && paint.width(text, fitted) <= wide
        }
        Wrap::Freely => false,
    };
    if one_line {
        return vec![(text.to_owned(), fitted)];
    }
    let glyphs = &paint.look.glyphs;
    let too_wide = |word: &str| word.is_ascii() && glyphs.width(word, style) > wide as f32;
    // Rather make the text smaller than cut a word in two.
    if style.px > SMALLEST_PX && text.split_whitespace().any(too_wide) {
        return broken(paint, text, style.sized(style.px - 1), wide, wrap);
    }
    glyphs.balanced(text, style, wide as f32).into_iter().map(|line| (line.text.to_owned(), style)).collect()
}
