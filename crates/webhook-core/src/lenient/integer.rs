//! An integer, or its decimal digits as text: one vendor sends `25` in one event and `"25"` in the next.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::ser::Serializer;

use crate::lenient::Nullable;
use crate::shape::Shape;
use crate::wire::{Wire, any};

impl Wire for u64 {
    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, Unsigned)
    }

    #[inline]
    fn decode_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        any(deserializer, Nullable(Unsigned))
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(*self)
    }

    fn shape() -> Shape {
        Shape::Integer { min: 0 }
    }
}

impl Wire for i64 {
    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, Signed)
    }

    #[inline]
    fn decode_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        any(deserializer, Nullable(Signed))
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(*self)
    }

    fn shape() -> Shape {
        Shape::Integer { min: i64::MIN }
    }
}

struct Unsigned;

impl Visitor<'_> for Unsigned {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer from 0 to 2^64 - 1, or its digits as text")
    }

    #[inline]
    fn visit_u64<E: Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<u64, E> {
        u64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
        // `parse` alone would take a plus sign.
        digits(text)
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

pub(super) struct Signed;

impl Visitor<'_> for Signed {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer from -2^63 to 2^63 - 1, or its digits as text")
    }

    #[inline]
    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    #[inline]
    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<i64, E> {
        digits(text.strip_prefix('-').unwrap_or(text))
            .and_then(|_| text.parse().ok())
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}
