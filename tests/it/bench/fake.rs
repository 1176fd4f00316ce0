//! A bench under test, and the far ends of its wires.

use std::fs;
use std::io::Read;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use postern::bench::{Bench, Options};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use super::http;

const IDLE_PROGRAM: &str = "#!/bin/sh\necho \"$@\" >> \"$(dirname \"$0\")/starts\"\nexec sleep 600\n";

/// A bench whose terminal is a program that does nothing.
pub(super) struct Tried {
    bench: Option<Bench>,
    dir: PathBuf,
    cashier: UnixListener,
    customer: UnixListener,
}

impl Tried {
    pub(super) async fn start() -> Tried {
        Tried::start_program(IDLE_PROGRAM).await
    }

    pub(super) async fn start_program(script: &str) -> Tried {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("postern-it-bench-{}-{number}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
        let dir = dir.canonicalize().unwrap();
        let program = dir.join("program");
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        let cashier = UnixListener::bind(dir.join("cashier.sock")).unwrap();
        let customer = UnixListener::bind(dir.join("customer.sock")).unwrap();
        let options = Options { program, dir: Some(dir.clone()), ..Options::default() };
        let bench = Some(Bench::start(options).await.unwrap());
        Tried { bench, dir, cashier, customer }
    }

    pub(super) fn bench(&self) -> &Bench {
        self.bench.as_ref().unwrap()
    }

    pub(super) async fn end(mut self) {
        self.bench.take().unwrap().end().await;
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The arguments of each start of the program, once there are `count` of them.
    pub(super) async fn starts(&self, count: usize) -> Vec<String> {
        loop {
            let text = fs::read_to_string(self.dir.join("starts")).unwrap_or_default();
            if text.matches('\n').count() >= count {
                return text.lines().map(str::to_owned).collect();
            }
            tokio::task::yield_now().await;
        }
    }

    pub(super) fn scanner_path(&self) -> PathBuf {
        self.dir.join("scanner")
    }

    /// The terminal's end of the scanner's line, raw.
    pub(super) fn scanner_line(&self) -> Box<dyn serialport::SerialPort> {
        let path = self.scanner_path();
        serialport::new(path.to_str().unwrap(), 9600).timeout(super::SOON).open().unwrap()
    }

    pub(super) fn printer(&self) -> SocketAddr {
        let board: toml::Table = fs::read_to_string(self.dir.join("board.toml")).unwrap().parse().unwrap();
        board["printer"]["escpos-tcp"]["address"].as_str().unwrap().parse().unwrap()
    }

    fn address(&self) -> SocketAddr {
        self.bench().address()
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let head = format!("POST {path} HTTP/1.1\r\nHost: {}", self.address());
        let (status, answer) = http::ask(self.address(), &head, &body.to_string()).await;
        (status, serde_json::from_slice(&answer).unwrap())
    }

    pub(super) async fn bytes(&self, path: &str) -> Vec<u8> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}", self.address());
        let (status, body) = http::ask(self.address(), &head, "").await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        body
    }

    pub(super) async fn get(&self, path: &str) -> (u16, Value) {
        (200, serde_json::from_slice(&self.bytes(path).await).unwrap())
    }

    /// The status of a GET with other headers.
    pub(super) async fn get_as(&self, path: &str, headers: &str) -> u16 {
        http::ask(self.address(), &format!("GET {path} HTTP/1.1\r\n{headers}"), "").await.0
    }

    pub(super) async fn first_event(&self) -> Value {
        let head = format!("GET /api/events HTTP/1.1\r\nHost: {}", self.address());
        http::first_event(http::send(self.address(), &head, "").await).await
    }

    pub(super) async fn state(&self) -> Value {
        self.get("/api/state").await.1
    }

    /// Waits for a state, woken by the bench's own news.
    pub(super) async fn until(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut state = self.state().await;
        while !wanted(&state) {
            state = self.get(&format!("/api/state?after={}", state["version"])).await.1;
        }
        state
    }

    /// A picture's width, height and pixels.
    pub(super) async fn picture(&self, path: &str) -> (u32, u32, Vec<u8>) {
        let file = self.bytes(path).await;
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width, info.height, pixels)
    }
}

