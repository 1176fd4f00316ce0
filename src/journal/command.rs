//! `postern journal verify`, `list` and `rebuild`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use postern_heart::event::{JournalFault, Search};
use postern_heart::ids::OrderId;
use postern_heart::payment::Facts;
use postern_heart::record::Record;
use postern_heart::screen::Cause;

use super::list::{self, Request, Stop};
use super::{Lock, LockFault, audit, connect, find, mark, rebuild, told};

/// What a good verification must not be taken for.
const NO_THIEF: &str = "This finds damage, not a thief: who can write the file can write another chain. \
    Compare it with the acquirer's book.";

/// Checks, lists or repairs the journal of a data directory.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Checks every record, what is derived from them, and the file; also while a terminal runs
    Verify(Place),
    /// Lists records or transactions; also while a terminal runs
    List(List),
    /// Derives again what can be derived from the records; only while no terminal runs
    Rebuild(Place),
}

#[derive(clap::Args, Clone, Debug)]
struct Place {
    /// The terminal's data directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

#[derive(clap::Args, Clone, Debug)]
struct List {
    #[command(flatten)]
    place: Place,
    /// Only this transaction
    #[arg(long, value_name = "ID")]
    transaction: Option<String>,
    /// Only this day of the calendar (records without a time are left out)
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<String>,
    /// Only the last N
    #[arg(long, value_name = "N")]
    last: Option<u32>,
    /// One line a transaction, with where it stands, instead of one a record
    #[arg(long)]
    summary: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// The zone of days and times
    #[arg(long, value_name = "ZONE", default_value = "Asia/Hong_Kong")]
    zone: String,
}

/// How a command ended that could be carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// All is well: exit code 0.
    Good,
    /// The journal is damaged, as was said: exit code 1.
    Damaged,
}

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandFault {
    /// The journal can't be read or written.
    #[error("{0}")]
    Journal(String),
    /// Another program writes into the directory, or it can't be used.
    #[error(transparent)]
    Lock(#[from] LockFault),
    /// An argument means nothing.
    #[error("could not understand {name} `{value}`")]
    Argument {
        /// The argument.
        name: &'static str,
        /// What was given.
        value: String,
    },
    /// The output can't be written.
    #[error("could not write the output: {0}")]
    Output(#[from] io::Error),
}

/// Carries out a command and writes what it has to say to `out`.
///
/// # Errors
/// [`CommandFault`]; the journal is as it was.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, CommandFault> {
    match &args.command {
        Command::Verify(place) => verify(&place.data, out),
        Command::List(list) => self::list(list, out),
        Command::Rebuild(place) => rebuild(&place.data, out),
    }
}

fn verify(directory: &Path, out: &mut dyn Write) -> Result<Outcome, CommandFault> {
    let path = directory.join(connect::FILE);
    let mark = mark::read(&directory.join(mark::FILE));
    let checked = reader(&path).and_then(|mut reader| {
        let checked = audit::check(&mut reader, || true).and_then(|checked| {
            mark::check(&reader, mark)?;
            Ok(checked)
        });
        checked.map_err(|trouble| told(&path, trouble))
    });
    let checked = match checked {
        Ok(checked) => checked,
        Err(fault) => return damaged(fault, out),
    };
    writeln!(out, "the journal {} is whole", path.display())?;
    writeln!(out, "  records       {}, each hashed with the one before it", checked.tip.sequence)?;
    writeln!(out, "  transactions  {} open; the records of each can follow one another", checked.open)?;
    writeln!(out, "  derived       the head and the open transactions are as the records say")?;
    writeln!(out, "  file          SQLite's own check found nothing")?;
    match mark {
        Some(mark) => {
            writeln!(out, "  mark          record {} was durable once, and is there", mark.sequence)?
        }
        None => writeln!(out, "  mark          none: nothing tells how far the journal once went")?,
    }
    writeln!(out, "  head          record {}, {}", checked.tip.sequence, checked.tip.hash)?;
    writeln!(out, "{NO_THIEF}")?;
    Ok(Outcome::Good)
}

fn list(args: &List, out: &mut dyn Write) -> Result<Outcome, CommandFault> {
    let request = request(args)?;
    let path = args.place.data.join(connect::FILE);
    let reader = reader(&path).map_err(|fault| CommandFault::Journal(fault.detail))?;
    let list = if args.summary { list::summaries } else { list::records };
    match list(&reader, &request, out) {
        Ok(()) => Ok(Outcome::Good),
        Err(Stop::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Outcome::Good),
        Err(Stop::Write(error)) => Err(error.into()),
        Err(Stop::Trouble(trouble)) => Err(CommandFault::Journal(told(&path, trouble).detail)),
    }
}

/// Reads the transactions of one day, or all, also while a terminal writes.
///
/// # Errors
/// [`CommandFault`]: the day is none, or the journal can't be read.
pub fn transactions(
    directory: &Path,
    zone: &TimeZone,
    day: Option<&str>,
) -> Result<Vec<Facts>, CommandFault> {
    let wrong = |day: &str| CommandFault::Argument { name: "the day", value: day.to_owned() };
    let day = day.map(|day| span(day, zone).ok_or_else(|| wrong(day))).transpose()?;
    let request = Request { transaction: None, day, last: None, zone: zone.clone(), json: false };
    let path = directory.join(connect::FILE);
    let reader = reader(&path).map_err(|fault| CommandFault::Journal(fault.detail))?;
    let mut all = Vec::new();
    let read = list::each_transaction(&reader, &request, &mut |facts| {
        all.push(facts);
        Ok(())
    });
    match read {
        Ok(()) => Ok(all),
        Err(Stop::Write(error)) => Err(error.into()),
        Err(Stop::Trouble(trouble)) => Err(CommandFault::Journal(told(&path, trouble).detail)),
    }
}

/// Reads one transaction, also while a terminal writes; `None` where there is no such one.
///
/// # Errors
/// [`CommandFault`]: the journal can't be read, or it is damaged.
pub fn transaction(directory: &Path, id: OrderId) -> Result<Option<Facts>, CommandFault> {
    let records = search(directory, &Search(id.to_string()))?;
    if records.is_empty() {
        return Ok(None);
    }
    Facts::fold(&records).map(Some).map_err(|misfit| CommandFault::Journal(misfit.to_string()))
}

/// Says whether the journal has a transaction of this id, ours or the acquirer's, whenever it was.
///
/// # Errors
/// [`CommandFault`]: the journal can't be read, or it is damaged.
pub fn knows(directory: &Path, id: &Search) -> Result<bool, CommandFault> {
    search(directory, id).map(|records| !records.is_empty())
}

fn search(directory: &Path, id: &Search) -> Result<Vec<Record>, CommandFault> {
    let path = directory.join(connect::FILE);
    let reader = reader(&path).map_err(|fault| CommandFault::Journal(fault.detail))?;
    find::find(&reader, id).map_err(|trouble| CommandFault::Journal(told(&path, trouble).detail))
}

/// Makes sure that a directory holds a journal.
///
/// # Errors
/// [`CommandFault::Journal`]: it holds none.
pub fn exists(directory: &Path) -> Result<(), CommandFault> {
    is_there(&directory.join(connect::FILE)).map_err(|fault| CommandFault::Journal(fault.detail))
}

fn request(args: &List) -> Result<Request, CommandFault> {
    let wrong = |name, value: &str| CommandFault::Argument { name, value: value.to_owned() };
    let zone = TimeZone::get(&args.zone).map_err(|_| wrong("the zone", &args.zone))?;
    if let Some(id) = args.transaction.as_ref().filter(|id| OrderId::parse(id).is_none()) {
        return Err(wrong("the transaction", id));
    }
    let day = match &args.day {
        None => None,
        Some(day) => Some(span(day, &zone).ok_or_else(|| wrong("the day", day))?),
    };
    Ok(Request { transaction: args.transaction.clone(), day, last: args.last, zone, json: args.json })
}

/// From the day's first moment up to the next day's, in milliseconds.
fn span(day: &str, zone: &TimeZone) -> Option<(i64, i64)> {
    let day: Date = day.parse().ok()?;
    let start = |day: Date| Some(day.to_zoned_datetime(zone.clone()).ok()?.timestamp().as_millisecond());
    Some((start(day)?, start(day.tomorrow().ok()?)?))
}

fn rebuild(directory: &Path, out: &mut dyn Write) -> Result<Outcome, CommandFault> {
    exists(directory)?;
    let lock = Lock::take(directory)?;
    let rebuilt = match rebuild::rebuild(&lock) {
        Ok(rebuilt) => rebuilt,
        Err(fault) => return damaged(fault, out),
    };
    for wrong in &rebuilt.wrong {
        writeln!(out, "wrong: {wrong}")?;
    }
    match rebuilt.kept {
        None => writeln!(out, "nothing is wrong, nothing was changed")?,
        Some(kept) => writeln!(out, "rebuilt from the records; the old file is {}", kept.display())?,
    }
    writeln!(out, "head: record {}, {}", rebuilt.tip.sequence, rebuilt.tip.hash)?;
    Ok(Outcome::Good)
}

fn damaged(fault: JournalFault, out: &mut dyn Write) -> Result<Outcome, CommandFault> {
    if fault.cause != Cause::JournalDamaged {
        return Err(CommandFault::Journal(fault.detail));
    }
    writeln!(out, "{}", fault.detail)?;
    Ok(Outcome::Damaged)
}

fn reader(path: &Path) -> Result<rusqlite::Connection, JournalFault> {
    is_there(path)?;
    connect::reader(path)
}

fn is_there(path: &Path) -> Result<(), JournalFault> {
    if path.exists() {
        return Ok(());
    }
    let detail = format!("could not find the journal {}", path.display());
    Err(JournalFault { cause: Cause::JournalBroken, detail })
}
