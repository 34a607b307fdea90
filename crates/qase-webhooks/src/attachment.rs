//! Files attached to cases, steps and defects.

use std::fmt;

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::value::MapAccessDeserializer;
use webhook_core::serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};
use webhook_core::shape::Shape;
use webhook_core::wire::any;

/// A file attached to something, in one of the three forms that the vendor's pages give it.
///
/// **Trap:** every sample has an empty list, so which form is sent today is not known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Attachment {
    /// The id of the file, as in samples until 2022.
    Id(u64),
    /// The hash of the file, which is its id in the vendor's API.
    Hash(String),
    /// The file described.
    Info(AttachmentInfo),
}

/// A file described. The vendor's pages name no key of it; these are those of its API.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Wire)]
#[non_exhaustive]
pub struct AttachmentInfo {
    /// The name of the file.
    #[wire(optional)]
    pub filename: Option<String>,
    /// The media type, such as `image/png`.
    #[wire(optional)]
    pub mime: Option<String>,
    /// The size in bytes.
    #[wire(optional, rename = "size")]
    pub size_bytes: Option<u64>,
    /// Where the file can be read.
    #[wire(optional)]
    pub url: Option<String>,
}

impl Attachment {
    /// The description, if one was sent.
    pub fn info(&self) -> Option<&AttachmentInfo> {
        match self {
            Self::Info(info) => Some(info),
            _ => None,
        }
    }
}

impl Wire for Attachment {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, AttachmentVisitor)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => id.encode(serializer),
            Self::Hash(hash) => hash.encode(serializer),
            Self::Info(info) => info.encode(serializer),
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<AttachmentInfo as Wire>::shape, <String as Wire>::shape, || Shape::Integer {
            min: 0,
        }])
    }
}

webhook_core::wire_as_serde!(Attachment);

struct AttachmentVisitor;

impl<'de> Visitor<'de> for AttachmentVisitor {
    type Value = Attachment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id from 0 to 2^64 - 1, a hash as text, or an object")
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<Attachment, E> {
        Ok(Attachment::Id(id))
    }

    fn visit_i64<E: Error>(self, id: i64) -> Result<Attachment, E> {
        match u64::try_from(id) {
            Ok(id) => Ok(Attachment::Id(id)),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(id), &self)),
        }
    }

    fn visit_str<E: Error>(self, hash: &str) -> Result<Attachment, E> {
        Ok(Attachment::Hash(hash.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Attachment, A::Error> {
        AttachmentInfo::decode(MapAccessDeserializer::new(map)).map(Attachment::Info)
    }
}
