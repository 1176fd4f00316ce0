//! Many lives, and the command that lives them.

use std::fmt;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::life::{Options, Outcome, live};

/// How many sales each life has at least.
pub const SALES: u64 = 5;
/// After so many violations the rest is not lived: somebody has to look at them first.
const VIOLATIONS_MAX: usize = 10;

/// What many lives came to.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Lives.
    pub lives: u64,
    /// Payments that were begun.
    pub transactions: u64,
    /// What went wrong in the worlds.
    pub faults: u64,
    /// Power cuts.
    pub power_cuts: u64,
    /// The seeds with violations, each with the first of them.
    pub violations: Vec<(u64, String)>,
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} lives, {} transactions, {} faults, {} power cuts, {} violations",
            self.lives,
            self.transactions,
            self.faults,
            self.power_cuts,
            self.violations.len()
        )
    }
}

impl Totals {
    /// Adds one life.
    pub fn add(&mut self, seed: u64, outcome: &Outcome) {
        self.lives += 1;
        self.transactions += outcome.transactions;
        self.faults += outcome.faults;
        self.power_cuts += outcome.power_cuts;
        if let Some(first) = outcome.violations.first() {
            self.violations.push((seed, first.clone()));
        }
    }

    fn join(&mut self, other: Totals) {
        self.lives += other.lives;
        self.transactions += other.transactions;
        self.faults += other.faults;
        self.power_cuts += other.power_cuts;
        self.violations.extend(other.violations);
    }
}

/// Lives so many lives from a base seed on, on so many threads.
pub fn simulate(seeds: u64, base: u64, threads: usize) -> Totals {
    let next = AtomicU64::new(0);
    let all = Mutex::new(Totals::default());
    let options = Options { sales: SALES, ..Options::default() };
    let work = || {
        let mut own = Totals::default();
        while own.violations.len() < VIOLATIONS_MAX {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= seeds {
                break;
            }
            let seed = base.wrapping_add(place);
            own.add(seed, &live(seed, &options));
        }
        all.lock().unwrap_or_else(PoisonError::into_inner).join(own);
    };
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(work);
        }
    });
    let mut totals = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    totals.violations.sort();
    totals
}

/// The arguments of `postern simulate`.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Live the one life of this seed, and tell its story.
    #[arg(long, conflicts_with_all = ["seeds", "base"])]
    pub seed: Option<u64>,
    /// How many lives.
    #[arg(long, default_value_t = 20_000)]
    pub seeds: u64,
    /// The first seed; a fresh one is drawn and printed where it is left out.
    #[arg(long)]
    pub base: Option<u64>,
}

/// Lives what was asked for, prints what came of it, and fails where anything was untrue or unlawful.
pub fn run_cli(args: &Args) -> ExitCode {
    let totals = match args.seed {
        Some(seed) => tell(seed),
        None => {
            let base = args.base.unwrap_or_else(fresh_base);
            println!("base {base}");
            let threads = thread::available_parallelism().map_or(1, usize::from);
            simulate(args.seeds, base, threads)
        }
    };
    if args.seed.is_none() {
        for (seed, what) in &totals.violations {
            println!("seed {seed}: {what}");
        }
        if let Some((seed, _)) = totals.violations.first() {
            tell(*seed);
        }
    }
    println!("{totals}");
    if totals.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell(seed: u64) -> Totals {
    let options = Options { sales: SALES, story: true, ..Options::default() };
    let outcome = live(seed, &options);
    println!("seed {seed}");
    outcome.story.iter().for_each(|line| println!("{line}"));
    let mut totals = Totals::default();
    totals.add(seed, &outcome);
    totals
}

/// A base that nobody lived yet: what the system's own source of chance says.
fn fresh_base() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish() >> 16
}
