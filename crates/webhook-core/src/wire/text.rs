//! Text, kept as sent: empty text stays empty, and a number or a boolean keeps its spelling.

use std::borrow::Cow;

use serde::ser::Serializer;

use super::Wire;
use crate::describe::Shape;
use crate::json::{JsonKind, NotJson, Reader};

impl Wire for String {
    #[inline]
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        match json.usual_text() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Ok(unusual(json)?.map(Cow::into_owned)),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

/// A text, or a number or a boolean in its spelling.
#[inline]
pub(crate) fn read<'de>(json: &mut Reader<'de>) -> Result<Option<Cow<'de, str>>, NotJson> {
    match json.usual_text() {
        Some(text) => Ok(Some(Cow::Borrowed(text))),
        None => unusual(json),
    }
}

/// The text of an id: text that is not empty, or an integer of any length in its spelling.
///
/// # Errors
///
/// The text is not JSON.
#[inline]
pub fn read_id(json: &mut Reader<'_>) -> Result<Option<String>, NotJson> {
    match json.usual_text() {
        Some("") => Ok(None),
        Some(text) => Ok(Some(text.to_owned())),
        None => unusual_id(json),
    }
}

#[cold]
#[inline(never)]
fn unusual_id(json: &mut Reader<'_>) -> Result<Option<String>, NotJson> {
    let kind = json.kind()?;
    let text = unusual(json)?.filter(|text| match kind {
        JsonKind::Number => text.bytes().all(|byte| byte.is_ascii_digit()),
        JsonKind::String => !text.is_empty(),
        _ => false,
    });
    Ok(text.map(Cow::into_owned))
}

#[cold]
#[inline(never)]
fn unusual<'de>(json: &mut Reader<'de>) -> Result<Option<Cow<'de, str>>, NotJson> {
    match json.kind()? {
        JsonKind::Number => Ok(json.number()?.map(|number| Cow::Borrowed(number.as_str()))),
        JsonKind::Boolean => {
            Ok(json.boolean()?.map(|value| Cow::Borrowed(if value { "true" } else { "false" })))
        }
        _ => json.unusual_text(),
    }
}
