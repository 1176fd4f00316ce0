//! The counter's files: one run directory with all that the terminal is given.
//!
//! Parts that come from elsewhere (`--board`, `--shop`, `--profile`, `--data`) are used as they are, and what they point at
//! the bench does not pretend. The directory is the bench's own (0700) and goes away with it; the data in it
//! lives through power cuts, and a `--data` of the caller's lives on.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::Options;

/// Where the terminal finds what, once everything is written.
#[derive(Debug)]
pub(crate) struct Files {
    dir: PathBuf,
    goes_away: bool,
    board: Option<PathBuf>,
    shop: Option<PathBuf>,
    profile: Option<PathBuf>,
    data: Option<PathBuf>,
}

/// What the bench's own acquirer wants the terminal to know.
pub(crate) struct AcquirerFiles<'a> {
    pub(crate) base_url: &'a str,
    pub(crate) ca_pem: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) sign_id: &'a str,
    pub(crate) key: &'a str,
    pub(crate) notification_key: &'a str,
    /// Where the terminal is to listen for notifications, and with which certificate.
    pub(crate) listens: SocketAddr,
    pub(crate) cert_pem: &'a str,
    pub(crate) cert_key_pem: &'a str,
}

/// Where a board file from elsewhere has its displays.
#[derive(Debug, Default)]
pub(crate) struct BoardPanels {
    pub(crate) cashier: Option<PathBuf>,
    pub(crate) customer: Option<PathBuf>,
}

impl Files {
    /// Makes the run directory, or takes the one that the options name.
    ///
    /// # Errors
    /// When it can't be made, or a part from elsewhere is not there.
    pub(crate) fn prepare(options: &Options) -> io::Result<Files> {
        for part in [&options.board, &options.shop, &options.profile].into_iter().flatten() {
            if !part.is_file() {
                let says = format!("could not find the file {}", part.display());
                return Err(io::Error::new(io::ErrorKind::NotFound, says));
            }
        }
        let dir = match &options.dir {
            Some(dir) => {
                DirBuilder::new().mode(0o700).recursive(true).create(dir)?;
                dir.canonicalize()?
            }
            None => fresh_directory()?,
        };
        Ok(Files {
            dir,
            goes_away: options.dir.is_none(),
            board: options.board.clone(),
            shop: options.shop.clone(),
            profile: options.profile.clone(),
            data: options.data.clone(),
        })
    }

    pub(crate) fn cashier_socket(&self) -> PathBuf {
        self.dir.join("cashier.sock")
    }

    pub(crate) fn customer_socket(&self) -> PathBuf {
        self.dir.join("customer.sock")
    }

    pub(crate) fn scanner_link(&self) -> PathBuf {
        self.dir.join("scanner")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.dir.join("terminal.log")
    }

    pub(crate) fn board(&self) -> PathBuf {
        self.board.clone().unwrap_or_else(|| self.dir.join("board.toml"))
    }

    pub(crate) fn shop(&self) -> PathBuf {
        self.shop.clone().unwrap_or_else(|| self.dir.join("shop.toml"))
    }

    pub(crate) fn profile(&self) -> PathBuf {
        self.profile.clone().unwrap_or_else(|| self.dir.join("profile.toml"))
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| self.dir.join("data"))
    }

    /// Makes the directory of the terminal's data.
    ///
    /// # Errors
    /// When it can't be made.
    pub(crate) fn make_data(&self) -> io::Result<()> {
        DirBuilder::new().mode(0o700).recursive(true).create(self.data())
    }

    /// Writes the board file: displays, scanner and printer of this bench.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn write_board(&self, printer: SocketAddr) -> io::Result<()> {
        let (cashier, customer) = (quoted(&self.cashier_socket()), quoted(&self.customer_socket()));
        let scanner = quoted(&self.scanner_link());
        let text = format!(
            "name = \"bench\"\n\n\
             [display.panel]\npath = {cashier}\nwidth = 800\nheight = 480\n\n\
             [customer_display.panel]\npath = {customer}\nwidth = 480\nheight = 480\n\n\
             [scanner.serial]\npath = {scanner}\nbaud = 9600\n\n\
             [printer.escpos-tcp]\naddress = \"{printer}\"\nwidth_dots = 576\n\
             drawer = {{ pin = 2, on_ms = 120, off_ms = 240 }}\n"
        );
        write_private(&self.dir.join("board.toml"), &text)
    }

    /// Writes the shop file.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn write_shop(&self) -> io::Result<()> {
        write_private(&self.dir.join("shop.toml"), include_str!("../../assets/bench/shop.toml"))
    }

    /// Writes the wire profile, the acquirer's certificate and the terminal's key.
    ///
    /// # Errors
    /// When one of them can't be written.
    pub(crate) fn write_profile(&self, acquirer: &AcquirerFiles<'_>) -> io::Result<()> {
        write_private(&self.dir.join("ca.pem"), acquirer.ca_pem)?;
        write_private(&self.dir.join("transaction.key"), acquirer.key)?;
        write_private(&self.dir.join("notification.key"), acquirer.notification_key)?;
        write_private(&self.dir.join("listener.pem"), acquirer.cert_pem)?;
        write_private(&self.dir.join("listener.key"), acquirer.cert_key_pem)?;
        let AcquirerFiles { base_url, client_id, sign_id, listens, .. } = acquirer;
        let text = format!(
            "base_url = \"{base_url}\"\n\n[trust]\nca_file = \"ca.pem\"\n\n\
             [request]\nnotify_url = \"https://{listens}/\"\n\n\
             [business]\nproducts = [\"PAYMENT_CODE\", \"ORDER_CODE\", \"CASHIER_PAYMENT\", \"ENTRY_CODE\"]\n\n\
             [notify]\ncert_file = \"listener.pem\"\nkey_file = \"listener.key\"\n\
             notification_key_file = \"notification.key\"\n\n\
             [credentials]\nclient_id = \"{client_id}\"\nsign_type = \"SHA\"\nsign_id = \"{sign_id}\"\n\
             key_file = \"transaction.key\"\n"
        );
        write_private(&self.dir.join("profile.toml"), &text)
    }

    /// Adds a table to the wire profile.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn append_to_profile(&self, text: &str) -> io::Result<()> {
        fs::OpenOptions::new().append(true).open(self.profile())?.write_all(text.as_bytes())
    }

    /// Reads where a board file from elsewhere has its displays.
    ///
    /// # Errors
    /// When the file can't be read; what is wrong inside it, the terminal says.
    pub(crate) fn foreign_panels(&self) -> io::Result<BoardPanels> {
        let text = fs::read_to_string(self.board())?;
        let Ok(table) = text.parse::<toml::Table>() else { return Ok(BoardPanels::default()) };
        // Relative paths start at the board file's directory, for the terminal as well.
        let beside = |path: &str| absolute(&self.board().parent().unwrap_or(Path::new("")).join(path));
        let path = |device: &str| table.get(device)?.get("panel")?.get("path")?.as_str().map(beside);
        Ok(BoardPanels { cashier: path("display"), customer: path("customer_display") })
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        if self.goes_away {
            // What can't be removed is a temporary directory's leftover, and nobody can act on it.
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

fn fresh_directory() -> io::Result<PathBuf> {
    let base = std::env::temp_dir();
    let mut number = 0;
    loop {
        let dir = base.join(format!("postern-bench-{}-{number}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&dir) {
            Ok(()) => return Ok(dir),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A path as a TOML string; JSON's escapes are TOML's.
fn quoted(path: &Path) -> String {
    serde_json::Value::from(path.to_string_lossy()).to_string()
}
