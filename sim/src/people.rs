//! The people at the counter: a cashier who presses at the worst moment, and one who puts everything right.

use std::collections::VecDeque;

use postern_heart::code::Scanned;
use postern_heart::event::{Event, Health, Key};
use postern_heart::ids::OrderId;
use postern_heart::screen::{CodeState, GivingBack, MenuItem, Outcome, Screen, Standing, View};

use crate::outside::PIN;
use crate::random::Random;

/// What a person does next.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Something that the terminal notices.
    Event(Event),
    /// Waits so many milliseconds before looking again.
    Wait(u64),
}

/// One step of a script.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Presses these keys: digits and `.`, `e` enter, `c` clear, `s` stop, `q` qr, `m` menu, `u` up, `d` down.
    Press(&'static str),
    /// Types the manager's PIN and Enter.
    Pin,
    /// Scans a fresh payment code.
    Scan,
    /// Scans the code of the scan before again.
    ScanAgain,
    /// Waits until one of these screens is there, at most four minutes.
    Await(&'static [&'static str]),
    /// Waits so many milliseconds.
    Wait(u64),
    /// The printer's state changes.
    Printer(Health),
    /// The wall clock is so many milliseconds off from now on; `None` if it can't be trusted.
    Clock(Option<i64>),
    /// Somebody copies the disk, and puts the copy back when the power has failed.
    Copy,
    /// A customer pays by the shop's static code.
    PayByCode,
    /// Somebody starts a second terminal from a copy of the disk; its cashier follows the script's other half.
    Twin,
    /// The power fails; the script goes on when it is back.
    PowerCut,
}

/// The cashier.
#[derive(Clone, Debug, Default)]
pub struct Cashier {
    codes: u64,
    last_code: Option<String>,
    /// The number on the receipt that is at hand.
    pub last_id: Option<OrderId>,
    /// How often a late payment's money was given back.
    paid_back: u32,
    /// What a script still has in hand.
    pub script: VecDeque<Step>,
    /// Goes on with the script after a power cut.
    goes_on: bool,
    patience: u32,
    /// How often a script looked for a screen.
    pub waited: u32,
}

impl Cashier {
    /// A cashier whose customers have other codes than those at any other terminal.
    pub fn at(counter: usize) -> Cashier {
        Cashier { codes: 1_000_000 * counter as u64, ..Cashier::default() }
    }

    /// Follows a script, also after a power cut if it `goes_on`.
    pub fn follows(&mut self, steps: &[Step], goes_on: bool) {
        self.script = steps.iter().copied().collect();
        self.goes_on = goes_on;
    }

    /// The power has failed, and no script said so.
    pub fn startled(&mut self) {
        if !self.goes_on {
            self.script.clear();
        }
    }

    /// A payment code that nobody used before.
    pub fn fresh_code(&mut self) -> Event {
        self.codes += 1;
        let code = format!("28{:016}", 1_000 + self.codes);
        self.last_code = Some(code.clone());
        scan(&code)
    }

    /// The code of the scan before, or a fresh one.
    pub fn same_code(&mut self) -> Event {
        match self.last_code.clone() {
            Some(code) => scan(&code),
            None => self.fresh_code(),
        }
    }

    fn some_scan(&mut self, random: &mut Random) -> Event {
        match random.between(0, 19) {
            0 => self.same_code(),
            1 => scan("https://wallet.example/other"),
            2 => match self.last_id {
                Some(id) => scan(id.as_str()),
                None => scan(""),
            },
            3 => scan("134567890123456789"),
            _ => self.fresh_code(),
        }
    }

