//! The name in an envelope, by `serde_json`.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use webhook_core::Authenticated;

use crate::values::Bytes;

/// What `serde_json` finds in a text.
pub(crate) enum InText {
    NoObject,
    NoName,
    /// The first usable name, under the preferred key if it is there.
    Name(String),
}

/// The name in the envelope of a JSON text.
pub(crate) fn name<W: Authenticated>(text: &str) -> InText {
    struct Names<'a>([Option<&'a [u8]>; 2]);

    impl<'de> Visitor<'de> for Names<'_> {
        type Value = [Option<String>; 2];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut names = [None, None];
            while let Some(key) = map.next_key_seed(Bytes)? {
                let value: &RawValue = map.next_value()?;
                for (name, wanted) in names.iter_mut().zip(self.0) {
                    if Some(&*key) == wanted && name.is_none() {
                        *name =
                            serde_json::from_str::<String>(value.get()).ok().filter(|name| !name.is_empty());
                    }
                }
            }
            Ok(names)
        }
    }

    let keys = [Some(W::NAME_KEY), W::OLD_NAME_KEY].map(|key| key.map(str::as_bytes));
    let Ok([name, old]) = serde_json::Deserializer::from_str(text).deserialize_map(Names(keys)) else {
        return InText::NoObject;
    };
    name.or(old).map_or(InText::NoName, InText::Name)
}
