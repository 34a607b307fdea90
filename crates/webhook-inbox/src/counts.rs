//! The progress of a sink.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// The counts of one sink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SinkCounts {
    /// The sink.
    pub sink: String,
    /// Deliveries that wait for an attempt.
    pub pending: u64,
    /// Deliveries that are being handled.
    pub claimed: u64,
    /// Deliveries that are dead.
    pub dead: u64,
    /// Deliveries that were handled; `None` unless requested.
    pub done: Option<u64>,
    /// Deliveries whose events the sink does not select; `None` unless requested.
    pub skipped: Option<u64>,
    /// When the oldest delivery that is neither handled nor dead was received.
    pub oldest_pending_at: Option<DateTime<Utc>>,
    /// The end of the pause, if the sink is paused.
    pub paused_until: Option<DateTime<Utc>>,
}
