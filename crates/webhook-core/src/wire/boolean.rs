//! `true` and `false`, or `1` and `0`; each of them also as text.

use serde::ser::Serializer;

use super::Wire;
use super::integer::unusual;
use crate::describe::Shape;
use crate::json::{JsonKind, NotJson, Reader};

impl Wire for bool {
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        match json.kind()? {
            JsonKind::Number => Ok(unusual(json)?.and_then(|number| match number {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            })),
            JsonKind::String => Ok(json.text()?.and_then(|text| match &*text {
                "0" | "false" => Some(false),
                "1" | "true" => Some(true),
                _ => None,
            })),
            _ => json.boolean(),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }

    fn shape() -> Shape {
        Shape::Boolean
    }
}
