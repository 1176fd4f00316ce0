//! The pretended acquirer's book: the truth about who was charged.
//!
//! It is fair, as acquirers are: what it said to be final stays so, a cancellation that it refused stays refused, and it
//! forgets nothing. What is slow, lost or doubled is not its doing.

use std::collections::{BTreeMap, BTreeSet};

use postern_heart::ask::{
    AnswerCode, Decline, OrderCode, PaidAt, Pay, PayProduct, Reason, Says, Status, StatusWord,
};
use postern_heart::ids::{OrderId, Target};
use postern_heart::money::Amount;
use postern_heart::now::Wall;

use crate::fortune::Luck;
use crate::time;

mod entries;

pub use entries::{Told, entry, uq};

/// How this acquirer behaves where the contract leaves it open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Habits {
    /// Remembers the cancellation of an id that it has never seen: its PAY is then turned away.
    pub remembers_unknown: bool,
    /// Confirms the cancellation of an id that it has never seen.
    pub confirms_unknown: bool,
    /// Does not know an order before its code is scanned.
    pub absent_until_scanned: bool,
    /// Does not know a payment that it declined.
    pub forgets_declined: bool,
}

/// All orders.
#[derive(Debug)]
pub struct Book {
    habits: Habits,
    orders: BTreeMap<OrderId, Order>,
    refunds: BTreeMap<OrderId, Refund>,
    codes_used: BTreeSet<String>,
    /// Cancelled before they were seen.
    turned_away: BTreeSet<OrderId>,
    /// Cancellations that were refused.
    refused: BTreeSet<OrderId>,
    /// Charges since they were last looked at.
    news: Vec<OrderId>,
    /// Payments by the shop's static code.
    entries: BTreeMap<OrderId, Told>,
}

/// One order.
#[derive(Clone, Debug)]
struct Order {
    amount: Amount,
    expire_at: Wall,
    code: Option<OrderCode>,
    scanned: bool,
    /// States and since when, the newest last; it is never empty.
    history: Vec<(Wall, State)>,
}

/// One refund.
#[derive(Clone, Debug)]
struct Refund {
    original: OrderId,
    amount: Amount,
    state: StatusWord,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Open,
    Paid,
    Failed,
    Closed,
    /// Declined by an acquirer that keeps no record of it.
    Forgotten,
}

impl Order {
    fn state(&self) -> State {
        self.history.last().map_or(State::Open, |(_, state)| *state)
    }

    fn state_at(&self, then: Wall) -> Option<(Wall, State)> {
        self.history.iter().rev().find(|(since, _)| *since <= then).copied()
    }

    fn becomes(&mut self, now: Wall, state: State) {
        self.history.push((now, state));
    }

    fn expire(&mut self, now: Wall) {
        if self.state() == State::Open && self.expire_at <= now {
            self.becomes(self.expire_at, State::Closed);
        }
    }
}

impl Book {
    /// An empty book.
    pub fn new(habits: Habits) -> Book {
        Book {
            habits,
            orders: BTreeMap::new(),
            refunds: BTreeMap::new(),
            codes_used: BTreeSet::new(),
            turned_away: BTreeSet::new(),
            refused: BTreeSet::new(),
            news: Vec::new(),
            entries: BTreeMap::new(),
        }
    }

    /// Whether the customer's money is with the shop.
    pub fn is_charged(&self, id: OrderId) -> bool {
        self.kept(id) > 0
    }

    /// How much it is about.
    pub fn amount(&self, id: OrderId) -> Option<Amount> {
        self.orders.get(&id).map(|order| order.amount)
    }

    /// Whether it was charged once, whatever has become of the money since.
    pub fn was_charged(&self, id: OrderId) -> bool {
        let order = self.orders.get(&id);
        order.is_some_and(|order| order.history.iter().any(|(_, state)| *state == State::Paid))
    }

    /// Every id that was ever charged and not paid back.
    pub fn charged(&self) -> impl Iterator<Item = OrderId> {
        self.orders.keys().copied().filter(|id| self.is_charged(*id))
    }

    /// What the shop has of an order's money, in minor units.
    pub fn kept(&self, id: OrderId) -> u64 {
        let paid = self.orders.get(&id).filter(|order| order.state() == State::Paid);
        paid.map_or(0, |order| order.amount.minor().saturating_sub(self.refunded(id)))
    }

    /// Takes the charges that were made since the last call.
    pub fn take_news(&mut self) -> Vec<OrderId> {
        std::mem::take(&mut self.news)
    }

    fn charge(&mut self, id: OrderId, now: Wall) {
        if let Some(order) = self.orders.get_mut(&id) {
            order.becomes(now, State::Paid);
            self.news.push(id);
        }
    }

