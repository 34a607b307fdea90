//! The interface of the database for the inbox.

pub(crate) mod clock;
pub(crate) mod conditions;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::counts::SinkCounts;
use crate::error::Error;
use crate::filter::Filter;
use crate::health::Health;
use crate::new_delivery::NewDelivery;
use crate::prune::Prune;
use crate::stored::{Attempt, Kept, Row, Seq, StoredDelivery};

/// The future result of a store.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// The database under an inbox.
///
/// Users do not implement it. It is public so that a test can inject faults between the inbox and its database. A
/// method that changes something returns after the change is on disk. All times are by the clock of the store.
pub trait Store: Send + Sync + 'static {
    /// Stores a batch in one commit, and returns for each delivery whether it was new. An empty batch commits only a
    /// timestamp, to prove that commits succeed. It fails as long as the limit of the file leaves no room for a delivery
    /// that was refused.
    fn put(&self, batch: Vec<NewDelivery>) -> Answer<'_, Vec<Kept>>;

    /// Registers a sink, so that deliveries are dispatched to it. Does nothing if it is registered.
    fn register(&self, sink: String, start: Start) -> Answer<'_, ()>;

    /// Claims the due deliveries of a sink, oldest first, including those whose lease has expired.
    fn claim(&self, claim: Claim) -> Answer<'_, Vec<Claimed>>;

    /// Renews leases for this time from now. Returns for each whether it was still held.
    fn renew(&self, leases: Vec<Lease>, lease_time: Duration) -> Answer<'_, Vec<bool>>;

    /// Records the ends of attempts. Returns for each whether its lease was still held; otherwise nothing is changed.
    fn settle(&self, batch: Vec<Settled>) -> Answer<'_, Vec<bool>>;

    /// Pauses a sink for this time; zero resumes it.
    fn pause(&self, sink: String, pause: Duration) -> Answer<'_, ()>;

    /// The deliveries that a filter selects, after a position, in the order of [`Inbox::list`](crate::Inbox::list).
    fn list(&self, filter: Filter, after: Option<Seq>, limit: usize) -> Answer<'_, Vec<Row>>;

    /// A delivery with its exact bytes.
    fn get(&self, seq: Seq) -> Answer<'_, Option<StoredDelivery>>;

    /// The attempts to handle a delivery, oldest first.
    fn attempts(&self, seq: Seq) -> Answer<'_, Vec<Attempt>>;

    /// Makes done, dead or skipped deliveries pending again, at one sink or at all of them. Returns their number.
    fn replay(&self, filter: Filter, sink: Option<String>) -> Answer<'_, u64>;

    /// Removes old deliveries. Returns their number.
    fn prune(&self, prune: Prune) -> Answer<'_, u64>;

    /// The counts of every sink. Finished deliveries are counted only on request, because that takes longer.
    fn counts(&self, finished: bool) -> Answer<'_, Vec<SinkCounts>>;

    /// The number of deliveries that were stored in each of these time steps, without repetitions.
    fn received(&self, steps: Steps) -> Answer<'_, Vec<u64>>;

    /// Checks the store; a deep check reads all of it.
    fn check(&self, deep: bool) -> Answer<'_, Health>;

    /// Flushes and closes the files or connections.
    fn close(&self) -> Answer<'_, ()>;
}

/// The first delivery of a new sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Start {
    /// The oldest stored delivery.
    #[default]
    Oldest,
    /// The next delivery that is stored.
    Now,
}

/// Consecutive time steps of equal length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    pub(crate) from: i64,
    pub(crate) length: i64,
    pub(crate) count: usize,
}

/// A request for work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// The sink.
    pub sink: String,
    /// The maximum number of deliveries to claim.
    pub limit: usize,
    /// The duration of the lease.
    pub lease_time: Duration,
}

/// A delivery that this worker has claimed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Claimed {
    /// Its lease.
    pub lease: Lease,
    /// The number of this attempt since the delivery was stored or last replayed, counted from 1.
    pub attempt: u32,
    /// The delivery.
    pub delivery: StoredDelivery,
}

/// The claim of one worker of one sink on one delivery. A later claim of the same delivery has another number, and the
/// older claim can no longer settle it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Lease {
    /// The sink.
    pub sink: String,
    /// The delivery.
    pub seq: Seq,
    /// The number of the claim.
    pub number: i64,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Settled {
    /// The lease of the delivery.
    pub lease: Lease,
    /// The new state of the delivery.
    pub end: End,
    /// The note of the handler.
    pub note: Option<String>,
}

/// The state of a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum End {
    /// It was handled.
    Done,
    /// The sink does not select its event.
    Skipped,
    /// It is retried after this time.
    Retry(Duration),
    /// It is dead.
    Dead,
    /// It is due again as if it had not been claimed: the attempt is not counted.
    Released,
}

impl Steps {
    /// The maximum number of steps.
    pub const MAX: usize = 1000;

    /// This number of steps of this length. The first step starts at this time.
    pub fn new(from: DateTime<Utc>, length: Duration, count: usize) -> Self {
        Self { from: millis(from), length: span(length).max(1), count: count.min(Self::MAX) }
    }

    /// The end of the last one.
    pub(crate) fn end(self) -> i64 {
        let count = i64::try_from(self.count).unwrap_or(i64::MAX);
        self.from.saturating_add(self.length.saturating_mul(count))
    }

    pub(crate) fn empty(self) -> Vec<u64> {
        vec![0; self.count]
    }

    /// Sets the count of a step, as the database counted it.
    pub(crate) fn put(counts: &mut [u64], step: i64, number: u64) {
        if let Some(count) = usize::try_from(step).ok().and_then(|step| counts.get_mut(step)) {
            *count = number;
        }
    }
}

impl Claim {
    /// A request for this much work.
    pub fn new(sink: impl Into<String>, limit: usize, lease_time: Duration) -> Self {
        Self { sink: sink.into(), limit, lease_time }
    }
}

impl Settled {
    /// The end of an attempt.
    pub fn new(lease: Lease, end: End) -> Self {
        Self { lease, end, note: None }
    }

    /// The same with the note of the handler.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// A time as it is stored: milliseconds since 1970.
pub(crate) fn millis(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// A stored time. A time out of range is replaced by the nearest valid time.
pub(crate) fn time(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or(if millis < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

/// A length of time as it is stored.
pub(crate) fn span(duration: Duration) -> i64 {
    // Half of the maximum, so that adding it to a time cannot overflow.
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).min(i64::MAX / 4)
}

/// Headers as they are stored.
pub(crate) fn headers_to_text(headers: &[(String, String)]) -> String {
    // Pairs of text always become JSON.
    serde_json::to_string(headers).unwrap_or_else(|_| "[]".to_owned())
}
