//! `postern reconcile`: the journal against the acquirer, transaction by transaction.
//!
//! Every transaction of the day is asked about with DETAIL. A statement, where one is given, is compared as well; it alone
//! can tell of a charge that this journal lacks: one that an older copy of the disk has forgotten, or that somebody else
//! made under this terminal's name. It reads the journal and changes nothing, so it runs beside the terminal too.

mod compare;
pub mod statement;

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use jiff::Timestamp;
use postern_heart::ask::{Ask, Reply, Request, Silence};
use postern_heart::event::Event;
use postern_heart::ids::{OrderId, RequestNo};
use postern_heart::money::Amount;
use postern_heart::payment::Facts;

use crate::acquirer::client::Client;
use crate::acquirer::profile::Profile;
use crate::clock::{Clock, Floor};
use crate::journal::{self, CommandFault};
use crate::ports::{Acquirer as _, Inbox, Incoming};
use crate::run::RunFault;
use crate::shop::Shop;

use compare::{Side, Verdict, compare};
use statement::{Entry, StatementFault};

/// How long the acquirer's answer is waited for: longer than any limit of the client.
const ANSWER_WAIT: Duration = Duration::from_secs(30);

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
}

/// Why nothing was compared.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each names its file and what to do")]
pub enum ReconcileFault {
    #[error(transparent)]
    Run(#[from] RunFault),
    #[error(transparent)]
    Journal(#[from] CommandFault),
    #[error(transparent)]
    Statement(#[from] StatementFault),
    #[error("the clock can't be trusted, so it is not known which day it is: say it with --day 2026-03-01")]
    Day,
    #[error("could not write the result")]
    Output(#[from] io::Error),
}

/// How many there are of each.
#[derive(Default)]
struct Count {
    agree: u32,
    differ: u32,
    open: u32,
    unknown: u32,
}

/// Compares, and lists every difference with both sides.
///
/// The exit code is 0 where all agree, 1 where something differs or is open, 2 where the acquirer could not be asked
/// about all of it.
///
/// # Errors
/// [`ReconcileFault`]: nothing was compared.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, ReconcileFault> {
    let shop = Shop::load(&args.shop).map_err(RunFault::from)?;
    let profile = Arc::new(Profile::load(&args.profile).map_err(RunFault::from)?);
    let zone = profile.time.zone();
    // The acquirer's certificate is looked at by this clock.
    let floor = Floor::new();
    let now = Clock::new(shop.clock_trust(), profile.time.clone(), floor.clone()).now().wall;
    let today = now.and_then(|now| Timestamp::from_millisecond(now.wall.0).ok());
    let today = today.map(|now| zone.to_datetime(now).date().to_string());
    let day = args.day.clone().or(today).ok_or(ReconcileFault::Day)?;
    let entries = match &args.statement {
        Some(path) => Some(statement::read(path, &profile.statement)?),
        None => None,
    };
    let transactions = journal::transactions(&args.data, zone, Some(&day))?;
    let mut acquirer = Asking::start(&shop, &args.shop, Arc::clone(&profile), &floor)?;

    let mut count = Count::default();
    let stated = entries.as_deref().map(Stated::new);
    for facts in transactions.iter().filter(|facts| !facts.is_quiet()) {
        let ours = Side::of_journal(facts);
        let answered = Side::of_answer(facts, &acquirer.ask(facts));
        count.line(out, facts.id, facts.asked.amount, &ours, "acquirer", &answered)?;
        if let Some(stated) = &stated {
            let theirs = Side::of_statement(facts, stated.of(facts));
            count.line(out, facts.id, facts.asked.amount, &ours, "statement", &theirs)?;
        }
    }
    for entry in entries.iter().flatten() {
        if let Some(forgotten) = forgotten(entry, &shop, args, &transactions)? {
            count.differ += 1;
            writeln!(
                out,
                "NOT HERE   {forgotten}  the statement (line {}) has {} paid and kept, the journal has no such payment",
                entry.line,
                entry.kept()
            )?;
        }
    }
    let Count { agree, differ, open, unknown } = count;
    writeln!(out, "{day}: {agree} agree, {differ} differ, {open} not settled, {unknown} could not be asked")?;
    Ok(match (differ + open, unknown) {
        (0, 0) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::from(1),
        _ => ExitCode::from(2),
    })
}

impl Count {
    fn line(
        &mut self,
        out: &mut dyn Write,
        id: OrderId,
        amount: Amount,
        ours: &Side,
        who: &str,
        theirs: &Side,
    ) -> io::Result<()> {
        let (word, counter) = match compare(ours, theirs) {
            Verdict::Agree => {
                self.agree += 1;
                return Ok(());
            }
            Verdict::Differ => ("DIFFERENT", &mut self.differ),
            Verdict::Open => ("OPEN", &mut self.open),
            Verdict::Unknown => ("NOT KNOWN", &mut self.unknown),
        };
        *counter += 1;
        writeln!(out, "{word:<9}  {id}  {amount}  journal: {ours}; {who}: {theirs}")
    }
}

/// A statement's entries by their ids.
struct Stated<'a> {
    by_id: HashMap<OrderId, &'a Entry>,
    by_uq_id: HashMap<&'a str, &'a Entry>,
}

impl<'a> Stated<'a> {
    fn new(entries: &'a [Entry]) -> Stated<'a> {
        let named = |entry: &'a Entry| Some((entry.uq_id.as_ref()?.0.as_str(), entry));
        Stated {
            by_id: entries.iter().filter_map(|entry| Some((entry.id?, entry))).collect(),
            by_uq_id: entries.iter().filter_map(named).collect(),
        }
    }

    fn of(&self, facts: &Facts) -> Option<&'a Entry> {
        let by_uq_id = || self.by_uq_id.get(facts.uq_id()?.0.as_str());
        self.by_id.get(&facts.id).or_else(by_uq_id).copied()
    }
}

/// The id of an entry that this terminal must have made and does not know; money that went back is none.
fn forgotten(
    entry: &Entry,
    shop: &Shop,
    args: &Args,
    day: &[Facts],
) -> Result<Option<OrderId>, ReconcileFault> {
    let own = format!("{}-", shop.terminal_id());
    let Some(id) = entry.id.filter(|id| id.as_str().starts_with(&own)) else { return Ok(None) };
    if entry.kept().is_zero() || day.iter().any(|facts| facts.id == id) {
        return Ok(None);
    }
    // It may have been asked on the day before, and paid after midnight.
    Ok((!journal::knows(&args.data, id)?).then_some(id))
}

/// The acquirer, one question after the other.
struct Asking {
    client: Client,
    incoming: Receiver<Incoming>,
    asked: u64,
}

impl Asking {
    fn start(
        shop: &Shop,
        shop_file: &Path,
        profile: Arc<Profile>,
        floor: &Floor,
    ) -> Result<Asking, RunFault> {
        let merchant = shop
            .merchant(&profile)
            .map_err(|fault| RunFault::Merchant { path: shop_file.to_owned(), fault })?;
        let (inbox, incoming) = Inbox::channel();
        let client = crate::run::client(profile, merchant, floor, inbox)?;
        Ok(Asking { client, incoming, asked: 0 })
    }

    fn ask(&mut self, facts: &Facts) -> Reply {
        self.asked += 1;
        let no = RequestNo(self.asked);
        // Without an amount to compare, an answer about another amount is still an answer: that is what is looked for.
        let request = Request::Detail { id: facts.target(), amount: None };
        self.client.ask(Ask { no, request });
        loop {
            match self.incoming.recv_timeout(ANSWER_WAIT) {
                Ok(Incoming::Event(Event::Answered { no: answered, reply })) if answered == no => {
                    return reply;
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    return Reply::Unknown(Silence::TimeOut);
                }
            }
        }
    }
}
