//! What to send to a receiver, and what it should do with it.

use std::cell::Cell;
use std::time::Duration;

use webhook_core::samples::Sample;
use webhook_core::{Authenticated, Secret};

use crate::report::Report;
use crate::rows;
use crate::setup::Setup;
use crate::target::Target;

/// What to send to a receiver, and what it should do with it.
pub struct Bench<'a, W: 'static> {
    setup: Setup<'a, W>,
}

impl<'a, W: Authenticated> Bench<'a, W> {
    /// A bench with the samples of a vendor, such as `qase_webhooks::samples::all()`, and the secret of the receiver.
    pub fn new(samples: &'static [Sample<W>], secret: Secret) -> Self {
        let setup = Setup {
            samples,
            secret,
            path: "/".to_owned(),
            max_body_bytes: W::MAX_BODY_BYTES,
            count: None,
            settle: Duration::ZERO,
            fresh: Cell::new(0),
        };
        Self { setup }
    }

    /// The path of the receiver; a token that belongs in the URL is appended as the last segment.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.setup.path = format!("/{}", path.trim_matches('/'));
        self
    }

    /// The largest body in bytes that the receiver accepts, where it has another limit than the vendor crate suggests.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.setup.max_body_bytes = bytes;
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
        self.setup.count = Some(Box::new(move || Box::pin(count())));
        self
    }

    /// How long the receiver may take to process what it has acknowledged; none unless it is set.
    ///
    /// The bench waits up to this long until a delivery is counted. Where something must not be processed, or only once,
    /// it waits until the count has not changed for this long, once per row.
    #[must_use]
    pub fn settle(mut self, settle: Duration) -> Self {
        self.setup.settle = settle;
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
        Report::new(W::VENDOR, rows::all(&self.setup, target).await)
    }
}

/// The samples to send, without the secret.
impl<W: 'static> std::fmt::Debug for Bench<'_, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bench")
            .field("samples", &self.setup.samples.len())
            .field("path", &self.setup.path)
            .field("max_body_bytes", &self.setup.max_body_bytes)
            .field("counts", &self.setup.count.is_some())
            .field("settle", &self.setup.settle)
            .finish_non_exhaustive()
    }
}
