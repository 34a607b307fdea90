//! Audits.

use chrono::{DateTime, Utc};
use webhook_core::wire::Iso8601;
use webhook_core::{RawJson, Wire};

use crate::envelope::CompanyId;
use crate::reference::{AuditObjectRef, NamedRef};
use crate::template::TemplateId;

mod completed;

pub use completed::{AuditCompleted, DetailsPosition};

/// Which audit an event is about, and no more.
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

/// A finished audit: whatever of it came, also without an id.
///
/// **Trap:** the vendor has two pages about it that differ: report and signatures are on the one of finished audits
/// only.
///
/// [Vendor page](https://developer.monitorqa.com/#/get-audit-complete-details)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "AUDIT_COMPLETED")]
pub struct AuditDetails {
    /// The id of the audit, as far as it stands among the details.
    ///
    /// [`AuditCompleted::audit_id`] always has it.
    #[wire(optional)]
    pub id: Option<AuditId>,
    /// The company that it belongs to.
    pub company_id: Option<CompanyId>,
    /// The number that people know it by, which is text: `AUD-2031-0007`.
    pub number: Option<String>,
    /// The name of the audit.
    ///
    /// **Trap:** lists of audits have it, and the page of details does not show it.
    #[wire(optional)]
    pub name: Option<String>,
    /// A hint for whoever does the audit.
    pub auditor_hint: Option<String>,
    /// What was audited, with notes.
    pub audit_object: Option<AuditObjectRef>,
    /// Who started it.
    pub started_by: Option<NamedRef>,
    /// The template that it follows; also in [`template`](Self::template).
    pub template_id: Option<TemplateId>,
    /// The template that it follows, with its name.
    pub template: Option<NamedRef>,
    /// Who was to do it.
    pub assignees: Vec<NamedRef>,
    /// Whether work on it has begun.
    pub is_started: Option<bool>,
    /// Whether it was failed. Since November 2025.
    pub is_failed: Option<bool>,
    /// When work on it began.
    #[wire(with = Iso8601)]
    pub started_at: Option<DateTime<Utc>>,
    /// Whether it is finished.
    pub is_completed: Option<bool>,
    /// When it was finished.
    #[wire(with = Iso8601)]
    pub complete_date: Option<DateTime<Utc>>,
    /// Whether it ran out of time.
    pub is_expired: Option<bool>,
    /// Whether it was opened again after it had been finished.
    pub is_reopened: Option<bool>,
    /// Who finished it.
    pub completed_by: Option<NamedRef>,
    /// The planned start, presumably; work began at [`startedAt`](Self::started_at).
    #[wire(with = Iso8601)]
    pub start_date: Option<DateTime<Utc>>,
    /// The planned end, presumably.
    #[wire(with = Iso8601)]
    pub end_date: Option<DateTime<Utc>>,
    /// The score, which may have a fraction.
    #[wire(tolerated)]
    pub score: Option<f64>,
    /// What a score like this is called.
    #[wire(tolerated)]
    pub score_label: Option<String>,
    /// The colour of a score like this: `#` and hexadecimal digits in the vendor's sample.
    pub score_color: Option<String>,
    /// How long it took, presumably in minutes.
    ///
    /// **Trap:** the page gives no unit; its sample fits whole minutes.
    pub completion_time: Option<f64>,
    /// Where the report is.
    pub report_url: Option<String>,
    /// The signature of the auditee, who need not be a user. Since November 2025.
    pub auditee_signature: Option<Signature>,
    /// The signature of the auditor. Since November 2025.
    pub auditor_signature: Option<Signature>,
    /// The schedule that made it, as it came. Until April 2024.
    #[wire(optional)]
    pub audit_schedule: Option<RawJson>,
    /// How many corrective actions it led to. Until January 2023.
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
    /// The picture of it.
    pub photo_id: Option<PhotoId>,
    /// Who signed; with a [nil id](NamedRef::is_nil) when that is no user.
    pub created_by: Option<NamedRef>,
}

webhook_core::text_id! {
    /// The id of an audit.
    pub struct AuditId;

    /// The id of a photo.
    pub struct PhotoId;
}
