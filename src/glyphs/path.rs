//! Marks of our own (ticks, crosses, rounded corners) drawn with the same rasteriser as the letters.

use ab_glyph::{
    Glyph, GlyphId, Outline, OutlineCurve, OutlinedGlyph, Point, PxScale, PxScaleFactor, Rect, point,
};

use super::Mask;

/// How far the control points of a cubic stand off for a quarter of a circle of radius 1.
const QUARTER: f32 = 0.552_284_8;

/// Closed outlines in pixels, y downwards. What several shapes cover is inked once; a hole must lie in one shape alone.
#[derive(Clone, Debug, Default)]
pub struct Path {
    curves: Vec<OutlineCurve>,
}

impl Path {
    /// Makes a path without outlines.
    pub fn new() -> Path {
        Path::default()
    }

    /// Adds a polygon, whichever way round its corners are given.
    #[must_use]
    pub fn polygon(self, corners: &[(f32, f32)]) -> Path {
        self.corners(corners, true)
    }

    /// Takes a polygon out of a shape around it.
    #[must_use]
    pub fn hole(self, corners: &[(f32, f32)]) -> Path {
        self.corners(corners, false)
    }

    /// Adds a regular polygon around (`x`, `y`), its first corner `turn` of a circle clockwise from the top.
    #[must_use]
    pub fn regular(self, sides: u16, (x, y): (f32, f32), radius: f32, turn: f32) -> Path {
        let corner = |index: u16| {
            let angle = (f32::from(index) / f32::from(sides) + turn) * std::f32::consts::TAU;
            (x + radius * angle.sin(), y - radius * angle.cos())
        };
        let corners: Vec<_> = (0..sides).map(corner).collect();
        self.polygon(&corners)
    }

    /// Adds a filled circle.
    #[must_use]
    pub fn circle(self, center: (f32, f32), radius: f32) -> Path {
        self.round(center, radius, 1.0)
    }

    /// Adds a ring: a circle, and a hole in it.
    #[must_use]
    pub fn ring(self, center: (f32, f32), radius: f32, thick: f32) -> Path {
        self.round(center, radius, 1.0).round(center, radius - thick, -1.0)
    }

    /// Adds a line through `points`, with round ends and joints.
    #[must_use]
    pub fn stroke(mut self, points: &[(f32, f32)], thick: f32) -> Path {
        let half = thick / 2.0;
        for pair in points.windows(2) {
            let [(ax, ay), (bx, by)] = [pair[0], pair[1]];
            let length = (bx - ax).hypot(by - ay).max(f32::EPSILON);
            let (nx, ny) = ((by - ay) / length * half, (ax - bx) / length * half);
            self = self.polygon(&[
                (ax + nx, ay + ny),
                (bx + nx, by + ny),
                (bx - nx, by - ny),
                (ax - nx, ay - ny),
            ]);
        }
        points.iter().fold(self, |path, &point| path.circle(point, half))
    }

    /// Adds an arc as a line with round ends, from `start` on, both in turns clockwise from the top.
    #[must_use]
    pub fn arc(self, (x, y): (f32, f32), radius: f32, start: f32, sweep: f32, thick: f32) -> Path {
        let steps = ((radius * sweep.abs()) as u16).clamp(8, 64);
        let at = |step: u16| {
            let angle = (start + sweep * f32::from(step) / f32::from(steps)) * std::f32::consts::TAU;
            (x + radius * angle.sin(), y - radius * angle.cos())
        };
        let points: Vec<_> = (0..=steps).map(at).collect();
        self.stroke(&points, thick)
    }

    /// Rasterises the path; `None` where it covers nothing.
    pub fn mask(self) -> Option<Mask> {
        let points = self.curves.iter().flat_map(|curve| match *curve {
            OutlineCurve::Line(a, b) => [a, b, a, b],
            OutlineCurve::Quad(a, b, c) => [a, b, c, c],
            OutlineCurve::Cubic(a, b, c, d) => [a, b, c, d],
        });
        let bounds = points.map(|at| Rect { min: at, max: at }).reduce(|a, b| Rect {
            min: point(a.min.x.min(b.min.x), a.min.y.max(b.min.y)),
            max: point(a.max.x.max(b.max.x), a.max.y.min(b.max.y)),
        })?;
        let outline = Outline { bounds, curves: self.curves };
        mask(outline, PxScaleFactor { horizontal: 1.0, vertical: 1.0 }, point(0.0, 0.0))
    }

