//! A headless Chromium, driven as a person would: it looks, and it clicks where things are.
//!
//! It is spoken to by its DevTools protocol over a pair of pipes (`--remote-debugging-pipe`: JSON, ended by a zero
//! byte), which needs neither a port nor a WebSocket.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::pipe;
use tokio::process::{Child, Command};

/// The longest that anything on the page may take.
const SOON: Duration = Duration::from_secs(30);

/// A browser with one page; it ends when it is dropped.
pub(super) struct Browser {
    to: pipe::Sender,
    from: BufReader<pipe::Receiver>,
    calls: u64,
    session: String,
    errors: Vec<Value>,
    _process: Child,
}

impl Browser {
    /// Opens a page, in a browser of its own that has been nowhere before.
    pub(super) async fn open(url: &str, dir: &Path) -> Browser {
        let (to_path, from_path) = (dir.join("to-browser"), dir.join("from-browser"));
        for path in [&to_path, &from_path] {
            let made = Command::new("mkfifo").arg(path).status().await.unwrap();
            assert!(made.success());
        }
        // Opened for both directions, neither waits for the browser.
        let to = pipe::OpenOptions::new().read_write(true).open_sender(&to_path).unwrap();
        let from = pipe::OpenOptions::new().read_write(true).open_receiver(&from_path).unwrap();
        let found =
            Command::new("sh").args(["-c", "command -v chromium"]).stdout(Stdio::null()).status().await;
        assert!(
            found.unwrap().success(),
            "the test of the page needs Chromium: install it with `apt-get install chromium`"
        );
        let process = Command::new("sh")
            .args(["-c", "exec chromium \"$@\" 3<\"$TO\" 4>\"$FROM\"", "sh"])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--mute-audio", "--window-size=1440,1000"])
            .arg("--remote-debugging-pipe")
            .arg(format!("--user-data-dir={}", dir.join("browser").display()))
            .arg("about:blank")
            .env("TO", &to_path)
            .env("FROM", &from_path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut browser = Browser {
            to,
            from: BufReader::new(from),
            calls: 0,
            session: String::new(),
            errors: Vec::new(),
            _process: process,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" })).await;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.call("Target.attachToTarget", attach).await;
        browser.session = attached["sessionId"].as_str().unwrap().to_owned();
        browser.call("Runtime.enable", json!({})).await;
        browser.call("Page.navigate", json!({ "url": url })).await;
        browser
    }

    /// Clicks with the mouse in the middle of the element of this `data-testid`, which has to be in sight.
    pub(super) async fn click(&mut self, id: &str) {
        let id = json!(id);
        let find = format!("document.querySelector('[data-testid=' + CSS.escape({id}) + ']')");
        self.wait_for(&format!("{find} && !{find}.disabled")).await;
        let place = self
            .evaluate(&format!(
                "(() => {{ const element = {find}; element.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
                 const box = element.getBoundingClientRect(); \
                 const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]; \
                 return {{ x, y, hit: element.contains(document.elementFromPoint(x, y)) }}; }})()"
            ))
            .await;
        assert_eq!(
            place["hit"], true,
            "{id} can't be clicked: something else is in front of it, or it is hidden"
        );
        for kind in ["mousePressed", "mouseReleased"] {
            let mouse =
                json!({ "type": kind, "x": place["x"], "y": place["y"], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", mouse).await;
        }
    }

    /// Waits until an expression is true on the page, looking whenever the page changes.
    pub(super) async fn wait_for(&mut self, expression: &str) {
        let waiting = format!(
            "new Promise((done) => {{ \
               const look = () => {{ if ({expression}) {{ watch.disconnect(); done(true); }} }}; \
               const watch = new MutationObserver(look); \
               watch.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }}); \
               look(); }})"
        );
        let waited = tokio::time::timeout(SOON, self.evaluate(&waiting)).await;
        if waited.is_err() {
            let text = self.evaluate("document.body.innerText").await;
            panic!("waited in vain for {expression} on the page:\n{}", text.as_str().unwrap_or_default());
        }
    }

    /// The value of an expression.
    pub(super) async fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.call("Runtime.evaluate", parameters).await;
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer:#}");
        answer["result"]["value"].take()
    }

    /// Errors that the page's script has left uncaught.
    pub(super) fn errors(&self) -> &[Value] {
        &self.errors
    }

    async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": parameters });
        if !self.session.is_empty() {
            call["sessionId"] = json!(self.session);
        }
        let mut bytes = call.to_string().into_bytes();
        bytes.push(0);
        let asked = self.calls;
        let answered = async {
            self.to.write_all(&bytes).await.unwrap();
            loop {
                let mut message = Vec::new();
                self.from.read_until(0, &mut message).await.unwrap();
                message.pop();
                let mut message: Value = serde_json::from_slice(&message).unwrap();
                if message["method"] == "Runtime.exceptionThrown" {
                    self.errors.push(message["params"].take());
                } else if message["id"] == asked {
                    assert!(message.get("error").is_none(), "{method}: {message}");
                    return message["result"].take();
                }
            }
        };
        // Longer than `wait_for`, which then can say what the page looks like.
        tokio::time::timeout(SOON * 2, answered)
            .await
            .unwrap_or_else(|_| panic!("the browser answers {method}"))
    }
}
