//! Authentication of deliveries.

use webhook_core::{Authenticated, SharedToken};

use crate::Webhook;
use crate::delivery_rules::{SECRET_HEADER, SUGGESTED_BODY_LIMIT};

/// Accepts the deliveries of Qase: the header `X-Qase-Secret` must contain the configured secret, byte for byte.
///
/// The header is sent only when a secret is configured for the webhook, which Qase does not require; a delivery without
/// one is rejected. The secret is sent with every delivery, so the endpoint must use HTTPS. The secret proves who sent
/// the delivery, but not that the body is unchanged. There is no protection against replays: store
/// [`Delivery::key`](webhook_core::Delivery::key) to detect them.
///
/// ```
/// use qase_webhooks::{Receiver, Secret};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let receiver = Receiver::new(Secret::new("configured-at-qase")?);
/// let headers = [("X-Qase-Secret", "configured-at-qase")];
/// let body = r#"{"event_name":"run.deleted","timestamp":1772366400,"payload":{"id":880}}"#;
///
/// let delivery = receiver.accept(&headers, body)?;
/// assert_eq!(delivery.name()?, "run.deleted");
/// let webhook = delivery.decode()?;
/// # Ok(())
/// # }
/// ```
pub type Receiver = webhook_core::Receiver<Webhook>;

/// A genuine delivery of Qase, with its exact bytes.
pub type Delivery = webhook_core::Delivery<Webhook>;

impl Authenticated for Webhook {
    type Scheme = SharedToken;
    const SCHEME: SharedToken = SharedToken::in_header(SECRET_HEADER);
    const MAX_BODY_BYTES: usize = SUGGESTED_BODY_LIMIT;
}
