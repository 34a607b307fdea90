//! HTTP as bytes over a socket: requests that a client library does not permit.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// A request on a connection of its own.
pub(crate) fn request(
    addr: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, String)],
    body: &[u8],
) -> Answer {
    let mut stream = connect(addr);
    stream.write_all(head(method, target, headers, Some(body.len())).as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    read_answer(&mut stream).unwrap()
}

/// A connection with timeouts.
pub(crate) fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// The front of a request, up to its body; without a length it announces chunks.
pub(crate) fn head(method: &str, target: &str, headers: &[(&str, String)], length: Option<usize>) -> String {
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    match length {
        Some(length) => write!(head, "content-length: {length}\r\n\r\n").unwrap(),
        None => head.push_str("transfer-encoding: chunked\r\n\r\n"),
    }
    head
}

/// Reads one answer with a `content-length`, and leaves the connection open.
pub(crate) fn read_answer(stream: &mut impl Read) -> io::Result<Answer> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let mut body = vec![0; length(&head)];
    stream.read_exact(&mut body)?;
    Ok(Answer { status: status(&head), head, body })
}

/// The status in a head.
pub(crate) fn status(head: &str) -> u16 {
    head.split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("no status: {head}"))
}

fn length(head: &str) -> usize {
    head.lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap())
}
