//! The metadata of a delivery for a handler.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};

use crate::store::Lease;
use crate::stored::{Seq, StoredDelivery};

/// The metadata of one attempt. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Context(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    delivery: StoredDelivery,
    attempt: u32,
    max_attempts: u32,
    lease: Lease,
    /// Whether the handler has settled the delivery in its own transaction.
    settled: AtomicBool,
}

impl Context {
    pub(crate) fn new(delivery: StoredDelivery, attempt: u32, max_attempts: u32, lease: Lease) -> Self {
        Self(Arc::new(Inner { delivery, attempt, max_attempts, lease, settled: AtomicBool::new(false) }))
    }

    /// The number of the delivery. It is the same on every attempt, so it identifies repetitions.
    pub fn seq(&self) -> Seq {
        self.0.lease.seq
    }

    /// The name of the sink.
    pub fn sink(&self) -> &str {
        &self.0.lease.sink
    }

    /// The stored delivery, with its exact bytes.
    pub fn delivery(&self) -> &StoredDelivery {
        &self.0.delivery
    }

    /// The key of the delivery.
    pub fn key(&self) -> &str {
        &self.0.delivery.row.key
    }

    /// When it was stored.
    pub fn received_at(&self) -> DateTime<Utc> {
        self.0.delivery.row.received_at
    }

    /// The number of this attempt, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// Whether the delivery is dead if this attempt fails.
    pub fn is_last_attempt(&self) -> bool {
        self.0.attempt >= self.0.max_attempts
    }

    /// The lease of the delivery.
    pub fn lease(&self) -> &Lease {
        &self.0.lease
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn mark_settled(&self) {
        self.0.settled.store(true, Ordering::Release);
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.0.settled.load(Ordering::Acquire)
    }
}
