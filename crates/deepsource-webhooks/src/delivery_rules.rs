//! How DeepSource delivers webhooks, as far as it is known.
//!
//! - An endpoint belongs to one team. It gets the events that it subscribes to. It cannot subscribe to the test event
//!   and the deprecated event.
//! - A new endpoint is inactive until it has answered a `test.event` with a 2xx status. More test events can be sent by
//!   hand.
//! - Signing is optional. If it is enabled, every delivery, including the test, has a header with an HMAC of the body.
//! - A failed delivery is repeated. Process each [`id`](crate::Webhook::id) once.
//!
//! # Not provided
//!
//! - The hash of the signature, and its encoding: see [`SIGNATURE_HEADER`].
//! - A header with the event, the delivery or a time: everything is in the body.
//! - A guaranteed order of deliveries.
//! - A list of the source addresses of deliveries.
//! - A schema of its payloads.
//! - A list of all events: its schema has a mark for private events, so unknown names can arrive.
//!
//! # Not known
//!
//! How long DeepSource waits for an answer, when and after which answers it retries, and whether it disables endpoints.
//! Whether there are headers besides that of the signature.

/// The header with the signature, an HMAC of the payload under the endpoint's secret.
///
/// **Trap:** the hash and the encoding of the signature are not documented. A delivery to a request logger shows them:
/// 64 hexadecimal digits are SHA-256 and 40 are SHA-1.
///
/// **Trap:** the header is missing if signing is disabled for the endpoint.
///
/// **Trap:** the page says that the "payload" is signed. We assume the raw bytes of the body, as is usual. JSON that
/// was parsed and written again has another signature.
///
/// **Standing:** [documented](https://docs.deepsource.com/docs/developers/webhooks/setup).
pub const SIGNATURE_HEADER: &str = "x-deepsource-signature";

/// The minimum number of characters that the dashboard accepts for a secret.
///
/// **Standing:** [documented](https://docs.deepsource.com/docs/developers/webhooks/setup).
pub const MIN_SECRET_CHARS: usize = 16;

/// How often a failed delivery is repeated.
///
/// **Standing:** from the delivery log of the vendor's dashboard; not on its pages.
pub const MAX_RETRIES: u32 = 5;

/// The maximum number of deliveries of one event: the first attempt and the retries.
///
/// **Standing:** follows from [`MAX_RETRIES`].
pub const MAX_ATTEMPTS: u32 = MAX_RETRIES + 1;

/// The default limit of a receiver for the size of a body. A run lists every check, and an issue has text that
/// customers write.
///
/// **Standing:** our suggestion; the vendor states no limit.
pub const SUGGESTED_BODY_LIMIT: usize = 5 * 1024 * 1024;
