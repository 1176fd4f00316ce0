//! The figures that a terminal is measured by (`make bench`): how quick, how small, each beside a floor of the same run.
//!
//! ```text
//!             pseudo terminal          TLS            TLS
//!  scanner ──────────────────▶ program ───▶ relay ───▶ simulated acquirer
//!  panel   ◀────────────────── (child)         the relay and the panel note when bytes pass
//!             Unix socket
//! ```
//!
//! The program is the shipped one, given as argument, unmodified, and beside it the simulated world's. What it must do anyway (a commit, a signature, a
//! drawing) is done here a second time without anything around it, in turn with the sales and after the same pauses: that
//! is the floor. Times count from when the kernel of the one side has the
//! bytes until the other side has read them, or, for a request, until the kernel has it, which the kernel notes itself.
//! Ends with 1 where a bound is missed.

mod counter;
mod floor;
mod listener;
mod lives;
mod old_journal;
mod panel;
mod post;
mod printer;
mod relay;
mod settling;
mod stamp;
mod table;
mod time;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::time::Duration;

use postern::bench::acquirer::{Acquirer, Config};

use counter::{Counter, Files, Sale};
use floor::Floor;
use relay::Relay;
use table::{Bound, Figure, quantile};

/// Why there are no figures.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The rest before each measurement.
const PAUSE: Duration = Duration::from_millis(80);
/// Sales that are measured, and those before them, which fill caches.
const SALES: u32 = 300;
/// After so many of them the memory is looked at.
const SALES_FOR_MEMORY: u32 = 100;
const FIRST_SALES: u32 = 6;
/// Starts of each kind.
const STARTS: usize = 15;
const DRAWINGS: usize = 200;

const MIB: f64 = 1024.0 * 1024.0;

fn main() -> ExitCode {
    match measure() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("could not measure: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Measures everything; `true` if every figure is within its bound.
fn measure() -> Result<bool, Fault> {
    // Cargo adds `--bench`.
    let mut programs = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let program = programs.next().ok_or("the first argument must be the program, built for release")?;
    let program = PathBuf::from(program);
    let world = programs.next().ok_or("the second argument must be the simulated world's program")?;
    let below = Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures");
    let fresh = below.join("fresh");
    // There may be one of an earlier run.
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh)?;

    let acquirer = acquirer()?;
    let relay = Relay::start(acquirer.address())?;
    let files = Files::write("figures", &acquirer, &relay, Some(printer::start()?))?;
    let mut floor = Floor::open(&files, &fresh)?;
    let old = below.join("old");
    old_journal::prepare(&old)?;

    let mut figures = vec![lives::measure(Path::new(&world))?];
    println!("{} starts, three times", STARTS);
    figures.extend(starts(&program, &files, &fresh, &old)?);
    println!("{SALES} sales");
    figures.extend(sales(&program, &files, &fresh.join("sales"), &mut floor, &acquirer, &relay)?);
    println!("sales beside 500 open payments");
    figures.extend(settling::measure(&program, &files, &fresh, &acquirer, &relay)?);
    figures.push(drawing(&mut floor));
    println!("notifications");
    let files = Files::write("listener", &acquirer, &relay, None)?;
    figures.extend(listener::measure(&program, &files, &fresh, &mut floor, &acquirer, &relay)?);
    let size = fs::metadata(&program)?.len() as f64 / MIB;
    let (floor, bound) = (None, Bound::Below(8.0));
    figures.push(Figure { name: "the program's size", ours: size, floor, unit: "MiB", bound });

    print!("\n{}", table::text(&figures));
    let json = below.parent().and_then(Path::parent).unwrap_or(&below).join("bench.json");
    table::write_json(&figures, &json)?;
    println!("\nalso in {}", json.display());
    Ok(figures.iter().all(Figure::is_ok))
}

/// Starts the simulated acquirer on a thread of its own, until the program ends.
fn acquirer() -> Result<Acquirer, Fault> {
    let (started, is_started) = channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            // The other end waits for exactly this.
            let _ = started.send(Acquirer::start(Config::default()).await);
            std::future::pending::<()>().await;
        });
    });
    Ok(is_started.recv()??)
}

