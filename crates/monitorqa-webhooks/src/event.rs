//! The list of all MonitorQA events, one line each. Names, dispatch, catalogue and documentation are generated from it.

use webhook_core::events;

use crate::audit::{AuditCompleted, AuditRef};
use crate::corrective_action::CorrectiveActionData;
use crate::template::TemplateData;

events! {
    /// An event in MonitorQA, with its payload.
    ///
    /// **Trap:** for three days in February 2023 the page called the events of corrective actions `ACTION_ASSIGNED` and
    /// so on. Such a name is unlisted.
    ///
    /// ```
    /// use monitorqa_webhooks::{Event, Webhook};
    ///
    /// let body = br#"{"event":"AUDIT_DELETED","data":{"auditId":"7f3a0c1e"}}"#;
    /// match Webhook::from_slice(body)?.event {
    ///     Event::AuditDeleted(audit) => assert_eq!(audit.audit_id, "7f3a0c1e"),
    ///     Event::Unlisted(event) => println!("new: {}", event.name()),
    ///     _ => {}
    /// }
    /// # Ok::<(), monitorqa_webhooks::DecodeError>(())
    /// ```
    pub enum Event;

    /// The name of a listed event.
    pub enum EventName;

    page "https://developer.monitorqa.com/#/webhook" {
        /// an audit was assigned to a user
        AuditAssigned(AuditRef) = "AUDIT_ASSIGNED", Documented;
        /// an audit was finished
        ///
        /// The place of its details in the payload is not documented: see [`AuditCompleted::position`].
        AuditCompleted(AuditCompleted) = "AUDIT_COMPLETED", Documented;
        /// an audit was removed
        AuditDeleted(AuditRef) = "AUDIT_DELETED", Documented;
        /// an audit was not finished in time
        AuditExpired(AuditRef) = "AUDIT_EXPIRED", Documented;
        /// an audit was reopened
        ///
        /// **Trap:** the name is misleading: the page says that an audit was reopened, and does not mention a new date.
        AuditRescheduled(AuditRef) = "AUDIT_RESCHEDULED", Documented;
        /// a corrective action was created
        CorrectiveActionCreated(CorrectiveActionData) = "CORRECTIVE_ACTION_CREATED", Documented;
        /// a corrective action was assigned to a user
        CorrectiveActionAssigned(CorrectiveActionData) = "CORRECTIVE_ACTION_ASSIGNED", Documented;
        /// the assignee submitted a corrective action
        CorrectiveActionSubmitted(CorrectiveActionData) = "CORRECTIVE_ACTION_SUBMITTED", Documented;
        /// a corrective action was approved
        CorrectiveActionApproved(CorrectiveActionData) = "CORRECTIVE_ACTION_APPROVED", Documented;
        /// a corrective action was rejected
        CorrectiveActionRejected(CorrectiveActionData) = "CORRECTIVE_ACTION_REJECTED", Documented;
        /// a corrective action was removed
        ///
        /// **Trap:** its details are `null`.
        CorrectiveActionDeleted(CorrectiveActionData) = "CORRECTIVE_ACTION_DELETED", Documented;
        /// a corrective action passed its due date
        CorrectiveActionExpired(CorrectiveActionData) = "CORRECTIVE_ACTION_EXPIRED", Documented;
        /// a corrective action was edited
        ///
        /// **Trap:** not sent when the status or the assignees change; there are other events for these changes.
        CorrectiveActionUpdated(CorrectiveActionData) = "CORRECTIVE_ACTION_UPDATED", Documented;
        /// a user created an audit template
        TemplateCreated(TemplateData) = "TEMPLATE_CREATED", Documented;
        /// an audit template was removed
        TemplateDeleted(TemplateData) = "TEMPLATE_DELETED", Documented;
    }

    else {
        /// An event that no page describes.
        Unlisted;
    }
}
