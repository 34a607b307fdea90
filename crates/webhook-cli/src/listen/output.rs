//! Standard output, written by one thread. The sender of a line is informed whether it was written.

mod drift_log;
mod printer;
mod repeats;
mod stream;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::timeout;

pub(super) use self::drift_log::DriftLog;
pub(super) use self::printer::Printer;
pub(super) use self::stream::is_discarded;
use super::body::Share;
use crate::report::{Forwarded, Report};
use crate::vendor::Vendor;

/// The maximum time that a delivery waits to be written.
const OUTPUT_TIMEOUT: Duration = Duration::from_secs(5);

/// The maximum number of deliveries that wait to be written.
const MAX_WAITING: usize = 4_096;

/// The maximum size of stored bodies that wait to be printed. They are not counted as in flight.
const MAX_OFFERED_BYTES: usize = 16 * 1024 * 1024;

/// The maximum number of deliveries, and the approximate number of bytes, of one write.
const MAX_BATCH: usize = 256;
const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// Makes the report about a delivery.
pub(super) type MakeReport = Box<dyn FnOnce() -> Report + Send>;

/// A delivery to print.
pub(super) struct Job {
    vendor: Vendor,
    body_bytes: usize,
    report: MakeReport,
    /// It was already in the inbox.
    again: bool,
    forwarded: Option<Forwarded>,
    reply: Option<oneshot::Sender<Printed>>,
    /// The part of a budget that the body uses until it is printed.
    _share: Share,
}

/// The result of printing a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    /// Its line is written, and its body is a JSON object.
    Object,
    /// Its line is written, and its body is not a JSON object.
    NoObject,
    /// Its line is not written.
    Not,
}

/// The reason why printing has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// The requested number of deliveries was printed.
    Enough,
    /// The output cannot be written any more, with the reason.
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
        body_bytes: usize,
        report: MakeReport,
        again: bool,
        forwarded: Option<Forwarded>,
        share: Share,
    ) -> Self {
        Self { vendor, body_bytes, report, again, forwarded, reply: None, _share: share }
    }
}

impl Output {
    /// Starts the writing thread. The receiver stops when that thread has ended.
    pub(super) fn start(printer: Printer) -> (Self, Receiver<()>) {
        let (jobs, waiting) = mpsc::sync_channel(MAX_WAITING);
        let (ended, _) = watch::channel(None);
        let state = Arc::new(State { ended, stalled: AtomicBool::new(false), unprinted: AtomicU64::new(0) });
        let watching = Arc::clone(&state);
        stream::when_closed(move || watching.end(Ended::Dead("its reader has closed it".to_owned())));
        let (alive, done) = mpsc::channel();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            let _alive: mpsc::Sender<()> = alive;
            print_all(&waiting, printer, &shared);
        });
        (Self { jobs, offered: Arc::new(Semaphore::new(MAX_OFFERED_BYTES)), state }, done)
    }

    /// Prints a delivery, and returns whether it was printed.
    pub(super) async fn print(&self, mut job: Job) -> Printed {
        let (reply, answer) = oneshot::channel();
        job.reply = Some(reply);
        if self.jobs.try_send(job).is_err() {
            return Printed::Not;
        }
        let Ok(answer) = timeout(OUTPUT_TIMEOUT, answer).await else {
            self.state.stall("deliveries are answered 503 until it is writable");
            return Printed::Not;
        };
        answer.unwrap_or(Printed::Not)
    }

    /// Prints a stored delivery, unless too many are waiting.
    pub(super) fn offer(&self, job: Job) {
        if self.state.is_dead() {
            return;
        }
        let bytes = u32::try_from(job.body_bytes).unwrap_or(u32::MAX);
        let sent = match Arc::clone(&self.offered).try_acquire_many_owned(bytes) {
            Ok(share) => self.jobs.try_send(Job { _share: share, ..job }).is_ok(),
            Err(_) => false,
        };
        if !sent {
            self.state.unprinted.fetch_add(1, Ordering::Relaxed);
            self.state.stall("deliveries are stored and not printed until it is writable");
        }
    }

    /// Whether lines are written at the moment.
    pub(super) fn is_ready(&self) -> bool {
        !self.state.stalled.load(Ordering::Relaxed) && self.state.ended.borrow().is_none()
    }

    /// Completes when printing has ended, with the reason.
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
            tracing::error!("standard output is blocked: {consequence}");
        }
    }

    fn recover(&self) {
        if self.stalled.swap(false, Ordering::Relaxed) {
            let unprinted = self.unprinted.swap(0, Ordering::Relaxed);
            tracing::warn!(unprinted, "standard output is writable again");
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
            // Its sender has stopped waiting and was answered 503.
            if job.reply.as_ref().is_none_or(|reply| !reply.is_closed()) && !printer.has_enough() {
                let Job { vendor, report, again, forwarded, reply, _share: share, .. } = job;
                let outcome = printer.format(vendor, report(), again, forwarded, &mut lines);
                written.push((reply, outcome, share));
            }
            if written.len() < MAX_BATCH && lines.len() < MAX_BATCH_BYTES {
                next = jobs.try_recv().ok();
            }
        }
        if state.is_dead() {
            // It is stored, or was answered with a failure.
            continue;
        }
        match printer.write(&lines) {
            Ok(()) => state.recover(),
            Err(error) => {
                state.end(Ended::Dead(error.to_string()));
                continue;
            }
        }
        for (reply, outcome, _share) in written {
            if let Some(reply) = reply {
                // The client may have disconnected; the line is still written.
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
