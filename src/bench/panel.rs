//! The near end of a panel's socket: what a display shows, and the keys and touches that go back.
//!
//! Written from `docs/panel.md` alone. While the terminal is off the display is dark and the bench keeps trying to
//! connect; a terminal that breaks the protocol is disconnected, and the story says how.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::task::JoinHandle;

use super::hold;
use super::news::{News, Topic};
use super::story::{Story, Who};

/// The names of the keys.
pub(crate) const KEYS: [&str; 19] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "00", ".", "enter", "clear", "stop", "qr", "menu",
    "up", "down",
];

const RETRY: Duration = Duration::from_millis(25);
const MESSAGE_MAX: usize = 12 * 1024 * 1024;

/// What a display shows.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) width: u16,
    pub(crate) height: u16,
    /// RGB565, rows from the top.
    pub(crate) pixels: Vec<u16>,
}

impl Frame {
    pub(crate) fn dark(width: u16, height: u16) -> Frame {
        Frame { width, height, pixels: vec![0; usize::from(width) * usize::from(height)] }
    }

    /// Puts a rectangle of pixels, told in runs; `false` where it does not fit.
    fn put(&mut self, payload: &[u8]) -> bool {
        let Some((head, runs)) = payload.split_at_checked(8) else { return false };
        let [x, y, width, height] =
            [0, 2, 4, 6].map(|at| usize::from(u16::from_le_bytes([head[at], head[at + 1]])));
        let (across, down) = (usize::from(self.width), usize::from(self.height));
        if x + width > across || y + height > down {
            return false;
        }
        let mut pixels = Vec::with_capacity(width * height);
        for run in runs.chunks(4) {
            let &[n0, n1, low, high] = run else { return false };
            let end = pixels.len() + usize::from(u16::from_le_bytes([n0, n1]));
            if end > width * height {
                return false;
            }
            pixels.resize(end, u16::from_le_bytes([low, high]));
        }
        if pixels.len() != width * height {
            return false;
        }
        for (row, pixels) in pixels.chunks_exact(width.max(1)).enumerate() {
            let from = (y + row) * across + x;
            self.pixels[from..from + width].copy_from_slice(pixels);
        }
        true
    }
}

/// Which way a display faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Cashier,
    Customer,
}

impl Side {
    fn topic(self) -> Topic {
        match self {
            Side::Cashier => Topic::Screen,
            Side::Customer => Topic::Customer,
        }
    }
}

/// What the terminal has said over the socket.
#[derive(Debug)]
struct Seen {
    connected: bool,
    frame: Frame,
    lamp: Value,
    report: Value,
}

/// A display of the counter.
#[derive(Debug)]
pub(crate) struct Panel {
    inside: Arc<Inside>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Inside {
    side: Side,
    path: PathBuf,
    seen: Mutex<Seen>,
    back: tokio::sync::Mutex<Option<OwnedWriteHalf>>,
    news: Arc<News>,
    story: Arc<Story>,
}

/// Why a key or a touch did not arrive.
#[derive(Debug, thiserror::Error)]
#[error("the terminal's panel is not connected: is the power on?")]
pub(crate) struct NotConnected;

impl Panel {
    /// Starts to connect to the socket at `path`, and goes on trying.
    pub(crate) fn start(
        side: Side,
        path: &Path,
        size: (u16, u16),
        news: Arc<News>,
        story: Arc<Story>,
    ) -> Panel {
        let seen = Seen {
            connected: false,
            frame: Frame::dark(size.0, size.1),
            lamp: lamp_off(),
            report: Value::Null,
        };
        let inside = Arc::new(Inside {
            side,
            path: path.to_owned(),
            seen: Mutex::new(seen),
            back: tokio::sync::Mutex::new(None),
            news,
            story,
        });
        let task = tokio::spawn(Arc::clone(&inside).run());
        Panel { inside, task }
    }

    pub(crate) fn frame(&self) -> Frame {
        hold(&self.inside.seen).frame.clone()
    }

    pub(crate) fn size(&self) -> (u16, u16) {
        let seen = hold(&self.inside.seen);
        (seen.frame.width, seen.frame.height)
    }

    pub(crate) fn connected(&self) -> bool {
        hold(&self.inside.seen).connected
    }

    pub(crate) fn lamp(&self) -> Value {
        hold(&self.inside.seen).lamp.clone()
    }

