//! What the acquirer pushes (NOTIFICATION), and what is answered to it.

use crate::ask::{PaidAt, StatusWord};
use crate::ids::{OrderId, UqOrderId};
use crate::money::Amount;

/// The number of one notification, counted from the program's start: its answer says which one it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NewsNo(pub u64);

/// A verified notification: signed with the notification key, and read whole. A hint about a payment, never a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct News {
    /// What it is about.
    pub about: About,
    /// The acquirer's id.
    pub uq_id: Option<UqOrderId>,
    /// How much.
    pub amount: Amount,
    /// The state that it tells.
    pub state: StatusWord,
    /// When it was paid, and until when such a payment can be cancelled.
    pub paid: Option<PaidAt>,
}

/// What a notification is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// A transaction under an id that may be ours.
    Order(OrderId),
    /// A payment by the static code of our store.
    Entry,
    /// Something that can't be ours: another store's, or under an id that we never make.
    Stranger,
}

/// What is answered to a notification.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// What it tells is on disk, or was nothing new: it need not be sent again.
    Taken,
    /// It is about nothing that this terminal knows, or contradicts what was asked for: sending it again helps nobody.
    Refused,
    /// Not now: what it tells is not on disk yet. It shall be sent again.
    Later,
}
