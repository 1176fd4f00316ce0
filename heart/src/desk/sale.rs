//! A sale: collecting, paying, its end.

use alloc::vec::Vec;

use super::counter::{Counter, Sale};
use super::*;
use crate::code::{PaymentCode, Scanned};
use crate::event::Key;
use crate::payment::{Face, Stage, Way};
use crate::record::{Asked, WhyCancel};
use crate::screen::{Hindrance, Next};
use crate::settings::{OrderCodeWhen, Slips};

impl Sale {
    /// The sale that a transaction belongs to.
    pub(crate) fn of(facts: &Facts) -> Sale {
        let asked = &facts.asked;
        Sale { amount: asked.amount, first: Some(asked.sale), attempts: asked.attempt, beside: None }
    }
}

impl Desk {
    /// Scan or be scanned: the scanner is armed at once, the order code comes on a key or by setting.
    pub(super) fn collect(&mut self, turn: &mut Turn<'_>, sale: Sale, qr: bool) {
        if let Some(hindrance) = self.service.hindrance(turn.now) {
            return self.refuse(turn, Notice::Hindered(hindrance));
        }
        self.counter = Counter::Collecting { sale: sale.clone(), order: None };
        self.used.arm();
        let way = self.order_way();
        // At once it comes where the customer sees it: paper is printed for whoever asks for it.
        let at_once = self.settings.order_code == OrderCodeWhen::AtOnce && way == Way::Display;
        if qr || at_once {
            self.make_order(turn, sale, way);
        } else {
            turn.effects.push(Effect::Warm);
        }
    }

    pub(super) fn collecting_key(
        &mut self,
        turn: &mut Turn<'_>,
        sale: Sale,
        order: Option<OrderId>,
        key: Key,
    ) {
        match (key, order) {
            (Key::Qr, None) if self.settings.order_code != OrderCodeWhen::Never => {
                let way = self.order_way();
                self.make_order(turn, sale, way);
            }
            (Key::Digit(1), Some(id)) if self.payment(id).is_some_and(Payment::waits) => {
                self.print_copy(turn, id);
            }
            (Key::Digit(1), order) if self.may_print_code() => self.switch(turn, sale, order, Way::Paper),
            (Key::Digit(2), None) if self.settings.links => self.make_order(turn, sale, Way::Link),
            (Key::Stop | Key::Clear, None) => self.counter = Counter::default(),
            (Key::Stop | Key::Clear, Some(id)) => {
                let shown = self.payment(id).is_some_and(|payment| payment.facts().shown);
                self.counter = if shown { Counter::Paying { sale, id } } else { Counter::default() };
                self.stop(turn, id);
            }
            (Key::Menu, Some(id)) if self.may_park(turn.mono(), id) => {
                self.park(id);
            }
            _ignored => {}
        }
    }

    /// Where an order code is shown: on the displays, or on paper where the customer sees none.
    fn order_way(&self) -> Way {
        if !self.settings.customer_display && self.may_print_code() { Way::Paper } else { Way::Display }
    }

    /// Whether an order code can be printed.
    pub(super) fn may_print_code(&self) -> bool {
        self.settings.order_code != OrderCodeWhen::Never
            && self.settings.slips != Slips::Never
            && self.printer_ready()
    }

    /// The next customer is served while this sale goes on.
    pub(super) fn park(&mut self, id: OrderId) {
        if let Some(payment) = self.payment_mut(id) {
            payment.hide_code();
        }
        self.counter = Counter::default();
    }

    /// Shows a code that waits for its customer once more.
    pub(super) fn show_code_again(&mut self, turn: &Turn<'_>, id: OrderId) {
        if let Some(payment) = self.payment_mut(id) {
            payment.show_again(turn.mono());
            let sale = Sale::of(payment.facts());
            self.counter = Counter::Collecting { sale, order: Some(id) };
            self.used.arm();
        }
    }

