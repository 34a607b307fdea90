//! What every MonitorQA webhook has around its event.

use chrono::{DateTime, Utc};
use webhook_core::{Envelope, Wire};

use crate::Event;

/// A webhook of MonitorQA.
///
/// **Trap:** it has no id, no time and no version. The key of a delivery is therefore a fingerprint of its body, and
/// two equal events share it: the same audit assigned twice, or the same corrective action updated twice with the same
/// content.
///
/// **Trap:** the pages never say what may be `null`, so everything is an `Option` or a list but the id of what the event
/// is about.
///
/// [Vendor page](https://developer.monitorqa.com/#/webhook)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(vendor = "monitorqa")]
#[non_exhaustive]
pub struct Webhook {
    /// What happened.
    #[wire(event, name = "event", payload = "data")]
    pub event: Event,
    /// The company whose audits these are.
    ///
    /// **Trap:** missing before April 2023, and from the page's format of corrective actions for longer.
    #[wire(optional)]
    pub company: Option<Company>,
}

/// A customer of MonitorQA; one without an id keeps its name.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct Company {
    /// The id of the company.
    ///
    /// **Trap:** it is no secret, so it proves nothing about the sender.
    pub id: Option<CompanyId>,
    /// The name of the company.
    pub name: Option<String>,
}

webhook_core::text_id! {
    /// The id of a company.
    pub struct CompanyId;
}

impl Envelope for Webhook {
    /// MonitorQA sends no time.
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
