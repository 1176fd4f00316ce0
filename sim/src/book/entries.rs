//! Payments by the shop's static code: nobody asked for them, and the shop hears of them by notification alone.

use postern_heart::ids::UqOrderId;

use super::*;

/// What the acquirer remembers of telling the shop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// The shop said that it has it: it is not told again.
    pub taken: bool,
    /// The shop listened at some time while it was told again and again.
    pub reached: bool,
    /// It is not told any more.
    pub over: bool,
}

impl Book {
    /// A customer pays by the shop's static code; the id is the book's own, and the shop never learns it.
    pub fn enters(&mut self, now: Wall, amount: Amount) -> Option<OrderId> {
        let id = OrderId::parse(&format!("ENTRY{:06}", self.entries.len() + 1))?;
        let history = vec![(now, State::Paid)];
        self.orders.insert(id, Order { amount, expire_at: now, code: None, scanned: true, history });
        self.entries.insert(id, Told::default());
        Some(id)
    }

    /// What was told of a payment by the static code; `None` of anything else.
    pub fn told(&self, id: OrderId) -> Option<Told> {
        self.entries.get(&id).copied()
    }

    /// The shop listens.
    pub fn is_listened_to(&mut self) {
        self.entries.values_mut().filter(|told| !told.over).for_each(|told| told.reached = true);
    }

    /// It was told for the last time.
    pub fn is_over(&mut self, id: OrderId) {
        self.entries.entry(id).or_default().over = true;
    }

    /// The shop says that it has it.
    pub fn is_taken(&mut self, id: OrderId) {
        self.entries.entry(id).or_default().taken = true;
    }

    /// When it was paid.
    pub fn paid_at(&self, id: OrderId) -> Option<PaidAt> {
        let order = self.orders.get(&id)?;
        let (at, _) = order.history.iter().find(|(_, state)| *state == State::Paid)?;
        Some(PaidAt { at: *at, cut_off: time::cut_off(*at) })
    }

    /// All payments by the static code.
    pub fn entries(&self) -> impl Iterator<Item = (OrderId, Told)> {
        self.entries.iter().map(|(id, told)| (*id, *told))
    }

    /// The book's id for what a request names.
    pub fn named(&self, target: &Target) -> Option<OrderId> {
        match target {
            Target::Ours(id) => Some(*id),
            Target::Theirs(uq_id) => self.orders.keys().copied().find(|id| uq(*id) == *uq_id),
        }
    }
}

/// The book's id of a payment by the static code, from the acquirer's.
pub fn entry(uq_id: &UqOrderId) -> Option<OrderId> {
    uq_id.0.strip_prefix("UQ").and_then(OrderId::parse)
}

/// The acquirer's own id of an order.
pub fn uq(id: OrderId) -> UqOrderId {
    UqOrderId(format!("UQ{}", id.as_str().replace('-', "")))
}
