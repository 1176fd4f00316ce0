//! A receipt printer that is always well, never short of paper, and quick: it reads the pictures and forgets them.

use std::io::{self, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;

/// The bits that are always set in an answer to `DLE EOT`.
const WELL: u8 = 0x12;

/// Starts one on a free port, until the program ends.
pub(crate) fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // One terminal after the other; a line that ends is nothing to tell.
            thread::spawn(|| drop(serve(stream)));
        }
    });
    Ok(address)
}

fn serve(stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut out = stream.try_clone()?;
    let mut input = BufReader::new(stream);
    loop {
        match take(&mut input)? {
            [0x10] => {
                take::<2>(&mut input)?;
                out.write_all(&[WELL])?;
            }
            [0x1B] => match take(&mut input)? {
                [b'p'] => drop(take::<3>(&mut input)?),
                [_initialize] => {}
            },
            [0x1D] => match take(&mut input)? {
                [b'V'] => drop(take::<2>(&mut input)?),
                [b'r'] => {
                    take::<1>(&mut input)?;
                    out.write_all(&[0])?;
                }
                [b'v'] => {
                    let [_, _, width, width_high, rows, rows_high] = take(&mut input)?;
                    let bytes = u64::from(u16::from_le_bytes([width, width_high]))
                        * u64::from(u16::from_le_bytes([rows, rows_high]));
                    io::copy(&mut (&mut input).take(bytes), &mut io::sink())?;
                }
                [_one_argument] => drop(take::<1>(&mut input)?),
            },
            [_nothing] => {}
        }
    }
}

fn take<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}
