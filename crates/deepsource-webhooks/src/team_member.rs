//! Members of a team.

use std::fmt;

use chrono::{DateTime, Utc};
use webhook_core::wire::UnixSeconds;
use webhook_core::{Open, Wire};

use crate::account::Account;
use crate::object::{NodeId, ObjectType};

/// A member who joined a team or left it.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[doc(alias = "team_member.added")]
#[doc(alias = "team_member.removed")]
#[non_exhaustive]
pub struct TeamMemberData {
    /// The member.
    #[wire(identity)]
    pub object: TeamMember,
}

/// A member whose role changed.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "team_member.updated")]
#[non_exhaustive]
pub struct TeamMemberUpdated {
    /// The member.
    ///
    /// **Trap:** the role in it is already the new role.
    #[wire(identity)]
    pub object: TeamMember,
    /// The old role.
    pub old_role: Option<Open<TeamMemberRole>>,
    /// The new role.
    pub new_role: Option<Open<TeamMemberRole>>,
}

/// A member of a team.
///
/// **Trap:** a membership has no id. It is identified by the id of the person.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "team_member.added")]
#[doc(alias = "team_member.removed")]
#[doc(alias = "team_member.updated")]
#[non_exhaustive]
pub struct TeamMember {
    /// Always `TeamMember`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The role of the member in the team.
    pub role: Option<Open<TeamMemberRole>>,
    /// Whether the member owns the team.
    pub is_owner: Option<bool>,
    /// When the member joined.
    ///
    /// **Trap:** this may be later than the event, as in the vendor's own samples.
    #[wire(with = UnixSeconds)]
    pub joined_at: Option<DateTime<Utc>>,
    /// The team.
    pub team: Option<Account>,
    /// The person.
    #[wire(identity)]
    pub user: User,
}

/// A person.
///
/// **Trap:** all but the id is personal data.
///
/// `Debug` shows the id only.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "team_member.added")]
#[doc(alias = "team_member.removed")]
#[doc(alias = "team_member.updated")]
#[non_exhaustive]
pub struct User {
    /// The id of the person.
    #[wire(identity)]
    pub id: NodeId,
    /// Always `User`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The first name; may be empty.
    pub first_name: Option<String>,
    /// The last name; may be empty.
    pub last_name: Option<String>,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}

webhook_core::vocabulary! {
    /// The role of a member in a team.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
    pub enum TeamMemberRole {
        /// Administers the team.
        Admin = "ADMIN",
        /// Is a member of the team.
        Member = "MEMBER",
        /// Contributes to repositories of the team.
        Contributor = "CONTRIBUTOR",
    }
}
