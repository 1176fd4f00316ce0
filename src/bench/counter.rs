//! The whole counter: every part that the bench holds the other end of, and the terminal in the middle.

use std::ffi::OsString;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::net::TcpSocket;
use tokio::task::JoinHandle;

use super::acquirer::{Acquirer, Config, Entry, Keys};
use super::files::{AcquirerFiles, BoardPanels, Files};
use super::narrator;
use super::news::{News, Topic};
use super::panel::{Panel, Side};
use super::printer::Printer;
use super::scanner::Scanner;
use super::story::{Story, Who};
use super::terminal::Terminal;
use super::{BenchError, Options};

/// Of the bench's own shop, whose file holds its hash.
const MANAGER_PIN: &str = "2468";
const CASHIER_SIZE: (u16, u16) = (800, 480);
const CUSTOMER_SIZE: (u16, u16) = (480, 480);

/// The counter's parts; those that come from elsewhere are `None`.
pub(crate) struct Counter {
    pub(crate) terminal: Terminal,
    pub(crate) cashier: Option<Panel>,
    pub(crate) customer: Option<Panel>,
    pub(crate) scanner: Option<Scanner>,
    pub(crate) printer: Option<Printer>,
    pub(crate) acquirer: Option<Acquirer>,
    book_follower: Option<JoinHandle<()>>,
    pub(crate) news: Arc<News>,
    pub(crate) story: Arc<Story>,
    /// The shop file is the bench's own, so that its secrets are known.
    own_shop: bool,
    _ear: Option<Ear>,
    /// Last, so that the directory goes away after everything that lives in it.
    files: Files,
}

impl Drop for Counter {
    fn drop(&mut self) {
        if let Some(follower) = &self.book_follower {
            follower.abort();
        }
        if let Some(acquirer) = &self.acquirer {
            acquirer.shutdown();
        }
    }
}

impl Counter {
    /// Builds every part and writes every file; the power stays off.
    ///
    /// # Errors
    /// When a part could not be built; those that were are gone again.
    pub(crate) async fn build(options: &Options) -> Result<Counter, BenchError> {
        let news = Arc::new(News::new());
        let story = Arc::new(Story::new(Arc::clone(&news)));
        let files = Files::prepare(options).map_err(BenchError::Files)?;
        files.make_data().map_err(BenchError::Files)?;
        if options.shop.is_none() {
            files.write_shop().map_err(BenchError::Files)?;
        }
        let (acquirer, ear) = match options.profile {
            Some(_) => (None, None),
            None => {
                let ear = Ear::keep().map_err(BenchError::Acquirer)?;
                (Some(acquirer(&files, ear.address).await?), Some(ear))
            }
        };
        let panels;
        let (mut scanner, mut printer) = (None, None);
        if options.board.is_some() {
            panels = files.foreign_panels().map_err(BenchError::Files)?;
        } else {
            panels = BoardPanels {
                cashier: Some(files.cashier_socket()),
                customer: Some(files.customer_socket()),
            };
            let started =
                Printer::start(Arc::clone(&news), Arc::clone(&story)).await.map_err(BenchError::Printer)?;
            files.write_board(started.address()).map_err(BenchError::Files)?;
            printer = Some(started);
            let started =
                Scanner::start(&files.scanner_link(), Arc::clone(&news)).map_err(BenchError::Scanner)?;
            scanner = Some(started);
        }
        let panel = |side, path: Option<_>, size| {
            path.map(|path: std::path::PathBuf| {
                Panel::start(side, &path, size, Arc::clone(&news), Arc::clone(&story))
            })
        };
        let terminal = Terminal::new(
            &options.program,
            arguments(&files, ear.as_ref()),
            files.log(),
            Arc::clone(&news),
            Arc::clone(&story),
        );
        Ok(Counter {
            terminal,
            cashier: panel(Side::Cashier, panels.cashier, CASHIER_SIZE),
            customer: panel(Side::Customer, panels.customer, CUSTOMER_SIZE),
            scanner,
            printer,
            book_follower: acquirer
                .clone()
                .map(|acquirer| tokio::spawn(follow_book(acquirer, Arc::clone(&news), Arc::clone(&story)))),
            acquirer,
            news,
            story,
            own_shop: options.shop.is_none(),
            _ear: ear,
            files,
        })
    }

    /// Switches the terminal on, with a fresh scanner line: what an older one still held was lost with the power.
    ///
    /// # Errors
    /// The terminal could not be started.
    pub(crate) fn power_on(&self) -> Result<(), BenchError> {
        if self.terminal.on() {
            return Ok(());
        }
        if let Some(scanner) = self.scanner.as_ref().filter(|scanner| scanner.plugged()) {
            scanner.plug_in().map_err(BenchError::Scanner)?;
        }
        self.terminal.power_on()?;
        Ok(())
    }

