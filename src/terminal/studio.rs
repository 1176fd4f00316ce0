//! Where pictures are made: one thread that draws screens and papers, and hands them to their devices in order.
//!
//! The loop orders and goes on: the request that follows a scan never waits for a picture. Of several screens that wait,
//! only the newest is drawn.

use std::collections::VecDeque;
use std::io;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use embedded_graphics::prelude::Size;
use embedded_graphics::primitives::Rectangle;
use postern_heart::ask::OrderCode;
use postern_heart::event::Report;
use postern_heart::ids::JobNo;
use postern_heart::receipt::Receipt;
use postern_heart::screen::{CustomerScreen, Screen, View};

use crate::frame::Frame;
use crate::look::Look;
use crate::ports::{Display, Printer, Reporter};
use crate::{paper, ui};

/// The loop's end of the thread, which ends when this is dropped.
pub(super) struct Studio {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
    /// The size of the cashier's display, where there is one.
    pub(super) cashier: Option<Size>,
}

/// What pictures are made of, and the devices that they are for.
pub(super) struct Easel {
    pub(super) look: Look,
    pub(super) cashier: Option<Box<dyn Display>>,
    pub(super) customer: Option<Box<dyn Display>>,
    pub(super) printer: Option<Box<dyn Printer>>,
    pub(super) reporter: Option<Box<dyn Reporter>>,
}

enum Order {
    MakeReady(View),
    Show(View),
    Print { job: JobNo, receipt: Receipt },
    PrintSign { job: JobNo, code: OrderCode },
    Report(Report),
}

impl Studio {
    /// Starts the thread.
    pub(super) fn start(easel: Easel) -> io::Result<Studio> {
        let cashier = easel.cashier.as_ref().map(|display| {
            let (width, height) = display.size();
            Size::new(width, height)
        });
        let (orders, coming) = channel();
        let thread = thread::Builder::new().name("studio".to_owned()).spawn(move || {
            let _alarm = Alarm;
            Artist::new(easel).work(&coming);
        })?;
        Ok(Studio { orders: Some(orders), thread: Some(thread), cashier })
    }

    /// Draws the cashier's screen, and shows it once that is ordered.
    pub(super) fn make_ready(&self, view: View) {
        self.order(Order::MakeReady(view));
    }

    /// Shows the screens.
    pub(super) fn show(&self, view: View) {
        self.order(Order::Show(view));
    }

    /// Prints a paper.
    pub(super) fn print(&self, job: JobNo, receipt: Receipt) {
        self.order(Order::Print { job, receipt });
    }

    /// Prints the shop's static code as a sign.
    pub(super) fn print_sign(&self, job: JobNo, code: OrderCode) {
        self.order(Order::PrintSign { job, code });
    }

    /// Passes on what the terminal reports of itself, after the screens that were ordered before.
    pub(super) fn report(&self, report: Report) {
        self.order(Order::Report(report));
    }

