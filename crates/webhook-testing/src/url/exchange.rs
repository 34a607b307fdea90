//! One request and its answer, over a separate connection.
//!
//! HTTP clients stop at the first byte that they cannot send, and lose the answer that a receiver sent before it
//! closed. This is the 413 that the bench checks. Here the answer is read while the request is being sent.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::thread;
use std::time::{Duration, Instant};

use http::StatusCode;

/// The maximum size of the head of an answer, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// The maximum number of headers of an answer.
const MAX_HEADERS: usize = 128;

/// The reason why there is no answer from a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoAnswer {
    /// Nothing listens there, or it cannot be reached.
    Unreachable(ErrorKind),
    /// It took longer than this.
    Late(Duration),
    /// The connection was closed without an answer.
    Closed,
    /// The connection broke before the answer.
    Broken(ErrorKind),
    /// The answer is not HTTP.
    NotHttp,
}

/// Sends the bytes of a request and reads the status of the answer.
pub(crate) fn exchange(
    host: &str,
    port: u16,
    request: &[u8],
    timeout: Duration,
) -> Result<StatusCode, NoAnswer> {
    let deadline = Deadline { start: Instant::now(), timeout };
    let stream = connect(host, port, deadline)?;
    thread::scope(|scope| {
        let send = || {
            stream.set_write_timeout(Some(timeout))?;
            (&stream).write_all(request)
        };
        // It does not matter whether everything could be sent: only the answer is used.
        thread::Builder::new().spawn_scoped(scope, send)?;
        let answer = receive(&stream, deadline);
        // This also ends the sending.
        let _ = stream.shutdown(Shutdown::Both);
        answer
    })
}

fn connect(host: &str, port: u16, deadline: Deadline) -> Result<TcpStream, NoAnswer> {
    let unreachable = |error: io::Error| NoAnswer::Unreachable(error.kind());
    let mut failed = NoAnswer::Unreachable(ErrorKind::NotFound);
    for address in (host, port).to_socket_addrs().map_err(unreachable)? {
        match TcpStream::connect_timeout(&address, deadline.left()?) {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = unreachable(error),
        }
    }
    deadline.left()?;
    Err(failed)
}

/// Reads an answer to its end. Only its status is used.
fn receive(stream: &TcpStream, deadline: Deadline) -> Result<StatusCode, NoAnswer> {
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    let (status, body) = loop {
        if let Some(head) = head(&mut received)? {
            break head;
        }
        match read(stream, &mut buffer, deadline)? {
            [] => return Err(NoAnswer::Closed),
            read => received.extend_from_slice(read),
        }
    };
    // The receiver may still be working: some are cancelled if the sender closes too early.
    let mut left = body.saturating_sub(received.len());
    while left > 0 {
        match read(stream, &mut buffer, deadline) {
            Ok([]) | Err(_) => break,
            Ok(read) => left = left.saturating_sub(read.len()),
        }
    }
    Ok(status)
}

/// Removes the head of the final answer from the received bytes: its status, and the maximum number of bytes that
/// follow.
fn head(received: &mut Vec<u8>) -> Result<Option<(StatusCode, usize)>, NoAnswer> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let length = match response.parse(received).map_err(|_| NoAnswer::NotHttp)? {
            httparse::Status::Complete(length) => length,
            httparse::Status::Partial if received.len() > LONGEST_HEAD => return Err(NoAnswer::NotHttp),
            httparse::Status::Partial => return Ok(None),
        };
        let status =
            response.code.and_then(|code| StatusCode::from_u16(code).ok()).ok_or(NoAnswer::NotHttp)?;
        let body = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let body = body.and_then(|header| str::from_utf8(header.value).ok()?.trim().parse().ok());
        received.drain(..length);
        // A 1xx status is not the final answer.
        if !status.is_informational() || status == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(Some((status, body.unwrap_or(usize::MAX))));
        }
    }
}

/// The next bytes; empty at the end.
fn read<'b>(mut stream: &TcpStream, buffer: &'b mut [u8], deadline: Deadline) -> Result<&'b [u8], NoAnswer> {
    let read = loop {
        stream.set_read_timeout(Some(deadline.left()?))?;
        match stream.read(buffer) {
            Ok(read) => break read,
            // Which of the first two it is depends on the system.
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => {}
                kind => return Err(NoAnswer::Broken(kind)),
            },
        }
    };
    Ok(buffer.get(..read).unwrap_or_default())
}

/// When patience ends.
#[derive(Clone, Copy)]
struct Deadline {
    start: Instant,
    timeout: Duration,
}

impl Deadline {
    /// The time that is left, which is never zero.
    fn left(self) -> Result<Duration, NoAnswer> {
        let left = self.timeout.saturating_sub(self.start.elapsed());
        if left.is_zero() { Err(NoAnswer::Late(self.timeout)) } else { Ok(left) }
    }
}

impl From<io::Error> for NoAnswer {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.kind())
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(kind) => write!(f, "failed to connect: {kind}"),
            Self::Late(timeout) => write!(f, "none within {timeout:?}"),
            Self::Closed => f.write_str("the connection was closed"),
            Self::Broken(kind) => write!(f, "the connection broke: {kind}"),
            Self::NotHttp => f.write_str("the answer is not HTTP"),
        }
    }
}

impl std::error::Error for NoAnswer {}
