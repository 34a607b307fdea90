//! A test bench: the requests to send to a receiver, and the expected results.

use std::cell::Cell;
use std::time::Duration;

use webhook_core::samples::Sample;
use webhook_core::{Authenticated, Secret};

use crate::report::Report;
use crate::rows;
use crate::setup::Setup;
use crate::target::Target;

/// A test bench: the requests to send to a receiver, and the expected results.
pub struct Bench<'a, W: 'static> {
    setup: Setup<'a, W>,
}

impl<'a, W: Authenticated> Bench<'a, W> {
    /// Creates a bench from the samples of a vendor, such as `qase_webhooks::samples::all()`, and the secret of the
    /// receiver.
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

    /// Sets the path of the receiver. A token in the URL is appended as the last segment.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.setup.path = format!("/{}", path.trim_matches('/'));
        self
    }

    /// Sets the largest body in bytes that the receiver accepts, if it differs from the limit that the vendor crate
    /// suggests.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.setup.max_body_bytes = bytes;
        self
    }

    /// Sets a function that returns the number of deliveries that were processed since the receiver was created.
    /// Without it, duplicates cannot be checked and their rows are skipped.
    ///
    /// It is called right after an answer. If your receiver answers first and processes later, set
    /// [`settle`](Self::settle) too.
    #[must_use]
    pub fn processed(self, count: impl Fn() -> usize + 'a) -> Self {
        self.processed_async(move || std::future::ready(count()))
    }

    /// Like [`processed`](Self::processed), for a count that needs an `await`, such as a database query.
    #[must_use]
    pub fn processed_async<F>(mut self, count: impl Fn() -> F + 'a) -> Self
    where
        F: Future<Output = usize> + 'a,
    {
        self.setup.count = Some(Box::new(move || Box::pin(count())));
        self
    }

    /// Sets how long the receiver may take to process a delivery after it has acknowledged it; the default is zero.
    ///
    /// The bench waits up to this long until a delivery is counted. If a delivery must not be processed, or only once,
    /// it waits until the count has not changed for this long, once per row.
    #[must_use]
    pub fn settle(mut self, settle: Duration) -> Self {
        self.setup.settle = settle;
        self
    }

    /// Runs all rows, one after the other.
    ///
    /// If a genuine delivery gets no answer, or 404, nothing else is sent. The first row then shows the reason, and all
    /// other rows are skipped.
    ///
    /// Use a new receiver, or one that has not received requests of this bench. A delivery that it has already seen
    /// would be reported as lost.
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
