//! The list of all Qase events, one line each. Names, dispatch, catalogue and documentation are generated from it.

use webhook_core::events;

use crate::case::{CaseChange, TestCase};
use crate::custom_field::CustomField;
use crate::defect::Defect;
use crate::entity::{ClonedRef, EntityRef};
use crate::milestone::Milestone;
use crate::plan::Plan;
use crate::review::{
    ReviewApproval, ReviewChanged, ReviewCommented, ReviewCreated, ReviewDeclined, ReviewDeleted,
    ReviewMerged, ReviewerChange,
};
use crate::run::{RunReportChanged, RunStarted, RunTotals, RunUpdated};
use crate::shared_step::{SharedStep, SharedStepRef};
use crate::suite::Suite;

events! {
    /// An event in Qase, with its payload.
    ///
    /// ```
    /// use qase_webhooks::{Event, Webhook};
    ///
    /// let body = br#"{"event_name":"run.deleted","timestamp":1772366400,"payload":{"id":880}}"#;
    /// match Webhook::from_slice(body)?.event {
    ///     Event::RunDeleted(run) => assert_eq!(run.id, 880),
    ///     Event::Unlisted(event) => println!("new: {}", event.name()),
    ///     _ => {}
    /// }
    /// # Ok::<(), qase_webhooks::DecodeError>(())
    /// ```
    pub enum Event;

    /// The name of a listed event.
    pub enum EventName;

    page "https://docs.qase.io/general/webhooks/test-case" {
        /// a test case was added
        CaseCreated(TestCase) = "case.created", Documented;
        /// a test case was edited
        CaseUpdated(CaseChange) = "case.updated", Documented;
        /// a test case was removed
        CaseDeleted(CaseChange) = "case.deleted", Documented;
        /// a test case was copied
        CaseCloned(CaseChange) = "case.cloned", Documented;
    }

    page "https://docs.qase.io/general/webhooks/test-suite" {
        /// a suite was added
        SuiteCreated(Suite) = "suite.created", Documented;
        /// a suite was edited
        SuiteUpdated(EntityRef) = "suite.updated", Documented;
        /// a suite was removed
        SuiteDeleted(EntityRef) = "suite.deleted", Documented;
        /// a suite was copied
        SuiteCloned(ClonedRef) = "suite.cloned", Documented;
    }

    page "https://docs.qase.io/general/webhooks/test-plan" {
        /// a test plan was added
        PlanCreated(Plan) = "plan.created", Documented;
        /// a test plan was edited
        PlanUpdated(Plan) = "plan.updated", Documented;
        /// a test plan was removed
        PlanDeleted(Plan) = "plan.deleted", Documented;
    }

    page "https://docs.qase.io/general/webhooks/shared-step" {
        /// a shared step was added
        SharedStepCreated(SharedStep) = "shared_step.created", Documented;
        /// a shared step was edited
        SharedStepUpdated(SharedStepRef) = "shared_step.updated", Documented;
        /// a shared step was removed
        SharedStepDeleted(SharedStepRef) = "shared_step.deleted", Documented;
    }

    page "https://docs.qase.io/general/webhooks/milestone" {
        /// a milestone was added
        MilestoneCreated(Milestone) = "milestone.created", Documented;
        /// a milestone was edited
        MilestoneUpdated(EntityRef) = "milestone.updated", Documented;
        /// a milestone was removed
        MilestoneDeleted(EntityRef) = "milestone.deleted", Documented;
    }

    page "https://docs.qase.io/general/webhooks/custom-field" {
        /// a custom field was defined
        CustomFieldCreated(CustomField) = "custom_field.created", Documented;
        /// the definition of a custom field changed
        CustomFieldUpdated(CustomField) = "custom_field.updated", Documented;
        /// the definition of a custom field was removed
        CustomFieldDeleted(CustomField) = "custom_field.deleted", Documented;
    }

    page "https://docs.qase.io/general/webhooks/test-run" {
        /// a run was opened
        RunStarted(RunStarted) = "run.started", Documented;
        /// test cases were added to a run
        ///
        /// **Trap:** it reports added cases only, and no other change of a run.
        RunUpdated(RunUpdated) = "run.updated", Documented;
        /// a run was stopped before its end
        RunAborted(RunTotals) = "run.aborted", Documented;
        /// a run was closed as complete
        RunCompleted(RunTotals) = "run.completed", Seen;
        /// a run was removed
        RunDeleted(EntityRef) = "run.deleted", Documented;
        /// the public report of a run was enabled or disabled
        RunReportChanged(RunReportChanged) = "run.report_changed", Documented;
    }

    page "https://docs.qase.io/general/webhooks/defect" {
        /// a defect was created
        DefectCreated(Defect) = "defect.created", Documented;
        /// a defect was edited
        ///
        /// **Trap:** the settings of a webhook do not offer it, although the page describes it with a sample.
        DefectUpdated(EntityRef) = "defect.updated", Documented;
        /// a defect was removed
        DefectDeleted(EntityRef) = "defect.deleted", Documented;
        /// a defect was marked as resolved
        DefectResolved(EntityRef) = "defect.resolved", Documented;
    }

    page "https://docs.qase.io/general/webhooks/test-review" {
        /// a case review was opened
        ReviewCreated(ReviewCreated) = "review.created", Documented;
        /// the proposal under review was edited
        ///
        /// **Trap:** according to the page it is sent when a review is removed, but the sample there shows an edited
        /// proposal.
        ReviewUpdated(ReviewChanged) = "review.updated", Documented;
        /// a closed review was reopened
        ReviewReopened(ReviewChanged) = "review.reopened", Documented;
        /// a reviewer changed a verdict
        ///
        /// **Trap:** an approval is also sent as this event. Older pages list `review.approved`, but no page describes
        /// it.
        ReviewApprovalStatusChanged(ReviewApproval) = "review.approval_status_changed", Documented;
        /// a comment was written in a review
        ReviewCommented(ReviewCommented) = "review.commented", Documented;
        /// a review was declined
        ReviewDeclined(ReviewDeclined) = "review.declined", Documented;
        /// the proposal was merged into the case
        ReviewMerged(ReviewMerged) = "review.merged", Documented;
        /// a review was removed
        ReviewDeleted(ReviewDeleted) = "review.deleted", Documented;
        /// a reviewer was assigned
        ReviewReviewerAdded(ReviewerChange) = "review.reviewer_added", Documented;
        /// a reviewer was unassigned
        ReviewReviewerRemoved(ReviewerChange) = "review.reviewer_removed", Documented;
    }

    else {
        /// An event that no page describes.
        ///
        /// **Trap:** the settings of a webhook offer events for added, edited and removed results. No page documents
        /// their names or payloads, so they arrive as this variant.
        Unlisted;
    }
}
