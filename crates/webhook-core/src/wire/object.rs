//! Reading and writing an [`Object`], whatever its keys are. The derive macro's code calls into this module.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};

use super::Object;
use crate::shape::Shape;

/// The number of a key that the object does not know.
pub const UNKNOWN: usize = usize::MAX;

/// Decodes a JSON object; any other JSON is an error.
///
/// # Errors
///
/// What is no object, and whatever its fields refuse.
#[inline]
pub fn decode<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// Encodes as a JSON object.
///
/// # Errors
///
/// Only what the serializer itself reports.
pub fn encode<T: Object, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    value.encode_fields(&mut map)?;
    map.end()
}

/// The shape of `T`.
pub fn shape<T: Object>() -> Shape {
    Shape::Object { name: T::NAME, doc: T::DOC, fields: T::fields }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut partial = T::Partial::default();
        while let Some(key) = map.next_key_seed(KeySeed::<T>(PhantomData))? {
            T::decode_field(&mut partial, key, &mut map)?;
        }
        T::finish(partial)
    }
}

/// Reads a key as its number, without copying it.
pub(crate) struct KeySeed<T>(pub(crate) PhantomData<T>);

impl<'de, T: Object> DeserializeSeed<'de> for KeySeed<T> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: Object> Visitor<'_> for KeySeed<T> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<usize, E> {
        Ok(T::key(text))
    }
}

/// Fills the slot of a key that has no other spelling.
///
/// # Errors
///
/// The key came before, or its value does not decode.
#[inline]
pub fn store<'de, S: DeserializeSeed<'de>, A: MapAccess<'de>>(
    slot: &mut Option<S::Value>,
    key: &'static str,
    seed: S,
    map: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(duplicate(key));
    }
    *slot = Some(map.next_value_seed(seed)?);
    Ok(())
}

/// Fills the slot of a key that has aliases: an alias before it gives way.
///
/// # Errors
///
/// As [`store`].
pub fn store_over_alias<'de, S: DeserializeSeed<'de>, A: MapAccess<'de>>(
    slot: &mut Option<S::Value>,
    from_alias: &mut bool,
    key: &'static str,
    seed: S,
    map: &mut A,
) -> Result<(), A::Error> {
    if std::mem::take(from_alias) {
        *slot = None;
    }
    store(slot, key, seed, map)
}

/// Fills the slot from another spelling of its key, unless the slot is taken.
///
/// # Errors
///
/// The value does not decode.
pub fn store_alias<'de, S: DeserializeSeed<'de>, A: MapAccess<'de>>(
    slot: &mut Option<S::Value>,
    from_alias: &mut bool,
    seed: S,
    map: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return skip(map);
    }
    *slot = Some(map.next_value_seed(seed)?);
    *from_alias = true;
    Ok(())
}

/// Passes over the value of an unknown key.
///
/// # Errors
///
/// The value is not well-formed.
#[inline]
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// The value of a slot at the end.
///
/// # Errors
///
/// The key never came and is required.
#[inline]
pub fn take<T, E: Error>(
    slot: Option<T>,
    absent: impl FnOnce() -> Option<T>,
    key: &'static str,
) -> Result<T, E> {
    slot.or_else(absent).ok_or_else(|| missing(key))
}

/// Out of line, because code for errors beside the code for values costs the values.
#[cold]
#[inline(never)]
pub(crate) fn duplicate<E: Error>(key: &'static str) -> E {
    E::duplicate_field(key)
}

/// As [`duplicate`].
#[cold]
#[inline(never)]
fn missing<E: Error>(key: &'static str) -> E {
    E::missing_field(key)
}
