//! A whole counter under test: the bench, with the program as it is shipped between its wires.
//!
//! The tests do what a person at the counter does, by the calls of the README, and wait for what the bench says has
//! happened: it answers `GET /api/state?after=N` when something is new. Every wait is bounded, and one that is in vain
//! says what it waited for, what the counter was like, and what the terminal wrote.

mod books;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use postern::bench::{Bench, Options};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

pub(crate) use books::{compare, end_of, refunded};

use crate::bench::http;

/// The longest that anything at the counter may take; rules that wait on purpose take seconds.
const SOON: Duration = Duration::from_secs(30);

/// Runs a test on a runtime of its own.
pub(crate) fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test);
}

/// The program under test: the shipped build where `make test` made one.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("POSTERN_SHIPPED").map_or_else(|| env!("CARGO_BIN_EXE_postern").into(), PathBuf::from)
}

/// A private directory that goes away with the test.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Directory {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("postern-it-counter-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        Directory(path.canonicalize().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// A record of the journal, as it is on disk.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) tx: Option<String>,
    pub(crate) kind: String,
    pub(crate) body: Value,
}

/// A bench with the real program.
pub(crate) struct Counter {
    bench: Option<Bench>,
    dir: Directory,
}

impl Counter {
    /// A counter that is ready for a sale.
    pub(crate) async fn open() -> Counter {
        let counter = Counter::open_with(Options::default()).await;
        counter.ready().await;
        counter
    }

    /// A counter whose wire profile says this, too, and that is ready for a sale.
    pub(crate) async fn open_with_profile(more: &str) -> Counter {
        let counter = Counter::open_with(Options::default()).await;
        counter.power(false).await;
        let mut profile = OpenOptions::new().append(true).open(counter.dir().join("profile.toml")).unwrap();
        profile.write_all(format!("\n{more}\n").as_bytes()).unwrap();
        counter.power(true).await;
        counter.ready().await;
        counter
    }

    /// A counter whose terminal was just switched on.
    pub(crate) async fn open_with(options: Options) -> Counter {
        Counter::open_in(Directory::new(), options).await
    }

    /// The same, in a directory where something waits already.
    pub(crate) async fn open_in(dir: Directory, options: Options) -> Counter {
        let program = if options.program.as_os_str().is_empty() { program() } else { options.program };
        let options = Options { program, dir: Some(dir.path().to_owned()), ..options };
        let bench = Bench::start(options).await.unwrap();
        Counter { bench: Some(bench), dir }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where the page and the calls are.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.bench.as_ref().unwrap().address()
    }

