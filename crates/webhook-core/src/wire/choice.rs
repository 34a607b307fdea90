//! Enums whose variants have one value each. The first variant that can read the JSON is chosen.

use super::Wire;
use crate::describe::Shape;
use crate::json::{JsonKind, NotJson, Reader};

/// Tries one variant. If it cannot read the value, the reader is reset to the start of the value. `rest` are the forms
/// of the variants after it.
///
/// # Errors
///
/// The text is not JSON.
#[inline]
pub fn first_of<T: Wire>(json: &mut Reader<'_>, rest: &[fn() -> Shape]) -> Result<Option<T>, NotJson> {
    let start = json.clone();
    let value = T::read(json)?.filter(|_| !changes_text::<T>(&start, rest));
    if value.is_none() {
        *json = start;
        if json.kind().is_ok_and(|kind| T::shape().container(kind).is_some()) {
            // Drift walks it as this form, the first that it fits, and not as the one that has a reading.
            json.note_unexpected();
        }
    }
    Ok(value)
}

/// Whether a text would be read as an integer that is written in another way, although a later variant keeps the text: a
/// hash or a name may be `0042` or `1e3`.
fn changes_text<T: Wire>(start: &Reader<'_>, rest: &[fn() -> Shape]) -> bool {
    let is_text = |shape| matches!(shape, Shape::Text | Shape::Id | Shape::Vocabulary { .. });
    let mut json = start.clone();
    json.kind() == Ok(JsonKind::String)
        && matches!(T::shape(), Shape::Integer { .. })
        && rest.iter().any(|shape| is_text(shape()))
        && json.text().is_ok_and(|text| !text.is_some_and(|text| is_usual_integer(&text)))
}

/// Whether a text is an integer as JSON writes it, without a fraction or an exponent.
fn is_usual_integer(text: &str) -> bool {
    match text.strip_prefix('-').unwrap_or(text).as_bytes() {
        [b'0'] => text == "0",
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}
