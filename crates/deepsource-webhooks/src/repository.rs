//! Repositories.

use webhook_core::{Open, Wire};

use crate::account::{Account, VcsProvider};
use crate::object::{NodeId, ObjectType};

/// A repository for which analysis was switched on or off.
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

/// A repository. In the event of a run or an issue, one without an id is none.
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
    /// The name, without its account.
    pub name: Option<String>,
    /// Where the repository is hosted.
    pub vcs_provider: Option<Open<VcsProvider>>,
    /// The address of the repository there.
    pub vcs_url: Option<String>,
    /// The name of the default branch.
    #[wire(nullable, optional)]
    pub default_branch: Option<String>,
    /// The latest commit of the default branch.
    ///
    /// **Trap:** right after analysis was switched on it may be the name of a branch instead, so it is not to be taken
    /// for a hash.
    #[wire(nullable, optional)]
    pub latest_commit_oid: Option<String>,
    /// Whether the repository is private where it is hosted.
    pub is_private: Option<bool>,
    /// Whether it is analyzed: true when this was just switched on, false when it was just switched off.
    pub is_activated: Option<bool>,
    /// To whom the repository belongs.
    pub account: Option<Account>,
}
