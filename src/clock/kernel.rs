//! Asks the kernel whether its clock is synchronised (`adjtimex(2)`, the state `TIME_ERROR`).
#![allow(unsafe_code, reason = "adjtimex has no safe binding in the libraries that this program uses")]

/// Whether a time service disciplines the system's clock, and says that it is right.
pub(super) fn is_synchronised() -> bool {
    // SAFETY: all-zero bytes are a valid `timex`; with `modes` 0 the kernel only fills it in.
    let state = unsafe {
        let mut timex: libc::timex = std::mem::zeroed();
        libc::adjtimex(&raw mut timex)
    };
    state != -1 && state != libc::TIME_ERROR
}
