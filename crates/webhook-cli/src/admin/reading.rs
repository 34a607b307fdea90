//! What the vendor's crate makes of a body.

use super::payload::Notes;
use crate::report::{Report, Wanted};
use crate::vendor::{AnyWebhook, Vendor};

/// How many differences are listed.
const MAX_DRIFT: usize = 200;

/// A body as its vendor's crate reads it.
#[derive(Default)]
pub(super) struct Reading {
    /// The decoded webhook as JSON.
    pub(super) webhook: Option<String>,
    /// Why it does not decode.
    pub(super) error: Option<String>,
    /// What the event means; `None` for one that is not listed.
    pub(super) meaning: Option<&'static str>,
    /// Path and kind of each difference.
    pub(super) drift: Vec<(String, String)>,
    /// How many more differences there are.
    pub(super) more_drift: usize,
}

impl Reading {
    /// Reads a body; nothing is known about one of a vendor that this tool does not know.
    pub(super) fn of(vendor: &str, event: Option<&str>, body: &[u8]) -> Self {
        let Some(vendor) = Vendor::of_name(vendor) else { return Self::default() };
        let report = Report::of_payload(Some(vendor), body, Wanted { drift: true, webhook: false });
        let all = report.drift.len();
        let drift = report.drift.into_iter().take(MAX_DRIFT);
        let (webhook, error) = match decoded(vendor, body) {
            Ok(webhook) => (Some(webhook), None),
            Err(error) => (None, Some(error)),
        };
        Self {
            webhook,
            error,
            meaning: vendor.catalogue().iter().find(|info| Some(info.name) == event).map(|info| info.summary),
            drift: drift.map(|finding| (finding.path, finding.kind.replace('_', " "))).collect(),
            more_drift: all.saturating_sub(MAX_DRIFT),
        }
    }

    /// The differences by their place.
    pub(super) fn notes(&self) -> Notes {
        let mut notes = Notes::new();
        for (path, kind) in &self.drift {
            notes.entry(path.clone()).or_default().push(kind.clone());
        }
        notes
    }
}

fn decoded(vendor: Vendor, body: &[u8]) -> Result<String, String> {
    let webhook = AnyWebhook::from_slice(vendor, body).map_err(|error| error.to_string())?;
    serde_json::to_string(&webhook).map_err(|error| error.to_string())
}
