//! Named scripts: short stories with a given fate, each of which is lived once for every place where the power can fail.

use std::collections::VecDeque;

use postern_heart::ask::{Reason, Silence, Unreachable};
use postern_heart::event::{Health, PrintEnd};

use crate::book::Habits;
use crate::fortune::{Given, Luck, Save, Wallet};
use crate::people::Step;

/// A short story.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    /// Its name, a sentence.
    pub name: &'static str,
    /// What the cashier does.
    pub steps: &'static [Step],
    /// What becomes of each PAY.
    pub pay: &'static [Luck],
    /// What becomes of each DETAIL.
    pub detail: &'static [Luck],
    /// What becomes of each CANCEL.
    pub cancel: &'static [Luck],
    /// What becomes of each REFUND.
    pub refund: &'static [Luck],
    /// What each customer does.
    pub wallet: &'static [Wallet],
    /// How each print job ends.
    pub print: &'static [PrintEnd],
    /// What becomes of each save.
    pub save: &'static [Save],
    /// How the acquirer behaves.
    pub habits: Habits,
    /// Whether the wallet knows CANCEL.
    pub knows_cancel: bool,
    /// How long after noon it begins, in milliseconds.
    pub begins_ms: i64,
}

impl Script {
    /// Fate, as the script gives it.
    pub fn given(&self) -> Given {
        Given {
            pay: self.pay.iter().copied().collect(),
            detail: self.detail.iter().copied().collect(),
            cancel: self.cancel.iter().copied().collect(),
            refund: self.refund.iter().copied().collect(),
            wallet: self.wallet.iter().copied().collect(),
            print: self.print.iter().copied().collect(),
            save: VecDeque::from(self.save.to_vec()),
        }
    }
}

const HABITS: Habits = Habits {
    remembers_unknown: false,
    confirms_unknown: true,
    absent_until_scanned: true,
    forgets_declined: false,
};

const PLAIN: Script = Script {
    name: "",
    steps: &[],
    pay: &[],
    detail: &[],
    cancel: &[],
    refund: &[],
    wallet: &[],
    print: &[],
    save: &[],
    habits: HABITS,
    knows_cancel: true,
    begins_ms: 0,
};

use Step::{Await, Pin, Press, Printer, Scan, ScanAgain, Wait};

const READY: Step = Wait(1_500);
const ENDED: Step = Await(&["paid", "refused", "not_sent", "reversed", "unsettled", "paid_late"]);

/// By then a customer has looked at the display.
const SCANNED: Step = Wait(21_000);

/// From the ready counter to the amount that is to be given back of the last sale.
const GIVE_BACK: Step = Press("sde2");
const GIVEN: Step = Await(&["refunded", "refund_refused", "paid_late"]);

/// All of them.
pub const ALL: &[Script] = &[
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
    Script {
        name: "nothing that comes back counts",
        steps: &[READY, Press("12.5e"), Scan, Wait(10_000), Press("s"), ENDED, Wait(60_000)],
        pay: &[Luck::Garbled(Silence::BadSignature)],
        detail: &[Luck::Garbled(Silence::Unreadable), Luck::Busy, Luck::Garbled(Silence::OtherTransaction)],
        cancel: &[Luck::BusyDone, Luck::Garbled(Silence::Http(500)), Luck::NotAccepted, Luck::Pending(9_000)],
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
