//! An old copy of the disk is put back: what the terminal forgot can't hurt what it still knows.

use postern_heart::ask::Reason;

use super::{ENDED, GIVE_BACK, GIVEN, PLAIN, READY, Script};
use crate::fortune::{Luck, Wallet};
use crate::people::Step::{Copy, Pin, PowerCut, Press, Scan, Wait};

pub(super) const ALL: &[Script] = &[
    Script {
        name: "a sale is forgotten and the next one counts from the same number",
        steps: &[
            READY,
            Copy,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            PowerCut,
            Wait(40_000),
            Press("8e"),
            Scan,
            ENDED,
            Wait(5_000),
        ],
        ..PLAIN
    },
    Script {
        name: "the disk is copied while a customer pays, and the end is forgotten",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            Wait(2_000),
            Copy,
            ENDED,
            Wait(5_000),
            PowerCut,
            Wait(40_000),
            ENDED,
            Wait(5_000),
        ],
        pay: &[Luck::Pending(0)],
        wallet: &[Wallet::Pays(9_000)],
        ..PLAIN
    },
    Script {
        name: "a refusal and the next attempt are forgotten, and the attempt was paid",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            Copy,
            ENDED,
            Press("e"),
            Wait(2_000),
            Scan,
            ENDED,
            Wait(5_000),
            PowerCut,
            Wait(40_000),
            ENDED,
            Wait(5_000),
        ],
        pay: &[Luck::Declined(Reason::Balance)],
        ..PLAIN
    },
    Script {
        name: "a part that went back is forgotten, and no second one leaves",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            Copy,
            GIVE_BACK,
            Press("5e"),
            Pin,
            GIVEN,
            Wait(5_000),
            PowerCut,
            Wait(40_000),
            GIVE_BACK,
            Press("e"),
            Pin,
            Wait(30_000),
        ],
        ..PLAIN
    },
    Script {
        name: "a link is forgotten, and its customer pays",
        steps: &[READY, Copy, Press("12.5e2"), Wait(8_000), PowerCut, Wait(1_800_000)],
        wallet: &[Wallet::Pays(5_000)],
        ..PLAIN
    },
];
