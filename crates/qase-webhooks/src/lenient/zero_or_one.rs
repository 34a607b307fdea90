//! A boolean as a number.

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::Deserializer;
use webhook_core::shape::Shape;
use webhook_core::wire::WireAs;

/// A boolean that is written as `0` or `1`.
pub(crate) struct ZeroOrOne;

impl WireAs<bool> for ZeroOrOne {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        Wire::decode(deserializer)
    }

    fn encode<S: Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(u8::from(*value))
    }

    fn shape() -> Shape {
        <bool as Wire>::shape()
    }
}
