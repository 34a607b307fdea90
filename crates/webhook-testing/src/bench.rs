//! What to send to a receiver, and what it should do with it.

use std::cell::Cell;

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
    processed: Option<Box<dyn Fn() -> usize + 'a>>,
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
            processed: None,
            fresh: Cell::new(0),
        }
    }

    /// Where the receiver takes deliveries; a token that belongs into the URL is appended as the last segment.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.path = format!("/{}", path.trim_matches('/'));
        self
    }

    /// The most bytes that the receiver takes, when it was told another limit than the vendor's.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Tells how many deliveries were processed since the receiver was made. Without it nothing is known about
    /// duplicates, and their rows are skipped.
    ///
    /// It is asked right after an answer: a receiver that processes later must be waited for in here.
    #[must_use]
    pub fn processed(mut self, count: impl Fn() -> usize + 'a) -> Self {
        self.processed = Some(Box::new(count));
        self
    }

    /// Sends everything, one row after the other.
    ///
    /// Where a genuine delivery gets no answer, or 404, nothing else is sent: the first row tells why, and all others are
    /// skipped.
    ///
    /// The receiver should be a new one, or at least one that has not met this bench before: what it remembers as
    /// already seen would look as if it were lost.
    pub async fn run(&self, target: &impl Target) -> Report {
        Report::new(W::VENDOR, rows::all(self, target).await)
    }

    pub(crate) fn count(&self) -> Option<usize> {
        self.processed.as_ref().map(|count| count())
    }
}

/// The samples to send, without the secret.
impl<W: 'static> std::fmt::Debug for Bench<'_, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bench")
            .field("samples", &self.samples.len())
            .field("path", &self.path)
            .field("max_body_bytes", &self.max_body_bytes)
            .field("counts", &self.processed.is_some())
            .finish_non_exhaustive()
    }
}
