//! A boolean as a number.

use serde::Serializer;
use webhook_core::Wire;
use webhook_core::describe::Shape;
use webhook_core::json::{NotJson, Reader};
use webhook_core::wire::WireAs;

/// A boolean that is written as `0` or `1`.
pub(crate) struct ZeroOrOne;

impl WireAs<bool> for ZeroOrOne {
    fn read(json: &mut Reader<'_>) -> Result<Option<bool>, NotJson> {
        Wire::read(json)
    }

    fn write<S: Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(u8::from(*value))
    }

    fn shape() -> Shape {
        <bool as Wire>::shape()
    }
}
