//! The form of 2021: `analysis.updated`, with an envelope and a spelling of its own.
//!
//! The vendor has replaced it by `analysis_run.updated` and no longer describes it. Endpoints that were set up then may
//! still get it.

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
    /// To whom the repository belongs.
    pub owner: Option<LegacyOwner>,
    /// When the run changed last.
    #[wire(with = MicrosecondsAtOffsetZero)]
    pub last_updated_at: Option<DateTime<Utc>>,
    /// The id of the run.
    #[wire(identity)]
    pub run_id: RunUid,
    /// How far the run is, or how it ended.
    pub status: Option<Open<LegacyRunStatus>>,
    /// The branch that was analyzed.
    pub branch_name: Option<String>,
    /// The commit that was analyzed.
    pub commit_sha: Option<String>,
    /// How many occurrences of issues the commit brought, over all analyzers.
    pub total_raised: Option<u64>,
    /// How many it took away.
    pub total_resolved: Option<u64>,
    /// The checks of the run so far, by the shortcode of their analyzer; an analyzer without one is left out.
    pub all_checks: BTreeMap<String, LegacyCheck>,
    /// The check that caused the event, by the shortcode of its analyzer.
    ///
    /// **Trap:** the vendor's sample has one entry, which is not to be relied on.
    pub current_check: BTreeMap<String, LegacyCheck>,
    /// What went wrong. The vendor shows an empty list only, so whatever is in it is kept as it came.
    pub errors: Vec<RawJson>,
}

/// To whom a repository belongs; one without an id keeps its login.
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "analysis.updated")]
#[non_exhaustive]
pub struct LegacyOwner {
    /// The id of the account.
    pub id: Option<NodeId>,
    /// The name of the account where its code is hosted.
    pub login: Option<String>,
}

impl LegacyOwner {
    /// The login, or the id where the login is missing.
    pub(crate) fn name(&self) -> Option<&str> {
        self.login.as_deref().or_else(|| Some(self.id.as_ref()?.as_str()))
    }
}

/// One analyzer's part of a run; one without an id keeps its counters.
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "analysis.updated")]
#[non_exhaustive]
pub struct LegacyCheck {
    /// The id of the check.
    pub check_id: Option<NodeId>,
    /// How many occurrences of issues the commit brought.
    pub raised: Option<u64>,
    /// How many it took away.
    pub resolved: Option<u64>,
}

webhook_core::vocabulary! {
    /// How far a run is, or how it ended.
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
        /// It took too long. Assumed.
        Timeout = "timo",
        /// It was cancelled. Assumed.
        Cancelled = "cncl",
        /// Ready, whatever that means. Assumed.
        Ready = "read",
    }
}

/// A point in time as the envelope of 2021 wrote it, with its text.
///
/// The vendor wrote it in more than one way: without a zone, which is taken for UTC, and with a `Z`. The text is kept
/// so that it is written back as it came.
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

    /// The text as it came.
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

/// Written as `2021-09-02T07:58:20.101990+00:00`: six fraction digits, none when the second is whole, and the offset in
/// figures.
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
