//! The day's comparison with the acquirer: it is made beside the desk, and written down here.

use super::*;
use crate::day::{Asker, Compared};

impl Desk {
    /// A comparison was made; none where nothing could be compared, which the log explains.
    pub(super) fn compared(&mut self, turn: &mut Turn<'_>, asker: Asker, compared: Option<Compared>) {
        if !self.service.runs() {
            // What is not recorded is not answered: whoever waits says so.
            return;
        }
        let Some(compared) = compared else { return };
        self.save_own(turn, Fact::Compared(compared));
        match asker {
            Asker::Command(no) => turn.effects.push(Effect::Recorded(no)),
            Asker::Counter => {}
        }
    }
}
