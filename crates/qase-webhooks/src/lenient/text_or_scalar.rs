//! A text, or another scalar in its place.

use std::fmt;

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::{Deserializer, Error, Visitor};
use webhook_core::shape::Shape;
use webhook_core::wire::{WireAs, any};

/// A text, or a number or a boolean, of which the JSON text is kept.
pub(crate) struct TextOrScalar;

impl WireAs<String> for TextOrScalar {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        struct Scalar;

        impl Visitor<'_> for Scalar {
            type Value = String;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a number, or true or false")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
                Ok(text.to_owned())
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
                Ok(value.to_string())
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<String, E> {
                Ok(value.to_string())
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
                Ok(value.to_string())
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
                // Unlike `Display`, `Debug` keeps the fraction of `1.0` and the exponent of `1e300`, as JSON does.
                Ok(format!("{value:?}"))
            }
        }

        any(deserializer, Scalar)
    }

    fn encode<S: Serializer>(value: &String, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<String as Wire>::shape, <f64 as Wire>::shape, <bool as Wire>::shape])
    }
}
