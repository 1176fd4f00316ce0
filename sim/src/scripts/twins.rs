//! Two terminals begin with the same disk, and neither knows what the other does.

use super::{ENDED, GIVE_BACK, GIVEN, PLAIN, READY, Script};
use crate::fortune::{Luck, Wallet};
use crate::people::Step::{Pin, Press, Scan, Twin, Wait};

pub(super) const ALL: &[Script] = &[
    Script {
        name: "two terminals from one image sell at the same time",
        steps: &[READY, Twin, Wait(1_450), Press("12.5e"), Scan, ENDED, Wait(5_000)],
        twin: &[READY, Press("8e"), Scan, ENDED, Wait(5_000)],
        ..PLAIN
    },
    Script {
        name: "the second terminal cancels what was open in the image, and neither says paid",
        steps: &[READY, Press("12.5e"), Scan, Wait(1_000), Twin, ENDED, Wait(5_000)],
        twin: &[ENDED, Wait(5_000)],
        pay: &[Luck::Pending(0)],
        wallet: &[Wallet::Pays(2_500)],
        ..PLAIN
    },
    Script {
        name: "both terminals give back money of one payment, and it goes back once",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            Twin,
            Wait(500),
            GIVE_BACK,
            Press("e"),
            Pin,
            GIVEN,
            Wait(5_000),
        ],
        twin: &[Wait(3_000), GIVE_BACK, Press("5e"), Pin, Wait(30_000)],
        ..PLAIN
    },
];
