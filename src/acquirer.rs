//! The acquirer, as the terminal talks to it.
//!
//! ```text
//!  Request ─▶ wire ─▶ sign ─▶ protocol ─▶ connection ─▶ acquirer
//!  Reply  ◀── wire ◀─ sign ◀─ protocol ◀─ connection ◀─┘
//! ```
//!
//! - [`profile`]: every choice that the acquirer's public text leaves open, from a file; [`keys`]: key files
//! - [`wire`]: the acquirer's JSON; [`json`]: the reader and writer below it; [`extras`], [`merchant`]: constant fields
//! - [`sign`]: signatures; [`protocol`]: a request as a signed HTTP message, an answer verified and read

pub mod extras;
pub mod json;
pub mod keys;
pub mod merchant;
pub mod profile;
pub mod protocol;
pub mod sign;
pub mod wire;
