//! Consumers, the workers of sinks: they claim deliveries, call handlers and record the outcomes.

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

/// The default duration of a lease. A handler may take longer: its lease is renewed while it runs.
pub const LEASE_TIME: Duration = Duration::from_secs(60);
/// The default time for running handlers to finish after the signal to stop.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);
/// The default number of attempts before a delivery is dead.
pub const MAX_ATTEMPTS: u32 = 10;

/// Passes the deliveries of an inbox to the handlers of a sink. Created by [`Inbox::consumer`].
///
/// Any number of consumers may serve one sink, in one process or in several. Each delivery is given to one of them at a
/// time.
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
    /// Creates a consumer for the sink of this name.
    ///
    /// Running it registers the sink. A new sink starts with the oldest stored delivery, unless configured otherwise.
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

    /// Registers a sink before its consumer runs for the first time, so that deliveries are dispatched to it.
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

    /// Handles the raw deliveries of all vendors that have no handler of their own.
    pub fn on_raw<F, R, O>(mut self, handler: F) -> Self
    where
        F: Fn(StoredDelivery, Context) -> R + Send + Sync + 'static,
        R: Future<Output = O> + Send + 'static,
        O: IntoOutcome,
    {
        self.handlers.raw(handler);
        self
    }

    /// Handles only events that match one of these patterns, in which `*` matches any text. All others are recorded as
    /// skipped, and can be replayed.
    pub fn events<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.handlers.events.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Sets what is done with a delivery that does not decode.
    pub fn undecodable(mut self, choice: Undecodable) -> Self {
        self.handlers.undecodable = choice;
        self
    }

    /// Sets the first delivery of a new sink.
    pub fn from(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// Handles up to this many deliveries at the same time; the default is one.
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.concurrency = handlers.max(1);
        self
    }

    /// Sets the delay after a failure.
    pub fn retry(mut self, backoff: Backoff) -> Self {
        self.rules.backoff = backoff;
        self
    }

    /// Sets the number of attempts before a delivery is dead, at least one. Attempts whose process died are counted.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.rules.max_attempts = attempts.max(1);
        self
    }

    /// Sets the duration of a lease. If it is not renewed in this time, the delivery is given to another worker.
    pub fn lease_time(mut self, time: Duration) -> Self {
        self.lease_time = time.max(Duration::from_millis(100));
        self
    }

    /// Sets how long running handlers may continue after the signal to stop. After that they are dropped and their
    /// deliveries are due again; the attempt is not counted.
    pub fn shutdown_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Runs until the signal to stop. If the store is not available it is retried, so this returns only after the
    /// signal.
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
