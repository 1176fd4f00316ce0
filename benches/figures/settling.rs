//! The morning after a day without network: 500 open payments are asked about while the counter sells.

use std::path::Path;
use std::time::Duration;

use postern::bench::acquirer::Acquirer;
use postern::journal::{JournalFile, Lock};
use postern::ports::Journal;
use postern_heart::ask::{Product, Silence};
use postern_heart::ids::{OrderId, TerminalId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::record::{Asked, Fact, Paper, Record, WhyUnsettled};

use crate::counter::{Counter, Files};
use crate::relay::Relay;
use crate::table::{Bound, Figure, quantile};
use crate::{Fault, PAUSE, make, time};

/// Payments that have no end yet.
const OPEN: u64 = 500;
/// The sales of one start; the counters with and without open payments take turns.
const SALES: u32 = 20;
const TURNS: u32 = 3;

/// Sells with and without them, in turn: how long a sale takes, and how often the acquirer is asked about them.
pub(crate) fn measure(
    program: &Path,
    files: &Files,
    fresh: &Path,
    acquirer: &Acquirer,
    relay: &Relay,
) -> Result<[Figure; 2], Fault> {
    let (alone, burdened) = (make(&fresh.join("alone"))?, make(&fresh.join("burdened"))?);
    open_payments(&burdened)?;
    relay.hold(PAUSE);
    let (mut without, mut with, mut rates, mut asked) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..TURNS {
        without.extend(sales(&mut Counter::start(program, files, &alone)?, acquirer)?);
        let mut counter = Counter::start(program, files, &burdened)?;
        let at_start = questions(acquirer);
        // The first round of questions is due some seconds after the start.
        while questions(acquirer) == at_start {
            time::pause(PAUSE);
        }
        let (before, since) = (questions(acquirer), time::now());
        with.extend(sales(&mut counter, acquirer)?);
        let questions = questions(acquirer) - before;
        // Between so many questions there is one pause less.
        rates.push(questions.saturating_sub(1) as f64 / since.elapsed().as_secs_f64());
        asked += questions;
    }
    relay.hold(Duration::ZERO);
    if asked == 0 || asked >= OPEN {
        return Err(format!("{asked} questions about {OPEN} open payments").into());
    }
    let rate = rates.into_iter().fold(0.0, f64::max);
    Ok([
        Figure {
            name: "sale beside 500 open payments (floor: alone)",
            ours: quantile(&with, 0.5),
            floor: Some(quantile(&without, 0.5)),
            unit: "ms",
            bound: Bound::Ratio(1.2),
        },
        Figure {
            name: "questions about them",
            ours: rate,
            floor: None,
            unit: "/s",
            bound: Bound::Below(5.01),
        },
    ])
}

fn sales(counter: &mut Counter, acquirer: &Acquirer) -> Result<Vec<Duration>, Fault> {
    (0..SALES).map(|number| Ok(counter.sell_whole(10 + number, acquirer)?)).collect()
}

/// Requests about payments that the acquirer does not know, as it knows none of those of the day before.
fn questions(acquirer: &Acquirer) -> u64 {
    acquirer.orders()["otherCalls"].as_array().map_or(0, Vec::len) as u64
}

/// Fills an empty journal with payments of which nobody knows how they ended.
fn open_payments(data: &Path) -> Result<(), Fault> {
    const DAY_MS: i64 = 86_400_000;
    let terminal = TerminalId::parse("HK01").ok_or("the terminal's id is none")?;
    let yesterday = Wall(i64::try_from(time::wall().as_millis())? - DAY_MS);
    let mut journal = JournalFile::new(Lock::take(data)?);
    journal.read().map_err(|fault| fault.detail)?;
    for number in 0..OPEN {
        let id = OrderId::make(terminal, 1 + 4 * number, number);
        let asked = Asked {
            product: Product::PaymentCode,
            amount: Amount::new(100 + number, Currency::HKD),
            code: None,
            sale: id,
            attempt: 1,
            expire_at: yesterday.after(70_000),
            cut_off: yesterday.after(3_600_000),
            beside: None,
        };
        let why = WhyUnsettled::NoAnswer(Some(Silence::TimeOut));
        let paper = Paper::Unsettled;
        let story = [
            Fact::Asked(asked),
            Fact::Unsettled { why },
            Fact::Printing { paper, duplicate: false },
            Fact::Printed { paper, confirmed: true },
        ];
        for fact in story {
            let record = Record { transaction: Some(id), at: Some(yesterday), fact };
            journal.save(&record, true).map_err(|fault| fault.detail)?;
        }
    }
    Ok(())
}
