//! What a handler can know about the delivery beside its payload.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};

use crate::store::Lease;
use crate::stored::{Seq, StoredDelivery};

/// The circumstances of one attempt. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Context(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    delivery: StoredDelivery,
    attempt: u32,
    max_attempts: u32,
    lease: Lease,
    /// Whether the handler has settled the delivery in a transaction of its own.
    settled: AtomicBool,
}

impl Context {
    pub(crate) fn new(delivery: StoredDelivery, attempt: u32, max_attempts: u32, lease: Lease) -> Self {
        Self(Arc::new(Inner { delivery, attempt, max_attempts, lease, settled: AtomicBool::new(false) }))
    }

    /// The number of the delivery: the same on every attempt, so it can tell a repeated one.
    pub fn seq(&self) -> Seq {
        self.0.lease.seq
    }

    /// The name of the sink.
    pub fn sink(&self) -> &str {
        &self.0.lease.sink
    }

    /// The delivery as it is kept, with its exact bytes.
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

    /// Which attempt this is, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// Whether the delivery is given up when this attempt fails.
    pub fn is_last_attempt(&self) -> bool {
        self.0.attempt >= self.0.max_attempts
    }

    /// What the delivery is held by.
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
