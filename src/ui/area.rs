//! Rectangles cut into rectangles, and the sizes that follow from a frame's size.

use embedded_graphics::prelude::{Point, Size};
use embedded_graphics::primitives::Rectangle;

/// Makes a rectangle; a negative size is none.
pub(super) fn area(x: i32, y: i32, width: i32, height: i32) -> Rectangle {
    Rectangle::new(Point::new(x, y), Size::new(width.max(0) as u32, height.max(0) as u32))
}

/// What a layout does with rectangles.
pub(super) trait Cut: Sized {
    fn left(&self) -> i32;
    fn top(&self) -> i32;
    fn wide(&self) -> i32;
    fn high(&self) -> i32;
    /// The middle.
    fn middle(&self) -> (i32, i32) {
        (self.left() + self.wide() / 2, self.top() + self.high() / 2)
    }
    /// The rectangle with `by` taken off each side.
    fn inset(&self, by: i32) -> Self;
    /// The top `height`, and the rest below a gap.
    fn cut_top(&self, height: i32, gap: i32) -> (Self, Self);
    /// The bottom `height`, and the rest above a gap.
    fn cut_bottom(&self, height: i32, gap: i32) -> (Self, Self);
    /// The left `width`, and the rest beside a gap.
    fn cut_left(&self, width: i32, gap: i32) -> (Self, Self);
    /// The right `width`, and the rest beside a gap.
    fn cut_right(&self, width: i32, gap: i32) -> (Self, Self);
    /// `count` equal columns.
    fn in_columns(&self, count: usize, gap: i32) -> Vec<Self>;
    /// `count` equal rows.
    fn in_rows(&self, count: usize, gap: i32) -> Vec<Self>;
}

impl Cut for Rectangle {
    fn left(&self) -> i32 {
        self.top_left.x
    }

    fn top(&self) -> i32 {
        self.top_left.y
    }

    fn wide(&self) -> i32 {
        self.size.width as i32
    }

    fn high(&self) -> i32 {
        self.size.height as i32
    }

    fn inset(&self, by: i32) -> Rectangle {
        area(self.left() + by, self.top() + by, self.wide() - 2 * by, self.high() - 2 * by)
    }

    fn cut_top(&self, height: i32, gap: i32) -> (Rectangle, Rectangle) {
        let (x, y, wide) = (self.left(), self.top(), self.wide());
        (area(x, y, wide, height), area(x, y + height + gap, wide, self.high() - height - gap))
    }

    fn cut_bottom(&self, height: i32, gap: i32) -> (Rectangle, Rectangle) {
        let (top, bottom) = self.cut_top(self.high() - height - gap, gap);
        (bottom, top)
    }

    fn cut_left(&self, width: i32, gap: i32) -> (Rectangle, Rectangle) {
        let (x, y, high) = (self.left(), self.top(), self.high());
        (area(x, y, width, high), area(x + width + gap, y, self.wide() - width - gap, high))
    }

    fn cut_right(&self, width: i32, gap: i32) -> (Rectangle, Rectangle) {
        let (left, right) = self.cut_left(self.wide() - width - gap, gap);
        (right, left)
    }

    fn in_columns(&self, count: usize, gap: i32) -> Vec<Rectangle> {
        let parts = parts(self.left(), self.wide(), count, gap);
        parts.map(|(x, wide)| area(x, self.top(), wide, self.high())).collect()
    }

    fn in_rows(&self, count: usize, gap: i32) -> Vec<Rectangle> {
        let parts = parts(self.top(), self.high(), count, gap);
        parts.map(|(y, high)| area(self.left(), y, self.wide(), high)).collect()
    }
}

/// Divides a length so that the parts differ by a pixel at most and fill it wholly.
fn parts(start: i32, length: i32, count: usize, gap: i32) -> impl Iterator<Item = (i32, i32)> {
    let count = count.max(1) as i32;
    let room = length - gap * (count - 1);
    let edge = move |index: i32| start + room * index / count + gap * index;
    (0..count).map(move |index| (edge(index), room * (index + 1) / count - room * index / count))
}

/// The sizes that follow from a frame's size. A screen of 800 by 480 has scale 1.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    geometry: f32,
    text: f32,
}

impl Scale {
    pub(super) fn of(size: Size) -> Scale {
        let geometry = (size.width as f32 / 800.0).min(size.height as f32 / 480.0);
        // Small panels are held closer, not as much closer as they are small.
        let text = if geometry < 1.0 { geometry.powf(0.7) } else { geometry };
        Scale { geometry, text }
    }

    /// For a square or upright frame, whose shorter side is its width.
    pub(super) fn of_customer(size: Size) -> Scale {
        let shorter = size.width.min(size.height) as f32 / 480.0;
        Scale { geometry: shorter, text: if shorter < 1.0 { shorter.powf(0.7) } else { shorter } }
    }

    /// A text's size, given at scale 1.
    pub(super) fn text(self, px: u16) -> u16 {
        (f32::from(px) * self.text).round().max(12.0) as u16
    }

    /// A length, given at scale 1.
    pub(super) fn px(self, px: i32) -> i32 {
        (px as f32 * self.geometry).round().max(1.0) as i32
    }

    /// The strip's height.
    pub(super) fn strip(self) -> i32 {
        self.px(38).max(28)
    }

    /// The height of a button: never smaller than a finger.
    pub(super) fn button(self) -> i32 {
        self.px(72).max(56)
    }

    /// The space at the edges.
    pub(super) fn margin(self) -> i32 {
        self.px(24).max(12)
    }

    /// The space between things of one kind.
    pub(super) fn gap(self) -> i32 {
        self.px(12).max(8)
    }

    /// The radius of corners.
    pub(super) fn corner(self) -> i32 {
        self.px(12).max(8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width_whatever_is_left_over() {
        let columns = area(5, 0, 101, 10).in_columns(4, 3);
        assert_eq!(columns.first().map(Cut::left), Some(5));
        assert_eq!(columns.last().map(|last| last.left() + last.wide()), Some(106));
        for pair in columns.windows(2) {
            assert_eq!(pair[0].left() + pair[0].wide() + 3, pair[1].left());
        }
    }

    #[test]
    fn cuts_from_either_side_meet_at_the_gap() {
        let whole = area(10, 20, 100, 50);
        assert_eq!(whole.cut_left(30, 5), (area(10, 20, 30, 50), area(45, 20, 65, 50)));
        assert_eq!(whole.cut_right(30, 5), (area(80, 20, 30, 50), area(10, 20, 65, 50)));
        assert_eq!(whole.cut_bottom(10, 5), (area(10, 60, 100, 10), area(10, 20, 100, 35)));
    }

    #[test]
    fn no_button_is_smaller_than_a_finger() {
        for (width, height) in [(480, 320), (800, 480), (1280, 800), (320, 240)] {
            assert!(Scale::of(Size::new(width, height)).button() >= 56);
        }
    }
}
