//! A child that does not outlive the bench, not even one that is itself killed (`prctl(2)`, `PR_SET_PDEATHSIG`).
#![allow(unsafe_code, reason = "what runs between fork and exec has no safe binding")]

use std::io;

use tokio::process::Command;

/// Has the kernel kill the child once the thread that starts it is gone: the bench starts its terminal on its only one.
pub(super) fn never(command: &mut Command) -> &mut Command {
    let bench = std::process::id();
    let dies_with_the_bench = move || {
        // SAFETY: both calls take numbers only, and may be made between fork and exec.
        let (done, parent) = unsafe { (libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL), libc::getppid()) };
        match done {
            0 if u32::try_from(parent) == Ok(bench) => Ok(()),
            // The bench ended while the child was made.
            0 => Err(io::ErrorKind::NotFound.into()),
            _ => Err(io::Error::last_os_error()),
        }
    };
    // SAFETY: it allocates nothing and takes no lock.
    unsafe { command.pre_exec(dies_with_the_bench) }
}
