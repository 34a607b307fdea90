//! Corrective actions: what has to be done about something that an audit found.

use chrono::{DateTime, Utc};
use webhook_core::wire::Iso8601;
use webhook_core::{OpenCode, Wire};

use crate::audit::{AuditId, PhotoId};
use crate::reference::{AuditObjectRef, FileRef, NamedRef};

/// Which corrective action an event is about, and how it stands.
///
/// Details without an id keep what they have.
///
/// [Vendor page](https://developer.monitorqa.com/#/webhook)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "CORRECTIVE_ACTION_CREATED")]
#[doc(alias = "CORRECTIVE_ACTION_ASSIGNED")]
#[doc(alias = "CORRECTIVE_ACTION_SUBMITTED")]
#[doc(alias = "CORRECTIVE_ACTION_APPROVED")]
#[doc(alias = "CORRECTIVE_ACTION_REJECTED")]
#[doc(alias = "CORRECTIVE_ACTION_DELETED")]
#[doc(alias = "CORRECTIVE_ACTION_EXPIRED")]
#[doc(alias = "CORRECTIVE_ACTION_UPDATED")]
pub struct CorrectiveActionData {
    /// The id of the corrective action: `correctiveActionId`, or the id in the details where that is missing.
    #[wire(identity, or = "corrective_action.id")]
    pub corrective_action_id: CorrectiveActionId,
    /// The details: `null` when it was deleted, missing before July 2023, and possibly so for any event. Written back
    /// as `null`.
    #[wire(nullable, tolerated)]
    pub corrective_action: Option<CorrectiveAction>,
}

/// A corrective action as it stands after the event: whatever of it came, also without an id.
///
/// **Trap:** no two fields need agree: the sample on the vendor's page is submitted, approved and expired at once.
///
/// [Vendor page](https://developer.monitorqa.com/#/get-corrective-action)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "CORRECTIVE_ACTION_CREATED")]
#[doc(alias = "CORRECTIVE_ACTION_ASSIGNED")]
#[doc(alias = "CORRECTIVE_ACTION_SUBMITTED")]
#[doc(alias = "CORRECTIVE_ACTION_APPROVED")]
#[doc(alias = "CORRECTIVE_ACTION_REJECTED")]
#[doc(alias = "CORRECTIVE_ACTION_EXPIRED")]
#[doc(alias = "CORRECTIVE_ACTION_UPDATED")]
pub struct CorrectiveAction {
    /// The answer that led to it; `None` for one that was made without an audit.
    #[wire(tolerated)]
    pub answer: Option<Answer>,
    /// When it was accepted.
    #[wire(tolerated, with = Iso8601)]
    pub approved_at_utc: Option<DateTime<Utc>>,
    /// Who accepted it, once someone has.
    #[wire(tolerated)]
    pub approved_by: Option<NamedRef>,
    /// Who is to do it.
    pub assigned_users: Vec<NamedRef>,
    /// The audit that led to it; `None` for one that was made without an audit.
    #[wire(tolerated)]
    pub audit: Option<ActionAudit>,
    /// The item of the audit; `None` for one that was made without an audit.
    #[wire(tolerated)]
    pub audit_item_id: Option<AuditItemId>,
    /// What was audited, without notes.
    #[wire(tolerated)]
    pub audit_object: Option<AuditObjectRef>,
    /// When it was made.
    ///
    /// **Trap:** times are UTC. Older ones have no zone and up to seven digits of a second, which are kept; a time is
    /// written back with its `Z`.
    #[wire(with = Iso8601)]
    pub created_at_utc: Option<DateTime<Utc>>,
    /// Who made it.
    pub created_by: Option<NamedRef>,
    /// What is to be done.
    #[wire(tolerated)]
    pub description: Option<String>,
    /// When it is due.
    #[wire(with = Iso8601)]
    pub due_date_utc: Option<DateTime<Utc>>,
    /// When it expired.
    #[wire(tolerated, with = Iso8601)]
    pub expired_at_utc: Option<DateTime<Utc>>,
    /// On whose account it expired, presumably with a [nil id](NamedRef::is_nil) for MonitorQA itself.
    #[wire(tolerated)]
    pub expired_by: Option<NamedRef>,
    /// The id of the corrective action, as far as it stands among the details.
    ///
    /// [`CorrectiveActionData::corrective_action_id`] always has it.
    pub id: Option<CorrectiveActionId>,
    /// What the assignee reported.
    #[wire(tolerated)]
    pub information: Option<ActionInformation>,
    /// What it is called.
    pub name: Option<String>,
    /// The number that people know it by.
    ///
    /// **Trap:** this is text, such as `CA-2031-014`, and so are the numbers of audits; the number in an answer is a
    /// number.
    pub number: Option<String>,
    /// How urgent it is.
    pub priority: Option<OpenCode<Priority>>,
    /// The question of the audit that led to it; `None` for one that was made without an audit.
    #[wire(tolerated)]
    pub question: Option<String>,
    /// How far it is.
    pub status: Option<OpenCode<CorrectiveActionStatus>>,
    /// Its tags.
    pub tags: Vec<NamedRef>,
    /// The files that came with the task; those of the report are in [`information`](Self::information).
    pub files: Vec<FileRef>,
}

