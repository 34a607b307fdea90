//! Raw JSON.

use std::fmt;

use serde::Serialize as _;
use serde::de::DeserializeOwned;
use serde::ser::{Error, Serializer};
use serde_json::value::RawValue;

use super::Wire;
use crate::describe::Shape;
use crate::json::{NotJson, Reader};
use crate::wire_as_serde;

/// Well-formed JSON text, byte for byte as it arrived: an undocumented payload, or a field whose form is not
/// documented.
///
/// Two values are equal if their texts are equal. `Debug` shows only the length, so that payloads are not written to
/// logs.
#[derive(Clone)]
pub struct RawJson(Box<str>);

impl RawJson {
    /// The JSON text.
    pub fn get(&self) -> &str {
        &self.0
    }

    /// The text of a JSON string, unescaped; `None` for any other JSON.
    pub fn as_text(&self) -> Option<String> {
        self.parse().ok()
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.get() == "null"
    }

    /// Decodes it as a type of your own.
    ///
    /// # Errors
    ///
    /// The error of serde. Unlike the errors of this crate, it may contain values of the payload.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.get())
    }

    /// Checks and keeps JSON text.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn from_text(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(Self::from)
    }

    /// Keeps the text of a value that the reader has skipped and thereby checked.
    pub(crate) fn from_checked(text: &str) -> Self {
        Self(text.into())
    }

    /// The JSON value `null`.
    pub(crate) fn null() -> Self {
        Self("null".into())
    }
}

impl From<Box<RawValue>> for RawJson {
    fn from(value: Box<RawValue>) -> Self {
        Self(Box::<str>::from(value))
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

/// In JSON it is written unchanged; in a binary format, as the value.
impl Wire for RawJson {
    const KEEPS_NULL: bool = true;

    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        Ok(Some(Self::from_checked(json.raw()?)))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return match serde_json::from_str::<&RawValue>(&self.0) {
                Ok(raw) => raw.serialize(serializer),
                Err(error) => Err(S::Error::custom(error)),
            };
        }
        match serde_json::from_str::<serde_json::Value>(self.get()) {
            Ok(value) => value.serialize(serializer),
            // A value that nests too deep stays text.
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
