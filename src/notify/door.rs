//! Who is let in: a bounded number of connections, of which the one that has been idle longest goes first.
//!
//! A connection is idle until it has brought a whole request, and again once that is answered. So connections that are
//! slow or dead make room for new ones, and one whose request is with the heart does not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

use super::serve::{Office, serve};

/// How many connections live at once: each may hold its buffers, and all of them must fit into four megabytes.
const LIVE_MAX: usize = 64;

/// How long the door stays shut when the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(50);

/// Takes connections for as long as the program runs.
pub(super) async fn keep(socket: std::net::TcpListener, tls: TlsAcceptor, office: Office) {
    let listener = match tokio::net::TcpListener::from_std(socket) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(%error, "notifications can't be listened for"),
    };
    let (door, office) = (Door::default(), Arc::new(office));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                warn!(%error, "a connection could not be taken");
                sleep(PAUSE).await;
                continue;
            }
        };
        let Some(seat) = door.admit() else {
            debug!("every connection is at work: a new one was closed");
            continue;
        };
        let (tls, office) = (tls.clone(), Arc::clone(&office));
        tokio::spawn(async move {
            let leave = Arc::clone(&seat.leave);
            tokio::select! {
                () = leave.notified() => debug!("an idle connection made room for another"),
                () = serve(stream, tls, office, seat) => {}
            }
        });
    }
}

/// All seats.
#[derive(Clone, Default)]
struct Door(Arc<Mutex<Seats>>);

#[derive(Default)]
struct Seats {
    taken: usize,
    /// Grows with every arrival and every answer.
    stamp: u64,
    /// The idle ones, the longest idle first.
    idle: BTreeMap<u64, Arc<Notify>>,
}

/// One connection's seat; free again when it is dropped.
pub(super) struct Seat {
    door: Door,
    leave: Arc<Notify>,
    stamp: Mutex<Option<u64>>,
}

impl Door {
    fn admit(&self) -> Option<Seat> {
        {
            let mut seats = self.seats();
            if seats.taken >= LIVE_MAX {
                let (_, leaves) = seats.idle.pop_first()?;
                leaves.notify_one();
            }
            seats.taken += 1;
        }
        let seat = Seat { door: self.clone(), leave: Arc::new(Notify::new()), stamp: Mutex::new(None) };
        seat.rest();
        Some(seat)
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Its request has come whole: it keeps its seat until the answer.
    pub(super) fn work(&self) {
        let stamp = self.stamp().take();
        if let Some(stamp) = stamp {
            self.door.seats().idle.remove(&stamp);
        }
    }

    /// Its request is answered, or it has just come.
    pub(super) fn rest(&self) {
        self.work();
        let mut seats = self.door.seats();
        seats.stamp += 1;
        let stamp = seats.stamp;
        seats.idle.insert(stamp, Arc::clone(&self.leave));
        *self.stamp() = Some(stamp);
    }

    fn stamp(&self) -> MutexGuard<'_, Option<u64>> {
        self.stamp.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.work();
        let mut seats = self.door.seats();
        seats.taken = seats.taken.saturating_sub(1);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn told_to_leave(seat: &Seat) -> bool {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let told = async { tokio::time::timeout(Duration::from_millis(1), seat.leave.notified()).await };
        runtime.block_on(told).is_ok()
    }

    #[test]
    fn when_all_seats_are_taken_the_longest_idle_one_makes_room() {
        let door = Door::default();
        let seats: Vec<Seat> = (0..LIVE_MAX).map(|_| door.admit().unwrap()).collect();
        seats[0].work();
        seats[1].work();
        seats[1].rest();
        let newcomer = door.admit().unwrap();
        assert!(told_to_leave(&seats[2]), "it is idle the longest");
        for (n, seat) in seats.iter().enumerate().filter(|(n, _)| *n != 2) {
            assert!(!told_to_leave(seat), "seat {n}");
        }
        drop((seats, newcomer));
        let seats = door.seats();
        assert_eq!((seats.taken, seats.idle.len()), (0, 0));
    }

    #[test]
    fn where_all_are_at_work_nobody_else_is_let_in() {
        let door = Door::default();
        let seats: Vec<Seat> = (0..LIVE_MAX).map(|_| door.admit().unwrap()).collect();
        seats.iter().for_each(Seat::work);
        assert!(door.admit().is_none());
        seats[5].rest();
        assert!(door.admit().is_some());
    }
}
