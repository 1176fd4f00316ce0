//! Who must look again: a version number for each thing that the page draws.
//!
//! Parts *tell*; the page's event streams and waiting scripts *listen*. Numbers only ever grow and carry no content, so
//! a slow listener misses nothing: it fetches what is there now.

use std::sync::Mutex;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::{broadcast, watch};

use super::hold;

/// A thing that the page draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Power, lamp, drawer, printer, scanner, the terminal's report.
    State,
    /// The cashier's display.
    Screen,
    /// The customer's display.
    Customer,
    /// Dots on paper.
    Paper,
    /// The acquirer's book.
    Book,
    /// The plain-words story of what happened.
    Story,
}

/// How often each thing has changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Versions {
    pub(crate) state: u64,
    pub(crate) screen: u64,
    pub(crate) customer: u64,
    pub(crate) paper: u64,
    pub(crate) book: u64,
    pub(crate) story: u64,
}

impl Versions {
    /// One number that grows whenever anything does.
    pub(crate) fn total(&self) -> u64 {
        self.state + self.screen + self.customer + self.paper + self.book + self.story
    }

    fn of(&mut self, topic: Topic) -> &mut u64 {
        match topic {
            Topic::State => &mut self.state,
            Topic::Screen => &mut self.screen,
            Topic::Customer => &mut self.customer,
            Topic::Paper => &mut self.paper,
            Topic::Book => &mut self.book,
            Topic::Story => &mut self.story,
        }
    }
}

/// The bench's notice board.
#[derive(Debug)]
pub(crate) struct News {
    versions: watch::Sender<Versions>,
    tones: broadcast::Sender<Value>,
    last_tone: Mutex<Option<Value>>,
}

impl News {
    pub(crate) fn new() -> News {
        News {
            versions: watch::Sender::new(Versions::default()),
            tones: broadcast::Sender::new(16),
            last_tone: Mutex::new(None),
        }
    }

    /// Says that a thing has changed.
    pub(crate) fn tell(&self, topic: Topic) {
        self.versions.send_modify(|versions| *versions.of(topic) += 1);
    }

    /// Passes a tone on to every page that is open now.
    pub(crate) fn sound(&self, tone: Value) {
        *hold(&self.last_tone) = Some(tone.clone());
        // No page is open: nobody hears it, and that is no fault.
        let _ = self.tones.send(tone);
        self.tell(Topic::State);
    }

    pub(crate) fn last_tone(&self) -> Option<Value> {
        hold(&self.last_tone).clone()
    }

    pub(crate) fn versions(&self) -> Versions {
        *self.versions.borrow()
    }

    pub(crate) fn listen(&self) -> watch::Receiver<Versions> {
        self.versions.subscribe()
    }

    pub(crate) fn tones(&self) -> broadcast::Receiver<Value> {
        self.tones.subscribe()
    }
}
