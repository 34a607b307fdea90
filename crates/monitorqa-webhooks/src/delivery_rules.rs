//! How MonitorQA delivers, as far as its pages tell it.
//!
//! Deliveries are `POST` requests with a JSON object. By the looks of the vendor's settings, one URL per company receives
//! every event, and there is nothing to select.
//!
//! # Not provided
//!
//! - A header that names the event: its name is in the body.
//! - A promise about order and number: attempts repeat, and nothing in them tells which came first.
//!
//! # Not known
//!
//! Whether an answer with an error status is followed by another attempt (so store a delivery before you answer),
//! whether exactly the statuses from 200 to 299 count as delivered, how long MonitorQA waits between attempts, whether it
//! ever gives up on a URL, where deliveries come from, any header of its own, and whether there is a test delivery: no
//! page mentions one.

use std::time::Duration;

/// The time after which a delivery without an answer has failed.
///
/// **Standing:** [documented](https://developer.monitorqa.com/#/webhook).
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

/// How often a delivery is attempted after network errors and timeouts.
///
/// **Trap:** an earlier version of the page spoke of five repetitions, so a sixth attempt is possible.
///
/// **Standing:** [documented](https://developer.monitorqa.com/#/webhook).
pub const MAX_ATTEMPTS: u32 = 5;

/// How large a body a receiver takes, unless it is told otherwise: the largest documented payloads are a few kilobytes.
///
/// **Standing:** our suggestion; the vendor states no limit.
pub const SUGGESTED_BODY_LIMIT: usize = 1024 * 1024;
