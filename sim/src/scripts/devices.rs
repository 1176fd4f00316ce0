//! A printer or a disk fails.

use postern_heart::event::{Health, PrintEnd};

use super::{ENDED, PLAIN, READY, Script};
use crate::fortune::Save;
use crate::people::Step::{Press, Printer, Scan, Wait};

pub(super) const ALL: &[Script] = &[
    Script {
        name: "the printer runs out of paper in the middle of a receipt",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            Printer(Health::NoPaper),
            Wait(2_000),
            Printer(Health::Working),
            Wait(2_000),
            Press("sm3"),
            Wait(5_000),
        ],
        print: &[PrintEnd::Interrupted],
        ..PLAIN
    },
    Script {
        name: "the printer was not ready and the receipt comes later",
        steps: &[
            READY,
            Printer(Health::CoverOpen),
            Press("12.5e"),
            Scan,
            ENDED,
            Printer(Health::Working),
            Wait(5_000),
        ],
        ..PLAIN
    },
    Script {
        name: "the save of the intent fails and the record is there",
        steps: &[READY, Press("12.5e"), Scan, Wait(30_000), ENDED, Wait(5_000)],
        save: &[Save::Good, Save::FailsThere],
        ..PLAIN
    },
    Script {
        name: "the save of paid fails and the record is not there",
        steps: &[READY, Press("12.5e"), Scan, Wait(30_000), ENDED, Wait(5_000)],
        save: &[Save::Good, Save::Good, Save::FailsNotThere],
        ..PLAIN
    },
];
