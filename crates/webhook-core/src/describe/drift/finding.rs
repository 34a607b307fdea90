//! A finding: one difference, as a path and a kind.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::JsonKind;

/// One difference between a delivery and the documented form of its event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(crate = "serde")]
#[non_exhaustive]
pub struct Drift {
    /// The path from the root of the envelope: `payload.steps[0].foo`.
    pub path: String,
    /// The kind of difference.
    pub kind: DriftKind,
    /// The JSON type of the value; `None` if there is no value.
    pub json: Option<JsonKind>,
    /// What was expected there, as text; `None` if nothing was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Cow<'static, str>>,
}

/// `unexpected value payload.passed (array), expected an integer`: the kind, the path, and the other facts.
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.as_str().replace('_', " "), self.path)?;
        if let Some(json) = self.json {
            write!(f, " ({json})")?;
        }
        match &self.expected {
            Some(expected) => write!(f, ", expected {expected}"),
            None => Ok(()),
        }
    }
}

crate::vocabulary! {
    /// The kind of a [`Drift`].
    pub enum DriftKind {
        /// A key that is not in the type.
        UnknownField = "unknown_field",
        /// A text or number that the vocabulary does not list.
        UnlistedValue = "unlisted_value",
        /// A value that does not fit its place, which is therefore `None` or left out. Also a time in another unit than
        /// the documented one, although it is read, and a name in the old key that differs from the name in use.
        UnexpectedValue = "unexpected_value",
        /// A key that the vendor documents as always present is missing.
        MissingField = "missing_field",
        /// `null` in a field that is not documented as nullable.
        UndocumentedNull = "undocumented_null",
        /// A key that occurs more than once in an object or a map. The last usable value is used; for the name, the id and the
        /// payload of an envelope, the first.
        RepeatedKey = "repeated_key",
    }
}
