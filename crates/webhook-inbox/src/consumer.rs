//! A sink's worker: claims deliveries, calls handlers, records how it went.

mod attempt;
mod context;
mod handler;
mod outcome;
mod work;

use std::future::Future;
use std::time::Duration;

use webhook_core::Envelope;

use self::attempt::Rules;
pub use self::context::Context;
use self::handler::Handlers;
pub use self::handler::Undecodable;
pub use self::outcome::{IntoOutcome, MAX_NOTE_BYTES, Outcome};
pub use self::work::Handled;
use self::work::Work;
use crate::backoff::Backoff;
use crate::error::Error;
use crate::inbox::{self, Inbox};
use crate::store::Start;
use crate::stored::StoredDelivery;

/// How long a delivery is a worker's without a sign of life, unless configured. A handler may take longer: its lease is
/// renewed while it runs.
pub const LEASE_TIME: Duration = Duration::from_secs(60);
/// How long running handlers may go on after the signal to stop, unless configured.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);
/// How often a delivery is tried before it is given up, unless configured.
pub const MAX_ATTEMPTS: u32 = 10;

/// Brings the deliveries of an inbox to a sink, from [`Inbox::consumer`].
///
/// Any number of consumers may serve one sink, in one process or in several: each delivery is handed to one of them at
/// a time.
#[must_use = "a consumer does nothing until it is run"]
pub struct Consumer {
    inbox: Inbox,
    sink: String,
    handlers: Handlers,
    start: Start,
    concurrency: usize,
    rules: Rules,
    lease_time: Duration,
    grace: Duration,
}

impl Inbox {
    /// A consumer for the sink of this name.
    ///
    /// Running it registers the sink. A new sink starts with the oldest delivery that is kept, unless told otherwise.
    pub fn consumer(&self, sink: impl Into<String>) -> Consumer {
        Consumer {
            inbox: self.clone(),
            sink: sink.into(),
            handlers: Handlers::default(),
            start: Start::default(),
            concurrency: 1,
            rules: Rules { backoff: Backoff::default(), max_attempts: MAX_ATTEMPTS },
            lease_time: LEASE_TIME,
            grace: SHUTDOWN_GRACE,
        }
    }

    /// Makes a sink known before its consumer runs for the first time, so that deliveries are dispatched to it.
    ///
    /// # Errors
    ///
    /// The name is empty or too long; the store is not available.
    pub async fn register(&self, sink: &str, start: Start) -> Result<(), Error> {
        inbox::name("the name of a sink", sink)?;
        self.inner().store.register(sink.to_owned(), start).await
    }
}

impl Consumer {
    /// Handles the deliveries of one vendor, decoded.
    pub fn on<W, F, R, O>(mut self, handler: F) -> Self
    where
        W: Envelope,
        F: Fn(W, Context) -> R + Send + Sync + 'static,
        R: Future<Output = O> + Send + 'static,
        O: IntoOutcome,
    {
        self.handlers.typed(handler);
        self
    }

    /// Handles the deliveries of all vendors that have no handler of their own, as they came.
    pub fn on_raw<F, R, O>(mut self, handler: F) -> Self
    where
        F: Fn(StoredDelivery, Context) -> R + Send + Sync + 'static,
        R: Future<Output = O> + Send + 'static,
        O: IntoOutcome,
    {
        self.handlers.raw(handler);
        self
    }

    /// Handles only events that fit one of these patterns, in which `*` stands for any text. All others are recorded as
    /// skipped; a replay offers them again.
    pub fn events<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.handlers.events.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// What becomes of a delivery that does not decode.
    pub fn undecodable(mut self, choice: Undecodable) -> Self {
        self.handlers.undecodable = choice;
        self
    }

    /// With which deliveries the sink starts when it is new.
    pub fn from(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// Handles up to this many deliveries at the same time; one unless configured.
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.concurrency = handlers.max(1);
        self
    }

    /// How long to wait after a failure.
    pub fn retry(mut self, backoff: Backoff) -> Self {
        self.rules.backoff = backoff;
        self
    }

    /// How often a delivery is tried before it is given up, a process that died included; at least once.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.rules.max_attempts = attempts.max(1);
        self
    }

    /// After how long without a sign of life a delivery is handed to another worker.
    pub fn lease_time(mut self, time: Duration) -> Self {
        self.lease_time = time.max(Duration::from_millis(100));
        self
    }

    /// How long running handlers may go on after the signal to stop. Then they are dropped, and their deliveries are
    /// due again without counting the attempt.
    pub fn shutdown_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Works until the signal to stop. A store that is down is tried again, so this ends only with the signal.
    ///
    /// # Errors
    ///
    /// The name of the sink is empty or too long, or there is no handler.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<Handled, Error> {
        inbox::name("the name of a sink", &self.sink)?;
        if self.handlers.is_empty() {
            return Err(Error::misuse(format!("the consumer `{}` has no handler", self.sink)));
        }
        if self.handlers.undecodable == Undecodable::Raw && !self.handlers.has_raw() {
            return Err(Error::misuse(format!(
                "the consumer `{}` has no handler for raw deliveries",
                self.sink
            )));
        }
        Ok(Work::new(self).run(shutdown).await)
    }
}
