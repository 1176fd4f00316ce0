//! The power goes off in the middle of a sale, at moments that differ, and comes back: the sale ends by itself with the
//! truth, and nobody is charged twice.
//!
//! Each moment is something that can be seen: a record in the journal, a line in the acquirer's book, a screen, ink on
//! paper. The power is cut as soon as it is. The profile's pauses are short here, so that what has to expire does.

use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Mutex;

use postern::bench::Options;
use postern::bench::crash::crash;
use serde_json::{Value, json};

use super::counter_help::{Counter, end_of, program, run};

const COUNTERS: usize = 5;

const SHORT: &str = "
[timings]
first_detail = \"500ms\"
after_processing = \"400ms\"
detail_every = \"400ms\"
payment_code_limit = \"8s\"
expire_after_limit = \"2s\"
expire_margin = \"1s\"
cancel_again = [\"400ms\", \"400ms\", \"400ms\"]
background = [\"500ms\", \"500ms\", \"500ms\", \"500ms\", \"500ms\", \"500ms\"]
background_then = \"500ms\"
";

/// How the customer pays, and what is done before the power is cut.
#[derive(Clone, Copy)]
enum Sale {
    /// A payment code of a customer who answers so.
    Code(&'static str),
    /// The same, and the cashier presses Stop once the customer is asked.
    Stopped,
    /// An order code is asked for.
    Order,
    /// An order code is shown, and the customer pays it.
    OrderPaid,
}

/// When the power is cut.
#[derive(Clone, Copy)]
enum When {
    /// At once.
    AtOnce,
    /// The journal holds so many records more than before the sale.
    Records(u64),
    /// The cashier's screen has this name.
    Screen(&'static str),
    /// The acquirer has heard this call, answered or not.
    Call(&'static str),
    /// The acquirer has been paid.
    Charged,
    /// There is ink on paper that is not cut off yet.
    Ink,
    /// The receipt is in the customer's hand.
    Receipt,
}

struct Moment {
    sale: Sale,
    faults: &'static [&'static str],
    when: When,
    /// How it may end.
    ends: &'static [&'static str],
}

const fn moment(
    sale: Sale,
    faults: &'static [&'static str],
    when: When,
    ends: &'static [&'static str],
) -> Moment {
    Moment { sale, faults, when, ends }
}

const SLOW_PAY: &str = r#"{"api": "PAY", "fault": "delay", "ms": 1500}"#;
const LOST_PAY: &str = r#"{"api": "PAY", "fault": "drop_before"}"#;
const LOST_ANSWER: &str = r#"{"api": "PAY", "fault": "drop_after"}"#;
const GARBAGE: &str = r#"{"api": "PAY", "fault": "garbage"}"#;
const PROCESSING: &str = r#"{"api": "PAY", "fault": "processing", "details": 4}"#;
const SLOW_DETAIL: &str = r#"{"api": "DETAIL", "fault": "delay", "ms": 1500}"#;
const SLOW_CANCEL: &str = r#"{"api": "CANCEL", "fault": "delay", "ms": 1500}"#;
const LOST_CANCEL: &str = r#"{"api": "CANCEL", "fault": "drop_after"}"#;
const UNHEARD_CANCEL: &str = r#"{"api": "CANCEL", "fault": "drop_before"}"#;
const PAPER_OUT: &str = "paper out after 60 rows";

const PAY: Sale = Sale::Code("pay");
const WAIT: Sale = Sale::Code("wait");

/// The truth may be either where the power was cut before it was known to the test whether PAY had left.
const EITHER: &[&str] = &["paid", "reversed", "refused", "nothing"];

#[rustfmt::skip]
const MOMENTS: [Moment; 24] = [
    moment(PAY, &[LOST_PAY], When::Records(1), &["refused", "reversed"]),
    moment(PAY, &[LOST_PAY], When::Screen("unknown"), &["refused", "reversed"]),
    moment(PAY, &[], When::AtOnce, EITHER),
    moment(PAY, &[], When::Records(1), EITHER),
    moment(PAY, &[SLOW_PAY], When::Screen("asking"), EITHER),
    moment(PAY, &[SLOW_PAY], When::Call("PAY"), &["paid"]),
    moment(PAY, &[SLOW_PAY], When::Charged, &["paid"]),
    moment(PAY, &[], When::Charged, &["paid"]),
    moment(PAY, &[LOST_ANSWER], When::Screen("unknown"), &["paid"]),
    moment(PAY, &[LOST_ANSWER, SLOW_DETAIL], When::Call("DETAIL"), &["paid"]),
    moment(PAY, &[GARBAGE], When::Screen("unknown"), &["paid"]),
    moment(PAY, &[PROCESSING], When::Screen("confirm"), &["paid", "reversed"]),
    moment(PAY, &[PROCESSING], When::Call("DETAIL"), &["paid", "reversed"]),
    moment(WAIT, &[], When::Screen("confirm"), &["reversed"]),
    moment(Sale::Stopped, &[SLOW_CANCEL], When::Screen("cancelling"), &["reversed"]),
    moment(Sale::Stopped, &[SLOW_CANCEL], When::Call("CANCEL"), &["reversed"]),
    moment(Sale::Stopped, &[LOST_CANCEL], When::Call("CANCEL"), &["reversed"]),
    moment(Sale::Stopped, &[UNHEARD_CANCEL], When::Call("CANCEL"), &["reversed"]),
    moment(PAY, &[], When::Records(2), &["paid"]),
    moment(PAY, &[PAPER_OUT], When::Ink, &["paid"]),
    moment(PAY, &[], When::Receipt, &["paid"]),
    moment(Sale::Code("refuse"), &[], When::Screen("refused"), &["refused"]),
    moment(Sale::Order, &[SLOW_PAY], When::Call("PAY"), &["reversed"]),
    moment(Sale::OrderPaid, &[SLOW_DETAIL], When::Charged, &["paid"]),
];

#[test]
fn after_a_power_cut_at_any_moment_a_sale_ends_with_the_truth_and_one_charge() {
    let waiting: Mutex<VecDeque<(usize, &Moment)>> = Mutex::new(MOMENTS.iter().enumerate().collect());
    std::thread::scope(|scope| {
        let counters: Vec<_> = (0..COUNTERS)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let next = waiting.lock().unwrap().pop_front();
                        let Some((number, moment)) = next else { return };
                        run(cut(number, moment));
                    }
                })
            })
            .collect();
        let failed = counters.into_iter().filter_map(|counter| counter.join().err()).count();
        assert_eq!(failed, 0, "counters failed; what each saw is above");
    });
}

