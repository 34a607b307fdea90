//! A map that is not left out when it is empty.

use std::collections::BTreeMap;

use webhook_core::Wire;
use webhook_core::lenient::EmptyAsArray;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::Deserializer;
use webhook_core::shape::Shape;
use webhook_core::wire::WireAs;

/// A PHP map that is written even when it is empty, as `[]`.
pub(crate) struct EvenEmpty;

impl<T: Wire> WireAs<BTreeMap<String, T>> for EvenEmpty {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error> {
        Wire::decode(deserializer)
    }

    fn encode<S: Serializer>(value: &BTreeMap<String, T>, serializer: S) -> Result<S::Ok, S::Error> {
        EmptyAsArray::encode(value, serializer)
    }

    fn absent() -> Option<BTreeMap<String, T>> {
        Wire::absent()
    }

    fn shape() -> Shape {
        <BTreeMap<String, T> as Wire>::shape()
    }
}
