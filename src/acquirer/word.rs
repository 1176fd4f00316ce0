//! The word that lets a request go, and the answer that is owed for it.
//!
//! A request may be made ready before its record is on disk. Without the word not a byte of it leaves and nothing is owed;
//! once it was given, exactly one answer is.

use std::thread;
use std::time::Duration;

use postern_heart::ask::{Reply, Unreachable};
use postern_heart::event::Event;
use postern_heart::ids::RequestNo;
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::clock::monotonic;
use crate::ports::Inbox;

/// How long a request that is ready waits awake for the word: a good disk gives it sooner, and a bad one is not worth it.
const AWAKE: Duration = Duration::from_millis(1);

/// An answer that is owed once the word was given: delivered when it goes out of scope, so also when its task panics or is
/// dropped.
pub(super) struct Due {
    inbox: Inbox,
    no: RequestNo,
    go: oneshot::Receiver<()>,
    pub(super) reply: Option<Reply>,
}

impl Due {
    /// Nothing is owed yet for the request with this number.
    pub(super) fn new(inbox: Inbox, no: RequestNo, go: oneshot::Receiver<()>) -> Due {
        Due { inbox, no, go, reply: None }
    }

    /// Lets the loop go on, if the disk has done its part meanwhile, while the word is not given.
    pub(super) fn give_way(&self) {
        if self.go.is_empty() {
            thread::yield_now();
        }
    }

    /// Waits for the word; `false` where it never comes.
    ///
    /// Where the request is `ready` it waits awake at first, because a core that falls asleep wakes late, also for the loop
    /// that waits on it for the disk. Whoever has something to do goes first.
    pub(super) async fn word(&mut self, ready: bool) -> bool {
        let since = monotonic();
        while ready && self.go.is_empty() && monotonic().duration_since(since) < AWAKE {
            thread::yield_now();
            // The sockets are looked at, too.
            yield_now().await;
        }
        (&mut self.go).await.is_ok()
    }
}

impl Drop for Due {
    fn drop(&mut self) {
        // Closed, the channel takes no word any more; one that was given and not seen is owed an answer all the same.
        self.go.close();
        let unseen = || self.go.try_recv().ok().map(|()| Reply::NotSent(Unreachable::Request));
        if let Some(reply) = self.reply.take().or_else(unseen) {
            self.inbox.send(Event::Answered { no: self.no, reply });
        }
    }
}
