//! Customers pay by the shop's static code, and the acquirer tells of it until the shop has it.

use super::{ENDED, GIVE_BACK, GIVEN, PLAIN, READY, Script};
use crate::fortune::Push;
use crate::people::Step::{Copy, PayByCode, Pin, PowerCut, Press, Scan, Wait};

const ENTRY: Script = Script { entry_code: true, ..PLAIN };

pub(super) const ALL: &[Script] = &[
    Script {
        name: "a customer pays by the static code while another one is served",
        steps: &[READY, Press("8e"), PayByCode, Scan, ENDED, Wait(10_000)],
        ..ENTRY
    },
    Script {
        name: "the answer to a notification is lost, and it comes again",
        steps: &[READY, PayByCode, Wait(400_000)],
        push: &[Push::AnswerLost],
        ..ENTRY
    },
    Script {
        name: "a notification comes twice at once",
        steps: &[READY, PayByCode, Wait(20_000)],
        push: &[Push::Twice(0)],
        ..ENTRY
    },
    Script {
        name: "a notification is denied before it and after it",
        steps: &[READY, PayByCode, Wait(20_000), PayByCode, Wait(20_000)],
        push: &[Push::DeniedFirst, Push::Denied(3_000)],
        ..ENTRY
    },
    Script {
        name: "two parts of a payment by the static code go back",
        steps: &[
            READY,
            PayByCode,
            Wait(8_000),
            GIVE_BACK,
            Press("0.01e"),
            Pin,
            GIVEN,
            Wait(5_000),
            GIVE_BACK,
            Press("e"),
            Pin,
            GIVEN,
            Wait(5_000),
        ],
        ..ENTRY
    },
    Script {
        name: "a payment by the static code is forgotten, and is told again",
        steps: &[READY, Copy, PayByCode, Wait(10_000), PowerCut, Wait(400_000)],
        push: &[Push::AnswerLost],
        ..ENTRY
    },
];