    /// Collects in another way: an order whose code was shown is cancelled first, and only when that is settled
    /// the other way is taken (field rule 6).
    fn switch(&mut self, turn: &mut Turn<'_>, sale: Sale, order: Option<OrderId>, way: Way) {
        let why = if matches!(way, Way::Scan(_)) { WhyCancel::Scanned } else { WhyCancel::Stop };
        match order {
            Some(id) if self.payment(id).is_some_and(|payment| payment.facts().shown) => {
                self.counter = Counter::Switching { sale, id, way, since: turn.mono() };
                self.stop_because(turn, id, why);
            }
            Some(id) => {
                self.take_way(turn, sale, way);
                self.stop_because(turn, id, why);
            }
            None => self.take_way(turn, sale, way),
        }
    }

    fn take_way(&mut self, turn: &mut Turn<'_>, sale: Sale, way: Way) {
        match way {
            Way::Scan(_) => {
                if let Some((sale, id)) = self.pay(turn, sale, way) {
                    self.counter = Counter::Paying { sale, id };
                }
            }
            Way::Display | Way::Paper | Way::Link => self.make_order(turn, sale, way),
        }
    }

    fn make_order(&mut self, turn: &mut Turn<'_>, sale: Sale, way: Way) {
        if let Some((sale, id)) = self.pay(turn, sale, way) {
            self.counter = Counter::Collecting { sale, order: Some(id) };
        }
    }

    /// Begins an attempt: its intent on disk, then its PAY.
    fn pay(&mut self, turn: &mut Turn<'_>, sale: Sale, way: Way) -> Option<(Sale, OrderId)> {
        let hindrance = self.service.hindrance(turn.now);
        let (None, Some(trusted)) = (hindrance, turn.now.wall) else {
            self.counter = Counter::Collecting { sale, order: None };
            self.refuse(turn, Notice::Hindered(hindrance.unwrap_or(Hindrance::ClockWrong)));
            return None;
        };
        if let Some(other) = self.in_the_way(&sale) {
            self.show_other(turn, sale, other);
            return None;
        }
        let timings = self.settings.timings;
        let limit = way.limit_ms(&timings);
        let id = turn.new_id();
        let first = sale.first.unwrap_or(id);
        let attempt = sale.attempts.saturating_add(1);
        let asked = Asked {
            product: way.product(),
            amount: sale.amount,
            code: way.masked(),
            sale: first,
            attempt,
            expire_at: trusted.wall.after(limit.saturating_add(timings.expire_after_limit_ms)),
            cut_off: trusted.cut_off,
            beside: sale.beside,
        };
        self.payments.push(Payment::begin(turn, id, asked, way));
        Some((Sale { first: Some(first), attempts: attempt, beside: None, ..sale }, id))
    }

    /// The Stop key takes the same road as the limit; the code leaves the screen before anything is asked.
    pub(super) fn stop(&mut self, turn: &mut Turn<'_>, id: OrderId) {
        self.stop_because(turn, id, WhyCancel::Stop);
    }

    fn stop_because(&mut self, turn: &mut Turn<'_>, id: OrderId, why: WhyCancel) {
        if let Some(payment) = self.payment_mut(id)
            && payment.code().is_some()
        {
            payment.hide_code();
            self.show(turn);
        }
        if let Some(payment) = self.payment_mut(id) {
            payment.stop(turn, why);
        }
    }

    /// A code that the customer can take along holds nobody up.
    pub(super) fn may_park(&self, now: Mono, id: OrderId) -> bool {
        let payment = self.payment(id);
        let since = payment.and_then(Payment::waits_since);
        let long = since.is_some_and(|since| now.since(since) >= self.settings.timings.park_after_ms);
        long || payment.is_some_and(Payment::waits)
    }

