//! The signs, drawn: each result has a silhouette of its own, so that it is told at arm's length without its colour.

use super::Path;

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A tick in a disc: paid.
    Paid,
    /// A cross in an octagon: not paid.
    NotPaid,
    /// Crossed waves in a rounded square: no connection.
    NoConnection,
    /// An arrow that runs back around a cross: cancelled.
    Cancelled,
    /// An arrow in a tag that points back: money given back.
    GivenBack,
    /// A cross in a tag that points back: not given back.
    NotGivenBack,
    /// A question in a triangle: not known yet.
    Unknown,
    /// An hourglass in a triangle: not settled.
    Unsettled,
    /// An exclamation in a diamond: a person must answer.
    Attention,
    /// An arrow that runs back: cancelling.
    Cancelling,
    /// A phone that shows a code, in front of a scanner's line.
    Phone,
    /// A phone with a tick: the customer confirms.
    Confirm,
    /// An hourglass: please wait.
    Wait,
    /// The three corners of a QR code.
    Code,
    /// A padlock.
    Lock,
    /// A clock.
    Clock,
    /// A barrier: out of service.
    Barrier,
    /// Sheet of paper.
    Paper,
    /// Waves: connected.
    Online,
    /// Crossed waves: not connected.
    Offline,
    /// A cross.
    Cross,
    /// A tick.
    Tick,
    /// Three bars.
    Menu,
    /// Lines with dots.
    List,
    /// An arrow to the left.
    Back,
    /// An arrow to the right.
    Next,
    /// Takes back a digit.
    Backspace,
}

/// A sign's place: points are given in a square of 100 by 100.
#[derive(Clone, Copy)]
struct Pen {
    x: f32,
    y: f32,
    unit: f32,
}

impl Pen {
    fn at(self, (x, y): (f32, f32)) -> (f32, f32) {
        (self.x + (x - 50.0) * self.unit, self.y + (y - 50.0) * self.unit)
    }

    fn stroke(self, path: Path, points: &[(f32, f32)], thick: f32) -> Path {
        let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        path.stroke(&points, (thick * self.unit).max(1.5))
    }

    fn fill(self, path: Path, corners: &[(f32, f32)]) -> Path {
        let corners: Vec<_> = corners.iter().map(|&corner| self.at(corner)).collect();
        path.polygon(&corners)
    }

    fn disc(self, path: Path, center: (f32, f32), radius: f32) -> Path {
        path.circle(self.at(center), radius * self.unit)
    }

    fn arc(
        self,
        path: Path,
        center: (f32, f32),
        radius: f32,
        (start, sweep): (f32, f32),
        thick: f32,
    ) -> Path {
        path.arc(self.at(center), radius * self.unit, start, sweep, (thick * self.unit).max(1.5))
    }

    /// A solid shape with rounded corners: its polygon, with a round line around it.
    fn soft(self, path: Path, corners: &[(f32, f32)], round: f32) -> Path {
        let mut edge = corners.to_vec();
        edge.extend(corners.first());
        self.stroke(self.fill(path, corners), &edge, round * 2.0)
    }
}

/// What a part of a sign is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Ink.
    Solid,
    /// The colour that lies under the sign.
    Carved,
}

impl Mark {
    /// Gives the sign's parts, of `size` pixels around (`x`, `y`), in the order in which they are drawn.
    pub fn parts(self, (x, y): (i32, i32), size: i32) -> [(Part, Path); 3] {
        let pen = Pen { x: x as f32, y: y as f32, unit: size as f32 / 100.0 };
        let (solid, carved) = shape(self, pen);
        [(Part::Solid, solid), (Part::Carved, carved), (Part::Solid, detail(self, pen))]
    }
}

/// What stands in the carved part of a sign.
fn detail(mark: Mark, pen: Pen) -> Path {
    match mark {
        Mark::Phone => small_code(pen, (33.0, 31.0), 34.0),
        Mark::Confirm => pen.stroke(Path::new(), &[(38.0, 46.0), (47.0, 55.0), (63.0, 36.0)], 8.0),
        _ => Path::new(),
    }
}

