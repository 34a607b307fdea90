//! Reviews of proposed changes to cases.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use webhook_core::wire::{EmptyAsArray, SpaceSeparated};
use webhook_core::{Open, RawJson, Wire};

use crate::ProjectCode;
use crate::lenient::{Tags, ZeroOrOne};
use crate::system_field::SystemField;

/// A review that was opened.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-review)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "review.created")]
pub struct ReviewCreated {
    /// The id of the review within its project.
    #[wire(identity)]
    pub id: u64,
    /// The title of the case.
    pub title: Option<String>,
    /// The case under review; `None` when the review proposes a new one.
    #[wire(tolerated)]
    pub case_id: Option<u64>,
    /// The project, as in the envelope.
    pub project: Option<ProjectCode>,
    /// Who opened it.
    pub created_by: Option<User>,
    /// When it was opened.
    ///
    /// **Trap:** the time is sent without a zone, and read as UTC.
    #[wire(with = SpaceSeparated)]
    pub created: Option<DateTime<Utc>>,
    /// Whether the review adds or edits a case. The vendor documented it in the past; no sample has it.
    #[wire(optional, rename = "type")]
    pub kind: Option<Open<ReviewType>>,
    /// The state of the review. The vendor documented it in the past; no sample has it.
    #[wire(optional)]
    pub status: Option<Open<ReviewStatus>>,
}

/// A review whose proposal was edited, or that was reopened.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-review)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "review.updated")]
#[doc(alias = "review.reopened")]
pub struct ReviewChanged {
    /// The id of the review within its project.
    #[wire(identity)]
    pub id: u64,
    /// The current title of the case; the proposed title is in [`data`](Self::data).
    pub title: Option<String>,
    /// The case under review; `None` when the review proposes a new one.
    #[wire(tolerated)]
    pub case_id: Option<u64>,
    /// The project, as in the envelope.
    pub project: Option<ProjectCode>,
    /// The proposed case.
    pub data: Option<ReviewData>,
    /// Approvals, as raw JSON. Empty in every sample, so their structure is not known.
    pub approves: Vec<RawJson>,
    /// Who changed it.
    pub updated_by: Option<User>,
    /// When it was changed.
    ///
    /// **Trap:** the time is sent without a zone, and read as UTC. It may be the time of the previous change. The time
    /// of the event is [`Webhook::timestamp`](crate::Webhook::timestamp).
    #[wire(with = SpaceSeparated, alias = "created")]
    pub updated: Option<DateTime<Utc>>,
}

/// A case as proposed in a review. A field without a value was not sent with this event.
///
/// System fields are ids only.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct ReviewData {
    /// The id of the case. It is a number in `review.updated`, and a string of digits in `review.reopened`.
    #[wire(optional)]
    pub id: Option<u64>,
    /// The proposed title.
    #[wire(optional)]
    pub title: Option<String>,
    /// The status: draft, actual and so on.
    #[wire(optional)]
    pub status: Option<SystemField>,
    /// The description.
    #[wire(optional)]
    pub description: Option<String>,
    /// The suite that holds it.
    #[wire(optional)]
    pub suite_id: Option<u64>,
    /// The severity of a failure.
    #[wire(optional)]
    pub severity: Option<SystemField>,
    /// The priority.
    #[wire(optional)]
    pub priority: Option<SystemField>,
    /// The type: functional, smoke and so on.
    #[wire(optional, rename = "type")]
    pub kind: Option<SystemField>,
    /// The layer that it tests.
    #[wire(optional)]
    pub layer: Option<SystemField>,
    /// Whether the case is flaky; `0` or `1` on the wire.
    #[wire(optional, with = ZeroOrOne)]
    pub is_flaky: Option<bool>,
    /// The milestone it belongs to.
    #[wire(optional, nullable)]
    pub milestone_id: Option<u64>,
    /// The behaviour: whether it is a positive or a negative test.
    #[wire(optional)]
    pub behavior: Option<SystemField>,
    /// The automation status: manual, automated or to be automated.
    #[wire(optional)]
    pub automation: Option<SystemField>,
    /// Parameters by name, as raw JSON. Empty in every sample, where it is `[]`.
    #[wire(optional, with = EmptyAsArray)]
    pub params: Option<BTreeMap<String, RawJson>>,
    /// Tags, by their titles.
    #[wire(optional, with = Tags)]
    pub tags: Option<Vec<String>>,
    /// The conditions that must be met before the first step.
    #[wire(optional, nullable)]
    pub preconditions: Option<String>,
    /// The conditions that must be met after the last step.
    #[wire(optional, nullable)]
    pub postconditions: Option<String>,
    /// The values of custom fields, as raw JSON, probably by the id of the field. Empty in every sample, where it is
    /// `[]`. In `review.reopened` only.
    #[wire(optional, rename = "custom_field", alias = "custom_fields", with = EmptyAsArray)]
    pub custom_fields: Option<BTreeMap<String, RawJson>>,
    /// The format of the steps.
    #[wire(optional)]
    pub steps_type: Option<Open<StepsType>>,
    /// The project again; in `review.reopened` only.
    #[wire(optional, rename = "code")]
    pub project: Option<ProjectCode>,
    /// Not explained by the vendor; in `review.reopened` only.
    #[wire(optional)]
    pub review: Option<bool>,
}

