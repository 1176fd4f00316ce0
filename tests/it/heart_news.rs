//! Notifications at the heart: hints that are answered once what they tell is on disk (field rule 9).

use postern_heart::ask::{PaidAt, Reason, StatusWord};
use postern_heart::event::Event;
use postern_heart::ids::{OrderId, UqOrderId};
use postern_heart::money::Amount;
use postern_heart::news::{About, News, NewsNo, Taken};
use postern_heart::now::Wall;
use postern_heart::record::Fact;
use postern_heart::screen::Standing;

use crate::heart_help::*;

fn news(about: About, amount: Amount, state: StatusWord) -> News {
    let paid = (state == StatusWord::Success).then_some(PaidAt { at: Wall(NOON), cut_off: Wall(CUT_OFF) });
    News { about, uq_id: Some(UqOrderId("UQ1".into())), amount, state, paid }
}

impl Counter {
    /// A notification about an order comes in; its number.
    fn notify(&mut self, id: OrderId, cents: u64, state: StatusWord) -> NewsNo {
        let no = NewsNo(self.world.mono * 100 + self.world.log.len() as u64);
        self.happens(Event::Notified { no, news: news(About::Order(id), hkd(cents), state) });
        no
    }

    /// What was answered to it.
    fn taken(&self, no: NewsNo) -> Option<Taken> {
        let mut answers = self.world.acknowledged.iter().filter(|(answered, _)| *answered == no);
        let first = answers.next().map(|(_, taken)| *taken);
        assert_eq!(answers.next(), None, "answered twice");
        first
    }
}

#[test]
fn news_of_a_payment_that_waits_is_asked_about_at_once_and_answered_when_it_is_on_disk() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", lost());
    let no = counter.notify(id, 1250, StatusWord::Success);
    assert_eq!(counter.screen(), "unknown", "a notification decides nothing");
    assert_eq!((counter.on_disk(id), counter.taken(no)), (vec!["Asked"], None));
    counter.answer_detail(success());
    assert_eq!((counter.screen(), counter.taken(no)), ("paid", Some(Taken::Taken)));
    assert!(counter.logged("save Paid") < counter.logged("acknowledge Taken"), "{}", counter.story());
}

#[test]
fn news_that_comes_before_pays_own_answer_is_asked_about_too() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    let no = counter.notify(id, 1250, StatusWord::Success);
    counter.answer_detail(success());
    assert_eq!((counter.screen(), counter.taken(no)), ("paid", Some(Taken::Taken)));
    counter.answer("PAY", success());
    assert_eq!(counter.on_disk(id), ["Asked", "Paid"]);
}

#[test]
fn a_question_under_way_is_not_asked_twice() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.notify(id, 1250, StatusWord::Success);
    counter.sleep(1);
    counter.notify(id, 1250, StatusWord::Success);
    assert_eq!(counter.count("DETAIL"), 2, "the one that proves the keys, and this one");
}

#[test]
fn what_is_known_already_and_what_tells_nothing_new_is_taken() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    let waits = counter.notify(id, 1250, StatusWord::Processing);
    assert_eq!(counter.taken(waits), Some(Taken::Taken));
    counter.answer("PAY", success());
    let again = counter.notify(id, 1250, StatusWord::Success);
    assert_eq!(counter.taken(again), Some(Taken::Taken));
    let weaker = counter.notify(id, 1250, StatusWord::Processing);
    assert_eq!(counter.taken(weaker), Some(Taken::Taken));
    assert_eq!(counter.on_disk(id), ["Asked", "Paid"]);
}

#[test]
fn another_amount_an_unknown_order_and_another_shops_payment_are_refused() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    let stranger = OrderId::parse("HK02-000001-AAAAAAAA").unwrap();
    let wrong = counter.notify(id, 1251, StatusWord::Success);
    let unknown = counter.notify(stranger, 1250, StatusWord::Success);
    let elsewhere = NewsNo(999_999);
    let other = news(About::Stranger, hkd(1250), StatusWord::Success);
    counter.happens(Event::Notified { no: elsewhere, news: other });
    for no in [wrong, unknown, elsewhere] {
        assert_eq!(counter.taken(no), Some(Taken::Refused));
    }
    assert_eq!((counter.on_disk(id), counter.count("DETAIL")), (vec!["Asked"], 1));
}

#[test]
fn once_a_cancellation_is_on_disk_news_of_a_payment_decides_nothing() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.press("s");
    counter.answer_detail(processing());
    let no = counter.notify(id, 1250, StatusWord::Success);
    assert_eq!((counter.screen(), counter.taken(no)), ("cancelling", None));
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(counter.facts(id).standing(), Standing::Reversed);
    assert_eq!(counter.taken(no), Some(Taken::Taken), "what was paid went back, and that is on disk");
}

#[test]
fn news_that_no_question_confirms_in_time_shall_be_sent_again() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    let no = counter.notify(id, 1250, StatusWord::Success);
    counter.answer_detail(processing());
    counter.wait(9_999);
    assert_eq!(counter.taken(no), None);
    counter.wait(1);
    assert_eq!(counter.taken(no), Some(Taken::Later));
    assert_eq!(counter.on_disk(id), ["Asked"]);
}

#[test]
fn an_unsettled_payment_is_asked_about_now_instead_of_in_minutes() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.wait(4_800);
    counter.answer("CANCEL", declined(Reason::State));
    counter.answer_detail(lost());
    counter.wait(1_000);
    let no = counter.notify(id, 1250, StatusWord::Success);
    counter.wait(0);
    counter.answer_detail(success());
    assert_eq!((counter.screen(), counter.taken(no)), ("paid_late", Some(Taken::Taken)));
}

#[test]
fn out_of_service_nothing_is_taken() {
    for fault in [SaveFault::There, SaveFault::NotThere] {
        let mut counter = Counter::new();
        let id = counter.pay_by_code("12.5");
        counter.world.fail_reads = 1;
        counter.world.fail_next_save = Some(fault);
        let before = counter.notify(id, 1250, StatusWord::Success);
        counter.answer_detail(success());
        assert_eq!(
            (counter.screen(), counter.taken(before)),
            ("out_of_service", None),
            "dropped with the save"
        );
        let no = counter.notify(id, 1250, StatusWord::Success);
        assert_eq!(counter.taken(no), Some(Taken::Later));
    }
}

#[test]
fn after_a_restart_the_same_news_is_taken_without_another_record() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.restart();
    let no = counter.notify(id, 1250, StatusWord::Success);
    assert_eq!(counter.taken(no), Some(Taken::Taken));
    assert!(matches!(counter.last_fact(id), Fact::Paid(_)));
}
