//! What is asked in the background waits its turn, follow-ups too: a terminal that comes back to many open transactions
//! does not storm the acquirer.
//!
//! A request that is held up has left as far as its transaction knows: it is answered later, and after a power cut or a
//! failed save it never leaves.

use alloc::collections::VecDeque;

use crate::ask::Ask;
use crate::event::Effect;
use crate::now::Mono;
use crate::turn::Turn;

/// Background requests leave at most this often: five a second.
const GAP_MS: u64 = 200;

/// Background requests that wait, and when the next one may leave.
#[derive(Clone, Default, Debug)]
pub(super) struct Pace {
    held: VecDeque<Ask>,
    from: Mono,
}

impl Pace {
    /// Forgets what waits: the state that asked for it is no more.
    pub(super) fn clear(&mut self) {
        self.held.clear();
    }

    pub(super) fn deadline(&self) -> Option<Mono> {
        self.held.front().map(|_| self.from)
    }

    /// Lets go what may leave now: all that the counter waits for, and the oldest of the others.
    pub(super) fn release(&mut self, turn: &mut Turn<'_>, is_background: impl Fn(&Ask) -> bool) {
        while let Some(at) = self.held.iter().position(|ask| !is_background(ask)) {
            turn.effects.extend(self.held.remove(at).map(Effect::Ask));
        }
        if self.from <= turn.mono()
            && let Some(ask) = self.held.pop_front()
        {
            self.from = turn.mono().after(GAP_MS);
            turn.effects.push(Effect::Ask(ask));
        }
    }

    /// Holds up what this turn asks in the background and may not leave yet.
    pub(super) fn hold(&mut self, turn: &mut Turn<'_>, is_background: impl Fn(&Ask) -> bool) {
        let now = turn.mono();
        turn.effects.retain(|effect| {
            let Effect::Ask(ask) = effect else { return true };
            if !is_background(ask) {
                return true;
            }
            let leaves = self.held.is_empty() && self.from <= now;
            if leaves {
                self.from = now.after(GAP_MS);
            } else {
                self.held.push_back(ask.clone());
            }
            leaves
        });
    }
}
