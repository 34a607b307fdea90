//! Telling genuine deliveries from forged ones.

use webhook_core::{Authenticated, BodyHmac};

use crate::Webhook;
use crate::delivery_rules::{SIGNATURE_HEADER, SUGGESTED_BODY_LIMIT};

/// Accepts the deliveries of DeepSource: the header `x-deepsource-signature` must be an HMAC of the raw body.
///
/// Accepted are hexadecimal digits in either case, with an optional prefix `sha256=` or `sha1=` that must agree with
/// them: 64 digits are HMAC-SHA-256, 40 are HMAC-SHA-1. **By default both are accepted**; choosing by length costs no
/// security, because both need the secret. Once you have seen a delivery, [`pin`](webhook_core::Receiver::pin) its
/// algorithm.
///
/// **Trap:** no live delivery has confirmed the scheme that is implemented here. DeepSource documents the header and
/// that it is an HMAC with the endpoint's secret, and neither the hash nor the encoding.
///
/// Signing is optional at DeepSource; a delivery without a signature is rejected. The dashboard refuses secrets of
/// fewer than 16 characters. The test event is signed as well, and must be answered with success before the endpoint
/// becomes active. Nothing ties a signature to a time: remember [`Delivery::key`](webhook_core::Delivery::key).
///
/// ```
/// use deepsource_webhooks::{Receiver, Secret};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let receiver = Receiver::new(Secret::new("keep-this-one-long-enough")?);
/// let body = r#"{"id":"431588815459544902","type":"test.event","createdAt":1770705612,"data":{"test":true}}"#;
/// let signature = "9ad96094be0f809f531059afe9215a5cc10e4e6cd592bb10ee5236a01a89a43b";
///
/// let delivery = receiver.accept([("x-deepsource-signature", signature)], body)?;
/// assert_eq!(delivery.key().to_string(), "id:431588815459544902");
/// # Ok(())
/// # }
/// ```
pub type Receiver = webhook_core::Receiver<Webhook>;

/// A genuine delivery of DeepSource, with its exact bytes.
pub type Delivery = webhook_core::Delivery<Webhook>;

impl Authenticated for Webhook {
    type Scheme = BodyHmac;
    const SCHEME: BodyHmac = BodyHmac::in_header(SIGNATURE_HEADER);
    const MAX_BODY_BYTES: usize = SUGGESTED_BODY_LIMIT;
}
