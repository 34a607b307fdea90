//! What every DeepSource webhook has around its event.

use chrono::{DateTime, Utc};
use webhook_core::wire::UnixSeconds;
use webhook_core::{Envelope, Wire};

use crate::Event;
use crate::account::Account;
use crate::legacy::{LegacyOwner, LegacyTime};

/// A webhook of DeepSource.
///
/// **Trap:** deliveries are repeated when they fail, and nothing promises their order. Remember [`id`](Self::id) to
/// process each event once, and compare the `updated_at` of what the event is about to tell which one is newer.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(vendor = "deepsource", rename_all = "camelCase")]
#[non_exhaustive]
pub struct Webhook {
    /// The id of the event, the same on every attempt to deliver it. The vendor documents that it is always there.
    pub id: Option<EventId>,
    /// When the event was created, to the second.
    ///
    /// **Trap:** the envelope of 2021, which only `analysis.updated` has, writes [`created`](Self::created) as text
    /// instead. See [`occurred_at`](Self::occurred_at), which reads either.
    #[wire(with = UnixSeconds, optional)]
    pub created_at: Option<DateTime<Utc>>,
    /// When the event was created, as the envelope of 2021 wrote it; kept for `analysis.updated`, which never got the
    /// new one.
    #[wire(optional)]
    pub created: Option<LegacyTime>,
    /// The version of the envelope of 2021, such as `v1.0.0`; the current envelope has none.
    #[wire(optional)]
    pub version: Option<String>,
    /// What happened.
    #[wire(event, name = "type", payload = "data", id = "id")]
    pub event: Event,
}

webhook_core::text_id! {
    /// The id of an event.
    ///
    /// **Trap:** it looks like a number and is none: its 18 digits are beyond what many readers of JSON numbers keep. One that
    /// comes as a number is read as exactly its digits.
    ///
    /// **Trap:** the vendor's page calls it the id of a delivery, but it stays the same when the delivery is repeated,
    /// which is what makes it good for telling duplicates. The samples on that page repeat it from one event to the
    /// next, so they are not for testing that.
    pub struct EventId;
}

impl Envelope for Webhook {
    /// When the event was created, by either envelope's key.
    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        self.created_at.or_else(|| self.created.as_ref().map(LegacyTime::time))
    }

    /// The login of the account that the event belongs to, or its id where the login is missing. A test of the
    /// endpoint belongs to none.
    fn account(&self) -> Option<&str> {
        match &self.event {
            Event::AnalysisRunStarted(data) | Event::AnalysisRunUpdated(data) => {
                data.object.repository.as_ref()?.account.as_ref()
            }
            Event::AutofixRunStarted(data) | Event::AutofixRunUpdated(data) => {
                data.object.repository.as_ref()?.account.as_ref()
            }
            Event::RepositoryAnalysisActivated(data) | Event::RepositoryAnalysisDeactivated(data) => {
                data.object.account.as_ref()
            }
            Event::RepositoryIssueIntroduced(data) => data.object.repository.as_ref()?.account.as_ref(),
            Event::RepositoryIssueResolved(data) => data.object.repository.as_ref()?.account.as_ref(),
            Event::TeamMemberAdded(data) | Event::TeamMemberRemoved(data) => data.object.team.as_ref(),
            Event::TeamMemberUpdated(data) => data.object.team.as_ref(),
            Event::LegacyAnalysisUpdated(data) => return data.owner.as_ref().and_then(LegacyOwner::name),
            Event::Test(_) | Event::Unlisted(_) => None,
        }
        .and_then(Account::name)
    }

    fn event_id(&self) -> Option<&str> {
        Some(self.id.as_ref()?.as_str())
    }
}
