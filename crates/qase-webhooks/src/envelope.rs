//! The envelope of every Qase webhook.

use chrono::{DateTime, Utc};
use webhook_core::wire::UnixSeconds;
use webhook_core::{Envelope, Wire};

use crate::Event;

/// A webhook of Qase.
///
/// **Trap:** related events may arrive in another order and more than once, and the envelope has no sequence number.
///
/// **Trap:** most values that the pages call a string may be `null`. An empty map is sent as `[]`, an id sometimes as
/// text, and a boolean sometimes as `0` or `1`. All of these decode: a payload needs only its identity. Every other
/// value is `None` or left out if it is missing or cannot be read.
///
/// ```
/// use qase_webhooks::Webhook;
///
/// let body = br#"{"event_name":"run.deleted","timestamp":1772366400,"payload":{"id":880}}"#;
/// let webhook = Webhook::from_slice(body)?;
/// assert_eq!(webhook.name(), "run.deleted");
/// # Ok::<(), qase_webhooks::DecodeError>(())
/// ```
///
/// [Vendor page](https://docs.qase.io/general/webhooks)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(vendor = "qase")]
#[non_exhaustive]
pub struct Webhook {
    /// When it happened, in whole seconds; `None` if there is no readable time.
    #[wire(with = UnixSeconds)]
    pub timestamp: Option<DateTime<Utc>>,
    /// The event. Until 2022 its name was in the key `event`.
    #[wire(event, name = "event_name", old_name = "event", payload = "payload")]
    pub event: Event,
    /// The id of the team member who did it, as sent. Deliveries before April 2022 do not have it.
    ///
    /// **Trap:** `0` is not a team member. It stands for another actor, such as an automation token. See
    /// [`team_member`](Self::team_member).
    #[wire(optional)]
    pub team_member_id: Option<i64>,
    /// The project in which it happened. Deliveries before April 2022 do not have it.
    ///
    /// **Trap:** ids are counted per project, so an entity is identified by the project code and the id together.
    /// Shared steps are identified by their hash, and custom fields by their id in the workspace.
    #[wire(optional)]
    pub project_code: Option<ProjectCode>,
}

webhook_core::text_id! {
    /// The code of a project, such as `ORBIT`.
    pub struct ProjectCode;
}

impl Webhook {
    /// The id of the team member who did it; `None` if it was not a team member or the envelope has no id.
    pub fn team_member(&self) -> Option<i64> {
        self.team_member_id.filter(|id| *id != 0)
    }
}

impl Envelope for Webhook {
    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        self.timestamp
    }

    fn account(&self) -> Option<&str> {
        self.project_code.as_ref().map(ProjectCode::as_str)
    }

    /// Qase gives its events no id.
    fn event_id(&self) -> Option<&str> {
        None
    }
}
