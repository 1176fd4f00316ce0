//! Notifications at the heart: hints that are answered once what they tell is on disk (field rule 9).

use postern_heart::ask::{PaidAt, Reason, StatusWord};
use postern_heart::event::Event;
use postern_heart::ids::{OrderId, UqOrderId};
use postern_heart::money::Amount;
use postern_heart::news::{About, News, NewsNo, Taken};
use postern_heart::now::Wall;
use postern_heart::record::{Contradiction, Fact, Record};
use postern_heart::screen::{Notice, Standing};
use postern_heart::settings::{Settings, Slips};

use crate::entry_code::{entry, shop_with_a_code};
use crate::help::*;

pub(crate) fn news(about: About, amount: Amount, state: StatusWord) -> News {
    let paid = (state == StatusWord::Success).then_some(PaidAt { at: Wall(NOON), cut_off: Wall(CUT_OFF) });
    News { about, uq_id: Some(UqOrderId("UQ1".into())), amount, state, paid }
}

impl Counter {
    /// A notification about an order comes in; its number.
    pub(crate) fn notify(&mut self, id: OrderId, cents: u64, state: StatusWord) -> NewsNo {
        let no = NewsNo(self.world.mono * 100 + self.world.log.len() as u64);
        self.happens(Event::Notified { no, news: news(About::Order(id), hkd(cents), state) });
        no
    }

    /// What was answered to it.
    pub(crate) fn taken(&self, no: NewsNo) -> Option<Taken> {
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
fn news_is_answered_in_time_also_where_nothing_else_happens() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.unsettle();
    counter.answer("PAY", lost());
    counter.wait_for("CANCEL");
    let no = counter.notify(id, 1250, StatusWord::Success);
    let end = counter.world.mono + 10_000;
    assert!(end % 60_000 > 10_000, "no minute ends in between, which would wake the heart");
    counter.wait_until(end - 1);
    assert_eq!(counter.taken(no), None);
    counter.wait(1);
    assert_eq!(counter.taken(no), Some(Taken::Later));
}

#[test]
fn each_of_two_notifications_has_its_own_answer() {
    let mut counter = Counter::with(shop_with_a_code());
    let id = counter.pay_by_code("12.5");
    let waits = counter.notify(id, 1250, StatusWord::Success);
    let stranger = OrderId::parse("HK02-000001-AAAAAAAA").unwrap();
    let unknown = counter.notify(stranger, 1250, StatusWord::Success);
    assert_eq!((counter.taken(waits), counter.taken(unknown)), (None, Some(Taken::Refused)));
    assert_eq!(
        counter.told(entry("UQ1", 4_600)),
        Some(Taken::Taken),
        "and what came in is on disk meanwhile"
    );
    let amounts: Vec<Amount> = counter.received().iter().map(|received| received.amount).collect();
    assert_eq!(amounts, [hkd(4_600)], "its own, though the other names the same id of the acquirer's");
    assert_eq!(counter.taken(waits), None);
    counter.answer_detail(success());
    assert_eq!(counter.taken(waits), Some(Taken::Taken));
}

#[test]
fn records_that_do_not_fit_together_take_no_news() {
    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop() });
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    let beside = Record { transaction: Some(id), at: None, fact: Fact::Reversed };
    counter.world.disk.write(&beside, false);
    counter.restart();
    let no = counter.notify(id, 1250, StatusWord::Success);
    assert_eq!(counter.taken(no), Some(Taken::Later), "somebody must look at the journal first");
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

#[test]
fn news_that_denies_an_end_is_written_down_asked_about_and_overrules_nothing() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    let no = counter.notify(id, 1250, StatusWord::Closed);
    assert_eq!(counter.taken(no), Some(Taken::Taken), "it is on disk");
    assert_eq!(counter.on_disk(id), ["Asked", "Paid", "Contradicted"]);
    assert_eq!(counter.facts(id).standing(), Standing::Paid);
    counter.answer_detail(lost());
    counter.wait(60_000);
    counter.answer_detail(success());
    assert_eq!(
        counter.on_disk(id),
        ["Asked", "Paid", "Contradicted"],
        "the acquirer agrees with the journal"
    );
    let again = counter.notify(id, 1250, StatusWord::Closed);
    assert_eq!((counter.taken(again), counter.on_disk(id).len()), (Some(Taken::Taken), 3));
}

#[test]
fn an_acquirer_that_says_the_same_when_asked_calls_a_person() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", declined(Reason::Balance));
    counter.notify(id, 1250, StatusWord::Success);
    counter.answer_detail(success());
    assert_eq!(counter.on_disk(id), ["Asked", "Refused", "Contradicted", "Contradicted"]);
    assert_eq!(counter.notice(), Some(Notice::Contradiction));
    assert_eq!(counter.facts(id).standing(), Standing::Refused, "what was proven stays");
}