    /// What the terminal says of itself, or null.
    pub(crate) fn report(&self) -> Value {
        hold(&self.inside.seen).report.clone()
    }

    pub(crate) fn ready(&self) -> bool {
        hold(&self.inside.seen).report["ready"] == Value::Bool(true)
    }

    /// Presses a key.
    ///
    /// # Errors
    /// The terminal has not got it.
    pub(crate) async fn press(&self, key: &str) -> Result<(), NotConnected> {
        self.inside.send(b'K', key.as_bytes()).await
    }

    /// Touches the glass.
    ///
    /// # Errors
    /// The terminal has not got it.
    pub(crate) async fn touch(&self, x: u16, y: u16) -> Result<(), NotConnected> {
        let ([a, b], [c, d]) = (x.to_le_bytes(), y.to_le_bytes());
        self.inside.send(b'P', &[a, b, c, d]).await
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lamp_off() -> Value {
    serde_json::json!({ "color": "off", "pattern": "steady" })
}

impl Inside {
    async fn run(self: Arc<Inside>) {
        loop {
            let Ok(stream) = UnixStream::connect(&self.path).await else {
                tokio::time::sleep(RETRY).await;
                continue;
            };
            let (mut from, back) = stream.into_split();
            *self.back.lock().await = Some(back);
            if let Err(broken) = self.follow(&mut from).await {
                self.story.add(Who::Bench, format!("The terminal broke the panel protocol: {broken}."));
            }
            *self.back.lock().await = None;
            self.go_dark();
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn send(&self, kind: u8, payload: &[u8]) -> Result<(), NotConnected> {
        let mut message = vec![kind];
        message.extend(u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
        message.extend(payload);
        let mut back = self.back.lock().await;
        let half = back.as_mut().ok_or(NotConnected)?;
        half.write_all(&message).await.map_err(|_| NotConnected)
    }

    /// Takes messages until the other end goes away.
    async fn follow(&self, from: &mut OwnedReadHalf) -> Result<(), String> {
        loop {
            let mut head = [0; 5];
            if from.read_exact(&mut head).await.is_err() {
                return Ok(());
            }
            let [kind, length @ ..] = head;
            let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
            if length > MESSAGE_MAX {
                return Err(format!("a message `{}` of {length} bytes", char::from(kind)));
            }
            let mut payload = vec![0; length];
            if from.read_exact(&mut payload).await.is_err() {
                return Ok(());
            }
            self.take(kind, &payload)?;
        }
    }

    fn take(&self, kind: u8, payload: &[u8]) -> Result<(), String> {
        match kind {
            b'F' => {
                if !hold(&self.seen).frame.put(payload) {
                    return Err(String::from("a rectangle that does not fit its display"));
                }
                self.news.tell(self.side.topic());
            }
            b'H' => self.greet(&json_of(kind, payload)?)?,
            b'L' => {
                hold(&self.seen).lamp = json_of(kind, payload)?;
                self.news.tell(Topic::State);
            }
            b'T' => self.news.sound(json_of(kind, payload)?),
            b'S' => {
                let report = json_of(kind, payload)?;
                let before = std::mem::replace(&mut hold(&self.seen).report, report.clone());
                self.narrate(&before, &report);
                self.news.tell(Topic::State);
            }
            other => return Err(format!("a message of the unknown kind {other:#04x}")),
        }
        Ok(())
    }

    fn greet(&self, hello: &Value) -> Result<(), String> {
        if hello["protocol"] != 1 {
            return Err(format!("protocol {}, the bench speaks 1", hello["protocol"]));
        }
        let side = |name: &str| {
            hello[name].as_u64().and_then(|side| u16::try_from(side).ok()).filter(|side| *side > 0)
        };
        let (Some(width), Some(height)) = (side("width"), side("height")) else {
            return Err(String::from("a greeting without the display's size"));
        };
        {
            let mut seen = hold(&self.seen);
            seen.connected = true;
            seen.frame = Frame::dark(width, height);
        }
        self.news.tell(Topic::State);
        Ok(())
    }

    fn go_dark(&self) {
        {
            let mut seen = hold(&self.seen);
            seen.connected = false;
            seen.frame.pixels.fill(0);
            seen.lamp = lamp_off();
            seen.report = Value::Null;
        }
        self.news.tell(self.side.topic());
        self.news.tell(Topic::State);
    }

    /// Says a change of the terminal's report in plain words.
    fn narrate(&self, before: &Value, now: &Value) {
        if before["ready"] != now["ready"] && now["ready"] == true {
            self.story.add(Who::Terminal, "The terminal is ready for a sale.");
        }
        // What an older payment comes to the counter with is no news.
        if before["transaction"] == now["transaction"]
            && before["result"] != now["result"]
            && let Some(result) = now["result"].as_str()
        {
            let words = match result {
                "paid" => "The terminal says: PAID. The goods can go.",
                "refused" => "The terminal says: NOT PAID. Nothing was charged.",
                "not_sent" => "The terminal says: no connection, nothing was charged.",
                "reversed" => {
                    "The terminal says: CANCELLED, not paid. If money left the wallet, it goes back."
                }
                "unsettled" => "The terminal says: not settled yet, it keeps asking by itself.",
                "paid_late" => {
                    "The terminal learned late that this was paid, and asks a person about the goods."
                }
                "partly_refunded" => "The terminal says: a part of the money was given back.",
                "refunded" => "The terminal says: all of the money was given back.",
                other => other,
            };
            self.story.add(Who::Terminal, words);
        } else if before["screen"] != now["screen"]
            && let Some(words) = now["screen"].as_str().and_then(screen_words)
        {
            self.story.add(Who::Terminal, words);
        }
        let none = Vec::new();
        let old = before["devices"].as_array().unwrap_or(&none);
        // Whether a display is connected can be seen on it.
        let shown = |device: &&Value| !device["name"].as_str().is_some_and(|name| name.ends_with("display"));
        for device in now["devices"].as_array().unwrap_or(&none).iter().filter(shown) {
            let known = old.iter().find(|known| known["name"] == device["name"]);
            if known.map(|known| &known["ok"]) != Some(&device["ok"]) {
                self.narrate_device(device, known.is_some());
            }
        }
    }

    fn narrate_device(&self, device: &Value, known: bool) {
        let name = device["name"].as_str().unwrap_or("a device");
        match (device["ok"] == true, device["says"].as_str()) {
            (false, Some(says)) => self.story.add(Who::Terminal, format!("The terminal reports: {says}.")),
            (false, None) => self.story.add(Who::Terminal, format!("The terminal misses its {name}.")),
            (true, _) if known => {
                self.story.add(Who::Terminal, format!("The terminal has its {name} again."));
            }
            (true, _) => {}
        }
    }
}

fn screen_words(screen: &str) -> Option<&'static str> {
    Some(match screen {
        "collecting" => "The terminal waits for the customer's code.",
        "confirm" => "The terminal asks the customer to confirm in the wallet.",
        "unknown" => "The terminal got no clear answer, so it asks again before it says anything.",
        "cancelling" => "The terminal is cancelling the payment.",
        _ => return None,
    })
}

fn json_of(kind: u8, payload: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(payload)
        .map_err(|error| format!("message `{}` is not JSON ({error})", char::from(kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(x: u16, y: u16, w: u16, h: u16, pixel: u16) -> Vec<u8> {
        let mut payload: Vec<u8> = [x, y, w, h].iter().flat_map(|value| value.to_le_bytes()).collect();
        payload.extend([w * h, pixel].iter().flat_map(|value| value.to_le_bytes()));
        payload
    }

    #[test]
    fn a_rectangle_changes_only_its_own_pixels() {
        let mut frame = Frame::dark(4, 3);
        assert!(frame.put(&rectangle(1, 1, 2, 1, 0xFFFF)));
        assert_eq!(frame.pixels, [0, 0, 0, 0, 0, 0xFFFF, 0xFFFF, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_rectangle_that_does_not_fit_is_refused() {
        let mut frame = Frame::dark(4, 3);
        assert!(!frame.put(&rectangle(3, 0, 2, 1, 0xFFFF)));
        assert!(!frame.put(&rectangle(0, 0, 2, 1, 0xFFFF)[..9]));
        assert!(!frame.put(&rectangle(0, 0, 2, 1, 0xFFFF)[..8]), "too few pixels");
        assert!(!frame.put(&[&rectangle(0, 0, 2, 1, 0xFFFF)[..], &[1, 0, 0, 0]].concat()), "too many pixels");
        assert!(!frame.put(b"short"));
    }
}
