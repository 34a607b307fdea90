//! Texts, or objects around their titles.

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::Deserializer;
use webhook_core::shape::{Field, Shape};
use webhook_core::wire::{WireAs, any};

use crate::lenient::Within;

/// A list of texts, or of objects with the text under `title`. Written even when it is empty.
pub(crate) struct TextsOrTitles;

impl WireAs<Vec<String>> for TextsOrTitles {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        let titles: Vec<Title> = Wire::decode(deserializer)?;
        Ok(titles.into_iter().filter_map(|title| title.0).collect())
    }

    fn encode<S: Serializer>(value: &Vec<String>, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn absent() -> Option<Vec<String>> {
        Some(Vec::new())
    }

    fn shape() -> Shape {
        Shape::List(<Title as Wire>::shape)
    }
}

/// An element of [`TextsOrTitles`]; one without a title is left out of the list.
struct Title(Option<String>);

impl Wire for Title {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, Within("title")).map(Self)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer)
    }

    fn shape() -> Shape {
        const FIELDS: &[Field] = &[Field::new("title", "The text.", <String as Wire>::shape)];
        const OBJECT: fn() -> Shape =
            || Shape::Object { name: "Title", doc: "A text in an object.", fields: || FIELDS };
        Shape::OneOf(&[<String as Wire>::shape, OBJECT, || Shape::Null])
    }
}
