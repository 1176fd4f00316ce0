//! What the drivers' tests share: a place for files, and what came into the program, with a limit on every wait.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use postern::ports::Incoming;
use postern_heart::event::{Device, Event, Health};
use serialport::TTYPort;

/// Longer than anything here takes; a test that waits so long has failed.
pub(crate) const LIMIT: Duration = Duration::from_secs(10);

/// A directory of a test's own, gone with the value.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Directory {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("postern-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Directory(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Both ends of a serial line: the device's, and ours by its name.
///
/// While nobody has our end open, the device's end is as good as unplugged.
pub(crate) fn pair() -> (TTYPort, TTYPort) {
    /// `ptsname` isn't safe to call from two threads everywhere.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap();
    TTYPort::pair().unwrap()
}

/// The next thing that comes in.
pub(crate) fn next(incoming: &Receiver<Incoming>) -> Incoming {
    incoming.recv_timeout(LIMIT).expect("nothing came in")
}

/// The next event, which is no device's.
pub(crate) fn next_event(incoming: &Receiver<Incoming>) -> Event {
    loop {
        match next(incoming) {
            Incoming::Event(Event::DeviceChanged { .. }) => {}
            Incoming::Event(event) => return event,
            Incoming::Touched { x, y } => panic!("touched at {x},{y}"),
        }
    }
}

/// Waits until a device is reported to be so; nothing but devices' changes may come before.
pub(crate) fn wait_for(incoming: &Receiver<Incoming>, device: Device, health: Health) {
    loop {
        match next(incoming) {
            Incoming::Event(Event::DeviceChanged { device: d, health: h }) if (d, h) == (device, health) => {
                return;
            }
            Incoming::Event(Event::DeviceChanged { .. }) => {}
            other => panic!("{other:?} came before {device:?} was {health:?}"),
        }
    }
}
