//! What is not a sale: recent transactions, the menu, the PIN, the clock.

use alloc::string::String;
use alloc::vec::Vec;

use super::counter::{Counter, Sale};
use super::recent::summary;
use super::*;
use crate::event::{Key, Pin};
use crate::now::{TypedTime, Wall};
use crate::screen::{MenuItem, PinPurpose, Summary};
use crate::settings::EntryCode;

/// The most digits of a PIN.
const PIN_DIGITS_MAX: usize = 12;
/// `YYYYMMDDhhmm`.
const CLOCK_DIGITS: usize = 12;

impl Desk {
    /// The list: what needs a person first, then the newest.
    pub(super) fn rows(&self) -> Vec<Summary> {
        let mut open: Vec<Summary> =
            self.payments.iter().map(Payment::facts).filter(|facts| !facts.is_quiet()).map(summary).collect();
        open.sort_by_key(|row| match row.standing {
            Standing::PaidLate => 0_u8,
            Standing::Unsettled => 1,
            Standing::Cancelling | Standing::GivingBack => 2,
            Standing::Open => 3,
            Standing::Paid
            | Standing::Refused
            | Standing::NotSent
            | Standing::Reversed
            | Standing::PartlyGivenBack
            | Standing::GivenBack => 4,
        });
        open.extend(self.recent.newest().map(summary));
        open
    }

    pub(super) fn recent_key(&mut self, chosen: usize, key: Key) {
        let rows = self.rows();
        let last = rows.len().saturating_sub(1);
        self.counter = match key {
            Key::Up => Counter::Recent { chosen: chosen.saturating_sub(1) },
            Key::Down => Counter::Recent { chosen: chosen.saturating_add(1).min(last) },
            Key::Enter => match rows.get(chosen) {
                Some(row) if row.standing == Standing::PaidLate => Counter::PaidLate { id: row.id },
                Some(row) => Counter::One { id: row.id, chosen },
                None => Counter::default(),
            },
            Key::Stop | Key::Clear | Key::Menu => Counter::default(),
            Key::Digit(_) | Key::DoubleZero | Key::Point | Key::Qr | Key::Letter(_) => {
                Counter::Recent { chosen }
            }
        };
    }

    pub(super) fn one_key(&mut self, turn: &mut Turn<'_>, id: OrderId, chosen: usize, key: Key) {
        let waits = self.payment(id).is_some_and(Payment::waits);
        match key {
            Key::Enter => self.print_copy(turn, id),
            Key::Qr if waits => self.show_code_again(turn, id),
            Key::Stop if waits => {
                if let Some(sale) = self.facts(id).map(Sale::of) {
                    self.counter = Counter::Paying { sale, id };
                    self.stop(turn, id);
                }
            }
            Key::Stop | Key::Menu => self.counter = Counter::default(),
            Key::Clear | Key::Up | Key::Down => self.counter = Counter::Recent { chosen },
            Key::Digit(2) if self.facts(id).is_some_and(|facts| self.may_give_back(facts)) => {
                self.choose_amount(turn, id);
            }
            Key::Digit(_) | Key::DoubleZero | Key::Point | Key::Qr | Key::Letter(_) => {}
        }
    }

    pub(super) fn menu_items(&self) -> Vec<MenuItem> {
        let mut items = alloc::vec![MenuItem::Recent, MenuItem::CopyOfLast];
        let held = self.paperwork.held();
        if held > 0 {
            items.push(MenuItem::PrintHeld(held));
        }
        items.push(MenuItem::Language);
        if self.settings.manager || self.pin_set {
            items.push(MenuItem::SetClock);
        }
        items.extend(self.give_back_item());
        items.push(MenuItem::CloseDay);
        match self.settings.entry_code {
            EntryCode::Off => {}
            EntryCode::Deaf => items.push(MenuItem::ShopCode { on: false }),
            EntryCode::On(_) => items.push(MenuItem::ShopCode { on: true }),
        }
        items
    }

    pub(super) fn menu_key(&mut self, turn: &mut Turn<'_>, chosen: usize, key: Key) {
        let items = self.menu_items();
        let last = items.len().saturating_sub(1);
        let chosen_by_digit = match key {
            Key::Digit(digit) => usize::from(digit).checked_sub(1),
            Key::Enter => Some(chosen),
            Key::Up | Key::Down | Key::Stop | Key::Clear | Key::Menu => None,
            Key::DoubleZero | Key::Point | Key::Qr | Key::Letter(_) => return,
        };
        self.counter = match key {
            Key::Up => Counter::Menu { chosen: chosen.saturating_sub(1) },
            Key::Down => Counter::Menu { chosen: chosen.saturating_add(1).min(last) },
            Key::Stop | Key::Clear | Key::Menu => Counter::default(),
            Key::Digit(_) | Key::DoubleZero | Key::Point | Key::Enter | Key::Qr | Key::Letter(_) => {
                Counter::Menu { chosen }
            }
        };
        if let Some(item) = chosen_by_digit.and_then(|place| items.get(place)) {
            self.choose(turn, *item);
        }
    }

