//! Group commits: one commit for all waiting deliveries, because they can share the sync of the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use crate::error::Error;
use crate::metrics::{Counters, labels};
use crate::new_delivery::NewDelivery;
use crate::store::Store;
use crate::stored::Kept;

/// The maximum number of deliveries in a commit.
pub const MAX_BATCH: usize = 1024;
/// The maximum number of bytes of bodies in a commit, unless a single body is larger.
const MAX_BATCH_BYTES: usize = 16 * 1024 * 1024;
/// The maximum number of bytes that wait for a commit. Further deliveries wait for room until their deadline.
const MAX_QUEUED_BYTES: usize = 64 * 1024 * 1024;
/// The size of a delivery in the queue in addition to its body.
const OVERHEAD_BYTES: usize = 1024;
/// The maximum number of times that a commit yields, so that other clients can join it.
const MAX_YIELDS: usize = 8;
/// The delay after a failed commit until the next attempt, if no delivery waits.
const PROBE_AFTER: Duration = Duration::from_secs(1);

/// The sender to the committing task, which ends when this is dropped.
pub(crate) struct GroupCommit {
    queue: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
    deadline: Duration,
    ok: Arc<AtomicBool>,
}

struct Waiting {
    new: NewDelivery,
    reply: oneshot::Sender<Result<Kept, Error>>,
}

/// A body that takes its room in the queue until it is dropped. The store may hold it longer than its caller waits.
struct Queued {
    body: Bytes,
    _room: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Queued {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

struct Committer {
    store: Arc<dyn Store>,
    queue: mpsc::UnboundedReceiver<Waiting>,
    deadline: Duration,
    ok: Arc<AtomicBool>,
    counters: Arc<Counters>,
    /// Changes with every commit, to wake consumers that wait for work.
    commits: watch::Sender<u64>,
    /// The expected number of deliveries in the next commit: those that waited when the last commit ended, and one of
    /// each client that it answered.
    expected: usize,
}

impl GroupCommit {
    /// Starts committing, as a task of the runtime that this is called in.
    pub(crate) fn start(
        store: Arc<dyn Store>,
        deadline: Duration,
        counters: Arc<Counters>,
        commits: watch::Sender<u64>,
    ) -> Self {
        let (sender, queue) = mpsc::unbounded_channel();
        let ok = Arc::new(AtomicBool::new(true));
        let committer =
            Committer { store, queue, deadline, ok: Arc::clone(&ok), counters, commits, expected: 0 };
        tokio::spawn(committer.run());
        Self { queue: sender, room: Arc::new(Semaphore::new(MAX_QUEUED_BYTES)), deadline, ok }
    }

    /// Returns when the delivery is on disk. Fails if it is not on disk within the deadline.
    pub(crate) async fn put(&self, new: NewDelivery) -> Result<Kept, Error> {
        let late = |_| Error::unavailable(format!("not stored within {} s", self.deadline.as_secs_f32()));
        timeout(self.deadline, self.put_in_time(new)).await.map_err(late)?
    }

    async fn put_in_time(&self, mut new: NewDelivery) -> Result<Kept, Error> {
        let stopped = || Error::unavailable("the inbox is closed, or its runtime has ended");
        // A delivery that is larger than the whole queue waits until the queue is empty.
        let bytes = (new.body.len() + OVERHEAD_BYTES).min(MAX_QUEUED_BYTES);
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(bytes).await.map_err(|_| stopped())?;
        let (reply, answer) = oneshot::channel();
        new.body = Bytes::from_owner(Queued { body: new.body, _room: room });
        self.queue.send(Waiting { new, reply }).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Whether the last commit succeeded.
    pub(crate) fn last_commit_ok(&self) -> bool {
        self.ok.load(Ordering::Relaxed)
    }
}

impl Committer {
    async fn run(mut self) {
        let mut waiting = Vec::new();
        loop {
            let probe = async {
                if self.ok.load(Ordering::Relaxed) {
                    std::future::pending::<()>().await;
                } else {
                    sleep(PROBE_AFTER).await;
                }
            };
            let received = tokio::select! {
                received = self.queue.recv_many(&mut waiting, MAX_BATCH) => received,
                () = probe => {
                    self.commit(Vec::new()).await;
                    continue;
                }
            };
            if received == 0 {
                return;
            }
            self.gather(&mut waiting).await;
            while !waiting.is_empty() {
                let mut bytes = 0;
                let fitting = waiting.iter().take_while(|waiting| {
                    bytes += waiting.new.body.len();
                    bytes <= MAX_BATCH_BYTES
                });
                let fitting = fitting.count().max(1);
                let batch = waiting.drain(..fitting).collect();
                let answered = self.commit(batch).await;
                self.expected = answered + waiting.len() + self.queue.len();
            }
        }
    }

    /// Lets clients join that were just answered and send their next delivery. They need a turn of the runtime for
    /// that. Without it they would miss the commit, and each commit would serve only half of the clients. There is no
    /// timer, and a single client does not wait.
    async fn gather(&mut self, waiting: &mut Vec<Waiting>) {
        for _ in 0..MAX_YIELDS {
            if waiting.len() >= self.expected.min(MAX_BATCH) {
                return;
            }
            yield_now().await;
            let before = waiting.len();
            while waiting.len() < MAX_BATCH
                && let Ok(one) = self.queue.try_recv()
            {
                waiting.push(one);
            }
            if waiting.len() == before {
                return;
            }
        }
    }

    /// Stores a batch and answers its clients. Returns their number.
    async fn commit(&self, batch: Vec<Waiting>) -> usize {
        let mut replies = Vec::with_capacity(batch.len());
        let mut news = Vec::with_capacity(batch.len());
        let probe = batch.is_empty();
        for Waiting { new, reply } in batch {
            // If nobody waits any more, 503 was answered and the vendor sends the delivery again.
            if !reply.is_closed() {
                replies.push((reply, labels(&new)));
                news.push(new);
            }
        }
        if news.is_empty() && !probe {
            return 0;
        }
        let rows = news.len();
        let started = Instant::now();
        let outcome = timeout(self.deadline, self.store.put(news)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(Error::unavailable("the store did not answer in time")));
        // Each caller gets the result of its own delivery.
        let outcome = match outcome {
            Ok(kept) if kept.len() != rows => {
                Err(Error::unavailable("the store returned a wrong number of results"))
            }
            outcome => outcome,
        };
        self.ok.store(outcome.is_ok(), Ordering::Relaxed);
        match outcome {
            Ok(kept) => {
                self.counters.committed(rows, started.elapsed());
                for ((reply, labels), kept) in replies.into_iter().zip(kept) {
                    self.counters.stored(labels, kept);
                    let _ = reply.send(Ok(kept));
                }
                self.commits.send_modify(|commits| *commits += 1);
            }
            Err(error) => {
                self.counters.commit_failed();
                tracing::error!(error = %error.shared(), rows, "commit failed");
                for (reply, ..) in replies {
                    let _ = reply.send(Err(error.shared()));
                }
            }
        }
        rows
    }
}
