//! How MonitorQA delivers, as far as its pages tell it.
//!
//! Deliveries are `POST` requests with a JSON object. One URL per company receives every event; there is nothing to
//! select, and no test delivery.
//! Not known: which answers besides a success count as delivered, whether an answer with an error status is repeated,
//! how long MonitorQA waits between attempts, whether it ever gives up on an URL, and where deliveries come from.
//! No signature, secret or header of the vendor's own is documented.
//!
//! [Vendor page](https://developer.monitorqa.com/#/webhook)

use std::time::Duration;

/// The time after which a delivery without an answer has failed. Documented.
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

/// How often a delivery is attempted after network errors and timeouts. Documented.
///
/// An earlier version of the page spoke of five repetitions, so a sixth attempt is possible. Repetition after an answer
/// with an error status is not promised: store a delivery before answering.
pub const MAX_ATTEMPTS: u32 = 5;

/// How large a body a receiver should take, unless it is told otherwise: the vendor states no limit, and its largest
/// documented payloads are a few kilobytes.
pub const SUGGESTED_BODY_LIMIT: usize = 1024 * 1024;