async fn cut(number: usize, moment: &Moment) {
    let counter = Counter::open_with(Options::default()).await;
    counter.power(false).await;
    let mut profile = OpenOptions::new().append(true).open(counter.dir().join("profile.toml")).unwrap();
    profile.write_all(SHORT.as_bytes()).unwrap();
    counter.power(true).await;
    counter.ready().await;

    counter.collect("12.50").await;
    let before = counter.state().await["report"]["journal"]["sequence"].as_u64().unwrap();
    for fault in moment.faults {
        match *fault {
            PAPER_OUT => {
                drop(counter.post("/api/printer", json!({ "paper": "out", "after_rows": 60 })).await)
            }
            fault => counter.fault(serde_json::from_str(fault).unwrap()).await,
        }
    }
    start(&counter, moment.sale).await;
    reach(&counter, moment.when, before).await;
    counter.power(false).await;
    let (dead, book_then) = (counter.state().await, counter.book().await);
    assert_eq!(dead["power"], false);

    counter.post("/api/printer", json!({ "paper": "ok" })).await;
    counter.power(true).await;
    counter.settled().await;
    let (journal, book) = (counter.journal(), counter.book().await);
    let orders = book["orders"].as_array().unwrap();
    assert!(orders.len() <= 1, "moment {number}: a PAY was sent again: {book:#}");
    let payments: Vec<_> = journal.iter().filter(|line| line.kind == "asked").collect();
    assert!(payments.len() <= 1, "moment {number}: {journal:#?}");
    let end = payments.first().map_or("nothing", |asked| end_of(&journal, asked.tx.as_deref().unwrap()));
    assert!(
        moment.ends.contains(&end),
        "moment {number} ended {end}, not as one of {:?}\nthe book at the cut: {book_then:#}\nat the end: {book:#}\n{journal:#?}",
        moment.ends
    );
    let charged: u64 = orders.iter().map(|order| order["paidCount"].as_u64().unwrap()).sum();
    assert!(charged <= 1, "moment {number}: charged {charged} times: {book:#}");
    counter.end().await;
}

async fn start(counter: &Counter, sale: Sale) {
    match sale {
        Sale::Code(answer) => {
            let code = counter.code(answer).await;
            counter.scan(&code).await;
        }
        Sale::Stopped => {
            let code = counter.code("wait").await;
            counter.scan(&code).await;
            counter.screen("confirm").await;
            counter.key("stop").await;
        }
        Sale::Order => counter.key("qr").await,
        Sale::OrderPaid => {
            counter.show_order_code().await;
            counter.phone_scans("pay").await;
        }
    }
}

async fn reach(counter: &Counter, when: When, before: u64) {
    let heard = |book: &Value, api: &str| {
        let orders = book["orders"].as_array().unwrap();
        let calls = orders.iter().flat_map(|order| order["calls"].as_array().unwrap());
        calls.into_iter().any(|call| call["api"] == api)
    };
    match when {
        When::AtOnce => {}
        When::Records(more) => {
            let wanted = usize::try_from(before + more).unwrap();
            counter.until("the records", |_| counter.journal().len() >= wanted).await;
        }
        When::Screen(name) => drop(counter.screen(name).await),
        When::Call(api) => drop(counter.until_book(api, |book| heard(book, api)).await),
        When::Charged => {
            let paid =
                |book: &Value| book["orders"].as_array().unwrap().iter().any(|order| order["paidCount"] == 1);
            counter.until_book("the charge", paid).await;
        }
        When::Ink => {
            counter.until("ink", |state| state["printer"]["strip_rows"].as_u64() > Some(0)).await;
        }
        When::Receipt => drop(counter.until("the receipt", |state| state["receipts"] == 1).await),
    }
}

/// The same without a plan: a sale loop, and the power cut whenever it comes. `make crash` does it a thousand times.
#[test]
fn twenty_cuts_at_random_moments_leave_nothing_open_and_no_difference() {
    run(async {
        let result = crash(&Options { program: program(), ..Options::default() }, 20).await.unwrap();
        assert!(result.transactions > 0, "nothing was sold");
        assert_eq!((result.kills, result.open, &result.differences[..]), (20, 0, &[][..]));
    });
}
