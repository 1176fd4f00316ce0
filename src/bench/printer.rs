//! The receipt printer's wire: one TCP connection at a time, as network printers have it, at the speed of a real head.
//!
//! Pulling the plug closes the port and the connection; bytes that are in the buffer still get printed, because a
//! cable that falls out does not stop the head.

mod mechanism;

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) use mechanism::{Cover, Paper};
use mechanism::{Done, Mechanism};

use super::hold;
use super::news::{News, Topic};
use super::paper::{Receipt, Row};
use super::story::{Story, Who};

/// 250 mm a second at 8 dots a millimetre, in steps of this length.
const STEP: Duration = Duration::from_millis(20);
const ROWS_A_STEP: usize = 40;
const RAW_KEPT: usize = 16 * 1024 * 1024;

/// The printer as the bench's page and scripts see it.
#[derive(Debug)]
pub(crate) struct Printer {
    address: SocketAddr,
    inside: Arc<Inside>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Inside {
    mechanism: Mutex<Mechanism>,
    raw: Mutex<VecDeque<u8>>,
    plugged: watch::Sender<bool>,
    connected: watch::Sender<bool>,
    /// Something outside the wire changed: paper, cover, drawer.
    touched: watch::Sender<u64>,
    news: Arc<News>,
    story: Arc<Story>,
}

impl Printer {
    /// Starts the printer on a free port of the loopback address.
    ///
    /// # Errors
    /// When no port could be had.
    pub(crate) async fn start(news: Arc<News>, story: Arc<Story>) -> io::Result<Printer> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let inside = Arc::new(Inside {
            mechanism: Mutex::new(Mechanism::new()),
            raw: Mutex::new(VecDeque::new()),
            plugged: watch::Sender::new(true),
            connected: watch::Sender::new(false),
            touched: watch::Sender::new(0),
            news,
            story,
        });
        let task = tokio::spawn(Arc::clone(&inside).run(address, listener));
        Ok(Printer { address, inside, task })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn plugged(&self) -> bool {
        *self.inside.plugged.borrow()
    }

    pub(crate) fn plug(&self, plugged: bool) {
        self.inside.plugged.send_replace(plugged);
        self.inside.news.tell(Topic::State);
    }

    /// Puts the paper; `Out` with `after_rows` runs out in the middle of what is being printed.
    pub(crate) fn set_paper(&self, paper: Paper, after_rows: Option<usize>) {
        {
            let mut mechanism = hold(&self.inside.mechanism);
            match after_rows {
                Some(rows) if rows > 0 && paper == Paper::Out => mechanism.run_out_after(rows),
                _ => mechanism.set_paper(paper),
            }
        }
        self.inside.touch();
    }

    pub(crate) fn set_cover(&self, cover: Cover) {
        hold(&self.inside.mechanism).cover = cover;
        self.inside.touch();
    }

    /// Pushes the drawer shut, or opens it with the key.
    pub(crate) fn set_drawer(&self, open: bool) {
        hold(&self.inside.mechanism).drawer_open = open;
        self.inside.touch();
    }

    pub(crate) fn state(&self) -> Value {
        let mechanism = hold(&self.inside.mechanism);
        json!({
            "plugged": self.plugged(),
            "connected": *self.inside.connected.borrow(),
            "online": mechanism.online(),
            "printing": mechanism.busy(),
            "paper": mechanism.paper,
            "cover": mechanism.cover,
            "strip_rows": mechanism.roll.strip().len(),
            "junk": mechanism.junk,
        })
    }

    pub(crate) fn drawer(&self) -> Value {
        let mechanism = hold(&self.inside.mechanism);
        json!({ "open": mechanism.drawer_open, "kicks": mechanism.kicks })
    }

    pub(crate) fn paper(&self) -> Paper {
        hold(&self.inside.mechanism).paper
    }

    pub(crate) fn receipts_count(&self) -> u64 {
        hold(&self.inside.mechanism).roll.cut_count()
    }

    /// Number, time of the cut and length of each receipt that is kept, oldest first.
    pub(crate) fn receipts(&self) -> Vec<Value> {
        let mechanism = hold(&self.inside.mechanism);
        let line = |receipt: &Receipt| {
            json!({ "number": receipt.number, "at": receipt.at, "rows": receipt.rows.len(),
                    "png": format!("/api/receipts/{}.png", receipt.number) })
        };
        mechanism.roll.receipts().map(line).collect()
    }

