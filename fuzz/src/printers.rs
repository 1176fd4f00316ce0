//! What a printer says of itself: it is ready, off line or done only where its own bytes say so.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use postern::drivers::escpos_printer::Patience;
use postern::drivers::escpos_printer::line::Line;
use postern::drivers::escpos_printer::talk::{Broken, Talk};
use postern::drivers::limit::Limit;
use postern_heart::event::Health;

use super::Property;

/// See [`hold`].
pub const PROPERTY: Property = Property { name: "printers", seeds, holds: hold };

/// Longer than any input takes: the line ends before it.
const PATIENCE: Duration = Duration::from_secs(60);

fn seeds() -> Vec<Vec<u8>> {
    let examples: [&[u8]; 7] = [
        // On line, paper in, still on line in the middle, done.
        b"\x12\x12\x12\x00",
        // Flow control and noise between the answers; near the end of the paper.
        b"\x11\x12\x13\x1e\xff\x80\x12\x03",
        // Off line: cover open; out of paper; an error.
        b"\x1a\x12\x36\x12",
        b"\x1a\x72\x32\x12",
        b"\x1a\x12\x52\x1a",
        // It runs out of paper before it is done.
        b"\x12\x12\x12\x12\x1a\x00",
        b"\x00",
    ];
    examples.map(<[u8]>::to_vec).to_vec()
}

/// Each question takes the next byte that can answer it, and what was not said is not known.
fn hold(bytes: &[u8]) {
    let mut talk = Talk::new(
        Box::new(Says(bytes.iter().copied().collect())),
        Patience { poll: PATIENCE, answer: PATIENCE, stalled: PATIENCE, done: PATIENCE, job: PATIENCE },
    );
    let mut bytes = bytes.iter().copied();
    // `DLE EOT` is answered with 0xx1xx10.
    let mut answer = || bytes.find(|byte| byte & 0x93 == 0x12);
    let off_line = |byte: u8| byte & 0x08 != 0;

    let status = match talk.status() {
        Ok(status) => status.expect("a printer that was not waited for"),
        Err(broken) => return lost(&broken),
    };
    assert_eq!(Some(status.printer), answer());
    assert_eq!(status.paper, answer());
    if off_line(status.printer) {
        assert_eq!((status.offline, status.error), (answer(), answer()));
    } else {
        assert_eq!((status.offline, status.error), (None, None));
    }
    let has = |answer: Option<u8>, bits| answer.is_some_and(|answer| answer & bits != 0);
    let ready = !off_line(status.printer) && !has(status.paper, 0x60);
    assert_eq!(ready, matches!(status.health(), Health::Working | Health::PaperNearEnd));
    assert!(status.health() != Health::CoverOpen || has(status.offline, 0x04));

    match talk.keeps_up(Limit::after(PATIENCE)) {
        Ok(keeps_up) => assert_eq!(Some(!keeps_up), answer().map(off_line)),
        Err(broken) => return lost(&broken),
    }
    // `GS r` is answered with 0xx0xxxx.
    let end = bytes.find(|byte| byte & 0x90 == 0 || (byte & 0x93 == 0x12 && off_line(*byte)));
    match talk.done(Limit::after(PATIENCE)) {
        Ok(done) => assert_eq!(done, end.map(|end| end & 0x90 == 0)),
        Err(broken) => {
            assert_eq!(end, None);
            lost(&broken);
        }
    }
}

fn lost(broken: &Broken) {
    assert!(matches!(broken, Broken::Lost(_)), "{broken}");
}

/// A line that takes everything, says these bytes, and is then gone.
struct Says(VecDeque<u8>);

impl Line for Says {
    fn write(&mut self, bytes: &[u8], _wait: Duration) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn read(&mut self, _wait: Duration) -> io::Result<Option<u8>> {
        self.0.pop_front().map(Some).ok_or(io::ErrorKind::UnexpectedEof.into())
    }

    fn drain(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn unsent(&mut self) -> io::Result<usize> {
        Ok(0)
    }

    fn time_for(&self, _bytes: usize) -> Duration {
        Duration::ZERO
    }
}
