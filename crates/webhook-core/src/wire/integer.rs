//! Integers, in any spelling: `25`, `"25"`, `25.0`, `1e2`.

use serde::ser::Serializer;

use super::Wire;
use crate::describe::Shape;
use crate::json::{JsonKind, NotJson, Number, Reader, whole};

impl Wire for u64 {
    #[inline]
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        match json.plain_integer() {
            Some(number) => Ok(Some(number)),
            None => Ok(unusual(json)?.and_then(|number| number.try_into().ok())),
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(*self)
    }

    fn shape() -> Shape {
        Shape::Integer { min: 0 }
    }
}

impl Wire for i64 {
    #[inline]
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        let number = match json.plain_integer() {
            Some(number) => Some(i128::from(number)),
            None => unusual(json)?,
        };
        Ok(number.and_then(|number| number.try_into().ok()))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(*self)
    }

    fn shape() -> Shape {
        Shape::Integer { min: i64::MIN }
    }
}

/// Reads everything that the fast path does not: signs, fractions, exponents, many digits, text, and values that are
/// not numbers.
#[cold]
#[inline(never)]
pub(super) fn unusual(json: &mut Reader<'_>) -> Result<Option<i128>, NotJson> {
    match json.kind()? {
        // Text may have leading zeros, a JSON number may not.
        JsonKind::String => Ok(json.text()?.and_then(|text| digits(&text).or_else(|| whole(&text)))),
        _ => Ok(json.number()?.and_then(Number::whole)),
    }
}

fn digits(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