    pub(super) fn scanned(&mut self, turn: &mut Turn<'_>, scan: &Scanned) {
        let now = turn.mono();
        if self.used.is_quiet(now) {
            // A phone shows its code twice, and an imager floods: one scan an attempt, the rest is dropped.
            return turn.sound(Sound::Refused);
        }
        if let Counter::Find { .. } = self.counter {
            return self.receipt_scanned(turn, PaymentCode::receipt(scan));
        }
        let Counter::Collecting { sale, order } = self.counter.clone() else {
            return self.refuse(turn, Notice::ScanNotWanted);
        };
        if !self.settings.payment_codes {
            return self.refuse(turn, Notice::ScanNotWanted);
        }
        let code = match PaymentCode::read(scan, self.settings.terminal) {
            Ok(code) => code,
            Err(why) => return self.refuse(turn, Notice::NotACode(why)),
        };
        let timings = self.settings.timings;
        if !self.used.take(&code, now, timings.code_life_ms, timings.scan_quiet_ms) {
            return self.refuse(turn, Notice::CodeUsed);
        }
        self.notice = None;
        self.switch(turn, sale, order, Way::Scan(code));
        turn.sound(Sound::Taken);
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the other states wait for a person")]
    /// Looks at the transaction on the screen after every event: does the counter move on?
    pub(super) fn sale_goes_on(&mut self, turn: &mut Turn<'_>) {
        match self.counter.clone() {
            Counter::Collecting { sale, order } => match (self.in_the_way(&sale), order) {
                (None, None) => {}
                (Some(other), None) => self.show_other(turn, sale, other),
                (Some(other), Some(id)) if other != id && self.was_paid(other) => {
                    // An earlier attempt turned out paid: nobody shall pay this one, too.
                    self.counter = Counter::Paying { sale, id };
                    self.stop(turn, id);
                }
                (Some(_) | None, Some(id)) => self.order_goes_on(turn, sale, id),
            },
            Counter::Paying { sale, id } => self.payment_goes_on(turn, sale, id),
            Counter::Switching { sale, id, way, since } => self.switch_goes_on(turn, sale, id, way, since),
            Counter::Result { sale, id, heard, .. } => self.result_goes_on(turn, sale, id, heard),
            Counter::Amount(entry) if entry.is_empty() => {
                let late = self.payments.iter().map(Payment::facts);
                let mut late =
                    late.filter(|facts| facts.stage == Stage::PaidLate && !self.recent.is_deferred(facts.id));
                if let Some(id) = late.next().map(|facts| facts.id) {
                    self.counter = Counter::PaidLate { id };
                    turn.sound(Sound::Attention);
                }
            }
            _waits => {}
        }
    }

    /// An earlier attempt turned out paid: a code that waits alone shall not be paid, too.
    pub(super) fn stop_needless_codes(&mut self, turn: &mut Turn<'_>) {
        let waiting = self.payments.iter().filter(|payment| payment.waits()).map(Payment::facts);
        let needless = waiting.filter(|facts| {
            let other = self.in_the_way(&Sale::of(facts)).filter(|other| *other != facts.id);
            other.is_some_and(|other| self.was_paid(other))
        });
        let needless: Vec<OrderId> = needless.map(|facts| facts.id).collect();
        needless.into_iter().for_each(|id| self.stop(turn, id));
    }

    fn was_paid(&self, id: OrderId) -> bool {
        self.facts(id).is_some_and(|facts| facts.paid.is_some())
    }

    fn order_goes_on(&mut self, turn: &mut Turn<'_>, sale: Sale, id: OrderId) {
        let Some(payment) = self.payment(id) else { return };
        let facts = payment.facts();
        if has_result(facts) && !(facts.is_quiet() && facts.standing() == Standing::Unsettled) {
            return self.show_result(turn, sale, id);
        }
        match (payment.face(), facts.shown) {
            (Face::MakingCode | Face::CodeShown, _) => {}
            (_, true) => self.counter = Counter::Paying { sale, id },
            (_, false) => {
                // No code came: the order is settled in the background, and the customer can still be scanned.
                self.counter = Counter::Collecting { sale, order: None };
                self.refuse(turn, Notice::NoOrderCode);
            }
        }
    }

    fn payment_goes_on(&mut self, turn: &mut Turn<'_>, sale: Sale, id: OrderId) {
        let Some(facts) = self.facts(id) else { return self.counter = Counter::default() };
        if facts.stage == Stage::PaidLate {
            self.counter = Counter::PaidLate { id };
        } else if facts.standing() == Standing::GivingBack {
            self.show_giving_back(turn, id);
        } else if has_result(facts) {
            self.show_result(turn, sale, id);
        }
    }

    fn switch_goes_on(&mut self, turn: &mut Turn<'_>, sale: Sale, id: OrderId, way: Way, since: Mono) {
        let Some(facts) = self.facts(id) else { return self.counter = Counter::default() };
        match facts.end() {
            Some(End::Reversed | End::Refused(_) | End::NotSent) => {
                self.see(id);
                let too_old = since.after(self.settings.timings.scan_age_max_ms) <= turn.mono();
                if matches!(way, Way::Scan(_)) && too_old {
                    self.notify(turn, Notice::NewCode);
                    return self.show_result(turn, sale, id);
                }
                self.take_way(turn, sale, way);
            }
            Some(End::Paid) => self.show_result(turn, sale, id),
            None if has_result(facts) => self.show_result(turn, sale, id),
            None => {}
        }
    }

    fn result_goes_on(&mut self, turn: &mut Turn<'_>, sale: Sale, id: OrderId, heard: Standing) {
        let Some(facts) = self.facts(id) else { return self.counter = Counter::default() };
        if facts.stage == Stage::PaidLate {
            self.counter = Counter::PaidLate { id };
            turn.sound(Sound::Attention);
        } else if facts.standing() != heard {
            self.show_result(turn, sale, id);
        }
    }

    /// Says what became of another attempt, which keeps this sale from being collected again.
    fn show_other(&mut self, turn: &mut Turn<'_>, sale: Sale, other: OrderId) {
        match self.facts(other).map(Facts::standing) {
            Some(Standing::PaidLate) => {
                self.counter = Counter::PaidLate { id: other };
                turn.sound(Sound::Attention);
            }
            Some(Standing::GivingBack) => self.show_giving_back(turn, other),
            Some(Standing::Open) if self.payment(other).is_some_and(Payment::waits) => {
                self.show_code_again(turn, other);
            }
            Some(Standing::Open | Standing::Cancelling) => {
                self.counter = Counter::Paying { sale, id: other };
            }
            Some(
                Standing::Unsettled
                | Standing::Paid
                | Standing::Refused
                | Standing::NotSent
                | Standing::Reversed
                | Standing::PartlyGivenBack
                | Standing::GivenBack,
            )
            | None => self.show_result(turn, sale, other),
        }
    }

    pub(super) fn show_result(&mut self, turn: &mut Turn<'_>, sale: Sale, id: OrderId) {
        let Some(heard) = self.facts(id).map(Facts::standing) else { return };
        let stays = turn.mono().after(self.settings.timings.result_stays_ms);
        let (until, sound) = match heard {
            Standing::Paid => (Some(stays), Sound::Paid),
            Standing::Refused | Standing::NotSent => (Some(stays), Sound::NotPaid),
            Standing::Reversed => (Some(stays), Sound::Cancelled),
            Standing::GivingBack | Standing::PartlyGivenBack | Standing::GivenBack => {
                return self.show_giving_back(turn, id);
            }
            // What is not settled stays until somebody has seen it.
            Standing::Open | Standing::Cancelling | Standing::Unsettled | Standing::PaidLate => {
                (None, Sound::Attention)
            }
        };
        self.counter = Counter::Result { sale, id, heard, until };
        self.see(id);
        turn.sound(sound);
    }

    fn see(&mut self, id: OrderId) {
        if let Some(facts) = self.payments.iter().map(Payment::facts).find(|facts| facts.id == id) {
            self.recent.seen(facts);
        }
    }

    pub(super) fn next_after(&self, id: OrderId) -> Next {
        let Some(sale) = self.facts(id).map(Sale::of) else { return Next::NewSale };
        match self.in_the_way(&sale).and_then(|other| self.facts(other)).map(Facts::standing) {
            None => Next::TryAgain,
            Some(Standing::Unsettled) if self.settings.manager || self.pin_set => Next::TryAgainWithManager,
            Some(
                Standing::Paid
                | Standing::Open
                | Standing::Cancelling
                | Standing::Unsettled
                | Standing::PaidLate
                | Standing::Refused
                | Standing::NotSent
                | Standing::Reversed
                | Standing::GivingBack
                | Standing::PartlyGivenBack
                | Standing::GivenBack,
            ) => Next::NewSale,
        }
    }

    /// The attempt that forbids another one of the same sale (field rule 4): one that is paid or may still be. An
    /// unsettled one does not forbid it once the manager has allowed that; an order that nobody saw never does.
    pub(super) fn in_the_way(&self, sale: &Sale) -> Option<OrderId> {
        let first = sale.first?;
        let attempts = self.payments.iter().map(Payment::facts).chain(self.recent.newest());
        let attempts = attempts.filter(|facts| facts.asked.sale == first && !facts.is_quiet());
        let forbidding = attempts.filter_map(|facts| {
            let rank = match facts.standing() {
                Standing::Paid | Standing::PartlyGivenBack => 3_u8,
                Standing::PaidLate => 2,
                Standing::Open | Standing::Cancelling | Standing::GivingBack => 1,
                Standing::Unsettled if sale.beside.is_none() => 0,
                Standing::Unsettled
                | Standing::Refused
                | Standing::NotSent
                | Standing::Reversed
                | Standing::GivenBack => {
                    return None;
                }
            };
            Some((rank, facts.id))
        });
        forbidding.max().map(|(_, id)| id)
    }

    /// What is known of a transaction, whether it is open or not.
    pub(super) fn facts(&self, id: OrderId) -> Option<&Facts> {
        let sought = || self.sought.as_ref().filter(|facts| facts.id == id);
        self.payment(id).map(Payment::facts).or_else(|| self.recent.find(id)).or_else(sought)
    }

    /// The product that a new sale would be collected by, for the customer's display.
    pub(super) fn takes_codes(&self) -> bool {
        let scanner = self.devices.get(&Device::Scanner);
        let works = matches!(scanner, Some(Health::Working | Health::PaperNearEnd));
        self.settings.payment_codes && works
    }
}

fn has_result(facts: &Facts) -> bool {
    match facts.stage {
        Stage::Unsettled | Stage::Ended(_) => true,
        Stage::Asked | Stage::Cancelling | Stage::PaidLate | Stage::PayingBack | Stage::Refunding => false,
    }
}

/// Payment codes of the last minutes, as fingerprints: a code works once, and a phone is easily held up twice.
#[derive(Clone, Debug)]
pub(crate) struct UsedCodes {
    seed: u64,
    used: Vec<(u64, Mono)>,
    quiet_until: Mono,
}

impl UsedCodes {
    pub(crate) fn new(seed: u64) -> UsedCodes {
        UsedCodes { seed, used: Vec::new(), quiet_until: Mono(0) }
    }

    /// A person asked for the next scan: it is not an echo of the last one.
    pub(super) fn arm(&mut self) {
        self.quiet_until = Mono(0);
    }

    fn is_quiet(&self, now: Mono) -> bool {
        now < self.quiet_until
    }

    /// Remembers a code; `false` if it was used already within its life.
    fn take(&mut self, code: &PaymentCode, now: Mono, life_ms: u64, quiet_ms: u64) -> bool {
        self.used.retain(|(_, until)| *until > now);
        let fingerprint = code
            .reveal()
            .bytes()
            .fold(self.seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
        if self.used.iter().any(|(known, _)| *known == fingerprint) {
            return false;
        }
        self.used.push((fingerprint, now.after(life_ms)));
        self.quiet_until = now.after(quiet_ms);
        true
    }
}
