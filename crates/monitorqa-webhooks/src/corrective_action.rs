//! Corrective actions: tasks to correct something that an audit found.

use chrono::{DateTime, Utc};
use webhook_core::wire::Iso8601;
use webhook_core::{OpenCode, Wire};

use crate::audit::{AuditId, PhotoId};
use crate::reference::{AuditObjectRef, FileRef, NamedRef};

/// The corrective action that an event is about, with its details.
///
/// Details without an id keep their other fields.
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
    /// The id of the corrective action: `correctiveActionId`, or the id in the details if it is missing.
    #[wire(identity, or = "corrective_action.id")]
    pub corrective_action_id: CorrectiveActionId,
    /// The details. They are `null` for a deleted action, missing before July 2023, and may be missing in any event.
    /// `None` is written as `null`.
    #[wire(nullable, tolerated)]
    pub corrective_action: Option<CorrectiveAction>,
}

/// A corrective action as it is after the event. It may have no id, and any other field may be missing.
///
/// **Trap:** its fields may contradict each other: the sample on the vendor's page is submitted, approved and expired
/// at the same time.
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
    /// The answer that led to it; `None` if it was created without an audit.
    #[wire(tolerated)]
    pub answer: Option<Answer>,
    /// When it was approved.
    #[wire(tolerated, with = Iso8601)]
    pub approved_at_utc: Option<DateTime<Utc>>,
    /// Who approved it; `None` if it is not approved.
    #[wire(tolerated)]
    pub approved_by: Option<NamedRef>,
    /// The assignees.
    pub assigned_users: Vec<NamedRef>,
    /// The audit that led to it; `None` if it was created without an audit.
    #[wire(tolerated)]
    pub audit: Option<ActionAudit>,
    /// The item of the audit; `None` if it was created without an audit.
    #[wire(tolerated)]
    pub audit_item_id: Option<AuditItemId>,
    /// What was audited, without notes.
    #[wire(tolerated)]
    pub audit_object: Option<AuditObjectRef>,
    /// When it was created.
    ///
    /// **Trap:** times are UTC. Older times have no zone and up to seven fraction digits, which are kept. A time is
    /// written back with `Z`.
    #[wire(with = Iso8601)]
    pub created_at_utc: Option<DateTime<Utc>>,
    /// Who made it.
    pub created_by: Option<NamedRef>,
    /// The description of the task.
    #[wire(tolerated)]
    pub description: Option<String>,
    /// When it is due.
    #[wire(with = Iso8601)]
    pub due_date_utc: Option<DateTime<Utc>>,
    /// When it expired.
    #[wire(tolerated, with = Iso8601)]
    pub expired_at_utc: Option<DateTime<Utc>>,
    /// The user who is recorded for the expiry, presumably with a [nil id](NamedRef::is_nil) for MonitorQA itself.
    #[wire(tolerated)]
    pub expired_by: Option<NamedRef>,
    /// The id of the corrective action, if it is part of the details.
    ///
    /// [`CorrectiveActionData::corrective_action_id`] always has it.
    pub id: Option<CorrectiveActionId>,
    /// The report of the assignee.
    #[wire(tolerated)]
    pub information: Option<ActionInformation>,
    /// The name.
    pub name: Option<String>,
    /// The display number.
    ///
    /// **Trap:** this is text, such as `CA-2031-014`, and so are the numbers of audits. The number in an answer is a
    /// JSON number.
    pub number: Option<String>,
    /// The priority.
    pub priority: Option<OpenCode<Priority>>,
    /// The question of the audit that led to it; `None` if it was created without an audit.
    #[wire(tolerated)]
    pub question: Option<String>,
    /// The status.
    pub status: Option<OpenCode<CorrectiveActionStatus>>,
    /// Its tags.
    pub tags: Vec<NamedRef>,
    /// The files of the task. The files of the report are in [`information`](Self::information).
    pub files: Vec<FileRef>,
}

/// The answer in an audit that led to a corrective action.
///
/// [Vendor page](https://developer.monitorqa.com/#/get-corrective-action)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Answer {
    /// The label of the answer.
    #[wire(nullable)]
    pub name: Option<String>,
    /// The points of the answer. They may have a fraction and may be negative.
    pub points: Option<f64>,
    /// The answer as text.
    #[wire(nullable)]
    pub text: Option<String>,
    /// The answer as a number.
    ///
    /// **Trap:** the page of actions shows an integer, but a report of the vendor has `4.0000`.
    pub number: Option<f64>,
    /// Whether the answer counts as a failure.
    pub is_failed: Option<bool>,
}

/// The audit that led to a corrective action. An audit without an id keeps its name.
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
    /// The display number of the audit, which is text. Documented for lists only.
    #[wire(optional)]
    pub number: Option<String>,
}

/// The report of the assignee about a corrective action.
///
/// [Vendor page](https://developer.monitorqa.com/#/get-corrective-action)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ActionInformation {
    /// The report.
    #[wire(tolerated)]
    pub text: Option<String>,
    /// The photos of the report.
    #[wire(rename = "photosIds")]
    pub photo_ids: Vec<PhotoId>,
    /// The files of the report.
    pub files: Vec<FileRef>,
}

webhook_core::codes! {
    /// The status of a corrective action.
    ///
    /// **Trap:** neither the numbers nor the order of the values follow the sequence of the work.
    ///
    /// [Vendor page](https://developer.monitorqa.com/#/get-corrective-action)
    pub enum CorrectiveActionStatus {
        /// To be done.
        Open = 0 => "open",
        /// Done, and accepted.
        Approved = 1 => "approved",
        /// Submitted and rejected.
        Rejected = 2 => "rejected",
        /// Submitted, waiting for approval.
        Submitted = 3 => "submitted",
        /// Not done in time.
        ///
        /// **Trap:** one page of the vendor lists the other four only.
        Expired = 4 => "expired",
    }
}

webhook_core::codes! {
    /// The priority of a corrective action.
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
