//! The bench as a script uses it: over HTTP, with a fake terminal that speaks `docs/panel.md`.
//!
//! The child process is a program that only sleeps; the test itself is the far end of the panels, the scanner's line
//! and the printer's wire, found where the board file says. What the real program does with them is tested elsewhere.

mod fake;
pub(crate) mod http;

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::counter_help::Directory;
use fake::{FakePanel, Tried};

const SOON: Duration = Duration::from_secs(10);

/// Runs a test on a runtime of its own, and ends it where it hangs.
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(SOON, test).await.expect("the bench answers in time") });
}

#[test]
fn a_key_and_a_touch_reach_the_terminal() {
    run(async {
        let tried = Tried::start().await;
        let mut panel = FakePanel::accept(&tried).await;
        assert_eq!(tried.post("/api/key", json!({ "key": "00" })).await, (200, json!({ "ok": true })));
        assert_eq!(panel.receive().await, (b'K', b"00".to_vec()));
        assert_eq!(tried.post("/api/touch", json!({ "x": 799, "y": 258 })).await.0, 200);
        assert_eq!(panel.receive().await, (b'P', vec![0x1F, 0x03, 0x02, 0x01]));
    });
}

#[test]
fn a_wrong_call_is_refused_with_the_field_and_what_to_do() {
    run(async {
        let tried = Tried::start().await;
        let _panel = FakePanel::accept(&tried).await;
        let wrong = [
            ("/api/key", json!({ "key": "11" }), "field `key` is `11`"),
            ("/api/key", json!({ "kye": "1" }), "unknown field `kye`"),
            ("/api/touch", json!({ "x": 800, "y": 0 }), "field `x` is 800"),
            ("/api/touch", json!({ "x": 1 }), "missing field `y`"),
            ("/api/scan", json!({ "text": "" }), "field `text`"),
            ("/api/scan", json!({ "text": "埗" }), "field `text`"),
            ("/api/wallet/code", json!({ "answer": "maybe" }), "field `answer`"),
            ("/api/acquirer/fault", json!({ "api": "PAY", "fault": "fire" }), "\"fire\" is no fault"),
            ("/api/acquirer/fault", json!({ "api": "PAY", "fault": "delay", "s": 1 }), "no parameter \"s\""),
            ("/api/power", json!({ "on": "no" }), "{\"on\": false}"),
            ("/api/printer", json!({}), "nothing to change"),
            ("/api/printer", json!({ "paper": "wet" }), "unknown variant `wet`"),
            ("/api/unplug", json!({ "device": "lamp" }), "unknown variant `lamp`"),
        ];
        for (path, body, says) in wrong {
            let (status, answer) = tried.post(path, body.clone()).await;
            let error = answer["error"].as_str().unwrap_or_default();
            assert_eq!(status, 400, "{path} {body}: {answer}");
            assert!(error.contains(says), "{path} {body}: {error}");
        }
    });
}

#[test]
fn the_displays_are_pictures_and_the_report_is_passed_on() {
    run(async {
        let tried = Tried::start().await;
        let mut panel = FakePanel::accept(&tried).await;
        let report = json!({ "screen": "amount", "ready": true, "result": null, "open": 0 });
        panel.send_json(b'L', &json!({ "color": "green", "pattern": "blink" })).await;
        panel.fill(0xF800).await;
        panel.send_json(b'S', &report).await;
        let state = tried.until(|state| state["ready"] == true).await;
        assert_eq!(state["report"], report);
        assert_eq!(state["lamp"], json!({ "color": "green", "pattern": "blink" }));
        let (width, height, pixels) = tried.picture("/api/screen.png").await;
        assert_eq!((width, height, &pixels[..3]), (800, 480, &[255, 0, 0][..]));
    });
}

/// Money is given back for a payment of this morning: that it is paid is no news, what then becomes of it is.
#[test]
fn the_story_tells_what_becomes_of_a_payment_and_not_what_it_was() {
    run(async {
        let tried = Tried::start().await;
        let mut panel = FakePanel::accept(&tried).await;
        let report = |screen: &str, transaction: Option<&str>, result: Option<&str>| json!({ "screen": screen, "ready": true, "transaction": transaction, "result": result, "open": 0 });
        for says in [
            report("pin", None, None),
            report("refunding", Some("HK01-000004-84DFEPH2"), Some("paid")),
            report("refunded", Some("HK01-000004-84DFEPH2"), Some("partly_refunded")),
        ] {
            panel.send_json(b'S', &says).await;
            tried.until(|state| state["report"] == says).await;
        }
        let (_, story) = tried.get("/api/story").await;
        let story = story.to_string();
        assert!(story.contains("a part of the money was given back"), "{story}");
        assert!(!story.contains("PAID. The goods can go."), "{story}");
    });
}

#[test]
fn a_terminal_that_breaks_the_panel_protocol_is_disconnected_and_the_story_says_how() {
    run(async {
        let tried = Tried::start().await;
        let mut panel = FakePanel::accept(&tried).await;
        panel.send(b'X', b"?").await;
        panel.is_disconnected().await;
        let (_, story) = tried.get("/api/story").await;
        assert!(story.to_string().contains("broke the panel protocol"), "{story}");
    });
}