/// The answer in an audit that led to a corrective action.
///
/// [Vendor page](https://developer.monitorqa.com/#/get-corrective-action)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Answer {
    /// What the answer is called.
    #[wire(nullable)]
    pub name: Option<String>,
    /// The points that it scores, which may have a fraction and be negative.
    pub points: Option<f64>,
    /// The answer as text.
    #[wire(nullable)]
    pub text: Option<String>,
    /// The answer as a number.
    ///
    /// **Trap:** the page of actions shows an integer; a report of the vendor writes `4.0000`.
    pub number: Option<f64>,
    /// Whether the answer counts as a failure.
    pub is_failed: Option<bool>,
}

/// The audit that led to a corrective action; one without an id keeps its name.
///
/// [Vendor page](https://developer.monitorqa.com/#/get-corrective-action)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ActionAudit {
    /// The id of the audit.
    pub id: Option<AuditId>,
    /// The name of the audit.
    pub name: Option<String>,
    /// The time zone of the audit, such as `Europe/Lisbon`.
    ///
    /// **Trap:** this is for display: every time in a payload is UTC.
    pub iana_time_zone: Option<String>,
    /// The number that people know the audit by, which is text. Documented for lists only.
    #[wire(optional)]
    pub number: Option<String>,
}

/// What the assignee reported about a corrective action.
///
/// [Vendor page](https://developer.monitorqa.com/#/get-corrective-action)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ActionInformation {
    /// The report.
    #[wire(tolerated)]
    pub text: Option<String>,
    /// The photos of it.
    #[wire(rename = "photosIds")]
    pub photo_ids: Vec<PhotoId>,
    /// The files of it.
    pub files: Vec<FileRef>,
}

webhook_core::codes! {
    /// How far a corrective action is.
    ///
    /// **Trap:** the numbers do not follow the course of the work, and neither does the order of the values.
    ///
    /// [Vendor page](https://developer.monitorqa.com/#/get-corrective-action)
    pub enum CorrectiveActionStatus {
        /// To be done.
        Open = 0 => "open",
        /// Done, and accepted.
        Approved = 1 => "approved",
        /// Handed in, and turned down.
        Rejected = 2 => "rejected",
        /// Handed in, and waiting for approval.
        Submitted = 3 => "submitted",
        /// Not done in time.
        ///
        /// **Trap:** one page of the vendor lists the other four only.
        Expired = 4 => "expired",
    }
}

webhook_core::codes! {
    /// How urgent a corrective action is.
    ///
    /// [Vendor page](https://developer.monitorqa.com/#/get-corrective-action)
    pub enum Priority {
        /// Low.
        Low = 0 => "low",
        /// Medium.
        Medium = 1 => "medium",
        /// High.
        High = 2 => "high",
    }
}

webhook_core::text_id! {
    /// The id of a corrective action.
    pub struct CorrectiveActionId;

    /// The id of a question within an audit.
    pub struct AuditItemId;
}