    /// Takes a PAY. A repeated one is answered with the state of the first; another one under the same id is declined.
    pub fn pay(&mut self, now: Wall, pay: &Pay, luck: Luck) -> Says {
        match self.orders.get(&pay.id) {
            Some(order) if order.amount != pay.amount => return declined(Reason::IdUsed),
            Some(_) => return self.detail(now, &Target::Ours(pay.id), 0),
            None => {}
        }
        if pay.expire_at <= now || pay.expire_at.minus(now) >= 72 * time::HOUR {
            return declined(Reason::Parameter);
        }
        if self.turned_away.contains(&pay.id) {
            self.enter(now, pay, None, State::Closed);
            return status(StatusWord::Closed, None, None);
        }
        match luck {
            Luck::Declined(reason) => {
                let state = if self.habits.forgets_declined { State::Forgotten } else { State::Failed };
                self.enter(now, pay, None, state);
                declined(reason)
            }
            Luck::Fails => {
                self.enter(now, pay, None, State::Failed);
                status(StatusWord::Fail, None, None)
            }
            _ => self.pay_well(now, pay, luck),
        }
    }

    fn pay_well(&mut self, now: Wall, pay: &Pay, luck: Luck) -> Says {
        match &pay.product {
            PayProduct::PaymentCode(code) => {
                if !self.codes_used.insert(code.reveal().to_string()) {
                    self.enter(now, pay, None, State::Failed);
                    return declined(Reason::CodeInvalid);
                }
                self.enter(now, pay, None, State::Open);
                if let Luck::Pending(_) = luck {
                    return status(StatusWord::Processing, None, None);
                }
                self.charge(pay.id, now);
                status(StatusWord::Success, Some(now), None)
            }
            PayProduct::OrderCode | PayProduct::CashierPayment => {
                let code = OrderCode(format!("https://wallet.example/{}", pay.id));
                let code = (luck != Luck::NoCode).then_some(code);
                self.enter(now, pay, code.clone(), State::Open);
                status(StatusWord::Processing, None, code)
            }
        }
    }

    fn enter(&mut self, now: Wall, pay: &Pay, code: Option<OrderCode>, state: State) {
        let scanned = matches!(pay.product, PayProduct::PaymentCode(_));
        let order = Order {
            amount: pay.amount,
            expire_at: pay.expire_at,
            code,
            scanned,
            history: vec![(now, state)],
        };
        self.orders.insert(pay.id, order);
    }

    /// Takes a DETAIL, and answers it from a copy of the book that is so many milliseconds old.
    pub fn detail(&mut self, now: Wall, id: &Target, age_ms: u64) -> Says {
        let Some(id) = self.named(id) else { return Says::Absent };
        if let Some(refund) = self.refunds.get(&id) {
            return status(refund.state, None, None);
        }
        let refunded = self.refunded(id);
        let Some(order) = self.orders.get_mut(&id) else { return Says::Absent };
        order.expire(now);
        let then = Wall(now.0.saturating_sub(i64::try_from(age_ms).unwrap_or(0)));
        let Some((since, state)) = order.state_at(then) else { return Says::Absent };
        match state {
            State::Forgotten => Says::Absent,
            State::Open if !order.scanned && self.habits.absent_until_scanned => Says::Absent,
            State::Open => status(StatusWord::Processing, None, order.code.clone()),
            State::Paid => {
                let amount = Some(order.amount);
                let refunded = Some(Amount::new(refunded, order.amount.currency()));
                let paid = Some(PaidAt { at: since, cut_off: time::cut_off(since) });
                let uq_id = Some(uq(id));
                Says::Status(Status { state: StatusWord::Success, uq_id, amount, paid, refunded, code: None })
            }
            State::Failed => status(StatusWord::Fail, None, None),
            State::Closed => status(StatusWord::Closed, None, None),
        }
    }

