//! Fields that every workspace has and may rename: priority, severity, type and others.

use webhook_core::Wire;

/// The value of a system field: priority, severity, behaviour, type, automation, status or layer.
///
/// Events of a case have an object, reviews have only the id, and events of a case before April 2022 have a slug. The
/// value is written back in the form in which it was sent.
///
/// **Trap:** customers rename these values and add their own, so they are not a vocabulary. The ids in a new workspace
/// are in [`default_ids`].
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-case)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub enum SystemField {
    /// The value with its title, as in a case.
    Value(SystemFieldValue),
    /// Its id only, as in a review.
    Id(i64),
    /// A slug, as in a case before April 2022. The vendor's page had errors in some slugs, such as `blocked` for
    /// `blocker` and `position` for `positive`. They are kept as sent.
    Slug(Slug),
}

/// The value of a system field with its title. A value without an id keeps its title.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct SystemFieldValue {
    /// The id of the value.
    ///
    /// **Trap:** `0` is an ordinary value.
    pub id: Option<i64>,
    /// The title, which the customer may have changed.
    pub title: Option<String>,
    /// The name of an icon; for priority and severity only.
    #[wire(optional)]
    pub icon: Option<String>,
    /// The name of a colour; for priority and severity only.
    #[wire(optional)]
    pub color: Option<String>,
}

webhook_core::text_id! {
    /// The slug of a system field value. An integer of up to 64 bits in its place is read as a [`SystemField::Id`], also
    /// as text, but not if it has a leading zero, a fraction or an exponent.
    pub struct Slug;
}

/// The ids of system field values in a new workspace that the vendor's pages document.
pub mod default_ids {
    /// Priority "not set".
    pub const PRIORITY_NOT_SET: i64 = 0;
    /// Priority "high".
    pub const PRIORITY_HIGH: i64 = 1;
    /// Priority "medium".
    pub const PRIORITY_MEDIUM: i64 = 2;
    /// Priority "low".
    pub const PRIORITY_LOW: i64 = 3;
    /// Severity "normal".
    pub const SEVERITY_NORMAL: i64 = 4;
    /// Behaviour "positive".
    pub const BEHAVIOR_POSITIVE: i64 = 2;
    /// Type "functional".
    pub const TYPE_FUNCTIONAL: i64 = 8;
    /// Automation "manual".
    pub const AUTOMATION_MANUAL: i64 = 0;
    /// Automation "to be automated".
    pub const AUTOMATION_TO_BE_AUTOMATED: i64 = 1;
    /// Automation "automated".
    pub const AUTOMATION_AUTOMATED: i64 = 2;
    /// Status "actual".
    pub const STATUS_ACTUAL: i64 = 0;
}

impl SystemField {
    /// The id of the value; `None` if only a slug was sent.
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Value(value) => value.id,
            Self::Id(id) => Some(*id),
            Self::Slug(_) => None,
        }
    }

    /// The title; `None` if only an id or a slug was sent.
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Value(value) => value.title.as_deref(),
            _ => None,
        }
    }

    /// The slug, if one was sent.
    pub fn slug(&self) -> Option<&str> {
        match self {
            Self::Slug(slug) => Some(slug.as_str()),
            _ => None,
        }
    }
}
