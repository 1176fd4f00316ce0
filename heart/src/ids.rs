//! Ids: of transactions and cancellations (ours), of orders (the acquirer's), of requests and print jobs.

use alloc::string::String;
use core::fmt;

/// The longest `merchantOrderId` that the acquirer takes (contract, section 4).
pub const ORDER_ID_MAX: usize = 32;

/// An id that we make for a payment, a cancellation or a refund: at most 32 of `[A-Za-z0-9_-]`.
///
/// Its form is `terminal-counter-random`, for example `HK01-00004C-7KQ2M9XD`: the counter is the journal's own
/// sequence number, and 40 fresh random bits keep a restored disk or a cloned image from using an id again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderId {
    bytes: [u8; ORDER_ID_MAX],
    len: u8,
}

impl OrderId {
    /// Reads an id; `None` when it is empty, longer than 32 or holds another character.
    pub fn parse(text: &str) -> Option<OrderId> {
        let fits = (1..=ORDER_ID_MAX).contains(&text.len());
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !fits || !plain {
            return None;
        }
        let mut bytes = [0; ORDER_ID_MAX];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(OrderId { bytes, len: u8::try_from(text.len()).ok()? })
    }

    /// Makes the id of the record that will stand at `sequence`, with 40 random bits.
    pub fn make(terminal: TerminalId, sequence: u64, random: u64) -> OrderId {
        let mut id = OrderId { bytes: [0; ORDER_ID_MAX], len: 0 };
        id.push_all(terminal.as_str().bytes());
        id.push(b'-');
        id.push_base32(sequence, 6, 13);
        id.push(b'-');
        id.push_base32(random & 0xFF_FFFF_FFFF, 8, 8);
        id
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        let used = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        core::str::from_utf8(used).unwrap_or_default()
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(usize::from(self.len)) {
            *place = byte;
            self.len = self.len.saturating_add(1);
        }
    }

    fn push_all(&mut self, bytes: impl Iterator<Item = u8>) {
        bytes.for_each(|b| self.push(b));
    }

    /// Crockford's base 32: no letter can be taken for a digit when it is read aloud.
    fn push_base32(&mut self, value: u64, digits_min: u32, digits_max: u32) {
        const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let bits = u64::BITS.saturating_sub(value.leading_zeros());
        let needed = bits.div_ceil(5).clamp(digits_min, digits_max);
        for i in (0..needed).rev() {
            let digit = value.checked_shr(i.saturating_mul(5)).unwrap_or(0) & 31;
            self.push(DIGITS.get(digit as usize).copied().unwrap_or(b'0'));
        }
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A terminal's own name in its ids: 1 to 8 of `[A-Za-z0-9]`.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct TerminalId {
    bytes: [u8; 8],
    len: u8,
}

impl TerminalId {
    /// Reads a terminal id; `None` when it is empty, longer than 8 or holds another character.
    pub fn parse(text: &str) -> Option<TerminalId> {
        if !(1..=8).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let mut bytes = [0; 8];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(TerminalId { bytes, len: u8::try_from(text.len()).ok()? })
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        let used = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        core::str::from_utf8(used).unwrap_or_default()
    }
}

impl fmt::Debug for TerminalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The acquirer's id of an order (`uqOrderId`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UqOrderId(pub String);

/// A transaction at the acquirer, by the id that it is asked about with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// By an id of ours.
    Ours(OrderId),
    /// By the acquirer's: a payment that came to a static code has none of ours.
    Theirs(UqOrderId),
}

impl Target {
    /// The id of ours, where it has one.
    pub fn ours(&self) -> Option<OrderId> {
        match self {
            Target::Ours(id) => Some(*id),
            Target::Theirs(_) => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Ours(id) => fmt::Display::fmt(id, f),
            Target::Theirs(id) => f.pad(&id.0),
        }
    }
}

/// The number of one request to the acquirer, counted from the program's start.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RequestNo(pub u64);

/// The number of one print job, counted from the program's start.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct JobNo(pub u64);
