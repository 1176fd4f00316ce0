//! Money by the shop's static code, at the heart: recorded once, however often it is told (contract, section 9).

use postern_heart::ask::{OrderCode, StatusWord};
use postern_heart::code::NotACode;
use postern_heart::event::{Device, Event, Health, Key, PrintEnd, Sound};
use postern_heart::ids::{OrderId, UqOrderId};
use postern_heart::news::{About, News, NewsNo, Taken};
use postern_heart::record::{Fact, Received};
use postern_heart::screen::{CustomerScreen, MenuItem, Notice, Screen};
use postern_heart::settings::{EntryCode, Settings, Slips};

use crate::help::*;
use crate::news::news;

const STATIC: &str = "00020101021153033445802HK6304ABCD";

pub(crate) fn shop_with_a_code() -> Settings {
    Settings { entry_code: EntryCode::On(STATIC.to_owned()), ..shop() }
}

pub(crate) fn entry(uq_id: &str, cents: u64) -> News {
    News { uq_id: Some(UqOrderId(uq_id.into())), ..news(About::Entry, hkd(cents), StatusWord::Success) }
}

impl Counter {
    pub(crate) fn told(&mut self, news: News) -> Option<Taken> {
        let no = NewsNo(1_000_000 + self.world.log.len() as u64);
        self.happens(Event::Notified { no, news });
        self.taken(no)
    }

    /// Opens the menu, and chooses the static code there.
    fn choose_shop_code(&mut self) {
        self.press("m");
        let Screen::Menu(menu) = self.cashier() else { panic!("no menu") };
        let place = menu.items.iter().position(|item| matches!(item, MenuItem::ShopCode { .. }));
        let digit = place.expect("it is in the menu") as u8 + 1;
        self.key(Key::Digit(digit));
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        let facts = self.world.disk.records().iter().map(|record| &record.fact);
        facts
            .filter_map(
                |fact| if let Fact::Received(received) = fact { Some(received.clone()) } else { None },
            )
            .collect()
    }
}

#[test]
fn money_by_the_static_code_is_recorded_once_and_leaves_the_cashiers_sale_alone() {
    let mut counter = Counter::with(shop_with_a_code());
    counter.device(Device::Printer, Health::Working);
    let id = counter.pay_by_code("12.5");
    assert_eq!(counter.told(entry("UQ7", 4_600)), Some(Taken::Taken));
    assert!(counter.logged("save Received") < counter.logged("acknowledge Taken"));
    assert_eq!(counter.screen(), "asking", "the cashier's own sale goes on");
    assert_eq!(counter.notice(), Some(Notice::Received { amount: hkd(4_600) }));
    assert_eq!(counter.world.sounds.last(), Some(&Sound::Received));
    assert_eq!(counter.world.papers.len(), 1, "its receipt is printed");
    counter.print_ends(PrintEnd::Printed);
    for _ in 0..2 {
        assert_eq!(counter.told(entry("UQ7", 4_600)), Some(Taken::Taken));
    }
    counter.restart();
    assert_eq!(counter.told(entry("UQ7", 4_600)), Some(Taken::Taken));
    assert_eq!(counter.received().len(), 1);
    counter.device(Device::Printer, Health::Working);
    assert_eq!(counter.world.papers.len(), 1, "and printed once");
    assert!(counter.world.witness.facts(id).is_some());
}

#[test]
fn a_search_for_news_is_not_the_cashiers_search() {
    let mut counter = Counter::with(shop_with_a_code());
    counter.press("m");
    let Screen::Menu(menu) = counter.cashier() else { panic!("no menu") };
    let place = menu.items.iter().position(|item| *item == MenuItem::GiveBack).unwrap();
    counter.key(Key::Digit(place as u8 + 1));
    assert_eq!(counter.told(entry("UQ7", 4_600)), Some(Taken::Taken));
    let stranger = OrderId::parse("HK02-000001-AAAAAAAA").unwrap();
    counter.notify(stranger, 1250, StatusWord::Success);
    assert_eq!(counter.screen(), "find");
    assert_eq!(counter.count("DETAIL"), 1, "nobody else's order is asked about");
}

