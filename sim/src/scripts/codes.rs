//! The customer scans a code: on the display, on a slip, as a link.

use postern_heart::event::PrintEnd;

use super::{ENDED, PLAIN, READY, SCANNED, Script};
use crate::fortune::{Luck, Wallet};
use crate::people::Step::{Await, Press, Scan, ScanAgain, Wait};

pub(super) const ALL: &[Script] = &[
    Script {
        name: "an order code is scanned and paid",
        steps: &[READY, Press("12.5q"), ENDED, Wait(5_000)],
        ..PLAIN
    },
    Script {
        name: "an order code is shown and nobody scans it",
        steps: &[READY, Press("12.5q"), Wait(3_000), Press("s"), ENDED, Wait(5_000)],
        wallet: &[Wallet::Leaves],
        ..PLAIN
    },
    Script {
        name: "an order code is paid while it is cancelled",
        steps: &[
            READY,
            Press("12.5q"),
            Await(&["collecting"]),
            Wait(21_000),
            Press("s"),
            ENDED,
            Wait(20_000),
        ],
        wallet: &[Wallet::Pays(21_000)],
        cancel: &[Luck::LostThere],
        ..PLAIN
    },
    Script {
        name: "no order code can be made and the customer is scanned instead",
        steps: &[READY, Press("12.5q"), Wait(3_000), Scan, ENDED, Wait(5_000)],
        pay: &[Luck::NoCode],
        ..PLAIN
    },
    Script {
        name: "a code is scanned while the order code is shown",
        steps: &[READY, Press("12.5q"), Wait(3_000), Scan, ScanAgain, ENDED, Wait(5_000)],
        wallet: &[Wallet::Leaves],
        ..PLAIN
    },
    Script {
        name: "a code is scanned while the order code is still being made",
        steps: &[READY, Press("12.5q"), Scan, ENDED, Wait(5_000)],
        pay: &[Luck::Slow(6_000)],
        ..PLAIN
    },
    Script {
        name: "a scan waits too long for the order to be cancelled",
        steps: &[READY, Press("12.5q"), Wait(3_000), Scan, ENDED, Wait(5_000)],
        wallet: &[Wallet::Leaves],
        cancel: &[Luck::LostThere, Luck::LostThere],
        ..PLAIN
    },
    Script {
        name: "an order near midnight can not be cancelled any more",
        steps: &[READY, Press("12.5q"), Wait(60_000), Press("s"), ENDED, Wait(60_000)],
        wallet: &[Wallet::Pays(70_000)],
        begins_ms: 43_199_000 - 30_000,
        ..PLAIN
    },
    Script {
        name: "a link is taken along and paid later",
        steps: &[READY, Press("12.5e2"), Wait(1_000), Press("m"), Wait(60_000)],
        wallet: &[Wallet::Pays(5_000)],
        ..PLAIN
    },
    Script {
        name: "a link is cancelled from the list while its customer pays",
        steps: &[READY, Press("12.5e2"), SCANNED, Press("m"), Wait(1_000), Press("des"), ENDED, Wait(5_000)],
        wallet: &[Wallet::Pays(2_500)],
        detail: &[Luck::Stale(5_000); 5],
        cancel: &[Luck::LostThere],
        ..PLAIN
    },
    Script {
        name: "a printed code is never scanned and its time is over",
        steps: &[READY, Press("12.5e1"), Wait(5_000), Press("m"), Wait(700_000)],
        wallet: &[Wallet::Leaves, Wallet::Leaves],
        ..PLAIN
    },
    Script {
        name: "a code on the display is cancelled for one on paper",
        steps: &[READY, Press("12.5q"), Wait(3_000), Press("1"), Wait(5_000), Press("m"), Wait(60_000)],
        wallet: &[Wallet::Leaves, Wallet::Pays(5_000)],
        ..PLAIN
    },
    Script {
        name: "half a slip comes out, a second one is printed, and the link is cancelled",
        steps: &[
            READY,
            Press("12.5e2"),
            Wait(6_000),
            Press("1"),
            Wait(6_000),
            Press("s"),
            ENDED,
            Wait(8_000),
        ],
        wallet: &[Wallet::Leaves, Wallet::Leaves, Wallet::Leaves],
        print: &[PrintEnd::Interrupted],
        ..PLAIN
    },
    Script {
        name: "a link whose pay is lost makes no code and its customer is scanned",
        steps: &[READY, Press("12.5e2"), Wait(9_000), Scan, ENDED, Wait(5_000)],
        pay: &[Luck::LostBack],
        ..PLAIN
    },
];
