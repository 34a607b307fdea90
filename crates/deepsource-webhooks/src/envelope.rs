//! The envelope of every DeepSource webhook.

use chrono::{DateTime, Utc};
use webhook_core::wire::UnixSeconds;
use webhook_core::{Envelope, Wire};

use crate::Event;
use crate::account::Account;
use crate::legacy::{LegacyOwner, LegacyTime};

/// A webhook of DeepSource.
///
/// **Trap:** failed deliveries are repeated, and the order is not guaranteed. Store [`id`](Self::id) to process each
/// event once. Compare the `updated_at` of the entity to find the newer event.
///
/// ```
/// use deepsource_webhooks::Webhook;
///
/// let body = br#"{"id":"1","type":"test.event","createdAt":1642070207,"data":{"test":true}}"#;
/// let webhook = Webhook::from_slice(body)?;
/// assert_eq!(webhook.name(), "test.event");
/// # Ok::<(), deepsource_webhooks::DecodeError>(())
/// ```
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(vendor = "deepsource", rename_all = "camelCase")]
#[non_exhaustive]
pub struct Webhook {
    /// The id of the event, the same on every attempt to deliver it. According to the vendor it is always present.
    pub id: Option<EventId>,
    /// When the event was created, in whole seconds.
    ///
    /// **Trap:** the envelope of 2021, which only `analysis.updated` has, writes [`created`](Self::created) as text
    /// instead. See [`occurred_at`](Self::occurred_at), which reads both. Drift does not report that neither is there.
    #[wire(with = UnixSeconds, optional)]
    pub created_at: Option<DateTime<Utc>>,
    /// When the event was created, in the envelope of 2021. Only `analysis.updated` has it, because it never got the
    /// new envelope.
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
    /// **Trap:** it looks like a number but is text: many JSON parsers cannot represent 18 digits exactly. An id that
    /// is sent as a number is read as its exact digits.
    ///
    /// **Trap:** the vendor's page calls it the id of a delivery. But it stays the same when the delivery is repeated,
    /// so use it to detect duplicates. The samples on that page use the same id for different events, so do not test
    /// the detection of duplicates with them.
    pub struct EventId;
}

impl Envelope for Webhook {
    /// When the event was created, from the key of either envelope.
    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        self.created_at.or_else(|| self.created.as_ref().map(LegacyTime::time))
    }

    /// The login of the account that the event belongs to, or its id if the login is missing. A test of the endpoint
    /// has no account.
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