    /// Sells, more or less: looks at the screen and does something.
    pub fn sells(&mut self, view: &View, random: &mut Random) -> Vec<Deed> {
        let mut deeds = Deeds::default();
        if random.chance(20) {
            deeds.event(self.some_scan(random));
        }
        if random.chance(20) {
            deeds.key(any_key(random));
        }
        match &view.cashier {
            Screen::Amount(amount) if amount.hindrance.is_some() => self.is_hindered(random, &mut deeds),
            Screen::Amount(_) => self.begins(random, &mut deeds),
            Screen::ConfirmAmount { .. } | Screen::SameAmount { .. } => {
                deeds.key(if random.chance(850) { Key::Enter } else { Key::Stop });
            }
            Screen::Collecting(collecting) => match &collecting.code {
                CodeState::Shown(_) => match random.between(0, 19) {
                    0 | 1 => self.scans(random, &mut deeds),
                    2 => deeds.key(Key::Stop),
                    3 | 4 => deeds.key(Key::Menu),
                    5 => deeds.key(Key::Digit(1)),
                    6..=9 if collecting.until.is_some() => deeds.key(Key::Menu),
                    _ => deeds.wait(random.between(1_000, 15_000)),
                },
                CodeState::Making => match random.between(0, 9) {
                    0 => self.scans(random, &mut deeds),
                    1 => deeds.key(Key::Stop),
                    _ => deeds.wait(random.between(100, 2_000)),
                },
                CodeState::Absent | CodeState::OnKey => match random.between(0, 9) {
                    0..=5 => self.scans(random, &mut deeds),
                    6 => deeds.key(Key::Qr),
                    7 => deeds.key(random.pick(Key::Qr, &[Key::Digit(1), Key::Digit(2)])),
                    8 => deeds.key(Key::Stop),
                    _ => deeds.wait(random.between(500, 5_000)),
                },
            },
            Screen::Asking { .. } | Screen::Confirm(_) | Screen::Unknown(_) => match random.between(0, 11) {
                0 => deeds.key(Key::Stop),
                1 | 2 => deeds.key(Key::Menu),
                3 => deeds.key(Key::Enter),
                _ => deeds.wait(random.between(500, 15_000)),
            },
            Screen::Cancelling { .. } => match random.between(0, 5) {
                0 => deeds.key(Key::Stop),
                1 => deeds.event(self.some_scan(random)),
                2 => deeds.key(Key::Menu),
                _ => deeds.wait(random.between(500, 8_000)),
            },
            Screen::Result(result) => {
                self.last_id = Some(result.id);
                match random.between(0, 9) {
                    0..=3 => deeds.key(Key::Enter),
                    4 => deeds.key(Key::Menu),
                    5 | 6 => deeds.key(Key::Stop),
                    7 => deeds.key(Key::Digit(8)),
                    _ => deeds.wait(random.between(500, 20_000)),
                }
            }
            Screen::PaidLate(_) => match random.between(0, 9) {
                0..=3 => deeds.key(Key::Digit(1)),
                4..=6 => deeds.key(Key::Digit(2)),
                7 => deeds.key(Key::Stop),
                _ => deeds.wait(random.between(500, 20_000)),
            },
            Screen::One(one) if one.may_give_back && random.chance(600) => {
                self.last_id = Some(one.summary.id);
                deeds.key(Key::Digit(2));
            }
            Screen::One(one) if one.waits_until.is_some() => {
                deeds.key(random.pick(Key::Qr, &[Key::Qr, Key::Enter, Key::Stop, Key::Clear]));
            }
            Screen::Menu(menu) if random.chance(600) => {
                let place = menu.items.iter().position(|item| *item == MenuItem::GiveBack);
                deeds.key(place.map_or(Key::Stop, |place| Key::Digit(place as u8 + 1)));
            }
            Screen::Find(_) => match (self.last_id, random.between(0, 5)) {
                (Some(id), 0..=3) => deeds.event(scan(id.as_str())),
                (_, 4) => deeds.event(self.some_scan(random)),
                _ => deeds.key(random.pick(Key::Stop, &[Key::Down, Key::Letter('H'), Key::Enter])),
            },
            Screen::GiveBack(_) => match random.between(0, 9) {
                0 => deeds.key(Key::Stop),
                1..=5 => deeds.key(Key::Enter),
                _ => {
                    deeds.press(random.pick("4", &["0.05", "8", "12.5", "99999"]));
                    deeds.key(Key::Enter);
                }
            },
            Screen::GivingBack(_) => match random.between(0, 5) {
                0 => deeds.key(Key::Menu),
                1 | 2 => deeds.key(Key::Enter),
                _ => deeds.wait(random.between(500, 20_000)),
            },
            Screen::Recent(_)
            | Screen::One(_)
            | Screen::Menu(_)
            | Screen::ShopCode(_)
            | Screen::DayClose(_) => match random.between(0, 5) {
                0 => deeds.key(Key::Enter),
                1 => deeds.key(Key::Down),
                2 => deeds.key(any_key(random)),
                _ => deeds.key(Key::Stop),
            },
            Screen::Pin { checking: true, .. } | Screen::OutOfService(_) => deeds.wait(1_000),
            Screen::Pin { digits, .. } => {
                if *digits > 0 || random.chance(100) {
                    deeds.key(Key::Stop);
                } else {
                    deeds.press(if random.chance(800) { PIN } else { "1111" });
                    deeds.key(Key::Enter);
                }
            }
            Screen::Clock { typed } => {
                if typed.is_empty() {
                    deeds.press("202603101200");
                }
                deeds.key(if random.chance(700) { Key::Enter } else { Key::Stop });
            }
        }
        deeds.0
    }

    fn begins(&mut self, random: &mut Random, deeds: &mut Deeds) {
        match random.between(0, 19) {
            0 => return deeds.key(Key::Down),
            1 => return deeds.key(Key::Menu),
            3..=5 => return deeds.key(if random.chance(800) { Key::Menu } else { Key::Down }),
            2 => return deeds.wait(random.between(1_000, 30_000)),
            _ => {}
        }
        deeds.key(Key::Stop);
        deeds.press(random.pick("12.5", &["12.5", "8", "40", "1250", "6000", "0.05"]));
        deeds.key(if random.chance(650) { Key::Enter } else { Key::Qr });
    }

