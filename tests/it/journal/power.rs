//! The power cut at every write of a sale: what was saved is there, and nothing else is.
//!
//! A kill proves nothing about a sync, because the system's cache outlives the program. So every write is noted while a
//! terminal works (`recorder`, `story`), and for each of them it is worked out what a cut right after it may leave on a
//! disk (`disk`). The journal is then opened on that, as a terminal does when the power is back. `faults` is about disks
//! that refuse instead.

mod disk;
mod faults;
mod recorder;
mod story;

use std::collections::BTreeSet;
use std::ops::Range;

use postern::journal::Outcome;
use postern::ports::Journal;
use postern_heart::record::Record;

use super::command;
use super::support::{on_a_disk, received, started};
use disk::{Disk, Fate, Files, fates, told};
use recorder::Step;
use story::{Moment, Saved, Story, Terminal, day, put, sale};

/// Opens what a cut left, as a terminal does; says what is wrong with it.
fn check(left: &Files, moment: &Moment, records: &[Saved]) -> Result<(), String> {
    let data = put(left, moment);
    let mut journal = data.journal();
    let opened = journal.read().map_err(|fault| fault.detail)?;
    let count = opened.recent.len();
    if ![moment.saved, moment.ordered].contains(&count) {
        return Err(format!("{} were saved, {} ordered, {count} are there", moment.saved, moment.ordered));
    }
    let there = &records[..count];
    if !there.iter().map(|(record, _)| record).eq(&opened.recent) {
        return Err("the records are not those that were saved".to_owned());
    }
    if open(there) != opened.open {
        return Err("the open transactions are not those that are open".to_owned());
    }
    journal.save(&started(), false).map_err(|fault| fault.detail)?;
    match command::journal(&data, "verify") {
        (Ok(Outcome::Good), _) => Ok(()),
        (result, said) => Err(format!("{result:?}: {said}")),
    }
}

/// The records of the transactions that are open after these.
fn open(records: &[Saved]) -> Vec<Record> {
    let is_open = |id| records.iter().rev().find(|(record, _)| record.transaction == id).unwrap().1;
    let open = records.iter().filter(|(record, _)| is_open(record.transaction));
    open.map(|(record, _)| record.clone()).collect()
}

/// Cuts the power after each of these steps, in every way; says how many different disks that left. Two threads share
/// the work.
fn cut(story: &Story, at: impl Fn(usize) -> bool + Sync) -> usize {
    let share = |number: usize| {
        let mut tried = BTreeSet::new();
        story.tell(|step, disk, moment| {
            let ways = if at(step) { fates(disk.pending(), step as u64) } else { Vec::new() };
            for fates in ways {
                if tried.insert((disk.leaves(&fates), moment.known())) && tried.len() % 2 == number {
                    let found = check(&disk.left(&fates), moment, &story.records);
                    found.unwrap_or_else(|wrong| panic!("cut after step {step}, {}: {wrong}", told(&fates)));
                }
            }
        });
        tried.len()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| share(1));
        share(0).max(other.join().unwrap())
    })
}

/// A new terminal, a day, and a sale in the middle of which the log is moved into the file.
fn one_day() -> Story {
    let mut terminal = Terminal::new([day(), sale(8)].concat());
    terminal.starts().and_then(|()| terminal.saves()).unwrap();
    terminal.ends()
}

/// Where the steps are of what comes before the sale: they are like those of the sale.
fn before_the_sale(story: &Story) -> Range<usize> {
    let opened = story.moments.iter().find(|moment| moment.ordered == 1).unwrap();
    opened.steps..story.saved(day().len()).steps
}

/// Runs a test on a disk in memory: thousands of journals are opened, and there a sync costs nothing.
fn in_memory(name: &str, test: impl FnOnce()) {
    on_a_disk("64m", &format!("journal::power::{name}"), |_| test());
}

#[test]
fn what_was_saved_outlives_a_power_cut_at_every_write_of_a_sale() {
    in_memory("what_was_saved_outlives_a_power_cut_at_every_write_of_a_sale", || {
        let story = one_day();
        let before = before_the_sale(&story);
        let disks = cut(&story, |step| !before.contains(&step));
        assert!(disks > 2_000, "only {disks} different disks were tried");
    });
}

