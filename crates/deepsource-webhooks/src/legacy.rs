//! The form of 2021: `analysis.updated`, with its own envelope and spelling of keys.
//!
//! The vendor has replaced it by `analysis_run.updated` and no longer describes it. Endpoints that were created at that
//! time may still get it.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serializer;
use webhook_core::describe::Shape;
use webhook_core::json::{NotJson, Reader};
use webhook_core::wire::{Iso8601, WireAs};
use webhook_core::{Open, RawJson, Wire};

use crate::object::{NodeId, RunUid};

/// An analyzer of a run delivered its result, in the form of 2021.
///
/// [Vendor page](https://deepsource.io/docs/developers/webhook-events/)
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "analysis.updated")]
#[non_exhaustive]
pub struct LegacyAnalysisUpdated {
    /// The id of the repository.
    pub repository_id: Option<NodeId>,
    /// The owner of the repository.
    pub owner: Option<LegacyOwner>,
    /// When the run was last changed.
    #[wire(with = MicrosecondsAtOffsetZero)]
    pub last_updated_at: Option<DateTime<Utc>>,
    /// The id of the run.
    #[wire(identity)]
    pub run_id: RunUid,
    /// The status of the run.
    pub status: Option<Open<LegacyRunStatus>>,
    /// The branch that was analyzed.
    pub branch_name: Option<String>,
    /// The commit that was analyzed.
    pub commit_sha: Option<String>,
    /// The number of issue occurrences that the commit introduced, over all analyzers.
    pub total_raised: Option<u64>,
    /// The number of issue occurrences that the commit resolved.
    pub total_resolved: Option<u64>,
    /// The checks of the run so far, by the shortcode of their analyzer. An analyzer without a check is left out.
    pub all_checks: BTreeMap<String, LegacyCheck>,
    /// The check that caused the event, by the shortcode of its analyzer.
    ///
    /// **Trap:** the vendor's sample has one entry. Do not rely on this.
    pub current_check: BTreeMap<String, LegacyCheck>,
    /// The errors. The vendor's sample has an empty list, so the content is kept as raw JSON.
    pub errors: Vec<RawJson>,
}

/// The owner of a repository. An owner without an id keeps its login.
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "analysis.updated")]
#[non_exhaustive]
pub struct LegacyOwner {
    /// The id of the account.
    pub id: Option<NodeId>,
    /// The name of the account at the hosting service.
    pub login: Option<String>,
}

impl LegacyOwner {
    /// The login, or the id if the login is missing.
    pub(crate) fn name(&self) -> Option<&str> {
        self.login.as_deref().or_else(|| Some(self.id.as_ref()?.as_str()))
    }
}

/// The part of a run that one analyzer does. A check without an id keeps its counters.
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "analysis.updated")]
#[non_exhaustive]
pub struct LegacyCheck {
    /// The id of the check.
    pub check_id: Option<NodeId>,
    /// The number of issue occurrences that the commit introduced.
    pub raised: Option<u64>,
    /// The number of issue occurrences that the commit resolved.
    pub resolved: Option<u64>,
}

webhook_core::vocabulary! {
    /// The status of a run.
    ///
    /// **Trap:** the vendor's sample shows `fail`; the others are its internal codes of that time, assumed to be written in
    /// the same way.
    pub enum LegacyRunStatus {
        /// It ended and found issues.
        Fail = "fail",
        /// Results are awaited. Assumed.
        Pending = "pend",
        /// It ended and found nothing. Assumed.
        Pass = "pass",
        /// It exceeded its time limit. Assumed.
        Timeout = "timo",
        /// It was cancelled. Assumed.
        Cancelled = "cncl",
        /// Ready; the meaning is not known. Assumed.
        Ready = "read",
    }
}

/// A point in time in the form of the 2021 envelope, with its original text.
///
/// The vendor wrote it in two ways: without a zone, which is read as UTC, and with a `Z`. The text is kept so that it
/// is written back unchanged.
#[derive(Debug, Clone, PartialEq)]
pub struct LegacyTime {
    time: DateTime<Utc>,
    text: Box<str>,
}

impl LegacyTime {
    /// The point in time.
    pub fn time(&self) -> DateTime<Utc> {
        self.time
    }

    /// The original text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Wire for LegacyTime {
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        let text = <String as Wire>::read(&mut json.clone())?;
        let time = <Iso8601 as WireAs<DateTime<Utc>>>::read(json)?;
        Ok(time.map(|time| {
            let text = text.unwrap_or_else(|| time.to_rfc3339_opts(SecondsFormat::AutoSi, true));
            Self { time, text: text.into() }
        }))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }

    fn shape() -> Shape {
        Shape::Time
    }
}

webhook_core::wire_as_serde!(LegacyTime);

/// Written as `2021-09-02T07:58:20.101990+00:00`: six fraction digits, or none for a whole second, and the offset in
/// digits.
struct MicrosecondsAtOffsetZero;

impl WireAs<DateTime<Utc>> for MicrosecondsAtOffsetZero {
    fn read(json: &mut Reader<'_>) -> Result<Option<DateTime<Utc>>, NotJson> {
        Iso8601::read(json)
    }

    fn write<S: Serializer>(value: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        let format = match value.timestamp_subsec_nanos() {
            0 => "%Y-%m-%dT%H:%M:%S+00:00",
            nanoseconds if nanoseconds % 1_000 == 0 => "%Y-%m-%dT%H:%M:%S%.6f+00:00",
            _ => "%Y-%m-%dT%H:%M:%S%.9f+00:00",
        };
        serializer.collect_str(&value.format(format))
    }

    fn shape() -> Shape {
        Shape::Time
    }
}
