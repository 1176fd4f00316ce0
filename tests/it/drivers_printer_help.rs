//! The other end of a printer's wire: a receipt printer in a thread, with faults to choose.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use postern::drivers::escpos::Cut;
use postern::drivers::escpos_printer::{Answers, EscposPrinter, Patience, Settings};
use postern::drivers::escpos_tcp::EscposTcp;
use postern::ports::{Inbox, Incoming, Printer};
use postern::raster::Raster;
use postern_heart::event::{Event, PrintEnd};
use postern_heart::ids::JobNo;

use crate::drivers_help::{LIMIT, next_event};

/// What a printer does, and what it has done.
#[derive(Default)]
pub(crate) struct Printed {
    /// The rows on the paper.
    pub(crate) rows: Vec<Vec<u8>>,
    /// After which row the paper was cut.
    pub(crate) cuts: Vec<usize>,
    /// Every command, and zeros between commands, in order.
    pub(crate) log: Vec<&'static str>,
    /// The arguments of the last drawer pulse.
    pub(crate) pulse: Vec<u8>,
    /// How often it was asked to say when it is done.
    pub(crate) asked_for_end: u32,
    pub(crate) fault: Fault,
}

/// What is wrong with a printer.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Fault {
    /// It never answers.
    pub(crate) mute: bool,
    /// It does not know `GS r`.
    pub(crate) no_done: bool,
    /// Bits in the answers to `DLE EOT` 1 to 4 that are not normal.
    pub(crate) bits: [u8; 4],
    /// Nonsense before each answer.
    pub(crate) noise: &'static [u8],
    /// The paper's rows end here.
    pub(crate) paper: Option<usize>,
    /// The connection breaks at this row.
    pub(crate) breaks_at: Option<usize>,
    /// It takes nothing more from this row on.
    pub(crate) stops_at: Option<usize>,
    /// So long it takes for a row.
    pub(crate) row: Duration,
}

/// A printer on a TCP port.
pub(crate) struct TestPrinter {
    pub(crate) address: SocketAddr,
    shared: Arc<Mutex<Printed>>,
    _stop: Sender<()>,
}

impl TestPrinter {
    pub(crate) fn new(fault: Fault) -> TestPrinter {
        TestPrinter::at("127.0.0.1:0".parse().unwrap(), fault)
    }

    pub(crate) fn at(address: SocketAddr, fault: Fault) -> TestPrinter {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Printed { fault, ..Printed::default() }));
        let (stop, stopped) = channel();
        let theirs = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // It ends like a real one: by being switched off, or when the other side goes.
                if serve(stream.unwrap(), &theirs, &stopped).is_none() {
                    return;
                }
            }
        });
        TestPrinter { address, shared, _stop: stop }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, Printed> {
        self.shared.lock().unwrap()
    }
}

/// Serves one connection; `None` once the test is over.
fn serve(stream: TcpStream, shared: &Mutex<Printed>, stopped: &Receiver<()>) -> Option<()> {
    stream.set_nodelay(true).unwrap();
    let mut out = stream.try_clone().unwrap();
    let mut input = BufReader::with_capacity(64, stream).bytes();
    serve_bytes(&mut input, &mut out, shared, stopped);
    matches!(stopped.try_recv(), Err(std::sync::mpsc::TryRecvError::Empty)).then_some(())
}

/// Obeys the commands until the line ends or breaks.
pub(crate) fn serve_bytes(
    input: &mut impl Iterator<Item = std::io::Result<u8>>,
    out: &mut impl Write,
    shared: &Mutex<Printed>,
    stopped: &Receiver<()>,
) -> Option<()> {
    loop {
        match input.next()?.ok()? {
            0x00 => note(shared, "zeros"),
            0x10 => {
                let (_eot, n) = (input.next()?.ok()?, input.next()?.ok()?);
                note(shared, "ask");
                let state = shared.lock().unwrap();
                let answer = 0x12 | state.fault.bits[usize::from(n) - 1];
                say(out, &state.fault, answer)?;
            }
            0x1B => match input.next()?.ok()? {
                b'@' => note(shared, "initialize"),
                b'p' => {
                    let pulse = (0..3).map(|_| input.next()?.ok()).collect::<Option<Vec<u8>>>()?;
                    note(shared, "drawer");
                    shared.lock().unwrap().pulse = pulse;
                }
                other => panic!("ESC {other:#04x}"),
            },
            0x1D => match input.next()?.ok()? {
                b'a' => drop(input.next()?.ok()?),
                b'V' => {
                    let _function_and_feed = (input.next()?.ok()?, input.next()?.ok()?);
                    note(shared, "cut");
                    let mut state = shared.lock().unwrap();
                    let rows = state.rows.len();
                    state.cuts.push(rows);
                }
                b'r' => {
                    input.next()?.ok()?;
                    let mut state = shared.lock().unwrap();
                    state.asked_for_end += 1;
                    if !state.fault.no_done && state.fault.bits[0] & 0x08 == 0 {
                        say(out, &state.fault, 0x00)?;
                    }
                }
                b'v' => picture(input, shared, stopped)?,
                other => panic!("GS {other:#04x}"),
            },
            other => panic!("{other:#04x} is no command"),
        }
    }
}

