//! One pass over a delivery: the name chooses the type of the payload as it arrives.
//!
//! All three forms of laziness that serde offers (`tag`, `untagged`, `flatten`) buffer the payload first, lose the path
//! of an error, and break when any crate in the build turns on `arbitrary_precision` of `serde_json`. Here a visitor meets
//! the name, and hands the payload to the decoder that the name selects. A payload that comes before its name is held
//! as text until the name arrives.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::diagnose;
use crate::error::DecodeError;
use crate::events::Events;
use crate::lenient::IfText;
use crate::raw::RawJson;
use crate::wire::object::skip;
use crate::wire::{HoldsEvent, any, seed};

/// How a vendor lays out its envelope: which key is the name, which the payload. The other keys are the fields of the
/// implementing struct, by `#[derive(Wire)]`.
pub trait Layout: HoldsEvent<Event: Events> {
    /// The vendor, in lower case, as in the name of its crate.
    const VENDOR: &'static str;

    /// The key of the event's name.
    const NAME_KEY: &'static str;

    /// Another key of the name, which counts only when [`NAME_KEY`](Self::NAME_KEY) is missing.
    const OLD_NAME_KEY: Option<&'static str> = None;

    /// The key of the payload.
    const PAYLOAD_KEY: &'static str;

    /// The key of the vendor's own id of the event, where it gives one.
    const ID_KEY: Option<&'static str> = None;
}

/// Decodes a body.
pub(crate) fn from_slice<T: Layout>(body: &[u8]) -> Result<T, DecodeError> {
    // Checked as UTF-8 once, here: the parser then takes every string as it is.
    match simdutf8::basic::from_utf8(body) {
        Ok(text) => from_str(text),
        Err(_) => Err(diagnose::not_utf8(T::VENDOR, body)),
    }
}

/// Decodes a body that is known to be UTF-8.
pub(crate) fn from_str<T: Layout>(text: &str) -> Result<T, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let webhook = deserialize(&mut deserializer);
    match webhook.and_then(|webhook| deserializer.end().map(|()| webhook)) {
        Ok(webhook) => Ok(webhook),
        Err(error) => Err(diagnose::webhook::<T>(text, error)),
    }
}

/// Decodes from any serde format.
#[doc(hidden)]
pub fn deserialize<'de, T: Layout, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(EnvelopeVisitor(PhantomData))
}

/// Decodes the payload of a body alone, as any type.
pub(crate) fn payload_as<T: Layout, P: DeserializeOwned>(body: &[u8]) -> Result<P, DecodeError> {
    let text = simdutf8::basic::from_utf8(body).map_err(|_| diagnose::not_utf8(T::VENDOR, body))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let payload = payload::<T, P, _>(&mut deserializer);
    match payload.and_then(|payload| deserializer.end().map(|()| payload)) {
        Ok(payload) => payload.ok_or_else(|| diagnose::no_payload(T::VENDOR, T::PAYLOAD_KEY)),
        Err(error) => Err(diagnose::payload::<T, P>(text, error)),
    }
}

/// The payload of an envelope, wherever it stands, and nothing else of it.
pub(crate) fn payload<'de, T: Layout, P: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<P>, D::Error> {
    deserializer.deserialize_map(PayloadVisitor(PhantomData::<(T, P)>))
}

/// Encodes an envelope: the name first, so that reading it back takes one pass, the payload last.
#[doc(hidden)]
pub fn serialize<T: Layout, S: Serializer>(webhook: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry(T::NAME_KEY, webhook.event_of().name())?;
    webhook.encode_fields(&mut map)?;
    map.serialize_entry(T::PAYLOAD_KEY, &Payload(webhook.event_of()))?;
    map.end()
}

struct Payload<'a, E>(&'a E);

impl<E: Events> serde::Serialize for Payload<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode_payload(serializer)
    }
}

/// What a key of an envelope is.
pub(crate) enum Key {
    Name,
    OldName,
    Payload,
    Field(usize),
}

pub(crate) struct KeySeed<T>(pub(crate) PhantomData<T>);

impl<'de, T: Layout> DeserializeSeed<'de> for KeySeed<T> {
    type Value = Key;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: Layout> Visitor<'_> for KeySeed<T> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<Key, E> {
        Ok(if text == T::NAME_KEY {
            Key::Name
        } else if text == T::PAYLOAD_KEY {
            Key::Payload
        } else if T::OLD_NAME_KEY == Some(text) {
            Key::OldName
        } else {
            Key::Field(T::key(text))
        })
    }
}