    fn choose(&mut self, turn: &mut Turn<'_>, item: MenuItem) {
        match item {
            MenuItem::Recent => self.counter = Counter::Recent { chosen: 0 },
            MenuItem::CopyOfLast => {
                let last = self
                    .rows()
                    .into_iter()
                    .filter(|row| row.standing != Standing::Open)
                    .max_by_key(|row| row.at);
                match last {
                    Some(row) => self.print_copy(turn, row.id),
                    None => self.refuse(turn, Notice::NothingToPrint),
                }
            }
            MenuItem::PrintHeld(_) => {
                self.paperwork.release_all();
                self.counter = Counter::default();
            }
            MenuItem::Language => {
                self.language = match self.language {
                    Language::English => Language::Chinese,
                    Language::Chinese => Language::English,
                };
            }
            MenuItem::ShopCode { on: false } => self.refuse(turn, Notice::NothingListens),
            MenuItem::ShopCode { on: true } => self.counter = Counter::ShopCode,
            MenuItem::SetClock => self.ask_pin(turn, PinPurpose::SetClock, None),
            MenuItem::GiveBack => self.find_payment(turn),
            MenuItem::CloseDay => self.close_day(turn),
        }
    }

    pub(super) fn ask_pin(&mut self, turn: &mut Turn<'_>, purpose: PinPurpose, sale: Option<Sale>) {
        if self.pin_missing() {
            return self.refuse(turn, Notice::PinMissing);
        }
        let digits = String::new();
        self.counter = Counter::Pin { digits, purpose, sale, wrong: false, checking: false };
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a screen answers the keys that it names, the others do nothing there"
    )]
    pub(super) fn pin_key(
        &mut self,
        turn: &mut Turn<'_>,
        mut digits: String,
        purpose: PinPurpose,
        sale: Option<Sale>,
        key: Key,
    ) {
        let mut checking = false;
        match key {
            Key::Digit(digit) if digits.len() < PIN_DIGITS_MAX => {
                digits.push(char::from(b'0'.saturating_add(digit)))
            }
            Key::Clear if !digits.is_empty() => drop(digits.pop()),
            Key::Clear | Key::Stop => return self.counter = Counter::default(),
            Key::Enter if !digits.is_empty() => {
                turn.effects.push(Effect::CheckPin(Pin::new(core::mem::take(&mut digits))));
                checking = true;
            }
            _ignored => {}
        }
        self.counter = Counter::Pin { digits, purpose, sale, wrong: false, checking };
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a screen answers the keys that it names, the others do nothing there"
    )]
    pub(super) fn clock_key(&mut self, turn: &mut Turn<'_>, mut typed: String, key: Key) {
        match key {
            Key::Digit(digit) if typed.len() < CLOCK_DIGITS => {
                typed.push(char::from(b'0'.saturating_add(digit)))
            }
            Key::Clear if !typed.is_empty() => drop(typed.pop()),
            Key::Clear | Key::Stop => return self.counter = Counter::default(),
            Key::Enter => match typed_time(&typed) {
                Some(time) => turn.effects.push(Effect::SetClock(time)),
                None => self.refuse(turn, Notice::TimeRefused),
            },
            _ignored => {}
        }
        self.counter = Counter::Clock { typed };
    }

    pub(super) fn clock_set(&mut self, turn: &mut Turn<'_>, to: Option<Wall>) {
        match to {
            Some(to) => {
                self.save_own(turn, Fact::ClockSet { to });
                self.service.clock_was_set(turn.mono());
                self.counter = Counter::default();
                self.notify(turn, Notice::TimeSet);
            }
            None => self.refuse(turn, Notice::TimeRefused),
        }
    }
}

fn typed_time(typed: &str) -> Option<TypedTime> {
    if typed.len() != CLOCK_DIGITS {
        return None;
    }
    let part = |from: usize, to: usize| typed.get(from..to)?.parse::<i16>().ok();
    let small = |from, to| i8::try_from(part(from, to)?).ok();
    Some(TypedTime {
        year: part(0, 4)?,
        month: small(4, 6)?,
        day: small(6, 8)?,
        hour: small(8, 10)?,
        minute: small(10, 12)?,
    })
}
