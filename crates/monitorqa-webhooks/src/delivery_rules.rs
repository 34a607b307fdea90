//! How MonitorQA delivers webhooks, according to its pages.
//!
//! Deliveries are `POST` requests with a JSON object. In the vendor's settings there seems to be one URL per company
//! that receives every event, without a selection.
//!
//! # Not provided
//!
//! - A header that names the event: its name is in the body.
//! - A guaranteed order, or delivery exactly once: deliveries are repeated, and do not contain their order.
//!
//! # Not known
//!
//! Whether there is another attempt after an error status: store a delivery before you answer. Whether exactly the
//! statuses from 200 to 299 count as delivered, how long MonitorQA waits between attempts, and whether it disables a
//! URL. The source addresses, whether there are headers of its own, and whether there is a test delivery: no page
//! mentions one.

use std::time::Duration;

/// The time after which a delivery without an answer has failed.
///
/// **Standing:** [documented](https://developer.monitorqa.com/#/webhook).
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of attempts after network errors and timeouts.
///
/// **Trap:** an earlier version of the page stated five repetitions, so a sixth attempt is possible.
///
/// **Standing:** [documented](https://developer.monitorqa.com/#/webhook).
pub const MAX_ATTEMPTS: u32 = 5;

/// The default limit of a receiver for the size of a body. The largest documented payloads are a few kilobytes.
///
/// **Standing:** our suggestion; the vendor states no limit.
pub const SUGGESTED_BODY_LIMIT: usize = 1024 * 1024;
