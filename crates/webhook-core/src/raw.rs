//! JSON that is kept as it came.

use std::fmt;

use serde::Serialize as _;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde::ser::Serializer;
use serde_json::value::RawValue;

use crate::shape::Shape;
use crate::wire::Wire;
use crate::wire_as_serde;

/// Well-formed JSON text, byte for byte as it arrived: a payload that no page describes, or a field whose form the
/// vendor leaves open.
///
/// Two values are equal when their texts are. `Debug` shows the length only, so that payloads stay out of logs.
#[derive(Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// The JSON text.
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// The text of a JSON string, unescaped; `None` for any other JSON.
    pub fn as_text(&self) -> Option<String> {
        self.parse().ok()
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.get() == "null"
    }

    /// Decodes it as a type of yours.
    ///
    /// # Errors
    ///
    /// What serde reports; unlike the errors of this crate it may repeat values of the payload.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.get())
    }

    /// Checks and keeps JSON text.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn from_text(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(Self)
    }

    /// The JSON value `null`.
    pub(crate) fn null() -> Self {
        Self(RawValue::NULL.to_owned())
    }
}

impl From<Box<RawValue>> for RawJson {
    fn from(value: Box<RawValue>) -> Self {
        Self(value)
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for RawJson {}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.get().len())
    }
}

/// Self-describing binary formats carry the JSON as text; JSON carries it as itself.
impl Wire for RawJson {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Box::<RawValue>::deserialize(deserializer).map(Self)
        } else {
            let text = String::deserialize(deserializer)?;
            RawValue::from_string(text).map(Self).map_err(|_| D::Error::custom("text that is no JSON"))
        }
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.0.serialize(serializer)
        } else {
            serializer.serialize_str(self.get())
        }
    }

    fn shape() -> Shape {
        Shape::Any
    }
}

wire_as_serde!(RawJson);
