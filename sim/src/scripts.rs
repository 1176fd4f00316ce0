//! Named scripts: short stories with a given fate, each of which is lived once for every place where the power can fail.

use std::collections::VecDeque;

use postern_heart::event::PrintEnd;

use crate::book::Habits;
use crate::fortune::{Given, Luck, Push, Save, Wallet};
use crate::people::Step::{self, Await, Press, Wait};

mod codes;
mod copies;
mod devices;
mod entry;
mod refunds;
mod scanned;
mod twins;

/// All scripts.
pub fn all() -> impl Iterator<Item = &'static Script> {
    [scanned::ALL, codes::ALL, copies::ALL, devices::ALL, entry::ALL, refunds::ALL, twins::ALL]
        .into_iter()
        .flatten()
}

/// The script of this name.
pub fn named(name: &str) -> Option<&'static Script> {
    all().find(|script| script.name == name)
}

/// A short story.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    /// Its name, a sentence.
    pub name: &'static str,
    /// What the cashier does.
    pub steps: &'static [Step],
    /// What the cashier of the second terminal does, where there is one.
    pub twin: &'static [Step],
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
    /// What becomes of each telling of a payment by the static code.
    pub push: &'static [Push],
    /// How each print job ends.
    pub print: &'static [PrintEnd],
    /// What becomes of each save.
    pub save: &'static [Save],
    /// How the acquirer behaves.
    pub habits: Habits,
    /// Whether the wallet knows CANCEL.
    pub knows_cancel: bool,
    /// Whether the shop has a static code.
    pub entry_code: bool,
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
            push: self.push.iter().copied().collect(),
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
    twin: &[],
    pay: &[],
    detail: &[],
    cancel: &[],
    refund: &[],
    wallet: &[],
    push: &[],
    print: &[],
    save: &[],
    habits: HABITS,
    knows_cancel: true,
    entry_code: false,
    begins_ms: 0,
};

const READY: Step = Wait(1_500);
const ENDED: Step = Await(&["paid", "refused", "not_sent", "reversed", "unsettled", "paid_late"]);

/// By then a customer has looked at the display.
const SCANNED: Step = Wait(21_000);

/// From the ready counter to the amount that is to be given back of the last sale.
const GIVE_BACK: Step = Press("sde2");
const GIVEN: Step = Await(&["refunded", "refund_refused", "paid_late"]);
