//! The metadata of a delivery for a handler.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};

#[cfg(feature = "postgres")]
use crate::error::Error;
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
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "only a transaction of Postgres sets it")
    )]
    settled: SettledFlag,
}

/// Whether the handler has settled the delivery in its own transaction, for the handler and its worker.
#[derive(Debug, Clone, Default)]
pub(crate) struct SettledFlag(Arc<AtomicBool>);

impl SettledFlag {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Context {
    pub(crate) fn new(
        delivery: StoredDelivery,
        attempt: u32,
        max_attempts: u32,
        lease: Lease,
        settled: SettledFlag,
    ) -> Self {
        Self(Arc::new(Inner { delivery, attempt, max_attempts, lease, settled }))
    }

    /// The number of the delivery. It is the same on every attempt. After a backup of the inbox is restored, it may be
    /// given again to another delivery: see [`message_id`](Self::message_id).
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

    /// The id of the delivery by which a handler recognises a repetition: the same on every attempt and after every
    /// replay, and never that of another delivery.
    pub fn message_id(&self) -> String {
        self.0.delivery.row.message_id()
    }

    /// The key of the delivery. It is unique only with the vendor and the route, and within its window.
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

    /// Records in a transaction of the user that the delivery was handled. The writes of the handler and this record
    /// are committed together or not at all, so the effect happens exactly once.
    ///
    /// The transaction must belong to the database of the inbox. Commit it and return success from the handler. If it
    /// is not committed, the delivery is handled again. If it is committed, the delivery is done, even if the handler
    /// fails afterwards. From this call on the lease is not renewed.
    ///
    /// The transaction is a type of `tokio-postgres`, whose version is below 1, because the user passes a transaction
    /// of that crate. A breaking release of `tokio-postgres` requires a breaking release of this crate.
    ///
    /// # Errors
    ///
    /// The lease has expired, so another worker may be handling the delivery: roll the transaction back. Or the
    /// database failed.
    #[cfg(feature = "postgres")]
    pub async fn settle_in(&self, transaction: &tokio_postgres::Transaction<'_>) -> Result<(), Error> {
        if !crate::store::postgres::settle_in(transaction, self.lease().clone()).await? {
            return Err(Error::lease_lost(format!(
                "delivery {} is no longer held by this worker of `{}`: roll back",
                self.seq(),
                self.sink()
            )));
        }
        self.0.settled.0.store(true, Ordering::Release);
        Ok(())
    }
}
