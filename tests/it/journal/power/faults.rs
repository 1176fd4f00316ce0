//! A disk that refuses, at every write or sync of a start and a sale: the terminal stops, says why, and loses nothing.

use postern_heart::screen::Cause;

use super::disk::Fate;
use super::recorder::Fault;
use super::story::{Terminal, sale};
use super::{check, in_memory};

/// Lets a terminal start and sell on a disk that takes no write after some; says whether there was one to refuse.
fn refused(fault: Fault, cause: Cause) -> bool {
    let mut terminal = Terminal::new(sale(1));
    terminal.disk().fails(Some(fault));
    let Err(told) = terminal.starts().and_then(|()| terminal.saves()) else { return false };
    assert_eq!(told.cause, cause, "{fault:?}: {}", told.detail);
    let told = terminal.starts().expect_err("nothing is sold while nothing can be saved");
    assert_eq!(told.cause, cause, "{fault:?}, again: {}", told.detail);

    terminal.disk().fails(None);
    terminal.starts().and_then(|()| terminal.saves()).unwrap();
    // A start after that finds the whole sale.
    terminal.starts().unwrap();
    true
}

#[test]
fn a_disk_that_is_full_at_any_write_loses_nothing_and_there_is_no_sale_until_there_is_room() {
    in_memory(
        "faults::a_disk_that_is_full_at_any_write_loses_nothing_and_there_is_no_sale_until_there_is_room",
        || {
            let writes = (0..).take_while(|write| refused(Fault::Full(*write), Cause::DiskFull)).count();
            assert!(writes > 400, "only {writes} writes were refused");
        },
    );
}

#[test]
fn a_disk_that_turns_read_only_at_any_write_loses_nothing_and_there_is_no_sale_until_it_is_mended() {
    in_memory(
        "faults::a_disk_that_turns_read_only_at_any_write_loses_nothing_and_there_is_no_sale_until_it_is_mended",
        || {
            let writes =
                (0..).take_while(|write| refused(Fault::ReadOnly(*write), Cause::JournalBroken)).count();
            assert!(writes > 400, "only {writes} writes were refused");
        },
    );
}

/// Lets one sync of a terminal fail, and cuts the power at each moment after that; says whether there was one to fail.
fn failed(sync: usize) -> bool {
    let mut terminal = Terminal::new(sale(1));
    terminal.disk().fails(Some(Fault::FailedSync(sync)));
    let Err(told) = terminal.starts().and_then(|()| terminal.saves()) else { return false };
    assert_eq!(told.cause, Cause::JournalBroken, "sync {sync}: {}", told.detail);
    terminal.starts().and_then(|()| terminal.saves()).unwrap();

    let story = terminal.ends();
    story.tell(|step, disk, moment| {
        if moment.steps == step + 1 {
            let left = disk.left(&vec![Fate::Lost; disk.pending().len()]);
            let found = check(&left, moment, &story.records);
            found.unwrap_or_else(|wrong| panic!("sync {sync} failed, cut after step {step}: {wrong}"));
        }
    });
    true
}

/// What a failed sync should have written may never be written, and the next sync says "done" all the same.
#[test]
fn what_is_saved_after_a_failed_sync_outlives_a_power_cut() {
    in_memory("faults::what_is_saved_after_a_failed_sync_outlives_a_power_cut", || {
        let syncs = (0..).take_while(|sync| failed(*sync)).count();
        assert!(syncs > 10, "only {syncs} syncs failed");
    });
}
