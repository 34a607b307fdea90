//! The name of an event without its payload: reading stops as soon as it is known.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::decode::Layout;
use crate::diagnose;
use crate::error::DecodeError;
use crate::lenient::IfText;
use crate::wire::any;

/// What the front of a delivery says.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Peek<'a> {
    /// The name of the event on the wire.
    pub name: Cow<'a, str>,
}

impl Peek<'_> {
    /// The name of the event on the wire.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for Peek<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peek").field("name", &self.name).finish()
    }
}

/// Reads up to the name.
pub(crate) fn peek<T: Layout>(body: &[u8]) -> Result<Peek<'_>, DecodeError> {
    let mut found = Found::default();
    let outcome = read::<T>(body, Wanted::Name, &mut found);
    match (found.name.or(found.old_name), outcome) {
        (Some(name), _) => Ok(Peek { name }),
        (None, Err(error)) => Err(diagnose::unreadable::<T>(body, error)),
        (None, Ok(())) => Err(diagnose::no_name(T::VENDOR, T::NAME_KEY)),
    }
}

/// Reads up to the vendor's id of the event, where the vendor gives one.
pub(crate) fn id<T: Layout>(body: &[u8]) -> Option<Cow<'_, str>> {
    T::ID_KEY?;
    let mut found = Found::default();
    let _ = read::<T>(body, Wanted::Id, &mut found);
    found.id
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Name,
    Id,
}

#[derive(Default)]
struct Found<'de> {
    name: Option<Cow<'de, str>>,
    old_name: Option<Cow<'de, str>>,
    id: Option<Cow<'de, str>>,
}

fn read<'de, T: Layout>(
    body: &'de [u8],
    wanted: Wanted,
    found: &mut Found<'de>,
) -> Result<(), serde_json::Error> {
    let visitor = FrontVisitor::<T> { wanted, found, layout: PhantomData };
    serde_json::Deserializer::from_slice(body).deserialize_map(visitor)
}

struct FrontVisitor<'a, 'de, T> {
    wanted: Wanted,
    found: &'a mut Found<'de>,
    layout: PhantomData<T>,
}

impl<'de, T: Layout> Visitor<'de> for FrontVisitor<'_, 'de, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(TextSeed)? {
            // Only what is wanted has to be text: an id in another form does not hide the name behind it.
            let slot = match self.wanted {
                Wanted::Name if key == T::NAME_KEY => &mut self.found.name,
                Wanted::Name if T::OLD_NAME_KEY == Some(&*key) => {
                    self.found.old_name = map.next_value_seed(IfTextSeed)?;
                    continue;
                }
                Wanted::Id if T::ID_KEY == Some(&*key) => &mut self.found.id,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *slot = Some(map.next_value_seed(TextSeed)?);
            let done = self.found.name.is_some() || self.found.id.is_some();
            if done {
                // Leaving in the middle makes the parser complain about the rest; the caller looks at what was found.
                return Ok(());
            }
        }
        Ok(())
    }
}

/// Text, borrowed where nothing in it is escaped.
struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

/// Text, where anything else does not count.
struct IfTextSeed;

impl<'de> DeserializeSeed<'de> for IfTextSeed {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        any(deserializer, IfText(TextSeed))
    }
}

impl<'de> Visitor<'de> for TextSeed {
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
