//! A picture for paper: one bit a dot.

/// One-bit dots in rows from the top; in a row eight dots a byte, the leftmost in the highest bit, 1 is black.
#[derive(Clone, PartialEq, Eq)]
pub struct Raster {
    width: u32,
    dots: Vec<u8>,
}

impl Raster {
    /// White paper, `width` dots wide and `height` dots long.
    pub fn new(width: u32, height: u32) -> Raster {
        let row = width.div_ceil(8) as usize;
        Raster { width, dots: vec![0; row * height as usize] }
    }

    /// The width in dots.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The height in dots.
    pub fn height(&self) -> u32 {
        self.dots.len().checked_div(self.row_bytes()).unwrap_or(0) as u32
    }

    /// How many bytes a row takes.
    pub fn row_bytes(&self) -> usize {
        self.width.div_ceil(8) as usize
    }

    /// The rows one after another.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.dots.chunks_exact(self.row_bytes().max(1))
    }

    /// Is this dot black? White outside the paper.
    pub fn is_black(&self, x: u32, y: u32) -> bool {
        x < self.width && self.dots.get(self.place(x, y)).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Blackens a dot; outside the paper nothing happens.
    pub fn blacken(&mut self, x: u32, y: u32) {
        if let Some(byte) = self.byte_mut(x, y) {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Whitens a dot; outside the paper nothing happens.
    pub fn whiten(&mut self, x: u32, y: u32) {
        if let Some(byte) = self.byte_mut(x, y) {
            *byte &= !(0x80 >> (x % 8));
        }
    }

    fn byte_mut(&mut self, x: u32, y: u32) -> Option<&mut u8> {
        let place = self.place(x, y);
        if x < self.width { self.dots.get_mut(place) } else { None }
    }

    fn place(&self, x: u32, y: u32) -> usize {
        y as usize * self.row_bytes() + (x / 8) as usize
    }
}

impl std::fmt::Debug for Raster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Raster({}x{})", self.width, self.height())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_is_black_until_it_is_whitened_and_its_neighbours_stay() {
        let mut paper = Raster::new(12, 2);
        (0..12).for_each(|x| paper.blacken(x, 1));
        paper.whiten(9, 1);
        assert_eq!(paper.rows().collect::<Vec<_>>(), [[0, 0], [0xFF, 0b1011_0000]]);
    }

    #[test]
    fn outside_the_paper_nothing_happens() {
        let mut paper = Raster::new(12, 1);
        for (x, y) in [(12, 0), (15, 0), (0, 1), (u32::MAX, 0)] {
            paper.blacken(x, y);
            paper.whiten(x, y);
            assert!(!paper.is_black(x, y));
        }
        assert_eq!(paper, Raster::new(12, 1));
    }
}
