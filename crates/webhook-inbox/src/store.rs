//! What a database has to do for the inbox; everything else is written once, above it.

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

/// What a store answers, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// The database under an inbox.
///
/// Users do not implement it; it is public so that a test can put faults between the inbox and its database. A method
/// that changes something returns after the change is on disk, and every time in it is by the clock of the store.
pub trait Store: Send + Sync + 'static {
    /// Stores a batch in one commit, and says of each delivery whether it was new. With an empty batch it commits
    /// nothing but a sign of life, which proves that a commit would succeed.
    fn put(&self, batch: Vec<NewDelivery>) -> Answer<'_, Vec<Kept>>;

    /// Makes a sink known, so that deliveries are dispatched to it. Does nothing for one that is known.
    fn register(&self, sink: String, start: Start) -> Answer<'_, ()>;

    /// Hands out what is due at a sink, oldest first, what is under a lease that ran out included.
    fn claim(&self, claim: Claim) -> Answer<'_, Vec<Claimed>>;

    /// Gives leases this much more time from now. Says of each whether it was still held.
    fn renew(&self, leases: Vec<Lease>, lease_time: Duration) -> Answer<'_, Vec<bool>>;

    /// Records how attempts ended. Says of each whether its lease was still held; nothing changes where it was not.
    fn settle(&self, batch: Vec<Settled>) -> Answer<'_, Vec<bool>>;

    /// Hands out nothing more of a sink until so much time has passed; no time resumes it.
    fn pause(&self, sink: String, pause: Duration) -> Answer<'_, ()>;

    /// The deliveries that a filter selects, behind a position, in the order of their numbers.
    fn list(&self, filter: Filter, after: Option<Seq>, limit: usize) -> Answer<'_, Vec<Row>>;

    /// A delivery with its exact bytes.
    fn get(&self, seq: Seq) -> Answer<'_, Option<StoredDelivery>>;

    /// The attempts to handle a delivery, oldest first.
    fn attempts(&self, seq: Seq) -> Answer<'_, Vec<Attempt>>;

    /// Makes what is done, dead or skipped pending again, at one sink or at all of them. Says how many.
    fn replay(&self, filter: Filter, sink: Option<String>) -> Answer<'_, u64>;

    /// Removes old deliveries. Says how many.
    fn prune(&self, prune: Prune) -> Answer<'_, u64>;

    /// The numbers of every sink; finished deliveries are counted only when asked for, because that takes longer.
    fn counts(&self, finished: bool) -> Answer<'_, Vec<SinkCounts>>;

    /// How many deliveries were stored in each of these steps of time, repetitions not counted.
    fn received(&self, steps: Steps) -> Answer<'_, Vec<u64>>;

    /// Whether the store is sound; a deep check reads all of it.
    fn check(&self, deep: bool) -> Answer<'_, Health>;

    /// Writes back what is written and lets go of the files or connections.
    fn close(&self) -> Answer<'_, ()>;
}

/// With which deliveries a new sink starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Start {
    /// With the oldest that is kept.
    #[default]
    Oldest,
    /// With those that are stored from now on.
    Now,
}

/// Equal steps of time, one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    pub(crate) from: i64,
    pub(crate) length: i64,
    pub(crate) count: usize,
}

/// A wish for work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// The sink.
    pub sink: String,
    /// The most deliveries to hand out.
    pub limit: usize,
    /// How long they are this worker's.
    pub lease_time: Duration,
}

/// A delivery that is this worker's for a while.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Claimed {
    /// What it is held by.
    pub lease: Lease,
    /// Which attempt this is since the delivery was stored or last replayed, counted from 1.
    pub attempt: u32,
    /// The delivery.
    pub delivery: StoredDelivery,
}

/// What holds one delivery for one worker of one sink. Another claim of the same delivery has another number, and the
/// older one settles nothing any more.
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
    /// What the delivery was held by.
    pub lease: Lease,
    /// What becomes of it.
    pub end: End,
    /// What the handler said.
    pub note: Option<String>,
}

/// What becomes of a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum End {
    /// It was handled.
    Done,
    /// It does not concern the sink.
    Skipped,
    /// It is tried again after this long.
    Retry(Duration),
    /// It is given up.
    Dead,
    /// It is due again as if it had not been claimed: the attempt does not count.
    Released,
}

impl Steps {
    /// How many steps there are at most.
    pub const MAX: usize = 1000;

    /// So many steps of this length, the first of which starts at this time.
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

    /// Writes down the number of a step, as the database counted it.
    pub(crate) fn put(counts: &mut [u64], step: i64, number: u64) {
        if let Some(count) = usize::try_from(step).ok().and_then(|step| counts.get_mut(step)) {
            *count = number;
        }
    }
}

impl Claim {
    /// A wish for so much work.
    pub fn new(sink: impl Into<String>, limit: usize, lease_time: Duration) -> Self {
        Self { sink: sink.into(), limit, lease_time }
    }
}

impl Settled {
    /// The end of an attempt.
    pub fn new(lease: Lease, end: End) -> Self {
        Self { lease, end, note: None }
    }

    /// The same with what the handler said.
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

/// A stored time. One that no calendar has is the nearest that one has.
pub(crate) fn time(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or(if millis < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

/// A length of time as it is stored.
pub(crate) fn span(duration: Duration) -> i64 {
    // Half of what fits, so that adding it to a time cannot overflow.
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).min(i64::MAX / 4)
}
