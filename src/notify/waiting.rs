//! Notifications that are with the heart, and the connections that wait for its answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use postern_heart::event::Event;
use postern_heart::news::{News, NewsNo, Taken};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::ports::Inbox;

/// How long the heart may take, which itself waits ten seconds for the question that a notification causes.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// All that wait; clones are the same.
#[derive(Clone)]
pub(super) struct Waiting {
    inbox: Inbox,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    last: u64,
    waiting: HashMap<NewsNo, oneshot::Sender<Taken>>,
}

impl Waiting {
    /// Nobody waits yet.
    pub(super) fn new(inbox: Inbox) -> Waiting {
        Waiting { inbox, open: Arc::default() }
    }

    /// Tells the heart, and waits for what it says; silence means *not now*.
    pub(super) async fn tell(&self, news: News) -> Taken {
        let (sender, answer) = oneshot::channel();
        let no = {
            let mut open = self.open();
            open.last += 1;
            let no = NewsNo(open.last);
            open.waiting.insert(no, sender);
            no
        };
        // Whatever ends the wait, also a connection that is closed meanwhile, ends it here, too.
        let _gone = Gone { waiting: self, no };
        if !self.inbox.send(Event::Notified { no, news }) {
            return Taken::Later;
        }
        timeout(ANSWER_LIMIT, answer).await.ok().and_then(Result::ok).unwrap_or(Taken::Later)
    }

    /// The heart's answer; nothing happens where nobody waits for it any more.
    pub(super) fn answer(&self, no: NewsNo, taken: Taken) {
        let waits = self.open().waiting.remove(&no);
        if let Some(waits) = waits {
            let _ = waits.send(taken);
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Gone<'a> {
    waiting: &'a Waiting,
    no: NewsNo,
}

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        self.waiting.open().waiting.remove(&self.no);
    }
}
