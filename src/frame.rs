//! A picture in memory, as a display shows it.
//!
//! A [`Frame`] is RGB565, row by row from the top: what most panels take, at half the memory of RGBA. Screens are drawn
//! into it, a display gets it whole and is told which rectangle changed ([`Frame::diff`]). Drawing in memory can't
//! fail, so its error is [`Infallible`] and no screen needs an `unwrap`. What lies outside is clipped, never a panic.
//!
//! It knows no text and no screens, and it doesn't know how a panel wants its bytes.

use std::convert::Infallible;

use embedded_graphics::pixelcolor::Rgb565;
use embedded_graphics::pixelcolor::raw::{RawData, RawU16};
use embedded_graphics::prelude::{DrawTarget, OriginDimensions, Pixel, Point, Size};
use embedded_graphics::primitives::Rectangle;

use crate::glyphs::Mask;

/// A picture of `width` by `height` pixels, RGB565.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    width: u32,
    height: u32,
    pixels: Vec<u16>,
}

impl Frame {
    /// Makes a black frame.
    pub fn new(width: u32, height: u32) -> Frame {
        Frame { width, height, pixels: vec![0; width as usize * height as usize] }
    }

    /// Says how wide the frame is, in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Says how high the frame is, in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Gives all pixels, row by row from the top.
    pub fn pixels(&self) -> &[u16] {
        &self.pixels
    }

    /// Gives the part of row `y` from `x` on that is `width` pixels wide, cut at the frame's edge.
    pub fn row(&self, x: u32, y: u32, width: u32) -> &[u16] {
        let end = x.saturating_add(width).min(self.width);
        if y >= self.height || x >= end {
            return &[];
        }
        let start = y as usize * self.width as usize;
        &self.pixels[start + x as usize..start + end as usize]
    }

    /// Gives the whole frame as a rectangle.
    pub fn area(&self) -> Rectangle {
        Rectangle::new(Point::zero(), Size::new(self.width, self.height))
    }

    /// Finds the smallest rectangle outside which this frame equals `previous`; `None` where nothing changed.
    ///
    /// Frames of different sizes differ everywhere.
    pub fn diff(&self, previous: &Frame) -> Option<Rectangle> {
        if (self.width, self.height) != (previous.width, previous.height) {
            return Some(self.area());
        }
        let width = self.width.max(1) as usize;
        let rows = || self.pixels.chunks_exact(width).zip(previous.pixels.chunks_exact(width));
        let top = rows().position(|(new, old)| new != old)?;
        let bottom = rows().rposition(|(new, old)| new != old)?;
        let (mut left, mut right) = (width, 0);
        for (new, old) in rows().skip(top).take(bottom - top + 1) {
            let differs = |x: &usize| new[*x] != old[*x];
            left = (0..left).find(differs).unwrap_or(left);
            right = (right..width).rfind(differs).unwrap_or(right);
        }
        let corner = Point::new(left as i32, top as i32);
        Some(Rectangle::new(corner, Size::new((right - left + 1) as u32, (bottom - top + 1) as u32)))
    }

    /// Fills a rectangle with one colour.
    pub fn fill(&mut self, area: Rectangle, color: Rgb565) {
        let area = area.intersection(&self.area());
        if area.is_zero_sized() {
            return;
        }
        let raw = RawU16::from(color).into_inner();
        let (x, width) = (area.top_left.x as usize, area.size.width as usize);
        for y in area.rows() {
            let start = y as usize * self.width as usize + x;
            self.pixels[start..start + width].fill(raw);
        }
    }

    /// Lays a mask's ink on the frame, its origin at (`x`, `y`), mixed with what is there by the mask's coverage.
    pub fn stamp(&mut self, mask: &Mask, x: i32, y: i32, color: Rgb565) {
        let ink = spread(RawU16::from(color).into_inner());
        let (left, top) = (x + mask.left, y + mask.top);
        let from = left.saturating_neg().max(0) as usize;
        let until = (self.width as i64 - i64::from(left)).clamp(0, i64::from(mask.width)) as usize;
        if from >= until {
            return;
        }
        for (line, coverage) in mask.rows().enumerate() {
            let row = i64::from(top) + line as i64;
            if row < 0 || row >= i64::from(self.height) {
                continue;
            }
            let start = row as usize * self.width as usize + (left + from as i32) as usize;
            let under = &mut self.pixels[start..start + until - from];
            for (pixel, &part) in under.iter_mut().zip(&coverage[from..until]) {
                *pixel = mix(*pixel, ink, part);
            }
        }
    }
}

