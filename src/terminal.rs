//! A terminal's hands: the heart's effects, performed on the ports of this counter.

use embedded_graphics::prelude::{Point, Size};
use postern_heart::ask::Ask;
use postern_heart::event::{JournalFault, Key, Opened, Pin, Report, Search, Sound};
use postern_heart::ids::JobNo;
use postern_heart::news::{NewsNo, Taken};
use postern_heart::now::{Now, TypedTime, Wall};
use postern_heart::receipt::Receipt;
use postern_heart::record::Record;
use postern_heart::screen::View;

use crate::app::Hands;
use crate::board::Ports;
use crate::clock::{Clock, Floor};
use crate::frame::Frame;
use crate::look::Look;
use crate::pin::PinChecker;
use crate::ports::{Acquirer, Display, Journal, Notifications};
use crate::{paper, ui};

/// All that a counter is made of, behind the heart's effects.
pub struct Terminal {
    clock: Clock,
    floor: Floor,
    journal: Box<dyn Journal>,
    acquirer: Box<dyn Acquirer>,
    ports: Ports,
    look: Look,
    pin: Option<PinChecker>,
    notifications: Option<Box<dyn Notifications>>,
    cashier: Option<Canvas>,
    customer: Option<Canvas>,
    view: Option<View>,
    report: Option<Report>,
}

/// A display's picture as it was last drawn, and the one that is being drawn.
struct Canvas {
    front: Frame,
    back: Frame,
    drawn: bool,
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
}

impl Terminal {
    /// Puts a terminal together.
    pub fn new(parts: Parts) -> Terminal {
        let Parts { clock, floor, journal, acquirer, ports, look, pin, notifications } = parts;
        let cashier = ports.display.as_deref().map(Canvas::new);
        let customer = ports.customer.as_deref().map(Canvas::new);
        let (view, report) = (None, None);
        Terminal {
            clock,
            floor,
            journal,
            acquirer,
            ports,
            look,
            pin,
            notifications,
            cashier,
            customer,
            view,
            report,
        }
    }

    /// Does what can wait, in a moment when nobody waits.
    pub fn idle(&mut self) {
        if let Err(fault) = self.journal.tidy() {
            tracing::warn!(detail = fault.detail, "the journal could not be tidied");
        }
    }

    /// The keys that a touch of the cashier's screen stands for.
    pub fn keys_at(&self, x: u32, y: u32) -> Vec<Key> {
        let (Some(view), Some(canvas)) = (&self.view, &self.cashier) else { return Vec::new() };
        let at = Point::new(x.try_into().unwrap_or(-1), y.try_into().unwrap_or(-1));
        ui::keys_at(view, self.look.keypad, Size::new(canvas.front.width(), canvas.front.height()), at)
    }
}

impl Hands for Terminal {
    fn now(&mut self) -> Now {
        self.clock.now()
    }

    fn save(&mut self, record: &Record, open: bool) -> Result<(), JournalFault> {
        self.journal.save(record, open).inspect_err(out_of_service)?;
        if let Some(at) = record.at {
            self.floor.raise(at);
        }
        tracing::info!(transaction = record.transaction.map(tracing::field::display), fact = ?record.fact, "saved");
        Ok(())
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

    fn warm(&mut self) {
        self.acquirer.warm();
    }

    fn show(&mut self, view: View) {
        let before = self.view.as_ref();
        let look = &self.look;
        if let (Some(canvas), Some(display)) = (&mut self.cashier, &mut self.ports.display) {
            canvas.show(display.as_mut(), |frame| ui::draw_cashier(&view, look, frame));
        }
        let news = before.is_none_or(|before| before.customer != view.customer);
        if let (Some(canvas), Some(display), true) = (&mut self.customer, &mut self.ports.customer, news) {
            canvas.show(display.as_mut(), |frame| ui::draw_customer(&view.customer, look, frame));
        }
        if let Some(lamp) = &mut self.ports.lamp
            && before.is_none_or(|before| before.lamp != view.lamp)
        {
            lamp.set(view.lamp);
        }
        self.view = Some(view);
    }

    fn play(&mut self, sound: Sound) {
        if let Some(buzzer) = &mut self.ports.buzzer {
            buzzer.play(sound);
        }
    }

    fn print(&mut self, job: JobNo, receipt: Receipt) {
        // Without a printer no paper is owed, and without a PIN none is asked for: see the shop's settings.
        if let Some(printer) = &mut self.ports.printer {
            let raster = paper::raster(&receipt, &self.look, printer.width_dots());
            printer.print(job, raster);
        }
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
        if self.report.as_ref() == Some(&report) {
            return;
        }
        if let Some(reporter) = &mut self.ports.reporter {
            reporter.report(&report);
        }
        self.report = Some(report);
    }
}

impl Canvas {
    fn new(display: &(impl Display + ?Sized)) -> Canvas {
        let (width, height) = display.size();
        Canvas { front: Frame::new(width, height), back: Frame::new(width, height), drawn: false }
    }

    /// Draws, and passes on what changed.
    fn show(&mut self, display: &mut dyn Display, draw: impl FnOnce(&mut Frame) -> Vec<String>) {
        let cut = draw(&mut self.back);
        if !cut.is_empty() {
            tracing::warn!(count = cut.len(), "a text did not fit on the screen");
        }
        let dirty = if self.drawn { self.back.diff(&self.front) } else { Some(self.back.area()) };
        if let Some(dirty) = dirty {
            display.show(&self.back, dirty);
            std::mem::swap(&mut self.front, &mut self.back);
            self.drawn = true;
        }
    }
}

/// Writes down why the journal is not there: the screen has room for the cause alone.
pub(crate) fn out_of_service(fault: &JournalFault) {
    tracing::error!(detail = fault.detail, "out of service");
}
