//! Data that takes too long to read for a page: it is read periodically, in the background.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::sleep;
use webhook_inbox::{Error, Inbox, SinkCounts, Steps};

use super::Reasons;

/// The minimum interval between two readings of the store.
const INTERVAL: Duration = Duration::from_secs(3);

/// The part of the time that reading may take: a slow reading is repeated later.
const SHARE: u32 = 20;

/// One bar of the plot.
pub(super) const STEP: Duration = Duration::from_secs(30 * 60);

/// The bars of a day.
pub(super) const STEPS: usize = 48;

/// The last reading of the store, with its time.
pub(super) struct Monitor {
    min_free_bytes: u64,
    reasons: Reasons,
    seen: Mutex<Option<Arc<Seen>>>,
}

/// A reading of the store.
pub(super) struct Seen {
    pub(super) at: DateTime<Utc>,
    pub(super) sinks: Vec<SinkCounts>,
    /// Where the first bar starts.
    pub(super) from: DateTime<Utc>,
    pub(super) received: Vec<u64>,
    pub(super) store: String,
    pub(super) deliveries: u64,
    pub(super) bytes: u64,
    pub(super) free_bytes: Option<u64>,
}

impl Monitor {
    pub(super) fn new(min_free_bytes: u64, reasons: Reasons) -> Self {
        Self { min_free_bytes, reasons, seen: Mutex::default() }
    }

    /// Reads the store periodically.
    pub(super) async fn watch(&self, inbox: &Inbox) {
        loop {
            let started = Instant::now();
            if let Err(error) = self.look(inbox).await {
                tracing::debug!(%error, "the admin page cannot read the store");
            }
            sleep(INTERVAL.max(started.elapsed() * SHARE)).await;
        }
    }

    /// Reads the store now. After a failure, no reading is kept.
    pub(super) async fn look(&self, inbox: &Inbox) -> Result<Arc<Seen>, Error> {
        let seen = look(inbox).await.map(Arc::new);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen.as_ref().ok().map(Arc::clone);
        seen
    }

    /// The last reading.
    pub(super) fn seen(&self) -> Option<Arc<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last reading, or a new one if there is none.
    pub(super) async fn seen_or_look(&self, inbox: &Inbox) -> Result<Arc<Seen>, Error> {
        match self.seen() {
            Some(seen) => Ok(seen),
            None => self.look(inbox).await,
        }
    }

    /// The reasons why the process is not ready for deliveries; empty if it is ready.
    pub(super) async fn not_ready(&self, inbox: &Inbox) -> Vec<String> {
        let mut reasons = (self.reasons)();
        if !inbox.last_commit_ok() {
            reasons.push("the last commit failed".to_owned());
        }
        match self.seen_or_look(inbox).await {
            Ok(seen) => {
                if let Some(free) = seen.free_bytes.filter(|free| *free < self.min_free_bytes) {
                    reasons.push(format!(
                        "{free} bytes are free on the disk, less than {}",
                        self.min_free_bytes
                    ));
                }
            }
            Err(error) => reasons.push(format!("the store cannot be read: {error}")),
        }
        reasons
    }
}

async fn look(inbox: &Inbox) -> Result<Seen, Error> {
    let at = Utc::now();
    let step = TimeDelta::from_std(STEP).unwrap_or_default();
    let current = at.timestamp() - at.timestamp().rem_euclid(step.num_seconds().max(1));
    let from =
        DateTime::from_timestamp(current, 0).unwrap_or(at) - step * i32::try_from(STEPS - 1).unwrap_or(0);
    let health = inbox.check(false).await?;
    Ok(Seen {
        at,
        sinks: inbox.backlog().await?,
        from,
        received: inbox.received(Steps::new(from, STEP, STEPS)).await?,
        store: health.store,
        deliveries: health.deliveries,
        bytes: health.bytes,
        free_bytes: health.free_bytes,
    })
}
