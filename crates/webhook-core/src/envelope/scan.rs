//! Reads an envelope without decoding its payload: the name, the vendor's id, and the place of the payload.

use std::borrow::Cow;
use std::fmt;

use serde::de::IgnoredAny;

use super::error::{DecodeError, DecodeErrorKind};
use super::{EnvelopeKey, Layout, envelope_key};
use crate::json::{NotJson, Reader, UNKNOWN, without_byte_order_mark};
use crate::wire::read_id;

/// The content of the front of a delivery.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Peek<'a> {
    /// The name of the event on the wire.
    pub name: Cow<'a, str>,
}

impl Peek<'_> {
    /// The name of the event on the wire.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for Peek<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peek").field("name", &self.name).finish()
    }
}

/// How far to read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    Name,
    Id,
    End,
}

/// The part of an envelope that was read, borrowed from the body.
#[derive(Debug, Default)]
pub(crate) struct Scanned<'de> {
    name: Option<Cow<'de, str>>,
    old_name: Option<Cow<'de, str>>,
    id: Option<Cow<'de, str>>,
    pub(crate) payload: Option<&'de str>,
    /// How well the keys fit the envelope of the vendor.
    pub(crate) score: u32,
}

impl<'de> Scanned<'de> {
    /// The name. The old key is used only if the key itself has no usable value.
    pub(crate) fn name(&self) -> Option<Cow<'de, str>> {
        self.name.clone().or_else(|| self.old_name.clone())
    }
}

/// The weight of a key for a vendor. Without its name key an envelope does not belong to a vendor. The old name key of
/// one vendor is the name key of another, so it has less weight.
pub(crate) const NAME_SCORE: u32 = 4;
const OLD_NAME_SCORE: u32 = 3;
const PAYLOAD_SCORE: u32 = 2;
const FIELD_SCORE: u32 = 1;

/// Reads an envelope. Values before a syntax error are kept in `into`.
fn scan<'de, T: Layout>(
    json: &mut Reader<'de>,
    until: Until,
    into: &mut Scanned<'de>,
) -> Result<(), NotJson> {
    let mut keys = json.object()?.ok_or(NotJson)?;
    while let Some(key) = json.next_text_key(&mut keys)? {
        if T::ID_KEY == Some(&*key) && into.id.is_none() {
            into.score += FIELD_SCORE;
            if until == Until::Name {
                json.skip()?;
                continue;
            }
            let id = read_id(json)?;
            // A number at the end of the text may be cut off.
            into.id = id.filter(|_| !json.at_end()).map(Cow::Owned);
            if until == Until::Id && into.id.is_some() {
                return Ok(());
            }
            continue;
        }
        let score = match envelope_key::<T>(&key) {
            EnvelopeKey::Name if into.name.is_none() => {
                into.name = json.text()?.filter(|name| !name.is_empty());
                if until == Until::Name && into.name.is_some() {
                    return Ok(());
                }
                NAME_SCORE
            }
            EnvelopeKey::OldName if into.old_name.is_none() => {
                into.old_name = json.text()?.filter(|name| !name.is_empty());
                OLD_NAME_SCORE
            }
            EnvelopeKey::Payload if into.payload.is_none() => {
                into.payload = Some(json.raw()?);
                PAYLOAD_SCORE
            }
            key => {
                json.skip()?;
                if key == EnvelopeKey::Field(UNKNOWN) { 0 } else { FIELD_SCORE }
            }
        };
        into.score = into.score.saturating_add(score);
    }
    Ok(())
}

/// Reads an envelope.
pub(crate) fn read<'de, T: Layout>(json: &mut Reader<'de>, until: Until) -> Result<Scanned<'de>, NotJson> {
    let mut scanned = Scanned::default();
    scan::<T>(json, until, &mut scanned).map(|()| scanned)
}

/// The whole envelope, up to the first syntax error.
pub(crate) fn whole<T: Layout>(text: &str) -> Scanned<'_> {
    let mut scanned = Scanned::default();
    let _ = scan::<T>(&mut Reader::new(text), Until::End, &mut scanned);
    scanned
}

/// The part of a body that is read first: it contains the name and the id of every vendor.
const FRONT_BYTES: usize = 256;

/// Reads up to the name.
pub(crate) fn peek<T: Layout>(body: &[u8]) -> Result<Peek<'_>, DecodeError> {
    let body = without_byte_order_mark(body);
    if let Ok(Scanned { name: Some(name), .. }) = read::<T>(&mut Reader::new(front(body)), Until::Name) {
        return Ok(Peek { name });
    }
    let text = valid(body);
    let mut scanned = Scanned::default();
    let outcome = scan::<T>(&mut Reader::new(text), Until::Name, &mut scanned);
    match (scanned.name(), outcome) {
        (Some(name), _) => Ok(Peek { name }),
        (None, Ok(())) => Err(DecodeError::no_name(T::VENDOR, T::NAME_KEY)),
        (None, Err(_)) => Err(unreadable::<T>(body, text)),
    }
}

/// Reads up to the vendor's id of the event, if the vendor has ids.
pub(crate) fn id<T: Layout>(body: &[u8]) -> Option<Cow<'_, str>> {
    T::ID_KEY?;
    let body = without_byte_order_mark(body);
    if let Ok(Scanned { id: Some(id), .. }) = read::<T>(&mut Reader::new(front(body)), Until::Id) {
        return Some(id);
    }
    let mut scanned = Scanned::default();
    let _ = scan::<T>(&mut Reader::new(valid(body)), Until::Id, &mut scanned);
    scanned.id
}

/// The text at the front of a body.
fn front(body: &[u8]) -> &str {
    let front = body.split_at_checked(FRONT_BYTES).map_or(body, |(front, _)| front);
    valid_std(front)
}

/// The text of a body, up to the first byte that is not UTF-8.
fn valid(body: &[u8]) -> &str {
    simdutf8::basic::from_utf8(body).unwrap_or_else(|_| valid_std(body))
}

fn valid_std(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        }
    }
}

/// The error for a body in which no name was found.
fn unreadable<T: Layout>(body: &[u8], text: &str) -> DecodeError {
    if text.len() < body.len() {
        return DecodeError::not_utf8(T::VENDOR, body);
    }
    match serde_json::from_str::<IgnoredAny>(text) {
        Err(error) => DecodeError::not_json(T::VENDOR, error),
        Ok(_) => DecodeError::new(T::VENDOR, DecodeErrorKind::NotAnObject, "", "an object"),
    }
}
