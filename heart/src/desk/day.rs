//! The day's comparison with the acquirer: it is made beside the desk, and written down and shown here.
//!
//! Closing the day changes nothing: what is not settled stays open, and is said. The counter can go on selling while the
//! acquirer is asked; the answer then comes as a sentence.

use super::counter::Counter;
use super::*;
use crate::day::{Asker, Compared, DayVerdict};
use crate::event::Key;
use crate::screen::{DayClose, DayCloseScreen, Hindrance, Screen};

impl Desk {
    /// Has the day compared that it is now.
    pub(super) fn close_day(&mut self, turn: &mut Turn<'_>) {
        let Some(at) = turn.wall() else {
            return self.refuse(turn, Notice::Hindered(Hindrance::ClockWrong));
        };
        turn.effects.push(Effect::Compare { at });
        self.counter = Counter::DayClose(DayClose::Comparing);
    }

    /// A comparison was made; none where nothing could be compared, which the log explains.
    pub(super) fn compared(&mut self, turn: &mut Turn<'_>, asker: Asker, compared: Option<Compared>) {
        if !self.service.runs() {
            // What is not recorded is neither shown nor answered: whoever waits says so, and the counter begins anew once
            // the journal was read.
            return;
        }
        if let Some(compared) = &compared {
            self.save_own(turn, Fact::Compared(compared.clone()));
        }
        match (asker, compared) {
            (Asker::Command(no), Some(_)) => turn.effects.push(Effect::Recorded(no)),
            (Asker::Command(_), None) => {}
            (Asker::Counter, compared) => self.tell_of_the_day(turn, compared),
        }
    }

    fn tell_of_the_day(&mut self, turn: &mut Turn<'_>, compared: Option<Compared>) {
        let verdict = compared.as_ref().map(|compared| compared.counts.verdict());
        turn.sound(match verdict {
            Some(DayVerdict::Agrees) => Sound::Taken,
            Some(DayVerdict::Differs | DayVerdict::NotAllAsked | DayVerdict::NotAllSettled) | None => {
                Sound::Attention
            }
        });
        if self.counter == Counter::DayClose(DayClose::Comparing) {
            self.counter = Counter::DayClose(compared.map_or(DayClose::NotCompared, DayClose::Compared));
        } else {
            self.notify(turn, verdict.map_or(Notice::DayNotCompared, Notice::DayCompared));
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a screen answers the keys that it names, the others do nothing there"
    )]
    pub(super) fn day_close_key(&mut self, state: &DayClose, key: Key) {
        match key {
            Key::Stop | Key::Clear | Key::Menu => self.counter = Counter::default(),
            Key::Enter if *state != DayClose::Comparing => self.counter = Counter::default(),
            _ignored => {}
        }
    }

    pub(super) fn day_close_screen(&self, state: &DayClose) -> Screen {
        let open = |standing| matches!(standing, Standing::Unsettled | Standing::PaidLate);
        let payments = self.payments.iter().map(Payment::facts).filter(|facts| !facts.is_quiet());
        let unsettled = payments.filter(|facts| open(facts.standing())).count();
        Screen::DayClose(DayCloseScreen { state: state.clone(), unsettled })
    }
}
