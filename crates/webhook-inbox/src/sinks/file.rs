//! Deliveries as lines of files.

mod log;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::oneshot;

use self::log::{Appended, Log};
use super::Sink;
use crate::consumer::{Context, Outcome};
use crate::error::Error;
use crate::stored::{Seq, StoredDelivery};

/// When a new file is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Rotation {
    /// Never.
    #[default]
    Never,
    /// With the first delivery of a day, by UTC.
    Daily,
    /// Before a line that would make the file larger than this many bytes.
    Size(u64),
}

/// Appends each delivery to a file, as one line of JSON that `webhooks inspect` reads, and returns when the line is on
/// disk. Lines that wait at the same time share one sync of the disk.
///
/// The file at the path is always the current one. With a rotation it is renamed, to its name with the time of its end:
/// `deliveries-20261121T235959.123Z.ndjson`. One process at a time writes to a file. Only its owner can read a new file.
/// Other programs may move the file or empty it (`copytruncate` of logrotate); lines that they remove are lost.
///
/// A line has `seq`, `vendor`, `route`, `event`, `account`, `key`, `occurred_at`, `received_at`, and the exact body as
/// `body`, or as `body_base64` if it is not UTF-8.
#[derive(Debug, Clone)]
pub struct FileSink(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    log: Mutex<Log>,
    waiting: Mutex<Vec<Waiting>>,
}

/// A line that is not written yet, and whoever waits for it.
#[derive(Debug)]
struct Waiting {
    line: Vec<u8>,
    reply: oneshot::Sender<Appended>,
}

impl FileSink {
    /// Opens the file, or creates it in a folder that exists.
    ///
    /// An incomplete line at its end, left by a crash, is removed: its delivery is repeated.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, another process writes to it, or its last line was not written by this sink.
    pub fn open(path: impl Into<PathBuf>, rotation: Rotation) -> Result<Self, Error> {
        let path = path.into();
        let place = path.display().to_string();
        Log::open(path, rotation)
            .map(|log| Self(Arc::new(Shared { log: Mutex::new(log), waiting: Mutex::default() })))
            .map_err(|error| Error::misuse(format!("failed to use the file {place}: {error}")).because(error))
    }
}

impl Sink for FileSink {
    async fn deliver(&self, delivery: StoredDelivery, _: Context) -> Outcome {
        let failed = |error| Outcome::retry().note(format!("failed to write the line: {error}"));
        let line = match line(&delivery) {
            Ok(line) => line,
            Err(error) => return failed(error.to_string()),
        };
        let (reply, appended) = oneshot::channel();
        lock(&self.0.waiting).push(Waiting { line, reply });
        let shared = Arc::clone(&self.0);
        // Whoever gets the file next writes all lines that wait by then; the others find nothing left to do.
        tokio::task::spawn_blocking(move || shared.append_waiting());
        match appended.await {
            Ok(Ok(())) => Outcome::done(),
            Ok(Err(error)) => failed(error.to_string()),
            Err(_) => failed("the writer stopped early".to_owned()),
        }
    }
}

impl Shared {
    fn append_waiting(&self) {
        let mut log = lock(&self.log);
        let waiting = std::mem::take(&mut *lock(&self.waiting));
        // A line is not written if its handler was stopped: its delivery belongs to another worker.
        let waiting = waiting.into_iter().filter(|waiting| !waiting.reply.is_closed());
        let (lines, replies): (Vec<_>, Vec<_>) = waiting.map(|Waiting { line, reply }| (line, reply)).unzip();
        for (reply, appended) in replies.into_iter().zip(log.append(&lines, Utc::now())) {
            let _ = reply.send(appended);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Serialize)]
struct Line<'a> {
    // It comes first, because an incomplete line is recognised by it.
    seq: Seq,
    vendor: &'a str,
    route: &'a str,
    event: Option<&'a str>,
    account: Option<&'a str>,
    key: &'a str,
    occurred_at: Option<DateTime<Utc>>,
    received_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

fn line(delivery: &StoredDelivery) -> std::io::Result<Vec<u8>> {
    let row = &delivery.row;
    let body = std::str::from_utf8(&delivery.body).ok();
    let mut line = serde_json::to_vec(&Line {
        seq: row.seq,
        vendor: &row.vendor,
        route: &row.route,
        event: row.event.as_deref(),
        account: row.account.as_deref(),
        key: &row.key,
        occurred_at: row.occurred_at,
        received_at: row.received_at,
        body,
        body_base64: body.is_none().then(|| BASE64_STANDARD.encode(&delivery.body)),
    })?;
    line.push(b'\n');
    Ok(line)
}
