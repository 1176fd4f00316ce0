//! The near end of a panel's socket, which notes when each message was there as a whole.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::time;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);
const RETRY: Duration = Duration::from_micros(500);

/// A connected panel.
pub(crate) struct Panel {
    stream: UnixStream,
    messages: Receiver<(Instant, Message)>,
}

/// What the terminal says.
pub(crate) enum Message {
    /// So many pixels.
    Frame { pixels: usize },
    /// Its report.
    Report(Value),
}

impl Panel {
    /// Connects as soon as the terminal listens.
    pub(crate) fn connect(path: &Path) -> io::Result<Panel> {
        let since = time::now();
        let stream = loop {
            match UnixStream::connect(path) {
                Ok(stream) => break stream,
                Err(error) if since.elapsed() > PATIENCE => return Err(error),
                Err(_) => time::pause(RETRY),
            }
        };
        let mut from = stream.try_clone()?;
        let (heard, messages) = channel();
        thread::spawn(move || {
            while let Ok(message) = read(&mut from) {
                let here = time::now();
                if message.is_some_and(|message| heard.send((here, message)).is_err()) {
                    return;
                }
            }
        });
        Ok(Panel { stream, messages })
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: &str) -> io::Result<()> {
        let mut message = vec![b'K'];
        message.extend((key.len() as u32).to_le_bytes());
        message.extend(key.as_bytes());
        self.stream.write_all(&message)
    }

    /// Gives the next message.
    pub(crate) fn next(&self) -> io::Result<(Instant, Message)> {
        let late = || io::Error::new(io::ErrorKind::TimedOut, "the terminal says nothing more");
        self.messages.recv_timeout(PATIENCE).map_err(|_| late())
    }

    /// Waits for a report that is as wanted; says when it was there.
    pub(crate) fn wait(&self, wanted: impl Fn(&Value) -> bool) -> io::Result<Instant> {
        loop {
            if let (at, Message::Report(report)) = self.next()?
                && wanted(&report)
            {
                return Ok(at);
            }
        }
    }
}

fn read(from: &mut impl Read) -> io::Result<Option<Message>> {
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let mut payload = vec![0; u32::from_le_bytes(length) as usize];
    from.read_exact(&mut payload)?;
    Ok(match kind {
        b'F' => {
            let runs = payload.get(8..).unwrap_or_default().chunks_exact(4);
            let pixels = runs.map(|run| usize::from(u16::from_le_bytes([run[0], run[1]]))).sum();
            Some(Message::Frame { pixels })
        }
        b'S' => Some(Message::Report(serde_json::from_slice(&payload)?)),
        _lamp_tone_greeting => None,
    })
}
