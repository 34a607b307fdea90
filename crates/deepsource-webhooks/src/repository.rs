//! Repositories.

use webhook_core::{Open, Wire};

use crate::account::{Account, VcsProvider};
use crate::object::{NodeId, ObjectType};

/// A repository for which analysis was enabled or disabled.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "repository.analysis.activated")]
#[doc(alias = "repository.analysis.deactivated")]
#[non_exhaustive]
pub struct RepositoryData {
    /// The repository.
    #[wire(identity)]
    pub object: Repository,
}

/// A repository. In the event of a run or an issue, a repository without an id is `None`.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "repository.analysis.activated")]
#[doc(alias = "repository.analysis.deactivated")]
#[non_exhaustive]
pub struct Repository {
    /// The id of the repository.
    #[wire(identity)]
    pub id: NodeId,
    /// Always `Repository`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The name, without the account.
    pub name: Option<String>,
    /// The service that hosts the repository.
    pub vcs_provider: Option<Open<VcsProvider>>,
    /// The URL of the repository there.
    pub vcs_url: Option<String>,
    /// The name of the default branch.
    #[wire(nullable, optional)]
    pub default_branch: Option<String>,
    /// The latest commit of the default branch.
    ///
    /// **Trap:** right after analysis was enabled it may be the name of a branch. Do not assume that it is a hash.
    #[wire(nullable, optional)]
    pub latest_commit_oid: Option<String>,
    /// Whether the repository is private at the hosting service.
    pub is_private: Option<bool>,
    /// Whether it is analyzed: true if analysis was just enabled, false if it was just disabled.
    pub is_activated: Option<bool>,
    /// The owner of the repository.
    pub account: Option<Account>,
}