#[test]
fn the_camera_decodes_the_customers_display_from_its_picture() {
    run(async {
        let tried = Tried::start().await;
        let _cashier = FakePanel::accept(&tried).await;
        let mut customer = FakePanel::accept_customer(&tried).await;
        let (status, blind) = tried.post("/api/wallet/scan", json!({ "answer": "pay" })).await;
        assert_eq!(status, 409, "nothing to see: {blind}");
        customer.show_code("https://qr.wallet.example/0000000000000000").await;
        let version = tried.state().await["versions"]["customer"].clone();
        tried
            .until(|state| state["versions"]["customer"] != version || state["versions"]["customer"] == 2)
            .await;
        let (status, seen) = tried.post("/api/wallet/scan", json!({ "answer": "pay" })).await;
        // Decoded, and no order of the acquirer's: its wallet says so.
        assert_eq!(status, 409);
        assert!(
            seen["error"].as_str().unwrap().contains("https://qr.wallet.example/0000000000000000"),
            "{seen}"
        );
    });
}

#[test]
fn a_scan_leaves_the_scanner_with_a_carriage_return() {
    run(async {
        let tried = Tried::start().await;
        let mut line = tried.scanner_line();
        assert_eq!(tried.post("/api/scan", json!({ "text": "281234567890123456" })).await.0, 200);
        assert_eq!(fake::read_line(&mut line), b"281234567890123456\r");
    });
}

#[test]
fn an_unplugged_scanner_hangs_up_and_a_new_plug_is_a_new_line_under_the_same_path() {
    run(async {
        let tried = Tried::start().await;
        let mut old = tried.scanner_line();
        assert_eq!(tried.post("/api/unplug", json!({ "device": "scanner" })).await.0, 200);
        assert!(fake::has_hung_up(&mut old));
        assert!(!tried.scanner_path().exists());
        assert_eq!(tried.post("/api/scan", json!({ "text": "28" })).await.0, 409);
        assert_eq!(tried.post("/api/plug", json!({ "device": "scanner" })).await.0, 200);
        let mut new = tried.scanner_line();
        assert_eq!(tried.post("/api/scan", json!({ "text": "28" })).await.0, 200);
        assert_eq!(fake::read_line(&mut new), b"28\r");
    });
}

/// Twenty black rows, a cut, and a report once they are on paper.
fn receipt() -> Vec<u8> {
    let mut bytes = b"\x1b@\x1dv0\x00\x48\x00\x14\x00".to_vec();
    bytes.extend([0xFF; 72 * 20]);
    bytes.extend(b"\x1bp\x00\x19\xfa\x1dVA\x00\x1dr\x01");
    bytes
}

#[test]
fn a_receipt_is_printed_cut_and_shown_and_the_drawer_opens() {
    run(async {
        let tried = Tried::start().await;
        let mut wire = TcpStream::connect(tried.printer()).await.unwrap();
        wire.write_all(&receipt()).await.unwrap();
        let mut answer = [0xFF];
        wire.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, [0], "the paper is there");
        let state = tried.state().await;
        assert_eq!((&state["receipts"], &state["drawer"]["open"]), (&json!(1), &json!(true)));
        let (width, height, pixels) = tried.picture("/api/receipts/1.png").await;
        assert_eq!((width, height), (576, 20));
        assert!(pixels.iter().all(|bits| *bits == 0), "all black");
        assert_eq!(tried.bytes("/api/paper.bin").await, receipt());
        assert_eq!(tried.picture("/api/paper.png").await.1, 20 + 112, "and what hangs below the blade");
        let list = tried.get("/api/receipts").await.1;
        assert_eq!(list["receipts"][0]["number"], 1);
    });
}

#[test]
fn paper_that_runs_out_in_mid_receipt_keeps_the_report_back_until_there_is_paper_again() {
    run(async {
        let tried = Tried::start().await;
        tried.post("/api/printer", json!({ "paper": "out", "after_rows": 7 })).await;
        let mut wire = TcpStream::connect(tried.printer()).await.unwrap();
        wire.write_all(&receipt()).await.unwrap();
        let state = tried.until(|state| state["paper"] == "out").await;
        assert_eq!((&state["receipts"], &state["printer"]["strip_rows"]), (&json!(0), &json!(7)));
        wire.write_all(b"\x10\x04\x04").await.unwrap();
        let mut answer = [0];
        wire.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, [0x7E], "only the real-time status answers");
        tried.post("/api/printer", json!({ "paper": "ok" })).await;
        wire.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, [0]);
        assert_eq!(tried.picture("/api/receipts/1.png").await.1, 20, "not one row is lost");
    });
}

