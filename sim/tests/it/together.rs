//! Notifications that wait together while the terminal is busy: one commit for all of them, and no answer before it.

use postern_heart::ask::StatusWord;
use postern_heart::event::{Device, Event, Health};
use postern_heart::news::{About, News, NewsNo, Taken};
use postern_heart::screen::Notice;

use crate::entry_code::{entry, shop_with_a_code};
use crate::help::*;
use crate::news::news;

impl Counter {
    /// Notifications that are numbered from 1 come in at once; what was answered to each.
    fn told_together<const N: usize>(&mut self, news: [News; N]) -> [Option<Taken>; N] {
        let mut no = 0;
        let numbered = news.map(|news| {
            no += 1;
            Event::Notified { no: NewsNo(no), news }
        });
        self.happen_together(&numbered);
        std::array::from_fn(|at| self.taken(NewsNo(at as u64 + 1)))
    }

    /// What of the log matters here.
    fn saves_and_answers(&self) -> Vec<&str> {
        let words = self.world.log.iter().map(String::as_str);
        words.filter(|word| word.starts_with("save Rec") || word.starts_with("ack")).collect()
    }
}

#[test]
fn payments_that_are_told_together_are_all_on_disk_before_one_of_them_is_answered() {
    let mut counter = Counter::with(shop_with_a_code());
    let taken = counter.told_together([entry("UQ1", 100), entry("UQ2", 200), entry("UQ3", 300)]);
    assert_eq!(taken, [Some(Taken::Taken); 3]);
    let (saved, answered) = ("save Received", "acknowledge Taken");
    assert_eq!(counter.saves_and_answers(), [saved, saved, saved, answered, answered, answered]);
    assert_eq!(counter.notice(), Some(Notice::Received { amount: hkd(300) }), "the last one");
}

#[test]
fn one_payment_that_is_told_twice_at_once_is_recorded_once_and_both_are_answered() {
    let mut counter = Counter::with(shop_with_a_code());
    let taken = counter.told_together([entry("UQ1", 100), entry("UQ1", 100), entry("UQ1", 900)]);
    assert_eq!(taken, [Some(Taken::Taken), Some(Taken::Taken), Some(Taken::Refused)]);
    assert_eq!(counter.received().len(), 1);
}

#[test]
fn where_the_commit_fails_none_is_answered_and_all_are_taken_when_they_come_again() {
    for fault in [SaveFault::NotThere, SaveFault::There] {
        let mut counter = Counter::with(shop_with_a_code());
        counter.world.fail_next_save = Some(fault);
        let both = || [entry("UQ1", 100), entry("UQ2", 200)];
        assert_eq!(counter.told_together(both()), [None, None], "the listener says: later");
        counter.wait(20_000);
        assert_eq!(counter.screen(), "amount", "{}", counter.story());
        assert_eq!(counter.told_together(both()), [Some(Taken::Taken); 2]);
        assert_eq!(counter.received().len(), 2, "each once");
    }
}

#[test]
fn a_payment_that_waits_is_asked_about_when_it_is_told_of_beside_others() {
    let mut counter = Counter::with(shop_with_a_code());
    let id = counter.pay_by_code("12.5");
    counter.answer("PAY", lost());
    let waits = news(About::Order(id), hkd(1250), StatusWord::Success);
    let taken = counter.told_together([entry("UQ7", 100), waits, entry("UQ8", 100)]);
    assert_eq!(taken, [Some(Taken::Taken), None, Some(Taken::Taken)]);
    counter.answer_detail(success());
    assert_eq!((counter.screen(), counter.taken(NewsNo(2))), ("paid", Some(Taken::Taken)));
}

#[test]
fn a_payment_that_is_denied_in_the_same_breath_has_its_receipt_and_is_asked_about() {
    let mut counter = Counter::with(shop_with_a_code());
    counter.device(Device::Printer, Health::Working);
    let denied = News { state: StatusWord::Closed, paid: None, ..entry("UQ1", 100) };
    assert_eq!(counter.told_together([entry("UQ1", 100), denied]), [Some(Taken::Taken); 2]);
    assert_eq!(counter.world.papers.len(), 1, "{}", counter.story());
    assert!(counter.is_outstanding("DETAIL"));
}
