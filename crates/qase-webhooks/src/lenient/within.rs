//! A text inside an object.

use std::fmt;

use webhook_core::serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use webhook_core::wire::{any, seed};

/// A text, or an object with the text under this key. `null`, and an object without the key, are no text.
pub(crate) struct Within(pub(crate) &'static str);

impl<'de> Visitor<'de> for Within {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text, or an object with text under `{}`, or null", self.0)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        any(deserializer, self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<String>, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<String>, A::Error> {
        let mut text = None;
        while let Some(key) = map.next_key_seed(seed::<String>())? {
            if key == self.0 {
                text = map.next_value_seed(seed::<Option<String>>())?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(text)
    }
}
