//! Where a sink sends: a server that answers 200, or 500 to one of so many requests.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use anyhow::{Context as _, Result};

pub(super) struct Target {
    pub(super) url: String,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    requests: AtomicU64,
    refused: AtomicU64,
}

impl Target {
    pub(super) fn start(fails_one_of: Option<u64>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/hook", listener.local_addr()?);
        let counts = Arc::<Counts>::default();
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let counts = Arc::clone(&shared);
                // A connection that ends is opened again.
                thread::spawn(move || serve(stream, &counts, fails_one_of));
            }
        });
        Ok(Self { url, counts })
    }

    pub(super) fn requests(&self) -> u64 {
        self.counts.requests.load(Ordering::Relaxed)
    }

    pub(super) fn refused(&self) -> u64 {
        self.counts.refused.load(Ordering::Relaxed)
    }
}

fn serve(mut stream: TcpStream, counts: &Counts, fails_one_of: Option<u64>) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while read_message(&mut reader)?.is_some() {
        let number = counts.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let fails = fails_one_of.is_some_and(|of| number.is_multiple_of(of));
        if fails {
            counts.refused.fetch_add(1, Ordering::Relaxed);
        }
        let status = if fails { "500 Internal Server Error" } else { "200 OK" };
        stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes())?;
    }
    Ok(())
}

/// A request or an answer.
pub(super) struct Message {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

/// The next message, with a length prefix; `None` at the end of the connection.
pub(super) fn read_message(reader: &mut impl BufRead) -> Result<Option<Message>> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(None);
        }
    }
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Ok(0), |(_, length)| length.trim().parse())
        .context("a length that is no number")?;
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    Ok(Some(Message { head, body }))
}
