//! The program under trial as a child process, and its power switch.
//!
//! Off is SIGKILL: no farewell, no flush, as when somebody trips over the cable. On starts the same program on the same data.
//! A child that ends by itself leaves its last words. It ends with the bench, however that ends.

mod orphan;

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::sync::{oneshot, watch};

use super::hold;
use super::news::{News, Topic};
use super::scanner::INHERITANCE;
use super::story::{Story, Who};

const LAST_WORDS_MAX: u64 = 4096;

/// The terminal with its power switch.
#[derive(Debug)]
pub(crate) struct Terminal {
    program: PathBuf,
    arguments: Vec<std::ffi::OsString>,
    log: PathBuf,
    inside: Arc<Inside>,
}

#[derive(Debug)]
struct Inside {
    power: Mutex<Power>,
    running: watch::Sender<bool>,
    news: Arc<News>,
    story: Arc<Story>,
}

#[derive(Debug)]
enum Power {
    Off,
    On { cut: Option<oneshot::Sender<()>>, pid: Option<u32> },
    Ended { says: String, last_words: String },
}

/// The terminal could not be started.
#[derive(Debug, thiserror::Error)]
#[error("could not start the terminal {program}")]
pub struct StartError {
    program: String,
    source: io::Error,
}

impl Terminal {
    pub(crate) fn new(
        program: &Path,
        arguments: Vec<std::ffi::OsString>,
        log: PathBuf,
        news: Arc<News>,
        story: Arc<Story>,
    ) -> Terminal {
        let inside =
            Inside { power: Mutex::new(Power::Off), running: watch::Sender::new(false), news, story };
        Terminal { program: program.to_owned(), arguments, log, inside: Arc::new(inside) }
    }

    pub(crate) fn on(&self) -> bool {
        *self.inside.running.borrow()
    }

    /// Listens for the terminal going on and off.
    pub(crate) fn running(&self) -> watch::Receiver<bool> {
        self.inside.running.subscribe()
    }

    /// Switches it on; nothing happens where it is on already.
    ///
    /// # Errors
    /// The program could not be started; it stays off.
    pub(crate) fn power_on(&self) -> Result<(), StartError> {
        if self.on() {
            return Ok(());
        }
        let (child, log_from) = self
            .spawn()
            .map_err(|source| StartError { program: self.program.display().to_string(), source })?;
        let (cut, is_cut) = oneshot::channel();
        *hold(&self.inside.power) = Power::On { cut: Some(cut), pid: child.id() };
        self.inside.running.send_replace(true);
        self.inside.story.add(Who::Terminal, "Power on: the terminal starts.");
        self.inside.news.tell(Topic::State);
        tokio::spawn(Arc::clone(&self.inside).attend(child, is_cut, self.log.clone(), log_from));
        Ok(())
    }

    /// Cuts the power and waits until the process is gone.
    pub(crate) async fn power_off(&self) {
        let mut running = self.running();
        if let Power::On { cut, .. } = &mut *hold(&self.inside.power)
            && let Some(cut) = cut.take()
        {
            // The receiver is gone only when the process ended in this very moment.
            let _ = cut.send(());
        }
        let _ = running.wait_for(|running| !running).await;
    }

    /// How the program ended by itself, or null.
    pub(crate) fn ended(&self) -> Value {
        match &*hold(&self.inside.power) {
            Power::Ended { says, last_words } => json!({ "says": says, "last_words": last_words }),
            Power::Off | Power::On { .. } => Value::Null,
        }
    }

    /// The process that runs now.
    pub(crate) fn pid(&self) -> Option<u32> {
        match &*hold(&self.inside.power) {
            Power::On { pid, .. } => *pid,
            Power::Off | Power::Ended { .. } => None,
        }
    }

    fn spawn(&self) -> io::Result<(Child, u64)> {
        let mut log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let log_from = log.seek(SeekFrom::End(0))?;
        let _alone = hold(&INHERITANCE);
        let mut command = Command::new(&self.program);
        let child = orphan::never(&mut command)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // Ctrl-C is for the bench, which then ends the terminal.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        Ok((child, log_from))
    }
}

impl Inside {
    /// Stays with the process to its end.
    async fn attend(
        self: Arc<Inside>,
        mut child: Child,
        cut: oneshot::Receiver<()>,
        log: PathBuf,
        log_from: u64,
    ) {
        let by_itself = tokio::select! {
            status = child.wait() => Some(status),
            _ = cut => None,
        };
        match by_itself {
            Some(status) => {
                let says = status.map_or_else(|error| error.to_string(), how);
                self.story.add(Who::Terminal, format!("The terminal ended by itself: {says}."));
                *hold(&self.power) = Power::Ended { says, last_words: last_words(&log, log_from) };
            }
            None => {
                if let Err(error) = child.kill().await {
                    tracing::error!(%error, "could not kill the terminal");
                }
                *hold(&self.power) = Power::Off;
                self.story.add(
                    Who::You,
                    "Power cut: the terminal lost its power in the middle of whatever it did.",
                );
            }
        }
        self.running.send_replace(false);
        self.news.tell(Topic::State);
    }
}

fn how(status: ExitStatus) -> String {
    status.to_string()
}

/// The end of what the process wrote since it was started.
fn last_words(log: &Path, from: u64) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(from.max(length.saturating_sub(LAST_WORDS_MAX))))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let words = read().unwrap_or_default();
    String::from_utf8_lossy(&words).trim().to_owned()
}
