//! Issues in a repository that were introduced to or resolved on the default branch.
//!
//! **Trap:** one event is sent per kind of issue and commit. No event is sent when the whole repository is analyzed,
//! for example after analysis was enabled or `.deepsource.toml` was changed.

use webhook_core::{Open, Wire};

use crate::issue::Issue;
use crate::object::{NodeId, ObjectType};
use crate::repository::Repository;

/// An issue appeared on the default branch.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "repository_issue.introduced")]
#[non_exhaustive]
pub struct RepositoryIssueIntroduced {
    /// The issue.
    #[wire(identity)]
    pub object: RepositoryIssue,
    /// The number of occurrences that the commit introduced.
    ///
    /// **Trap:** it is not guaranteed that [`occurrences`](RepositoryIssue::occurrences) lists all of them.
    pub issue_occurrences_introduced: Option<u64>,
}

/// An issue was resolved on the default branch.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "repository_issue.resolved")]
#[non_exhaustive]
pub struct RepositoryIssueResolved {
    /// The issue.
    #[wire(identity)]
    pub object: RepositoryIssue,
    /// The number of occurrences that the commit resolved.
    pub issue_occurrences_resolved: Option<u64>,
}

/// A kind of finding in one repository.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "repository_issue.introduced")]
#[doc(alias = "repository_issue.resolved")]
#[non_exhaustive]
pub struct RepositoryIssue {
    /// The id of the issue in this repository.
    #[wire(identity)]
    pub id: NodeId,
    /// Always `RepositoryIssue`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The repository.
    pub repository: Option<Repository>,
    /// What was found.
    pub issue: Option<Issue>,
    /// The places where it was found.
    ///
    /// **Trap:** always empty in `repository_issue.resolved`.
    pub occurrences: Vec<Occurrence>,
}

/// A place in the code where an issue was found. An occurrence without an id keeps its position.
///
/// Lines and columns are signed, because a finding about a whole file has no position.
///
/// **Trap:** it is not documented whether columns start at 0 or 1, and whether the last column is part of the finding.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "repository_issue.introduced")]
#[non_exhaustive]
pub struct Occurrence {
    /// The id of the occurrence.
    pub id: Option<NodeId>,
    /// Always `Occurrence`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The message for this place; may contain code in Markdown backticks.
    pub title: Option<String>,
    /// The path of the file, presumably relative to the root of the repository.
    pub path: Option<String>,
    /// The first line.
    pub begin_line: Option<i64>,
    /// The column in the first line.
    pub begin_column: Option<i64>,
    /// The last line.
    pub end_line: Option<i64>,
    /// The column in the last line.
    pub end_column: Option<i64>,
}
