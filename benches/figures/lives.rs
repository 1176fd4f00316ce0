//! How many simulated lives are lived in a second: what decides how many a person has the patience for.

use std::path::Path;
use std::process::Command;

use crate::table::{Bound, Figure};
use crate::{Fault, time};

/// Lives that are measured, and the sales that each has at least.
const LIVES: u64 = 30_000;
const SALES: u64 = 5;

/// Has the simulated world live its lives, on all cores, with everything that goes wrong in them.
pub(crate) fn measure(program: &Path) -> Result<Figure, Fault> {
    let since = time::now();
    let out = Command::new(program).args(["--seeds", &LIVES.to_string(), "--base", "1"]).output()?;
    let took = since.elapsed();
    let text = String::from_utf8_lossy(&out.stdout);
    let last = text.lines().last().unwrap_or_default();
    let numbers: Vec<u64> = last.split(' ').filter_map(|word| word.parse().ok()).collect();
    match numbers.as_slice() {
        [LIVES, transactions, faults, cuts, 0]
            if *transactions >= SALES * LIVES && *faults > LIVES && *cuts > LIVES => {}
        _ => return Err(format!("the lives were not what is measured: {last}").into()),
    }
    let ours = LIVES as f64 / took.as_secs_f64();
    let (name, floor, unit) = ("simulated lives, with faults and >= 5 sales", None, "/s");
    Ok(Figure { name, ours, floor, unit, bound: Bound::AtLeast(3_000.0) })
}