    fn corners(mut self, corners: &[(f32, f32)], clockwise: bool) -> Path {
        let pairs = || corners.iter().zip(corners.iter().cycle().skip(1));
        let doubled_area: f32 = pairs().map(|(&(ax, ay), &(bx, by))| ax * by - bx * ay).sum();
        for (&from, &to) in pairs() {
            let (from, to) = if (doubled_area >= 0.0) == clockwise { (from, to) } else { (to, from) };
            self.curves.push(OutlineCurve::Line(up(from), up(to)));
        }
        self
    }

    fn round(mut self, (x, y): (f32, f32), radius: f32, direction: f32) -> Path {
        let far = radius * QUARTER;
        let corners = [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)];
        for (index, (ax, ay)) in corners.into_iter().enumerate() {
            let (bx, by) = corners[(index + 1) % 4];
            let place = |px: f32, py: f32| up((x + px * direction, y + py));
            self.curves.push(OutlineCurve::Cubic(
                place(ax * radius, ay * radius),
                place(ax * radius + bx * far, ay * radius + by * far),
                place(bx * radius + ax * far, by * radius + ay * far),
                place(bx * radius, by * radius),
            ));
        }
        self
    }
}

/// Fonts count upwards, pictures downwards.
fn up((x, y): (f32, f32)) -> Point {
    point(x, -y)
}

/// Rasterises an outline with its origin at `start`, a fraction of a pixel.
pub(super) fn mask(outline: Outline, factor: PxScaleFactor, start: Point) -> Option<Mask> {
    let glyph = Glyph { id: GlyphId(0), scale: PxScale::from(1.0), position: start };
    let outlined = OutlinedGlyph::new(glyph, outline, factor);
    let bounds = outlined.px_bounds();
    let (width, height) = (bounds.width() as u32, bounds.height() as u32);
    if width == 0 || height == 0 {
        return None;
    }
    let mut coverage = vec![0; width as usize * height as usize].into_boxed_slice();
    outlined.draw(|x, y, part| {
        if let Some(pixel) = coverage.get_mut(y as usize * width as usize + x as usize) {
            *pixel = (part.min(1.0) * 255.0).round() as u8;
        }
    });
    Some(Mask { left: bounds.min.x as i32, top: bounds.min.y as i32, width, height, coverage })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn area(path: Path) -> f32 {
        path.mask().unwrap().coverage.iter().map(|&part| f32::from(part) / 255.0).sum()
    }

    #[test]
    fn shapes_cover_the_area_that_geometry_says() {
        assert!((area(Path::new().circle((50.0, 50.0), 40.0)) - 5026.5).abs() < 15.0);
        assert!((area(Path::new().ring((50.0, 50.0), 40.0, 10.0)) - 2199.1).abs() < 15.0);
        assert!((area(Path::new().polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, 20.0)])) - 100.0).abs() < 1.0);
        assert!((area(Path::new().regular(4, (20.0, 20.0), 10.0, 0.0)) - 200.0).abs() < 1.0);
    }

    #[test]
    fn a_stroke_inks_its_joints_once_whichever_way_it_goes() {
        for points in [[(10.0, 10.0), (40.0, 10.0), (40.0, 40.0)], [(40.0, 40.0), (40.0, 10.0), (10.0, 10.0)]]
        {
            let expected = 60.0 * 8.0 - 16.0 + std::f32::consts::PI * 16.0 * 1.25;
            assert!((area(Path::new().stroke(&points, 8.0)) - expected).abs() < 6.0);
        }
    }

    #[test]
    fn a_path_without_outlines_has_no_mask() {
        assert_eq!(Path::new().mask(), None);
    }
}
