//! Money goes back.

use postern_heart::ask::{Reason, Unreachable};

use super::{ENDED, GIVE_BACK, GIVEN, PLAIN, READY, Script};
use crate::fortune::Luck;
use crate::people::Step::{Pin, Press, Scan, Wait};

pub(super) const ALL: &[Script] = &[
    Script {
        name: "all of a payment goes back on its day",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            GIVE_BACK,
            Press("e"),
            Pin,
            GIVEN,
            Wait(5_000),
        ],
        ..PLAIN
    },
    Script {
        name: "the cancellation that gives money back is refused and a refund follows",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            GIVE_BACK,
            Press("e"),
            Pin,
            GIVEN,
            Wait(5_000),
        ],
        cancel: &[Luck::LostThere, Luck::Declined(Reason::State)],
        ..PLAIN
    },
    Script {
        name: "two parts go back, and the answers of both are lost",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            GIVE_BACK,
            Press("5e"),
            Pin,
            GIVEN,
            Wait(5_000),
            GIVE_BACK,
            Press("e"),
            Pin,
            GIVEN,
            Wait(5_000),
        ],
        refund: &[Luck::LostBack, Luck::LostBack],
        ..PLAIN
    },
    Script {
        name: "a refund never arrives and leaves again, and what was late arrives after it",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            GIVE_BACK,
            Press("5e"),
            Pin,
            GIVEN,
            Wait(90_000),
        ],
        refund: &[Luck::Late(110_000), Luck::LostBack],
        ..PLAIN
    },
    Script {
        name: "a refund is processed for a while",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            GIVE_BACK,
            Press("5e"),
            Pin,
            GIVEN,
            Wait(60_000),
        ],
        refund: &[Luck::Pending(9_000)],
        ..PLAIN
    },
    Script {
        name: "a refund does not leave, and the next one is refused",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            ENDED,
            Wait(5_000),
            GIVE_BACK,
            Press("5e"),
            Pin,
            GIVEN,
            GIVE_BACK,
            Press("5e"),
            Pin,
            GIVEN,
            Wait(5_000),
        ],
        refund: &[Luck::NotSent(Unreachable::Connect), Luck::Fails],
        ..PLAIN
    },
];
