//! Lists. An element that cannot be read is left out, and so is `null`, except in a list of raw JSON. An object keyed by numbers is read as the list of
//! its values, because PHP writes a list in this form after an element was removed.

use serde::ser::Serializer;

use super::{Absent, Wire, Written};
use crate::describe::Shape;
use crate::json::{JsonKind, NotJson, Reader};

impl<T: Wire> Wire for Vec<T> {
    #[inline]
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        if json.kind()? == JsonKind::Object {
            return numbered(json);
        }
        let Some(mut list) = json.list()? else { return Ok(None) };
        let mut elements = Self::new();
        while json.next_element(&mut list)? {
            push(&mut elements, json)?;
        }
        Ok(Some(elements))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }

    fn of_nothing() -> Option<Self> {
        Some(Self::new())
    }

    fn shape() -> Shape {
        Shape::List(T::shape)
    }
}

impl<T> Absent for Vec<T> {
    #[inline]
    fn absent() -> Self {
        Self::new()
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

#[inline]
fn push<T: Wire>(elements: &mut Vec<T>, json: &mut Reader<'_>) -> Result<(), NotJson> {
    match T::read(json)? {
        Some(element) => elements.push(element),
        None => json.note_unexpected(),
    }
    Ok(())
}

/// The values of an object whose keys are all numbers; `None` for any other object.
#[cold]
fn numbered<T: Wire>(json: &mut Reader<'_>) -> Result<Option<Vec<T>>, NotJson> {
    if !is_numbered(&mut json.clone())? {
        return json.skip().map(|()| None);
    }
    // Where another form of the value is an object, drift takes it for that.
    json.note_unexpected();
    let Some(mut keys) = json.object()? else { return Ok(None) };
    let mut elements = Vec::new();
    while json.next_text_key(&mut keys)?.is_some() {
        push(&mut elements, json)?;
    }
    Ok(Some(elements))
}

/// Whether the object that comes next is a list by position where it could be a map by id: ids start at 1.
#[doc(hidden)]
pub fn is_by_position(json: &mut Reader<'_>) -> Result<bool, NotJson> {
    let mut ahead = json.clone();
    let Some(mut keys) = ahead.object()? else { return Ok(false) };
    Ok(ahead.next_text_key(&mut keys)?.is_some_and(|key| key == "0") && is_numbered(json)?)
}

/// Whether the object that comes next is keyed by numbers, as a list is.
pub(crate) fn is_numbered(json: &mut Reader<'_>) -> Result<bool, NotJson> {
    let Some(mut keys) = json.object()? else { return Ok(false) };
    while let Some(key) = json.next_text_key(&mut keys)? {
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(false);
        }
        json.skip()?;
    }
    Ok(true)
}