impl OriginDimensions for Frame {
    fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }
}

impl DrawTarget for Frame {
    type Color = Rgb565;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb565>>>(&mut self, pixels: I) -> Result<(), Infallible> {
        let area = self.area();
        for Pixel(point, color) in pixels {
            if area.contains(point) {
                let place = point.y as usize * self.width as usize + point.x as usize;
                self.pixels[place] = RawU16::from(color).into_inner();
            }
        }
        Ok(())
    }

    fn fill_solid(&mut self, area: &Rectangle, color: Rgb565) -> Result<(), Infallible> {
        self.fill(*area, color);
        Ok(())
    }

    fn clear(&mut self, color: Rgb565) -> Result<(), Infallible> {
        self.pixels.fill(RawU16::from(color).into_inner());
        Ok(())
    }
}

/// The three channels of RGB565, apart enough to be multiplied by up to 32 at once.
const CHANNELS: u32 = 0x07E0_F81F;

fn spread(raw: u16) -> u32 {
    (u32::from(raw) | u32::from(raw) << 16) & CHANNELS
}

/// Mixes in 32 steps, which is as fine as the colour itself.
fn mix(under: u16, ink: u32, coverage: u8) -> u16 {
    let part = (u32::from(coverage) + 4) >> 3;
    let mixed = match part {
        0 => return under,
        32.. => ink,
        _ => ((spread(under) * (32 - part) + ink * part) >> 5) & CHANNELS,
    };
    (mixed | mixed >> 16) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(x: i32, y: i32, width: u32, height: u32) -> Rectangle {
        Rectangle::new(Point::new(x, y), Size::new(width, height))
    }

    const WHITE: Rgb565 = Rgb565::new(31, 63, 31);

    #[test]
    fn equal_frames_have_no_difference() {
        assert_eq!(Frame::new(7, 5).diff(&Frame::new(7, 5)), None);
    }

    #[test]
    fn the_difference_is_the_smallest_rectangle_around_all_changes() {
        let old = Frame::new(20, 10);
        let mut new = old.clone();
        new.fill(rectangle(3, 4, 1, 1), WHITE);
        assert_eq!(new.diff(&old), Some(rectangle(3, 4, 1, 1)));
        new.fill(rectangle(17, 2, 2, 1), WHITE);
        new.fill(rectangle(9, 8, 1, 1), WHITE);
        assert_eq!(new.diff(&old), Some(rectangle(3, 2, 16, 7)));
    }

    #[test]
    fn frames_of_different_sizes_differ_everywhere() {
        assert_eq!(Frame::new(4, 4).diff(&Frame::new(4, 5)), Some(rectangle(0, 0, 4, 4)));
    }

    #[test]
    fn a_fill_beyond_the_edge_is_clipped() {
        let mut frame = Frame::new(4, 3);
        frame.fill(rectangle(-5, -5, 7, 7), WHITE);
        frame.fill(rectangle(3, 2, 100, 100), WHITE);
        frame.fill(rectangle(50, 50, 9, 9), WHITE);
        frame.fill(rectangle(4, 0, 3, 3), WHITE);
        frame.fill(rectangle(9, 1, 0, 2), WHITE);
        let lit: Vec<bool> = frame.pixels().iter().map(|&pixel| pixel != 0).collect();
        assert_eq!(
            lit,
            [[true, true, false, false], [true, true, false, false], [false, false, false, true]].concat()
        );
    }

    #[test]
    fn full_coverage_is_the_ink_and_none_leaves_what_was_there() {
        assert_eq!(mix(0x1234, spread(0xFEDC), 255), 0xFEDC);
        assert_eq!(mix(0x1234, spread(0xFEDC), 0), 0x1234);
        assert_eq!(mix(0x0000, spread(0xFFFF), 128), 0x7BEF);
    }

    #[test]
    fn a_mask_that_hangs_over_every_edge_is_clipped() {
        let mask = Mask { left: -2, top: -2, width: 5, height: 5, coverage: vec![255; 25].into() };
        for (x, y, lit) in [(0, 0, 9), (3, 3, 9), (-9, 0, 0), (1, 90, 0), (2, 2, 16), (i32::MIN / 2, 0, 0)] {
            let mut frame = Frame::new(4, 4);
            frame.stamp(&mask, x, y, WHITE);
            assert_eq!(frame.pixels().iter().filter(|&&pixel| pixel != 0).count(), lit, "at {x},{y}");
        }
    }
}
