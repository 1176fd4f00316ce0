//! One counter: its files, its scanner, the shipped program as a child process, and the sales at it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postern::bench::acquirer::{Acquirer, Answer};
use serialport::{SerialPort, TTYPort};

use crate::panel::{Message, Panel};
use crate::relay::Relay;
use crate::{Fault, PAUSE, time};

const WIDTH: usize = 800;
const HEIGHT: usize = 480;

/// The files of a counter, apart from its journal. They go away with it.
pub(crate) struct Files {
    dir: PathBuf,
}

impl Files {
    /// Writes them into a directory of their own; it is a temporary one, because a socket's path is short.
    pub(crate) fn write(
        name: &str,
        acquirer: &Acquirer,
        relay: &Relay,
        printer: Option<SocketAddr>,
    ) -> io::Result<Files> {
        let dir = std::env::temp_dir().join(format!("postern-{name}-{}", std::process::id()));
        let printer = printer.map_or_else(String::new, |address| {
            format!("[printer.escpos-tcp]\naddress = \"{address}\"\nwidth_dots = 576\n")
        });
        DirBuilder::new().mode(0o700).create(&dir)?;
        let files = Files { dir };
        let (cashier, customer, scanner) =
            (files.cashier(), files.customer().display().to_string(), files.scanner());
        files.put(
            "board.toml",
            &format!(
                "name = \"figures\"\n\
                 [display.panel]\npath = \"{}\"\nwidth = {WIDTH}\nheight = {HEIGHT}\n\
                 [customer_display.panel]\npath = \"{customer}\"\nwidth = 480\nheight = 480\n\
                 [scanner.serial]\npath = \"{}\"\nbaud = 115200\n\
                 {printer}",
                cashier.display(),
                scanner.display(),
            ),
        )?;
        files.put(
            "shop.toml",
            "terminal_id = \"HK01\"\nstore_id = \"S001\"\nclock = \"system\"\nlanguage = \"zh-HK\"\n\
             [entry_code]\ntext = \"00020101021126230011hk.com.upas0104S0015204581253033445802HK5922Sheung Tsuen \
             Tea House6009Hong Kong63042D55\"\n\
             [name]\nenglish = \"Sheung Tsuen Tea House\"\nchinese = \"上邨茶室\"\n\
             [receipt]\nhead = [\"G/F, 8 Sheung Tsuen Road\", \"元朗上邨路8號地下\"]\nfoot = [\"多謝惠顧\"]\n",
        )?;
        let config = acquirer.config();
        files.put("ca.pem", acquirer.ca_pem())?;
        if let postern::bench::acquirer::Keys::Sha { transaction_key } = &config.keys {
            files.put("transaction.key", transaction_key)?;
        }
        let listener = acquirer.terminal_tls();
        files.put("listener.pem", &listener.cert_pem)?;
        files.put("listener.key", &listener.key_pem)?;
        files.put("notification.key", &config.notification_key)?;
        files.put(
            "profile.toml",
            &format!(
                "base_url = \"https://localhost:{}\"\n[trust]\nca_file = \"ca.pem\"\n\
                 [credentials]\nclient_id = \"{}\"\nsign_type = \"SHA\"\nsign_id = \"{}\"\n\
                 key_file = \"transaction.key\"\n\
                 [notify]\ncert_file = \"listener.pem\"\nkey_file = \"listener.key\"\n\
                 notification_key_file = \"notification.key\"\n",
                relay.port, config.client_id, config.sign_id,
            ),
        )?;
        Ok(files)
    }

    pub(crate) fn shop(&self) -> PathBuf {
        self.dir.join("shop.toml")
    }

    pub(crate) fn profile(&self) -> PathBuf {
        self.dir.join("profile.toml")
    }

    /// The certificate authority of the acquirer, and of the terminal's listener.
    pub(crate) fn ca(&self) -> PathBuf {
        self.dir.join("ca.pem")
    }

    fn cashier(&self) -> PathBuf {
        self.dir.join("cashier.sock")
    }

    fn customer(&self) -> PathBuf {
        self.dir.join("customer.sock")
    }

    fn scanner(&self) -> PathBuf {
        self.dir.join("scanner")
    }

    fn put(&self, name: &str, text: &str) -> io::Result<()> {
        let path = self.dir.join(name);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // What can't be removed is a leftover in the temporary directory.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// A terminal that runs; dropping it cuts its power.
pub(crate) struct Counter {
    child: Child,
    scanner: TTYPort,
    cashier: Panel,
    _customer: Panel,
    /// From the start of the process to the first screen on which a sale can begin.
    pub(crate) ready_after: Duration,
}

/// What was measured in one sale.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sale {
    /// From the scan's last byte to the first byte of PAY in the kernel.
    pub(crate) asking: Duration,
    /// From the answer's last byte to the whole result screen.
    pub(crate) showing: Duration,
}

impl Counter {
    /// Starts the program on the journal in `data`, and waits until a sale can begin.
    pub(crate) fn start(program: &Path, files: &Files, data: &Path) -> io::Result<Counter> {
        Counter::start_with(program, files, data, &[])
    }

