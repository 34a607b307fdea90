//! The envelope of every MonitorQA webhook.

use chrono::{DateTime, Utc};
use webhook_core::{Envelope, Wire};

use crate::Event;

/// A webhook of MonitorQA.
///
/// **Trap:** it has no id, no time and no version. Therefore the key of a delivery is a fingerprint of its body, and
/// equal events have the same key. Examples are an audit that is assigned twice, or a corrective action that is updated
/// twice with the same content.
///
/// **Trap:** the pages do not document which values may be `null`. Therefore every field is an `Option` or a list,
/// except the id of the entity.
///
/// ```
/// use monitorqa_webhooks::Webhook;
///
/// let body = br#"{"event":"AUDIT_DELETED","data":{"auditId":"7f3a0c1e"}}"#;
/// let webhook = Webhook::from_slice(body)?;
/// assert_eq!(webhook.name(), "AUDIT_DELETED");
/// # Ok::<(), monitorqa_webhooks::DecodeError>(())
/// ```
///
/// [Vendor page](https://developer.monitorqa.com/#/webhook)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(vendor = "monitorqa")]
#[non_exhaustive]
pub struct Webhook {
    /// What happened.
    #[wire(event, name = "event", payload = "data")]
    pub event: Event,
    /// The company that the audits belong to.
    ///
    /// **Trap:** missing before April 2023. In the documented format of corrective actions it was missing for longer.
    #[wire(optional)]
    pub company: Option<Company>,
}

/// A customer of MonitorQA. A company without an id keeps its name.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct Company {
    /// The id of the company.
    ///
    /// **Trap:** it is not a secret, so it does not authenticate the sender.
    pub id: Option<CompanyId>,
    /// The name of the company.
    pub name: Option<String>,
}

webhook_core::text_id! {
    /// The id of a company.
    pub struct CompanyId;
}

impl Envelope for Webhook {
    /// Always `None`: MonitorQA sends no time.
    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        None
    }

    fn account(&self) -> Option<&str> {
        Some(self.company.as_ref()?.id.as_ref()?.as_str())
    }

    /// MonitorQA gives its events no id.
    fn event_id(&self) -> Option<&str> {
        None
    }
}