    /// What the terminal wrote.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.dir().join("terminal.log")).unwrap_or_default()
    }

    /// Does a call that has to be accepted.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.try_post(path, &body).await;
        assert_eq!(status, 200, "POST {path} {body}: {answer}");
        answer
    }

    pub(crate) async fn try_post(&self, path: &str, body: &Value) -> (u16, Value) {
        let head = format!("POST {path} HTTP/1.1\r\nHost: {}", self.address());
        let (status, answer) = http::ask(self.address(), &head, &body.to_string()).await;
        (status, serde_json::from_slice(&answer).unwrap())
    }

    pub(crate) async fn bytes(&self, path: &str) -> Vec<u8> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}", self.address());
        let (status, body) = http::ask(self.address(), &head, "").await;
        assert_eq!(status, 200, "GET {path}: {}", String::from_utf8_lossy(&body));
        body
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        serde_json::from_slice(&self.bytes(path).await).unwrap()
    }

    pub(crate) async fn state(&self) -> Value {
        self.get("/api/state").await
    }

    /// The acquirer's book.
    pub(crate) async fn book(&self) -> Value {
        self.get("/api/acquirer/orders").await
    }

    /// Waits for a state of the counter.
    pub(crate) async fn until(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.until_both(what, |state, _| wanted(state)).await.0
    }

    /// Waits for the acquirer's book to say something.
    pub(crate) async fn until_book(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.until_both(what, |_, book| wanted(book)).await.1
    }

    /// Waits for state and book, woken by the bench's own news.
    pub(crate) async fn until_both(
        &self,
        what: &str,
        wanted: impl Fn(&Value, &Value) -> bool,
    ) -> (Value, Value) {
        let waiting = async {
            let mut state = self.state().await;
            loop {
                let book = self.book().await;
                if wanted(&state, &book) {
                    return (state, book);
                }
                state = self.get(&format!("/api/state?after={}", state["version"])).await;
            }
        };
        match tokio::time::timeout(SOON, waiting).await {
            Ok(both) => both,
            Err(_) => {
                let (state, book, story) =
                    (self.state().await, self.book().await, self.get("/api/story").await);
                panic!(
                    "waited in vain: {what}\nstate: {state:#}\nbook: {book:#}\nstory: {story:#}\n{}\njournal: {:#?}",
                    self.log(),
                    self.journal()
                );
            }
        }
    }

    pub(crate) async fn ready(&self) {
        self.until("the terminal is ready", |state| state["ready"] == true).await;
    }

    /// Waits for the cashier's screen of this name.
    pub(crate) async fn screen(&self, name: &str) -> Value {
        self.until(&format!("the screen {name}"), |state| state["report"]["screen"] == name).await
    }

    pub(crate) async fn key(&self, key: &str) {
        self.post("/api/key", json!({ "key": key })).await;
    }

    /// Types an amount key by key.
    pub(crate) async fn type_amount(&self, amount: &str) {
        for key in amount.chars() {
            self.key(&key.to_string()).await;
        }
    }

    /// Types an amount and waits for the screen that collects the customer's code.
    pub(crate) async fn collect(&self, amount: &str) {
        self.type_amount(amount).await;
        self.key("enter").await;
        self.screen("collecting").await;
    }

    /// A fresh payment code of a customer who will answer so.
    pub(crate) async fn code(&self, answer: &str) -> String {
        let code = self.post("/api/wallet/code", json!({ "answer": answer })).await;
        code["text"].as_str().unwrap().to_owned()
    }

    /// Holds a code to the scanner, once the terminal says that it works: what came before may be an older scan's tail.
    pub(crate) async fn scan(&self, text: &str) {
        self.until("the scanner works", |state| {
            let devices = state["report"]["devices"].as_array();
            devices.is_some_and(|all| {
                all.iter().any(|device| device["name"] == "scanner" && device["ok"] == true)
            })
        })
        .await;
        self.post("/api/scan", json!({ "text": text })).await;
    }

    /// Scans until the terminal takes it: after a scan it lets the scanner rest for a moment, and says so by a tone.
    pub(crate) async fn pay_by_code(&self, code: &str) {
        loop {
            let before = self.state().await["versions"]["state"].as_u64();
            self.scan(code).await;
            let after = self
                .until("the terminal has heard the scan", |state| {
                    state["versions"]["state"].as_u64() > before
                })
                .await;
            if after["tone"]["name"] != "refused" {
                return;
            }
        }
    }

    /// Has the order code shown, and returns the transaction's id.
    pub(crate) async fn show_order_code(&self) -> String {
        self.key("qr").await;
        let state = self
            .until("the order code may be shown", |state| {
                let shown = |tx: &str| {
                    self.journal().iter().any(|line| line.kind == "shown" && line.tx.as_deref() == Some(tx))
                };
                state["report"]["screen"] == "collecting"
                    && state["report"]["transaction"].as_str().is_some_and(shown)
            })
            .await;
        state["report"]["transaction"].as_str().unwrap().to_owned()
    }

    /// The customer's phone looks at the displays until it sees a code.
    pub(crate) async fn phone_scans(&self, answer: &str) -> Value {
        let looking = async {
            loop {
                let version = self.state().await["version"].clone();
                let (status, seen) = self.try_post("/api/wallet/scan", &json!({ "answer": answer })).await;
                match status {
                    200 => return seen,
                    409 => drop(self.get(&format!("/api/state?after={version}")).await),
                    _ => panic!("{seen}"),
                }
            }
        };
        tokio::time::timeout(SOON, looking).await.expect("the phone sees a code")
    }

    /// From the ready counter to the search for a payment whose money goes back, with its receipt's code scanned.
    pub(crate) async fn find(&self, id: &str) {
        self.key("menu").await;
        self.screen("menu").await;
        self.key("5").await;
        self.screen("find").await;
        self.scan(id).await;
    }

    /// From the ready counter to the manager's word that so much (all, where nothing is typed) goes back.
    pub(crate) async fn give_back(&self, id: &str, typed: &str) {
        self.find(id).await;
        self.screen("give_back").await;
        self.type_amount(typed).await;
        self.key("enter").await;
        self.screen("pin").await;
        self.type_amount("2468").await;
        self.key("enter").await;
    }

    /// Orders faults for the next calls.
    pub(crate) async fn fault(&self, fault: Value) {
        self.post("/api/acquirer/fault", fault).await;
    }

    pub(crate) async fn power(&self, on: bool) {
        self.post("/api/power", json!({ "on": on })).await;
    }

    pub(crate) fn journal_file(&self) -> PathBuf {
        self.dir().join("data/journal.db")
    }

    /// The journal's records, read beside the terminal.
    pub(crate) fn journal(&self) -> Vec<Line> {
        let Ok(connection) =
            Connection::open_with_flags(self.journal_file(), OpenFlags::SQLITE_OPEN_READ_ONLY)
        else {
            return Vec::new();
        };
        let mut statement =
            connection.prepare("SELECT tx, kind, body FROM record ORDER BY sequence").unwrap();
        let lines = statement
            .query_map([], |row| {
                let body: String = row.get(2)?;
                Ok(Line { tx: row.get(0)?, kind: row.get(1)?, body: serde_json::from_str(&body).unwrap() })
            })
            .unwrap();
        lines.map(Result::unwrap).collect()
    }

    /// Waits until nothing is open any more and all paper is out, and compares the two books.
    pub(crate) async fn settled(&self) {
        self.until("every transaction has its end", |state| {
            state["report"]["open"] == 0 && state["report"]["unsettled"] == 0
        })
        .await;
        self.until_printed().await;
        compare(&self.journal(), &self.book().await);
    }

    /// Waits until every paper that was begun is out.
    async fn until_printed(&self) {
        self.until("the paper is out", |_| {
            // After a power cut a paper is begun twice, and the second one is what counts.
            let journal = self.journal();
            let papers = || journal.iter().filter(|line| line.kind.contains("print"));
            papers().filter(|line| line.kind == "printing").all(|begun| {
                let same = |line: &&Line| line.tx == begun.tx && line.body["paper"] == begun.body["paper"];
                papers().rfind(same).is_some_and(|last| last.kind != "printing")
            })
        })
        .await;
    }

    pub(crate) async fn end(mut self) {
        self.bench.take().unwrap().end().await;
    }
}