/// From the start of the process to a screen on which a sale can begin: without a journal, with an empty one, with
/// an old one, in turn.
fn starts(program: &Path, files: &Files, fresh: &Path, old: &Path) -> Result<[Figure; 3], Fault> {
    let empty = fresh.join("empty");
    drop(Counter::start(program, files, &make(&empty)?)?);
    let (mut none_took, mut empty_took, mut old_took) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..STARTS {
        let none = make(&fresh.join(format!("none-{number}")))?;
        for (data, took) in
            [(none.as_path(), &mut none_took), (&empty, &mut empty_took), (old, &mut old_took)]
        {
            time::pause(PAUSE);
            took.push(Counter::start(program, files, data)?.ready_after);
        }
    }
    let [none, empty, old] = [none_took, empty_took, old_took].map(|took| quantile(&took, 0.5));
    let (unit, bound) = ("ms", Bound::Below(150.0));
    Ok([
        Figure { name: "first start to ready, no journal yet", ours: none, floor: None, unit, bound },
        Figure { name: "start to ready, journal without a sale", ours: empty, floor: None, unit, bound },
        Figure {
            name: "start to ready, journal of 1,000,000 sales",
            ours: old,
            floor: Some(empty),
            unit,
            bound: Bound::Ratio(1.2),
        },
    ])
}

fn make(data: &Path) -> Result<PathBuf, Fault> {
    fs::create_dir_all(data)?;
    Ok(data.to_owned())
}

/// A counter's sales, with the floors in between: from the scan to the request, from the answer to the result, memory.
fn sales(
    program: &Path,
    files: &Files,
    data: &Path,
    floor: &mut Floor,
    acquirer: &Acquirer,
    relay: &Relay,
) -> Result<[Figure; 4], Fault> {
    let mut counter = Counter::start(program, files, &make(data)?)?;
    let at_start = counter.resident()? as f64 / MIB;
    relay.hold(PAUSE);
    let (mut sales, mut asks, mut shows) = (Vec::<Sale>::new(), Vec::new(), Vec::new());
    let mut resident = at_start;
    for number in 0..FIRST_SALES + SALES {
        time::pause(PAUSE);
        let ask = floor.ask()?;
        let sale = counter.sell(10 + number, acquirer, relay)?;
        time::pause(PAUSE);
        let show = floor.show()?;
        if number >= FIRST_SALES {
            sales.push(sale);
            asks.push(ask);
            shows.push(show);
        }
        if number < FIRST_SALES + SALES_FOR_MEMORY {
            resident = counter.resident()? as f64 / MIB;
        }
    }
    relay.hold(Duration::ZERO);

    let asking: Vec<Duration> = sales.iter().map(|sale| sale.asking).collect();
    let showing: Vec<Duration> = sales.iter().map(|sale| sale.showing).collect();
    let ratio = |name, ours: &[Duration], floor: &[Duration], share, most| Figure {
        name,
        ours: quantile(ours, share),
        floor: Some(quantile(floor, share)),
        unit: "ms",
        bound: Bound::Ratio(most),
    };
    Ok([
        ratio("scan's last byte to PAY's first byte, p50", &asking, &asks, 0.5, 1.5),
        ratio("scan's last byte to PAY's first byte, p99", &asking, &asks, 0.99, 2.0),
        ratio("answer's last byte to the result screen, p50", &showing, &shows, 0.5, 1.5),
        Figure {
            name: "resident after 100 sales (floor: at start)",
            ours: resident,
            floor: Some(at_start),
            unit: "MiB",
            bound: Bound::Below(20.0),
        },
    ])
}

/// A whole 800x480 screen with an order code of 80 characters.
fn drawing(floor: &mut Floor) -> Figure {
    let (drawn, filled): (Vec<Duration>, Vec<Duration>) = (0..DRAWINGS).map(|_| floor.draw()).unzip();
    Figure {
        name: "drawing a screen with a code (floor: one fill)",
        ours: quantile(&drawn, 0.5),
        floor: Some(quantile(&filled, 0.5)),
        unit: "ms",
        bound: Bound::Below(4.0),
    }
}
