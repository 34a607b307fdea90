//! A text, or an object around its slug.

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::Deserializer;
use webhook_core::shape::{Field, Shape};
use webhook_core::wire::{WireAs, any};

use crate::lenient::Within;

/// A text, or an object with the text under `slug`.
pub(crate) struct TextOrSlug;

impl WireAs<Option<String>> for TextOrSlug {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        any(deserializer, Within("slug"))
    }

    fn encode<S: Serializer>(value: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn absent() -> Option<Option<String>> {
        Some(None)
    }

    fn is_absent(value: &Option<String>) -> bool {
        value.is_none()
    }

    fn shape() -> Shape {
        const FIELDS: &[Field] = &[Field::new("slug", "The text.", <String as Wire>::shape)];
        Shape::OneOf(&[<String as Wire>::shape, || Shape::Object {
            name: "Slug",
            doc: "A text in an object.",
            fields: || FIELDS,
        }])
    }
}
