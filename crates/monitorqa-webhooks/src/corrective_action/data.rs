//! The payload of every event of a corrective action: an id, and the details unless it is gone.

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::{Deserializer, Error, MapAccess};
use webhook_core::serde::ser::SerializeMap;
use webhook_core::shape::{Field, Shape};
use webhook_core::wire::{Encoded, Object, object, seed};

use super::{CorrectiveAction, CorrectiveActionId};

/// Which corrective action an event is about, and how it stands.
///
/// [Vendor page](https://developer.monitorqa.com/#/webhook)
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[doc(alias = "CORRECTIVE_ACTION_CREATED")]
#[doc(alias = "CORRECTIVE_ACTION_ASSIGNED")]
#[doc(alias = "CORRECTIVE_ACTION_SUBMITTED")]
#[doc(alias = "CORRECTIVE_ACTION_APPROVED")]
#[doc(alias = "CORRECTIVE_ACTION_REJECTED")]
#[doc(alias = "CORRECTIVE_ACTION_DELETED")]
#[doc(alias = "CORRECTIVE_ACTION_EXPIRED")]
#[doc(alias = "CORRECTIVE_ACTION_UPDATED")]
pub struct CorrectiveActionData {
    /// The id of the corrective action: `correctiveActionId`, or the id in the details where that is missing.
    pub corrective_action_id: CorrectiveActionId,
    /// The details: `null` when it was deleted, missing before July 2023, and possibly so for any event. Written back
    /// as `null`.
    pub corrective_action: Option<CorrectiveAction>,
}

const ID: &str = "correctiveActionId";
const DETAILS: &str = "correctiveAction";

/// The payload while its keys arrive.
#[derive(Default)]
#[expect(clippy::option_option, reason = "a key that came as null did come")]
pub struct Partial {
    id: Option<Option<CorrectiveActionId>>,
    details: Option<Option<CorrectiveAction>>,
}

impl Object for CorrectiveActionData {
    type Partial = Partial;

    const NAME: &'static str = "CorrectiveActionData";
    const DOC: &'static str = "Which corrective action an event is about, and how it stands.";

    fn key(text: &str) -> usize {
        match text {
            ID => 0,
            DETAILS => 1,
            _ => object::UNKNOWN,
        }
    }

    fn decode_field<'de, A: MapAccess<'de>>(
        partial: &mut Partial,
        key: usize,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            0 => object::store(&mut partial.id, ID, seed(), map),
            1 => object::store(&mut partial.details, DETAILS, seed(), map),
            _ => object::skip(map),
        }
    }

    fn finish<E: Error>(partial: Partial) -> Result<Self, E> {
        let details = partial.details.flatten();
        let id = partial.id.flatten().or_else(|| Some(details.as_ref()?.id.clone()));
        Ok(Self { corrective_action_id: id.ok_or_else(|| E::missing_field(ID))?, corrective_action: details })
    }

    fn encode_fields<S: SerializeMap>(&self, map: &mut S) -> Result<(), S::Error> {
        map.serialize_entry(ID, &Encoded::new(&self.corrective_action_id))?;
        map.serialize_entry(DETAILS, &Encoded::new(&self.corrective_action))
    }

    fn fields() -> &'static [Field] {
        const FIELDS: &[Field] = &[
            Field::new(ID, "The id of the corrective action.", CorrectiveActionId::shape),
            Field::new(DETAILS, "The details; `null` when it was deleted.", CorrectiveAction::shape)
                .documented(true, true),
        ];
        FIELDS
    }
}

impl Wire for CorrectiveActionData {
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

webhook_core::wire_as_serde!(CorrectiveActionData);
