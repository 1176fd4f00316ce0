//! The bench: the other end of every wire, so that the shipped program can be tried on a desk, unmodified.
//!
//! ```text
//!             page and scripts (HTTP)
//!                      │
//!  ┌───────────────── web ──────────────────┐
//!  │ panel   scanner   printer     acquirer │   each holds the far end of one wire
//!  └──┬─────────┬─────────┬───────────┬─────┘
//!   Unix      pseudo     TCP         TLS
//!  socket    terminal     │           │
//!  ┌──┴─────────┴─────────┴───────────┴─────┐
//!  │ terminal: a child process              │   `postern run`; its power switch is SIGKILL
//!  └────────────────────────────────────────┘
//! ```
//!
//! The bench never reaches into the terminal and shares no wire code with it. The camera of its phone reads the
//! displays' pictures. It is for trying and testing, bound to this machine, and absent from a shop's build.

pub mod acquirer;

mod camera;
mod counter;
pub mod crash;
mod escpos;
mod files;
mod narrator;
mod news;
mod panel;
mod paper;
mod picture;
mod printer;
mod scanner;
mod story;
mod terminal;
mod web;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};

pub use terminal::StartError;

use counter::Counter;
use web::Server;

/// After this long without being ready the bench says so, and goes on waiting.
const PATIENCE: Duration = Duration::from_secs(20);

/// The arguments of `postern bench`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Port of the page on 127.0.0.1; 0 picks a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Program to start as the terminal; this one by default.
    #[arg(long, value_name = "P")]
    program: Option<PathBuf>,
    /// Board file from elsewhere; the bench then has only the displays that it can reach.
    #[arg(long, value_name = "F")]
    board: Option<PathBuf>,
    /// Shop file from elsewhere.
    #[arg(long, value_name = "F")]
    shop: Option<PathBuf>,
    /// Wire profile from elsewhere; the bench's own acquirer is then off.
    #[arg(long, value_name = "F")]
    profile: Option<PathBuf>,
    /// Directory of the terminal's data; it stays when the bench ends.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Directory of the bench's own files, which then stay; a temporary one by default.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Open the page in a browser, where there is one.
    #[arg(long)]
    open: bool,
}

/// What a bench is made of.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Program to start as the terminal.
    pub program: PathBuf,
    /// Board file from elsewhere.
    pub board: Option<PathBuf>,
    /// Shop file from elsewhere.
    pub shop: Option<PathBuf>,
    /// Wire profile from elsewhere.
    pub profile: Option<PathBuf>,
    /// Directory of the terminal's data.
    pub data: Option<PathBuf>,
    /// Run directory, which then stays.
    pub dir: Option<PathBuf>,
    /// Port of the page; 0 picks a free one.
    pub port: u16,
}

/// Why there is no bench.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The run directory or a file in it.
    #[error("could not prepare the bench's files")]
    Files(#[source] io::Error),
    /// No port for the printer.
    #[error("could not start the bench's printer")]
    Printer(#[source] io::Error),
    /// No pseudo terminal for the scanner.
    #[error("could not start the bench's scanner")]
    Scanner(#[source] io::Error),
    /// No acquirer.
    #[error("could not start the bench's acquirer")]
    Acquirer(#[source] io::Error),
    /// The page's port.
    #[error("could not serve the page on port {port}")]
    Port {
        /// The port that was asked for.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// The program under trial.
    #[error(transparent)]
    Terminal(#[from] StartError),
    /// Runtime, signals, own executable.
    #[error("could not set up the bench's process")]
    Process(#[source] io::Error),
}

/// A running bench; dropping it ends the terminal and everything that the bench pretends.
pub struct Bench {
    counter: Arc<Counter>,
    server: Server,
}

impl Bench {
    /// Builds the counter, serves its page and switches the terminal on.
    ///
    /// # Errors
    /// When a part could not be started; nothing is left running.
    pub async fn start(options: Options) -> Result<Bench, BenchError> {
        let counter = Arc::new(Counter::build(&options).await?);
        let server = Server::start(Arc::clone(&counter), options.port)
            .await
            .map_err(|source| BenchError::Port { port: options.port, source })?;
        counter.power_on()?;
        Ok(Bench { counter, server })
    }

    /// Where the page and the calls are.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The same as `GET /api/state`.
    pub fn state(&self) -> Value {
        self.counter.state()
    }

    /// Waits until a sale can be started; `false` when the terminal ended by itself instead.
    pub async fn ready(&self) -> bool {
        let mut versions = self.counter.news.listen();
        loop {
            versions.mark_unchanged();
            if self.counter.ready() {
                return true;
            }
            if !self.counter.terminal.ended().is_null() || versions.changed().await.is_err() {
                return false;
            }
        }
    }

    /// Cuts the terminal's power and waits until it is gone.
    pub async fn end(self) {
        self.counter.terminal.power_off().await;
    }
}

/// Runs the bench until it is interrupted.
///
/// # Errors
/// When it could not be started; nothing is left running.
pub fn run(args: Args) -> Result<(), BenchError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(BenchError::Process)?;
    runtime.block_on(attend(args))
}

async fn attend(args: Args) -> Result<(), BenchError> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(BenchError::Process)?;
    // The window in which it was started was closed.
    let mut hang_up = signal(SignalKind::hangup()).map_err(BenchError::Process)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(BenchError::Process)?;
    let program = args.program.map_or_else(std::env::current_exe, Ok).map_err(BenchError::Process)?;
    let options = Options {
        program,
        board: args.board,
        shop: args.shop,
        profile: args.profile,
        data: args.data,
        dir: args.dir,
        port: args.port,
    };
    let bench = Bench::start(options).await?;
    tokio::select! {
        () = announce(&bench, args.open) => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
        _ = terminate.recv() => {}
    }
    bench.end().await;
    Ok(())
}

/// Says where the page is once the terminal is ready, and never returns.
async fn announce(bench: &Bench, open: bool) {
    let url = format!("http://{}", bench.address());
    let ready = match tokio::time::timeout(PATIENCE, bench.ready()).await {
        Ok(ready) => ready,
        Err(_) => {
            say(&mut io::stderr(), &format!("the terminal is not ready yet; {url} shows why"));
            bench.ready().await
        }
    };
    if !ready {
        let ended = &bench.state()["ended"];
        let words = ended["last_words"].as_str().unwrap_or_default();
        let says = ended["says"].as_str().unwrap_or_default();
        say(
            &mut io::stderr(),
            &format!("the terminal ended by itself ({says}):\n{words}\nthe page is {url}"),
        );
        return std::future::pending().await;
    }
    say(&mut io::stdout(), &format!("bench: {url}"));
    if open {
        open_browser(&url);
    }
    std::future::pending().await
}

/// Writes a line; a bench whose output nobody reads goes on working.
fn say(out: &mut dyn Write, line: &str) {
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Opens the page where there is a desktop; where there is none, the printed line is enough.
fn open_browser(url: &str) {
    let desktop = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if desktop {
        let _ = tokio::process::Command::new("xdg-open")
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
    }
}

/// Locks; what another thread left behind when it panicked is still the counter's state.
fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