/// A sign's solid shape, and what is carved out of it.
fn shape(mark: Mark, pen: Pen) -> (Path, Path) {
    let new = Path::new;
    let cross = |thick: f32, from: f32, to: f32| {
        let path = pen.stroke(new(), &[(from, from), (to, to)], thick);
        pen.stroke(path, &[(to, from), (from, to)], thick)
    };
    match mark {
        Mark::Paid => (
            pen.disc(new(), (50.0, 50.0), 50.0),
            pen.stroke(new(), &[(27.0, 52.0), (43.0, 68.0), (74.0, 34.0)], 11.0),
        ),
        Mark::NotPaid => {
            let octagon = new().regular(8, pen.at((50.0, 50.0)), 53.0 * pen.unit, 1.0 / 16.0);
            (octagon, cross(11.0, 33.0, 67.0))
        }
        Mark::NoConnection => {
            let square = pen.soft(new(), &[(14.0, 14.0), (86.0, 14.0), (86.0, 86.0), (14.0, 86.0)], 12.0);
            let waves = waves(pen, (50.0, 70.0), 0.78);
            (square, pen.stroke(waves, &[(24.0, 24.0), (76.0, 80.0)], 7.0))
        }
        Mark::Cancelled => {
            let (arrow, _) = shape(Mark::Cancelling, pen);
            let path = pen.stroke(arrow, &[(38.0, 42.0), (62.0, 66.0)], 9.0);
            (pen.stroke(path, &[(62.0, 42.0), (38.0, 66.0)], 9.0), new())
        }
        Mark::Cancelling => {
            let ring = pen.arc(new(), (50.0, 54.0), 38.0, (0.12, 0.80), 9.0);
            (pen.soft(ring, &[(26.0, 6.0), (52.0, 17.0), (28.0, 33.0)], 2.0), new())
        }
        Mark::GivenBack => {
            let arrow = pen.stroke(new(), &[(82.0, 50.0), (34.0, 50.0)], 10.0);
            (tag(pen), pen.stroke(arrow, &[(50.0, 34.0), (34.0, 50.0), (50.0, 66.0)], 10.0))
        }
        Mark::NotGivenBack => {
            let path = pen.stroke(new(), &[(44.0, 34.0), (76.0, 66.0)], 10.0);
            (tag(pen), pen.stroke(path, &[(76.0, 34.0), (44.0, 66.0)], 10.0))
        }
        Mark::Unknown => {
            let path = pen.arc(new(), (50.0, 46.0), 12.0, (-0.22, 0.62), 8.0);
            let path = pen.stroke(path, &[(56.0, 56.0), (50.0, 62.0), (50.0, 68.0)], 8.0);
            (triangle(pen), pen.disc(path, (50.0, 81.0), 5.0))
        }
        Mark::Unsettled => (triangle(pen), hourglass(pen, (50.0, 62.0), 0.54)),
        Mark::Attention => {
            let diamond = pen.soft(new(), &[(50.0, 4.0), (96.0, 50.0), (50.0, 96.0), (4.0, 50.0)], 4.0);
            let path = pen.stroke(new(), &[(50.0, 26.0), (50.0, 56.0)], 10.0);
            (diamond, pen.disc(path, (50.0, 73.0), 6.0))
        }
        Mark::Phone => phone_with_code(pen),
        Mark::Confirm => {
            let screen = [(31.0, 14.0), (69.0, 14.0), (69.0, 76.0), (31.0, 76.0)];
            let body = pen.soft(new(), &[(30.0, 8.0), (70.0, 8.0), (70.0, 92.0), (30.0, 92.0)], 8.0);
            let carved = pen.soft(new(), &screen, 1.0);
            (body, pen.disc(carved, (50.0, 88.0), 3.5))
        }
        Mark::Wait => (hourglass(pen, (50.0, 50.0), 0.95), new()),
        Mark::Code => (small_code(pen, (10.0, 10.0), 80.0), new()),
        Mark::Lock => {
            let body = pen.soft(new(), &[(24.0, 50.0), (76.0, 50.0), (76.0, 90.0), (24.0, 90.0)], 7.0);
            let path = pen.stroke(body, &[(30.0, 46.0), (30.0, 32.0)], 9.0);
            let path = pen.stroke(path, &[(70.0, 46.0), (70.0, 32.0)], 9.0);
            let hole = pen.disc(new(), (50.0, 66.0), 7.0);
            (
                pen.arc(path, (50.0, 32.0), 20.0, (-0.25, 0.5), 9.0),
                pen.stroke(hole, &[(50.0, 68.0), (50.0, 79.0)], 6.0),
            )
        }
        Mark::Clock => {
            let ring = pen.arc(new(), (50.0, 50.0), 42.0, (0.0, 1.0), 10.0);
            (pen.stroke(ring, &[(50.0, 24.0), (50.0, 50.0), (68.0, 60.0)], 10.0), new())
        }
        Mark::Barrier => {
            let disc = pen.disc(new(), (50.0, 50.0), 50.0);
            (disc, pen.soft(new(), &[(24.0, 44.0), (76.0, 44.0), (76.0, 56.0), (24.0, 56.0)], 3.0))
        }
        Mark::Paper => {
            let sheet = [
                (22.0, 8.0),
                (78.0, 8.0),
                (78.0, 94.0),
                (64.0, 84.0),
                (50.0, 94.0),
                (36.0, 84.0),
                (22.0, 94.0),
            ];
            let lines = pen.stroke(new(), &[(36.0, 30.0), (64.0, 30.0)], 8.0);
            (pen.soft(new(), &sheet, 3.0), pen.stroke(lines, &[(36.0, 52.0), (64.0, 52.0)], 8.0))
        }
        Mark::Online => (waves(pen, (50.0, 78.0), 1.0), new()),
        Mark::Offline => {
            (pen.stroke(waves(pen, (50.0, 78.0), 1.0), &[(12.0, 12.0), (88.0, 88.0)], 10.0), new())
        }
        Mark::Cross => (cross(12.0, 20.0, 80.0), new()),
        Mark::Tick => (pen.stroke(new(), &[(14.0, 54.0), (40.0, 78.0), (86.0, 24.0)], 13.0), new()),
        Mark::Menu => {
            let bars = [24.0, 50.0, 76.0].into_iter();
            (bars.fold(new(), |path, y| pen.stroke(path, &[(14.0, y), (86.0, y)], 11.0)), new())
        }
        Mark::List => {
            let rows = [22.0, 50.0, 78.0].into_iter();
            let path = rows.fold(new(), |path, y| {
                pen.stroke(pen.disc(path, (14.0, y), 8.0), &[(36.0, y), (90.0, y)], 11.0)
            });
            (path, new())
        }
        Mark::Back => {
            (arrow(pen, &[(44.0, 20.0), (14.0, 50.0), (44.0, 80.0)], &[(16.0, 50.0), (88.0, 50.0)]), new())
        }
        Mark::Next => {
            (arrow(pen, &[(56.0, 20.0), (86.0, 50.0), (56.0, 80.0)], &[(12.0, 50.0), (84.0, 50.0)]), new())
        }
        Mark::Backspace => {
            let body = [(36.0, 20.0), (94.0, 20.0), (94.0, 80.0), (36.0, 80.0), (6.0, 50.0)];
            let carved = pen.stroke(new(), &[(52.0, 38.0), (76.0, 62.0)], 8.0);
            (pen.soft(new(), &body, 4.0), pen.stroke(carved, &[(76.0, 38.0), (52.0, 62.0)], 8.0))
        }
    }
}

