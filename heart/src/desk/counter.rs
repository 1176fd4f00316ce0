//! What is at the counter, and what its keys do.

use super::*;
use crate::desk::entry::Entry;
use crate::event::Key;
use crate::money::Amount;
use crate::payment::Way;
use crate::record::{Approval, Decision};
use crate::screen::{DayClose, GivingBack, PinPurpose};
use crate::settings::{OrderCodeWhen, Settings};

use alloc::string::String;

/// What is at the counter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Counter {
    /// Ready, or an amount is being typed.
    Amount(Entry),
    /// A large amount is confirmed.
    ConfirmAmount { entry: Entry, amount: Amount, qr: bool },
    /// An unsettled sale of the same amount exists.
    SameAmount { entry: Entry, amount: Amount, qr: bool, unsettled: OrderId },
    /// Scan or be scanned.
    Collecting { sale: Sale, order: Option<OrderId> },
    /// A payment is under way, or on its way back.
    Paying { sale: Sale, id: OrderId },
    /// Another way to collect waits until the order code is cancelled.
    Switching { sale: Sale, id: OrderId, way: Way, since: Mono },
    /// An end is on the screen.
    Result { sale: Sale, id: OrderId, heard: Standing, until: Option<Mono> },
    /// Paid after all: a person is asked.
    PaidLate { id: OrderId },
    /// The list of recent transactions.
    Recent { chosen: usize },
    /// One of them.
    One { id: OrderId, chosen: usize },
    /// Which payment's money is given back?
    Find { typed: String, asked: Option<RequestNo> },
    /// How much of it?
    GiveBack { id: OrderId, entry: Entry },
    /// It is on its way back, or what came of that.
    GivingBack { id: OrderId, amount: Amount, end: Option<GivingBack>, until: Option<Mono> },
    /// The menu.
    Menu { chosen: usize },
    /// The manager's PIN.
    Pin { digits: String, purpose: PinPurpose, sale: Option<Sale>, wrong: bool, checking: bool },
    /// A date and time.
    Clock { typed: String },
    /// The shop's static code.
    ShopCode,
    /// The day is compared with the acquirer, or was.
    DayClose(DayClose),
}

/// One sale: perhaps several attempts to collect the same amount.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sale {
    pub(crate) amount: Amount,
    /// The first attempt's id.
    pub(crate) first: Option<OrderId>,
    pub(crate) attempts: u32,
    /// An unsettled attempt that the manager lets the next one go beside.
    pub(crate) beside: Option<OrderId>,
}

impl Default for Counter {
    fn default() -> Counter {
        Counter::Amount(Entry::default())
    }
}

impl Counter {
    /// The transaction on the screen.
    pub(crate) fn transaction(&self) -> Option<OrderId> {
        match self {
            Counter::Collecting { order, .. } => *order,
            Counter::Paying { id, .. }
            | Counter::Switching { id, .. }
            | Counter::Result { id, .. }
            | Counter::GivingBack { id, .. }
            | Counter::PaidLate { id } => Some(*id),
            Counter::Amount(_)
            | Counter::ConfirmAmount { .. }
            | Counter::SameAmount { .. }
            | Counter::Recent { .. }
            | Counter::One { .. }
            | Counter::Find { .. }
            | Counter::GiveBack { .. }
            | Counter::Menu { .. }
            | Counter::Pin { .. }
            | Counter::Clock { .. }
            | Counter::ShopCode
            | Counter::DayClose(_) => None,
        }
    }

    /// Ready for a sale, with nothing typed yet.
    pub(crate) fn is_at_rest(&self) -> bool {
        matches!(self, Counter::Amount(entry) if entry.is_empty())
    }

    pub(crate) fn deadline(&self, settings: &Settings) -> Option<Mono> {
        match self {
            Counter::Result { until, .. } | Counter::GivingBack { until, .. } => *until,
            Counter::Switching { way: Way::Scan(_), since, .. } => {
                Some(since.after(settings.timings.scan_age_max_ms))
            }
            Counter::Amount(_)
            | Counter::ConfirmAmount { .. }
            | Counter::SameAmount { .. }
            | Counter::Collecting { .. }
            | Counter::Switching { .. }
            | Counter::Paying { .. }
            | Counter::PaidLate { .. }
            | Counter::Recent { .. }
            | Counter::One { .. }
            | Counter::Find { .. }
            | Counter::GiveBack { .. }
            | Counter::Menu { .. }
            | Counter::Pin { .. }
            | Counter::Clock { .. }
            | Counter::ShopCode
            | Counter::DayClose(_) => None,
        }
    }
}

