//! How DeepSource delivers, as far as it is known.
//!
//! - An endpoint belongs to one team. It gets the events to which it subscribes: any but the test and the deprecated
//!   one.
//! - A new endpoint is inactive until it has answered a `test.event` with a 2xx status. More of them can be sent by
//!   hand.
//! - Signing is optional. With it, every delivery has a header with an HMAC of the body, the test included.
//! - A failed delivery is repeated. Process each [`id`](crate::Webhook::id) once.
//!
//! # Not provided
//!
//! - The name of the hash with which the body is signed, and of its spelling: see [`SIGNATURE_HEADER`].
//! - A header with the event, the delivery or a time: everything is in the body.
//! - A promise about the order of deliveries.
//! - A list of addresses that it sends from.
//! - A schema of its payloads.
//! - A list of all events: its own schema has a mark for private ones, so unknown names can arrive.
//!
//! # Not known
//!
//! How long DeepSource waits for an answer, after how long it tries again and after which answers, whether it ever
//! switches an endpoint off by itself, and any header other than the signature's.

/// The header with the signature, an HMAC of the payload under the endpoint's secret.
///
/// **Trap:** which hash the signature uses and how it is written is not documented. A delivery to a request logger
/// settles it, for 64 hexadecimal digits are SHA-256 and 40 are SHA-1.
///
/// **Trap:** the header is missing while signing is switched off for the endpoint.
///
/// **Trap:** a signature is taken to be that of the bytes as they came, as everywhere: the page says "payload". JSON that
/// was parsed and written again has another one.
///
/// **Standing:** [documented](https://docs.deepsource.com/docs/developers/webhooks/setup).
pub const SIGNATURE_HEADER: &str = "x-deepsource-signature";

/// The fewest characters that the dashboard accepts for a secret.
///
/// **Standing:** [documented](https://docs.deepsource.com/docs/developers/webhooks/setup).
pub const MIN_SECRET_CHARS: usize = 16;

/// How often a failed delivery is repeated.
///
/// **Standing:** from the delivery log of the vendor's dashboard; not on its pages.
pub const MAX_RETRIES: u32 = 5;

/// How often one event is delivered at most: once, and as often again as it is repeated.
///
/// **Standing:** follows from [`MAX_RETRIES`].
pub const MAX_ATTEMPTS: u32 = MAX_RETRIES + 1;

/// How large a body a receiver takes, unless it is told otherwise: a run lists every check, and an issue carries text
/// that customers write.
///
/// **Standing:** our suggestion; the vendor states no limit.
pub const SUGGESTED_BODY_LIMIT: usize = 5 * 1024 * 1024;
