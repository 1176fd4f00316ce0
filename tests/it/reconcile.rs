//! `postern reconcile` beside the running terminal: the journal, the acquirer's answers, the acquirer's statement.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::{Value, json};

use super::counter_help::{Counter, program, run};

/// What the command says, and its exit code.
async fn reconcile(counter: &Counter, statement: Option<&str>) -> (String, Option<i32>) {
    reconcile_with(counter, statement, &[]).await
}

async fn reconcile_with(
    counter: &Counter,
    statement: Option<&str>,
    more: &[&'static str],
) -> (String, Option<i32>) {
    let file = |name: &str| counter.dir().join(name);
    let mut command = Command::new(program());
    command.arg("reconcile").arg("--shop").arg(file("shop.toml")).arg("--profile").arg(file("profile.toml"));
    command.arg("--data").arg(file("data")).args(more);
    if let Some(text) = statement {
        std::fs::write(file("statement.csv"), text).unwrap();
        command.arg("--statement").arg(file("statement.csv"));
    }
    // The acquirer that it asks lives on this thread.
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

fn statement(book: &Value) -> String {
    let mut text = "merchantOrderId,uqOrderId,transactionType,status,amount,currency\n".to_owned();
    for order in book["orders"].as_array().unwrap() {
        if order["status"] == "success" {
            let word = |key: &str| order[key].as_str().unwrap();
            writeln!(
                text,
                "{},{},PAYMENT,success,{},HKD",
                word("merchantOrderId"),
                word("uqOrderId"),
                word("amount")
            )
            .unwrap();
        }
    }
    text
}

async fn sell(counter: &Counter, amount: &str, answer: &str, end: &str) {
    counter.collect(amount).await;
    let code = counter.code(answer).await;
    counter.pay_by_code(&code).await;
    counter.screen(end).await;
}

#[test]
fn a_day_that_agrees_says_so_and_each_difference_is_told_with_both_sides() {
    run(async {
        let counter = Counter::open().await;
        sell(&counter, "10.10", "pay", "paid").await;
        sell(&counter, "20.20", "refuse", "refused").await;
        counter.settled().await;

        let (said, code) = reconcile(&counter, None).await;
        assert!(said.contains("2 agree, 0 differ, 0 not settled, 0 could not be asked"), "{said}");
        assert_eq!(code, Some(0));

        let good = statement(&counter.book().await);
        let (said, code) = reconcile(&counter, Some(&good)).await;
        assert!(said.contains("4 agree, 0 differ"), "{said}");
        assert_eq!(code, Some(0));

        // A charge under this terminal's name that the journal lacks; one of the terminal beside it is none of ours.
        let own = counter.book().await["orders"][0]["merchantOrderId"].as_str().unwrap().to_owned();
        let terminal = own.split('-').next().unwrap();
        let more = format!(
            "{good}{terminal}-00001Z-0000000A,U8,PAYMENT,success,7.00,HKD\nOTHER-00001Z-0000000A,U9,PAYMENT,success,7.00,HKD\n"
        );
        let (said, code) = reconcile(&counter, Some(&more)).await;
        let line = said.lines().find(|line| line.starts_with("NOT HERE")).unwrap();
        assert!(
            line.contains("-00001Z-0000000A") && line.contains("HK$7.00") && !line.contains("OTHER"),
            "{said}"
        );
        assert!(said.contains("4 agree, 1 differ"), "{said}");
        assert_eq!(code, Some(1));

        // A payment that the statement lacks.
        let (said, code) = reconcile(&counter, Some(good.lines().next().unwrap())).await;
        assert!(said.contains("journal: HK$10.10 paid and kept; statement: no such payment"), "{said}");
        assert_eq!(code, Some(1));
        counter.end().await;
    });
}

/// What the journal says was compared: whether with a statement, and what differed.
fn compared(counter: &Counter) -> Vec<(Value, Value)> {
    let journal = counter.journal().into_iter().filter(|line| line.kind == "compared");
    journal.map(|line| (line.body["statement"].clone(), line.body["differences"].clone())).collect()
}

#[test]
fn the_running_terminal_compares_and_records_what_differs_with_both_sides() {
    run(async {
        let counter = Counter::open().await;
        sell(&counter, "10.10", "pay", "paid").await;
        counter.settled().await;
        let id = counter.book().await["orders"][0]["merchantOrderId"].clone();

        let (said, code) = reconcile(&counter, None).await;
        assert_eq!(code, Some(0), "{said}");
        let (said, code) = reconcile(&counter, Some(statement(&json!({ "orders": [] })).as_str())).await;
        assert_eq!(code, Some(1), "{said}");
        let lacks = json!([{
            "payment": { "ours": id }, "against": "statement",
            "ours": { "minor": 1_010, "currency": "HKD" }, "theirs": null,
        }]);
        assert_eq!(compared(&counter), [(json!(false), json!([])), (json!(true), lacks)]);
        let journal = counter.journal();
        let record = journal.iter().find(|line| line.kind == "compared").unwrap();
        assert_eq!((&record.body["payments"], &record.body["paid"]["minor"]), (&json!(1), &json!(1_010)));

        // The terminal has gone on all the while, and its journal is whole.
        sell(&counter, "20.20", "pay", "paid").await;
        counter.settled().await;
        let data = counter.dir().join("data");
        let verified =
            Command::new(program()).args(["journal", "verify", "--data"]).arg(data).output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
        counter.end().await;
    });
}

#[test]
fn where_no_terminal_runs_the_command_records_itself_unless_it_shall_only_look() {
    run(async {
        let counter = Counter::open().await;
        sell(&counter, "10.10", "pay", "paid").await;
        counter.settled().await;
        counter.power(false).await;
        let (said, code) = reconcile_with(&counter, None, &["--no-record"]).await;
        assert!(said.contains("1 agree, 0 differ") && code == Some(0), "{said}");
        assert_eq!(compared(&counter), []);
        let (said, code) = reconcile(&counter, None).await;
        assert!(said.contains("1 agree, 0 differ") && code == Some(0), "{said}");
        assert_eq!(compared(&counter), [(json!(false), json!([]))]);
        // The terminal starts with that record, and sells.
        counter.power(true).await;
        counter.ready().await;
        sell(&counter, "20.20", "pay", "paid").await;
        counter.settled().await;
        counter.end().await;
    });
}

/// The listener was down for an hour, and a customer paid by the static code: only the statement knows.
#[test]
fn money_by_the_static_code_that_nobody_was_told_of_is_found_in_the_statement() {
    run(async {
        let counter = Counter::open().await;
        counter.fault(json!({ "api": "NOTIFICATION", "fault": "lost", "count": 100 })).await;
        counter.post("/api/wallet/entry", json!({ "amount": "46.00" })).await;
        let head = "merchantOrderId,uqOrderId,transactionType,status,amount,currency";
        let uq_id = counter.book().await["orders"][0]["uqOrderId"].as_str().unwrap().to_owned();
        let (said, code) =
            reconcile(&counter, Some(&format!("{head}\n,{uq_id},PAYMENT,success,46.00,HKD\n"))).await;
        assert!(said.contains(&format!("NOT HERE   {uq_id}")) && said.contains("HK$46.00"), "{said}");
        assert_eq!(code, Some(1));
        assert_eq!(compared(&counter)[0].1[0]["payment"], json!({ "theirs": uq_id }));
        counter.end().await;
    });
}

#[test]
fn what_could_not_be_asked_is_not_called_equal() {
    run(async {
        let counter = Counter::open().await;
        sell(&counter, "10.10", "pay", "paid").await;
        counter.settled().await;
        counter.fault(json!({ "api": "DETAIL", "fault": "bad_sign", "count": 1 })).await;
        let (said, code) = reconcile(&counter, None).await;
        assert!(said.contains("NOT KNOWN") && said.contains("BadSignature"), "{said}");
        assert!(said.contains("0 agree, 0 differ, 0 not settled, 1 could not be asked"), "{said}");
        assert_eq!(code, Some(2));
        counter.end().await;
    });
}

#[test]
fn a_statement_that_can_t_be_read_names_its_line_and_compares_nothing() {
    run(async {
        let counter = Counter::open().await;
        let (said, code) = reconcile(&counter, Some("merchantOrderId,amount\n")).await;
        assert_eq!((said.as_str(), code), ("", Some(1)));
        counter.end().await;
    });
}

/// From the ready counter to the menu's "Close the day".
async fn close_day(counter: &Counter) {
    counter.key("menu").await;
    counter.screen("menu").await;
    counter.key("6").await;
}

#[test]
fn closing_the_day_at_the_counter_compares_records_and_shows_what_differs() {
    run(async {
        let counter = Counter::open().await;
        sell(&counter, "10.10", "pay", "paid").await;
        counter.settled().await;
        counter.key("enter").await;
        counter.screen("amount").await;
        close_day(&counter).await;
        let state = counter.screen("day_compared").await;
        assert_eq!(state["lamp"]["color"], "off", "{state:#}");
        assert_eq!(compared(&counter), [(json!(false), json!([]))]);
        counter.key("enter").await;
        counter.screen("amount").await;

        // The acquirer's book says another amount.
        let order = counter.book().await["orders"][0]["merchantOrderId"].as_str().unwrap().to_owned();
        counter.fault(json!({ "api": "DETAIL", "fault": "wrong_amount" })).await;
        close_day(&counter).await;
        let state = counter.screen("day_compared").await;
        assert_eq!((&state["lamp"]["color"], &state["tone"]["name"]), (&json!("amber"), &json!("attention")));
        let journal = compared(&counter);
        let difference = &journal.last().unwrap().1[0];
        assert_eq!(
            (&difference["payment"]["ours"], &difference["ours"]["minor"]),
            (&json!(order), &json!(1_010))
        );
        assert_ne!(difference["theirs"], difference["ours"]);
        counter.key("enter").await;
        counter.screen("amount").await;

        // An acquirer that can't be asked is no agreement.
        counter.fault(json!({ "api": "DETAIL", "fault": "drop_before" })).await;
        close_day(&counter).await;
        let state = counter.screen("day_compared").await;
        assert_eq!(state["lamp"]["color"], "amber");
        counter.end().await;
    });
}
