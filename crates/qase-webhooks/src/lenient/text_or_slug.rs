//! A text, or an object with a slug.

use serde::Serializer;
use webhook_core::Wire;
use webhook_core::describe::Shape;
use webhook_core::json::{NotJson, Reader};
use webhook_core::wire::WireAs;

/// A text, or an object with the text under `slug`.
#[derive(Wire)]
pub(crate) enum TextOrSlug {
    Text(String),
    Object(Environment),
}

/// An environment as an object.
#[derive(Wire)]
pub(crate) struct Environment {
    /// The name of the environment in the vendor's API.
    #[wire(identity)]
    slug: String,
}

impl WireAs<String> for TextOrSlug {
    fn read(json: &mut Reader<'_>) -> Result<Option<String>, NotJson> {
        Ok(<Self as Wire>::read(json)?.map(|value| match value {
            Self::Text(text) => text,
            Self::Object(object) => object.slug,
        }))
    }

    fn write<S: Serializer>(value: &String, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }

    fn shape() -> Shape {
        <Self as Wire>::shape()
    }
}