#[test]
fn records_that_share_a_commit_are_all_there_after_a_power_cut_or_none_is() {
    in_memory("records_that_share_a_commit_are_all_there_after_a_power_cut_or_none_is", || {
        let day = day();
        let three_payments = (20..23).map(|number| (received(number), false));
        let mut terminal = Terminal::new(day.iter().cloned().chain(three_payments).collect());
        terminal.starts().and_then(|()| terminal.saves_until(day.len())).unwrap();
        terminal.saves_together().unwrap();
        let story = terminal.ends();
        let before = story.saved(day.len()).steps;
        let disks = cut(&story, |step| step >= before);
        assert!(disks > 300, "only {disks} different disks were tried");
    });
}

/// The power comes back in the middle of printing, and goes away again at every write of the start after that.
#[test]
fn what_was_saved_outlives_a_second_power_cut_while_the_first_is_mended() {
    in_memory("what_was_saved_outlives_a_second_power_cut_while_the_first_is_mended", || {
        let story = one_day();
        // All of the record `printing` but its last page, which makes it one.
        let cut_at = story.saved(day().len() + 4).steps - 2;
        let mut left = None;
        story.tell(|step, disk, moment| {
            if step == cut_at {
                let mut fates = vec![Fate::Kept; disk.pending().len()];
                fates.splice(fates.len() - 1.., [Fate::Lost]);
                left = Some((disk.left(&fates), moment.clone()));
            }
        });
        let (left, moment) = left.unwrap();
        let mut terminal = Terminal::after(&left, &moment, story.records);
        terminal.starts().and_then(|()| terminal.saves()).unwrap();
        let disks = cut(&terminal.ends(), |_| true);
        assert!(disks > 2_000, "only {disks} different disks were tried");
    });
}

#[test]
fn what_is_noted_is_all_that_happens_to_the_files() {
    in_memory("what_is_noted_is_all_that_happens_to_the_files", || {
        let story = one_day();
        let mut left = Files::new();
        story.tell(|_, disk, _| left = disk.left(&vec![Fate::Kept; disk.pending().len()]));
        assert_eq!(left.keys().collect::<Vec<_>>(), story.end.keys().collect::<Vec<_>>());
        assert!(left == story.end);
    });
}

/// The proof can fail: a disk that leaves out the one sync of a save, and goes on to do what it says, loses the record.
#[test]
fn without_the_sync_of_its_save_each_record_is_lost_and_the_start_says_so() {
    in_memory("without_the_sync_of_its_save_each_record_is_lost_and_the_start_says_so", || {
        let story = one_day();
        for number in 1..=story.records.len() {
            let returned = story.saved(number);
            let [before @ .., Step::Synced { .. }] = &story.steps[..returned.steps] else {
                panic!("record {number} was not synced last of all");
            };
            let mut disk = Disk::default();
            before.iter().for_each(|step| disk.take(step));
            let left = disk.left(&vec![Fate::Lost; disk.pending().len()]);

            let found = check(&left, returned, &story.records).unwrap_err();
            assert_eq!(found, format!("{number} were saved, {number} ordered, {} are there", number - 1));
            // Once the mark is written, too, the terminal itself knows.
            let marked = story.moments.iter().rfind(|moment| moment.saved == number).unwrap();
            let said = check(&left, marked, &story.records).unwrap_err();
            assert!(said.contains(&format!("record {number}: it was written once and is lost")), "{said}");
        }
    });
}

/// As with SQLite's `synchronous=OFF`.
#[test]
fn without_any_sync_everything_is_lost_and_the_start_says_so() {
    in_memory("without_any_sync_everything_is_lost_and_the_start_says_so", || {
        let mut story = one_day();
        story.steps.retain(|step| !matches!(step, Step::Synced { .. } | Step::SyncedDirectory));
        let mut disk = Disk::default();
        story.steps.iter().for_each(|step| disk.take(step));
        let left = disk.left(&vec![Fate::Lost; disk.pending().len()]);
        let said = check(&left, story.moments.last().unwrap(), &story.records).unwrap_err();
        assert!(said.contains(&format!("record {}: it was written once", story.records.len())), "{said}");
    });
}
