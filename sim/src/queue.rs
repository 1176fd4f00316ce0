//! What is going to happen, in order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use postern_heart::ask::{OrderCode, Request};
use postern_heart::event::{Event, Health};
use postern_heart::ids::{OrderId, RequestNo};
use postern_heart::receipt::Receipt;

use crate::fortune::{Luck, Wallet};

/// Something that is going to happen.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A request reaches the acquirer.
    Arrives {
        /// The run of the program that sent it.
        run: u32,
        /// Its number.
        no: RequestNo,
        /// The request.
        request: Request,
        /// What becomes of it.
        luck: Luck,
        /// When its answer is back at the terminal; `None` where none comes back.
        back: Option<u64>,
        /// Whether it still arrives when the terminal loses its power first.
        outlives: bool,
    },
    /// An event reaches the program, if that run of it is still there.
    Inbox {
        /// The run of the program.
        run: u32,
        /// What happened.
        event: Event,
    },
    /// The acquirer finishes a cancellation that it was processing.
    CancelDone {
        /// The cancellation.
        cancel: OrderId,
        /// The payment.
        original: OrderId,
    },
    /// The acquirer finishes a refund that it was processing.
    RefundDone(OrderId),
    /// A notification about a charge arrives, if the terminal is there to hear it.
    Told {
        /// The payment.
        id: OrderId,
        /// It says the opposite of what is so.
        wrong: bool,
    },
    /// A customer pays by the shop's static code.
    PaysByCode,
    /// The acquirer tells of such a payment.
    EntryTold {
        /// The payment, by the book's own id.
        id: OrderId,
        /// How often it was told before.
        times: usize,
    },
    /// A customer holds a phone at the display.
    Scans(OrderCode),
    /// A customer holds a phone at a slip.
    ScansSlip(OrderCode),
    /// A customer answers the wallet.
    Answers(OrderId, Wallet),
    /// A paper comes out of the printer: whole, or a piece of it.
    Paper {
        /// What is on it.
        receipt: Receipt,
        /// It is whole.
        whole: bool,
    },
    /// The cashier looks at the screen.
    Cashier,
    /// The printer's state changes.
    Printer(Health),
    /// The scanner's state changes.
    Scanner(Health),
    /// The wall clock is so many milliseconds off the truth from now on; `None` if it can't be trusted.
    Clock(Option<i64>),
    /// Somebody copies the disk, and puts the copy back when the power fails, which it does soon.
    Copy,
    /// Somebody starts a second terminal from a copy of this one's disk.
    Twin,
    /// The power comes back.
    PowerOn,
}

#[derive(Debug)]
struct Entry {
    at: u64,
    no: u64,
    counter: usize,
    what: Happening,
}

impl Ord for Entry {
    /// The earliest is the greatest, and of two at the same moment the one that was planned first.
    fn cmp(&self, other: &Entry) -> Ordering {
        (other.at, other.no).cmp(&(self.at, self.no))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

/// Everything that is going to happen.
#[derive(Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Entry>,
    planned: u64,
}

impl Queue {
    /// Plans something for a moment, at this counter.
    pub fn plan(&mut self, at: u64, counter: usize, what: Happening) {
        self.planned += 1;
        self.heap.push(Entry { at, no: self.planned, counter, what });
    }

    /// When the next thing happens.
    pub fn next_at(&self) -> Option<u64> {
        self.heap.peek().map(|entry| entry.at)
    }

    /// Takes the next thing and its moment, if it is an event for this run of this counter's program that is as wanted.
    pub fn pop_event(
        &mut self,
        counter: usize,
        run: u32,
        wanted: impl Fn(u64, &Event) -> bool,
    ) -> Option<(u64, Event)> {
        let next = self.heap.peek()?;
        let is_wanted = next.counter == counter
            && matches!(&next.what, Happening::Inbox { run: of, event } if *of == run && wanted(next.at, event));
        let Entry { at, what, .. } = is_wanted.then(|| self.heap.pop()).flatten()?;
        match what {
            Happening::Inbox { event, .. } => Some((at, event)),
            _other => None,
        }
    }

    /// Takes the next thing, and at which counter it happens.
    pub fn pop(&mut self) -> Option<(usize, Happening)> {
        self.heap.pop().map(|entry| (entry.counter, entry.what))
    }
}