    fn is_hindered(&mut self, random: &mut Random, deeds: &mut Deeds) {
        match random.between(0, 5) {
            0 => {
                deeds.press("8");
                deeds.key(Key::Enter);
            }
            1 => deeds.press("m4"),
            2 => deeds.press("m3"),
            _ => deeds.wait(random.between(1_000, 10_000)),
        }
    }

    fn scans(&mut self, random: &mut Random, deeds: &mut Deeds) {
        let event = self.some_scan(random);
        if random.chance(150) {
            deeds.event(event.clone());
        }
        deeds.event(event);
        deeds.wait(random.between(200, 3_000));
    }

    /// Puts everything right: begins nothing, answers what is asked, prints what waits.
    pub fn settles(&mut self, view: &View) -> Vec<Deed> {
        let mut deeds = Deeds::default();
        self.patience += 1;
        match &view.cashier {
            Screen::Amount(amount) if amount.typed.is_some() => deeds.key(Key::Stop),
            Screen::Amount(_) if view.strip.held > 0 && self.patience.is_multiple_of(2) => {
                deeds.key(Key::Menu)
            }
            Screen::Amount(_) if view.strip.unsettled > 0 => deeds.key(Key::Down),
            Screen::Amount(_) => {}
            Screen::Menu(menu) => {
                let held = menu.items.iter().position(|item| matches!(item, MenuItem::PrintHeld(_)));
                match held {
                    Some(place) => deeds.key(Key::Digit(place as u8 + 1)),
                    None => deeds.key(Key::Stop),
                }
            }
            Screen::Recent(recent) => {
                let late = recent.rows.first().is_some_and(|row| row.standing == Standing::PaidLate);
                deeds.key(if late && recent.chosen == 0 { Key::Enter } else { Key::Stop });
            }
            Screen::PaidLate(late) if late.can_pay_back && self.paid_back.is_multiple_of(2) => {
                self.paid_back += 1;
                deeds.key(Key::Digit(2));
            }
            Screen::PaidLate(_) => {
                self.paid_back += 1;
                deeds.key(Key::Digit(1));
            }
            Screen::Result(result) => match result.outcome {
                Outcome::Unsettled { .. } => deeds.key(Key::Stop),
                _ => deeds.key(Key::Clear),
            },
            Screen::GivingBack(giving) => deeds.key(match giving.state {
                GivingBack::Working | GivingBack::Unknown => Key::Menu,
                GivingBack::Done { .. } | GivingBack::Not(_) => Key::Clear,
            }),
            Screen::ConfirmAmount { .. }
            | Screen::SameAmount { .. }
            | Screen::Find(_)
            | Screen::GiveBack(_)
            | Screen::Pin { .. }
            | Screen::Clock { .. }
            | Screen::ShopCode(_)
            | Screen::DayClose(_)
            | Screen::Collecting(_) => deeds.key(Key::Stop),
            Screen::One(_) => deeds.key(Key::Menu),
            Screen::Asking { .. }
            | Screen::Confirm(_)
            | Screen::Unknown(_)
            | Screen::Cancelling { .. }
            | Screen::OutOfService(_) => {}
        }
        deeds.wait(if self.patience < 40 { 3_000 } else { 60_000 });
        deeds.0
    }
}

#[derive(Default)]
struct Deeds(Vec<Deed>);

impl Deeds {
    fn key(&mut self, key: Key) {
        self.event(Event::KeyPressed(key));
    }

    fn event(&mut self, event: Event) {
        self.0.push(Deed::Event(event));
    }

    fn wait(&mut self, ms: u64) {
        self.0.push(Deed::Wait(ms));
    }

    fn press(&mut self, keys: &str) {
        keys.chars().filter_map(key_of).for_each(|key| self.key(key));
    }
}

fn scan(text: &str) -> Event {
    Event::CodeScanned(Scanned::new(text.to_string()))
}

fn any_key(random: &mut Random) -> Key {
    random.pick(
        Key::Stop,
        &[
            Key::Enter,
            Key::Clear,
            Key::Qr,
            Key::Menu,
            Key::Up,
            Key::Down,
            Key::Point,
            Key::DoubleZero,
            Key::Digit(1),
            Key::Digit(2),
            Key::Digit(3),
        ],
    )
}

/// The key that a letter of a script stands for.
pub fn key_of(letter: char) -> Option<Key> {
    Some(match letter {
        '0'..='9' => Key::Digit(letter as u8 - b'0'),
        '.' => Key::Point,
        'e' => Key::Enter,
        'c' => Key::Clear,
        's' => Key::Stop,
        'q' => Key::Qr,
        'm' => Key::Menu,
        'u' => Key::Up,
        'd' => Key::Down,
        _ => return None,
    })
}
