//! Accounts: the teams and people to whom repositories belong, and where their code is hosted.

use strum::{EnumString, IntoStaticStr, VariantNames};
use webhook_core::{Open, Wire};

use crate::object::{NodeId, ObjectType};

/// The owner of a repository, or the team of a member.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Account {
    /// The id of the account.
    pub id: NodeId,
    /// Always `Account`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The name of the account where its code is hosted.
    pub login: Option<String>,
    /// Where its code is hosted.
    pub vcs_provider: Option<Open<VcsProvider>>,
    /// Whether it is a team; webhooks are for teams, so nothing else is to be expected.
    #[wire(rename = "type")]
    pub kind: Option<Open<AccountType>>,
    /// The address of its picture.
    #[wire(nullable, optional)]
    pub avatar_url: Option<String>,
    /// The address of the account where its code is hosted.
    #[wire(nullable, optional)]
    pub vcs_url: Option<String>,
}

impl Account {
    /// The login, or the id where the login is missing.
    pub(crate) fn name(&self) -> &str {
        self.login.as_deref().unwrap_or(self.id.as_str())
    }
}

/// Where code is hosted.
///
/// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum VcsProvider {
    /// GitHub.
    #[strum(serialize = "GITHUB")]
    GitHub,
    /// GitLab.
    #[strum(serialize = "GITLAB")]
    GitLab,
    /// Bitbucket Cloud.
    Bitbucket,
    /// Bitbucket Data Center.
    BitbucketDatacenter,
    /// GitHub Enterprise.
    #[strum(serialize = "GITHUB_ENTERPRISE")]
    GitHubEnterprise,
    /// Google Source Repositories.
    #[strum(serialize = "GSR")]
    GoogleSourceRepositories,
    /// Azure DevOps.
    #[strum(serialize = "ADS")]
    AzureDevOps,
}

/// What kind of account it is.
///
/// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum AccountType {
    /// An organisation.
    Team,
    /// A person.
    Individual,
}
