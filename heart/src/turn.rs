//! One turn of the heart: what it may know, and what it orders.

use alloc::vec::Vec;

use crate::ask::{Ask, Request};
use crate::event::{Effect, Sound};
use crate::ids::{OrderId, RequestNo};
use crate::mistakes::Mistake;
use crate::now::{Mono, Now, Wall};
use crate::record::{Fact, Record};
use crate::settings::Settings;

/// What numbers and ids are made of.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    random: u64,
    /// The sequence number of the journal's last record.
    pub(crate) sequence: u64,
    requests: u64,
    #[cfg(feature = "mistakes")]
    pub(crate) mistake: Option<crate::mistakes::Mistake>,
}

impl Source {
    pub(crate) fn new(seed: u64) -> Source {
        Source {
            random: seed,
            sequence: 0,
            requests: 0,
            #[cfg(feature = "mistakes")]
            mistake: None,
        }
    }

    /// The next number of a SplitMix64 sequence.
    pub(crate) fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.random ^ (self.random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// What makes an id another one than any that was made from the same records before.
    fn fresh(&mut self) -> u64 {
        if self.errs(Mistake::CountsIds) { self.requests } else { self.random() }
    }

    fn request(&mut self) -> RequestNo {
        self.requests = self.requests.saturating_add(1);
        RequestNo(self.requests)
    }
}

/// One call of [`crate::desk::Desk::handle`] in the making.
pub(crate) struct Turn<'a> {
    pub(crate) now: Now,
    pub(crate) settings: &'a Settings,
    pub(crate) source: &'a mut Source,
    pub(crate) effects: Vec<Effect>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(now: Now, settings: &'a Settings, source: &'a mut Source) -> Turn<'a> {
        Turn { now, settings, source, effects: Vec::new() }
    }

    pub(crate) fn mono(&self) -> Mono {
        self.now.mono
    }

    pub(crate) fn wall(&self) -> Option<Wall> {
        self.now.wall.map(|trusted| trusted.wall)
    }

    /// An id that nobody used before: the counter is the number that the next record will have.
    pub(crate) fn new_id(&mut self) -> OrderId {
        let random = self.source.fresh();
        OrderId::make(self.settings.terminal, self.source.sequence.saturating_add(1), random)
    }

    /// A record in the terminal's present: what the caller applies, and then orders to be saved.
    pub(crate) fn record(&self, transaction: Option<OrderId>, fact: Fact) -> Record {
        Record { transaction, at: self.wall(), fact }
    }

    pub(crate) fn save(&mut self, record: Record, open: bool) {
        self.source.sequence = self.source.sequence.saturating_add(1);
        self.effects.push(Effect::Save { record, open });
    }

    pub(crate) fn ask(&mut self, request: Request) -> RequestNo {
        let no = self.source.request();
        self.effects.push(Effect::Ask(Ask { no, request }));
        no
    }

    pub(crate) fn sound(&mut self, sound: Sound) {
        self.effects.push(Effect::Sound(sound));
    }

    /// A pause, spread by the profile's percentage, so that a street of terminals does not ask in step.
    pub(crate) fn spread(&mut self, pause_ms: u64) -> u64 {
        let percent = self.settings.timings.spread_percent.min(100);
        let width = pause_ms.saturating_mul(percent).checked_div(100).unwrap_or(0);
        let range = width.saturating_mul(2).saturating_add(1);
        let offset = self.source.random().checked_rem(range).unwrap_or(0);
        pause_ms.saturating_sub(width).saturating_add(offset)
    }
}
