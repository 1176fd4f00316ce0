//! What the kernel saw of a sale: the record is on disk before the first byte of PAY leaves the program.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::counter_help::{Counter, run};

#[test]
fn the_log_of_the_journal_is_on_disk_before_the_first_byte_of_pay_leaves() {
    run(async {
        let counter = Counter::open().await;
        counter.collect("18.00").await;
        let state = counter.state().await;
        let (pid, url) =
            (state["pid"].to_string(), state["acquirer"]["base_url"].as_str().unwrap().to_owned());
        let port = url.rsplit_once(':').unwrap().1;
        let file = counter.dir().join("trace");
        let mut strace = Command::new("strace")
            .args([
                "-f",
                "-yy",
                "-s",
                "16",
                "-e",
                "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg",
            ])
            .args(["-p", &pid, "-o"])
            .arg(&file)
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("strace is there: `apt-get install strace`");
        let mut says = BufReader::new(strace.stderr.take().unwrap()).lines();
        let attached = async {
            let mut said = Vec::new();
            while let Some(line) = says.next_line().await.unwrap() {
                if line.contains("attached") {
                    return;
                }
                said.push(line);
            }
            panic!("strace could not trace the terminal: {said:?}");
        };
        tokio::time::timeout(Duration::from_secs(10), attached).await.expect("strace attaches");

        let code = counter.code("pay").await;
        counter.scan(&code).await;
        counter.screen("paid").await;
        counter.power(false).await;
        tokio::time::timeout(Duration::from_secs(10), strace.wait()).await.expect("strace ends").unwrap();

        let trace = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = trace.lines().collect();
        // Only a TLS record of application data begins so; the handshake was over when the trace began.
        let pay = lines
            .iter()
            .position(|line| line.contains(&format!(":{port}]")) && line.contains("\\27\\3\\3"))
            .unwrap_or_else(|| panic!("no call to the acquirer in the trace:\n{trace}"));
        let written = lines
            .iter()
            .position(|line| line.contains("pwrite64(") && line.contains("journal.db-wal"))
            .unwrap_or_else(|| panic!("nothing was written to the journal's log:\n{trace}"));
        let synced = returned(&lines, written).unwrap_or_else(|| panic!("no sync returned 0:\n{trace}"));
        assert!(
            written < synced && synced < pay,
            "written in line {written}, on disk in line {synced}, PAY in line {pay}:\n{trace}"
        );
        // And nothing was added to the log between the sync and PAY that is not on disk.
        let unsynced = lines[synced..pay]
            .iter()
            .any(|line| line.contains("pwrite64(") && line.contains("journal.db-wal"));
        assert!(!unsynced, "{trace}");
        counter.end().await;
    });
}

/// The line in which the first sync of the journal's log after `from` has returned without an error.
fn returned(lines: &[&str], from: usize) -> Option<usize> {
    let is_sync = |line: &str| line.contains("fdatasync(") || line.contains("fsync(");
    let begun =
        (from..lines.len()).find(|at| is_sync(lines[*at]) && lines[*at].contains("journal.db-wal"))?;
    if lines[begun].ends_with("= 0") {
        return Some(begun);
    }
    let thread = lines[begun].split_whitespace().next()?;
    (begun..lines.len()).find(|at| {
        let line = lines[*at];
        line.starts_with(thread) && line.contains("sync resumed>") && line.ends_with("= 0")
    })
}
