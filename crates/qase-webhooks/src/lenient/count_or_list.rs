//! A count, or a list whose elements are counted.

use serde::Serializer;
use webhook_core::describe::Shape;
use webhook_core::json::{JsonKind, NotJson, Reader};
use webhook_core::wire::WireAs;
use webhook_core::{RawJson, Wire};

/// A list that is read as the number of its elements.
pub(crate) struct CountOrList;

impl WireAs<u64> for CountOrList {
    fn read(json: &mut Reader<'_>) -> Result<Option<u64>, NotJson> {
        match json.kind()? {
            JsonKind::Array | JsonKind::Object => {
                let list = <Vec<RawJson> as Wire>::read(json)?;
                Ok(list.and_then(|list| list.len().try_into().ok()))
            }
            _ => <u64 as Wire>::read(json),
        }
    }

    fn write<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<u64 as Wire>::shape, <Vec<RawJson> as Wire>::shape])
    }
}
