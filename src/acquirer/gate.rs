//! Whether a request's first byte was handed to TLS: the line between *not sent* and *unknown*.
//!
//! A [`Gate`] stands in front of the TLS stream. The first write passes it and is remembered; once it is barred, no
//! write passes any more. So whoever gives a request up bars the gate first and then knows for certain: either
//! nothing was handed to TLS and nothing will be, or something was and the result is unknown.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const RESTING: u8 = 0;
const PASSED: u8 = 1;
const BARRED: u8 = 2;

/// The gate of one connection; clones are the same gate.
#[derive(Clone, Debug)]
pub(super) struct Gate(Arc<AtomicU8>);

impl Gate {
    /// A gate that nothing has passed.
    pub(super) fn new() -> Gate {
        Gate(Arc::new(AtomicU8::new(RESTING)))
    }

    /// Forgets what passed, before the next request; a barred gate stays barred.
    pub(super) fn rest(&self) {
        let _ = self.0.compare_exchange(PASSED, RESTING, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// Lets nothing pass from now on, and says whether something has passed since the last rest.
    pub(super) fn bar(&self) -> bool {
        self.0.swap(BARRED, Ordering::SeqCst) == PASSED
    }

    fn pass(&self) -> io::Result<()> {
        match self.0.compare_exchange(RESTING, PASSED, Ordering::SeqCst, Ordering::SeqCst) {
            Err(BARRED) => Err(io::ErrorKind::BrokenPipe.into()),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

impl Default for Gate {
    fn default() -> Gate {
        Gate::new()
    }
}

/// A stream whose writes go through a gate.
pub(super) struct Gated<S> {
    stream: S,
    gate: Gate,
}

impl<S> Gated<S> {
    /// Puts `gate` in front of `stream`.
    pub(super) fn new(stream: S, gate: Gate) -> Gated<S> {
        Gated { stream, gate }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gated<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gated<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.gate.pass()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.gate.pass()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    fn write(stream: &mut Gated<Vec<u8>>, bytes: &[u8]) -> io::Result<()> {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(stream.write_all(bytes))
    }

    #[test]
    fn a_barred_gate_lets_nothing_pass_and_says_that_nothing_did() {
        let gate = Gate::new();
        let mut stream = Gated::new(Vec::new(), gate.clone());
        assert!(!gate.bar());
        assert!(write(&mut stream, b"x").is_err());
        assert!(stream.stream.is_empty());
        gate.rest();
        assert!(write(&mut stream, b"x").is_err());
    }

    #[test]
    fn one_byte_that_passed_is_remembered_until_the_next_request() {
        let gate = Gate::new();
        let mut stream = Gated::new(Vec::new(), gate.clone());
        write(&mut stream, b"x").unwrap();
        gate.rest();
        write(&mut stream, b"y").unwrap();
        assert!(gate.bar());
        assert!(write(&mut stream, b"z").is_err());
        assert_eq!(stream.stream, b"xy");
    }
}
