//! Audits.

use chrono::{DateTime, Utc};
use webhook_core::wire::Iso8601;
use webhook_core::{RawJson, Wire};

use crate::envelope::CompanyId;
use crate::reference::{AuditObjectRef, NamedRef};
use crate::template::TemplateId;

mod completed;

pub use completed::{AuditCompleted, DetailsPosition};

/// The id of the audit that an event is about.
///
/// [Vendor page](https://developer.monitorqa.com/#/webhook)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "AUDIT_ASSIGNED")]
#[doc(alias = "AUDIT_DELETED")]
#[doc(alias = "AUDIT_EXPIRED")]
#[doc(alias = "AUDIT_RESCHEDULED")]
pub struct AuditRef {
    /// The id of the audit.
    #[wire(identity, alias = "id")]
    pub audit_id: AuditId,
}

/// A finished audit. It may have no id, and any other field may be missing.
///
/// **Trap:** the two pages of the vendor about it differ: only the page of finished audits has the report and the
/// signatures.
///
/// [Vendor page](https://developer.monitorqa.com/#/get-audit-complete-details)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "AUDIT_COMPLETED")]
pub struct AuditDetails {
    /// The id of the audit, if it is part of the details.
    ///
    /// [`AuditCompleted::audit_id`] always has it.
    #[wire(optional)]
    pub id: Option<AuditId>,
    /// The company that it belongs to.
    pub company_id: Option<CompanyId>,
    /// The display number, which is text: `AUD-2031-0007`.
    pub number: Option<String>,
    /// The name of the audit.
    ///
    /// **Trap:** lists of audits have it, but the page of details does not show it.
    #[wire(optional)]
    pub name: Option<String>,
    /// A hint for the auditor.
    pub auditor_hint: Option<String>,
    /// What was audited, with notes.
    pub audit_object: Option<AuditObjectRef>,
    /// Who started it.
    pub started_by: Option<NamedRef>,
    /// The id of its template; also in [`template`](Self::template).
    pub template_id: Option<TemplateId>,
    /// Its template, with the name.
    pub template: Option<NamedRef>,
    /// The assignees.
    pub assignees: Vec<NamedRef>,
    /// Whether it has been started.
    pub is_started: Option<bool>,
    /// Whether its result is a failure. Since November 2025.
    pub is_failed: Option<bool>,
    /// When it was started.
    #[wire(with = Iso8601)]
    pub started_at: Option<DateTime<Utc>>,
    /// Whether it is finished.
    pub is_completed: Option<bool>,
    /// When it was finished.
    #[wire(with = Iso8601)]
    pub complete_date: Option<DateTime<Utc>>,
    /// Whether it has expired.
    pub is_expired: Option<bool>,
    /// Whether it was reopened after it had been finished.
    pub is_reopened: Option<bool>,
    /// Who finished it.
    pub completed_by: Option<NamedRef>,
    /// Presumably the planned start; the actual start is [`startedAt`](Self::started_at).
    #[wire(with = Iso8601)]
    pub start_date: Option<DateTime<Utc>>,
    /// Presumably the planned end.
    #[wire(with = Iso8601)]
    pub end_date: Option<DateTime<Utc>>,
    /// The score; it may have a fraction.
    #[wire(tolerated)]
    pub score: Option<f64>,
    /// The label of the score.
    #[wire(tolerated)]
    pub score_label: Option<String>,
    /// The colour of the score: `#` and hexadecimal digits in the vendor's sample.
    pub score_color: Option<String>,
    /// The duration, presumably in minutes.
    ///
    /// **Trap:** the page gives no unit; its sample fits whole minutes.
    pub completion_time: Option<f64>,
    /// The URL of the report.
    pub report_url: Option<String>,
    /// The signature of the auditee, who need not be a user. Since November 2025.
    pub auditee_signature: Option<Signature>,
    /// The signature of the auditor. Since November 2025.
    pub auditor_signature: Option<Signature>,
    /// The schedule that created it, as raw JSON. Until April 2024.
    #[wire(optional)]
    pub audit_schedule: Option<RawJson>,
    /// The number of corrective actions that it led to. Until January 2023.
    #[wire(optional)]
    pub actions_count: Option<u64>,
}

/// A signature under an audit.
///
/// [Vendor page](https://developer.monitorqa.com/#/get-audit-complete-details)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Signature {
    /// The image of the signature.
    pub photo_id: Option<PhotoId>,
    /// Who signed. A person who is not a user has a [nil id](NamedRef::is_nil).
    pub created_by: Option<NamedRef>,
}

webhook_core::text_id! {
    /// The id of an audit.
    pub struct AuditId;

    /// The id of a photo.
    pub struct PhotoId;
}
