//! "Give money back": find the payment, choose how much, the manager's PIN, and then what became of it.
//!
//! The cashier never says how: whether a cancellation or a refund is right now is the payment's business.

use alloc::string::String;

use super::counter::Counter;
use super::entry::Entry;
use super::*;
use crate::ask::{Answer, Request, Says, StatusWord};
use crate::event::{Key, Search};
use crate::ids::{Target, UqOrderId};
use crate::money::Amount;
use crate::payment::{Given, Stage};
use crate::record::{Approval, Record};
use crate::screen::{
    FindScreen, GiveBackScreen, GivingBack, GivingBackScreen, MenuItem, NotGivenBack, PinPurpose, Screen,
};

/// The longest number that is typed: an acquirer's may be longer than ours.
const NUMBER_MAX: usize = 40;

impl Desk {
    /// The manager's PIN was there once and is missing: what needs it is locked.
    pub(super) fn pin_missing(&self) -> bool {
        self.pin_set && !self.settings.manager
    }

    /// Whether money can be given back at this counter at all.
    pub(super) fn gives_back(&self) -> bool {
        self.settings.refunds && (self.settings.manager || self.pin_set)
    }

    pub(super) fn give_back_item(&self) -> Option<MenuItem> {
        self.gives_back().then_some(MenuItem::GiveBack)
    }

    /// Whether money of this payment can be given back now.
    pub(super) fn may_give_back(&self, facts: &Facts) -> bool {
        let paid = matches!(facts.stage, Stage::Ended(End::Paid));
        self.gives_back() && paid && !facts.left().is_zero() && !self.is_giving_back(facts.id)
    }

    fn is_giving_back(&self, id: OrderId) -> bool {
        self.payment(id)
            .is_some_and(|payment| matches!(payment.given(), Some(Given::Working | Given::Unknown)))
    }

