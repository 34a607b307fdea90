//! Authentication of deliveries by a token in the URL.

use webhook_core::{Authenticated, UrlToken};

use crate::Webhook;
use crate::delivery_rules::SUGGESTED_BODY_LIMIT;

/// Accepts the deliveries of MonitorQA: the URL must contain the configured token, as a segment of the path or as a
/// value of the query.
///
/// **MonitorQA signs nothing**: no secret, signature, token or header of its own is documented. The token is a
/// convention of this receiver. Put at least 128 random bits, written as letters, digits, `-` and `_`, into the URL
/// that you enter at MonitorQA. The token proves knowledge of the URL, not that the body is unchanged. It needs HTTPS,
/// and there is no protection against replays. If this is not enough, read the audit or corrective action again through
/// the vendor's API.
///
/// **Trap:** a URL with a token is a secret. The vendor's delivery log shows it to every holder of an API key, and
/// proxies log it.
///
/// **Trap:** the API key with which you call the vendor's API is not used in deliveries.
///
/// ```
/// use monitorqa_webhooks::{Receiver, Secret};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let receiver = Receiver::new(Secret::new("u7Qp2-bX9_w4Lk0ZrT6s8YcN")?);
/// let body = r#"{"event":"AUDIT_DELETED","data":{"auditId":"7f3a0c1e"}}"#;
///
/// let delivery = receiver.accept("/hooks/monitorqa/u7Qp2-bX9_w4Lk0ZrT6s8YcN", body)?;
/// assert_eq!(delivery.name()?, "AUDIT_DELETED");
/// # Ok(())
/// # }
/// ```
pub type Receiver = webhook_core::Receiver<Webhook>;

/// A delivery of MonitorQA that had the right token, with its exact bytes.
pub type Delivery = webhook_core::Delivery<Webhook>;

impl Authenticated for Webhook {
    type Scheme = UrlToken;
    const SCHEME: UrlToken = UrlToken;
    const MAX_BODY_BYTES: usize = SUGGESTED_BODY_LIMIT;
    const CONTENT_TYPE: Option<&'static str> = Some("application/json");
}
