//! When the kernel was given the bytes that a socket receives: on the loopback, the moment of the other side's write.
#![allow(unsafe_code, reason = "the standard library reads no control messages yet")]

use std::io;
use std::mem::{size_of, zeroed};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::Duration;

/// Has the kernel note when bytes come.
pub(crate) fn ask_for(socket: &TcpStream) -> io::Result<()> {
    let on: libc::c_int = 1;
    let length = size_of::<libc::c_int>() as libc::socklen_t;
    let on: *const libc::c_int = &on;
    // SAFETY: the pointer is to an integer that lives, and the length is its own.
    let set = unsafe {
        libc::setsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, on.cast(), length)
    };
    if set == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Reads what has come, and when the last of it did, by the wall clock since 1970.
pub(crate) fn read(socket: &TcpStream, bytes: &mut [u8]) -> io::Result<(usize, Option<Duration>)> {
    let mut part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    let mut control = [0_u64; 16];
    // SAFETY: all zeros is an empty message, and its pointers are set to what lives until the call has returned.
    unsafe {
        let mut message: libc::msghdr = zeroed();
        message.msg_iov = &mut part;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = size_of_val(&control);
        let length = libc::recvmsg(socket.as_raw_fd(), &mut message, 0);
        let length = usize::try_from(length).map_err(|_| io::Error::last_os_error())?;
        let header = libc::CMSG_FIRSTHDR(&message).as_ref();
        let stamp = header
            .filter(|header| {
                header.cmsg_level == libc::SOL_SOCKET && header.cmsg_type == libc::SCM_TIMESTAMPNS
            })
            .map(|header| libc::CMSG_DATA(header).cast::<libc::timespec>().read_unaligned());
        Ok((length, stamp.map(|at| Duration::new(at.tv_sec as u64, at.tv_nsec as u32))))
    }
}
