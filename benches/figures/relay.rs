//! A wire in two halves between the terminal and its acquirer, which notes when something passes.
//!
//! It sees TLS records and nothing inside them. On a connection that is warm and silent, the terminal's first byte is
//! the first byte of its request.

use std::io::{self, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::{stamp, time};

/// What has passed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Passed {
    /// How many connections there were, ever.
    pub(crate) connections: u32,
    /// When the kernel was given the terminal's first byte since [`Relay::arm`], by the wall clock.
    pub(crate) asked: Option<Duration>,
    /// When the terminal's kernel had the acquirer's latest bytes.
    pub(crate) answered: Option<Instant>,
}

/// A listening relay, until the program ends.
pub(crate) struct Relay {
    /// Where the terminal connects.
    pub(crate) port: u16,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    passed: Passed,
    hold: Duration,
}

impl Relay {
    /// Starts to listen for what shall go to `acquirer`.
    pub(crate) fn start(acquirer: SocketAddr) -> io::Result<Relay> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let shared = Arc::<Mutex<Shared>>::default();
        let theirs = Arc::clone(&shared);
        thread::spawn(move || {
            for near in listener.incoming() {
                // A connection that can't be passed on is closed, and the figures end with a time-out.
                let _ = near.and_then(|near| join(near, acquirer, &theirs));
            }
        });
        Ok(Relay { port, shared })
    }

    /// Forgets what has passed.
    pub(crate) fn arm(&self) {
        let mut shared = lock(&self.shared);
        shared.passed = Passed { connections: shared.passed.connections, ..Passed::default() };
    }

    /// From now on, lets what the acquirer says wait so long, as a real network does.
    pub(crate) fn hold(&self, hold: Duration) {
        lock(&self.shared).hold = hold;
    }

    /// Says what has passed.
    pub(crate) fn passed(&self) -> Passed {
        lock(&self.shared).passed
    }
}

fn join(near: TcpStream, acquirer: SocketAddr, shared: &Arc<Mutex<Shared>>) -> io::Result<()> {
    let far = TcpStream::connect(acquirer)?;
    stamp::ask_for(&near)?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    lock(shared).passed.connections += 1;
    let (up, down) = (Arc::clone(shared), Arc::clone(shared));
    let (near_out, far_out) = (near.try_clone()?, far.try_clone()?);
    let noted = move |at| {
        let asked = &mut lock(&up).passed.asked;
        *asked = asked.or(at);
    };
    thread::spawn(move || pump(near, far_out, noted, || {}));
    let held = Arc::clone(&down);
    let hold = move |_| {
        let hold = lock(&held).hold;
        time::pause(hold);
    };
    thread::spawn(move || pump(far, near_out, hold, || lock(&down).passed.answered = Some(time::now())));
    Ok(())
}

/// Passes on until one end goes; `come` is called between reading and writing, with the kernel's time where it notes one,
/// and `gone` once the other end's kernel has it all.
fn pump(from: TcpStream, mut to: TcpStream, mut come: impl FnMut(Option<Duration>), mut gone: impl FnMut()) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok((length, at)) = stamp::read(&from, &mut bytes)
        && length > 0
    {
        come(at);
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
        gone();
    }
    // It may be gone already.
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
