//! Numbers with or without a fraction: `4`, `4.0`, `4.0000` and `"4.0"` are the same.

use serde::ser::Serializer;

use super::Wire;
use crate::describe::Shape;
use crate::json::{JsonKind, NotJson, Reader};

impl Wire for f64 {
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        match json.kind()? {
            JsonKind::String => Ok(json.text()?.and_then(|text| {
                let mut inner = Reader::new(&text);
                let number = inner.number().ok()??;
                // A number as text may not have white space around it.
                if number.as_str().len() == text.len() { finite(&text) } else { None }
            })),
            _ => Ok(json.number()?.and_then(|number| finite(number.as_str()))),
        }
    }

    /// A whole number is written without a fraction, as vendors usually do.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Every integer up to 2^53 is exact in both types, so the cast back and forth proves itself.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.fract() == 0.0 && self.abs() <= EXACT && !(*self == 0.0 && self.is_sign_negative()) {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
            serializer.serialize_i64(*self as i64)
        } else {
            serializer.serialize_f64(*self)
        }
    }

    fn shape() -> Shape {
        Shape::Number
    }
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
