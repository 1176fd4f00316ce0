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
//! - [`tls`]: whom to trust, and at what time; `connection`, `gate`: one connection, and whether a byte left on it
//! - `shelf`: the connection that is kept ready; [`picture`]: an order code that comes as a picture
//! - [`client`]: all of it as a port; `word`: when a request may leave, and the answer that is owed for it

pub mod client;
mod connection;
pub mod extras;
mod gate;
pub mod json;
pub mod keys;
pub mod merchant;
pub mod picture;
pub mod profile;
pub mod protocol;
mod shelf;
pub mod sign;
pub mod tls;
pub mod wire;
mod word;
