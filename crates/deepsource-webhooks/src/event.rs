//! The list of all DeepSource events, one line each. Names, dispatch, catalogue and documentation are generated from
//! it.

use webhook_core::events;

use crate::analysis_run::AnalysisRunData;
use crate::autofix_run::AutofixRunData;
use crate::legacy::LegacyAnalysisUpdated;
use crate::repository::RepositoryData;
use crate::repository_issue::{RepositoryIssueIntroduced, RepositoryIssueResolved};
use crate::team_member::{TeamMemberData, TeamMemberUpdated};
use crate::test_event::TestEvent;

events! {
    /// An event in DeepSource, with its payload.
    ///
    /// The payload of an event is the `data` of the envelope: the `object` that the event is about and, for some
    /// events, further fields.
    ///
    /// ```
    /// use deepsource_webhooks::{Event, Webhook};
    ///
    /// let body = br#"{"id":"1","type":"test.event","createdAt":1642070207,"data":{"test":true}}"#;
    /// match Webhook::from_slice(body)?.event {
    ///     Event::Test(test) => assert_eq!(test.test(), Some(true)),
    ///     Event::Unlisted(event) => println!("new: {}", event.name()),
    ///     _ => {}
    /// }
    /// # Ok::<(), deepsource_webhooks::DecodeError>(())
    /// ```
    pub enum Event;

    /// The name of a listed event.
    pub enum EventName;

    page "https://docs.deepsource.com/docs/developers/webhooks/events" {
        /// an analysis run starts
        AnalysisRunStarted(AnalysisRunData) = "analysis_run.started", Seen;
        /// one analyzer of a run delivers its result
        AnalysisRunUpdated(AnalysisRunData) = "analysis_run.updated", Seen;
        /// an Autofix was created
        AutofixRunStarted(AutofixRunData) = "autofix_run.started", Documented;
        /// the status or the pull request of an Autofix changed
        AutofixRunUpdated(AutofixRunData) = "autofix_run.updated", Documented;
        /// analysis was enabled for a repository
        RepositoryAnalysisActivated(RepositoryData) = "repository.analysis.activated", Seen;
        /// analysis was disabled for a repository
        RepositoryAnalysisDeactivated(RepositoryData) = "repository.analysis.deactivated", Documented;
        /// an issue appeared on the default branch
        RepositoryIssueIntroduced(RepositoryIssueIntroduced) = "repository_issue.introduced", Seen;
        /// an issue was resolved on the default branch
        RepositoryIssueResolved(RepositoryIssueResolved) = "repository_issue.resolved", Documented;
        /// a member joined the team
        TeamMemberAdded(TeamMemberData) = "team_member.added", Documented;
        /// a member left the team or was removed
        TeamMemberRemoved(TeamMemberData) = "team_member.removed", Documented;
        /// the role of a team member changed
        TeamMemberUpdated(TeamMemberUpdated) = "team_member.updated", Documented;
        /// a test of the endpoint, for its activation or by hand; there is no real event
        Test(TestEvent) = "test.event", Seen;
    }

    page "https://deepsource.io/docs/developers/webhook-events/" {
        /// one analyzer of a run delivers its result, in the form of 2021
        ///
        /// **Trap:** replaced by [`AnalysisRunUpdated`](Self::AnalysisRunUpdated) and no longer on the vendor's pages.
        /// It has its own envelope and spelling of keys.
        LegacyAnalysisUpdated(LegacyAnalysisUpdated) = "analysis.updated", Deprecated;
    }

    else {
        /// An event that no page describes. The vendor has had event types that it did not publish.
        Unlisted;
    }
}
