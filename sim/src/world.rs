//! What all terminals of a life share: time, what is going to happen, fate, and the acquirer's book.

use std::collections::{BTreeMap, BTreeSet};

use postern_heart::ids::OrderId;
use postern_heart::now::Wall;

use crate::book::Book;
use crate::fortune::Fortune;
use crate::queue::Queue;
use crate::story::Story;

/// The world.
#[derive(Debug)]
pub struct World {
    /// The true time since the life began, in milliseconds.
    pub now: u64,
    /// The true wall clock at that beginning.
    pub began: Wall,
    /// Whether answers carry the acquirer's time.
    pub dates: bool,
    /// What is going to happen.
    pub queue: Queue,
    /// Fate.
    pub fortune: Fortune,
    /// The acquirer's book.
    pub book: Book,
    /// What was told.
    pub story: Story,
    /// Effects that were performed.
    pub effects: u64,
    /// Payments that were begun.
    pub begun: u64,
    /// How many terminals there are.
    pub terminals: usize,
    /// Which terminal first used an id.
    pub owners: BTreeMap<OrderId, usize>,
    /// The receipt that came out last, at any of them.
    pub receipt: Option<OrderId>,
    /// Notifications that were sent.
    pub told: u64,
    /// How often the acquirer will still tell of payments by the static code.
    pub telling: u64,
    /// What was said to be not paid: it must stay so for ever.
    pub denied: BTreeSet<OrderId>,
    /// What was untrue or unlawful.
    pub violations: Vec<String>,
}

impl World {
    /// A world at its beginning.
    pub fn new(began: Wall, fortune: Fortune, book: Book, story: Story) -> World {
        World {
            now: 0,
            began,
            dates: true,
            queue: Queue::default(),
            fortune,
            book,
            story,
            effects: 0,
            begun: 0,
            terminals: 1,
            owners: BTreeMap::new(),
            receipt: None,
            told: 0,
            telling: 0,
            denied: BTreeSet::new(),
            violations: Vec::new(),
        }
    }

    /// The true wall clock.
    pub fn wall(&self) -> Wall {
        self.began.after(self.now)
    }

    /// Some terminal.
    pub fn some_terminal(&mut self) -> usize {
        let last = self.terminals - 1;
        if last == 0 { 0 } else { self.fortune.random.between(0, last as u64) as usize }
    }

    /// Tells a line of the story.
    pub fn tell(&mut self, line: impl FnOnce() -> String) {
        self.story.tell(self.now, line);
    }

    /// Notes what was untrue or unlawful.
    pub fn violates(&mut self, what: String) {
        self.tell(|| format!("VIOLATION: {what}"));
        self.violations.push(what);
    }
}
