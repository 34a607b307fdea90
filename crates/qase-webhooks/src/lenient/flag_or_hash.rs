//! A flag, or the hash of the entity that it flags.

use serde::Serializer;
use webhook_core::Wire;
use webhook_core::describe::Shape;
use webhook_core::json::{NotJson, Reader};
use webhook_core::wire::WireAs;

use crate::shared_step::SharedStepHash;

/// A flag. A hash or an id in its place is read as `true`.
#[derive(Wire)]
pub(crate) enum FlagOrHash {
    Flag(bool),
    Hash(SharedStepHash),
}

impl WireAs<bool> for FlagOrHash {
    fn read(json: &mut Reader<'_>) -> Result<Option<bool>, NotJson> {
        Ok(<Self as Wire>::read(json)?.map(|value| match value {
            Self::Flag(flag) => flag,
            Self::Hash(_) => true,
        }))
    }

    fn write<S: Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }

    fn shape() -> Shape {
        <Self as Wire>::shape()
    }
}
