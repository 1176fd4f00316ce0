//! The day's comparison, in all its ends.

use postern_heart::day::{Against, Compared, Counts, Day, Difference, Took};
use postern_heart::ids::{OrderId, Target, UqOrderId};
use postern_heart::screen::{DayClose, DayCloseScreen, Screen};

use super::{hkd, id};

pub(super) fn screens() -> Vec<(&'static str, Screen)> {
    let screen = |state, unsettled| Screen::DayClose(DayCloseScreen { state, unsettled });
    let open = Counts { agree: 118, open: 1, ..Counts::default() };
    let unasked = Counts { agree: 18, unknown: 102, ..Counts::default() };
    let differs = Counts { agree: 116, differ: 4, ..Counts::default() };
    vec![
        ("day-comparing", screen(DayClose::Comparing, 0)),
        ("day-agrees", screen(compared(Counts { agree: 120, ..Counts::default() }, vec![]), 0)),
        ("day-differs", screen(compared(differs, differences()), 2)),
        ("day-not-settled", screen(compared(open, vec![]), 1)),
        ("day-not-asked", screen(compared(unasked, vec![]), 0)),
        ("day-not-compared", screen(DayClose::NotCompared, 0)),
    ]
}

fn compared(counts: Counts, differences: Vec<Difference>) -> DayClose {
    let took = Took { payments: 117, paid: hkd(1_234_567_890), back: hkd(12_850) };
    DayClose::Compared(Compared {
        day: Day("2026-03-01".into()),
        statement: false,
        took,
        counts,
        differences,
    })
}

fn differences() -> Vec<Difference> {
    let (against, amount) = (Against::Answer, Some(hkd(12_850)));
    let theirs = Target::Theirs(UqOrderId("UQ20260301140533000178231".into()));
    let other = Target::Ours(OrderId::parse("HK01-00005A-XD2M97KQ").unwrap());
    vec![
        Difference { payment: Target::Ours(id()), against, ours: amount, theirs: Some(hkd(10_000)) },
        Difference { payment: theirs, against, ours: None, theirs: amount },
        Difference { payment: other, against, ours: amount, theirs: None },
    ]
}