impl Desk {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a screen answers the keys that it names, the others do nothing there"
    )]
    pub(super) fn key(&mut self, turn: &mut Turn<'_>, key: Key) {
        self.notice = None;
        match self.counter.clone() {
            Counter::Amount(entry) => self.amount_key(turn, entry, key),
            Counter::ConfirmAmount { entry, amount, qr } => match key {
                Key::Enter => self.check_same_amount(turn, entry, amount, qr),
                Key::Clear | Key::Stop => self.counter = Counter::Amount(entry),
                _ignored => {}
            },
            Counter::SameAmount { entry, amount, qr, .. } => match key {
                Key::Enter => self.start_sale(turn, amount, qr),
                Key::Clear | Key::Stop => self.counter = Counter::Amount(entry),
                _ignored => {}
            },
            Counter::Collecting { sale, order } => self.collecting_key(turn, sale, order, key),
            Counter::Paying { id, .. } => match key {
                Key::Stop => self.stop(turn, id),
                Key::Menu if self.may_park(turn.mono(), id) => self.park(id),
                _ignored => {}
            },
            Counter::Switching { sale, id, .. } => {
                if key == Key::Stop {
                    // What was to follow is forgotten; the order goes on being cancelled.
                    self.counter = Counter::Paying { sale, id };
                }
            }
            Counter::Result { sale, id, .. } => self.result_key(turn, sale, id, key),
            Counter::PaidLate { id } => self.paid_late_key(turn, id, key),
            Counter::Recent { chosen } => self.recent_key(chosen, key),
            Counter::Find { typed, .. } => self.find_key(turn, typed, key),
            Counter::GiveBack { id, entry } => self.give_back_key(turn, id, entry, key),
            Counter::GivingBack { id, end, .. } => self.giving_back_key(id, end.as_ref(), key),
            Counter::One { id, chosen } => self.one_key(turn, id, chosen, key),
            Counter::Menu { chosen } => self.menu_key(turn, chosen, key),
            Counter::Pin { digits, purpose, sale, checking, .. } => {
                if !checking {
                    self.pin_key(turn, digits, purpose, sale, key);
                }
            }
            Counter::Clock { typed } => self.clock_key(turn, typed, key),
            Counter::ShopCode => self.shop_code_key(turn, key),
            Counter::DayClose(state) => self.day_close_key(&state, key),
        }
    }

    fn amount_key(&mut self, turn: &mut Turn<'_>, mut entry: Entry, key: Key) {
        match key {
            Key::Enter => return self.amount_entered(turn, entry, false),
            Key::Qr if self.settings.order_code != OrderCodeWhen::Never => {
                return self.amount_entered(turn, entry, true);
            }
            Key::Menu => return self.counter = Counter::Menu { chosen: 0 },
            Key::Up | Key::Down => return self.counter = Counter::Recent { chosen: 0 },
            Key::Stop => return self.counter = Counter::default(),
            Key::Digit(_) | Key::DoubleZero | Key::Point | Key::Clear | Key::Qr | Key::Letter(_) => {}
        }
        if entry.is_empty() {
            turn.effects.push(Effect::Warm);
        }
        if let Err(notice) = entry.key(key, self.settings.amount_entry, self.settings.currency) {
            self.refuse(turn, notice);
        }
        self.counter = Counter::Amount(entry);
    }

    fn amount_entered(&mut self, turn: &mut Turn<'_>, entry: Entry, qr: bool) {
        let amount = entry.amount(self.settings.amount_entry, self.settings.currency);
        if amount.is_zero() {
            return self.refuse(turn, Notice::AmountZero);
        }
        if amount.minor() > self.settings.amount_max.minor() {
            return self.refuse(turn, Notice::AmountTooLarge(self.settings.amount_max));
        }
        if let Some(hindrance) = self.service.hindrance(turn.now) {
            return self.refuse(turn, Notice::Hindered(hindrance));
        }
        if amount.minor() > self.settings.ask_twice.minor() {
            self.counter = Counter::ConfirmAmount { entry, amount, qr };
        } else {
            self.check_same_amount(turn, entry, amount, qr);
        }
    }

    /// While one is unsettled, a new sale of the same amount asks first (field rule 4).
    fn check_same_amount(&mut self, turn: &mut Turn<'_>, entry: Entry, amount: Amount, qr: bool) {
        let unsettled = self.payments.iter().find(|payment| {
            let facts = payment.facts();
            let open = matches!(facts.standing(), Standing::Unsettled | Standing::PaidLate);
            open && !facts.is_quiet() && facts.asked.amount == amount
        });
        match unsettled.map(Payment::id) {
            Some(unsettled) => self.counter = Counter::SameAmount { entry, amount, qr, unsettled },
            None => self.start_sale(turn, amount, qr),
        }
    }

    fn start_sale(&mut self, turn: &mut Turn<'_>, amount: Amount, qr: bool) {
        self.collect(turn, Sale { amount, first: None, attempts: 0, beside: None }, qr);
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a screen answers the keys that it names, the others do nothing there"
    )]
    fn result_key(&mut self, turn: &mut Turn<'_>, sale: Sale, id: OrderId, key: Key) {
        let unsettled = self.facts(id).is_some_and(|facts| facts.end().is_none());
        match key {
            Key::Enter => match self.next_after(id) {
                crate::screen::Next::NewSale => self.counter = Counter::default(),
                crate::screen::Next::TryAgain => self.collect(turn, sale, false),
                crate::screen::Next::TryAgainWithManager => {
                    let beside = self.in_the_way(&sale).unwrap_or(id);
                    self.ask_pin(turn, PinPurpose::AttemptBeside(beside), Some(sale));
                }
            },
            Key::Clear | Key::Stop => self.counter = Counter::default(),
            Key::Digit(_) | Key::DoubleZero | Key::Point if !unsettled => {
                self.amount_key(turn, Entry::default(), key);
            }
            Key::Menu if !unsettled => self.counter = Counter::Menu { chosen: 0 },
            _ignored => {}
        }
    }

    /// No single slip of the finger decides about money: the answers are digits, not Enter or Stop.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a screen answers the keys that it names, the others do nothing there"
    )]
    fn paid_late_key(&mut self, turn: &mut Turn<'_>, id: OrderId, key: Key) {
        let can_pay_back =
            self.payment(id).is_some_and(|payment| payment.can_pay_back(turn.wall(), &self.settings));
        let decision = match key {
            Key::Digit(1) => Decision::GoodsHandedOver,
            Key::Digit(2) if can_pay_back => Decision::PayBack,
            Key::Digit(2) => return self.refuse(turn, Notice::NoRefunds),
            Key::Clear | Key::Stop => {
                self.recent.defer(id);
                return self.counter = Counter::default();
            }
            _ignored => return,
        };
        if let Some(payment) = self.payment_mut(id) {
            payment.decide(turn, decision);
        }
        match (decision, self.facts(id).map(Sale::of)) {
            (Decision::PayBack, _) => self.show_giving_back(turn, id),
            (Decision::GoodsHandedOver, Some(sale)) => self.counter = Counter::Paying { sale, id },
            (Decision::GoodsHandedOver, None) => {}
        }
    }

    pub(super) fn pin_checked(&mut self, turn: &mut Turn<'_>, right: bool) {
        let Counter::Pin { purpose, sale, checking: true, .. } = self.counter.clone() else { return };
        if !right {
            let digits = String::new();
            self.counter = Counter::Pin { digits, purpose, sale, wrong: true, checking: false };
            return self.refuse(turn, Notice::PinWrong);
        }
        match (purpose, sale) {
            (PinPurpose::AttemptBeside(id), Some(sale)) => {
                // Back to what the approval was asked for, in case that it can't be used (any more).
                self.counter = Counter::default();
                self.show_result(turn, sale.clone(), id);
                if let Some(hindrance) = self.service.hindrance(turn.now) {
                    return self.refuse(turn, Notice::Hindered(hindrance));
                }
                if self.next_after(id) != crate::screen::Next::TryAgainWithManager {
                    return;
                }
                self.save_own(turn, Fact::Approved(Approval::AttemptBeside(id)));
                self.collect(turn, Sale { beside: Some(id), ..sale }, false);
            }
            (PinPurpose::SetClock, _) => {
                self.save_own(turn, Fact::Approved(Approval::SetClock));
                self.counter = Counter::Clock { typed: String::new() };
            }
            (PinPurpose::GiveBack { payment, amount }, _) => self.give_back(turn, payment, amount),
            (PinPurpose::AttemptBeside(_), None) => self.counter = Counter::default(),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other states have no deadline of their own")]
    pub(super) fn counter_wakes(&mut self, turn: &mut Turn<'_>) {
        let now = turn.mono();
        match &self.counter {
            Counter::Result { until: Some(until), .. } | Counter::GivingBack { until: Some(until), .. }
                if *until <= now =>
            {
                self.counter = Counter::default();
            }
            Counter::Switching { sale, id, way: Way::Scan(_), since }
                if since.after(self.settings.timings.scan_age_max_ms) <= now =>
            {
                // The code in hand is too old to be used: it is forgotten, and the customer shows a new one.
                self.counter = Counter::Paying { sale: sale.clone(), id: *id };
                self.notify(turn, Notice::NewCode);
            }
            _waits => {}
        }
    }
}
