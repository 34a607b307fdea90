//! Decodes the bytes of a body to a webhook in one pass: the name selects the type of the payload.
//!
//! A payload that comes before the name is kept as text until the name is read.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny};
use serde::ser::{SerializeMap, Serializer};

use super::error::{DecodeError, DecodeErrorKind, Source};
use super::scan;
use super::{EnvelopeKey, Events, Layout, envelope_key};
use crate::describe::{identity, join, path_at};
use crate::json::{Key, NotJson, Reader, without_byte_order_mark};
use crate::wire::{RawJson, Seen, json_text};

/// Decodes a body, and returns whether drift may have findings about it.
pub(crate) fn from_slice<T: Layout>(body: &[u8]) -> Result<(T, bool), DecodeError> {
    // UTF-8 is checked once, here; strings are not checked again.
    match simdutf8::basic::from_utf8(without_byte_order_mark(body)) {
        Ok(text) => from_str(text),
        Err(_) => Err(DecodeError::not_utf8(T::VENDOR, body)),
    }
}

fn from_str<T: Layout>(text: &str) -> Result<(T, bool), DecodeError> {
    let mut json = Reader::new(text);
    match read::<T>(&mut json) {
        Ok(webhook) if json.at_end() => Ok((webhook, json.met_unexpected())),
        Ok(_) => Err(refusal::<T>(text, Refused::NotJson)),
        Err(refused) => Err(refusal::<T>(text, refused)),
    }
}

/// The reasons for which a text is not a webhook. There are no others.
enum Refused<N> {
    NotJson,
    NotAnObject,
    NoName,
    NoIdentity(N),
}

impl<N> From<NotJson> for Refused<N> {
    fn from(_: NotJson) -> Self {
        Self::NotJson
    }
}

type Name<T> = <<T as Layout>::Event as Events>::Name;

fn read<T: Layout>(json: &mut Reader<'_>) -> Result<T, Refused<Name<T>>> {
    let Some(mut keys) = json.object_of(T::ENVELOPE_KEYS)? else { return Err(Refused::NotAnObject) };
    let mut partial = T::Partial::default();
    let mut name: Option<Cow<'_, str>> = None;
    let mut old_name: Option<Cow<'_, str>> = None;
    let mut held: Option<&str> = None;
    let mut event: Option<T::Event> = None;
    let mut seen = Seen::default();
    loop {
        let key = match json.next_key(&mut keys)? {
            Key::Expected(number) => EnvelopeKey::of(number),
            Key::Text(key) => envelope_key::<T>(&key),
            Key::End => break,
        };
        match key {
            EnvelopeKey::Field(number) => {
                seen.note(number);
                T::read_field(&mut partial, number, json)?;
            }
            EnvelopeKey::Name if name.is_none() => name = name_text(json)?,
            EnvelopeKey::OldName if old_name.is_none() => old_name = name_text(json)?,
            EnvelopeKey::Payload if event.is_none() && held.is_none() => match &name {
                Some(name) => event = Some(read_event::<T>(name, json)?),
                None => held = Some(json.raw()?),
            },
            // The first name and the first payload are used.
            _ => {
                json.note_unexpected();
                json.skip()?;
            }
        }
    }
    let names_differ = name.is_some() && old_name.is_some() && name != old_name;
    if !seen.is_usual::<T>() || names_differ || (event.is_none() && held.is_none()) {
        json.note_unexpected();
    }
    let event = if let Some(event) = event {
        event
    } else {
        let name = name.or(old_name).ok_or(Refused::NoName)?;
        let mut held = Reader::new(held.unwrap_or("null"));
        let event = read_event::<T>(&name, &mut held)?;
        if held.met_unexpected() {
            json.note_unexpected();
        }
        event
    };
    T::put_event(&mut partial, event);
    T::finish(partial).ok_or(Refused::NoName)
}

/// A name: text that is not empty. Any other value is treated as missing.
fn name_text<'de>(json: &mut Reader<'de>) -> Result<Option<Cow<'de, str>>, NotJson> {
    let name = json.text()?.filter(|name| !name.is_empty());
    if name.is_none() {
        json.note_unexpected();
    }
    Ok(name)
}

