//! A flag, or the hash of what it flags.

use serde::Serializer;
use webhook_core::Wire;
use webhook_core::describe::Shape;
use webhook_core::json::{NotJson, Reader};
use webhook_core::wire::WireAs;

use crate::shared_step::SharedStepHash;

/// A flag that may be the hash or the id of what it flags, which counts as `true`.
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
