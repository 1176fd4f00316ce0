//! `postern reconcile`: the journal against the acquirer, transaction by transaction.
//!
//! ```text
//!  postern reconcile ─┬─▶ nobody has the data directory: clerk, then the journal
//!                     └─▶ a terminal runs: socket ─▶ bookkeeper ─▶ clerk ─▶ Event::Compared ─▶ heart ─▶ journal
//!  "Close the day" in the menu ─▶ Effect::Compare ─▶ bookkeeper
//! ```
//!
//! Every transaction of the day is asked about with DETAIL. A statement, where one is given, is compared as well; it alone
//! can tell of a charge that this journal lacks: one that an older copy of the disk has forgotten, or that somebody else
//! made under this terminal's name. What was found is recorded; nothing else changes.

mod asking;
mod bookkeeper;
mod clerk;
mod compare;
mod findings;
mod socket;
pub mod statement;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use postern_heart::day::{Compared, Day};
use postern_heart::event::JournalFault;
use postern_heart::now::Wall;
use postern_heart::record::{Fact, Record};

use crate::acquirer::client::ClientFault;
use crate::acquirer::merchant::MerchantFault;
use crate::acquirer::profile::{Profile, ProfileFault};
use crate::clock::{Clock, Floor};
use crate::journal::{self, CommandFault, JournalFile, Lock, LockFault};
use crate::ports::Journal as _;
use crate::shop::{Shop, ShopFault};

pub use bookkeeper::Bookkeeper;
pub use clerk::Clerk;
use findings::NOT_RECORDED;
use socket::Order;
use statement::StatementFault;

/// What is compared.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The shop file.
    #[arg(long, value_name = "FILE")]
    pub shop: PathBuf,
    /// The wire profile.
    #[arg(long, value_name = "FILE")]
    pub profile: PathBuf,
    /// The directory that holds the journal.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// The day, by the profile's zone: 2026-03-01. Today where it is left out.
    #[arg(long)]
    pub day: Option<String>,
    /// The acquirer's statement of that day, a CSV file as the profile's [statement] section describes it.
    #[arg(long, value_name = "FILE")]
    pub statement: Option<PathBuf>,
    /// Only look: record nothing, and leave a terminal that runs alone. For a copy of the journal.
    #[arg(long)]
    pub no_record: bool,
}

/// Why nothing was compared.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each names its file and what to do")]
pub enum ReconcileFault {
    #[error(transparent)]
    Shop(#[from] ShopFault),
    #[error(transparent)]
    Profile(#[from] ProfileFault),
    #[error("the shop file {}: {fault}", path.display())]
    Merchant { path: PathBuf, fault: MerchantFault },
    #[error(transparent)]
    Client(#[from] ClientFault),
    #[error(transparent)]
    Journal(#[from] CommandFault),
    #[error(transparent)]
    Lock(#[from] LockFault),
    #[error(transparent)]
    Statement(#[from] StatementFault),
    #[error("the clock can't be trusted, so it is not known which day it is: say it with --day 2026-03-01")]
    Day,
    #[error("{holder} has the journal and takes no orders at {}", path.display())]
    Deaf { holder: LockFault, path: PathBuf, source: io::Error },
    #[error("the running terminal says: {0}")]
    Running(String),
    #[error("could not write the result")]
    Output(#[from] io::Error),
}

/// Compares, lists every difference with both sides, and has what was found recorded.
///
/// The exit code is 0 where all agree, 1 where something differs or is open, 2 where the acquirer could not be asked
/// about all of it or the result could not be recorded.
///
/// # Errors
/// [`ReconcileFault`]: nothing was compared, or it is not known what was.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, ReconcileFault> {
    let shop = Shop::load(&args.shop)?;
    let profile = Arc::new(Profile::load(&args.profile)?);
    // The acquirer's certificate is looked at by this clock.
    let floor = Floor::new();
    let now = Clock::new(shop.clock_trust(), profile.time.clone(), floor.clone()).now().wall;
    let now = now.map(|trusted| trusted.wall);
    let clerk = Clerk::new(&shop, profile, floor, args.data.clone())
        .map_err(|fault| ReconcileFault::Merchant { path: args.shop.clone(), fault })?;
    let day = match &args.day {
        Some(day) => Day(day.clone()),
        None => now.and_then(|now| clerk.day(now)).ok_or(ReconcileFault::Day)?,
    };
    let statement = args.statement.as_deref().map(std::path::absolute).transpose()?;
    let order = Order { day: day.0, statement };
    journal::exists(&args.data)?;
    if !args.no_record
        && let Some(holder) = who_has(&args.data)?
    {
        let report = socket::ask(&args.data, &order, holder)?;
        out.write_all(report.says.as_bytes())?;
        return Ok(ExitCode::from(report.code));
    }
    let findings = clerk.compare(&order)?;
    findings.write(out)?;
    let mut code = findings.code();
    if !args.no_record
        && let Err(why) = record(args, now, findings.compared)
    {
        writeln!(out, "{NOT_RECORDED}  {why}")?;
        code = 2;
    }
    Ok(ExitCode::from(code))
}

/// The program that has the data directory, where one has it.
fn who_has(data: &Path) -> Result<Option<LockFault>, LockFault> {
    match Lock::take(data) {
        Ok(_lock) => Ok(None),
        Err(held @ LockFault::Held { .. }) => Ok(Some(held)),
        Err(fault @ LockFault::Directory { .. }) => Err(fault),
    }
}

/// Writes down what was found, where no terminal does; a terminal may have been started meanwhile.
fn record(args: &Args, at: Option<Wall>, compared: Compared) -> Result<(), String> {
    let lock = Lock::take(&args.data).map_err(|fault| fault.to_string())?;
    let mut journal = JournalFile::new(lock);
    let record = Record { transaction: None, at, fact: Fact::Compared(compared) };
    let saved = journal.read().and_then(|_opened| journal.save(&record, false));
    saved.map_err(|JournalFault { detail, .. }| detail)
}
