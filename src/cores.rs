//! Which of the machine's cores a thread runs on, and who goes first there.
//!
//! What a sale passes through (the scanner's thread, the loop, the acquirer's client) shares one core: to wake a thread
//! on a core that sleeps takes longer than to sign a request. All others keep off it, so that a picture is drawn while a
//! record is written and is in no request's way. A machine with one core has no choice, and where the system refuses, all
//! stays as it is.
#![allow(
    unsafe_code,
    reason = "sched_setscheduler has no safe binding in the libraries that this program uses"
)]

use std::io;
use std::sync::OnceLock;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The cores that the program was given.
static GIVEN: OnceLock<CpuSet> = OnceLock::new();

/// Puts this thread, and those that it starts, on the sale's core.
pub fn join_the_sale() {
    put(is_last);
}

/// Keeps this thread, and those that it starts, off the sale's core.
pub fn leave_the_sale() {
    put(|given, core| given.count() == 1 || !is_last(given, core));
}

/// Lets whoever wakes this thread go on until it waits or gives way (`std::thread::yield_now`): what is to be done can be
/// laid out for this thread beforehand, and is done while the other one waits for the disk.
pub fn give_way() {
    // SAFETY: all zeros is a valid parameter: the policy has no priorities.
    let parameter: libc::sched_param = unsafe { std::mem::zeroed() };
    // SAFETY: the call reads the parameter, which lives until it returns, and changes this thread's policy alone.
    if unsafe { libc::sched_setscheduler(0, libc::SCHED_BATCH, &parameter) } != 0 {
        tracing::debug!(error = %io::Error::last_os_error(), "could not let others go first");
    }
}

/// The last core is the sale's: interrupts and other programs gather on the first, and the last are the fast ones where
/// cores differ.
fn is_last(given: &CpuSet, core: usize) -> bool {
    (core + 1..CpuSet::MAX_CPU).all(|later| !given.is_set(later))
}

fn put(belongs: impl Fn(&CpuSet, usize) -> bool) {
    let Ok(now) = sched_getaffinity(None) else { return };
    let given = GIVEN.get_or_init(|| now);
    let mut wanted = CpuSet::new();
    let mine = (0..CpuSet::MAX_CPU).filter(|core| given.is_set(*core) && belongs(given, *core));
    mine.for_each(|core| wanted.set(core));
    if let Err(error) = sched_setaffinity(None, &wanted) {
        tracing::debug!(%error, "could not choose a core");
    }
}
