//! Screens by name: for the report, for logs and for tests.

use super::{DayClose, GivingBack, Outcome, Screen};

impl Screen {
    /// Its name; a result is named by what it says.
    pub fn name(&self) -> &'static str {
        match self {
            Screen::Amount(_) => "amount",
            Screen::ConfirmAmount { .. } => "confirm_amount",
            Screen::SameAmount { .. } => "same_amount",
            Screen::Collecting(_) => "collecting",
            Screen::Asking { .. } => "asking",
            Screen::Confirm(_) => "confirm",
            Screen::Unknown(_) => "unknown",
            Screen::Cancelling { .. } => "cancelling",
            Screen::Result(result) => match result.outcome {
                Outcome::Paid => "paid",
                Outcome::Refused(_) => "refused",
                Outcome::NotSent(_) => "not_sent",
                Outcome::Reversed => "reversed",
                Outcome::Unsettled { .. } => "unsettled",
            },
            Screen::PaidLate(_) => "paid_late",
            Screen::Recent(_) => "recent",
            Screen::One(_) => "one",
            Screen::Find(_) => "find",
            Screen::GiveBack(_) => "give_back",
            Screen::GivingBack(giving) => match giving.state {
                GivingBack::Working => "refunding",
                GivingBack::Unknown => "refund_unknown",
                GivingBack::Done { .. } => "refunded",
                GivingBack::Not(_) => "refund_refused",
            },
            Screen::Menu(_) => "menu",
            Screen::Pin { .. } => "pin",
            Screen::Clock { .. } => "clock",
            Screen::ShopCode(_) => "shop_code",
            Screen::DayClose(day) => match day.state {
                DayClose::Comparing => "day_close",
                DayClose::Compared(_) => "day_compared",
                DayClose::NotCompared => "day_not_compared",
            },
            Screen::OutOfService(_) => "out_of_service",
        }
    }
}