/// A changed verdict of a reviewer.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-review)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "review.approval_status_changed")]
pub struct ReviewApproval {
    /// The id of the review within its project.
    #[wire(identity)]
    pub id: u64,
    /// The verdict.
    pub status: Option<Open<ApprovalStatus>>,
    /// The reviewer.
    pub updated_by: Option<User>,
}

/// A comment that was written in a review.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-review)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "review.commented")]
pub struct ReviewCommented {
    /// The id of the review within its project.
    #[wire(identity)]
    pub id: u64,
    /// The comment.
    pub comment: Option<String>,
    /// Who wrote it.
    pub commented_by: Option<User>,
}

/// A review that was declined.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-review)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "review.declined")]
pub struct ReviewDeclined {
    /// The id of the review within its project.
    #[wire(identity)]
    pub id: u64,
    /// Who declined it.
    pub declined_by: Option<User>,
}

/// A review whose proposal became the case.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-review)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "review.merged")]
pub struct ReviewMerged {
    /// The id of the review within its project.
    #[wire(identity)]
    pub id: u64,
    /// Who merged it.
    pub merged_by: Option<User>,
}

/// A review that was removed.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-review)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "review.deleted")]
pub struct ReviewDeleted {
    /// The id of the review within its project.
    #[wire(identity)]
    pub id: u64,
    /// Who removed it.
    pub deleted_by: Option<User>,
}

/// A reviewer who was assigned or unassigned.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-review)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "review.reviewer_added")]
#[doc(alias = "review.reviewer_removed")]
pub struct ReviewerChange {
    /// The id of the review within its project.
    #[wire(identity)]
    pub id: u64,
    /// The reviewer, not the one who assigned them.
    pub reviewer: Option<User>,
}

/// A person in a review.
///
/// `Debug` shows the name and hides the e-mail address, so that it is not written to logs.
///
/// **Trap:** the vendor sends no id of a person.
#[derive(Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct User {
    /// The e-mail address.
    pub email: Option<String>,
    /// The name.
    pub name: Option<String>,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let email = self.email.as_ref().map(|_| format_args!("hidden"));
        f.debug_struct("User").field("email", &email).field("name", &self.name).finish()
    }
}

webhook_core::vocabulary! {
    /// A reviewer's verdict.
    pub enum ApprovalStatus {
        /// None yet.
        Unapproved = "unapproved",
        /// Approved.
        Approved = "approved",
        /// Changes were requested.
        ///
        /// **Trap:** this is `request changes` on the wire, with a space, where the vendor's API writes
        /// `changes_requested`.
        RequestChanges = "request changes" | "changes_requested",
    }

    /// The state of a review.
    pub enum ReviewStatus {
        /// Under review.
        Open = "open",
        /// The proposal was merged into the case.
        Merged = "merged",
        /// Declined.
        Declined = "declined",
    }

    /// What a review proposes.
    pub enum ReviewType {
        /// A new case.
        Create = "create",
        /// A change to a case.
        Edit = "edit",
    }

    /// The format of the steps of a case.
    pub enum StepsType {
        /// A list of steps.
        Classic = "classic",
        /// In the Gherkin language.
        Gherkin = "gherkin",
    }
}
