//! Issues in a repository: what came to the default branch, and what went away from it.
//!
//! **Trap:** one event is sent per kind of issue and commit, and nothing when the whole repository is analyzed, as
//! after analysis was switched on or `.deepsource.toml` was changed.

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
    /// How many occurrences the commit brought.
    ///
    /// **Trap:** nothing promises that [`occurrences`](RepositoryIssue::occurrences) lists them all.
    pub issue_occurrences_introduced: Option<u64>,
}

/// An issue went away from the default branch.
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
    /// How many occurrences the commit took away.
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
    /// Where it was found.
    ///
    /// **Trap:** always empty in `repository_issue.resolved`.
    pub occurrences: Vec<Occurrence>,
}

/// A place in the code where an issue was found; one without an id keeps its place.
///
/// Lines and columns are signed, because a finding about a whole file has no place of its own.
///
/// **Trap:** whether columns begin at 0 or 1, and whether the last one is part of the finding, is not documented.
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
    /// What is wrong at this place; may hold code in Markdown's backticks.
    pub title: Option<String>,
    /// The file, presumably from the top of the repository.
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