#[test]
fn news_of_a_sale_that_memory_has_forgotten_is_found_in_the_journal() {
    // Without paper nothing is owed, and memory keeps the last forty only.
    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop() });
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    for _ in 0..50 {
        counter.press("ee");
        counter.pay_by_code("1");
        counter.answer("PAY", success());
    }
    let known = counter.notify(id, 1250, StatusWord::Success);
    assert_eq!(counter.taken(known), Some(Taken::Taken));
    let other = counter.notify(id, 1251, StatusWord::Success);
    assert_eq!(counter.taken(other), Some(Taken::Refused));
    let denies = counter.notify(id, 1250, StatusWord::Fail);
    assert_eq!(counter.taken(denies), Some(Taken::Taken));
    assert_eq!(counter.on_disk(id), ["Asked", "Paid", "Contradicted"]);
    counter.answer_detail(success());
}

#[test]
fn news_that_denies_an_end_is_asked_about_again_each_minute_until_it_is_answered() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.notify(id, 1250, StatusWord::Fail);
    let contradiction = Fact::Contradicted(Contradiction::NotifiedNotPaid);
    assert_eq!(*counter.last_fact(id), contradiction);
    for _ in 0..2 {
        assert_eq!(counter.count("DETAIL"), 2, "the one that proves the keys, and this one");
        counter.wait(100_000);
        assert_eq!(counter.count("DETAIL"), 2, "it is under way, and not asked twice");
        counter.answer_detail(processing());
        assert_eq!(counter.next_ask_within(120_000), Some(60_000));
        counter.world.counts.insert("DETAIL", 2);
    }
    counter.answer_detail(closed());
    assert_eq!(*counter.last_fact(id), Fact::Contradicted(Contradiction::NotPaidAfterPaid));
    counter.wait(3_600_000);
    assert!(counter.nothing_asked(), "then a person looks");
}

#[test]
fn two_ends_that_are_denied_are_each_asked_about() {
    let mut counter = Counter::new();
    let ids: Vec<OrderId> = (0..2)
        .map(|_| {
            let id = counter.pay_by_code("12.5");
            counter.answer("PAY", declined(Reason::Balance));
            counter.press("s");
            id
        })
        .collect();
    for id in &ids {
        counter.notify(*id, 1250, StatusWord::Success);
        assert_eq!(*counter.last_fact(*id), Fact::Contradicted(Contradiction::NotifiedPaid));
    }
    for id in ids.iter().rev() {
        counter.answer_detail(success());
        assert_eq!(*counter.last_fact(*id), Fact::Contradicted(Contradiction::PaidAfterEnd));
    }
}

#[test]
fn a_journal_that_can_not_be_searched_takes_no_news() {
    let mut counter = Counter::with(shop_with_a_code());
    counter.world.fail_finds = true;
    let stranger = OrderId::parse("HK02-000001-AAAAAAAA").unwrap();
    let no = counter.notify(stranger, 1250, StatusWord::Success);
    assert_eq!(counter.taken(no), Some(Taken::Later));
    assert_eq!(counter.told(entry("UQ7", 4_600)), Some(Taken::Later));
    assert!(counter.received().is_empty());
}

#[test]
fn news_of_a_cancellation_or_a_refund_is_news_of_its_payment() {
    // An acquirer may notify by the id of the request that ended: the journal finds the payment by it.
    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop() });
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", lost());
    counter.press("s");
    counter.answer_detail(processing());
    let cancel = counter.facts(id).cancel.as_ref().unwrap().id;
    let open = counter.notify(cancel, 1250, StatusWord::Closed);
    assert_eq!(counter.taken(open), Some(Taken::Later), "its own records follow");
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    let ended = counter.notify(cancel, 1250, StatusWord::Closed);
    assert_eq!(counter.taken(ended), Some(Taken::Taken));
}

#[test]
fn news_of_a_refund_names_the_refunds_amount() {
    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop() });
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.press("ede2");
    counter.press("5e2468e");
    counter.happens(Event::PinChecked { right: true });
    counter.answer_detail(success());
    counter.answer("REFUND", success());
    let refund = counter.facts(id).refunds[0].id;
    let no = counter.notify(refund, 500, StatusWord::Success);
    assert_eq!(counter.taken(no), Some(Taken::Taken));
}

#[test]
fn an_order_that_nobody_saw_and_that_is_found_paid_is_an_alarm() {
    // Its code is still being made when the acquirer tells that it was paid: somebody else's was paid under our id.
    let mut counter = Counter::new();
    let id = counter.make_order("12.5");
    counter.notify(id, 1250, StatusWord::Success);
    counter.answer_detail(success());
    assert_eq!(counter.on_disk(id), ["Asked", "Contradicted", "Unsettled"]);
    let contradicted = Fact::Contradicted(Contradiction::PaidUnseen);
    assert!(counter.world.disk.records().iter().any(|record| record.fact == contradicted));

    let mut counter = Counter::new();
    let id = counter.make_order("12.5");
    counter.press("s");
    counter.answer_detail(success());
    assert_eq!(counter.on_disk(id), ["Asked", "Contradicted", "Unsettled"], "nor is it at its last question");
}
