//! The acquirer, one question after the other, and never more than five a second: sales go first.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use postern_heart::ask::{Ask, Reply, Request, Silence};
use postern_heart::event::Event;
use postern_heart::ids::RequestNo;
use postern_heart::payment::Facts;

use crate::acquirer::client::{Client, ClientFault};
use crate::acquirer::merchant::Merchant;
use crate::acquirer::profile::Profile;
use crate::clock::{self, Floor};
use crate::ports::{Acquirer as _, Inbox, Incoming};

/// How long the acquirer's answer is waited for: longer than any limit of the client.
const ANSWER_WAIT: Duration = Duration::from_secs(30);
/// From one question to the next.
const PACE: Duration = Duration::from_millis(200);

pub(super) struct Asking {
    client: Client,
    incoming: Receiver<Incoming>,
    asked: u64,
    /// Before this nothing is asked.
    next: Instant,
}

impl Asking {
    /// Starts a client of its own: the terminal's connection is the sales'.
    pub(super) fn start(
        profile: Arc<Profile>,
        merchant: Merchant,
        floor: &Floor,
    ) -> Result<Asking, ClientFault> {
        let (inbox, incoming) = Inbox::channel();
        let client = Client::open(profile, merchant, floor, inbox)?;
        Ok(Asking { client, incoming, asked: 0, next: clock::monotonic() })
    }

    pub(super) fn ask(&mut self, facts: &Facts) -> Reply {
        self.wait();
        self.asked += 1;
        let no = RequestNo(self.asked);
        // Without an amount to compare, an answer about another amount is still an answer: that is what is looked for.
        let request = Request::Detail { id: facts.target(), amount: None };
        self.client.ask(Ask { no, request });
        loop {
            match self.incoming.recv_timeout(ANSWER_WAIT) {
                Ok(Incoming::Event(Event::Answered { no: answered, reply })) if answered == no => {
                    return reply;
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    return Reply::Unknown(Silence::TimeOut);
                }
            }
        }
    }

    /// Waits until the next question may leave; what still comes in is about an older one.
    fn wait(&mut self) {
        loop {
            let left = self.next.saturating_duration_since(clock::monotonic());
            if left.is_zero() || self.incoming.recv_timeout(left).is_err() {
                break;
            }
        }
        self.next = clock::monotonic() + PACE;
    }
}