fn arrow(pen: Pen, head: &[(f32, f32)], shaft: &[(f32, f32)]) -> Path {
    pen.stroke(pen.stroke(Path::new(), head, 12.0), shaft, 12.0)
}

/// A tag that points to where the money came from.
fn tag(pen: Pen) -> Path {
    pen.soft(Path::new(), &[(8.0, 50.0), (38.0, 14.0), (94.0, 14.0), (94.0, 86.0), (38.0, 86.0)], 5.0)
}

fn triangle(pen: Pen) -> Path {
    pen.soft(Path::new(), &[(50.0, 9.0), (95.0, 90.0), (5.0, 90.0)], 6.0)
}

fn hourglass(pen: Pen, (x, y): (f32, f32), by: f32) -> Path {
    let at = |dx: f32, dy: f32| (x + dx * by, y + dy * by);
    let path = pen.stroke(Path::new(), &[at(-28.0, -42.0), at(28.0, -42.0)], 9.0 * by);
    let path = pen.stroke(path, &[at(-28.0, 42.0), at(28.0, 42.0)], 9.0 * by);
    let path = pen.fill(path, &[at(-22.0, -38.0), at(22.0, -38.0), at(4.0, 0.0), at(-4.0, 0.0)]);
    pen.fill(path, &[at(-4.0, 0.0), at(4.0, 0.0), at(22.0, 38.0), at(-22.0, 38.0)])
}