    /// Takes a CANCEL.
    pub fn cancel(&mut self, now: Wall, cancel: OrderId, original: OrderId, luck: Luck) -> Says {
        if self.refused.contains(&cancel) {
            return declined(Reason::State);
        }
        let Some(order) = self.orders.get_mut(&original) else {
            if self.habits.remembers_unknown {
                self.turned_away.insert(original);
            }
            let confirms = self.habits.confirms_unknown;
            return if confirms { status(StatusWord::Success, None, None) } else { Says::Absent };
        };
        if self.refunds.values().any(|refund| refund.original == original && refund.state != StatusWord::Fail)
        {
            self.refused.insert(cancel);
            return declined(Reason::State);
        }
        order.expire(now);
        let (since, state) = order.state_at(now).unwrap_or((now, State::Open));
        match state {
            State::Closed => return status(StatusWord::Success, None, None),
            State::Forgotten => return Says::Absent,
            State::Failed => {
                self.refused.insert(cancel);
                return declined(Reason::State);
            }
            State::Open | State::Paid => {}
        }
        let payment_date = since;
        if now > time::cut_off(payment_date) {
            self.refused.insert(cancel);
            return declined(Reason::CutOff);
        }
        match luck {
            Luck::Declined(reason) => {
                self.refused.insert(cancel);
                declined(reason)
            }
            Luck::Fails => {
                self.refused.insert(cancel);
                status(StatusWord::Fail, None, None)
            }
            Luck::Pending(_) => status(StatusWord::Processing, None, None),
            _ => {
                order.becomes(now, State::Closed);
                status(StatusWord::Closed, None, None)
            }
        }
    }

    /// Finishes a cancellation that was being processed.
    pub fn finish_cancel(&mut self, now: Wall, cancel: OrderId, original: OrderId) {
        if !self.refused.contains(&cancel) {
            self.cancel(now, cancel, original, Luck::Good);
        }
    }

    /// Takes a REFUND. A repeated one is answered with the state of the first.
    pub fn refund(&mut self, id: OrderId, original: OrderId, amount: Amount, luck: Luck) -> Says {
        if let Some(refund) = self.refunds.get(&id) {
            return status(refund.state, None, None);
        }
        let Some(order) = self.orders.get(&original) else { return Says::Absent };
        if order.state() != State::Paid {
            return declined(Reason::State);
        }
        let open = self.refunds.values().filter(|refund| refund.original == original);
        let taken: u64 =
            open.filter(|refund| refund.state != StatusWord::Fail).map(|refund| refund.amount.minor()).sum();
        let fits = taken.checked_add(amount.minor()).is_some_and(|sum| sum <= order.amount.minor());
        let (state, says) = match luck {
            _ if !fits => (StatusWord::Fail, declined(Reason::TooMuch)),
            Luck::Declined(reason) => (StatusWord::Fail, declined(reason)),
            Luck::Fails => (StatusWord::Fail, status(StatusWord::Fail, None, None)),
            Luck::Pending(_) => (StatusWord::Processing, status(StatusWord::Processing, None, None)),
            _ => (StatusWord::Success, status(StatusWord::Success, None, None)),
        };
        self.refunds.insert(id, Refund { original, amount, state });
        says
    }

    /// Finishes a refund that was being processed.
    pub fn finish_refund(&mut self, id: OrderId) {
        if let Some(refund) = self.refunds.get_mut(&id)
            && refund.state == StatusWord::Processing
        {
            refund.state = StatusWord::Success;
        }
    }

    /// What was paid back of an order by refunds, in minor units.
    pub fn refunded(&self, original: OrderId) -> u64 {
        let own = self.refunds.values().filter(|refund| refund.original == original);
        own.filter(|refund| refund.state == StatusWord::Success).map(|refund| refund.amount.minor()).sum()
    }

    /// A customer scans a code from the display; the order, if it can still be paid.
    pub fn scan(&mut self, now: Wall, code: &OrderCode) -> Option<OrderId> {
        let (id, order) = self.orders.iter_mut().find(|(_, order)| order.code.as_ref() == Some(code))?;
        order.expire(now);
        order.scanned = true;
        (order.state() == State::Open).then_some(*id)
    }

    /// A customer confirms in the wallet.
    pub fn confirm(&mut self, now: Wall, id: OrderId) {
        let Some(order) = self.orders.get_mut(&id) else { return };
        order.expire(now);
        if order.state() == State::Open {
            self.charge(id, now);
        }
    }

    /// A customer refuses in the wallet.
    pub fn refuse(&mut self, now: Wall, id: OrderId) {
        let Some(order) = self.orders.get_mut(&id) else { return };
        order.expire(now);
        if order.state() == State::Open {
            order.becomes(now, State::Failed);
        }
    }

    /// What the book says of an order, for a story.
    pub fn tell(&self, id: OrderId) -> String {
        self.orders
            .get(&id)
            .map_or("unknown".to_string(), |order| format!("{:?}", order.state()).to_lowercase())
    }
}

fn declined(reason: Reason) -> Says {
    Says::Declined(Decline { reason, code: AnswerCode("200008".to_string()) })
}

fn status(state: StatusWord, paid: Option<Wall>, code: Option<OrderCode>) -> Says {
    let paid = paid.map(|at| PaidAt { at, cut_off: time::cut_off(at) });
    Says::Status(Status { state, uq_id: None, paid, amount: None, refunded: None, code })
}
