//! A terminal's hands: the heart's effects, performed on the ports of this counter.

use std::io;

use embedded_graphics::prelude::Point;
use postern_heart::ask::{Ask, OrderCode};
use postern_heart::day::ComparisonNo;
use postern_heart::event::{Effect, JournalFault, Key, Opened, Pin, Report, Search, Sound};
use postern_heart::ids::JobNo;
use postern_heart::news::{NewsNo, Taken};
use postern_heart::now::{Now, TypedTime, Wall};
use postern_heart::perform::{Hands, Saving};
use postern_heart::receipt::Receipt;
use postern_heart::record::Record;
use postern_heart::screen::View;

use crate::board::{Devices, Ports};
use crate::clock::{Clock, Floor};
use crate::look::{Keypad, Look};
use crate::pin::PinChecker;
use crate::ports::{Acquirer, Bookkeeper, Journal, Notifications};
use crate::ui;

mod studio;

use studio::{Easel, Studio};

/// All that a counter is made of, behind the heart's effects.
pub struct Terminal {
    clock: Clock,
    floor: Floor,
    journal: Box<dyn Journal>,
    acquirer: Box<dyn Acquirer>,
    studio: Studio,
    keypad: Keypad,
    devices: Devices,
    pin: Option<PinChecker>,
    notifications: Option<Box<dyn Notifications>>,
    bookkeeper: Option<Box<dyn Bookkeeper>>,
    view: Option<View>,
    report: Option<Report>,
    /// What was saved and is not in the log yet: first the request leaves, then it is told.
    untold: Vec<Record>,
}

/// What a terminal is made from.
pub struct Parts {
    /// The clocks.
    pub clock: Clock,
    /// The earliest moment that it can be; every record raises it.
    pub floor: Floor,
    /// The journal.
    pub journal: Box<dyn Journal>,
    /// The acquirer's client.
    pub acquirer: Box<dyn Acquirer>,
    /// The devices.
    pub ports: Ports,
    /// Fonts, texts, the shop's sign.
    pub look: Look,
    /// Who compares the manager's PIN; none where there is none.
    pub pin: Option<PinChecker>,
    /// Who answers the acquirer's notifications; none where nothing listens for them.
    pub notifications: Option<Box<dyn Notifications>>,
    /// Who compares days with the acquirer.
    pub bookkeeper: Option<Box<dyn Bookkeeper>>,
}

impl Terminal {
    /// Puts a terminal together.
    ///
    /// # Errors
    /// The system gives no thread to draw on.
    pub fn new(parts: Parts) -> io::Result<Terminal> {
        let Parts { clock, floor, journal, acquirer, ports, look, pin, notifications, bookkeeper } = parts;
        let Ports { display: cashier, customer, printer, reporter, devices } = ports;
        let keypad = look.keypad;
        let studio = Studio::start(Easel { look, cashier, customer, printer, reporter })?;
        let (view, report, untold) = (None, None, Vec::new());
        Ok(Terminal {
            clock,
            floor,
            journal,
            acquirer,
            studio,
            keypad,
            devices,
            pin,
            notifications,
            bookkeeper,
            view,
            report,
            untold,
        })
    }

    /// Does its housekeeping, in a moment when nobody waits.
    pub fn tidy(&mut self) {
        if let Err(fault) = self.journal.tidy() {
            tracing::warn!(detail = fault.detail, "the journal could not be tidied");
        }
    }

    /// Draws a screen that is likely to come; nobody sees it before it is ordered.
    pub fn draw_ahead(&self, view: View) {
        self.studio.make_ready(view);
    }

    /// Does what had to wait for the effects of an event: the journal's mark, the log.
    fn tell(&mut self) {
        if self.untold.is_empty() {
            return;
        }
        self.journal.mark();
        for Record { transaction, fact, .. } in self.untold.drain(..) {
            tracing::info!(transaction = transaction.map(tracing::field::display), ?fact, "saved");
        }
    }

    /// The keys that a touch of the cashier's screen stands for.
    pub fn keys_at(&self, x: u32, y: u32) -> Vec<Key> {
        let (Some(view), Some(size)) = (&self.view, self.studio.cashier) else { return Vec::new() };
        let at = Point::new(x.try_into().unwrap_or(-1), y.try_into().unwrap_or(-1));
        ui::keys_at(view, self.keypad, size, at)
    }
}

impl Hands for Terminal {
    fn now(&mut self) -> Now {
        self.clock.now()
    }

    fn save(&mut self, records: &[Saving]) -> Result<(), JournalFault> {
        let saved = match records {
            [Saving { record, open }] => self.journal.save(record, *open),
            several => self.journal.save_all(several),
        };
        saved.inspect_err(out_of_service)?;
        for Saving { record, .. } in records {
            if let Some(at) = record.at {
                self.floor.raise(at);
            }
            self.untold.push(record.clone());
        }
        Ok(())
    }

    fn make_ready(&mut self, following: &[Effect]) {
        // Only the first of them: a picture that is drawn meanwhile would be in the request's way.
        for effect in following {
            match effect {
                Effect::Ask(ask) => return self.acquirer.make_ready(ask),
                Effect::Show(view) => return self.studio.make_ready(view.clone()),
                _ => {}
            }
        }
    }

    fn read_journal(&mut self) -> Result<Opened, JournalFault> {
        self.journal.read().inspect_err(out_of_service)
    }

    fn find(&mut self, search: &Search) -> Result<Vec<Record>, JournalFault> {
        self.journal.find(search).inspect_err(out_of_service)
    }

    fn ask(&mut self, ask: Ask) {
        self.acquirer.ask(ask);
    }

    fn acknowledge(&mut self, no: NewsNo, taken: Taken) {
        if let Some(notifications) = &mut self.notifications {
            notifications.acknowledge(no, taken);
        }
    }

    fn compare(&mut self, at: Wall) {
        if let Some(bookkeeper) = &mut self.bookkeeper {
            bookkeeper.compare(at);
        }
    }

    fn recorded(&mut self, no: ComparisonNo) {
        if let Some(bookkeeper) = &mut self.bookkeeper {
            bookkeeper.recorded(no);
        }
    }

    fn warm(&mut self) {
        self.acquirer.warm();
    }

    fn show(&mut self, view: View) {
        self.studio.show(view.clone());
        if let Some(lamp) = &mut self.devices.lamp
            && self.view.as_ref().is_none_or(|before| before.lamp != view.lamp)
        {
            lamp.set(view.lamp);
        }
        self.view = Some(view);
    }

    fn play(&mut self, sound: Sound) {
        if let Some(buzzer) = &mut self.devices.buzzer {
            buzzer.play(sound);
        }
    }

    fn print(&mut self, job: JobNo, receipt: Receipt) {
        self.studio.print(job, receipt);
    }

    fn print_sign(&mut self, job: JobNo, code: OrderCode) {
        self.studio.print_sign(job, code);
    }

    fn check_pin(&mut self, pin: Pin) {
        if let Some(checker) = &mut self.pin {
            checker.check(pin);
        }
    }

    fn set_clock(&mut self, typed: TypedTime) -> Option<Wall> {
        self.clock.set(typed)
    }

    fn report(&mut self, report: Report) {
        self.tell();
        if self.report.as_ref() == Some(&report) {
            return;
        }
        self.studio.report(report.clone());
        self.report = Some(report);
    }
}

/// Writes down why the journal is not there: the screen has room for the cause alone.
pub(crate) fn out_of_service(fault: &JournalFault) {
    tracing::error!(detail = fault.detail, "out of service");
}