#[test]
fn a_power_cut_in_the_middle_of_its_paper_has_it_printed_again_as_a_duplicate() {
    let mut counter = Counter::with(shop_with_a_code());
    counter.device(Device::Printer, Health::Working);
    counter.told(entry("UQ7", 4_600));
    counter.restart();
    counter.device(Device::Printer, Health::Working);
    let duplicates: Vec<bool> = counter.world.papers.iter().map(|paper| paper.duplicate).collect();
    assert_eq!(duplicates, [false, true]);
}

#[test]
fn what_memory_has_forgotten_is_found_in_the_journal() {
    let mut counter = Counter::with(Settings { slips: Slips::Never, ..shop_with_a_code() });
    assert_eq!(counter.told(entry("OLD", 100)), Some(Taken::Taken));
    for n in 0..60 {
        assert_eq!(counter.told(entry(&format!("UQ{n}"), 200 + n)), Some(Taken::Taken));
    }
    assert_eq!(counter.told(entry("OLD", 100)), Some(Taken::Taken));
    assert_eq!(counter.told(entry("OLD", 101)), Some(Taken::Refused), "the same id, another amount");
    assert_eq!(counter.received().len(), 61);
}

/// The acquirer said that money came in, and then that it did not. The terminal answered "later" until nobody told it any
/// more, wrote nothing down, and asked nobody.
#[test]
fn news_that_denies_money_by_the_static_code_is_written_down_and_asked_about_also_when_it_is_old() {
    let denied = |uq_id: &str| News { state: StatusWord::Closed, ..entry(uq_id, 4_600) };
    let mut counter = Counter::with(shop_with_a_code());
    counter.told(entry("UQ7", 4_600));
    for n in 0..60 {
        counter.told(entry(&format!("OTHER{n}"), 200));
    }
    counter.told(entry("UQ8", 4_600));
    for (uq_id, questions) in [("UQ8", 2), ("UQ7", 3)] {
        assert_eq!(counter.told(denied(uq_id)), Some(Taken::Taken));
        assert_eq!(counter.count("DETAIL"), questions);
        counter.answer_detail(success());
        assert_eq!(counter.told(denied(uq_id)), Some(Taken::Taken), "it is on disk");
        assert_eq!(counter.count("DETAIL"), questions);
    }
    assert_eq!(counter.received().len(), 62, "and overrules nothing");
}

#[test]
fn only_money_that_is_in_and_ours_counts() {
    let mut counter = Counter::with(shop_with_a_code());
    for state in [StatusWord::Processing, StatusWord::Fail, StatusWord::Closed] {
        assert_eq!(counter.told(News { state, ..entry("UQ7", 4_600) }), Some(Taken::Refused));
    }
    assert_eq!(counter.told(News { uq_id: None, ..entry("UQ7", 4_600) }), Some(Taken::Refused));
    assert_eq!(counter.told(entry("UQ7", 0)), Some(Taken::Refused));
    assert_eq!(counter.told(News { about: About::Stranger, ..entry("UQ7", 4_600) }), Some(Taken::Refused));
    assert!(counter.received().is_empty());
    for entry_code in [EntryCode::Off, EntryCode::Deaf] {
        let mut counter = Counter::with(Settings { entry_code, ..shop() });
        assert_eq!(counter.told(entry("UQ7", 4_600)), Some(Taken::Refused), "another terminal owns it");
    }
}

#[test]
fn a_save_that_fails_leaves_the_news_unanswered_and_the_next_one_finds_what_is_there() {
    for fault in [SaveFault::There, SaveFault::NotThere] {
        let mut counter = Counter::with(shop_with_a_code());
        counter.world.fail_next_save = Some(fault);
        assert_eq!(counter.told(entry("UQ7", 4_600)), None);
        counter.wait(5_000);
        assert_eq!(counter.told(entry("UQ7", 4_600)), Some(Taken::Taken), "the journal was read again");
        assert_eq!(counter.received().len(), 1, "{fault:?}");
    }
}