    /// The same, and listens for notifications: where, its log says.
    pub(crate) fn start_listening(
        program: &Path,
        files: &Files,
        data: &Path,
    ) -> Result<(Counter, SocketAddr), Fault> {
        let counter = Counter::start_with(program, files, data, &["--notify", "127.0.0.1:0"])?;
        let log = fs::read_to_string(data.with_extension("log"))?;
        let says = log.lines().find(|line| line.contains("listening for notifications"));
        let address = says.and_then(|line| line.split("address=").nth(1)).ok_or("nothing listens")?;
        Ok((counter, address.trim().parse()?))
    }

    fn start_with(program: &Path, files: &Files, data: &Path, more: &[&str]) -> io::Result<Counter> {
        let scanner = plug_in(&files.scanner())?;
        let log = File::create(data.with_extension("log"))?;
        let mut command = Command::new(program);
        command.arg("run").arg("--board").arg(files.dir.join("board.toml"));
        command.arg("--shop").arg(files.shop()).arg("--profile").arg(files.profile());
        command.arg("--data").arg(data).args(more);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let started = time::now();
        let child = command.spawn()?;
        let cashier = Panel::connect(&files.cashier());
        let customer = Panel::connect(&files.customer());
        let mut counter =
            Counter { child, scanner, cashier: cashier?, _customer: customer?, ready_after: Duration::ZERO };
        let ready = counter.cashier.wait(|says| says["ready"] == true && says["screen"] == "amount")?;
        counter.ready_after = ready - started;
        Ok(counter)
    }

    /// Sells something for `amount` (in the currency's major unit) to the owner of a fresh payment code.
    ///
    /// The machine comes to rest before the scan and, by the relay's hold, before the answer.
    pub(crate) fn sell(&mut self, amount: u32, acquirer: &Acquirer, relay: &Relay) -> io::Result<Sale> {
        self.collect(amount)?;
        time::pause(PAUSE);

        let code = acquirer.wallet_code(Answer::Pay);
        let before = relay.passed().connections;
        relay.arm();
        let scan = format!("{code}\r");
        let scanned = time::wall();
        self.scanner.write_all(scan.as_bytes())?;

        let mut frames = Vec::new();
        let printed;
        loop {
            match self.cashier.next()? {
                (at, Message::Frame { pixels }) => frames.push((at, pixels)),
                (_, Message::Report(says)) if says["screen"] == "paid" => {
                    printed = says["open"] == 0;
                    break;
                }
                (_, Message::Report(_)) => {}
            }
        }
        let passed = relay.passed();
        if passed.connections != before {
            return Err(io::Error::other("the connection was not warm"));
        }
        let sale = passed.asked.zip(passed.answered).and_then(|(asked, answered)| {
            // The result changes most of the screen; a minute that goes by, only a corner of it.
            let whole = |(at, pixels): &&(Instant, usize)| *at > answered && *pixels > WIDTH * HEIGHT / 3;
            let (shown, _) = frames.iter().find(whole)?;
            Some(Sale { asking: asked.checked_sub(scanned)?, showing: *shown - answered })
        });
        if !printed {
            self.cashier.wait(|says| says["open"] == 0)?;
        }
        self.cashier.press("clear")?;
        self.cashier.wait(|says| says["screen"] == "amount")?;
        sale.ok_or_else(|| io::Error::other("a sale without a request or a result screen"))
    }

    /// Sells something for `amount` to the owner of a fresh payment code: from the scan's last byte to *paid*.
    pub(crate) fn sell_whole(&mut self, amount: u32, acquirer: &Acquirer) -> io::Result<Duration> {
        self.collect(amount)?;
        time::pause(PAUSE);
        let scan = format!("{}\r", acquirer.wallet_code(Answer::Pay));
        let since = time::now();
        self.scanner.write_all(scan.as_bytes())?;
        let paid = self.cashier.wait(|says| says["screen"] == "paid")?;
        self.cashier.press("clear")?;
        self.cashier.wait(|says| says["screen"] == "amount")?;
        Ok(paid - since)
    }

    fn collect(&mut self, amount: u32) -> io::Result<()> {
        for digit in amount.to_string().chars() {
            self.cashier.press(&digit.to_string())?;
        }
        self.cashier.press("enter")?;
        self.cashier.wait(|says| says["screen"] == "collecting").map(drop)
    }

    /// The memory that the terminal has in use now, in bytes.
    pub(crate) fn resident(&self) -> io::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|kib| kib.parse().ok());
        kib.map(|kib: u64| kib * 1024).ok_or_else(|| io::Error::other("no VmRSS in /proc"))
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        // One that has ended by itself needs no killing.
        let _ = (self.child.kill(), self.child.wait());
    }
}

/// A fresh pseudo terminal behind the scanner's path. No child inherits it: the copy that stays closes on `exec`.
fn plug_in(path: &Path) -> io::Result<TTYPort> {
    let (near, far) = TTYPort::pair()?;
    let far = far.name().ok_or(io::ErrorKind::NotFound)?;
    // There is none at the first start.
    let _ = fs::remove_file(path);
    symlink(far, path)?;
    Ok(near.try_clone_native()?)
}
