//! What every Qase webhook has around its event.

use chrono::{DateTime, Utc};
use webhook_core::wire::UnixSeconds;
use webhook_core::{Envelope, Wire};

use crate::Event;

/// A webhook of Qase.
///
/// **Trap:** related events may arrive swapped and more than once, and nothing in the envelope numbers them.
///
/// **Trap:** most of what the pages call a string may be `null`, an empty map comes as `[]`, an id sometimes as text, a
/// boolean sometimes as `0` or `1`. All of that decodes: a payload needs what identifies its entity, and everything
/// else in it is `None` or left out where it does not come or cannot be read.
///
/// [Vendor page](https://docs.qase.io/general/webhooks)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(vendor = "qase")]
#[non_exhaustive]
pub struct Webhook {
    /// When it happened, to the second; `None` where no time can be read.
    #[wire(with = UnixSeconds)]
    pub timestamp: Option<DateTime<Utc>>,
    /// What happened. Until 2022 its name stood under `event`.
    #[wire(event, name = "event_name", old_name = "event", payload = "payload")]
    pub event: Event,
    /// Who did it, as it came. Deliveries before April 2022 lack it.
    ///
    /// **Trap:** `0` is no team member but something else that acted, such as an automation token. See
    /// [`team_member`](Self::team_member).
    #[wire(optional)]
    pub team_member_id: Option<i64>,
    /// The project in which it happened. Deliveries before April 2022 lack it.
    ///
    /// **Trap:** ids are counted per project, so only the code and the id together tell which entity is meant. Shared
    /// steps are known by their hash, and custom fields by their id in the workspace.
    #[wire(optional)]
    pub project_code: Option<ProjectCode>,
}

webhook_core::text_id! {
    /// The code of a project, such as `ORBIT`.
    pub struct ProjectCode;
}

impl Webhook {
    /// The id of the team member who did it; `None` when it was not a team member or the envelope does not say.
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
