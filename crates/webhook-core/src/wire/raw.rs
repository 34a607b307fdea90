//! JSON that is kept as it came.

use std::fmt;

use serde::Serialize as _;
use serde::de::DeserializeOwned;
use serde::ser::Serializer;
use serde_json::value::RawValue;

use super::Wire;
use crate::describe::Shape;
use crate::json::{NotJson, Reader};
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

    /// Keeps text that the reader has passed over.
    ///
    /// # Errors
    ///
    /// The text is not JSON to `serde_json`.
    pub(crate) fn from_checked(text: &str) -> Result<Self, NotJson> {
        RawValue::from_string(text.to_owned()).map(Self).map_err(|_| NotJson)
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

/// JSON carries it as itself; a binary format as the value that it is.
impl Wire for RawJson {
    const KEEPS_NULL: bool = true;

    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        Self::from_checked(json.raw()?).map(Some)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.0.serialize(serializer);
        }
        match serde_json::from_str::<serde_json::Value>(self.get()) {
            Ok(value) => value.serialize(serializer),
            // What nests too deep for a value stays text.
            Err(_) => serializer.serialize_str(self.get()),
        }
    }

    fn of_nothing() -> Option<Self> {
        Some(Self::null())
    }

    fn shape() -> Shape {
        Shape::Any
    }
}

wire_as_serde!(RawJson);