    /// Has the terminal wait less, from its next start on.
    ///
    /// # Errors
    /// The profile can't be written.
    pub(crate) fn hurry(&self, timings: &str) -> Result<(), BenchError> {
        self.files.append_to_profile(timings).map_err(BenchError::Files)
    }

    /// Where the terminal's journal is.
    pub(crate) fn journal_file(&self) -> PathBuf {
        self.files.data().join("journal.db")
    }

    /// Whether the terminal says that a sale can be started.
    pub(crate) fn ready(&self) -> bool {
        self.cashier.as_ref().is_some_and(Panel::ready)
    }

    /// All that there is to know about the counter, but for pictures.
    pub(crate) fn state(&self) -> Value {
        let versions = self.news.versions();
        let printer = self.printer.as_ref();
        json!({
            "version": versions.total(),
            "versions": versions,
            "power": self.terminal.on(),
            "pid": self.terminal.pid(),
            "ended": self.terminal.ended(),
            "ready": self.ready(),
            "lamp": self.cashier.as_ref().map(Panel::lamp),
            "tone": self.news.last_tone(),
            "drawer": printer.map(Printer::drawer),
            "receipts": printer.map(Printer::receipts_count),
            "paper": printer.map(Printer::paper),
            "printer": printer.map(Printer::state),
            "scanner": self.scanner.as_ref().map(|scanner| json!({ "plugged": scanner.plugged() })),
            "display": self.cashier.as_ref().map(panel_state),
            "customer_display": self.customer.as_ref().map(panel_state),
            "acquirer": self.acquirer.as_ref().map(|acquirer| json!({ "base_url": acquirer.base_url() })),
            "shop": self.own_shop.then(|| json!({ "pin": MANAGER_PIN })),
            "report": self.cashier.as_ref().map(Panel::report),
        })
    }
}

fn panel_state(panel: &Panel) -> Value {
    let (width, height) = panel.size();
    json!({ "connected": panel.connected(), "width": width, "height": height })
}

/// Where the terminal listens for notifications: a port that is kept for it through all of its power cuts.
struct Ear {
    address: SocketAddr,
    /// Bound and never listening: nobody else is given the port, and who asks for it by number gets it.
    _socket: TcpSocket,
}

impl Ear {
    fn keep() -> io::Result<Ear> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        Ok(Ear { address: socket.local_addr()?, _socket: socket })
    }
}

/// `run --board F --shop F --profile F --data DIR`, with `--notify ADDR` where the acquirer is the bench's own.
fn arguments(files: &Files, ear: Option<&Ear>) -> Vec<OsString> {
    let pairs = [
        ("--board", files.board()),
        ("--shop", files.shop()),
        ("--profile", files.profile()),
        ("--data", files.data()),
    ];
    let named = pairs.into_iter().flat_map(|(name, path)| [OsString::from(name), path.into_os_string()]);
    let ear = ear.map(|ear| [OsString::from("--notify"), ear.address.to_string().into()]);
    std::iter::once(OsString::from("run")).chain(named).chain(ear.into_iter().flatten()).collect()
}

async fn acquirer(files: &Files, listens: SocketAddr) -> Result<Acquirer, BenchError> {
    let key = "bench-transaction-key";
    // The bench's own shop file names this store.
    let entry = Entry { store_id: "S001".to_owned(), notify_url: format!("https://{listens}/") };
    let keys = Keys::Sha { transaction_key: key.to_owned() };
    let config = Config { keys, entry: Some(entry), ..Config::default() };
    let acquirer = Acquirer::start(config).await.map_err(BenchError::Acquirer)?;
    files
        .write_profile(&AcquirerFiles {
            base_url: &acquirer.base_url(),
            ca_pem: acquirer.ca_pem(),
            client_id: &acquirer.config().client_id,
            sign_id: &acquirer.config().sign_id,
            key,
            notification_key: &acquirer.config().notification_key,
            listens,
            cert_pem: &acquirer.terminal_tls().cert_pem,
            cert_key_pem: &acquirer.terminal_tls().key_pem,
        })
        .map_err(BenchError::Files)?;
    Ok(acquirer)
}

/// Tells the page and the story about every change of the acquirer's book.
async fn follow_book(acquirer: Acquirer, news: Arc<News>, story: Arc<Story>) {
    let mut changed = acquirer.changed();
    let mut told = acquirer.orders();
    while changed.changed().await.is_ok() {
        let now = acquirer.orders();
        for line in narrator::tell(&told, &now) {
            story.add(Who::Acquirer, line);
        }
        told = now;
        news.tell(Topic::Book);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use argon2::password_hash::PasswordVerifier;
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    #[test]
    fn the_pin_that_the_page_tells_is_the_one_in_the_shop_file() {
        let shop: toml::Table = include_str!("../../assets/bench/shop.toml").parse().unwrap();
        let hash = PasswordHash::new(shop["pin"].as_str().unwrap()).unwrap();
        assert!(argon2::Argon2::default().verify_password(MANAGER_PIN.as_bytes(), &hash).is_ok());
    }
}
