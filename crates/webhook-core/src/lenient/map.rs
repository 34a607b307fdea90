//! A map with free keys. A PHP array is encoded as an object or as an array, whatever it holds at the moment, so `[]`
//! is an empty map and an array with elements is keyed by position.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::Serializer;

use crate::shape::{Shape, element};
use crate::wire::{Encoded, Wire, WireAs, any, seed};

impl<T: Wire> Wire for BTreeMap<String, T> {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, Map(PhantomData))
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Encoded::new(value))))
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn shape() -> Shape {
        Shape::Map(element::<T>)
    }
}

/// Writes an empty map as `[]`, the way PHP does.
#[derive(Debug)]
pub struct EmptyAsArray;

impl<T: Wire> WireAs<BTreeMap<String, T>> for EmptyAsArray {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error> {
        Wire::decode(deserializer)
    }

    fn encode<S: Serializer>(value: &BTreeMap<String, T>, serializer: S) -> Result<S::Ok, S::Error> {
        if value.is_empty() {
            serializer.collect_seq(std::iter::empty::<()>())
        } else {
            value.encode(serializer)
        }
    }

    fn absent() -> Option<BTreeMap<String, T>> {
        Wire::absent()
    }

    fn is_absent(value: &BTreeMap<String, T>) -> bool {
        value.is_empty()
    }

    fn shape() -> Shape {
        <BTreeMap<String, T> as Wire>::shape()
    }
}

struct Map<T>(PhantomData<T>);

impl<'de, T: Wire> Visitor<'de> for Map<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, a list or null")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(BTreeMap::new())
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(BTreeMap::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = access.next_key_seed(seed::<String>())? {
            if map.insert(key, access.next_value_seed(seed())?).is_some() {
                return Err(A::Error::invalid_value(
                    Unexpected::Other("a key that came before"),
                    &"every key once",
                ));
            }
        }
        Ok(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(value) = access.next_element_seed(seed())? {
            map.insert(map.len().to_string(), value);
        }
        Ok(map)
    }
}
