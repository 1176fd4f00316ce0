//! `postern crash`: a sale loop on a bench, and the power cut again and again in the middle of it.
//!
//! The program is the real one, killed with SIGKILL at random moments and started again on the same data; nothing waits
//! for a sale to settle. At the end everything is left to settle by itself, and the journal is held against the
//! acquirer's book. SIGKILL proves nothing about the disk: the system's cache survives it.

mod people;
mod verdict;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use tokio::time::{sleep, timeout};

use super::counter::Counter;
use super::panel::Panel;
use super::{BenchError, Options};

use people::People;

/// The longest that a terminal runs before its power is cut: in the middle of a sale most often, …
const LIFE_MS: u64 = 700;
/// … and one in so many times long enough that what was cut comes to its end, and there is a new sale to cut.
const LONG_LIFE_EVERY: u64 = 6;
const LONG_LIFE_MS: u64 = 3_000;
/// How long everything may take to settle at the end.
const PATIENCE: Duration = Duration::from_secs(300);
/// So many looks in a row find nothing open: a customer's late answer would have come.
const QUIET: u32 = 30;
/// The field's timings, in a hurry: a cut in each state, and an end that can be waited for.
const TIMINGS: &str = "\n[timings]\nconnect = \"500ms\"\ncall = \"1s\"\ndetail_call = \"1s\"\nfirst_detail = \"200ms\"\n\
    after_processing = \"200ms\"\ndetail_every = \"200ms\"\nafter_busy = \"300ms\"\npayment_code_limit = \"2s\"\n\
    order_code_limit = \"30s\"\nlink_limit = \"1min\"\nprinted_code_limit = \"1min\"\nexpire_after_limit = \"1s\"\nexpire_margin = \"1s\"\n\
    cancel_again = [\"100ms\", \"200ms\", \"300ms\"]\nbackground = [\"300ms\", \"500ms\", \"500ms\", \"1s\", \"1s\", \"1s\"]\nbackground_then = \"1s\"\n\
    prove_every = \"300ms\"\n";

/// The arguments of `postern crash`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// How often the power is cut.
    #[arg(long, default_value_t = 1_000)]
    pub kills: u32,
    /// Program to start as the terminal; this one by default.
    #[arg(long, value_name = "P")]
    pub program: Option<PathBuf>,
    /// Directory of the bench's files, which then stay: journal, log, board.
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// Power cuts.
    pub kills: u32,
    /// Payments that the journal has.
    pub transactions: usize,
    /// Of these, without an end.
    pub open: usize,
    /// What the journal and the acquirer's book say differently, in words.
    pub differences: Vec<String>,
}

/// Cuts the power, and says what came of it; the exit code is 1 where something is open or differs.
///
/// # Errors
/// The bench could not be started.
pub fn run(args: Args) -> Result<ExitCode, BenchError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(BenchError::Process)?;
    let program = args.program.map_or_else(std::env::current_exe, Ok).map_err(BenchError::Process)?;
    let options = Options { program, dir: args.dir, ..Options::default() };
    let trial = runtime.block_on(crash(&options, args.kills))?;
    let mut out = std::io::stdout().lock();
    let Trial { kills, transactions, open, differences } = trial;
    for difference in &differences {
        let _ = writeln!(out, "{difference}");
    }
    let count = differences.len();
    let _ = writeln!(out, "{kills} kills, {transactions} transactions, {open} open, {count} differences");
    Ok(if open == 0 && count == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sells and cuts the power so many times, lets everything settle, and compares.
///
/// # Errors
/// The bench could not be started.
pub async fn crash(options: &Options, kills: u32) -> Result<Trial, BenchError> {
    let counter = Arc::new(Counter::build(options).await?);
    counter.hurry(TIMINGS)?;
    counter.power_on()?;
    let people = tokio::spawn(People::new(Arc::clone(&counter), true).work());
    for _ in 0..kills {
        sleep(life()).await;
        if !counter.terminal.ended().is_null() {
            let by_itself = format!("the terminal ended by itself: {}", counter.terminal.ended());
            return Ok(Trial { differences: vec![by_itself], ..Trial::default() });
        }
        counter.terminal.power_off().await;
        counter.power_on()?;
    }
    people.abort();
    counter.acquirer.iter().for_each(people::end_faults);
    let answering = tokio::spawn(People::new(Arc::clone(&counter), false).work());
    // What is open after that is counted.
    let _ = timeout(PATIENCE, settle(&counter)).await;
    answering.abort();
    counter.terminal.power_off().await;
    let book = counter.acquirer.as_ref().map(super::acquirer::Acquirer::orders).unwrap_or_default();
    Ok(match verdict::payments(&counter.journal_file()) {
        Ok(own) => verdict::compare(kills, &own, &book),
        Err(fault) => {
            let unread = format!("the journal can't be read: {fault}");
            Trial { kills, differences: vec![unread], ..Trial::default() }
        }
    })
}

/// How long the terminal runs until the next power cut.
fn life() -> Duration {
    let longest = if random().is_multiple_of(LONG_LIFE_EVERY) { LONG_LIFE_MS } else { LIFE_MS };
    Duration::from_millis(random() % longest)
}

/// Waits until nothing has been open for [`QUIET`] looks; whatever is told, ten looks a second are enough.
async fn settle(counter: &Counter) {
    let mut quiet = 0;
    while quiet < QUIET {
        let report = counter.cashier.as_ref().map(Panel::report).unwrap_or_default();
        let done = report["open"] == 0 && report["ready"] == true;
        quiet = if done { quiet + 1 } else { 0 };
        sleep(Duration::from_millis(100)).await;
    }
}

/// A random number from the system.
fn random() -> u64 {
    let mut bytes = [0; 8];
    // Without randomness the cuts come at once, which is a trial too.
    let _ = SystemRandom::new().fill(&mut bytes);
    u64::from_le_bytes(bytes)
}
