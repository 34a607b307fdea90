//! Analysis runs: one commit, looked at by every analyzer that is configured for its repository.

use chrono::{DateTime, Utc};
use webhook_core::wire::UnixSeconds;
use webhook_core::{Open, Wire};

use crate::analyzer::Analyzer;
use crate::issue::IssueCategory;
use crate::object::{NodeId, ObjectType, RunUid};
use crate::repository::Repository;

/// An analysis run that began, or of which an analyzer delivered its result.
///
/// **Trap:** no event says that a run is over. Each of its analyzers causes an `analysis_run.updated`, and the run should
/// be over when its [`status`](AnalysisRun::status) is no longer `PENDING`, which may come later than the end of its
/// checks. That is what deliveries show, and no page says it.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "analysis_run.started")]
#[doc(alias = "analysis_run.updated")]
#[non_exhaustive]
pub struct AnalysisRunData {
    /// The run.
    #[wire(identity)]
    pub object: AnalysisRun,
}

/// A run of all analyzers on one commit.
///
/// **Trap:** the times in it need not be in order: the vendor's own samples have checks that are days newer than their
/// run.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "analysis_run.started")]
#[doc(alias = "analysis_run.updated")]
#[non_exhaustive]
pub struct AnalysisRun {
    /// The id of the run as an object.
    #[wire(identity)]
    pub id: NodeId,
    /// Always `AnalysisRun`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The id of the run by which people know it.
    pub run_uid: Option<RunUid>,
    /// How far the run is, or how it ended; may be `PENDING` while single checks have ended.
    pub status: Option<Open<AnalysisRunStatus>>,
    /// The branch that was analyzed.
    #[wire(nullable, optional)]
    pub branch_name: Option<String>,
    /// The commit that the analyzed one is compared with; the two may be the same.
    #[wire(nullable, optional)]
    pub base_oid: Option<String>,
    /// The commit that was analyzed.
    ///
    /// **Trap:** the vendor's own samples hold some that are no hashes, by their length or by their letters. Nothing is
    /// checked.
    #[wire(nullable, optional)]
    pub commit_oid: Option<String>,
    /// When the run began.
    #[wire(with = UnixSeconds)]
    pub created_at: Option<DateTime<Utc>>,
    /// When the run changed last: the newer of two webhooks about one run has the later time.
    #[wire(with = UnixSeconds)]
    pub updated_at: Option<DateTime<Utc>>,
    /// The repository of the commit.
    pub repository: Option<Repository>,
    /// What the run found so far.
    ///
    /// **Trap:** when a run begins, its summary is neither missing nor `null`: it has zero in its counters, and lists the
    /// analyzers.
    pub summary: Option<AnalysisRunSummary>,
    /// The checks of the run so far, one per analyzer.
    ///
    /// **Trap:** their order is not that of [`sequence`](Check::sequence), and it counts: the last one caused the
    /// event. See [`last_check`](Self::last_check).
    #[wire(nullable)]
    pub checks: Vec<Check>,
}

impl AnalysisRun {
    /// The last check of the list: in an `analysis_run.updated` the one whose result caused the event.
    pub fn last_check(&self) -> Option<&Check> {
        self.checks.last()
    }
}

/// What a run found, over all its analyzers.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "analysis_run.started")]
#[doc(alias = "analysis_run.updated")]
#[non_exhaustive]
pub struct AnalysisRunSummary {
    /// Always `AnalysisRunSummary`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// How many occurrences of issues the commit brought.
    #[wire(nullable, optional)]
    pub occurrences_introduced: Option<u64>,
    /// How many occurrences of issues it took away.
    #[wire(nullable, optional)]
    pub occurrences_resolved: Option<u64>,
    /// What each analyzer of the run found, also when that is nothing.
    #[wire(nullable)]
    pub occurrence_distribution_by_analyzer: Vec<AnalyzerDistribution>,
    /// What was found in each category; those without a finding are not listed.
    #[wire(nullable)]
    pub occurrence_distribution_by_category: Vec<CategoryDistribution>,
}

/// How much one analyzer found.
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AnalyzerDistribution {
    /// Always `OccurrenceDistributionByAnalyzer`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The analyzer: see [`Analyzer::shortcode`].
    pub analyzer_shortcode: Option<String>,
    /// How many occurrences of issues it found to be new.
    pub introduced: Option<u64>,
}

/// How much was found in one category.
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CategoryDistribution {
    /// Always `OccurrenceDistributionByCategory`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The category.
    pub category: Option<Open<IssueCategory>>,
    /// How many new occurrences of issues of this category were found.
    pub introduced: Option<u64>,
}

/// One analyzer's part of a run; one without an id keeps its result.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "analysis_run.started")]
#[doc(alias = "analysis_run.updated")]
#[non_exhaustive]
pub struct Check {
    /// The id of the check.
    pub id: Option<NodeId>,
    /// Always `Check`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The number of the check within its run. The order of [`AnalysisRun::checks`] is another one.
    pub sequence: Option<u64>,
    /// How far the check is, or how it ended.
    pub status: Option<Open<CheckStatus>>,
    /// The analyzer.
    pub analyzer: Option<Analyzer>,
    /// When the check was created.
    #[wire(with = UnixSeconds)]
    pub created_at: Option<DateTime<Utc>>,
    /// When the check changed last.
    #[wire(with = UnixSeconds)]
    pub updated_at: Option<DateTime<Utc>>,
    /// When the check ended; `null` until then.
    #[wire(with = UnixSeconds, nullable)]
    pub finished_at: Option<DateTime<Utc>>,
    /// What the check found.
    pub summary: Option<CheckSummary>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CheckSummary {
    /// Always `CheckSummary`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// How many occurrences of issues the commit brought.
    #[wire(nullable, optional)]
    pub occurrences_introduced: Option<u64>,
    /// How many occurrences of issues it took away.
    #[wire(nullable, optional)]
    pub occurrences_resolved: Option<u64>,
    /// What was found in each category; those without a finding are not listed.
    #[wire(nullable)]
    pub occurrence_distribution_by_category: Vec<CategoryDistribution>,
}

webhook_core::vocabulary! {
    /// How far a run is, or how it ended.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
    pub enum AnalysisRunStatus {
        /// Results are awaited.
        Pending = "PENDING",
        /// It ended and found nothing.
        Success = "SUCCESS",
        /// It ended and found issues.
        Failure = "FAILURE",
        /// It took too long.
        Timeout = "TIMEOUT",
        /// Another run of the same commit took its place.
        Cancel = "CANCEL",
        /// The vendor lists it and does not explain it.
        Ready = "READY",
        /// The vendor lists it and does not explain it.
        Skipped = "SKIPPED",
    }
}

webhook_core::vocabulary! {
    /// How far a check is, or how it ended. The vendor lists the values and explains few of them.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
    pub enum CheckStatus {
        /// Waiting for something else before it can begin.
        Waiting = "WAITING",
        /// Its result is awaited.
        Pending = "PENDING",
        /// It ended and found nothing.
        Success = "SUCCESS",
        /// It ended and found issues.
        Failure = "FAILURE",
        /// It took too long.
        Timeout = "TIMEOUT",
        /// It was cancelled.
        Cancel = "CANCEL",
        /// The vendor lists it and does not explain it.
        Ready = "READY",
        /// It ended, neither well nor badly.
        Neutral = "NEUTRAL",
        /// Something that it was to read did not arrive in time.
        ArtifactTimeout = "ARTIFACT_TIMEOUT",
        /// It was left out.
        Skipped = "SKIPPED",
    }
}