#[test]
fn an_unplugged_printer_drops_its_connection_and_takes_none() {
    run(async {
        let tried = Tried::start().await;
        let mut wire = TcpStream::connect(tried.printer()).await.unwrap();
        tried.until(|state| state["printer"]["connected"] == true).await;
        tried.post("/api/unplug", json!({ "device": "printer" })).await;
        assert_eq!(wire.read(&mut [0]).await.unwrap_or(0), 0);
        tried.until(|state| state["printer"]["connected"] == false).await;
        // Another test's child may hold the port for the moment between its fork and its exec.
        while TcpStream::connect(tried.printer()).await.is_ok() {
            tokio::task::yield_now().await;
        }
        tried.post("/api/plug", json!({ "device": "printer" })).await;
        while TcpStream::connect(tried.printer()).await.is_err() {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn the_power_switch_kills_the_terminal_and_starts_it_again_with_the_same_files() {
    run(async {
        let tried = Tried::start().await;
        tried.starts(1).await;
        let first = tried.state().await["pid"].clone();
        let (_, off) = tried.post("/api/power", json!({ "on": false })).await;
        assert_eq!(off["power"], false);
        assert!(!fake::is_alive(&first));
        assert_eq!(tried.post("/api/scan", json!({ "text": "28" })).await.0, 409, "no power, no light");
        let (_, on) = tried.post("/api/power", json!({ "on": true })).await;
        assert_eq!(on["power"], true);
        assert_ne!(tried.state().await["pid"], first);
        let started = tried.starts(2).await;
        assert_eq!(started.len(), 2);
        assert_eq!(started[0], started[1]);
        assert!(started[0].starts_with("run --board "), "{started:?}");
    });
}

#[test]
fn a_terminal_that_ends_by_itself_leaves_its_last_words() {
    run(async {
        let tried =
            Tried::start_program("#!/bin/sh\necho 'could not read the shop file' >&2\nexit 3\n").await;
        let state = tried.until(|state| !state["ended"].is_null()).await;
        assert_eq!(state["power"], false);
        assert_eq!(state["ended"]["says"], "exit status: 3");
        assert_eq!(state["ended"]["last_words"], "could not read the shop file");
        assert!(!tried.bench().ready().await);
    });
}

#[test]
fn ending_the_bench_ends_the_terminal() {
    run(async {
        let tried = Tried::start().await;
        let pid = tried.state().await["pid"].clone();
        tried.end().await;
        assert!(!fake::is_alive(&pid));
    });
}

/// A bench that was ended with `kill -9` once left its terminal running.
#[test]
fn a_bench_that_is_killed_takes_its_terminal_along() {
    run(async {
        let dir = Directory::new();
        let mut bench = tokio::process::Command::new(env!("CARGO_BIN_EXE_postern"))
            .args(["bench", "--port", "0", "--dir"])
            .arg(dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(bench.stdout.take().unwrap()).read_line(&mut said).await.unwrap();
        let address = said.trim().strip_prefix("bench: http://").unwrap().parse().unwrap();
        let head = format!("GET /api/state HTTP/1.1\r\nHost: {address}");
        let (_, state) = http::ask(address, &head, "").await;
        let pid = serde_json::from_slice::<Value>(&state).unwrap()["pid"].clone();
        assert!(fake::is_alive(&pid));
        bench.kill().await.unwrap();
        while fake::is_alive(&pid) {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn key_files_are_private_and_the_board_file_names_what_the_bench_holds() {
    run(async {
        use std::os::unix::fs::PermissionsExt;
        let tried = Tried::start().await;
        let mode = |name: &str| tried.dir().join(name).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode("transaction.key"), 0o600);
        assert_eq!(tried.dir().metadata().unwrap().permissions().mode() & 0o077, 0);
        let board: toml::Table =
            std::fs::read_to_string(tried.dir().join("board.toml")).unwrap().parse().unwrap();
        assert_eq!(
            board["scanner"]["serial"]["path"].as_str().unwrap(),
            tried.scanner_path().to_str().unwrap()
        );
    });
}

#[test]
fn the_page_its_assets_and_its_events_come_without_a_network() {
    run(async {
        let tried = Tried::start().await;
        for path in ["/", "/style.css", "/bench.js"] {
            let text = String::from_utf8(tried.bytes(path).await).unwrap();
            let foreign = text.match_indices("http").filter(|(at, _)| {
                let rest = &text[*at..];
                (rest.starts_with("http://") || rest.starts_with("https://"))
                    && !rest.starts_with("http://www.w3.org/")
            });
            assert_eq!(foreign.count(), 0, "{path} names another site");
        }
        let first = tried.first_event().await;
        assert_eq!(first["state"]["power"], Value::Bool(true));
    });
}

#[test]
fn a_foreign_host_or_page_is_turned_away() {
    run(async {
        let tried = Tried::start().await;
        assert_eq!(tried.get_as("/api/state", "Host: rebound.example").await, 403);
        assert_eq!(tried.get_as("/api/state", "Host: 127.0.0.1\r\nOrigin: https://site.example").await, 403);
        assert_eq!(tried.get_as("/api/state", "Host: 127.0.0.1").await, 200);
    });
}