fn read_event<T: Layout>(name: &str, json: &mut Reader<'_>) -> Result<T::Event, Refused<Name<T>>> {
    let Some(listed) = T::Event::find(name) else {
        json.note_unexpected();
        return Ok(T::Event::unlisted(name.into(), RawJson::from_checked(json.raw()?)));
    };
    T::Event::read(listed, json)?.ok_or(Refused::NoIdentity(listed))
}

/// The error for a text that does not decode. The position of a syntax error is searched only now.
#[cold]
#[inline(never)]
fn refusal<T: Layout>(text: &str, refused: Refused<Name<T>>) -> DecodeError {
    let name = scan::whole::<T>(text).name();
    let error = match (serde_json::from_str::<IgnoredAny>(text), refused) {
        (Err(error), _) => DecodeError::not_json(T::VENDOR, error),
        (Ok(_), Refused::NotAnObject) => {
            DecodeError::new(T::VENDOR, DecodeErrorKind::NotAnObject, "", "an object")
        }
        (Ok(_), Refused::NotJson | Refused::NoName) => DecodeError::no_name(T::VENDOR, T::NAME_KEY),
        (Ok(_), Refused::NoIdentity(listed)) => {
            let mut places = identity(T::Event::payload_shape(listed)).into_iter();
            let (path, expected) = places.next().unwrap_or_default();
            DecodeError::new(T::VENDOR, DecodeErrorKind::NoIdentity, join(T::PAYLOAD_KEY, &path), expected)
        }
    };
    match name {
        Some(name) => error.of_event(&name, T::Event::find(&name).is_some()),
        None => error,
    }
}

/// Decodes the payload of a body alone, as any type.
pub(crate) fn payload_as<T: Layout, P: DeserializeOwned>(body: &[u8]) -> Result<P, DecodeError> {
    let Ok(text) = simdutf8::basic::from_utf8(without_byte_order_mark(body)) else {
        return Err(DecodeError::not_utf8(T::VENDOR, body));
    };
    let mut json = Reader::new(text);
    let scanned = match scan::read::<T>(&mut json, scan::Until::End) {
        Ok(scanned) if json.at_end() => scanned,
        Err(_) if serde_json::from_str::<IgnoredAny>(text).is_ok() => {
            return Err(refusal::<T>(text, Refused::NotAnObject));
        }
        Ok(_) | Err(_) => return Err(refusal::<T>(text, Refused::NotJson)),
    };
    let error = match scanned.payload {
        Some(payload) => match serde_json::from_str(payload) {
            Ok(value) => return Ok(value),
            Err(error) => {
                let path = join(T::PAYLOAD_KEY, &path_at(payload, offset(payload, &error)));
                DecodeError::new(T::VENDOR, DecodeErrorKind::Payload, path, "a value of the requested type")
                    .caused_by(Source::Json(error))
            }
        },
        None => DecodeError::new(T::VENDOR, DecodeErrorKind::Payload, T::PAYLOAD_KEY, "a value"),
    };
    match scanned.name() {
        Some(name) => Err(error.of_event(&name, T::Event::find(&name).is_some())),
        None => Err(error),
    }
}

/// The position at which `serde_json` stopped, as bytes from the start.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1)
}

/// Decodes from any serde format. The value is written as JSON text first, because only JSON text can be read leniently.
///
/// # Errors
///
/// An error of the format, or a value that is not a webhook.
#[doc(hidden)]
pub fn deserialize<'de, T: Layout, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    from_str(&json_text(deserializer)?).map(|(webhook, _)| webhook).map_err(D::Error::custom)
}

/// Encodes an envelope: the name first, so that reading it back takes one pass, the payload last.
///
/// # Errors
///
/// Only errors of the serializer.
#[doc(hidden)]
pub fn serialize<T: Layout, S: Serializer>(webhook: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry(T::NAME_KEY, webhook.event().name())?;
    webhook.write_fields(&mut map, false)?;
    map.serialize_entry(T::PAYLOAD_KEY, &Payload(webhook.event()))?;
    map.end()
}

struct Payload<'a, E>(&'a E);

impl<E: Events> serde::Serialize for Payload<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write_payload(serializer)
    }
}
