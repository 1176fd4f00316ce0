//! `postern run`: files to ports, ports to the loop.
//!
//! The order matters for a cashier's patience: what can be wrong with the files is said before anything is opened, the
//! screen comes up with the journal, and the acquirer's connection is made while the screen is drawn.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use postern_heart::desk::Desk;
use postern_heart::event::Event;
use postern_heart::perform;

use crate::acquirer::client::{Client, ClientFault};
use crate::acquirer::merchant::MerchantFault;
use crate::acquirer::profile::{Profile, ProfileFault};
use crate::app;
use crate::board::{Board, BoardFault};
use crate::clock::{Clock, Floor};
use crate::cores;
use crate::journal::{JournalFile, Lock, LockFault};
use crate::look::{Look, LookFault};
use crate::notify::{Listener, NotifyFault};
use crate::pin::PinChecker;
use crate::ports::{Inbox, Journal as _, Notifications};
use crate::reconcile::{Bookkeeper, Clerk};
use crate::shop::{Equipment, Shop, ShopFault};
use crate::terminal::{self, Parts, Terminal};

/// The four places that a terminal is made from.
#[derive(Clone, Debug, clap::Args)]
pub struct Places {
    /// The board file: which devices this counter has.
    #[arg(long, value_name = "FILE")]
    pub board: PathBuf,
    /// The shop file: who sells, in which words, and what this counter may do.
    #[arg(long, value_name = "FILE")]
    pub shop: PathBuf,
    /// The wire profile: the acquirer, its keys, how its protocol is written.
    #[arg(long, value_name = "FILE")]
    pub profile: PathBuf,
    /// The directory that holds the journal; one terminal at a time.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}

/// What a terminal runs with.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    places: Places,
    /// Listen for the acquirer's notifications here; the wire profile's `notify` table has the files.
    #[arg(long, value_name = "ADDR")]
    notify: Option<SocketAddr>,
}

/// The files, read and checked, before anything is opened.
pub struct Files {
    /// The devices.
    pub board: Board,
    /// The shop.
    pub shop: Shop,
    /// The wire profile.
    pub profile: Profile,
}

/// Why a terminal could not start.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each names its file and what to do")]
pub enum RunFault {
    #[error(transparent)]
    Board(#[from] BoardFault),
    #[error(transparent)]
    Shop(#[from] ShopFault),
    #[error(transparent)]
    Profile(#[from] ProfileFault),
    #[error("the shop file {}: {fault}", path.display())]
    Merchant { path: PathBuf, fault: MerchantFault },
    #[error(transparent)]
    Client(#[from] ClientFault),
    #[error(transparent)]
    Notify(#[from] NotifyFault),
    #[error(transparent)]
    Lock(#[from] LockFault),
    #[error(transparent)]
    Look(#[from] LookFault),
    #[error("could not start a thread: {0}")]
    Thread(std::io::Error),
    #[error("could not get randomness from the system")]
    Randomness,
}

impl Files {
    /// Reads and checks the three files.
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line and key.
    pub fn read(places: &Places) -> Result<Files, RunFault> {
        Ok(Files {
            board: Board::load(&places.board)?,
            shop: Shop::load(&places.shop)?,
            profile: Profile::load(&places.profile)?,
        })
    }
}

/// Runs a terminal until the program ends.
///
/// # Errors
/// Only what keeps it from starting. A missing device or acquirer does not, and neither does a journal that is damaged,
/// newer or on a full disk: then the screen says so.
pub fn run(args: &Args) -> Result<(), RunFault> {
    cores::leave_the_sale();
    let Args { places, notify } = args;
    let Files { board, shop, profile } = Files::read(places)?;
    let merchant =
        shop.merchant(&profile).map_err(|fault| RunFault::Merchant { path: places.shop.clone(), fault })?;
    let floor = Floor::new();
    let clock = Clock::new(shop.clock_trust(), profile.time.clone(), floor.clone());
    let has = Equipment {
        printer: board.has_printer(),
        customer_display: board.has_customer_display(),
        listener: notify.is_some(),
    };
    let settings = shop.settings(&profile, has);
    let look = Look::open(shop.sign(&profile), profile.time.zone().clone(), shop.keypad())?;
    let (inbox, incoming) = Inbox::channel();

    let alarm = inbox.clone();
    let mut journal = JournalFile::new(Lock::take(&places.data)?).audited(move |fault| {
        alarm.send(Event::JournalRead(Err(fault)));
    });
    let opened = journal.read().inspect_err(terminal::out_of_service);
    if let Ok(opened) = &opened {
        opened.recent.iter().filter_map(|record| record.at).for_each(|at| floor.raise(at));
    }
    let pin = match shop.pin_hash() {
        "" => None,
        hash => Some(PinChecker::start(hash.to_owned(), inbox.clone()).map_err(RunFault::Thread)?),
    };
    let profile = Arc::new(profile);
    let notifications = match notify {
        None => None,
        Some(address) => {
            let listener = Listener::start(*address, Arc::clone(&profile), merchant.clone(), inbox.clone())?;
            Some(Box::new(listener) as Box<dyn Notifications>)
        }
    };
    let clerk = Clerk::new(&shop, Arc::clone(&profile), floor.clone(), places.data.clone())
        .map_err(|fault| RunFault::Merchant { path: places.shop.clone(), fault })?;
    let bookkeeper = Bookkeeper::start(clerk, inbox.clone());
    let acquirer = Client::open(profile, merchant, &floor, inbox.clone())?;
    let ports = board.open(inbox);
    let parts = Parts {
        clock,
        floor,
        journal: Box::new(journal),
        acquirer: Box::new(acquirer),
        ports,
        look,
        pin,
        notifications,
        bookkeeper: Some(Box::new(bookkeeper)),
    };
    let mut terminal = Terminal::new(parts).map_err(RunFault::Thread)?;
    let mut desk = Desk::new(settings, seed()?);
    cores::join_the_sale();
    perform::start(&mut desk, &mut terminal, opened);
    app::run(&mut desk, &mut terminal, &incoming);
    Ok(())
}

/// Fresh randomness for the ids of this run: a restored disk or a cloned image makes others.
///
/// # Errors
/// The system has none.
pub fn seed() -> Result<u64, RunFault> {
    use ring::rand::SecureRandom;
    let mut seed = [0; 8];
    ring::rand::SystemRandom::new().fill(&mut seed).map_err(|_| RunFault::Randomness)?;
    Ok(u64::from_le_bytes(seed))
}
