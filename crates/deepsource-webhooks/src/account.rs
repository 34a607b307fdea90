//! Accounts: the teams and people that own repositories, and the services that host their code.

use webhook_core::{Open, Wire};

use crate::object::{NodeId, ObjectType};

/// The owner of a repository, or the team of a member. An account without an id keeps its login.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Account {
    /// The id of the account.
    pub id: Option<NodeId>,
    /// Always `Account`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The name of the account at the hosting service.
    pub login: Option<String>,
    /// The service that hosts its code.
    pub vcs_provider: Option<Open<VcsProvider>>,
    /// Whether it is a team. Webhooks belong to teams, so no other kind is expected.
    #[wire(rename = "type")]
    pub kind: Option<Open<AccountType>>,
    /// The URL of its picture.
    #[wire(nullable, optional)]
    pub avatar_url: Option<String>,
    /// The URL of the account at the hosting service.
    #[wire(nullable, optional)]
    pub vcs_url: Option<String>,
}

impl Account {
    /// The login, or the id if the login is missing.
    pub(crate) fn name(&self) -> Option<&str> {
        self.login.as_deref().or_else(|| Some(self.id.as_ref()?.as_str()))
    }
}

webhook_core::vocabulary! {
    /// A service that hosts code.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
    pub enum VcsProvider {
        /// GitHub.
        GitHub = "GITHUB",
        /// GitLab.
        GitLab = "GITLAB",
        /// Bitbucket Cloud.
        Bitbucket = "BITBUCKET",
        /// Bitbucket Data Center.
        BitbucketDatacenter = "BITBUCKET_DATACENTER",
        /// GitHub Enterprise.
        GitHubEnterprise = "GITHUB_ENTERPRISE",
        /// Google Source Repositories.
        GoogleSourceRepositories = "GSR",
        /// Azure DevOps.
        AzureDevOps = "ADS",
    }
}

webhook_core::vocabulary! {
    /// The kind of an account.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
    pub enum AccountType {
        /// An organisation.
        Team = "TEAM",
        /// A person.
        Individual = "INDIVIDUAL",
    }
}
