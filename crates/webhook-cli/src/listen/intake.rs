//! Handling of a genuine delivery, from its last byte to its answer. Success is answered only if the delivery is
//! stored.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use hyper::StatusCode;
use hyper::http::request::Parts;
use webhook_core::{Authenticated, Delivery, drift};
use webhook_inbox::Kept;

use super::body::Share;
use super::durable::Durable;
use super::forward::Forward;
use super::output::{Job, Output, Printed};
use super::save::Save;
use crate::report::Report;
use crate::vendor::Vendor;

/// Where deliveries go.
pub(super) struct Intake {
    pub(super) output: Output,
    pub(super) durable: Option<Arc<Durable>>,
    pub(super) save: Option<Save>,
    pub(super) forward: Option<Forward>,
}

/// The metadata of a delivery.
pub(super) struct Genuine {
    pub(super) vendor: Vendor,
    pub(super) received_at: DateTime<Utc>,
    pub(super) head: Parts,
    pub(super) share: Share,
}

impl Intake {
    /// Stores a delivery and returns the answer for its sender.
    pub(super) async fn take<W: Authenticated + 'static>(
        &self,
        delivery: Delivery<W>,
        genuine: Genuine,
    ) -> StatusCode {
        let Genuine { vendor, received_at, head, share } = genuine;
        let mut again = false;
        let mut decoded = None;
        if let Some(durable) = &self.durable {
            let outcome = decoded.insert(delivery.decode_with_drift());
            let webhook = outcome.as_ref().ok().map(|decoded| &decoded.webhook);
            match durable.keep(&delivery, webhook, &head).await {
                Some(kept) => again = matches!(kept, Kept::Again(_)),
                None => return StatusCode::SERVICE_UNAVAILABLE,
            }
        }
        let body: Bytes = delivery.into_body();
        if let Some(save) = &self.save
            && !save.save(vendor, received_at, &head, body.clone()).await
        {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        let forwarded = match &self.forward {
            Some(forward) => Some(forward.send(&head, body.clone()).await),
            None => None,
        };
        let status = forwarded.as_ref().map_or(StatusCode::OK, |(status, _)| *status);
        let forwarded = forwarded.map(|(_, answer)| answer);
        // Work that is not needed before the answer is done by the printing thread.
        let (bytes, printed) = (body.len(), body);
        let report = move || {
            Report::of_delivery(received_at, printed, |body| match decoded {
                Some(outcome) => outcome,
                None => drift::decode::<W>(body),
            })
        };
        let job = Job::new(vendor, bytes, Box::new(report), again, forwarded, share);
        if self.keeps_elsewhere() {
            self.output.offer(job);
            return status;
        }
        match self.output.print(job).await {
            Printed::Object => status,
            // It is genuine but not what a vendor sends, so it should appear in the vendor's list of failures.
            Printed::NoObject => StatusCode::BAD_REQUEST,
            Printed::Not => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Whether deliveries are accepted at the moment.
    pub(super) fn is_ready(&self) -> bool {
        let output = self.keeps_elsewhere() || self.output.is_ready();
        let durable = self.durable.as_ref().is_none_or(|durable| durable.is_ready());
        output && durable && self.save.as_ref().is_none_or(Save::is_ready)
    }

    /// Whether acknowledged deliveries are stored outside of standard output.
    pub(super) fn keeps_elsewhere(&self) -> bool {
        self.durable.is_some() || self.save.is_some() || self.forward.is_some()
    }
}