    /// The menu's way in.
    pub(super) fn find_payment(&mut self, turn: &mut Turn<'_>) {
        if self.pin_missing() {
            return self.refuse(turn, Notice::PinMissing);
        }
        self.used.arm();
        self.counter = Counter::Find { typed: String::new(), asked: None };
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a screen answers the keys that it names, the others do nothing there"
    )]
    pub(super) fn find_key(&mut self, turn: &mut Turn<'_>, mut typed: String, key: Key) {
        match key {
            Key::Digit(digit) if typed.len() < NUMBER_MAX => {
                typed.push(char::from(b'0'.saturating_add(digit.min(9))));
            }
            Key::Letter(letter) if typed.len() < NUMBER_MAX && letter.is_ascii_graphic() => {
                typed.push(letter);
            }
            Key::Clear if !typed.is_empty() => drop(typed.pop()),
            Key::Enter if !typed.is_empty() => turn.effects.push(Effect::Find(Search(typed.clone()))),
            Key::Down | Key::Up => return self.counter = Counter::Recent { chosen: 0 },
            Key::Stop | Key::Clear | Key::Menu => return self.counter = Counter::default(),
            _ignored => {}
        }
        self.counter = Counter::Find { typed, asked: None };
    }

    /// A receipt's code was scanned, or something that is none.
    pub(super) fn receipt_scanned(&mut self, turn: &mut Turn<'_>, id: Option<OrderId>) {
        let Some(id) = id else { return self.refuse(turn, Notice::NoSuchOrder) };
        self.notice = None;
        turn.sound(Sound::Taken);
        turn.effects.push(Effect::Find(Search(String::from(id.as_str()))));
        self.counter = Counter::Find { typed: String::from(id.as_str()), asked: None };
    }

    pub(super) fn found(
        &mut self,
        turn: &mut Turn<'_>,
        search: Search,
        records: Result<Vec<Record>, JournalFault>,
    ) {
        let Counter::Find { typed, asked: None } = self.counter.clone() else { return };
        if typed != search.0 {
            // Somebody else's search: a notification's.
            return;
        }
        let records = match records {
            Ok(records) => records,
            Err(fault) => return self.journal_fault(turn, fault),
        };
        if records.is_empty() {
            return self.ask_about_other(turn, typed, &search.0);
        }
        match Facts::fold(&records) {
            Ok(facts) => {
                let id = facts.id;
                if self.facts(id).is_none() {
                    self.sought = Some(facts);
                }
                self.choose_amount(turn, id);
            }
            Err(misfit) => {
                let detail = alloc::format!("{misfit}");
                self.journal_fault(
                    turn,
                    JournalFault { cause: crate::screen::Cause::JournalDamaged, detail },
                );
            }
        }
    }

    /// The journal does not know it: another terminal's order, or none.
    fn ask_about_other(&mut self, turn: &mut Turn<'_>, typed: String, number: &str) {
        let dashes = number.bytes().filter(|byte| *byte == b'-').count();
        let ours = OrderId::parse(number).filter(|_| dashes == 2);
        let id = match ours {
            Some(id) => Target::Ours(id),
            None => Target::Theirs(UqOrderId(String::from(number))),
        };
        let no = turn.ask(Request::Detail { id, amount: None });
        self.counter = Counter::Find { typed, asked: Some(no) };
    }

    /// What the acquirer says of an order that the journal does not know; `false` where it was not asked that.
    pub(super) fn other_answered(&mut self, turn: &mut Turn<'_>, no: RequestNo, reply: &Reply) -> bool {
        let Counter::Find { typed, asked } = self.counter.clone() else { return false };
        if asked != Some(no) {
            return false;
        }
        self.counter = Counter::Find { typed, asked: None };
        let notice = match reply {
            Reply::Answer(Answer { says: Says::Status(status), .. }) => {
                Notice::OtherTerminals { amount: status.amount, paid: status.state == StatusWord::Success }
            }
            Reply::Answer(Answer { says: Says::Absent, .. }) => Notice::NoSuchOrder,
            Reply::Answer(Answer {
                says: Says::Declined(_) | Says::NotAccepted(_) | Says::Unclear(_),
                ..
            })
            | Reply::NotSent(_)
            | Reply::Unknown(_) => Notice::OrderNotAsked,
        };
        self.refuse(turn, notice);
        true
    }

    /// How much of this payment?
    pub(super) fn choose_amount(&mut self, turn: &mut Turn<'_>, id: OrderId) {
        let Some(facts) = self.facts(id) else { return };
        if self.pin_missing() {
            return self.refuse(turn, Notice::PinMissing);
        }
        if self.is_giving_back(id) {
            return self.refuse(turn, Notice::GivingBackAlready);
        }
        if facts.stage == Stage::PaidLate {
            return self.counter = Counter::PaidLate { id };
        }
        if !self.may_give_back(facts) {
            return self.refuse(turn, Notice::NothingToGiveBack);
        }
        self.counter = Counter::GiveBack { id, entry: Entry::default() };
    }

    pub(super) fn give_back_key(&mut self, turn: &mut Turn<'_>, id: OrderId, mut entry: Entry, key: Key) {
        let Some(left) = self.facts(id).map(Facts::left) else { return self.counter = Counter::default() };
        let (how, currency) = (self.settings.amount_entry, self.settings.currency);
        match key {
            Key::Stop | Key::Menu => return self.counter = Counter::default(),
            Key::Clear if entry.is_empty() => return self.counter = Counter::default(),
            Key::Enter => {
                let amount = if entry.is_empty() { left } else { entry.amount(how, currency) };
                if amount.is_zero() {
                    return self.refuse(turn, Notice::AmountZero);
                }
                if amount.minor() > left.minor() {
                    return self.refuse(turn, Notice::MoreThanLeft(left));
                }
                return self.ask_pin(turn, PinPurpose::GiveBack { payment: id, amount }, None);
            }
            Key::Digit(_)
            | Key::DoubleZero
            | Key::Point
            | Key::Clear
            | Key::Qr
            | Key::Up
            | Key::Down
            | Key::Letter(_) => {
                if let Err(notice) = entry.key(key, how, currency) {
                    self.refuse(turn, notice);
                }
            }
        }
        self.counter = Counter::GiveBack { id, entry };
    }

    /// The manager allowed it: the payment is taken up again.
    pub(super) fn give_back(&mut self, turn: &mut Turn<'_>, id: OrderId, amount: Amount) {
        self.counter = Counter::default();
        let Some(facts) = self.facts(id) else { return };
        if self.is_giving_back(id) {
            return self.refuse(turn, Notice::GivingBackAlready);
        }
        if !self.may_give_back(facts) || amount.minor() > facts.left().minor() {
            return self.refuse(turn, Notice::NothingToGiveBack);
        }
        self.save_own(turn, Fact::Approved(Approval::GiveBack { payment: id, amount }));
        if self.payment(id).is_none() {
            let sought = self.sought.take().filter(|facts| facts.id == id);
            let Some(facts) = self.recent.take(id).or(sought) else { return };
            self.payments.push(Payment::reopen(turn, facts));
        }
        if let Some(payment) = self.payment_mut(id) {
            payment.give_back(turn, amount);
        }
        self.counter = Counter::GivingBack { id, amount, end: None, until: None };
    }

    /// What is known of money that goes back, or went: for a payment that the counter was not serving.
    pub(super) fn show_giving_back(&mut self, turn: &mut Turn<'_>, id: OrderId) {
        let Some(facts) = self.facts(id) else { return self.counter = Counter::default() };
        let amount = match (facts.open_refund(), facts.given_back()) {
            (Some(refund), _) => refund.amount,
            (None, Some(given)) => given.amount,
            (None, None) => facts.left(),
        };
        self.counter = Counter::GivingBack { id, amount, end: None, until: None };
        self.giving_back_goes_on(turn);
    }

    /// Looks after every event whether the money has gone back.
    pub(super) fn giving_back_goes_on(&mut self, turn: &mut Turn<'_>) {
        let Counter::GivingBack { id, amount, end: None, .. } = self.counter else { return };
        let Some(facts) = self.facts(id) else { return self.counter = Counter::default() };
        let left = facts.left();
        let given = match self.payment(id) {
            Some(payment) => payment.given(),
            None => facts.given_back().map(|_| Given::Done),
        };
        let (end, until) = match given {
            Some(Given::Working | Given::Unknown) => return,
            Some(Given::Done) => {
                turn.sound(Sound::GivenBack);
                let until = turn.mono().after(self.settings.timings.result_stays_ms);
                (GivingBack::Done { left }, Some(until))
            }
            Some(Given::Not(why)) => {
                turn.sound(Sound::Attention);
                (GivingBack::Not(why), None)
            }
            None => return self.counter = Counter::default(),
        };
        if let Some(facts) = self.payments.iter().map(Payment::facts).find(|facts| facts.id == id) {
            self.recent.seen(facts);
        }
        self.counter = Counter::GivingBack { id, amount, end: Some(end), until };
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a screen answers the keys that it names, the others do nothing there"
    )]
    pub(super) fn giving_back_key(&mut self, id: OrderId, end: Option<&GivingBack>, key: Key) {
        let unknown = self.payment(id).is_some_and(|payment| payment.given() == Some(Given::Unknown));
        let late = self.facts(id).is_some_and(|facts| facts.stage == Stage::PaidLate);
        match key {
            // It goes on, and calls when it ends.
            Key::Menu if end.is_none() => self.counter = Counter::default(),
            Key::Enter | Key::Stop | Key::Clear if late => self.counter = Counter::PaidLate { id },
            Key::Enter | Key::Stop | Key::Clear if end.is_some() || unknown => {
                self.counter = Counter::default();
            }
            _ignored => {}
        }
    }

    pub(super) fn find_screen(&self, typed: &str, asking: bool) -> Screen {
        Screen::Find(FindScreen { typed: String::from(typed), asking })
    }

    pub(super) fn give_back_screen(&self, id: OrderId, entry: &Entry) -> Screen {
        let Some(facts) = self.facts(id) else { return self.find_screen("", false) };
        let typed = entry.typed(self.settings.amount_entry, self.settings.currency);
        Screen::GiveBack(GiveBackScreen { id, paid: facts.asked.amount, left: facts.left(), typed })
    }

    pub(super) fn giving_back_screen(&self, id: OrderId, amount: Amount, end: Option<&GivingBack>) -> Screen {
        let Some(facts) = self.facts(id) else { return self.find_screen("", false) };
        let unknown = self.payment(id).is_some_and(|payment| payment.given() == Some(Given::Unknown));
        let state = match end {
            Some(end) => end.clone(),
            None if unknown => GivingBack::Unknown,
            None => GivingBack::Working,
        };
        let paper = match &state {
            GivingBack::Done { .. } => self.paper_state(facts),
            GivingBack::Working | GivingBack::Unknown | GivingBack::Not(_) => crate::screen::PaperState::None,
        };
        Screen::GivingBack(GivingBackScreen { id, amount, paid: facts.asked.amount, state, paper })
    }
}

/// What a parked one has come to, where that is not told by where the transaction stands.
pub(super) fn not_given(payment: &Payment) -> Option<Notice> {
    match payment.given() {
        Some(Given::Not(
            NotGivenBack::Refused(_)
            | NotGivenBack::Differs { .. }
            | NotGivenBack::NotPaid
            | NotGivenBack::NotAsked
            | NotGivenBack::NotSent,
        )) => Some(Notice::NotGivenBack(payment.facts().asked.amount)),
        Some(Given::Working | Given::Unknown | Given::Done) | None => None,
    }
}
