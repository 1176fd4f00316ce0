//! The manager's PIN: kept as an Argon2 hash, compared in a thread of its own.
//!
//! A comparison takes some tenths of a second on purpose, so it may not happen where the counter's events are handled.
//! After three wrong ones in a row each further comparison waits for half a minute, also when the right one comes.

use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use postern_heart::event::{Event, Pin};

use crate::ports::Inbox;

/// The shortest PIN.
pub const DIGITS_MIN: usize = 4;
/// The longest PIN.
pub const DIGITS_MAX: usize = 12;
/// Memory of one comparison in KiB: what a small terminal can spare.
const MEMORY_KIB: u32 = 8 * 1024;
const PASSES: u32 = 3;
const WRONG_FREE: u32 = 3;
const WRONG_WAIT: Duration = Duration::from_secs(30);

/// What is wrong with a new PIN.
#[derive(Debug, thiserror::Error)]
pub enum PinFault {
    /// Not digits, too few or too many.
    #[error("a PIN is {DIGITS_MIN} to {DIGITS_MAX} digits and nothing else")]
    Form,
    /// The hash could not be made.
    #[error("could not make the PIN's hash: {0}")]
    Hash(String),
    /// The PIN could not be read.
    #[error("could not read the PIN from standard input")]
    Read(#[source] std::io::Error),
}

/// Makes the line that goes into the shop file.
///
/// # Errors
/// The PIN has another form; or there is no randomness.
pub fn hash(pin: &str) -> Result<String, PinFault> {
    let plain = pin.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || !(DIGITS_MIN..=DIGITS_MAX).contains(&pin.len()) {
        return Err(PinFault::Form);
    }
    let fault = |why: String| PinFault::Hash(why);
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|why| fault(why.to_string()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(pin.as_bytes()).map_err(|why| fault(why.to_string()))?;
    Ok(hash.to_string())
}

/// `postern pin`: reads a PIN from standard input and prints the shop file's line for it.
///
/// # Errors
/// There is no line to read, or it is no PIN.
pub fn ask_and_print() -> Result<(), PinFault> {
    eprintln!(
        "The manager's new PIN, {DIGITS_MIN} to {DIGITS_MAX} digits, then Enter (it is shown as you type):"
    );
    let mut line = zeroize::Zeroizing::new(String::new());
    std::io::stdin().read_line(&mut line).map_err(PinFault::Read)?;
    let hash = hash(line.trim_end_matches(['\r', '\n']))?;
    eprintln!("Put this line into the shop file, above its first [table]:");
    println!("pin = \"{hash}\"");
    Ok(())
}

/// Whether the PIN is the one that the hash was made from; `false` for a hash that can't be read.
pub fn is_right(pin: &Pin, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(pin.reveal().as_bytes(), &hash).is_ok()
}

/// Compares PINs; every one ends in an [`Event::PinChecked`].
#[derive(Debug)]
pub struct PinChecker {
    pins: SyncSender<Pin>,
    inbox: Inbox,
}

impl PinChecker {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub fn start(hash: String, inbox: Inbox) -> std::io::Result<PinChecker> {
        let (pins, waiting) = sync_channel::<Pin>(1);
        let answers = inbox.clone();
        thread::Builder::new().name("pin".into()).spawn(move || {
            let mut wrong = 0_u32;
            let (_never, pause) = sync_channel::<()>(0);
            while let Ok(pin) = waiting.recv() {
                if wrong >= WRONG_FREE {
                    // Nothing ever comes: this is a pause that does not read a clock.
                    let _over = pause.recv_timeout(WRONG_WAIT);
                }
                let right = is_right(&pin, &hash);
                wrong = if right { 0 } else { wrong.saturating_add(1) };
                if !answers.send(Event::PinChecked { right }) {
                    return;
                }
            }
        })?;
        Ok(PinChecker { pins, inbox })
    }

    /// Compares one PIN. While another comparison is under way it is refused unseen.
    pub fn check(&mut self, pin: Pin) {
        match self.pins.try_send(pin) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.inbox.send(Event::PinChecked { right: false });
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_right_only_for_its_own_hash() {
        let hash = hash("246813").unwrap();
        assert!(is_right(&Pin::new("246813".into()), &hash));
        assert!(!is_right(&Pin::new("246814".into()), &hash));
        assert!(!is_right(&Pin::new("246813".into()), "no hash at all"));
    }

    #[test]
    fn a_pin_of_another_form_makes_no_hash() {
        for pin in ["", "123", "1234567890123", "12a4", "１２３４"] {
            assert!(matches!(hash(pin), Err(PinFault::Form)), "{pin}");
        }
    }
}