#[test]
fn a_listener_that_was_down_for_longer_than_the_acquirer_repeats_says_so() {
    let missed = |ms: u64| {
        let mut counter = Counter::with(shop_with_a_code());
        counter.wait(1);
        counter.restart();
        counter.sleep(ms);
        counter.restart();
        counter.wait(1);
        let records = counter.world.disk.records().iter();
        let missed =
            records.filter(|record| matches!(record.fact, Fact::Listening { missed_since: Some(_) }));
        (missed.count(), counter.notice())
    };
    // A millisecond passes before it goes down.
    assert_eq!(missed(30 * 60_000 - 1), (0, None));
    let (records, notice) = missed(30 * 60_000);
    assert_eq!(records, 1);
    assert!(matches!(notice, Some(Notice::PaymentsMayBeMissing { .. })), "{notice:?}");
}

#[test]
fn every_ten_minutes_the_journal_says_that_it_listens() {
    let mut counter = Counter::with(shop_with_a_code());
    let signs = |counter: &Counter| {
        let records = counter.world.disk.records().iter();
        records.filter(|record| matches!(record.fact, Fact::Listening { .. })).count()
    };
    counter.wait(599_999);
    assert_eq!(signs(&counter), 1);
    counter.wait(1);
    assert_eq!(signs(&counter), 2);
    counter.wait(3_600_000);
    assert_eq!(signs(&counter), 8);
}

#[test]
fn what_may_be_missing_stays_on_the_ready_screen_until_somebody_has_looked_at_the_code() {
    let mut counter = Counter::with(shop_with_a_code());
    counter.wait(1);
    counter.restart();
    counter.sleep(31 * 60_000);
    counter.restart();
    counter.wait(60_000);
    assert!(matches!(counter.notice(), Some(Notice::PaymentsMayBeMissing { .. })), "{:?}", counter.notice());
    counter.choose_shop_code();
    let Screen::ShopCode(code) = counter.cashier() else { panic!() };
    assert!(code.missed_since.is_some());
    counter.press("s");
    assert_eq!(counter.notice(), None);
}

#[test]
fn a_terminal_that_stands_idle_all_night_has_missed_nothing() {
    let mut counter = Counter::with(shop_with_a_code());
    counter.wait(10 * 3_600_000);
    counter.restart();
    counter.wait(1);
    assert_eq!(counter.notice(), None);
}

#[test]
fn the_static_code_is_in_the_menu_where_it_is_listened_for_and_else_the_menu_says_why() {
    let mut counter = Counter::with(shop_with_a_code());
    counter.device(Device::Printer, Health::Working);
    counter.choose_shop_code();
    assert_eq!(counter.screen(), "shop_code");
    assert_eq!(counter.customer(), &CustomerScreen::ShopCode(OrderCode(STATIC.into())));
    counter.press("e");
    assert_eq!(counter.world.signs.len(), 1);
    assert!(counter.world.papers.is_empty(), "a sign is no receipt");
    let (job, _) = counter.world.signs.remove(0);
    counter.happens(Event::PrintEnded { job, end: PrintEnd::Printed });
    counter.press("e");
    assert_eq!(counter.world.signs.len(), 1, "another one");
    counter.device(Device::Printer, Health::NoPaper);
    counter.press("e");
    assert_eq!((counter.screen(), counter.notice()), ("shop_code", Some(Notice::NothingToPrint)));
    counter.press("s");
    assert_eq!((counter.world.signs.len(), counter.screen()), (1, "amount"));

    let mut deaf = Counter::with(Settings { entry_code: EntryCode::Deaf, ..shop() });
    deaf.choose_shop_code();
    assert_eq!((deaf.screen(), deaf.notice()), ("menu", Some(Notice::NothingListens)));
}

#[test]
fn the_shops_own_code_is_not_taken_from_the_scanner() {
    let mut counter = Counter::with(shop_with_a_code());
    counter.press("12.5e");
    counter.scan(STATIC);
    assert_eq!(counter.notice(), Some(Notice::NotACode(NotACode::ShopCode)));
}
