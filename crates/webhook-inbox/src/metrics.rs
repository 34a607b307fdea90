//! The counters of an inbox, as plain data.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use crate::new_delivery::NewDelivery;
use crate::stored::Kept;

/// The label of unlisted events. A sender must not be able to create labels.
pub const UNLISTED_EVENT: &str = "unlisted";

/// The upper bounds of the buckets of [`Histogram`], in seconds.
pub const COMMIT_SECONDS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

/// The counters of an inbox since it was opened.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Metrics {
    /// Deliveries that were stored, repetitions included.
    pub received: Vec<Received>,
    /// Requests that were not accepted.
    pub rejected: Vec<RejectedCount>,
    /// Deliveries that were answered with 503, because the store was full, down or slow.
    pub unavailable: u64,
    /// The durations of commits.
    pub commit_seconds: Histogram,
    /// Deliveries in all commits.
    pub commit_rows: u64,
    /// Commits that failed.
    pub commits_failed: u64,
    /// Whether the last commit succeeded.
    pub last_commit_ok: bool,
}

/// Deliveries of one event of one vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Received {
    /// The vendor.
    pub vendor: String,
    /// The event, or [`UNLISTED_EVENT`].
    pub event: String,
    /// The number of deliveries, including repetitions.
    pub count: u64,
    /// The number of repetitions.
    pub duplicates: u64,
}

/// Requests of one vendor that failed one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RejectedCount {
    /// The vendor.
    pub vendor: String,
    /// The check, as in `credential_wrong`.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// A histogram of durations.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Histogram {
    /// The counts of the buckets, not cumulative. The bounds of the buckets are [`COMMIT_SECONDS`]; the last count is
    /// for longer durations.
    pub buckets: [u64; 13],
    /// The total count.
    pub count: u64,
    /// The sum of all durations, in seconds.
    pub sum_seconds: f64,
}

/// The counters of an inbox that is open.
#[derive(Default)]
pub(crate) struct Counters {
    received: Mutex<BTreeMap<(String, String), (u64, u64)>>,
    rejected: Mutex<BTreeMap<(String, String), u64>>,
    unavailable: AtomicU64,
    commits: Mutex<Histogram>,
    rows: AtomicU64,
    failed: AtomicU64,
}

impl Counters {
    pub(crate) fn stored(&self, labels: (String, String), kept: Kept) {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, duplicates) = received.entry(labels).or_default();
        *count += 1;
        *duplicates += u64::from(matches!(kept, Kept::Again(_)));
    }

    /// Counts a rejected request.
    pub(crate) fn rejected(&self, vendor: &str, reason: &str) {
        let mut rejected = self.rejected.lock().unwrap_or_else(PoisonError::into_inner);
        *rejected.entry((vendor.to_owned(), reason.to_owned())).or_default() += 1;
    }

    pub(crate) fn unavailable(&self) {
        self.unavailable.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn committed(&self, rows: usize, took: Duration) {
        self.rows.fetch_add(rows as u64, Ordering::Relaxed);
        self.commits.lock().unwrap_or_else(PoisonError::into_inner).add(took);
    }

    pub(crate) fn commit_failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn snapshot(&self, last_commit_ok: bool) -> Metrics {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let rejected = self.rejected.lock().unwrap_or_else(PoisonError::into_inner);
        Metrics {
            received: received
                .iter()
                .map(|((vendor, event), (count, duplicates))| Received {
                    vendor: vendor.clone(),
                    event: event.clone(),
                    count: *count,
                    duplicates: *duplicates,
                })
                .collect(),
            rejected: rejected
                .iter()
                .map(|((vendor, reason), count)| RejectedCount {
                    vendor: vendor.clone(),
                    reason: reason.clone(),
                    count: *count,
                })
                .collect(),
            unavailable: self.unavailable.load(Ordering::Relaxed),
            commit_seconds: self.commits.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            commit_rows: self.rows.load(Ordering::Relaxed),
            commits_failed: self.failed.load(Ordering::Relaxed),
            last_commit_ok,
        }
    }
}

impl Histogram {
    fn add(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        let place = COMMIT_SECONDS.iter().position(|bound| seconds <= *bound).unwrap_or(COMMIT_SECONDS.len());
        if let Some(bucket) = self.buckets.get_mut(place) {
            *bucket += 1;
        }
        self.count += 1;
        self.sum_seconds += seconds;
    }
}

/// The labels of a delivery.
pub(crate) fn labels(new: &NewDelivery) -> (String, String) {
    let event = new.event.as_deref().filter(|_| new.listed).unwrap_or(UNLISTED_EVENT);
    (new.vendor.clone(), event.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_counts_in_the_first_bucket_that_holds_it() {
        let counters = Counters::default();
        counters.committed(3, Duration::from_millis(1));
        counters.committed(2, Duration::from_secs(60));
        let metrics = counters.snapshot(true);
        assert_eq!((metrics.commit_rows, metrics.commit_seconds.count), (5, 2));
        assert_eq!((metrics.commit_seconds.buckets[0], metrics.commit_seconds.buckets[12]), (1, 1));
    }
}