/// The name of an event: listed ones are told apart without copying their text.
enum Name<E: Events> {
    Listed(E::Name),
    Unlisted(Box<str>),
}

impl<E: Events> Name<E> {
    fn decode<'de, A: MapAccess<'de>>(self, map: &mut A) -> Result<E, A::Error> {
        match self {
            Self::Listed(name) => map.next_value_seed(PayloadSeed::<E>(name)),
            Self::Unlisted(name) => map.next_value_seed(seed()).map(|payload| E::unlisted(name, payload)),
        }
    }

    fn decode_held<X: Error>(self, payload: Box<RawValue>) -> Result<E, X> {
        match self {
            Self::Listed(name) => {
                let mut deserializer = serde_json::Deserializer::from_str(payload.get());
                E::decode(name, &mut deserializer).map_err(X::custom)
            }
            Self::Unlisted(name) => Ok(E::unlisted(name, payload.into())),
        }
    }

    fn without_payload<X: Error>(self, key: &'static str) -> Result<E, X> {
        match self {
            Self::Listed(name) => E::without_payload(name).ok_or_else(|| X::missing_field(key)),
            Self::Unlisted(name) => Ok(E::unlisted(name, RawJson::null())),
        }
    }
}

struct NameSeed<E>(PhantomData<E>);

impl<'de, E: Events> DeserializeSeed<'de> for NameSeed<E> {
    type Value = Name<E>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name<E>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<E: Events> Visitor<'_> for NameSeed<E> {
    type Value = Name<E>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<X: Error>(self, text: &str) -> Result<Name<E>, X> {
        Ok(E::find(text).map_or_else(|| Name::Unlisted(text.into()), Name::Listed))
    }
}

/// The name under its old key, where only text counts.
struct OldNameSeed<E>(PhantomData<E>);

impl<'de, E: Events> DeserializeSeed<'de> for OldNameSeed<E> {
    type Value = Option<Name<E>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        any(deserializer, IfText(NameSeed(PhantomData)))
    }
}

struct PayloadSeed<E: Events>(E::Name);

impl<'de, E: Events> DeserializeSeed<'de> for PayloadSeed<E> {
    type Value = E;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<E, D::Error> {
        E::decode(self.0, deserializer)
    }
}

struct PayloadVisitor<T, P>(PhantomData<(T, P)>);

impl<'de, T: Layout, P: Deserialize<'de>> Visitor<'de> for PayloadVisitor<T, P> {
    type Value = Option<P>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<P>, A::Error> {
        let mut payload = None;
        while let Some(key) = map.next_key_seed(KeySeed::<T>(PhantomData))? {
            match key {
                Key::Payload if payload.is_some() => {
                    return Err(A::Error::duplicate_field(T::PAYLOAD_KEY));
                }
                Key::Payload => payload = Some(map.next_value()?),
                _ => skip(&mut map)?,
            }
        }
        Ok(payload)
    }
}

struct EnvelopeVisitor<T>(PhantomData<T>);

impl<'de, T: Layout> Visitor<'de> for EnvelopeVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut partial = T::Partial::default();
        let mut name: Option<Name<T::Event>> = None;
        let mut named = false;
        let mut old_name: Option<Name<T::Event>> = None;
        let mut held: Option<Box<RawValue>> = None;
        let mut event: Option<T::Event> = None;
        while let Some(key) = map.next_key_seed(KeySeed::<T>(PhantomData))? {
            match key {
                Key::Name if named => return Err(A::Error::duplicate_field(T::NAME_KEY)),
                Key::Name => {
                    name = Some(map.next_value_seed(NameSeed(PhantomData))?);
                    named = true;
                }
                // What is beside the point cannot be in the way: the name itself may still come.
                Key::OldName => old_name = map.next_value_seed(OldNameSeed(PhantomData))?,
                Key::Payload if event.is_some() || held.is_some() => {
                    return Err(A::Error::duplicate_field(T::PAYLOAD_KEY));
                }
                Key::Payload => match name.take() {
                    Some(name) => event = Some(name.decode(&mut map)?),
                    None => held = Some(map.next_value()?),
                },
                Key::Field(field) => T::decode_field(&mut partial, field, &mut map)?,
            }
        }
        let event = if let Some(event) = event {
            event
        } else {
            let name = name.or(old_name).ok_or_else(|| A::Error::missing_field(T::NAME_KEY))?;
            match held {
                Some(payload) => name.decode_held(payload)?,
                None => name.without_payload(T::PAYLOAD_KEY)?,
            }
        };
        T::put_event(&mut partial, event);
        T::finish(partial)
    }
}