    fn order(&self, order: Order) {
        // The thread takes orders until this is dropped; if it panics, the program ends.
        if let Some(orders) = &self.orders {
            drop(orders.send(order));
        }
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// A terminal whose screen stands still must not go on selling: it ends, and is started again.
struct Alarm;

impl Drop for Alarm {
    fn drop(&mut self) {
        if thread::panicking() {
            std::process::abort();
        }
    }
}

struct Artist {
    look: Look,
    cashier: Option<Canvas>,
    customer: Option<Canvas>,
    printer: Option<Box<dyn Printer>>,
    reporter: Option<Box<dyn Reporter>>,
    /// Which screen the cashier's display shows.
    cashier_sees: Option<Discriminant<Screen>>,
    /// What was drawn of the cashier's screen and is not shown yet.
    ready: Option<View>,
    /// What the customer's display shows.
    customer_sees: Option<CustomerScreen>,
}

impl Artist {
    fn new(Easel { look, cashier, customer, printer, reporter }: Easel) -> Artist {
        let (cashier, customer) = (cashier.map(Canvas::new), customer.map(Canvas::new));
        Artist {
            look,
            cashier,
            customer,
            printer,
            reporter,
            cashier_sees: None,
            ready: None,
            customer_sees: None,
        }
    }

    fn work(&mut self, coming: &Receiver<Order>) {
        let mut waiting = VecDeque::new();
        while let Some(order) = waiting.pop_front().or_else(|| coming.recv().ok()) {
            waiting.extend(coming.try_iter());
            let newer = waiting.iter().any(|order| matches!(order, Order::Show(_)));
            match order {
                Order::MakeReady(_) | Order::Show(_) if newer => {}
                Order::MakeReady(view) => self.make_ready(view),
                Order::Show(view) => self.show(&view),
                Order::Print { job, receipt } => self.print(job, &receipt),
                Order::PrintSign { job, code } => self.print_sign(job, &code),
                Order::Report(report) => self.report(&report),
            }
        }
    }

    fn make_ready(&mut self, view: View) {
        if self.ready.as_ref() != Some(&view) {
            self.draw(&view);
            self.ready = Some(view);
        }
    }

    fn show(&mut self, view: &View) {
        if self.ready.take().is_none_or(|ready| ready != *view) {
            self.draw(view);
        }
        if let Some(canvas) = &mut self.cashier {
            canvas.show();
            self.cashier_sees = Some(discriminant(&view.cashier));
        }
        if self.customer_sees.as_ref() == Some(&view.customer) {
            return;
        }
        if let Some(canvas) = &mut self.customer {
            canvas.draw(false, |frame| ui::draw_customer(&view.customer, &self.look, frame));
            canvas.show();
        }
        self.customer_sees = Some(view.customer.clone());
    }

    /// Draws the cashier's screen. Another screen than the one before differs nearly everywhere: to look where takes longer
    /// than to pass on the rest.
    fn draw(&mut self, view: &View) {
        let other = self.cashier_sees != Some(discriminant(&view.cashier));
        if let Some(canvas) = &mut self.cashier {
            canvas.draw(other, |frame| ui::draw_cashier(view, &self.look, frame));
        }
    }

    fn print_sign(&mut self, job: JobNo, code: &OrderCode) {
        if let Some(printer) = &mut self.printer {
            let raster = paper::counter_sign(code, &self.look, printer.width_dots());
            printer.print(job, raster);
        }
    }

    fn print(&mut self, job: JobNo, receipt: &Receipt) {
        // Without a printer no paper is owed: see the shop's settings.
        if let Some(printer) = &mut self.printer {
            let raster = paper::raster(receipt, &self.look, printer.width_dots());
            printer.print(job, raster);
        }
    }

    fn report(&mut self, report: &Report) {
        if let Some(reporter) = &mut self.reporter {
            reporter.report(report);
        }
    }
}

/// A display, its picture as it was last shown, and the one that is being drawn.
struct Canvas {
    display: Box<dyn Display>,
    front: Arc<Frame>,
    back: Arc<Frame>,
    /// What of the drawn picture is not on the display.
    dirty: Option<Rectangle>,
    shown: bool,
}

impl Canvas {
    fn new(display: Box<dyn Display>) -> Canvas {
        let (width, height) = display.size();
        let [front, back] = [(); 2].map(|()| Arc::new(Frame::new(width, height)));
        Canvas { display, front, back, dirty: None, shown: false }
    }

    /// Draws a picture that nobody sees yet; of a `whole` one all is passed on.
    fn draw(&mut self, whole: bool, draw: impl FnOnce(&mut Frame) -> Vec<String>) {
        // The display still has it where it was slow to take the one after it; then this one is another.
        let cut = draw(Arc::make_mut(&mut self.back));
        if !cut.is_empty() {
            tracing::warn!(count = cut.len(), "a text did not fit on the screen");
        }
        self.dirty = if whole || !self.shown { Some(self.back.area()) } else { self.back.diff(&self.front) };
    }

    /// Passes on what the drawn picture changed.
    fn show(&mut self) {
        if let Some(dirty) = self.dirty.take() {
            self.display.show(&self.back, dirty);
            std::mem::swap(&mut self.front, &mut self.back);
            self.shown = true;
        }
    }
}

#[cfg(test)]
mod tests;
