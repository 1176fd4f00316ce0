//! A panel: display, keys, touch, lamp and buzzer at the other end of a Unix socket.
//!
//! - **Device:** the bench's page, or a remote counter display.
//! - **Protocol:** `docs/panel.md`; its bytes are in [`wire`], and nowhere else.
//! - **When it does not work:** the terminal's log says where it listens; the panel must run as the same user (the
//!   socket's mode is 0600); a second terminal with the same board file waits until the first one ends.
//!
//! The terminal listens, one panel is connected at a time, a newer one replaces the older. The panel keeps a copy of
//! the frame, so that one that connects at any time gets all of it. A slow panel never holds up the counter: what it
//! has not taken yet is merged, and it gets the latest picture; one that takes nothing for [`STALLED`] is cut off.
//! Tones are for now: without a panel they are dropped.

mod link;
mod socket;
pub mod wire;

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use embedded_graphics::primitives::Rectangle;
use postern_heart::event::{Device, Report, Sound};
use postern_heart::screen::Lamp as LampState;

use crate::frame::Frame;
use crate::ports::{Buzzer, Display, Inbox, Lamp, Reporter};

use super::supervisor::{self, Condition, Running};
use link::Link;

pub use link::STALLED;

/// Which of the counter's displays a panel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The cashier's: it has keys, touch, lamp and buzzer, and hears the report.
    Cashier,
    /// The customer's: it shows, and what it sends is ignored.
    Customer,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Cashier => "cashier",
            Role::Customer => "customer",
        }
    }

    fn device(self) -> Device {
        match self {
            Role::Cashier => Device::Display,
            Role::Customer => Device::CustomerDisplay,
        }
    }
}

/// Where a panel connects, and how large it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The socket's path.
    pub path: PathBuf,
    /// The display's width, in pixels.
    pub width: u32,
    /// The display's height, in pixels.
    pub height: u32,
}

/// The longest path of a panel's socket, in bytes: what the system takes, less the name that it is made under.
pub const PATH_BYTES_MAX: usize = 107 - socket::PRIVATE.len();

/// Says whether a whole picture of the panel is a message that the protocol has.
pub fn fits(place: &Place) -> bool {
    let pixels = place.width as usize * place.height as usize;
    wire::frame_payload_bytes_max(pixels) <= wire::PAYLOAD_MAX
}

/// Listens for a moment, to see whether it can be done.
///
/// # Errors
/// It can't: [`ResourceBusy`](io::ErrorKind::ResourceBusy) where another program listens there.
pub fn try_to_listen(path: &Path) -> io::Result<()> {
    socket::Socket::bind(path).map(drop)
}

/// The terminal's end of a panel; a clone is another handle of the same one.
///
/// When the last handle is dropped, the panel is cut off and the socket goes.
#[derive(Clone, Debug)]
pub struct Panel {
    link: Arc<Link>,
    _ending: Arc<Ending>,
}

impl Panel {
    /// Starts to listen for a panel.
    pub fn start(place: Place, role: Role, inbox: Inbox) -> Panel {
        let condition = Condition::new(role.device(), inbox.clone());
        let link = Arc::new(Link::new(&place, role, condition));
        let (path, theirs) = (place.path.clone(), Arc::clone(&link));
        let running = supervisor::start(role.device(), move |stop| {
            socket::listen(&place.path, &theirs, &inbox, &stop);
        });
        let ending = Ending { link: Arc::clone(&link), path, _running: running };
        Panel { link, _ending: Arc::new(ending) }
    }
}

/// Ends the threads when the last handle goes.
#[derive(Debug)]
struct Ending {
    link: Arc<Link>,
    path: PathBuf,
    _running: Running,
}

impl Drop for Ending {
    fn drop(&mut self) {
        if self.link.close() {
            // Wakes the thread that waits for a connection.
            drop(UnixStream::connect(&self.path));
        }
    }
}

impl Display for Panel {
    fn size(&self) -> (u32, u32) {
        self.link.size()
    }

    fn show(&mut self, frame: &Arc<Frame>, dirty: Rectangle) {
        self.link.show(frame, dirty);
    }
}

impl Lamp for Panel {
    fn set(&mut self, lamp: LampState) {
        self.link.set_lamp(lamp);
    }
}

impl Buzzer for Panel {
    fn play(&mut self, sound: Sound) {
        self.link.play(sound);
    }
}

impl Reporter for Panel {
    fn report(&mut self, report: &Report) {
        self.link.report(wire::report(report));
    }
}

/// Locks; what a thread that died has left behind is still a picture.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
