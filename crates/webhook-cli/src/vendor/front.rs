//! Detection of the vendor by the name of the event, without reading further.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use webhook_core::{Authenticated, ForVendor};

use super::Vendor;

impl Vendor {
    /// The vendor and the name of a body whose event is listed. If this is `None`, [`Vendor::of_body`] checks all keys.
    pub(crate) fn of_listed_event(body: &[u8]) -> Option<(Self, Cow<'_, str>)> {
        let mut found = None;
        // Stopping early causes an error of the parser, which is ignored; the decoder reports real errors.
        let _ = serde_json::Deserializer::from_slice(body).deserialize_map(Front { found: &mut found });
        found
    }
}

/// The vendor whose envelope has the event name in this key, and lists the name.
fn lists(key: &str, name: &str) -> Option<Vendor> {
    let lists = |vendor: Vendor| vendor.catalogue().iter().any(|info| info.name == name);
    Vendor::ALL.iter().copied().find(|vendor| vendor.run(IsNameKey(key)) && lists(*vendor))
}

/// Whether a vendor has the event name in this key.
struct IsNameKey<'a>(&'a str);

impl ForVendor for IsNameKey<'_> {
    type Output = bool;

    fn run<W: Authenticated>(self) -> bool {
        self.0 == W::NAME_KEY || W::OLD_NAME_KEY == Some(self.0)
    }
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
            if !Vendor::ALL.iter().any(|vendor| vendor.run(IsNameKey(&key))) {
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
