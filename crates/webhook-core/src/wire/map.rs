//! Maps with free keys. PHP encodes an array as an object or as an array, depending on its content. Therefore `[]` is
//! an empty map, and an array with elements is keyed by position. An entry whose value cannot be read is left out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::ser::Serializer;

use super::{Absent, Wire, WireAs, Written};
use crate::describe::Shape;
use crate::json::{JsonKind, NotJson, Reader};

impl<T: Wire> Wire for BTreeMap<String, T> {
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        let mut map = Self::new();
        if json.kind()? == JsonKind::Array {
            let Some(mut list) = json.list()? else { return Ok(None) };
            let mut position = 0_usize;
            while json.next_element(&mut list)? {
                insert(&mut map, position.to_string(), json)?;
                position += 1;
            }
        } else {
            let Some(mut keys) = json.object()? else { return Ok(None) };
            while let Some(key) = json.next_text_key(&mut keys)?.map(Cow::into_owned) {
                insert(&mut map, key, json)?;
            }
        }
        Ok(Some(map))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Written(value))))
    }

    fn of_nothing() -> Option<Self> {
        Some(Self::new())
    }

    fn shape() -> Shape {
        Shape::Map(T::shape)
    }
}

fn insert<T: Wire>(map: &mut BTreeMap<String, T>, key: String, json: &mut Reader<'_>) -> Result<(), NotJson> {
    match T::read(json)? {
        Some(value) => {
            // Only the last entry of a key is kept.
            if map.insert(key, value).is_some() {
                json.note_unexpected();
            }
        }
        None => json.note_unexpected(),
    }
    Ok(())
}

impl<K, V> Absent for BTreeMap<K, V> {
    fn absent() -> Self {
        Self::new()
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Writes an empty map as `[]`, as PHP does.
#[derive(Debug)]
pub struct EmptyAsArray;

impl<T: Wire> WireAs<BTreeMap<String, T>> for EmptyAsArray {
    fn read(json: &mut Reader<'_>) -> Result<Option<BTreeMap<String, T>>, NotJson> {
        Wire::read(json)
    }

    fn write<S: Serializer>(value: &BTreeMap<String, T>, serializer: S) -> Result<S::Ok, S::Error> {
        if value.is_empty() {
            serializer.collect_seq(std::iter::empty::<()>())
        } else {
            value.write(serializer)
        }
    }

    fn shape() -> Shape {
        <BTreeMap<String, T> as Wire>::shape()
    }
}
