//! Just enough HTTP for a test: one request a connection.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends a request and reads the whole answer: status and body.
pub(crate) async fn ask(to: SocketAddr, head: &str, body: &str) -> (u16, Vec<u8>) {
    let mut stream = send(to, head, body).await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
    (status, answer[end + 4..].to_vec())
}

/// Sends a request and leaves the answer to the caller.
pub(crate) async fn send(to: SocketAddr, head: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(to).await.unwrap();
    let request = format!("{head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// The data of the first event of a stream.
pub(crate) async fn first_event(mut stream: TcpStream) -> Value {
    let mut text = String::new();
    loop {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).await.unwrap();
        assert!(length > 0, "the stream ended: {text}");
        text.push_str(&String::from_utf8_lossy(&part[..length]));
        if let Some((_, data)) = text.split_once("data: ")
            && let Some((json, _)) = data.split_once("\n\n")
        {
            return serde_json::from_str(json).unwrap();
        }
    }
}
