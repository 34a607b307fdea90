//! How far a sink is.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// The numbers of one sink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SinkCounts {
    /// The sink.
    pub sink: String,
    /// Deliveries that wait for an attempt.
    pub pending: u64,
    /// Deliveries that are being handled.
    pub claimed: u64,
    /// Deliveries that were given up.
    pub dead: u64,
    /// Deliveries that were handled; `None` unless asked for.
    pub done: Option<u64>,
    /// Deliveries that did not concern the sink; `None` unless asked for.
    pub skipped: Option<u64>,
    /// When the oldest delivery that is neither handled nor given up was received.
    pub oldest_pending_at: Option<DateTime<Utc>>,
    /// Until when nothing is handed out, if the sink is paused.
    pub paused_until: Option<DateTime<Utc>>,
}
