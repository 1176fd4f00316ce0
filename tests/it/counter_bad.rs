//! Bad input at the counter, end to end: it is named in words, and nothing is lost or charged.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use postern::bench::Options;
use serde_json::{Value, json};
use tokio::process::Command;

use super::counter_help::{Counter, Directory, program, run};

const SOON: Duration = Duration::from_secs(20);

/// Runs the program with the files of a directory until it ends: whether it succeeded, and what it said.
async fn run_program(dir: &Path, data: &Path) -> (bool, String) {
    run_this(&program(), dir, data).await
}

async fn run_this(program: &Path, dir: &Path, data: &Path) -> (bool, String) {
    let ended = Command::new(program)
        .arg("run")
        .args(["--board".as_ref(), dir.join("board.toml").as_os_str()])
        .args(["--shop".as_ref(), dir.join("shop.toml").as_os_str()])
        .args(["--profile".as_ref(), dir.join("profile.toml").as_os_str()])
        .args(["--data".as_ref(), data.as_os_str()])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(SOON, ended).await.expect("the program refuses to start").unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn an_unknown_key_in_any_file_is_named_with_its_file_and_line() {
    run(async {
        let counter = Counter::open_with(Options::default()).await;
        counter.power(false).await;
        for name in ["board.toml", "shop.toml", "profile.toml"] {
            let path = counter.dir().join(name);
            let right = fs::read_to_string(&path).unwrap();
            fs::write(&path, format!("# a comment\ncolour = \"red\"\n{right}")).unwrap();
            let (succeeded, says) = run_program(counter.dir(), &counter.dir().join("data")).await;
            fs::write(&path, right).unwrap();
            assert!(!succeeded, "{name}: {says}");
            for named in [path.to_str().unwrap(), "line 2", "colour"] {
                assert!(says.contains(named), "{name}: {named} is not in: {says}");
            }
        }
        counter.end().await;
    });
}

#[test]
fn a_static_code_with_a_wrong_crc_is_named_with_the_right_one() {
    run(async {
        let counter = Counter::open_with(Options::default()).await;
        counter.power(false).await;
        let path = counter.dir().join("shop.toml");
        let right = fs::read_to_string(&path).unwrap();
        assert!(right.contains("63042D55"), "the bench's static code has another CRC now");
        fs::write(&path, right.replace("63042D55", "63042D56")).unwrap();
        let (succeeded, says) = run_program(counter.dir(), &counter.dir().join("data")).await;
        assert!(!succeeded, "{says}");
        for named in [path.to_str().unwrap(), "entry_code", "2D56", "2D55"] {
            assert!(says.contains(named), "{named} is not in: {says}");
        }
        counter.end().await;
    });
}

/// A signed answer about another order than the one that was asked for says nothing about this one.
#[test]
fn an_answer_about_another_order_is_not_taken_for_ours() {
    run(async {
        let counter = Counter::open_with_profile("[timings]\nfirst_detail = \"1s\"").await;
        for api in ["PAY", "DETAIL"] {
            counter.fault(json!({ "api": api, "fault": "other_order" })).await;
        }
        counter.collect("9.00").await;
        let code = counter.code("refuse").await;
        counter.pay_by_code(&code).await;
        counter.screen("unknown").await;
        let state = counter.screen("refused").await;
        counter.settled().await;
        let book = counter.book().await;
        let calls = book["orders"][0]["calls"].as_array().unwrap();
        let apis: Vec<_> = calls.iter().map(|call| call["api"].as_str().unwrap()).collect();
        assert_eq!(apis, ["PAY", "DETAIL", "DETAIL"], "it asked until it was told about this one");
        assert_eq!(state["report"]["transaction"], book["orders"][0]["merchantOrderId"]);
        counter.end().await;
    });
}

#[test]
fn a_key_file_that_is_missing_or_readable_by_others_is_named_with_what_to_do() {
    run(async {
        let counter = Counter::open_with(Options::default()).await;
        counter.power(false).await;
        let key = counter.dir().join("transaction.key");
        let secret = fs::read_to_string(&key).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        let readable = run_program(counter.dir(), &counter.dir().join("data")).await;
        fs::remove_file(&key).unwrap();
        let missing = run_program(counter.dir(), &counter.dir().join("data")).await;
        for (succeeded, says) in [readable, missing] {
            assert!(!succeeded, "{says}");
            assert!(says.contains(key.to_str().unwrap()) && says.contains("chmod 600"), "{says}");
            assert!(!says.contains(secret.trim()), "the key itself is nobody's business");
        }
        counter.end().await;
    });
}

#[test]
fn a_second_terminal_on_the_same_data_is_told_who_has_it() {
    run(async {
        let counter = Counter::open().await;
        let pid = counter.state().await["pid"].to_string();
        let (succeeded, says) = run_program(counter.dir(), &counter.dir().join("data")).await;
        assert!(!succeeded, "{says}");
        assert!(says.contains(&format!("process {pid} (")) && says.contains("/data"), "{says}");
        assert_eq!(counter.state().await["ready"], true, "the first one goes on");
        counter.end().await;
    });
}

#[test]
fn an_amount_that_can_not_be_is_refused_before_anything_is_asked() {
    run(async {
        let counter = Counter::open().await;
        for amount in ["", "0", "0.00", "99999999", "1.2.", "1.234"] {
            let told = counter.state().await["versions"]["state"].as_u64();
            counter.type_amount(amount).await;
            // What is wrong with these is refused as it is typed, and the rest of them would be a good amount.
            let is_cut_short = amount.starts_with("1.");
            if !is_cut_short {
                counter.key("enter").await;
            }
            if !amount.is_empty() {
                counter
                    .until(&format!("the refusal of {amount}"), |state| {
                        state["versions"]["state"].as_u64() > told && state["tone"]["name"] == "refused"
                    })
                    .await;
            }
            let state = counter.screen("amount").await;
            assert_eq!(state["report"]["transaction"], Value::Null);
            counter.key("stop").await;
        }
        assert_eq!(counter.book().await["orders"], json!([]));
        // What was refused has left nothing behind.
        counter.collect("3.00").await;
        let code = counter.code("pay").await;
        counter.scan(&code).await;
        counter.screen("paid").await;
        counter.settled().await;
        counter.end().await;
    });
}

#[test]
fn a_scan_that_is_no_payment_code_asks_nobody_and_a_double_one_charges_once() {
    run(async {
        let counter = Counter::open().await;
        counter.collect("4.00").await;
        let wrong = ["hello", "2812345", &"2".repeat(33), &"2".repeat(300), "https://qr.wallet.example/1"];
        for text in wrong {
            let versions = counter.state().await["versions"]["screen"].as_u64().unwrap();
            counter.scan(text).await;
            counter
                .until(&format!("the cashier is told about {text}"), |state| {
                    state["versions"]["screen"].as_u64() > Some(versions)
                })
                .await;
            assert_eq!(counter.state().await["report"]["screen"], "collecting");
        }
        assert_eq!(counter.book().await["orders"], json!([]));
        let code = counter.code("pay").await;
        counter.scan(&code).await;
        counter.scan(&code).await;
        counter.screen("paid").await;
        // The same code again, for the next customer, once the scanner's pause is over.
        counter.collect("5.00").await;
        while counter.state().await["report"]["screen"] == "collecting" && !told_used(&counter, &code).await {
        }
        assert_eq!(
            counter.book().await["orders"].as_array().unwrap().len(),
            1,
            "a code is good for one charge"
        );
        counter.key("stop").await;
        counter.settled().await;
        counter.end().await;
    });
}

/// Scans again, and says whether the screen has changed for it: during the pause there is only a sound.
async fn told_used(counter: &Counter, code: &str) -> bool {
    let before = counter.state().await;
    counter.scan(code).await;
    let after = counter
        .until("the terminal has heard the scan", |state| {
            state["version"].as_u64() > before["version"].as_u64().map(|version| version + 1)
        })
        .await;
    after["versions"]["screen"] != before["versions"]["screen"]
}

#[test]
fn a_scanner_that_is_not_there_at_the_start_is_named_and_works_once_it_is() {
    run(async {
        let counter = Counter::open_with(Options::default()).await;
        counter.power(false).await;
        counter.post("/api/unplug", json!({ "device": "scanner" })).await;
        counter.power(true).await;
        counter.ready().await;
        let scanner = |state: &Value, ok: bool| {
            let devices = state["report"]["devices"].as_array().unwrap();
            devices.iter().any(|device| device["name"] == "scanner" && device["ok"] == ok)
        };
        counter.until("the scanner is missed", |state| scanner(state, false)).await;
        counter.post("/api/plug", json!({ "device": "scanner" })).await;
        counter.until("the scanner is found", |state| scanner(state, true)).await;
        counter.collect("6.00").await;
        let code = counter.code("pay").await;
        counter.scan(&code).await;
        counter.screen("paid").await;
        counter.settled().await;
        counter.end().await;
    });
}

#[test]
fn without_paper_a_sale_is_paid_and_its_receipt_comes_once_when_there_is_paper_again() {
    run(async {
        let counter = Counter::open().await;
        counter.post("/api/printer", json!({ "paper": "out" })).await;
        counter.collect("7.00").await;
        let code = counter.code("pay").await;
        counter.scan(&code).await;
        let state = counter.screen("paid").await;
        assert_eq!(state["receipts"], 0);
        counter
            .until("the printer is in trouble", |state| {
                let devices = state["report"]["devices"].as_array().unwrap();
                devices.iter().any(|device| device["name"] == "printer" && device["ok"] == false)
            })
            .await;
        counter.post("/api/printer", json!({ "paper": "ok" })).await;
        counter.until("the receipt", |state| state["receipts"] == 1).await;
        counter.settled().await;
        assert_eq!(counter.state().await["receipts"], 1);
        counter.end().await;
    });
}

#[test]
fn a_damaged_journal_puts_the_terminal_out_of_service_and_says_why() {
    run(async {
        let counter = Counter::open().await;
        counter.collect("8.00").await;
        let code = counter.code("pay").await;
        counter.scan(&code).await;
        counter.screen("paid").await;
        counter.settled().await;
        counter.power(false).await;
        let file = counter.journal_file();
        let log = PathBuf::from(format!("{}-wal", file.display()));
        let _ = fs::remove_file(log);
        fs::write(&file, b"this is no database, however long it is; not even its first bytes are right")
            .unwrap();
        counter.power(true).await;
        let state = counter.screen("out_of_service").await;
        assert_eq!(state["ready"], false);
        assert!(counter.log().contains("journal.db"), "{}", counter.log());
        let code = counter.code("pay").await;
        let orders = counter.book().await["orders"].as_array().unwrap().len();
        counter.scan(&code).await;
        counter.key("5").await;
        counter.key("enter").await;
        counter.screen("out_of_service").await;
        assert_eq!(counter.book().await["orders"].as_array().unwrap().len(), orders);
        counter.end().await;
    });
}

/// Starts the program in a name space of its own, where the data directory is a small disk.
fn on_a_small_disk(dir: &Path, size: &str) -> Options {
    let data = dir.join("data");
    let script = dir.join("program");
    let (program, data) = (program().display().to_string(), data.display().to_string());
    let text = format!(
        "#!/bin/sh\nexec unshare --mount --map-root-user sh -c \
         'mount -t tmpfs -o size={size},mode=700 none \"{data}\" && exec \"{program}\" \"$@\"' sh \"$@\"\n"
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    Options { program: script, ..Options::default() }
}

#[test]
fn on_a_read_only_disk_the_terminal_does_not_start_and_says_why() {
    run(async {
        let counter = Counter::open_with(Options::default()).await;
        counter.power(false).await;
        let options = on_a_small_disk(counter.dir(), "8m,ro");
        let data = counter.dir().join("data");
        let (succeeded, says) = run_this(&options.program, counter.dir(), &data).await;
        assert!(!succeeded, "{says}");
        assert!(says.contains(data.to_str().unwrap()) && says.contains("Read-only file system"), "{says}");
        counter.end().await;
    });
}

#[test]
fn on_a_full_disk_there_is_no_sale_until_there_is_room_again() {
    run(async {
        let dir = Directory::new();
        let options = on_a_small_disk(dir.path(), "8m");
        let counter = Counter::open_in(dir, options).await;
        counter.ready().await;
        // The disk as the terminal sees it.
        let pid = counter.state().await["pid"].clone();
        let filler = format!("/proc/{pid}/root{}/filler", counter.dir().join("data").display());
        let full = fs::write(&filler, vec![0; 16 << 20]).unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull, "{full}");

        let mut sales = 0;
        while counter.state().await["report"]["screen"] != "out_of_service" {
            assert!(sales < 200, "the disk is full, and the terminal sells on");
            sales += 1;
            counter.type_amount(&format!("{sales}.00")).await;
            counter.key("qr").await;
            counter
                .until("a code or out of service", |state| {
                    let screen = &state["report"]["screen"];
                    let coded = screen == "collecting" && state["report"]["transaction"] != Value::Null;
                    screen == "out_of_service" || coded
                })
                .await;
            counter.key("stop").await;
            counter
                .until("an end or out of service", |state| {
                    let screen = &state["report"]["screen"];
                    // A code that nobody saw yet ends without a word.
                    let quietly = screen == "amount" && state["report"]["open"] == 0;
                    screen == "out_of_service" || screen == "reversed" || quietly
                })
                .await;
        }
        let orders = counter.book().await["orders"].as_array().unwrap().len();
        assert!(orders <= sales, "a sale that is not on disk: {orders} of {sales}");
        assert!(counter.log().contains("full"), "{}", counter.log());

        fs::remove_file(&filler).unwrap();
        counter.ready().await;
        counter.until("every transaction has its end", |state| state["report"]["open"] == 0).await;
        counter.end().await;
    });
}
