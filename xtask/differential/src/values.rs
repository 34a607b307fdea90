//! The values of a text, read by our reader and by `serde_json` at once.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use webhook_core::json::{JsonKind, NotJson, Reader};

use crate::subject::Subject;

/// The same values, read by both at once.
pub(crate) fn compare<S: Subject>(text: &str) -> Result<(), String> {
    let mut reader = Reader::new(text);
    let mut json = serde_json::Deserializer::from_str(text);
    Same::<S>(&mut reader, PhantomData)
        .deserialize(&mut json)
        .map_err(|error| format!("a value differs: {error}"))?;
    if reader.at_end() { Ok(()) } else { Err("the reader stopped early".to_owned()) }
}

/// Reads a value as our reader sees it, and compares.
struct Same<'a, 'de, S>(&'a mut Reader<'de>, PhantomData<S>);

fn differs<E: Error>(what: &str) -> E {
    E::custom(what)
}

fn broken<E: Error>(_: NotJson) -> E {
    differs("refused")
}

impl<'de, S: Subject> DeserializeSeed<'de> for Same<'_, 'de, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        match self.0.kind().map_err(broken)? {
            JsonKind::Null => {
                self.0.take_null().map_err(broken)?;
                serde::Deserialize::deserialize(json)
            }
            JsonKind::Boolean => {
                let ours = S::boolean(self.0).map_err(broken)?;
                let theirs: bool = serde::Deserialize::deserialize(json)?;
                if ours == Some(theirs) { Ok(()) } else { Err(differs("a boolean")) }
            }
            JsonKind::Number => {
                let [mut unsigned, mut signed] = [self.0.clone(), self.0.clone()];
                let ours = S::number(self.0).map_err(broken)?;
                let theirs: &RawValue = serde::Deserialize::deserialize(json)?;
                if ours != Some(theirs.get()) {
                    return Err(differs("a number"));
                }
                // `serde_json` reads integers by their digits alone; ours also reads a whole decimal as an integer.
                let unsigned = S::unsigned(&mut unsigned).map_err(broken)?;
                let signed = S::signed(&mut signed).map_err(broken)?;
                let digits = theirs.get();
                if !has_fraction(digits) && (unsigned != integer(digits) || signed != integer(digits)) {
                    return Err(differs("an integer"));
                }
                Ok(())
            }
            JsonKind::String => {
                let ours = S::text(self.0).map_err(broken)?;
                let theirs = Bytes.deserialize(json)?;
                let theirs = std::str::from_utf8(&theirs).ok();
                if ours.as_deref() == theirs { Ok(()) } else { Err(differs("a text")) }
            }
            JsonKind::Array => json.deserialize_seq(self),
            _ => json.deserialize_map(self),
        }
    }
}

impl<'de, S: Subject> Visitor<'de> for Same<'_, 'de, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut theirs: A) -> Result<(), A::Error> {
        let mut list = self.0.list().map_err(broken)?.ok_or_else(|| differs("a list"))?;
        while self.0.next_element(&mut list).map_err(broken)? {
            theirs
                .next_element_seed(Same::<S>(self.0, PhantomData))?
                .ok_or_else(|| differs::<A::Error>("too many elements"))?;
        }
        if theirs.next_element::<IgnoredAny>()?.is_some() { Err(differs("too few elements")) } else { Ok(()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut theirs: A) -> Result<(), A::Error> {
        let mut keys = self.0.object().map_err(broken)?.ok_or_else(|| differs("an object"))?;
        while let Some(ours) = S::key(self.0, &mut keys).map_err(broken)? {
            let key = theirs.next_key_seed(Bytes)?.ok_or_else(|| differs::<A::Error>("too many keys"))?;
            if *ours.as_bytes() != *without_surrogates(key) {
                return Err(differs("a key"));
            }
            theirs.next_value_seed(Same::<S>(self.0, PhantomData))?;
        }
        if theirs.next_key_seed(Bytes)?.is_some() { Err(differs("too few keys")) } else { Ok(()) }
    }
}

/// An integer by `serde_json`; `-0` is an integer for our reader.
fn integer<N: DeserializeOwned + Default>(digits: &str) -> Option<N> {
    if digits == "-0" { Some(N::default()) } else { serde_json::from_str(digits).ok() }
}

pub(crate) fn has_fraction(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && matches!(pair[1], b'.' | b'e' | b'E'))
}

/// A text as bytes, in which `serde_json` lets a lone surrogate be.
pub(crate) struct Bytes;

impl<'de> DeserializeSeed<'de> for Bytes {
    type Value = Cow<'de, [u8]>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for Bytes {
    type Value = Cow<'de, [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(bytes))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(bytes.to_vec()))
    }
}

/// A lone surrogate in a key is U+FFFD for the reader.
fn without_surrogates(mut key: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    for at in 0..key.len().saturating_sub(2) {
        if key[at] == 0xED && key[at + 1] >= 0xA0 {
            key.to_mut()[at..at + 3].copy_from_slice("\u{fffd}".as_bytes());
        }
    }
    key
}
