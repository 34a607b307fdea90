//! Authentication of deliveries.

use webhook_core::{Authenticated, BodyHmac};

use crate::Webhook;
use crate::delivery_rules::{SIGNATURE_HEADER, SUGGESTED_BODY_LIMIT};

/// Accepts the deliveries of DeepSource: the header `x-deepsource-signature` must be an HMAC of the raw body.
///
/// The signature is hexadecimal digits in upper or lower case: 64 digits are HMAC-SHA-256, 40 are HMAC-SHA-1. An
/// optional prefix `sha256=` or `sha1=` must match their number. **By default both algorithms are accepted.** Choosing
/// by length does not reduce security, because both need the secret. After you have seen a delivery,
/// [`pin`](webhook_core::Receiver::pin) its algorithm.
///
/// **Trap:** the implemented scheme is not confirmed by a live delivery. DeepSource documents the header and that it is
/// an HMAC with the endpoint's secret. It documents neither the hash nor the encoding.
///
/// Signing is optional at DeepSource; a delivery without a signature is rejected. The dashboard rejects secrets of
/// fewer than 16 characters. The test event is also signed, and must be answered with success before the endpoint
/// becomes active. A signature contains no time, so it does not protect against replays: store
/// [`Delivery::key`](webhook_core::Delivery::key) to detect them.
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
