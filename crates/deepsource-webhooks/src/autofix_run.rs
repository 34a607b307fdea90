//! Autofix runs: DeepSource fixes issues automatically and proposes the change.

use chrono::{DateTime, Utc};
use webhook_core::wire::UnixSeconds;
use webhook_core::{Open, Wire};

use crate::issue::Issue;
use crate::object::{ObjectType, RunUid};
use crate::repository::Repository;

/// An Autofix that was created, or whose status or pull request changed.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "autofix_run.started")]
#[doc(alias = "autofix_run.updated")]
#[non_exhaustive]
pub struct AutofixRunData {
    /// The Autofix run.
    #[wire(identity)]
    pub object: AutofixRun,
}

/// A run of Autofix.
///
/// It has no id besides [`run_uid`](Self::run_uid).
///
/// **Trap:** two events about one run may differ. In the vendor's samples the branch differs, and only one of them has
/// the source pull request.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "autofix_run.started")]
#[doc(alias = "autofix_run.updated")]
#[non_exhaustive]
pub struct AutofixRun {
    /// Always `AutofixRun`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The id of the run.
    #[wire(identity)]
    pub run_uid: RunUid,
    /// When the run was created.
    #[wire(with = UnixSeconds)]
    pub created_at: Option<DateTime<Utc>>,
    /// When the run ended; `null` until then.
    #[wire(with = UnixSeconds, nullable)]
    pub finished_at: Option<DateTime<Utc>>,
    /// The status of the run. See [`failed`](Self::failed).
    pub status: Option<Open<AutofixRunStatus>>,
    /// The commit whose issues are fixed.
    pub source_commit: Option<Commit>,
    /// The commit that fixes them.
    ///
    /// **Trap:** the vendor's samples have only `null` here, so the form of a commit is assumed.
    #[wire(nullable)]
    pub autofix_commit: Option<Commit>,
    /// The pull request whose issues are fixed; `null` if there is none.
    #[wire(nullable)]
    pub source_pull_request: Option<PullRequest>,
    /// The pull request that fixes them; `null` until there is one.
    #[wire(nullable)]
    pub autofix_pull_request: Option<PullRequest>,
    /// The issues that are fixed.
    pub affected_issues: Vec<Issue>,
    /// The repository.
    pub repository: Option<Repository>,
}

impl AutofixRun {
    /// Whether the run failed, in either spelling of the status.
    pub fn failed(&self) -> bool {
        let status = self.status.as_ref().and_then(Open::listed);
        matches!(status, Some(AutofixRunStatus::Failure | AutofixRunStatus::Fail))
    }
}

/// A commit of an Autofix run.
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "autofix_run.started")]
#[doc(alias = "autofix_run.updated")]
#[non_exhaustive]
pub struct Commit {
    /// The hash of the commit, unchecked.
    pub sha: Option<String>,
    /// The branch of the commit.
    pub branch: Option<String>,
}

/// A pull request of an Autofix run. A pull request without a number keeps its URL.
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "autofix_run.started")]
#[doc(alias = "autofix_run.updated")]
#[non_exhaustive]
pub struct PullRequest {
    /// The number of the pull request within its repository.
    pub number: Option<u64>,
    /// Its address.
    pub url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Whether it is open.
    ///
    /// **Trap:** sent for [`AutofixRun::autofix_pull_request`] only.
    #[wire(optional)]
    pub status: Option<Open<PullRequestStatus>>,
}

webhook_core::vocabulary! {
    /// The status of an Autofix run.
    ///
    /// The vendor's samples show `PENDING` and `SUCCESS`. The others are the names that its dashboard uses.
    ///
    /// **Trap:** it is not known whether a failure is sent as `FAIL` or `FAILURE`. [`AutofixRun::failed`] accepts both.
    pub enum AutofixRunStatus {
        /// Not ended yet.
        Pending = "PENDING",
        /// It fixed the issues that it could fix.
        Success = "SUCCESS",
        /// It failed, spelt as for analysis runs. Assumed.
        Failure = "FAILURE",
        /// It failed, spelt as in the dashboard. Assumed.
        Fail = "FAIL",
        /// It exceeded its time limit. Assumed.
        Timeout = "TIMEOUT",
        /// It was cancelled. Assumed.
        Cancel = "CANCEL",
        /// The code has changed since. Assumed.
        Stale = "STALE",
    }
}

webhook_core::vocabulary! {
    /// The state of a pull request. The vendor's samples show `OPEN`; the others are assumed.
    pub enum PullRequestStatus {
        /// Open.
        Open = "OPEN",
        /// Closed without being merged. Assumed.
        Closed = "CLOSED",
        /// Merged. Assumed.
        Merged = "MERGED",
        /// A draft. Assumed.
        Draft = "DRAFT",
    }
}
