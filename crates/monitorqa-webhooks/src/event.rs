//! Every event that MonitorQA lists: one line each, from which names, dispatch, catalogue and documentation are made.

use webhook_core::events;

use crate::audit::{AuditCompleted, AuditRef};
use crate::corrective_action::CorrectiveActionData;
use crate::template::TemplateData;

events! {
    /// What happened in MonitorQA.
    ///
    /// **Trap:** for three days in February 2023 the page called the events of corrective actions `ACTION_ASSIGNED` and
    /// so on. Such a name is unlisted.
    pub enum Event;

    /// The name of a listed event.
    pub enum EventName;

    page "https://developer.monitorqa.com/#/webhook" {
        /// an audit was given to a user
        AuditAssigned(AuditRef) = "AUDIT_ASSIGNED", Documented;
        /// an audit was finished
        ///
        /// Where its details stand in the payload is not documented: see [`AuditCompleted::position`].
        AuditCompleted(AuditCompleted) = "AUDIT_COMPLETED", Documented;
        /// an audit was removed
        AuditDeleted(AuditRef) = "AUDIT_DELETED", Documented;
        /// an audit was not finished in time
        AuditExpired(AuditRef) = "AUDIT_EXPIRED", Documented;
        /// an audit was opened again
        ///
        /// **Trap:** the name misleads: the page says that an audit was opened again, and nothing about a new date.
        AuditRescheduled(AuditRef) = "AUDIT_RESCHEDULED", Documented;
        /// a corrective action was made
        CorrectiveActionCreated(CorrectiveActionData) = "CORRECTIVE_ACTION_CREATED", Documented;
        /// a corrective action was given to a user
        CorrectiveActionAssigned(CorrectiveActionData) = "CORRECTIVE_ACTION_ASSIGNED", Documented;
        /// the assignee handed in a corrective action
        CorrectiveActionSubmitted(CorrectiveActionData) = "CORRECTIVE_ACTION_SUBMITTED", Documented;
        /// a corrective action was accepted
        CorrectiveActionApproved(CorrectiveActionData) = "CORRECTIVE_ACTION_APPROVED", Documented;
        /// a corrective action was turned down
        CorrectiveActionRejected(CorrectiveActionData) = "CORRECTIVE_ACTION_REJECTED", Documented;
        /// a corrective action was removed
        ///
        /// **Trap:** its details are `null`.
        CorrectiveActionDeleted(CorrectiveActionData) = "CORRECTIVE_ACTION_DELETED", Documented;
        /// a corrective action passed its due date
        CorrectiveActionExpired(CorrectiveActionData) = "CORRECTIVE_ACTION_EXPIRED", Documented;
        /// a corrective action was edited
        ///
        /// **Trap:** not sent when the status or the assignees change; those have events of their own.
        CorrectiveActionUpdated(CorrectiveActionData) = "CORRECTIVE_ACTION_UPDATED", Documented;
        /// a user made an audit template
        TemplateCreated(TemplateData) = "TEMPLATE_CREATED", Documented;
        /// an audit template was removed
        TemplateDeleted(TemplateData) = "TEMPLATE_DELETED", Documented;
    }

    else {
        /// An event that no page describes.
        Unlisted;
    }
}
