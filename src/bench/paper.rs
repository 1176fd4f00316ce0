//! Paper: rows of dots as an 80 mm printer burns them, and the receipts that its cutter makes of them.
//!
//! The cutter sits 14 mm above the print head. So a cut leaves the last 14 mm under the blade for the next receipt, as
//! on the real thing: a driver that cuts without feeding first cuts through its own last lines, and that can be seen.

use std::collections::VecDeque;

/// Dots across the paper: 72 mm at 8 dots a millimetre.
pub(crate) const DOTS: usize = 576;
/// Bytes of a row.
pub(crate) const ROW_BYTES: usize = DOTS / 8;
/// Rows between the print head and the blade.
pub(crate) const BLADE_ROWS: usize = 112;

/// Five metres without a cut: the strip is torn off, so that a driver that never cuts can't fill the memory.
const STRIP_ROWS_MAX: usize = 40_000;
const RECEIPTS_KEPT: usize = 500;

/// A row of dots, the leftmost in the highest bit of the first byte; a set bit is black.
pub(crate) type Row = [u8; ROW_BYTES];

/// A row on which nothing is printed.
pub(crate) const BLANK: Row = [0; ROW_BYTES];

/// A piece of paper that was cut off.
#[derive(Debug, Clone)]
pub(crate) struct Receipt {
    /// Counts from 1 since the bench started.
    pub(crate) number: u64,
    /// When it was cut, the counter's time of day.
    pub(crate) at: String,
    /// Its dots, from the top.
    pub(crate) rows: Vec<Row>,
}

/// The paper that has passed the print head.
#[derive(Debug, Default)]
pub(crate) struct Roll {
    strip: Vec<Row>,
    receipts: VecDeque<Receipt>,
    cut: u64,
}

impl Roll {
    pub(crate) fn print(&mut self, row: Row) {
        self.strip.push(row);
        if self.strip.len() >= STRIP_ROWS_MAX {
            self.cut(String::from("torn off"));
        }
    }

    /// Cuts at the blade; what lies between head and blade stays on the strip.
    pub(crate) fn cut(&mut self, at: String) {
        let above = self.strip.len().saturating_sub(BLADE_ROWS);
        if above == 0 {
            return;
        }
        let rest = self.strip.split_off(above);
        let rows = std::mem::replace(&mut self.strip, rest);
        self.cut += 1;
        self.receipts.push_back(Receipt { number: self.cut, at, rows });
        if self.receipts.len() > RECEIPTS_KEPT {
            self.receipts.pop_front();
        }
    }

    /// The part that is not cut off yet.
    pub(crate) fn strip(&self) -> &[Row] {
        &self.strip
    }

    /// Receipts cut since the bench started, also those that are no longer kept.
    pub(crate) fn cut_count(&self) -> u64 {
        self.cut
    }

    pub(crate) fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.receipts.iter()
    }

    pub(crate) fn receipt(&self, number: u64) -> Option<&Receipt> {
        self.receipts.iter().find(|receipt| receipt.number == number)
    }

    /// All paper that is kept, oldest first, at most `rows_max` rows of it.
    pub(crate) fn everything(&self, rows_max: usize) -> Vec<Row> {
        let cut = self.receipts.iter().flat_map(|receipt| receipt.rows.iter());
        let rows: Vec<Row> = cut.chain(self.strip.iter()).copied().collect();
        let from = rows.len().saturating_sub(rows_max);
        rows.into_iter().skip(from).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const BLACK: Row = [0xFF; ROW_BYTES];

    #[test]
    fn a_cut_leaves_what_lies_between_head_and_blade() {
        let mut roll = Roll::default();
        for _ in 0..200 {
            roll.print(BLACK);
        }
        roll.cut(String::from("12:00:00"));
        assert_eq!(roll.receipt(1).unwrap().rows.len(), 200 - BLADE_ROWS);
        assert_eq!(roll.strip().len(), BLADE_ROWS);
    }

    #[test]
    fn a_cut_with_nothing_above_the_blade_makes_no_receipt() {
        let mut roll = Roll::default();
        roll.print(BLACK);
        roll.cut(String::from("12:00:00"));
        assert_eq!(roll.cut_count(), 0);
        assert_eq!(roll.strip().len(), 1);
    }

    #[test]
    fn a_strip_that_is_never_cut_tears_by_itself() {
        let mut roll = Roll::default();
        for _ in 0..STRIP_ROWS_MAX {
            roll.print(BLANK);
        }
        assert_eq!(roll.cut_count(), 1);
    }
}
