//! The one connection that is kept ready, and who may take it.
//!
//! While a sale is being collected it is there for the PAY: other requests open their own. It is replaced when it has
//! rested too long or the acquirer closed it, but not for ever: a counter that nobody uses falls silent by itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use postern_heart::ask::Unreachable;
use tokio::sync::oneshot;
use tokio::time::sleep;
use tracing::{debug, trace};

use super::connection::{Connection, Connector, Endpoint};

/// How often a kept connection is replaced before somebody asks again for one.
const REPLACEMENTS_MAX: u8 = 5;
/// The pause before a connection that the acquirer closed is replaced.
const REPLACE_AFTER: Duration = Duration::from_secs(1);

/// Keeps one connection ready; clones are the same shelf.
#[derive(Clone)]
pub(super) struct Shelf {
    connector: Connector,
    endpoint: Endpoint,
    idle_max: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    kept: Option<Connection>,
    /// Counts what was put on the shelf, so that a watcher knows whether it still watches the same one.
    serial: u64,
    /// A connection is being opened, for this one if it is somebody.
    opening: Option<Option<oneshot::Sender<Connection>>>,
    /// A PAY is likely soon.
    reserved: bool,
    replacements_left: u8,
}

/// Who wants a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// A PAY: the kept connection is for it.
    Pay,
    /// Any other request.
    Other,
}

impl Shelf {
    /// An empty shelf.
    pub(super) fn new(connector: Connector, endpoint: Endpoint, idle_max: Duration) -> Shelf {
        Shelf { connector, endpoint, idle_max, state: Arc::default() }
    }

    /// Makes sure that a connection is ready or on its way, and keeps it for the next PAY.
    pub(super) fn warm(&self) {
        let mut state = self.lock();
        state.reserved = true;
        state.replacements_left = REPLACEMENTS_MAX;
        state.kept = state.kept.take().filter(|kept| !kept.is_closed());
        self.refill(&mut state);
    }

    /// A connection for one exchange: the kept one where it lives and is free, the one on its way, or a new one.
    ///
    /// # Errors
    /// Why none could be opened; no request left.
    pub(super) async fn take(&self, claim: Claim) -> Result<Connection, Unreachable> {
        let (kept, on_its_way) = self.claim(claim);
        if let Some(connection) = kept {
            if connection.is_alive().await {
                trace!("the kept connection lives");
                return Ok(connection);
            }
            debug!("the kept connection was closed meanwhile");
        }
        if let Some(on_its_way) = on_its_way
            && let Ok(connection) = on_its_way.await
        {
            return Ok(connection);
        }
        self.connector.open(&self.endpoint).await
    }

    fn claim(&self, claim: Claim) -> (Option<Connection>, Option<oneshot::Receiver<Connection>>) {
        let mut state = self.lock();
        match claim {
            Claim::Pay => state.reserved = false,
            Claim::Other if state.reserved => return (None, None),
            Claim::Other => {}
        }
        let kept = state.kept.take();
        let nobody_waits = matches!(&state.opening, Some(None));
        if kept.is_some() || !nobody_waits {
            return (kept, None);
        }
        let (hand_over, on_its_way) = oneshot::channel();
        state.opening = Some(Some(hand_over));
        (None, Some(on_its_way))
    }

    /// Puts a connection back after an exchange that ended cleanly.
    pub(super) async fn put_back(&self, connection: Connection) {
        if connection.is_alive().await {
            connection.rest();
            self.keep(&mut self.lock(), connection);
        }
    }

    fn keep(&self, state: &mut State, connection: Connection) {
        if state.kept.is_some() {
            return;
        }
        state.serial += 1;
        tokio::spawn(self.clone().tend(state.serial, connection.ended()));
        state.kept = Some(connection);
    }

    /// Takes a kept connection away when it has ended or rested too long, and replaces it while a PAY is likely.
    async fn tend(self, serial: u64, ended: impl Future<Output = ()>) {
        tokio::select! {
            () = ended => sleep(REPLACE_AFTER).await,
            () = sleep(self.idle_max) => {}
        }
        let mut state = self.lock();
        if state.serial != serial || state.kept.take().is_none() {
            return;
        }
        if state.reserved && state.replacements_left > 0 {
            state.replacements_left -= 1;
            self.refill(&mut state);
        } else {
            state.reserved = false;
        }
    }

    fn refill(&self, state: &mut State) {
        if state.kept.is_some() || state.opening.is_some() {
            return;
        }
        state.opening = Some(None);
        let shelf = self.clone();
        tokio::spawn(async move {
            let opened = shelf.connector.open(&shelf.endpoint).await;
            let mut state = shelf.lock();
            let waits = state.opening.take().flatten();
            let Ok(connection) = opened else { return };
            let unclaimed = match waits {
                Some(waits) => waits.send(connection).err(),
                None => Some(connection),
            };
            if let Some(connection) = unclaimed {
                shelf.keep(&mut state, connection);
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
