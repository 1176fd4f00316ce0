//! Words on disk for the heart's small enums and ids, so that these need not know that a disk exists.

use std::borrow::Cow;

use postern_heart::ask::{Product, Reason};
use postern_heart::day::Against;
use postern_heart::ids::OrderId;
use postern_heart::record::{Contradiction, Decision, Paper, Source, WhyCancel};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// Something that has one word on disk.
pub(in crate::journal) trait Word: Sized {
    /// The word.
    fn word(&self) -> &str;

    /// What the word stands for.
    fn read(word: &str) -> Option<Self>;
}

/// A value that is written as its word.
#[derive(Clone, Copy)]
pub(super) struct As<T>(pub(super) T);

impl<T: Word> Serialize for As<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

impl<'de, T: Word> Deserialize<'de> for As<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<As<T>, D::Error> {
        let word = Cow::<str>::deserialize(deserializer)?;
        T::read(&word).map(As).ok_or_else(|| D::Error::custom(format_args!("unknown word `{word}`")))
    }
}

impl Word for OrderId {
    fn word(&self) -> &str {
        self.as_str()
    }

    fn read(word: &str) -> Option<OrderId> {
        OrderId::parse(word)
    }
}

/// Both directions from one table; a variant that has no word does not compile.
macro_rules! words {
    ($($type:ident { $($variant:ident = $word:literal,)+ })+) => {$(
        impl Word for $type {
            fn word(&self) -> &str {
                match self { $($type::$variant => $word,)+ }
            }

            fn read(word: &str) -> Option<$type> {
                match word {
                    $($word => Some($type::$variant),)+
                    _ => None,
                }
            }
        }

        #[cfg(test)]
        impl Every for $type {
            const EVERY: &'static [$type] = &[$($type::$variant),+];
        }
    )+};
}

/// All values of an enum, for tests.
#[cfg(test)]
pub(super) trait Every: Sized + 'static {
    const EVERY: &'static [Self];
}

words! {
    Product {
        PaymentCode = "payment_code",
        OrderCode = "order_code",
        CashierPayment = "cashier_payment",
        EntryCode = "entry_code",
    }
    Source {
        Pay = "pay",
        Detail = "detail",
        Notification = "notification",
        Person = "person",
    }
    WhyCancel {
        Stop = "stop",
        Limit = "limit",
        Scanned = "scanned",
        NoCode = "no_code",
        Restart = "restart",
        PayBack = "pay_back",
        GiveBack = "give_back",
    }
    Against {
        Answer = "answer",
        Statement = "statement",
    }
    Decision {
        GoodsHandedOver = "goods_handed_over",
        PayBack = "pay_back",
    }
    Contradiction {
        PaidBeforeShown = "paid_before_shown",
        PaidAfterCancel = "paid_after_cancel",
        PaidUnseen = "paid_unseen",
        NotPaidAfterPaid = "not_paid_after_paid",
        PaidAfterEnd = "paid_after_end",
        NotifiedPaid = "notified_paid",
        NotifiedNotPaid = "notified_not_paid",
    }
    Paper {
        Receipt = "receipt",
        NotPaid = "not_paid",
        Reversal = "reversal",
        Unsettled = "unsettled",
        Refund = "refund",
        Copy = "copy",
        CodeSlip = "code_slip",
        Void = "void",
    }
    Reason {
        CodeInvalid = "code_invalid",
        Balance = "balance",
        Risk = "risk",
        Parameter = "parameter",
        IdUsed = "id_used",
        CutOff = "cut_off",
        State = "state",
        TooMuch = "too_much",
        NotAccepted = "not_accepted",
        Failed = "failed",
        Closed = "closed",
        NeverArrived = "never_arrived",
        Other = "other",
    }
}
