//! Tags, as texts or as objects with a title.

use serde::Serializer;
use webhook_core::Wire;
use webhook_core::describe::Shape;
use webhook_core::json::{NotJson, Reader};
use webhook_core::wire::WireAs;

/// A list of texts, or of objects with the text under `title`.
pub(crate) struct Tags;

#[derive(Wire)]
enum TextOrTag {
    Text(String),
    Object(Tag),
}

/// A tag as an object.
#[derive(Wire)]
struct Tag {
    /// Its text.
    #[wire(identity)]
    title: String,
}

impl WireAs<Vec<String>> for Tags {
    fn read(json: &mut Reader<'_>) -> Result<Option<Vec<String>>, NotJson> {
        let tags = <Vec<TextOrTag> as Wire>::read(json)?;
        let text = |tag| match tag {
            TextOrTag::Text(text) => text,
            TextOrTag::Object(object) => object.title,
        };
        Ok(tags.map(|tags| tags.into_iter().map(text).collect()))
    }

    fn write<S: Serializer>(value: &Vec<String>, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }

    fn shape() -> Shape {
        <Vec<TextOrTag> as Wire>::shape()
    }
}
