//! The figures as people read them, and as programs do.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

/// One line of the table.
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: &'static str,
    /// What came out.
    pub(crate) ours: f64,
    /// What it is compared with, measured in the same run; none where there is nothing to compare with.
    pub(crate) floor: Option<f64>,
    /// Of `ours` and `floor`.
    pub(crate) unit: &'static str,
    /// What it must be.
    pub(crate) bound: Bound,
}

/// What a figure must be.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    /// At most so many times the floor.
    Ratio(f64),
    /// So many times the floor, or more.
    RatioAtLeast(f64),
    /// Less than so much.
    Below(f64),
    /// So much, or more.
    AtLeast(f64),
}

impl Figure {
    pub(crate) fn ratio(&self) -> Option<f64> {
        self.floor.map(|floor| self.ours / floor)
    }

    pub(crate) fn is_ok(&self) -> bool {
        match self.bound {
            // A figure without its floor shows nothing.
            Bound::Ratio(most) => self.ratio().is_some_and(|ratio| ratio <= most),
            Bound::RatioAtLeast(least) => self.ratio().is_some_and(|ratio| ratio >= least),
            Bound::Below(limit) => self.ours < limit,
            Bound::AtLeast(limit) => self.ours >= limit,
        }
    }

    fn json(&self) -> Value {
        let bound = match self.bound {
            Bound::Ratio(most) => json!({ "ratio": most }),
            Bound::RatioAtLeast(least) => json!({ "ratio_at_least": least }),
            Bound::Below(limit) => json!({ "below": limit }),
            Bound::AtLeast(limit) => json!({ "at_least": limit }),
        };
        json!({
            "figure": self.name, "ours": self.ours, "floor": self.floor, "unit": self.unit,
            "ratio": self.ratio(), "bound": bound, "ok": self.is_ok(),
        })
    }
}

/// Writes all figures for people.
pub(crate) fn text(figures: &[Figure]) -> String {
    let mut out =
        format!("{:<48} {:>11} {:>11} {:>6}  {:<11} \n", "figure", "ours", "floor", "ratio", "bound");
    for figure in figures {
        let unit = figure.unit;
        let ours = format!("{:.2} {unit}", figure.ours);
        let floor = figure.floor.map_or_else(|| "-".to_owned(), |floor| format!("{floor:.2} {unit}"));
        let ratio = figure.ratio().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
        let bound = match figure.bound {
            Bound::Ratio(most) => format!("<= {most} x"),
            Bound::RatioAtLeast(least) => format!(">= {least} x"),
            Bound::Below(limit) => format!("< {limit} {unit}"),
            Bound::AtLeast(limit) => format!(">= {limit} {unit}"),
        };
        let verdict = if figure.is_ok() { "ok" } else { "MISSED" };
        let name = figure.name;
        // Writing into a string can't fail.
        let _ = writeln!(out, "{name:<48} {ours:>11} {floor:>11} {ratio:>6}  {bound:<11} {verdict}");
    }
    out
}

/// Writes all figures for programs.
pub(crate) fn write_json(figures: &[Figure], path: &Path) -> io::Result<()> {
    let figures: Vec<Value> = figures.iter().map(Figure::json).collect();
    std::fs::write(path, format!("{:#}\n", json!({ "figures": figures })))
}

/// The value that this share of all values does not exceed, in milliseconds.
pub(crate) fn quantile(values: &[Duration], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).map_or(f64::NAN, |value| value.as_secs_f64() * 1e3)
}
