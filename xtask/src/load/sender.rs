//! Deliveries at a steady rate, over connections that stay open.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::target::{Message, read_message};

/// What became of the deliveries so far.
#[derive(Default)]
pub(super) struct Sent {
    offered: AtomicU64,
    acknowledged: AtomicU64,
    /// How long each answer took, from the moment at which it was to be sent: a sender that waits hides nothing.
    times: Mutex<Vec<Duration>>,
}

impl Sent {
    pub(super) fn offered(&self) -> u64 {
        self.offered.load(Ordering::Relaxed)
    }

    pub(super) fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// The time within which this part of the answers came.
    pub(super) fn within(&self, part: f64) -> Duration {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        times.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a part of a number of deliveries"
        )]
        let place = (times.len().saturating_sub(1) as f64 * part) as usize;
        times.get(place).copied().unwrap_or_default()
    }
}

/// Sends for this long.
pub(super) fn send(
    address: SocketAddr,
    rate: u64,
    time: Duration,
    connections: u64,
    sent: &Sent,
) -> Result<()> {
    ensure!(rate > 0 && connections > 0, "nothing to send");
    let begun = Instant::now();
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..connections)
            .map(|lane| scope.spawn(move || drive(address, begun, time, (lane, connections, rate), sent)))
            .collect();
        lanes
            .into_iter()
            .map(|lane| lane.join().unwrap_or_else(|_| anyhow::bail!("a connection stopped early")))
            .collect::<Result<Vec<()>>>()
    })?;
    Ok(())
}

/// Every so-manieth delivery, each at its time.
fn drive(
    address: SocketAddr,
    begun: Instant,
    time: Duration,
    (lane, connections, rate): (u64, u64, u64),
    sent: &Sent,
) -> Result<()> {
    let mut connection = None;
    let mut times = Vec::new();
    for number in (lane..).step_by(usize::try_from(connections)?) {
        let due = Duration::from_micros(number.saturating_mul(1_000_000) / rate);
        if due >= time {
            break;
        }
        thread::sleep(due.saturating_sub(begun.elapsed()));
        let body = body(number);
        let length = body.len();
        let head = format!(
            "POST /deepsource HTTP/1.1\r\nhost: load\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        sent.offered.fetch_add(1, Ordering::Relaxed);
        let request = format!("{head}{body}");
        // A connection that the listener has ended, because of its age, is opened again; the key is the same.
        let answer = match exchange(&mut connection, address, &request) {
            Ok(Some(answer)) => Some(answer),
            _ => exchange(&mut connection, address, &request)?,
        };
        if answer.is_some_and(|answer| answer.head.starts_with("HTTP/1.1 200")) {
            sent.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        times.push(begun.elapsed().saturating_sub(due));
    }
    sent.times.lock().unwrap_or_else(PoisonError::into_inner).append(&mut times);
    Ok(())
}

/// Sends a request on the connection, which is opened if needed; `None` where it ends without an answer.
fn exchange(
    connection: &mut Option<BufReader<TcpStream>>,
    address: SocketAddr,
    request: &str,
) -> Result<Option<Message>> {
    let mut reader = if let Some(reader) = connection.take() {
        reader
    } else {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        BufReader::new(stream)
    };
    reader.get_mut().write_all(request.as_bytes())?;
    let answer = read_message(&mut reader)?;
    let is_last =
        answer.as_ref().is_none_or(|answer| answer.head.to_ascii_lowercase().contains("connection: close"));
    if !is_last {
        *connection = Some(reader);
    }
    Ok(answer)
}

/// A delivery of two kilobytes with an id of its own.
fn body(number: u64) -> String {
    let note = "a line of text that stands for a payload. ".repeat(46);
    format!(
        r#"{{"id":"load-{number}","type":"test.event","createdAt":1770705612,"data":{{"test":true,"note":"{note}"}}}}"#
    )
}
