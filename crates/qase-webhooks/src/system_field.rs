//! Fields that every workspace has and may rename: priority, severity, type and their like.

use webhook_core::Wire;

/// The value of a system field: priority, severity, behaviour, type, automation, status or layer.
///
/// An event of a case holds the value as an object, a review holds its id only, and before April 2022 a case held a
/// slug. What came is kept, and written back in the same form.
///
/// **Trap:** customers rename these values and add their own, so they are no vocabulary. The ids that a new workspace
/// starts with are in [`default_ids`].
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-case)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub enum SystemField {
    /// The value with its title, as in a case.
    Value(SystemFieldValue),
    /// Its id only, as in a review.
    Id(i64),
    /// A slug, as in a case before April 2022. The vendor's page had slips among them, such as `blocked` for `blocker`
    /// and `position` for `positive`: they are kept as they come.
    Slug(Slug),
}

/// The value of a system field with its title; one without an id keeps its title.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct SystemFieldValue {
    /// The id of the value.
    ///
    /// **Trap:** `0` is a value like any other.
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
    /// The slug of a system field value. Digits in its place that fit 64 bits are a [`SystemField::Id`].
    pub struct Slug;
}

/// The ids of system field values in a new workspace, as far as the vendor's pages tell them.
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
    /// The id of the value; `None` where only a slug came.
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Value(value) => value.id,
            Self::Id(id) => Some(*id),
            Self::Slug(_) => None,
        }
    }

    /// The title; `None` where only an id or a slug came.
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Value(value) => value.title.as_deref(),
            _ => None,
        }
    }

    /// The slug, where one came.
    pub fn slug(&self) -> Option<&str> {
        match self {
            Self::Slug(slug) => Some(slug.as_str()),
            _ => None,
        }
    }
}
