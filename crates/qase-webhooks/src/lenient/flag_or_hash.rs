//! A flag, or a hash in its place.

use std::fmt;

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::{Deserializer, Error, Unexpected, Visitor};
use webhook_core::shape::Shape;
use webhook_core::wire::{WireAs, any};

/// A flag that may be the hash of what it flags: text other than `0` and the empty text is `true`.
pub(crate) struct FlagOrHash;

impl WireAs<bool> for FlagOrHash {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        struct Flag;

        impl Visitor<'_> for Flag {
            type Value = bool;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false, or 1 or 0, or text")
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
                Ok(value)
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
                match value {
                    0 => Ok(false),
                    1 => Ok(true),
                    other => Err(E::invalid_value(Unexpected::Unsigned(other), &self)),
                }
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<bool, E> {
                match value {
                    0 => Ok(false),
                    1 => Ok(true),
                    other => Err(E::invalid_value(Unexpected::Signed(other), &self)),
                }
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
                Ok(!matches!(text, "" | "0"))
            }
        }

        any(deserializer, Flag)
    }

    fn encode<S: Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<bool as Wire>::shape, <String as Wire>::shape])
    }
}
