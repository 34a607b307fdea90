//! Analysis runs. In a run, every analyzer that is configured for a repository checks one commit.

use chrono::{DateTime, Utc};
use webhook_core::wire::UnixSeconds;
use webhook_core::{Open, Wire};

use crate::analyzer::Analyzer;
use crate::issue::IssueCategory;
use crate::object::{NodeId, ObjectType, RunUid};
use crate::repository::Repository;

/// An analysis run that started, or one of whose analyzers delivered a result.
///
/// **Trap:** there is no event for the end of a run. Each of its analyzers causes an `analysis_run.updated`. The run
/// has probably ended when its [`status`](AnalysisRun::status) is no longer `PENDING`, which can be later than the end
/// of its checks. This was observed in deliveries and is not documented.
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
/// **Trap:** its times may be inconsistent: the vendor's samples have checks that are days newer than their run.
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
    /// The id of the run that is shown to people.
    pub run_uid: Option<RunUid>,
    /// The status of the run. It may be `PENDING` while some checks have ended.
    pub status: Option<Open<AnalysisRunStatus>>,
    /// The branch that was analyzed.
    #[wire(nullable, optional)]
    pub branch_name: Option<String>,
    /// The commit that the analyzed commit is compared with. Both may be the same.
    #[wire(nullable, optional)]
    pub base_oid: Option<String>,
    /// The commit that was analyzed.
    ///
    /// **Trap:** the vendor's samples have values that are not hashes, by their length or by their letters. The value
    /// is not checked.
    #[wire(nullable, optional)]
    pub commit_oid: Option<String>,
    /// When the run began.
    #[wire(with = UnixSeconds)]
    pub created_at: Option<DateTime<Utc>>,
    /// When the run was last changed. Of two webhooks about one run, the newer one has the later time.
    #[wire(with = UnixSeconds)]
    pub updated_at: Option<DateTime<Utc>>,
    /// The repository of the commit.
    pub repository: Option<Repository>,
    /// The findings of the run so far.
    ///
    /// **Trap:** when a run starts, its summary is not missing and not `null`. Its counters are zero, and it lists the
    /// analyzers.
    pub summary: Option<AnalysisRunSummary>,
    /// The checks of the run so far, one per analyzer.
    ///
    /// **Trap:** they are not sorted by [`sequence`](Check::sequence). Their order is significant: the last check
    /// caused the event. See [`last_check`](Self::last_check).
    #[wire(nullable)]
    pub checks: Vec<Check>,
}

impl AnalysisRun {
    /// The last check of the list. In an `analysis_run.updated`, its result caused the event.
    pub fn last_check(&self) -> Option<&Check> {
        self.checks.last()
    }
}

/// The findings of a run, over all its analyzers.
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
    /// The number of issue occurrences that the commit introduced.
    #[wire(nullable, optional)]
    pub occurrences_introduced: Option<u64>,
    /// The number of issue occurrences that the commit resolved.
    #[wire(nullable, optional)]
    pub occurrences_resolved: Option<u64>,
    /// The findings of each analyzer of the run, also if there are none.
    #[wire(nullable)]
    pub occurrence_distribution_by_analyzer: Vec<AnalyzerDistribution>,
    /// The findings in each category. Categories without findings are not listed.
    #[wire(nullable)]
    pub occurrence_distribution_by_category: Vec<CategoryDistribution>,
}

/// The number of findings of one analyzer.
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AnalyzerDistribution {
    /// Always `OccurrenceDistributionByAnalyzer`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The analyzer: see [`Analyzer::shortcode`].
    pub analyzer_shortcode: Option<String>,
    /// The number of new issue occurrences that it found.
    pub introduced: Option<u64>,
}

/// The number of findings in one category.
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CategoryDistribution {
    /// Always `OccurrenceDistributionByCategory`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The category.
    pub category: Option<Open<IssueCategory>>,
    /// The number of new issue occurrences in this category.
    pub introduced: Option<u64>,
}

/// The part of a run that one analyzer does. A check without an id keeps its result.
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
    /// The number of the check within its run. [`AnalysisRun::checks`] has another order.
    pub sequence: Option<u64>,
    /// The status of the check.
    pub status: Option<Open<CheckStatus>>,
    /// The analyzer.
    pub analyzer: Option<Analyzer>,
    /// When the check was created.
    #[wire(with = UnixSeconds)]
    pub created_at: Option<DateTime<Utc>>,
    /// When the check was last changed.
    #[wire(with = UnixSeconds)]
    pub updated_at: Option<DateTime<Utc>>,
    /// When the check ended; `null` until then.
    #[wire(with = UnixSeconds, nullable)]
    pub finished_at: Option<DateTime<Utc>>,
    /// The findings of the check.
    pub summary: Option<CheckSummary>,
}

/// The findings of a check.
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CheckSummary {
    /// Always `CheckSummary`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The number of issue occurrences that the commit introduced.
    #[wire(nullable, optional)]
    pub occurrences_introduced: Option<u64>,
    /// The number of issue occurrences that the commit resolved.
    #[wire(nullable, optional)]
    pub occurrences_resolved: Option<u64>,
    /// The findings in each category. Categories without findings are not listed.
    #[wire(nullable)]
    pub occurrence_distribution_by_category: Vec<CategoryDistribution>,
}

webhook_core::vocabulary! {
    /// The status of a run.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
    pub enum AnalysisRunStatus {
        /// Results are awaited.
        Pending = "PENDING",
        /// It ended and found nothing.
        Success = "SUCCESS",
        /// It ended and found issues.
        Failure = "FAILURE",
        /// It exceeded its time limit.
        Timeout = "TIMEOUT",
        /// It was replaced by another run of the same commit.
        Cancel = "CANCEL",
        /// The vendor lists this value but does not explain it.
        Ready = "READY",
        /// The vendor lists this value but does not explain it.
        Skipped = "SKIPPED",
    }
}

webhook_core::vocabulary! {
    /// The status of a check. The vendor lists the values, but explains only a few of them.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
    pub enum CheckStatus {
        /// It waits for something else before it can start.
        Waiting = "WAITING",
        /// Its result is awaited.
        Pending = "PENDING",
        /// It ended and found nothing.
        Success = "SUCCESS",
        /// It ended and found issues.
        Failure = "FAILURE",
        /// It exceeded its time limit.
        Timeout = "TIMEOUT",
        /// It was cancelled.
        Cancel = "CANCEL",
        /// The vendor lists this value but does not explain it.
        Ready = "READY",
        /// It ended, neither passed nor failed.
        Neutral = "NEUTRAL",
        /// An input did not arrive in time.
        ArtifactTimeout = "ARTIFACT_TIMEOUT",
        /// It was skipped.
        Skipped = "SKIPPED",
    }
}
