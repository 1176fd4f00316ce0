//! The journal.

use postern_heart::event::{Device, Event, Health, JournalFault};
use postern_heart::screen::{Cause, Screen, Standing};

use crate::help::*;

#[test]
fn a_payment_whose_intent_can_not_be_saved_is_not_sent() {
    for fault in [SaveFault::There, SaveFault::NotThere] {
        let mut counter = Counter::new();
        counter.press("8e");
        counter.world.fail_next_save = Some(fault);
        counter.scan_fresh();
        assert_eq!(counter.count("PAY"), 0);
        assert_eq!(counter.screen(), "out_of_service");
        counter.press("e");
        counter.scan_fresh();
        assert_eq!(counter.count("PAY"), 0);
        counter.wait(5_000);
        match fault {
            SaveFault::NotThere => assert_eq!(counter.screen(), "amount"),
            SaveFault::There => {
                assert_eq!(counter.screen(), "unknown");
                counter.wait(0);
                counter.answer_detail(absent());
                assert!(counter.is_outstanding("CANCEL"));
            }
        }
        assert_eq!(counter.count("PAY"), 0);
    }
}

#[test]
fn a_paid_that_can_not_be_saved_calls_the_manager() {
    for slips in [postern_heart::settings::Slips::Every, postern_heart::settings::Slips::Never] {
        let mut settings = shop();
        settings.slips = slips;
        let mut counter = Counter::with(settings);
        let id = counter.pay_by_code("12.5");
        counter.world.fail_next_save = Some(SaveFault::NotThere);
        counter.world.fail_reads = 2;
        counter.answer("PAY", success());
        let Screen::OutOfService(out) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
        assert_eq!((out.cause, out.paid_not_recorded), (Cause::DiskFull, Some((id, hkd(1250)))), "{slips:?}");
        counter.wait(10_000);
        let Screen::OutOfService(out) = counter.cashier() else { panic!("{:?}", counter.cashier()) };
        assert_eq!(out.paid_not_recorded, Some((id, hkd(1250))));
        counter.wait(5_000);
        assert_eq!(counter.screen(), "unknown");
        counter.answer_detail(success());
        assert_eq!(counter.screen(), "paid");
    }
}

#[test]
fn a_save_that_failed_and_is_there_is_believed_after_the_journal_was_read() {
    let mut counter = Counter::new();
    let id = counter.pay_by_code("12.5");
    counter.world.fail_next_save = Some(SaveFault::There);
    counter.answer("PAY", success());
    assert_eq!(counter.screen(), "out_of_service");
    counter.wait(5_000);
    assert_eq!(counter.facts(id).standing(), Standing::Paid);
    assert!(counter.nothing_asked());
}

/// A receipt that waited for paper is printed once, and its printing is a record: it waits for the journal, too.
#[test]
fn no_paper_is_begun_while_the_journal_can_not_be_written() {
    let mut counter = Counter::with_printer();
    counter.device(Device::Printer, Health::NoPaper);
    counter.pay_by_code("12.5");
    counter.answer("PAY", success());
    counter.press("e8e");
    counter.world.fail_next_save = Some(SaveFault::NotThere);
    counter.world.fail_reads = 2;
    counter.scan_fresh();
    assert_eq!(counter.screen(), "out_of_service");
    let saved = counter.world.disk.records().len();
    counter.device(Device::Printer, Health::Working);
    assert_eq!((counter.world.disk.records().len(), counter.world.papers.len()), (saved, 0));
    counter.wait(20_000);
    assert_eq!(counter.world.papers.len(), 1, "{}", counter.story());
}

#[test]
fn a_damaged_journal_is_out_of_service_for_good() {
    let mut counter = Counter::new();
    let fault = JournalFault { cause: Cause::JournalDamaged, detail: "record 7".into() };
    counter.happens(Event::JournalRead(Err(fault)));
    assert_eq!(counter.screen(), "out_of_service");
    counter.wait(3_600_000);
    assert_eq!(counter.screen(), "out_of_service");
}