impl Drop for Tried {
    fn drop(&mut self) {
        drop(self.bench.take());
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// The terminal's end of a panel.
pub(super) struct FakePanel {
    stream: UnixStream,
    size: (u16, u16),
}

impl FakePanel {
    pub(super) async fn accept(tried: &Tried) -> FakePanel {
        let panel = FakePanel::greet(&tried.cashier, "cashier", (800, 480)).await;
        tried.until(|state| state["display"]["connected"] == true).await;
        panel
    }

    pub(super) async fn accept_customer(tried: &Tried) -> FakePanel {
        let panel = FakePanel::greet(&tried.customer, "customer", (480, 480)).await;
        tried.until(|state| state["customer_display"]["connected"] == true).await;
        panel
    }

    async fn greet(listener: &UnixListener, name: &str, size: (u16, u16)) -> FakePanel {
        let (stream, _) = listener.accept().await.unwrap();
        let mut panel = FakePanel { stream, size };
        let hello = json!({ "protocol": 1, "name": name, "width": size.0, "height": size.1 });
        panel.send_json(b'H', &hello).await;
        panel.fill(0).await;
        panel
    }

    pub(super) async fn send(&mut self, kind: u8, payload: &[u8]) {
        let mut message = vec![kind];
        message.extend(u32::try_from(payload.len()).unwrap().to_le_bytes());
        message.extend(payload);
        self.stream.write_all(&message).await.unwrap();
    }

    pub(super) async fn send_json(&mut self, kind: u8, value: &Value) {
        self.send(kind, value.to_string().as_bytes()).await;
    }

    pub(super) async fn receive(&mut self) -> (u8, Vec<u8>) {
        let kind = self.stream.read_u8().await.unwrap();
        let length = self.stream.read_u32_le().await.unwrap();
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.stream.read_exact(&mut payload).await.unwrap();
        (kind, payload)
    }

    pub(super) async fn is_disconnected(&mut self) {
        assert_eq!(self.stream.read(&mut [0]).await.unwrap_or(0), 0);
    }

    pub(super) async fn fill(&mut self, pixel: u16) {
        let pixels = vec![pixel; usize::from(self.size.0) * usize::from(self.size.1)];
        self.frame(&pixels).await;
    }

    /// Draws a QR code, eight pixels a module, on white.
    pub(super) async fn show_code(&mut self, text: &str) {
        let code = qrcode::QrCode::new(text).unwrap();
        let (width, side) = (usize::from(self.size.0), code.width());
        let mut pixels = vec![0xFFFF; width * usize::from(self.size.1)];
        for (index, module) in code.to_colors().iter().enumerate() {
            for pixel in 0..64 {
                let (x, y) = (80 + index % side * 8 + pixel % 8, 80 + index / side * 8 + pixel / 8);
                pixels[y * width + x] = module.select(0, 0xFFFF);
            }
        }
        self.frame(&pixels).await;
    }

    async fn frame(&mut self, pixels: &[u16]) {
        let mut payload: Vec<u8> =
            [0, 0, self.size.0, self.size.1].iter().flat_map(|value| value.to_le_bytes()).collect();
        payload.extend(pixels.iter().flat_map(|pixel| [[1, 0], pixel.to_le_bytes()].concat()));
        self.send(b'F', &payload).await;
    }
}

/// Reads up to a carriage return.
pub(super) fn read_line(line: &mut Box<dyn serialport::SerialPort>) -> Vec<u8> {
    let mut text = Vec::new();
    while text.last() != Some(&b'\r') {
        let mut byte = [0];
        line.read_exact(&mut byte).unwrap();
        text.push(byte[0]);
    }
    text
}

/// Whether the other end of the line is gone.
pub(super) fn has_hung_up(line: &mut Box<dyn serialport::SerialPort>) -> bool {
    match line.read(&mut [0]) {
        Ok(length) => length == 0,
        Err(error) => error.kind() != std::io::ErrorKind::TimedOut,
    }
}

/// Whether a process still runs.
pub(super) fn is_alive(pid: &Value) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    !stat.contains(") Z ")
}
