//! Money back that can't be given: each is turned down in words, and not a cent moves that should not.

use std::path::Path;
use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};
use postern::acquirer::client::Client;
use postern::acquirer::keys;
use postern::acquirer::profile::Profile;
use postern::acquirer::tls::CertificateTime;
use postern::clock::MADE;
use postern::ports::{Acquirer as _, Inbox, Incoming};
use postern::shop::Shop;
use postern_heart::ask::{Ask, Pay, PayProduct, Reply, Request, Says, StatusWord};
use postern_heart::code::{PaymentCode, Scanned};
use postern_heart::event::Event;
use postern_heart::ids::{OrderId, RequestNo, TerminalId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use serde_json::{Value, json};

use super::counter_help::{Counter, end_of, refunded, run};

/// A sale that is paid, with its paper out; its id.
async fn sold(counter: &Counter, amount: &str) -> String {
    counter.collect(amount).await;
    let code = counter.code("pay").await;
    counter.pay_by_code(&code).await;
    let state = counter.screen("paid").await;
    let id = state["report"]["transaction"].as_str().unwrap().to_owned();
    counter.settled().await;
    counter.key("enter").await;
    counter.screen("amount").await;
    id
}

/// Waits until the terminal has turned down what was scanned or typed, and sees that it stays where it was.
async fn turned_down(counter: &Counter, told: Option<u64>, screen: &str) {
    let refused =
        |state: &Value| state["versions"]["state"].as_u64() > told && state["tone"]["name"] == "refused";
    let state = counter.until("it is turned down", refused).await;
    assert_eq!(state["report"]["screen"], screen);
}

async fn told(counter: &Counter) -> Option<u64> {
    counter.state().await["versions"]["state"].as_u64()
}

fn refunds(book: &Value) -> usize {
    book["orders"].as_array().unwrap().iter().map(|order| order["refunds"].as_array().unwrap().len()).sum()
}

#[test]
fn more_than_what_is_left_is_refused_while_it_is_typed_and_no_manager_is_asked() {
    run(async {
        let counter = Counter::open().await;
        let id = sold(&counter, "12.50").await;
        counter.give_back(&id, "10").await;
        counter.screen("refunded").await;
        counter.settled().await;
        counter.key("enter").await;
        counter.screen("amount").await;

        counter.find(&id).await;
        counter.screen("give_back").await;
        counter.type_amount("2.51").await;
        let before = told(&counter).await;
        counter.key("enter").await;
        turned_down(&counter, before, "give_back").await;
        let book = counter.book().await;
        assert_eq!((refunds(&book), refunded(&counter.journal(), &id)), (1, 1_000), "{book:#}");

        // What is left can still go back.
        counter.type_amount(".").await;
        for _ in 0..4 {
            counter.key("clear").await;
        }
        counter.type_amount("2.50").await;
        counter.key("enter").await;
        counter.screen("pin").await;
        counter.type_amount("2468").await;
        counter.key("enter").await;
        counter.screen("refunded").await;
        counter.settled().await;
        assert_eq!(counter.book().await["orders"][0]["kept"], "0.00");
        counter.end().await;
    });
}

#[test]
fn an_id_that_nobody_knows_is_asked_about_and_refused() {
    run(async {
        let counter = Counter::open().await;
        let records = counter.journal().len();
        counter.key("menu").await;
        counter.screen("menu").await;
        counter.key("5").await;
        counter.screen("find").await;
        let before = told(&counter).await;
        counter.scan("HK01-0000ZZ-0123ABCD").await;
        turned_down(&counter, before, "find").await;
        let book = counter.book().await;
        let asked = book["otherCalls"].as_array().unwrap().last().unwrap();
        assert_eq!(asked["api"], "DETAIL");
        assert_eq!(asked["about"], json!(["HK01-0000ZZ-0123ABCD"]), "{book:#}");
        assert_eq!((refunds(&book), counter.journal().len()), (0, records));
        counter.end().await;
    });
}

/// Another terminal of the same shop, under the same key, sells something.
fn sold_elsewhere(dir: &Path, code: &str) -> OrderId {
    let profile = Profile::load(&dir.join("profile.toml")).unwrap();
    let key = keys::read(profile.credentials.as_ref().unwrap()).unwrap();
    let mut merchant = Shop::load(&dir.join("shop.toml")).unwrap().merchant(&profile).unwrap();
    merchant.terminal_id = "HK02".to_owned();
    let (inbox, incoming) = Inbox::channel();
    let time = CertificateTime::new(|| MADE);
    let mut client = Client::start(Arc::new(profile), key, merchant, &time, inbox).unwrap();
    let id = OrderId::parse("HK02-000001-0123ABCD").unwrap();
    let code = PaymentCode::read(&Scanned::new(code.to_owned()), TerminalId::parse("HK02").unwrap()).unwrap();
    let expire_at = Wall((Timestamp::now() + 60.seconds()).as_millisecond());
    let amount = Amount::new(1_250, Currency::HKD);
    let pay = Pay { id, product: PayProduct::PaymentCode(code), amount, expire_at };
    client.ask(Ask { no: RequestNo(1), request: Request::Pay(pay) });
    let Incoming::Event(Event::Answered { reply: Reply::Answer(answer), .. }) = incoming.recv().unwrap()
    else {
        panic!("the other terminal has no answer")
    };
    assert!(matches!(answer.says, Says::Status(status) if status.state == StatusWord::Success));
    id
}

#[test]
fn another_terminals_order_is_asked_about_and_left_to_the_terminal_that_sold_it() {
    run(async {
        let counter = Counter::open().await;
        let code = counter.code("pay").await;
        let dir = counter.dir().to_owned();
        let id = tokio::task::spawn_blocking(move || sold_elsewhere(&dir, &code)).await.unwrap();
        let records = counter.journal().len();
        counter.key("menu").await;
        counter.screen("menu").await;
        counter.key("5").await;
        counter.screen("find").await;
        let before = told(&counter).await;
        counter.scan(id.as_str()).await;
        turned_down(&counter, before, "find").await;
        let book = counter.book().await;
        let calls = book["orders"][0]["calls"].as_array().unwrap();
        let apis: Vec<_> = calls.iter().map(|call| call["api"].as_str().unwrap()).collect();
        assert_eq!(apis, ["PAY", "DETAIL"], "it was asked about, and no more: {book:#}");
        assert_eq!((&book["orders"][0]["kept"], counter.journal().len()), (&json!("12.50"), records));
        counter.end().await;
    });
}

#[test]
fn while_a_refund_is_not_known_no_second_one_begins() {
    run(async {
        let counter = Counter::open().await;
        let id = sold(&counter, "12.50").await;
        counter.fault(json!({ "api": "REFUND", "fault": "drop_after" })).await;
        counter.give_back(&id, "5").await;
        // Its REFUND is at the acquirer and was not answered; from here on there is no answer to any question.
        counter.until_book("the refund has left", |book| refunds(book) == 1).await;
        counter.fault(json!({ "api": "DETAIL", "fault": "busy", "count": 1_000 })).await;
        counter.screen("refund_unknown").await;
        counter.key("enter").await;
        counter.screen("amount").await;

        let before = told(&counter).await;
        counter.find(&id).await;
        turned_down(&counter, before, "find").await;
        assert_eq!(refunds(&counter.book().await), 1);

        counter.fault(json!({ "api": "DETAIL", "fault": "busy", "count": 0 })).await;
        counter.settled().await;
        assert_eq!(refunded(&counter.journal(), &id), 500);
        let book = counter.book().await;
        assert_eq!((refunds(&book), &book["orders"][0]["kept"]), (1, &json!("7.50")));
        counter.end().await;
    });
}

/// The terminal's day and the acquirer's are not the same: CANCEL is refused, and the money goes back all the same.
#[test]
fn a_cancellation_after_the_cut_off_is_followed_by_a_refund() {
    run(async {
        let counter = Counter::open().await;
        let id = sold(&counter, "12.50").await;
        counter.fault(json!({ "api": "CANCEL", "fault": "refuse", "reason": "cut_off" })).await;
        counter.give_back(&id, "").await;
        counter.screen("refunded").await;
        counter.settled().await;
        let (book, journal) = (counter.book().await, counter.journal());
        let order = &book["orders"][0];
        assert_eq!((&order["refundedAmount"], &order["cancellations"]), (&json!("12.50"), &json!([])));
        let refused = journal.iter().find(|line| line.kind == "cancel_refused").unwrap();
        assert_eq!(refused.body["code"], "200007", "{refused:?}");
        assert_eq!(refunded(&journal, &id), 1_250);
        counter.end().await;
    });
}

/// Nobody has paid, and the day is over: the order can't be cancelled, and nobody is told that it was.
#[test]
fn an_unpaid_order_that_can_not_be_cancelled_any_more_stays_unsettled_until_it_has_expired() {
    run(async {
        let timings = "[timings]\nfirst_detail = \"500ms\"\nafter_processing = \"500ms\"\n\
                       payment_code_limit = \"2s\"\nexpire_after_limit = \"4s\"\n\
                       background = [\"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\"]";
        let counter = Counter::open_with_profile(timings).await;
        counter.fault(json!({ "api": "CANCEL", "fault": "refuse", "reason": "cut_off", "count": 100 })).await;
        counter.collect("12.50").await;
        let code = counter.code("wait").await;
        counter.pay_by_code(&code).await;
        let state = counter.screen("unsettled").await;
        let id = state["report"]["transaction"].as_str().unwrap().to_owned();
        assert_eq!(end_of(&counter.journal(), &id), "unsettled");
        counter.settled().await;
        let book = counter.book().await;
        assert_eq!(
            (&book["orders"][0]["status"], &book["orders"][0]["paidCount"]),
            (&json!("closed"), &json!(0))
        );
        counter.end().await;
    });
}
