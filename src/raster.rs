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
        let place = self.place(x, y);
        if x < self.width
            && let Some(byte) = self.dots.get_mut(place)
        {
            *byte |= 0x80 >> (x % 8);
        }
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
