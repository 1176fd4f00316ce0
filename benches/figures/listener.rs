//! Notifications of payments by the static code, as fast as they are answered, while a hundred connections to the
//! listener are slow or dead: how many a second, what they cost in memory, and whether the counter still sells.
//!
//! Each notification is a record of its own, durable before it is answered; those that wait at the same time may share a
//! commit. The floor is how many commits a second the same disk takes, each of as many rows as notifications can wait at the
//! same time: commits are counted, not rows.

use std::path::Path;
use std::time::Duration;

use postern::bench::acquirer::Acquirer;
use postern::journal::{JournalFile, Lock};
use postern::ports::Journal;
use postern_heart::event::Search;

use crate::counter::{Counter, Files};
use crate::floor::Floor;
use crate::post::{Post, uq_id};
use crate::relay::Relay;
use crate::table::{Bound, Figure, quantile};
use crate::{Fault, MIB, PAUSE, make, time};

/// Notifications whose answers are awaited at the same time: the acquirer's connections.
const AT_ONCE: usize = 8;
/// Notifications that are measured, and those before, which fill caches.
const LETTERS: u64 = 2_000;
const FIRST_LETTERS: u64 = 200;
/// Connections that bring nothing, half of them a byte a second.
const STRANGERS: usize = 100;
const SALES: u32 = 25;
/// Commits of the floor, before and after, of as many rows as notifications can wait at the same time.
const COMMITS: u32 = 500;

/// Measures the listener of a counter that has no printer: what is left to do for a notification is its record.
pub(crate) fn measure(
    program: &Path,
    files: &Files,
    fresh: &Path,
    floor: &mut Floor,
    acquirer: &Acquirer,
    relay: &Relay,
) -> Result<[Figure; 3], Fault> {
    let data = make(&fresh.join("listener"))?;
    let (mut counter, listens) = Counter::start_listening(program, files, &data)?;
    let post = Post::open(listens, files, acquirer)?;
    post.send(Some(FIRST_LETTERS), AT_ONCE).wait()?;
    relay.hold(PAUSE);
    let alone = sales(&mut counter, acquirer)?;
    let before = counter.resident()?;
    post.let_in(STRANGERS);
    time::pause(4 * PAUSE);

    let mut commits = floor.groups(COMMITS, AT_ONCE)?;
    let since = time::now();
    post.send(Some(LETTERS), AT_ONCE).wait()?;
    let took = since.elapsed();
    commits += floor.groups(COMMITS, AT_ONCE)?;
    let after = counter.resident()?;

    let more = post.send(None, AT_ONCE);
    let beside = sales(&mut counter, acquirer)?;
    let most = after.max(counter.resident()?);
    more.stop()?;
    relay.hold(Duration::ZERO);
    drop(counter);
    none_is_lost(&data, post.told())?;
    Ok([
        Figure {
            name: "notifications (floor: commits of 8 rows)",
            ours: LETTERS as f64 / took.as_secs_f64(),
            floor: Some(f64::from(2 * COMMITS) / commits.as_secs_f64()),
            unit: "/s",
            bound: Bound::RatioAtLeast(0.5),
        },
        Figure {
            name: "sale beside notifications (floor: without)",
            ours: quantile(&beside, 0.5),
            floor: Some(quantile(&alone, 0.5)),
            unit: "ms",
            bound: Bound::Ratio(1.2),
        },
        Figure {
            name: "memory for notifications and 100 strangers",
            ours: most.saturating_sub(before) as f64 / MIB,
            floor: None,
            unit: "MiB",
            bound: Bound::Below(4.0),
        },
    ])
}

fn sales(counter: &mut Counter, acquirer: &Acquirer) -> Result<Vec<Duration>, Fault> {
    (0..SALES).map(|number| Ok(counter.sell_whole(10 + number, acquirer)?)).collect()
}

/// Every payment that was told and taken is in the journal.
fn none_is_lost(data: &Path, told: u64) -> Result<(), Fault> {
    let mut journal = JournalFile::new(Lock::take(data)?);
    journal.read().map_err(|fault| fault.detail)?;
    for number in 0..told {
        let found = journal.find(&Search(uq_id(number))).map_err(|fault| fault.detail)?;
        if found.is_empty() {
            return Err(format!("{} was taken and is not in the journal", uq_id(number)).into());
        }
    }
    Ok(())
}
