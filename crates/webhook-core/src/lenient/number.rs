//! A number with or without a fraction: `4`, `4.0` and `4.0000` are the same.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;

use crate::lenient::Nullable;
use crate::shape::Shape;
use crate::wire::{Wire, any};

impl Wire for f64 {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, Number)
    }

    #[inline]
    fn decode_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        any(deserializer, Nullable(Number))
    }

    /// A whole number is written without a fraction, as the vendors write it where they do not pad it.
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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

struct Number;

impl Visitor<'_> for Number {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    #[expect(clippy::cast_precision_loss, reason = "what a JSON number means in every other reader, too")]
    fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "what a JSON number means in every other reader, too")]
    fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }
}
