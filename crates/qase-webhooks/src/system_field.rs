//! Fields that every workspace has and may rename: priority, severity, type and their like.

use std::fmt;

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::value::MapAccessDeserializer;
use webhook_core::serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};
use webhook_core::shape::Shape;
use webhook_core::wire::any;

/// The value of a system field: priority, severity, behaviour, type, automation, status or layer.
///
/// An event of a case holds the value as an object, a review holds its id only, and before April 2022 a case held a
/// slug. What came is kept, and written back in the same form.
///
/// **Trap:** customers rename these values and add their own, so they are no vocabulary. The ids that a new workspace
/// starts with are in [`default_ids`].
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-case)
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SystemField {
    /// The value with its title, as in a case.
    Value(SystemFieldValue),
    /// Its id only, as in a review.
    Id(i64),
    /// A slug, as in a case before April 2022. The vendor's page had slips among them, such as `blocked` for `blocker`
    /// and `position` for `positive`: they are kept as they come.
    Slug(String),
}

/// The value of a system field with its title.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Wire)]
#[non_exhaustive]
pub struct SystemFieldValue {
    /// The id of the value.
    ///
    /// **Trap:** `0` is a value like any other.
    pub id: i64,
    /// The title, which the customer may have changed.
    pub title: Option<String>,
    /// The name of an icon; for priority and severity only.
    #[wire(optional)]
    pub icon: Option<String>,
    /// The name of a colour; for priority and severity only.
    #[wire(optional)]
    pub color: Option<String>,
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
            Self::Value(value) => Some(value.id),
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
            Self::Slug(slug) => Some(slug),
            _ => None,
        }
    }
}

impl Wire for SystemField {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, SystemFieldVisitor)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.encode(serializer),
            Self::Id(id) => id.encode(serializer),
            Self::Slug(slug) => slug.encode(serializer),
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<SystemFieldValue as Wire>::shape, <i64 as Wire>::shape, <String as Wire>::shape])
    }
}

webhook_core::wire_as_serde!(SystemField);

struct SystemFieldVisitor;

impl<'de> Visitor<'de> for SystemFieldVisitor {
    type Value = SystemField;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, an integer from -2^63 to 2^63 - 1, or text")
    }

    fn visit_i64<E: Error>(self, id: i64) -> Result<SystemField, E> {
        Ok(SystemField::Id(id))
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<SystemField, E> {
        match i64::try_from(id) {
            Ok(id) => Ok(SystemField::Id(id)),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(id), &self)),
        }
    }

    /// Digits are an id, as everywhere else; no slug is made of them.
    fn visit_str<E: Error>(self, text: &str) -> Result<SystemField, E> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(id) if digits => Ok(SystemField::Id(id)),
            Err(_) if digits => Err(E::invalid_value(Unexpected::Str(text), &self)),
            _ => Ok(SystemField::Slug(text.to_owned())),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SystemField, A::Error> {
        SystemFieldValue::decode(MapAccessDeserializer::new(map)).map(SystemField::Value)
    }
}
