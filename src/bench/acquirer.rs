//! The simulated acquirer: the other end of the terminal's TLS connection.
