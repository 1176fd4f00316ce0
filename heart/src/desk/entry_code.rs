//! The shop's static code: money that comes in without having been asked for, known only by notification.
//!
//! What counts as money in is narrow (contract, section 9): our store's, product `ENTRY_CODE`, a payment, `success`, and an
//! id of the acquirer's that is not in the journal. The whole journal is searched before a payment is recorded, so
//! each is recorded once, however often and however late it is told.

use alloc::vec::Vec;

use super::news::{Weight, weight};
use super::*;
use crate::ask::{OrderCode, StatusWord};
use crate::event::{Key, Search};
use crate::ids::UqOrderId;
use crate::mistakes::Mistake;
use crate::news::{News, Taken};
use crate::now::Wall;
use crate::payment::Facts;
use crate::record::{Received, Record};
use crate::screen::{Screen, ShopCodeScreen};
use crate::settings::EntryCode;

/// How long the acquirer repeats a notification (after 5, 10 and 15 minutes), in milliseconds.
const REPEATED_MS: i64 = 1_800_000;
/// How often the journal says that notifications are listened for, in milliseconds.
const SIGN_OF_LIFE_MS: u64 = 600_000;
/// How soon that is tried again while the clock can't be trusted, in milliseconds.
const CLOCK_AGAIN_MS: u64 = 10_000;

/// What the desk knows of the static code's payments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ear {
    /// When notifications were last known to be listened for, before this start.
    heard_until: Option<Wall>,
    sign_at: Option<Mono>,
    /// Since when payments may be missing, until somebody has seen it.
    missed_since: Option<Wall>,
}

impl Ear {
    /// After a start: the last sign of life on disk, and a new one due now.
    pub(crate) fn start(turn: &Turn<'_>, tail: &[Record], before: &Ear) -> Ear {
        if !matches!(turn.settings.entry_code, EntryCode::On(_)) {
            return Ear::default();
        }
        let listening = |record: &&Record| matches!(record.fact, Fact::Listening { .. });
        let heard_until = tail.iter().rev().find(listening).and_then(|record| record.at);
        Ear { heard_until, sign_at: Some(turn.mono()), missed_since: before.missed_since }
    }

    pub(crate) fn deadline(&self) -> Option<Mono> {
        self.sign_at
    }

    pub(crate) fn missed_since(&self) -> Option<Wall> {
        self.missed_since
    }
}

impl Desk {
    /// A payment by the static code that memory does not know may be in the journal; one that it knows may be denied.
    pub(super) fn notified_of_entry(&mut self, turn: &mut Turn<'_>, news: &News) {
        let Some(uq_id) = &news.uq_id else { return };
        match self.weigh_entry(news) {
            Some(Weight::News) => turn.effects.push(Effect::Find(Search(uq_id.0.clone()))),
            Some(Weight::Denies) => {
                if let Some(id) = self.known_by(uq_id).map(|facts| facts.id) {
                    self.doubt(turn, id, news);
                }
            }
            Some(Weight::Known | Weight::Other) | None => {}
        }
    }

    pub(super) fn weigh_entry(&self, news: &News) -> Option<Weight> {
        let uq_id = news.uq_id.as_ref()?;
        if let Some(facts) = self.known_by(uq_id) {
            return Some(weight(facts, news));
        }
        let counts = matches!(self.settings.entry_code, EntryCode::On(_))
            && news.state != StatusWord::Processing
            && !news.amount.is_zero()
            && news.amount.currency() == self.settings.currency;
        counts.then_some(Weight::News)
    }

    fn known_by(&self, uq_id: &UqOrderId) -> Option<&Facts> {
        let open = self.payments.iter().map(Payment::facts);
        open.chain(self.recent.all()).find(|facts| facts.uq_id() == Some(uq_id))
    }

