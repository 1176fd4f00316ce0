//! A day compared with the acquirer: what the heart makes of what a comparison found.

use postern_heart::day::{Asker, Compared, ComparisonNo, Counts, Day, Took};
use postern_heart::event::Event;
use postern_heart::money::{Amount, Currency};
use postern_heart::record::Fact;

use crate::help::*;

fn compared(counts: Counts) -> Compared {
    let none = Amount::new(0, Currency::HKD);
    let took = Took { payments: 0, paid: none, back: none };
    Compared { day: Day("2026-03-01".to_owned()), statement: false, took, counts, differences: vec![] }
}

fn by_command(counts: Counts) -> Event {
    Event::Compared { asker: Asker::Command(ComparisonNo(7)), compared: Some(compared(counts)) }
}

#[test]
fn a_commands_comparison_is_on_disk_before_the_command_is_told() {
    let mut counter = Counter::new();
    counter.world.log.clear();
    counter.happens(by_command(Counts { agree: 1, ..Counts::default() }));
    assert_eq!(counter.world.log, ["save Compared", "recorded 7"]);
    let last = counter.world.disk.records().last().unwrap();
    assert!(matches!(&last.fact, Fact::Compared(compared) if compared.counts.agree == 1), "{last:?}");
}

#[test]
fn what_could_not_be_saved_is_not_called_recorded() {
    let mut counter = Counter::new();
    counter.world.fail_next_save = Some(SaveFault::NotThere);
    counter.world.log.clear();
    counter.happens(by_command(Counts::default()));
    assert!(!counter.world.log.iter().any(|line| line.starts_with("recorded")), "{:?}", counter.world.log);
}
