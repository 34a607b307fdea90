//! A body, decoded by the crate of its vendor.

use super::payload::Notes;
use crate::report::{Report, Wanted};
use crate::vendor::{AnyWebhook, Vendor};

/// How many differences are listed.
const MAX_DRIFT: usize = 200;

/// The result of decoding a body.
#[derive(Default)]
pub(super) struct Reading {
    /// The decoded webhook as JSON.
    pub(super) webhook: Option<String>,
    /// Why it does not decode.
    pub(super) error: Option<String>,
    /// The meaning of the event; `None` for an unlisted event.
    pub(super) meaning: Option<&'static str>,
    /// Path and kind of each difference.
    pub(super) drift: Vec<(String, String)>,
    /// How many more differences there are.
    pub(super) more_drift: usize,
}

impl Reading {
    /// Reads a body. The result is empty for an unknown vendor.
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
            drift: drift.map(|finding| (finding.path, finding.kind.as_str().replace('_', " "))).collect(),
            more_drift: all.saturating_sub(MAX_DRIFT),
        }
    }

    /// The differences by path.
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
