//! What to send to a receiver, and what it should do with it.

use std::cell::Cell;
use std::pin::Pin;
use std::thread;
use std::time::{Duration, Instant};

use futures_channel::oneshot;
use webhook_core::samples::Sample;
use webhook_core::{Authenticated, Secret};

use crate::report::Report;
use crate::rows;
use crate::target::Target;

/// What to send to a receiver, and what it should do with it.
pub struct Bench<'a, W: 'static> {
    pub(crate) samples: &'static [Sample<W>],
    pub(crate) secret: Secret,
    pub(crate) path: String,
    pub(crate) max_body_bytes: usize,
    count: Option<Count<'a>>,
    settle: Duration,
    /// How many bodies were made to differ from all others.
    pub(crate) fresh: Cell<u32>,
}

impl<'a, W: Authenticated> Bench<'a, W> {
    /// A bench with the samples of a vendor, such as `qase_webhooks::samples::all()`, and the secret of the receiver.
    pub fn new(samples: &'static [Sample<W>], secret: Secret) -> Self {
        Self {
            samples,
            secret,
            path: "/".to_owned(),
            max_body_bytes: W::MAX_BODY_BYTES,
            count: None,
            settle: Duration::ZERO,
            fresh: Cell::new(0),
        }
    }

    /// The path of the receiver; a token that belongs in the URL is appended as the last segment.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.path = format!("/{}", path.trim_matches('/'));
        self
    }

    /// The largest body in bytes that the receiver accepts, where it has another limit than the vendor crate suggests.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Counts the deliveries that were processed since the receiver was made. Without it nothing is known about
    /// duplicates, and their rows are skipped.
    ///
    /// It is called right after an answer. A receiver that answers first and processes later needs
    /// [`settle`](Self::settle) as well.
    #[must_use]
    pub fn processed(self, count: impl Fn() -> usize + 'a) -> Self {
        self.processed_async(move || std::future::ready(count()))
    }

    /// The same as [`processed`](Self::processed) with a count that must be awaited, such as a query of a database.
    #[must_use]
    pub fn processed_async<F>(mut self, count: impl Fn() -> F + 'a) -> Self
    where
        F: Future<Output = usize> + 'a,
    {
        self.count = Some(Box::new(move || Box::pin(count())));
        self
    }

    /// How long the receiver may take to process what it has acknowledged; none unless it is set.
    ///
    /// The bench waits up to this long until a delivery is counted. Where something must not be processed, or only once,
    /// it waits until the count has not changed for this long, once per row.
    #[must_use]
    pub fn settle(mut self, settle: Duration) -> Self {
        self.settle = settle;
        self
    }

    /// Sends everything, one row after the other.
    ///
    /// Where a genuine delivery gets no answer, or 404, nothing else is sent: the first row says why, and all others are
    /// skipped.
    ///
    /// The receiver should be a new one, or at least one that has not met this bench before: a delivery that it has
    /// already seen would look as if it were lost.
    pub async fn run(&self, target: &impl Target) -> Report {
        Report::new(W::VENDOR, rows::all(self, target).await)
    }

    /// How many deliveries were processed so far; `None` where nobody counts.
    pub(crate) async fn count(&self) -> Option<usize> {
        match &self.count {
            Some(count) => Some(count().await),
            None => None,
        }
    }

    /// The count as soon as it has reached a number, or after the time that processing may take.
    pub(crate) async fn count_up_to(&self, expected: usize) -> Option<usize> {
        let start = Instant::now();
        loop {
            let count = self.count().await?;
            if count >= expected || start.elapsed() >= self.settle {
                return Some(count);
            }
            sleep(POLL).await;
        }
    }

    /// The count once it has not changed for the time that processing may take.
    pub(crate) async fn count_settled(&self) -> Option<usize> {
        let mut count = self.count().await?;
        let start = Instant::now();
        let mut changed = start;
        while changed.elapsed() < self.settle && start.elapsed() < self.settle.saturating_mul(MAX_SETTLES) {
            sleep(POLL).await;
            let now = self.count().await?;
            if now != count {
                (count, changed) = (now, Instant::now());
            }
        }
        Some(count)
    }
}

type Count<'a> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = usize> + 'a>> + 'a>;

/// How often a count is looked at while it may change.
const POLL: Duration = Duration::from_millis(5);

/// A receiver that never comes to rest is left alone after this many times the time that it may take.
const MAX_SETTLES: u32 = 20;

/// Waits in any async runtime: another thread does.
async fn sleep(duration: Duration) {
    let (wake, woken) = oneshot::channel();
    let sleeper = thread::Builder::new().name("webhook bench".to_owned()).spawn(move || {
        thread::sleep(duration);
        // Nobody waits any more when this fails.
        let _ = wake.send(());
    });
    if sleeper.is_ok() {
        let _ = woken.await;
    }
}

/// The samples to send, without the secret.
impl<W: 'static> std::fmt::Debug for Bench<'_, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bench")
            .field("samples", &self.samples.len())
            .field("path", &self.path)
            .field("max_body_bytes", &self.max_body_bytes)
            .field("counts", &self.count.is_some())
            .field("settle", &self.settle)
            .finish_non_exhaustive()
    }
}