fn waves(pen: Pen, (x, y): (f32, f32), by: f32) -> Path {
    let arcs = [20.0, 40.0, 60.0].into_iter();
    let path = pen.disc(Path::new(), (x, y), 8.0 * by);
    arcs.fold(path, |path, radius| pen.arc(path, (x, y), radius * by, (-0.125, 0.25), 9.0 * by))
}

/// The look of a QR code: three corners and some dots. It is a sign, not a code that could be read.
fn small_code(pen: Pen, (x, y): (f32, f32), size: f32) -> Path {
    let unit = size / 7.0;
    let square = |path: Path, column: f32, row: f32, side: f32| {
        let (left, top) = (x + column * unit, y + row * unit);
        let (right, bottom) = (left + side * unit, top + side * unit);
        pen.fill(path, &[(left, top), (right, top), (right, bottom), (left, bottom)])
    };
    let corner = |path: Path, column: f32, row: f32| {
        let (l, t) = (x + column * unit, y + row * unit);
        let (s, d) = (3.0 * unit, 0.8 * unit);
        let outer = pen.fill(path, &[(l, t), (l + s, t), (l + s, t + s), (l, t + s)]);
        let hole = [(l + d, t + d), (l + s - d, t + d), (l + s - d, t + s - d), (l + d, t + s - d)];
        square(outer.hole(&hole.map(|corner| pen.at(corner))), column + 1.1, row + 1.1, 0.8)
    };
    let path = corner(corner(corner(Path::new(), 0.0, 0.0), 4.0, 0.0), 0.0, 4.0);
    let dots = [(4.0, 4.0), (6.0, 4.0), (5.0, 5.0), (4.0, 6.0), (6.0, 6.0)];
    dots.into_iter().fold(path, |path, (column, row)| square(path, column, row, 1.0))
}

fn phone_with_code(pen: Pen) -> (Path, Path) {
    let body = pen.soft(Path::new(), &[(26.0, 6.0), (74.0, 6.0), (74.0, 94.0), (26.0, 94.0)], 7.0);
    let screen = pen.soft(Path::new(), &[(27.0, 14.0), (73.0, 14.0), (73.0, 82.0), (27.0, 82.0)], 1.0);
    (body, screen)
}

#[cfg(test)]
mod tests {
    use super::*;

    // "Not known yet" is a triangle like "not settled", on purpose: it is the same doubt, only younger.
    const RESULTS: [Mark; 6] =
        [Mark::Paid, Mark::NotPaid, Mark::NoConnection, Mark::Cancelled, Mark::Unsettled, Mark::Attention];

    fn silhouette(mark: Mark) -> Vec<bool> {
        let mut dots = vec![false; 120 * 120];
        for (part, path) in mark.parts((60, 60), 100) {
            let Some(mask) = path.mask() else { continue };
            for (y, row) in mask.rows().enumerate() {
                for (x, _) in row.iter().enumerate().filter(|(_, ink)| **ink > 127) {
                    let place = (mask.top + y as i32) * 120 + mask.left + x as i32;
                    dots[place as usize] = part == Part::Solid;
                }
            }
        }
        dots
    }

    #[test]
    fn the_signs_of_results_differ_in_shape_by_a_tenth_of_their_square_at_least() {
        let shapes = RESULTS.map(silhouette);
        for (index, one) in shapes.iter().enumerate() {
            for (other_index, other) in shapes.iter().enumerate().skip(index + 1) {
                let differing = one.iter().zip(other).filter(|(a, b)| a != b).count();
                assert!(differing > 1000, "{:?} and {:?}: {differing}", RESULTS[index], RESULTS[other_index]);
            }
        }
    }
}
