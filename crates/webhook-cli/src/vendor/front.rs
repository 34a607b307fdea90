//! Whose webhook a body is, by its event's name: reading stops there.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use webhook_core::{Envelope, Layout};

use super::{Vendor, with_webhook};

impl Vendor {
    /// The vendor and the name of a body whose event is listed; `None` tells nothing, and [`Vendor::recognise`] looks
    /// at all keys.
    pub(crate) fn of_listed_event(body: &[u8]) -> Option<(Self, Cow<'_, str>)> {
        let mut found = None;
        // Leaving in the middle makes the parser complain about the rest; the decoder says what is wrong with it.
        let _ = serde_json::Deserializer::from_slice(body).deserialize_map(Front { found: &mut found });
        found
    }
}

/// The vendor whose envelope has its event's name under this key, and lists the name.
fn lists(key: &str, name: &str) -> Option<Vendor> {
    fn lists<T: Envelope>(key: &str, name: &str) -> bool {
        (key == T::NAME_KEY || T::OLD_NAME_KEY == Some(key))
            && T::catalogue().iter().any(|info| info.name == name)
    }
    Vendor::all().find(|vendor| with_webhook!(*vendor, lists(key, name)))
}

/// Whether any vendor has its event's name under this key.
fn is_name_key(key: &str) -> bool {
    fn is_name_key<T: Layout>(key: &str) -> bool {
        key == T::NAME_KEY || T::OLD_NAME_KEY == Some(key)
    }
    Vendor::all().any(|vendor| with_webhook!(vendor, is_name_key(key)))
}

struct Front<'a, 'de> {
    found: &'a mut Option<(Vendor, Cow<'de, str>)>,
}

impl<'de> Visitor<'de> for Front<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Text)? {
            if !is_name_key(&key) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let name = map.next_value_seed(Text)?;
            if let Some(vendor) = lists(&key, &name) {
                *self.found = Some((vendor, name));
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Text, borrowed where nothing in it is escaped.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_name_tells_whose_it_is() {
        let of = |body: &str| {
            Vendor::of_listed_event(body.as_bytes()).map(|(vendor, name)| (vendor, name.into_owned()))
        };
        let is = |vendor, name: &str| Some((vendor, name.to_owned()));
        assert_eq!(of(r#"{"event_name":"run.started","#), is(Vendor::Qase, "run.started"));
        assert_eq!(of(r#"{"event":"run.started","#), is(Vendor::Qase, "run.started"));
        assert_eq!(of(r#"{"a":1,"event":"AUDIT_COMPLETED"}"#), is(Vendor::Monitorqa, "AUDIT_COMPLETED"));
        assert_eq!(of(r#"{"type":"test.event"}"#), is(Vendor::Deepsource, "test.event"));
        for unknown in [r#"{"type":"run.started"}"#, r#"{"event":1,"type":"test.event"}"#, "[]", "", "{}"] {
            assert_eq!(of(unknown), None, "{unknown}");
        }
    }
}