    /// The journal was searched: what it does not hold is recorded, once.
    pub(super) fn entry_found(
        &mut self,
        turn: &mut Turn<'_>,
        search: &Search,
        records: &Result<Vec<Record>, JournalFault>,
    ) {
        let uq_id = UqOrderId(search.0.clone());
        let told = self.owed.about_entry(&uq_id).next().map(|owing| (owing.no, owing.news.clone()));
        let Some((no, news)) = told.filter(|_| self.service.runs()) else { return };
        let taken = match records {
            Err(_) => Taken::Later,
            // What denies a payment that never came in is about nothing.
            Ok(records) if records.is_empty() && news.state != StatusWord::Success => Taken::Refused,
            Ok(records) if records.is_empty() => {
                if self.known_by(&uq_id).is_none() {
                    self.receive(turn, &news, uq_id);
                }
                return;
            }
            Ok(records) => match Facts::fold(records) {
                Ok(facts) => match weight(&facts, &news) {
                    Weight::Known => Taken::Taken,
                    Weight::Other => Taken::Refused,
                    Weight::News => Taken::Later,
                    Weight::Denies => {
                        let id = facts.id;
                        self.recent.push(facts);
                        self.doubt(turn, id, &news);
                        Taken::Taken
                    }
                },
                Err(_) => Taken::Later,
            },
        };
        self.owed.pay_off(turn, no, taken);
    }

    /// Money came in. What the cashier is doing goes on; a sentence and a tone of its own tell of it.
    fn receive(&mut self, turn: &mut Turn<'_>, news: &News, uq_id: UqOrderId) {
        let (id, amount) = (turn.new_id(), news.amount);
        let fact = Fact::Received(Received { amount, uq_id: uq_id.clone(), paid: news.paid });
        let record = turn.record(Some(id), fact);
        let Ok(facts) = Facts::begin(&record) else { return };
        if turn.source.errs(Mistake::AnswersBeforeItSaves) {
            let told = self.owed.about_entry(&uq_id).next().map(|owing| owing.no);
            told.into_iter().for_each(|no| self.owed.pay_off(turn, no, Taken::Taken));
        }
        turn.save(record, facts.is_open(self.settings.slips));
        self.recent.seen(&facts);
        self.payments.push(Payment::resume(turn, facts));
        self.notify(turn, Notice::Received { amount });
        turn.sound(Sound::Received);
    }

    /// Writes down now and then that notifications are listened for: so a start knows for how long they were not.
    pub(super) fn give_sign_of_life(&mut self, turn: &mut Turn<'_>) {
        let now = turn.mono();
        if self.ear.sign_at.is_none_or(|at| at > now) {
            return;
        }
        let Some(wall) = turn.wall() else {
            self.ear.sign_at = Some(now.after(CLOCK_AGAIN_MS));
            return;
        };
        let missed = self.ear.heard_until.take().filter(|until| wall.minus(*until) > REPEATED_MS);
        self.ear.missed_since = self.ear.missed_since.or(missed);
        self.ear.sign_at = Some(now.after(SIGN_OF_LIFE_MS));
        self.save_own(turn, Fact::Listening { missed_since: missed });
        if let Some(since) = missed {
            self.notify(turn, Notice::PaymentsMayBeMissing { since });
            turn.sound(Sound::Attention);
        }
    }
}

impl Desk {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a screen answers the keys that it names, the others do nothing there"
    )]
    pub(super) fn shop_code_key(&mut self, turn: &mut Turn<'_>, key: Key) {
        match key {
            Key::Enter if self.printer_ready() => self.paperwork.want_sign(),
            Key::Enter => self.refuse(turn, Notice::NothingToPrint),
            Key::Clear | Key::Stop | Key::Menu => {
                // Whoever leaves this screen has read what it says.
                self.ear.missed_since = None;
                self.counter = Counter::default();
            }
            _ignored => {}
        }
    }

    /// The code, where its payments are listened for.
    pub(super) fn shop_code(&self) -> Option<OrderCode> {
        match &self.settings.entry_code {
            EntryCode::Off | EntryCode::Deaf => None,
            EntryCode::On(text) => Some(OrderCode(text.clone())),
        }
    }

    pub(super) fn shop_code_screen(&self) -> Option<Screen> {
        let code = self.shop_code()?;
        let missed_since = self.ear.missed_since();
        Some(Screen::ShopCode(ShopCodeScreen { code, may_print: self.printer_ready(), missed_since }))
    }
}
