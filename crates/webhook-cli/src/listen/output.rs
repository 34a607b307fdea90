//! Standard output, which one thread writes: whoever waits for a line learns whether it was written.

mod drift_log;
mod printer;
mod repeats;
mod stream;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::timeout;

pub(super) use self::drift_log::DriftLog;
pub(super) use self::printer::Printer;
pub(super) use self::stream::is_discarded;
use super::body::Share;
use crate::report::Forwarded;
use crate::vendor::Vendor;

/// How long a delivery waits to be written.
const OUTPUT_TIMEOUT: Duration = Duration::from_secs(5);

/// Deliveries that wait to be written.
const MAX_WAITING: usize = 4_096;

/// Bytes of bodies that wait to be printed and are kept elsewhere: they are not part of what is in flight.
const MAX_OFFERED_BYTES: usize = 16 * 1024 * 1024;

/// One write takes at most so many deliveries, and about so many bytes.
const MAX_BATCH: usize = 256;
const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// A delivery to print.
pub(super) struct Job {
    vendor: Vendor,
    received_at: DateTime<Utc>,
    body: Bytes,
    /// The inbox has it from before.
    again: bool,
    forwarded: Option<Forwarded>,
    reply: Option<oneshot::Sender<Printed>>,
    /// What the body takes of a budget, until it is printed.
    _share: Share,
}

/// What became of a delivery that was to be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    /// Its line is written, and its body is a JSON object.
    Object,
    /// Its line is written, and its body is no JSON object.
    NoObject,
    /// Its line is not written.
    Not,
}

/// Why printing came to an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// As many deliveries as were asked for.
    Enough,
    /// Nothing can be written any more, and why.
    Dead(String),
}

/// The way to the thread that writes.
pub(super) struct Output {
    jobs: SyncSender<Job>,
    offered: Arc<Semaphore>,
    state: Arc<State>,
}

struct State {
    ended: watch::Sender<Option<Ended>>,
    stalled: AtomicBool,
    unprinted: AtomicU64,
}

impl Job {
    pub(super) fn new(
        vendor: Vendor,
        received_at: DateTime<Utc>,
        body: Bytes,
        again: bool,
        forwarded: Option<Forwarded>,
        share: Share,
    ) -> Self {
        Self { vendor, received_at, body, again, forwarded, reply: None, _share: share }
    }
}

impl Output {
    /// Starts the thread that writes; the receiver ends when that thread has nothing more to do.
    pub(super) fn start(printer: Printer) -> (Self, Receiver<()>) {
        let (jobs, waiting) = mpsc::sync_channel(MAX_WAITING);
        let (ended, _) = watch::channel(None);
        let state = Arc::new(State { ended, stalled: AtomicBool::new(false), unprinted: AtomicU64::new(0) });
        let watching = Arc::clone(&state);
        stream::when_closed(move || watching.end(Ended::Dead("its reader is gone".to_owned())));
        let (alive, done) = mpsc::channel();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            let _alive: mpsc::Sender<()> = alive;
            print_all(&waiting, printer, &shared);
        });
        (Self { jobs, offered: Arc::new(Semaphore::new(MAX_OFFERED_BYTES)), state }, done)
    }

    /// Prints a delivery, and says whether that was done.
    pub(super) async fn print(&self, mut job: Job) -> Printed {
        let (reply, answer) = oneshot::channel();
        job.reply = Some(reply);
        if self.jobs.try_send(job).is_err() {
            return Printed::Not;
        }
        let Ok(answer) = timeout(OUTPUT_TIMEOUT, answer).await else {
            self.state.stall("deliveries are answered 503 until it does");
            return Printed::Not;
        };
        answer.unwrap_or(Printed::Not)
    }

    /// Prints a delivery that is kept elsewhere, unless too many wait already.
    pub(super) fn offer(&self, job: Job) {
        if self.state.is_dead() {
            return;
        }
        let bytes = u32::try_from(job.body.len()).unwrap_or(u32::MAX);
        let sent = match Arc::clone(&self.offered).try_acquire_many_owned(bytes) {
            Ok(share) => self.jobs.try_send(Job { _share: share, ..job }).is_ok(),
            Err(_) => false,
        };
        if !sent {
            self.state.unprinted.fetch_add(1, Ordering::Relaxed);
            self.state.stall("deliveries are kept and not printed until it does");
        }
    }

    /// Whether lines are written at the moment.
    pub(super) fn is_ready(&self) -> bool {
        !self.state.stalled.load(Ordering::Relaxed) && self.state.ended.borrow().is_none()
    }

    /// Tells why printing came to an end, when it does.
    pub(super) fn ended(&self) -> watch::Receiver<Option<Ended>> {
        self.state.ended.subscribe()
    }
}

impl State {
    fn end(&self, why: Ended) {
        self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            if first {
                *ended = Some(why);
            }
            first
        });
    }

    fn is_dead(&self) -> bool {
        matches!(*self.ended.borrow(), Some(Ended::Dead(_)))
    }

    fn stall(&self, consequence: &str) {
        if !self.stalled.swap(true, Ordering::Relaxed) {
            tracing::error!("standard output takes nothing: {consequence}");
        }
    }

    fn recover(&self) {
        if self.stalled.swap(false, Ordering::Relaxed) {
            let unprinted = self.unprinted.swap(0, Ordering::Relaxed);
            tracing::warn!(unprinted, "standard output takes lines again");
        }
    }
}

fn print_all(jobs: &Receiver<Job>, mut printer: Printer, state: &State) {
    let mut lines = Vec::new();
    while let Ok(job) = jobs.recv() {
        lines.clear();
        let mut written = Vec::new();
        let mut next = Some(job);
        while let Some(job) = next.take() {
            // Whoever gave up waiting was told to send it again.
            if job.reply.as_ref().is_none_or(|reply| !reply.is_closed()) && !printer.has_enough() {
                let outcome = printer.format(&job, &mut lines);
                written.push((job, outcome));
            }
            if written.len() < MAX_BATCH && lines.len() < MAX_BATCH_BYTES {
                next = jobs.try_recv().ok();
            }
        }
        if state.is_dead() {
            // Kept elsewhere, or answered with a failure.
            continue;
        }
        match printer.write(&lines) {
            Ok(()) => state.recover(),
            Err(error) => {
                state.end(Ended::Dead(error.to_string()));
                continue;
            }
        }
        for (job, outcome) in written {
            if let Some(reply) = job.reply {
                // The client may have gone; the line is there all the same.
                let _ = reply.send(outcome);
            }
        }
        printer.after_write();
        if printer.has_enough() {
            state.end(Ended::Enough);
        }
    }
}

/// Waits until everything is written.
pub(super) fn wait(done: &Receiver<()>, longest: Duration) -> bool {
    done.recv_timeout(longest) == Err(RecvTimeoutError::Disconnected)
}
