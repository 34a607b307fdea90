//! The form of 2021: `analysis.updated`, with an envelope and a spelling of its own.
//!
//! The vendor has replaced it by `analysis_run.updated` and no longer describes it. Endpoints that were set up then may
//! still get it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantNames};
use webhook_core::lenient::parse_time;
use webhook_core::serde::de::{Deserializer, Error, Unexpected, Visitor};
use webhook_core::serde::ser::Serializer;
use webhook_core::shape::Shape;
use webhook_core::wire::WireAs;
use webhook_core::{Open, RawJson, Wire};

use crate::object::{NodeId, RunUid};

/// An analyzer of a run delivered its result, in the form of 2021.
///
/// [Vendor page](https://deepsource.io/docs/developers/webhook-events/)
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
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
    /// The checks of the run so far, by the shortcode of their analyzer; `None` for an analyzer without one, which the
    /// vendor's sample does not show.
    pub all_checks: BTreeMap<String, Option<LegacyCheck>>,
    /// The check that caused the event, by the shortcode of its analyzer.
    ///
    /// **Trap:** the vendor's sample has one entry, which is not to be relied on.
    pub current_check: BTreeMap<String, Option<LegacyCheck>>,
    /// What went wrong. The vendor shows an empty list only, so whatever is in it is kept as it came.
    pub errors: Vec<RawJson>,
}

/// To whom a repository belongs.
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[doc(alias = "analysis.updated")]
#[non_exhaustive]
pub struct LegacyOwner {
    /// The id of the account.
    pub id: NodeId,
    /// The name of the account where its code is hosted.
    pub login: Option<String>,
}

impl LegacyOwner {
    /// The login, or the id where the login is missing.
    pub(crate) fn name(&self) -> &str {
        self.login.as_deref().unwrap_or(self.id.as_str())
    }
}

/// One analyzer's part of a run.
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[doc(alias = "analysis.updated")]
#[non_exhaustive]
pub struct LegacyCheck {
    /// The id of the check.
    pub check_id: NodeId,
    /// How many occurrences of issues the commit brought.
    pub raised: Option<u64>,
    /// How many it took away.
    pub resolved: Option<u64>,
}

/// How far a run is, or how it ended.
///
/// **Trap:** the vendor's sample shows `fail`; the others are its internal codes of that time, assumed to be written in
/// the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[non_exhaustive]
pub enum LegacyRunStatus {
    /// It ended and found issues.
    #[strum(serialize = "fail")]
    Fail,
    /// Results are awaited. Assumed.
    #[strum(serialize = "pend")]
    Pending,
    /// It ended and found nothing. Assumed.
    #[strum(serialize = "pass")]
    Pass,
    /// It took too long. Assumed.
    #[strum(serialize = "timo")]
    Timeout,
    /// It was cancelled. Assumed.
    #[strum(serialize = "cncl")]
    Cancelled,
    /// Ready, whatever that means. Assumed.
    #[strum(serialize = "read")]
    Ready,
}

/// A point in time as the envelope of 2021 wrote it, with its text.
///
/// The vendor wrote it in more than one way: without a zone, which is taken for UTC, and with a `Z`. The text is kept
/// so that it is written back as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimeVisitor)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }

    fn shape() -> Shape {
        Shape::Time
    }
}

webhook_core::wire_as_serde!(LegacyTime);

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = LegacyTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date and time as text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<LegacyTime, E> {
        match parse_time(text) {
            Some(time) => Ok(LegacyTime { time, text: text.into() }),
            None => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }
}

/// Written as `2021-09-02T07:58:20.101990+00:00`: six fraction digits, none when the second is whole, and the offset in
/// figures.
struct MicrosecondsAtOffsetZero;

impl WireAs<DateTime<Utc>> for MicrosecondsAtOffsetZero {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        deserializer.deserialize_str(TimeVisitor).map(|read| read.time)
    }

    fn encode<S: Serializer>(value: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
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
