//! A finished audit, wherever the vendor puts its details.

use std::fmt;
use std::sync::LazyLock;

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::value::MapAccessDeserializer;
use webhook_core::serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use webhook_core::serde::ser::SerializeMap;
use webhook_core::shape::{Field, Shape};
use webhook_core::wire::{Encoded, Object, any, object, seed};

use super::{AuditDetails, AuditId};

/// An audit that was finished, with its details.
///
/// **Trap:** the vendor says that the details are in the payload and not where. No delivery is known that would tell,
/// so every place they could have decodes, and [`position`](Self::position) says which one it was.
///
/// It is the first of these that applies:
///
/// 1. `audit` is an object: it holds the details, and what stands beside it besides the id is passed over.
/// 2. `auditId` and at least one other key of [`AuditDetails`] than `id`: the details stand beside the id.
/// 3. `auditId`: there are no details.
/// 4. `id`: the payload is the details.
///
/// Written back, the details stand where they came; a nested audit always has its `auditId` beside it.
///
/// [Vendor page](https://developer.monitorqa.com/#/webhook)
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[doc(alias = "AUDIT_COMPLETED")]
pub struct AuditCompleted {
    /// The id of the audit, from wherever it stood.
    pub audit_id: AuditId,
    /// The details.
    pub details: Option<AuditDetails>,
    /// Where the details stood. If you see a real delivery, please tell us.
    pub position: DetailsPosition,
}

/// Where in the payload the details of an audit stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DetailsPosition {
    /// In `audit`, the way that the details of a corrective action stand in `correctiveAction`.
    Nested,
    /// Beside `auditId`.
    Flattened,
    /// The payload is the details, and has `id` instead of `auditId`.
    Whole,
    /// Nowhere: there is `auditId` alone, which is all that the page shows.
    Absent,
}

const AUDIT_ID: &str = "auditId";
const AUDIT: &str = "audit";

/// The keys of the details are numbered after those of the payload itself.
const OWN_KEYS: usize = 2;

/// The payload while its keys arrive.
#[derive(Default)]
#[expect(clippy::option_option, reason = "a key that came as null did come")]
pub struct Partial {
    audit_id: Option<Option<AuditId>>,
    nested: Option<Option<AuditDetails>>,
    /// Details that are not nested: which of the three positions it is shows at the end.
    beside: <AuditDetails as Object>::Partial,
    has_beside: bool,
}

impl Object for AuditCompleted {
    type Partial = Partial;

    const NAME: &'static str = "AuditCompleted";
    const DOC: &'static str = "An audit that was finished, with its details.";

    fn key(text: &str) -> usize {
        match text {
            AUDIT_ID => 0,
            AUDIT => 1,
            _ => AuditDetails::key(text).saturating_add(OWN_KEYS),
        }
    }

    fn decode_field<'de, A: MapAccess<'de>>(
        partial: &mut Partial,
        key: usize,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            0 => object::store(&mut partial.audit_id, AUDIT_ID, seed(), map),
            1 => object::store(&mut partial.nested, AUDIT, NestedSeed, map),
            object::UNKNOWN => object::skip(map),
            key => {
                let key = key - OWN_KEYS;
                partial.has_beside |= key != AuditDetails::key("id");
                AuditDetails::decode_field(&mut partial.beside, key, map)
            }
        }
    }

    fn finish<E: Error>(partial: Partial) -> Result<Self, E> {
        let (audit_id, details, position) = match (partial.audit_id.flatten(), partial.nested.flatten()) {
            (audit_id, Some(nested)) => {
                (audit_id.or_else(|| nested.id.clone()), Some(nested), DetailsPosition::Nested)
            }
            (Some(audit_id), None) if partial.has_beside => {
                (Some(audit_id), Some(AuditDetails::finish(partial.beside)?), DetailsPosition::Flattened)
            }
            (Some(audit_id), None) => (Some(audit_id), None, DetailsPosition::Absent),
            (None, None) => {
                let whole = AuditDetails::finish(partial.beside)?;
                (whole.id.clone(), Some(whole), DetailsPosition::Whole)
            }
        };
        let audit_id = audit_id.ok_or_else(|| E::missing_field(AUDIT_ID))?;
        Ok(Self { audit_id, details, position })
    }

    fn encode_fields<S: SerializeMap>(&self, map: &mut S) -> Result<(), S::Error> {
        if self.position != DetailsPosition::Whole {
            map.serialize_entry(AUDIT_ID, &Encoded::new(&self.audit_id))?;
        }
        match &self.details {
            None => Ok(()),
            Some(details) => match self.position {
                DetailsPosition::Nested | DetailsPosition::Absent => {
                    map.serialize_entry(AUDIT, &Encoded::new(details))
                }
                DetailsPosition::Flattened | DetailsPosition::Whole => details.encode_fields(map),
            },
        }
    }

    /// What is in one position is in no other, so every key may be missing.
    fn fields() -> &'static [Field] {
        static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
            let own = [
                Field::new(AUDIT_ID, "The id of the audit.", AuditId::shape).documented(false, true),
                Field::new(AUDIT, "The details of the audit.", nested_shape).documented(false, true),
            ];
            let beside = AuditDetails::fields().iter().map(|field| field.documented(field.nullable, true));
            own.into_iter().chain(beside).collect()
        });
        &FIELDS
    }
}

impl Wire for AuditCompleted {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::decode(deserializer)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object::encode(self, serializer)
    }

    fn shape() -> Shape {
        object::shape::<Self>()
    }
}

webhook_core::wire_as_serde!(AuditCompleted);

/// What [`NestedSeed`] takes.
fn nested_shape() -> Shape {
    Shape::OneOf(&[
        AuditDetails::shape,
        || Shape::Text,
        || Shape::Number,
        || Shape::Boolean,
        || Shape::List(|| Shape::Any),
    ])
}

/// The value of `audit`: details if it is an object; anything else has none and leaves the decision to other keys.
struct NestedSeed;

impl<'de> DeserializeSeed<'de> for NestedSeed {
    type Value = Option<AuditDetails>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        any(deserializer, self)
    }
}

impl<'de> Visitor<'de> for NestedSeed {
    type Value = Option<AuditDetails>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the details of an audit")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        AuditDetails::decode(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