fn picture(
    input: &mut impl Iterator<Item = std::io::Result<u8>>,
    shared: &Mutex<Printed>,
    stopped: &Receiver<()>,
) -> Option<()> {
    let head = (0..6).map(|_| input.next()?.ok()).collect::<Option<Vec<u8>>>()?;
    let (row_bytes, rows) = (u16::from_le_bytes([head[2], head[3]]), u16::from_le_bytes([head[4], head[5]]));
    note(shared, "picture");
    for _ in 0..rows {
        let row = (0..row_bytes).map(|_| input.next()?.ok()).collect::<Option<Vec<u8>>>()?;
        let mut state = shared.lock().unwrap();
        if state.fault.paper.is_some_and(|end| state.rows.len() >= end) {
            state.fault.bits = [0x08, 0x20, 0, 0x60];
            continue;
        }
        state.rows.push(row);
        let (at, fault) = (state.rows.len(), state.fault);
        drop(state);
        if fault.breaks_at.is_some_and(|row| at >= row) {
            return None;
        }
        if fault.stops_at.is_some_and(|row| at >= row) {
            let _ = stopped.recv();
            return None;
        }
        if !fault.row.is_zero() {
            let _ = stopped.recv_timeout(fault.row);
        }
    }
    Some(())
}

fn say(out: &mut impl Write, fault: &Fault, byte: u8) -> Option<()> {
    if fault.mute {
        return Some(());
    }
    out.write_all(fault.noise).ok()?;
    out.write_all(&[byte]).ok()
}

fn note(shared: &Mutex<Printed>, command: &'static str) {
    let log = &mut shared.lock().unwrap().log;
    if log.last() != Some(&command) {
        log.push(command);
    }
}

/// Short enough for tests, long enough for a busy machine.
pub(crate) const PATIENCE: Patience = Patience {
    poll: Duration::from_millis(30),
    answer: Duration::from_millis(250),
    stalled: Duration::from_millis(600),
    done: Duration::from_millis(1000),
    job: Duration::from_secs(8),
};

pub(crate) const SETTINGS: Settings =
    Settings { width_dots: 384, answers: Answers::WhenAsked, cut: Cut::Partial, drawer: None };

pub(crate) fn start(address: SocketAddr, settings: Settings) -> (EscposPrinter, Receiver<Incoming>) {
    let (inbox, incoming) = Inbox::channel();
    (EscposPrinter::start(EscposTcp(address), settings, PATIENCE, inbox), incoming)
}

/// A paper of so many rows, no two of which are alike.
pub(crate) fn paper(height: u32) -> Raster {
    let mut paper = Raster::new(384, height);
    for y in 0..height {
        for bit in 0..16 {
            if y & (1 << bit) != 0 {
                paper.blacken(40 + 2 * bit, y);
            }
        }
        paper.blacken(0, y);
    }
    paper
}

pub(crate) fn rows(paper: &Raster) -> Vec<Vec<u8>> {
    paper.rows().map(<[u8]>::to_vec).collect()
}

/// Prints, and says how that ended; devices' changes in between are skipped.
pub(crate) fn print(
    printer: &mut EscposPrinter,
    incoming: &Receiver<Incoming>,
    job: u64,
    paper: Raster,
) -> PrintEnd {
    printer.print(JobNo(job), paper);
    match next_event(incoming) {
        Event::PrintEnded { job: JobNo(ended), end } if ended == job => end,
        other => panic!("{other:?} is not the end of {job}"),
    }
}

/// Waits until the printer's state is as wanted.
pub(crate) fn wait_until(printer: &TestPrinter, wanted: impl Fn(&Printed) -> bool) {
    let (_never, tick) = channel::<()>();
    for _ in 0..LIMIT.as_millis() / 5 {
        if wanted(&printer.state()) {
            return;
        }
        let _ = tick.recv_timeout(Duration::from_millis(5));
    }
    panic!("it never came to that");
}