    pub(crate) fn receipt(&self, number: u64) -> Option<Receipt> {
        hold(&self.inside.mechanism).roll.receipt(number).cloned()
    }

    pub(crate) fn strip(&self) -> Vec<Row> {
        hold(&self.inside.mechanism).roll.strip().to_vec()
    }

    pub(crate) fn everything(&self, rows_max: usize) -> Vec<Row> {
        hold(&self.inside.mechanism).roll.everything(rows_max)
    }

    /// Every byte that came over the wire, the newest 16 MiB of them.
    pub(crate) fn raw(&self) -> Vec<u8> {
        hold(&self.inside.raw).iter().copied().collect()
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Inside {
    fn touch(&self) {
        self.touched.send_modify(|count| *count += 1);
        self.news.tell(Topic::State);
    }

    async fn run(self: Arc<Inside>, address: SocketAddr, first: TcpListener) {
        let mut listener = Some(first);
        let mut plugged = self.plugged.subscribe();
        loop {
            if !*plugged.borrow_and_update() {
                listener = None;
                let _ = plugged.changed().await;
                continue;
            }
            let bound = match listener.take() {
                Some(bound) => Ok(bound),
                None => TcpListener::bind(address).await,
            };
            match bound {
                Ok(bound) => self.serve(&bound, &mut plugged).await,
                Err(error) => {
                    tracing::warn!(%address, %error, "the printer could not take its port again; trying on");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Runs the wire and the head until the plug is pulled.
    async fn serve(&self, listener: &TcpListener, plugged: &mut watch::Receiver<bool>) {
        let mut connection: Option<TcpStream> = None;
        let mut buffer = vec![0; 4096];
        let mut pace = tokio::time::interval(STEP);
        pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut touched = self.touched.subscribe();
        loop {
            let (busy, room) = {
                let mechanism = hold(&self.mechanism);
                (mechanism.busy(), mechanism.room().min(buffer.len()))
            };
            let mut answers = Vec::new();
            tokio::select! {
                _ = plugged.changed() => break,
                accepted = listener.accept(), if connection.is_none() => {
                    connection = accepted.ok().map(|(stream, _)| stream);
                    self.connect(connection.is_some());
                }
                read = read_some(&mut connection, &mut buffer[..room]), if room > 0 => match read {
                    Ok(length @ 1..) => answers = self.received(&buffer[..length]),
                    Ok(0) | Err(_) => {
                        connection = None;
                        self.connect(false);
                    }
                },
                _ = pace.tick(), if busy => answers = self.work(),
                _ = touched.changed() => answers = hold(&self.mechanism).automatic_status(),
            }
            if let Some(stream) = &mut connection
                && !answers.is_empty()
                && stream.write_all(&answers).await.is_err()
            {
                connection = None;
                self.connect(false);
            }
        }
        self.connect(false);
    }

    fn connect(&self, connected: bool) {
        if self.connected.send_replace(connected) != connected {
            self.news.tell(Topic::State);
        }
    }

    fn received(&self, bytes: &[u8]) -> Vec<u8> {
        {
            let mut raw = hold(&self.raw);
            raw.extend(bytes);
            let excess = raw.len().saturating_sub(RAW_KEPT);
            raw.drain(..excess);
        }
        let done = hold(&self.mechanism).receive(bytes);
        self.tell(done)
    }

    fn work(&self) -> Vec<u8> {
        let (done, idle) = {
            let mut mechanism = hold(&self.mechanism);
            let done = mechanism.work(ROWS_A_STEP, &self.story.time());
            (done, !mechanism.busy())
        };
        if idle {
            self.news.tell(Topic::State);
        }
        self.tell(done)
    }

    /// Passes on what happened; the bytes to answer come back.
    fn tell(&self, done: Done) -> Vec<u8> {
        if done.rows > 0 || done.cut {
            self.news.tell(Topic::Paper);
        }
        if done.cut {
            self.story.add(Who::Printer, "The printer cut the receipt off.");
        }
        if done.kicked {
            self.story.add(Who::Printer, "The cash drawer opened.");
        }
        if done.ran_out {
            self.story.add(Who::Printer, "The paper ran out in the middle of the receipt.");
        }
        if done.cut || done.kicked || done.ran_out {
            self.touch();
        }
        done.answers
    }
}

/// Reads from the connection, or waits for ever where there is none.
async fn read_some(connection: &mut Option<TcpStream>, buffer: &mut [u8]) -> io::Result<usize> {
    match connection {
        Some(stream) => stream.read(buffer).await,
        None => std::future::pending().await,
    }
}
