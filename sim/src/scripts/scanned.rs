//! The customer's code is scanned.

use postern_heart::ask::{Reason, Silence, Unreachable};

use super::{ENDED, HABITS, PLAIN, READY, Script};
use crate::book::Habits;
use crate::fortune::{Luck, Wallet};
use crate::people::Step::{Await, Pin, Press, Scan, Wait};

pub(super) const ALL: &[Script] = &[
    Script {
        name: "a scanned code is paid at once",
        steps: &[READY, Press("12.5e"), Scan, ENDED, Wait(5_000)],
        ..PLAIN
    },
    Script {
        name: "a scanned code is refused and the next one paid",
        steps: &[READY, Press("12.5e"), Scan, ENDED, Press("e"), Wait(2_000), Scan, ENDED, Wait(5_000)],
        pay: &[Luck::Declined(Reason::Balance)],
        ..PLAIN
    },
    Script {
        name: "a scanned code waits for the password and is paid",
        steps: &[READY, Press("12.5e"), Scan, ENDED, Wait(5_000)],
        pay: &[Luck::Pending(0)],
        wallet: &[Wallet::Pays(9_000)],
        ..PLAIN
    },
    Script {
        name: "a scanned code is never confirmed and its time is over",
        steps: &[READY, Press("12.5e"), Scan, ENDED, Wait(5_000)],
        pay: &[Luck::Pending(0)],
        wallet: &[Wallet::Leaves],
        ..PLAIN
    },
    Script {
        name: "the answer of the pay is lost and a question finds it paid",
        steps: &[READY, Press("12.5e"), Scan, ENDED, Wait(5_000)],
        pay: &[Luck::LostBack],
        ..PLAIN
    },
    Script {
        name: "the pay is lost and everything after it, too",
        steps: &[READY, Press("12.5e"), Scan, Wait(7_000), Press("s"), ENDED, Wait(60_000)],
        pay: &[Luck::LostThere],
        detail: &[Luck::LostThere; 4],
        cancel: &[Luck::LostThere; 5],
        ..PLAIN
    },
    Script {
        name: "the pay arrives after its cancellation was confirmed",
        steps: &[READY, Press("12.5e"), Scan, Wait(3_000), Press("s"), ENDED, Wait(60_000)],
        pay: &[Luck::Late(30_000)],
        ..PLAIN
    },
    Script {
        name: "the pay arrives after a cancellation that the acquirer remembers",
        steps: &[READY, Press("12.5e"), Scan, Wait(3_000), Press("s"), ENDED, Wait(60_000)],
        pay: &[Luck::Late(30_000)],
        habits: Habits { remembers_unknown: true, ..HABITS },
        ..PLAIN
    },
    Script {
        name: "the pay arrives after a cancellation of what did not exist",
        steps: &[READY, Press("12.5e"), Scan, Wait(3_000), Press("s"), ENDED, Wait(60_000)],
        pay: &[Luck::Late(30_000)],
        habits: Habits { confirms_unknown: false, ..HABITS },
        ..PLAIN
    },
    Script {
        name: "no connection",
        steps: &[READY, Press("12.5e"), Scan, ENDED, Press("e"), Wait(2_000), Scan, ENDED, Wait(5_000)],
        pay: &[Luck::NotSent(Unreachable::Connect)],
        ..PLAIN
    },
    Script {
        name: "stop while the customer confirms",
        steps: &[READY, Press("12.5e"), Scan, Wait(2_000), Press("s"), ENDED, Wait(8_000)],
        pay: &[Luck::Pending(0)],
        wallet: &[Wallet::Pays(2_500)],
        detail: &[Luck::Stale(3_000)],
        ..PLAIN
    },
    Script {
        name: "the cancellation is refused and the payment is paid",
        steps: &[READY, Press("12.5e"), Scan, Wait(2_000), Press("s"), ENDED, Wait(8_000)],
        pay: &[Luck::Pending(0)],
        wallet: &[Wallet::Pays(2_500)],
        detail: &[Luck::Stale(3_000)],
        cancel: &[Luck::Declined(Reason::State)],
        ..PLAIN
    },
    Script {
        name: "the cancellation is not answered, is refused later, and the payment turns out paid",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            Wait(2_000),
            Press("s"),
            ENDED,
            Wait(40_000),
            Press("1"),
            Wait(8_000),
        ],
        pay: &[Luck::LostBack],
        detail: &[Luck::LostThere],
        cancel: &[
            Luck::LostThere,
            Luck::LostThere,
            Luck::LostThere,
            Luck::LostThere,
            Luck::Declined(Reason::State),
        ],
        ..PLAIN
    },
    Script {
        name: "a late payment is paid back",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            Wait(2_000),
            Press("s"),
            ENDED,
            Await(&["paid_late"]),
            Press("2"),
            ENDED,
            Wait(8_000),
        ],
        pay: &[Luck::LostBack],
        detail: &[Luck::LostThere],
        cancel: &[
            Luck::LostThere,
            Luck::LostThere,
            Luck::LostThere,
            Luck::LostThere,
            Luck::Declined(Reason::State),
        ],
        ..PLAIN
    },
    Script {
        name: "a wallet that knows no cancellation is paid late",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            Wait(2_000),
            Press("s"),
            Await(&["paid_late"]),
            Press("1"),
            Wait(8_000),
        ],
        pay: &[Luck::Pending(0)],
        wallet: &[Wallet::Pays(20_000)],
        knows_cancel: false,
        ..PLAIN
    },
    Script {
        name: "the manager allows a second attempt beside an unsettled one",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            Wait(2_000),
            Press("s"),
            ENDED,
            Press("e"),
            Pin,
            Wait(2_000),
            Scan,
            ENDED,
            Wait(60_000),
        ],
        pay: &[Luck::LostBack],
        detail: &[Luck::LostThere],
        cancel: &[Luck::LostThere, Luck::LostThere, Luck::LostThere, Luck::LostThere, Luck::LostThere],
        ..PLAIN
    },
    Script {
        name: "a parked sale ends while the next customer pays",
        steps: &[
            READY,
            Press("12.5e"),
            Scan,
            Wait(11_000),
            Press("m"),
            Press("8e"),
            Scan,
            ENDED,
            Wait(30_000),
        ],
        pay: &[Luck::Pending(0)],
        wallet: &[Wallet::Pays(25_000)],
        ..PLAIN
    },
    Script {
        name: "nothing that comes back counts",
        steps: &[READY, Press("12.5e"), Scan, Wait(10_000), Press("s"), ENDED, Wait(60_000)],
        pay: &[Luck::Garbled(Silence::BadSignature)],
        detail: &[Luck::Garbled(Silence::Unreadable), Luck::Busy, Luck::Garbled(Silence::OtherTransaction)],
        cancel: &[Luck::BusyDone, Luck::Garbled(Silence::Http(500)), Luck::NotAccepted, Luck::Pending(9_000)],
        ..PLAIN
    },
];
