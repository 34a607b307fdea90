//! One request and its answer, over a connection of its own.
//!
//! Clients stop at the first byte that they cannot send, and lose the answer that a receiver gave before it closed: the
//! very 413 that the bench looks for. Here the answer is read while the request is being sent.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::thread;
use std::time::{Duration, Instant};

use http::StatusCode;

/// The longest head of an answer, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// The most headers of an answer.
const MOST_HEADERS: usize = 128;

/// Why there is no answer from a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoAnswer {
    /// Nothing listens there, or it cannot be reached.
    Unreachable(ErrorKind),
    /// It took longer than this.
    Late(Duration),
    /// The connection was closed instead.
    Closed,
    /// The connection did not last until the answer.
    Broken(ErrorKind),
    /// What came is not HTTP.
    NotHttp,
}

/// Sends the bytes of a request and reads the status that is answered.
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
        // Whether everything could be sent does not matter: only the answer counts.
        thread::Builder::new().spawn_scoped(scope, send)?;
        let answer = receive(&stream, deadline);
        // Ends the sending, too.
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

/// Reads an answer to its end; its status is all that counts.
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
    // A receiver may still be at work: some are cut off when the sender goes away too early.
    let mut left = body.saturating_sub(received.len());
    while left > 0 {
        match read(stream, &mut buffer, deadline) {
            Ok([]) | Err(_) => break,
            Ok(read) => left = left.saturating_sub(read.len()),
        }
    }
    Ok(status)
}

/// Takes the head of the final answer off what was received: its status, and how many bytes follow at most.
fn head(received: &mut Vec<u8>) -> Result<Option<(StatusCode, usize)>, NoAnswer> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
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
        // "Go on" is no answer yet.
        if !status.is_informational() || status == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(Some((status, body.unwrap_or(usize::MAX))));
        }
    }
}

/// What comes next; nothing when nothing comes any more.
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
            Self::NotHttp => f.write_str("what came is not HTTP"),
        }
    }
}

impl std::error::Error for NoAnswer {}
