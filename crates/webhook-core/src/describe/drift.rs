//! Drift: how a delivery differs from the documented form of its event, as data.
//!
//! A finding is a path and a kind, never a value, so it can be used in a public issue and in a metric. Drift is found
//! on request only, in a separate pass over the body. [`decode`] skips this pass if there is nothing to find.
//!
//! For any input the findings are bounded in number, in the length of a path, and in their total size.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use super::path::{shorten, write_key};
use super::{Field, Shape, id_of_key};
use crate::envelope::{DecodeError, Envelope, EnvelopeKey, Events, Layout, envelope_key, from_slice, scan};
use crate::json::{NotJson, Reader, without_byte_order_mark};
use crate::wire::{TimeReading, Wire, is_by_position, is_numbered, read_id, read_text, time_reading};

pub use crate::json::JsonKind;

/// The maximum number of findings for one delivery.
pub const MAX_FINDINGS: usize = 1_000;

/// The maximum length of a path, in bytes. A longer path is shortened in the middle.
pub const MAX_PATH_BYTES: usize = 512;

/// The maximum size of the paths of all findings together, in bytes.
pub const MAX_BYTES: usize = 128 * 1024;

/// All differences between a body and the documented form of its event, in the order of the body.
///
/// For a malformed body, these are the findings before the first syntax error. An unlisted event name is a finding
/// itself; its payload is not checked.
pub fn of<T: Layout>(body: &[u8]) -> Vec<Drift> {
    let Ok(text) = simdutf8::basic::from_utf8(without_byte_order_mark(body)) else { return Vec::new() };
    of_event::<T>(text, scan::whole::<T>(text).name().as_deref())
}

/// Decodes a body and finds its drift. The second pass over the body runs only if decoding met something unusual.
///
/// # Errors
///
/// See [`Envelope::from_slice`]. [`of`] has the findings of a body that does not decode.
pub fn decode<T: Envelope>(body: &[u8]) -> Result<Decoded<T>, DecodeError> {
    let (webhook, unexpected): (T, bool) = from_slice(body)?;
    let drift = match simdutf8::basic::from_utf8(without_byte_order_mark(body)) {
        Ok(text) if unexpected => of_event::<T>(text, Some(webhook.name())),
        _ => Vec::new(),
    };
    Ok(Decoded { webhook, drift })
}

/// The findings of a body whose event name is known.
fn of_event<T: Layout>(text: &str, name: Option<&str>) -> Vec<Drift> {
    let mut walk = Walk { path: Vec::new(), found: Vec::new(), bytes: 0 };
    // The decoder reports the syntax error.
    let _ = envelope::<T>(&mut walk, &mut Reader::new(text), name);
    walk.found
}

/// A webhook, and how its body differs from the documented form of its event.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decoded<W> {
    /// The webhook.
    pub webhook: W,
    /// The findings, as returned by [`of`].
    pub drift: Vec<Drift>,
}

/// One difference between a delivery and the documented form of its event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(crate = "serde")]
#[non_exhaustive]
pub struct Drift {
    /// The path from the root of the envelope: `payload.steps[0].foo`.
    pub path: String,
    /// The kind of difference.
    pub kind: DriftKind,
    /// The JSON type of the value; `None` if there is no value.
    pub json: Option<JsonKind>,
    /// What was expected there, as text; `None` if nothing was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Cow<'static, str>>,
}

/// `unexpected value payload.passed (array), expected an integer`: the kind, the path, and the other facts.
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.as_str().replace('_', " "), self.path)?;
        if let Some(json) = self.json {
            write!(f, " ({json})")?;
        }
        match &self.expected {
            Some(expected) => write!(f, ", expected {expected}"),
            None => Ok(()),
        }
    }
}

crate::vocabulary! {
    /// The kind of a [`Drift`].
    pub enum DriftKind {
        /// A key that is not in the type.
        UnknownField = "unknown_field",
        /// A text or number that the vocabulary does not list.
        UnlistedValue = "unlisted_value",
        /// A value that does not fit its place, which is therefore `None` or left out. Also a time in another unit than
        /// the documented one, although it is read, and a name in the old key that differs from the name in use.
        UnexpectedValue = "unexpected_value",
        /// A key that the vendor documents as always present is missing.
        MissingField = "missing_field",
        /// `null` in a field that is not documented as nullable.
        UndocumentedNull = "undocumented_null",
        /// A key that occurs more than once in an object or a map. The last usable value is used; for the name, the id and the
        /// payload of an envelope, the first.
        RepeatedKey = "repeated_key",
    }
}

struct Walk<'a> {
    /// Written as text only for a finding.
    path: Vec<Step<'a>>,
    found: Vec<Drift>,
    bytes: usize,
}

/// How a value fits a shape that is not a list, map or object, the best fit last.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Unusable,
    Unlisted,
    Fits,
}

#[derive(Clone)]
enum Step<'a> {
    Key(Cow<'a, str>),
    Index(usize),
}

impl<'a> Walk<'a> {
    fn add(&mut self, kind: DriftKind, json: Option<JsonKind>, expected: Option<Shape>) {
        if self.found.len() >= MAX_FINDINGS || self.bytes >= MAX_BYTES {
            return;
        }
        let mut path = String::new();
        for step in &self.path {
            // Writing to a string cannot fail.
            let _ = match step {
                Step::Key(key) => write_key(&mut path, key),
                Step::Index(index) => write!(path, "[{index}]"),
            };
        }
        if let Cow::Owned(shortened) = shorten(&path, MAX_PATH_BYTES) {
            path = shortened;
        }
        self.bytes += path.len();
        let expected = expected.map(Shape::expected);
        self.found.push(Drift { path, kind, json, expected });
    }

    /// Runs a closure with one more step in the path.
    fn within<R>(&mut self, step: Step<'a>, act: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(step);
        let result = act(self);
        self.path.pop();
        result
    }

    /// The value of a known field.
    fn field(&mut self, field: &Field, json: &mut Reader<'a>) -> Result<(), NotJson> {
        self.or_null((field.shape)(), field.nullable || field.tolerated, json)
    }

    fn or_null(&mut self, shape: Shape, null_expected: bool, json: &mut Reader<'a>) -> Result<(), NotJson> {
        if !json.take_null()? {
            return self.value(shape, Empty::IsNothing, json);
        }
        if !null_expected && !matches!(shape, Shape::Any) {
            self.add(DriftKind::UndocumentedNull, Some(JsonKind::Null), Some(shape));
        }
        Ok(())
    }

    fn unknown(&mut self, json: &mut Reader<'a>) -> Result<(), NotJson> {
        let kind = json.kind()?;
        self.add(DriftKind::UnknownField, Some(kind), None);
        json.skip()
    }

    /// An element of a list or a map.
    fn element(&mut self, shape: Shape, json: &mut Reader<'a>) -> Result<(), NotJson> {
        if json.kind()? == JsonKind::Null {
            return self.or_null(shape, false, json);
        }
        self.value(shape, Empty::IsLeftOut, json)
    }

    /// The name of the event, or the name in the old key beside it.
    fn name(&mut self, name: Option<&str>, is_listed: bool, json: &mut Reader<'a>) -> Result<(), NotJson> {
        let kind = json.kind()?;
        match json.text()?.filter(|text| !text.is_empty()) {
            None if kind == JsonKind::Null => {
                self.add(DriftKind::UndocumentedNull, Some(kind), Some(Shape::Text));
            }
            None => self.add(DriftKind::UnexpectedValue, Some(kind), Some(Shape::Text)),
            Some(text) if name != Some(&*text) => self.add(DriftKind::UnexpectedValue, Some(kind), None),
            Some(_) if !is_listed => self.add(DriftKind::UnlistedValue, Some(kind), None),
            Some(_) => {}
        }
        Ok(())
    }

    /// A value that is not `null`.
    fn value(&mut self, shape: Shape, empty: Empty, json: &mut Reader<'a>) -> Result<(), NotJson> {
        let kind = json.kind()?;
        // The form in which PHP writes a list after an element was removed.
        let list = if kind == JsonKind::Object { shape.container(JsonKind::Array) } else { None };
        if let Some(Shape::List(element)) = list
            && match shape.container(kind) {
                None => is_numbered(&mut json.clone())?,
                Some(Shape::MapById(_)) => is_by_position(&mut json.clone())?,
                Some(_) => false,
            }
        {
            return self.elements(shape, element(), json);
        }
        match (kind, shape.container(kind)) {
            (JsonKind::Object, Some(Shape::Object { fields, .. })) => self.object(shape, fields(), json),
            (JsonKind::Array, Some(Shape::List(element))) if stands_for_one(shape, element()) => {
                self.one_element(element(), json)
            }
            (_, Some(found @ (Shape::Map(value) | Shape::MapById(value) | Shape::List(value)))) => {
                self.elements(found, value(), json)
            }
            _ => self.scalar(shape, empty, kind, json),
        }
    }

    fn scalar(
        &mut self,
        shape: Shape,
        empty: Empty,
        kind: JsonKind,
        json: &mut Reader<'a>,
    ) -> Result<(), NotJson> {
        match fit(shape, empty, &mut json.clone())? {
            Fit::Fits => {}
            Fit::Unlisted => self.add(DriftKind::UnlistedValue, Some(kind), None),
            Fit::Unusable => self.add(DriftKind::UnexpectedValue, Some(kind), Some(shape)),
        }
        json.skip()
    }

    fn object(&mut self, shape: Shape, fields: &[Field], json: &mut Reader<'a>) -> Result<(), NotJson> {
        let Some(mut keys) = json.object()? else {
            self.add(DriftKind::UnexpectedValue, Some(JsonKind::Object), Some(shape));
            return Ok(());
        };
        let mut seen = Seen::of(fields);
        while let Some(key) = json.next_text_key(&mut keys)? {
            self.within(Step::Key(key.clone()), |walk| match seen.note(walk, &key, json)? {
                Some(field) => walk.field(field, json),
                None => walk.unknown(json),
            })?;
        }
        seen.missing(self);
        Ok(())
    }

    /// A list in place of one object. Only its first element is used.
    fn one_element(&mut self, element: Shape, json: &mut Reader<'a>) -> Result<(), NotJson> {
        let Some(mut list) = json.list()? else { return Ok(()) };
        let mut index = 0;
        while json.next_element(&mut list)? {
            self.within(Step::Index(index), |walk| {
                if index == 0 {
                    return walk.element(element, json);
                }
                walk.add(DriftKind::UnexpectedValue, Some(json.kind()?), None);
                json.skip()
            })?;
            index += 1;
        }
        Ok(())
    }

    /// The elements of a list or a map. PHP writes both as an array or as an object.
    fn elements(&mut self, shape: Shape, element: Shape, json: &mut Reader<'a>) -> Result<(), NotJson> {
        let kind = json.kind()?;
        if let Some(mut list) = if kind == JsonKind::Array { json.list()? } else { None } {
            let mut index = 0;
            while json.next_element(&mut list)? {
                self.within(Step::Index(index), |walk| walk.element(element, json))?;
                index += 1;
            }
            return Ok(());
        }
        if let Some(mut keys) = if kind == JsonKind::Object { json.object()? } else { None } {
            let mut seen = BTreeSet::new();
            while let Some(key) = json.next_text_key(&mut keys)? {
                // Of a map by id, and of a list in this form, both entries are kept.
                let is_repeated = matches!(shape, Shape::Map(_)) && !seen.insert(key.clone());
                self.within(Step::Key(key.clone()), |walk| {
                    if is_repeated {
                        walk.add(DriftKind::RepeatedKey, Some(json.kind()?), None);
                    }
                    if matches!(shape, Shape::MapById(_)) && id_of_key(&key).is_none() {
                        return walk.unknown(json);
                    }
                    walk.element(element, json)
                })?;
            }
            return Ok(());
        }
        self.add(DriftKind::UnexpectedValue, Some(kind), Some(shape));
        Ok(())
    }
}

/// Whether a list is one of two forms, of which the other is the object that it holds.
fn stands_for_one(shape: Shape, element: Shape) -> bool {
    let name = |shape: Shape| match shape {
        Shape::Object { name, .. } => Some(name),
        _ => None,
    };
    let object = shape.container(JsonKind::Object).and_then(name);
    object.is_some() && object == name(element)
}

/// The keys of an object that have occurred.
struct Seen<'f> {
    fields: &'f [Field],
    /// By field, one bit for each spelling.
    spellings: Vec<u32>,
}

impl<'f> Seen<'f> {
    fn of(fields: &'f [Field]) -> Self {
        Self { fields, spellings: vec![0; fields.len()] }
    }

    /// The field of a key, which is marked as seen.
    fn note(
        &mut self,
        walk: &mut Walk<'_>,
        key: &str,
        json: &mut Reader<'_>,
    ) -> Result<Option<&'f Field>, NotJson> {
        let found = self.fields.iter().zip(&mut self.spellings).find(|(field, _)| field.answers_to(key));
        let Some((field, seen)) = found else { return Ok(None) };
        let spelling = field.aliases.iter().position(|alias| *alias == key).map_or(0, |place| place + 1);
        let bit = 1_u32.checked_shl(spelling.try_into().unwrap_or(u32::MAX)).unwrap_or_default();
        if *seen & bit != 0 {
            walk.add(DriftKind::RepeatedKey, Some(json.kind()?), None);
        }
        *seen |= bit;
        Ok(Some(field))
    }

    fn missing(&self, walk: &mut Walk<'_>) {
        let missing = self
            .fields
            .iter()
            .zip(&self.spellings)
            .filter(|(field, seen)| **seen == 0 && !field.optional && !field.tolerated);
        for (field, _) in missing {
            walk.within(Step::Key(field.name.into()), |walk| walk.add(DriftKind::MissingField, None, None));
        }
    }
}

/// The envelope: its name, its payload by the shape of the event, its other fields.
fn envelope<'a, T: Layout>(
    walk: &mut Walk<'a>,
    json: &mut Reader<'a>,
    name: Option<&str>,
) -> Result<(), NotJson> {
    let shape = name.and_then(T::Event::find).map(T::Event::payload_shape);
    let Some(mut keys) = json.object()? else { return Ok(()) };
    let mut seen = Seen::of(T::fields());
    let (mut names, mut old_names, mut payloads) = (0, 0, 0);
    while let Some(key) = json.next_text_key(&mut keys)? {
        let kind = envelope_key::<T>(&key);
        let count = match kind {
            EnvelopeKey::Name => Some(&mut names),
            EnvelopeKey::OldName => Some(&mut old_names),
            EnvelopeKey::Payload => Some(&mut payloads),
            EnvelopeKey::Field(_) => None,
        };
        let repeated = count.is_some_and(|count| {
            *count += 1;
            *count > 1
        });
        walk.within(Step::Key(key.clone()), |walk| match kind {
            _ if repeated => {
                walk.add(DriftKind::RepeatedKey, Some(json.kind()?), None);
                json.skip()
            }
            EnvelopeKey::Name | EnvelopeKey::OldName => walk.name(name, shape.is_some(), json),
            EnvelopeKey::Payload => match shape {
                None => json.skip(),
                Some(shape) => walk.or_null(shape, false, json),
            },
            EnvelopeKey::Field(_) => match seen.note(walk, &key, json)? {
                Some(field) => walk.field(field, json),
                None => walk.unknown(json),
            },
        })?;
    }
    if payloads == 0 && shape.is_some() {
        let key = Step::Key(T::PAYLOAD_KEY.into());
        walk.within(key, |walk| walk.add(DriftKind::MissingField, None, None));
    }
    seen.missing(walk);
    Ok(())
}

/// The meaning of an empty value where an object, a list, a map or a time is expected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Empty {
    /// In a field, one of the spellings of nothing.
    IsNothing,
    /// In a list or a map, an element that cannot be read.
    IsLeftOut,
}

/// How a value without elements fits a shape, determined by the code that reads it.
fn fit(shape: Shape, empty: Empty, json: &mut Reader<'_>) -> Result<Fit, NotJson> {
    let is_expected = empty == Empty::IsNothing;
    let reads = |reads: bool| if reads { Fit::Fits } else { Fit::Unusable };
    let listed = |listed: Option<bool>| match listed {
        Some(true) => Fit::Fits,
        Some(false) => Fit::Unlisted,
        None => Fit::Unusable,
    };
    Ok(match shape {
        Shape::Any => Fit::Fits,
        Shape::Text => reads(read_text(json)?.is_some()),
        Shape::Id => reads(read_id(json)?.is_some()),
        Shape::Integer { min: 0 } => reads(u64::read(json)?.is_some()),
        Shape::Integer { .. } => reads(i64::read(json)?.is_some()),
        Shape::Number => reads(f64::read(json)?.is_some()),
        Shape::Boolean => reads(bool::read(json)?.is_some()),
        Shape::UnixSeconds | Shape::Time => {
            let reading = time_reading(json)?;
            reads(matches!(reading, TimeReading::Time(_)) || (reading == TimeReading::Nothing && is_expected))
        }
        Shape::Vocabulary { accepts, .. } => listed(read_text(json)?.map(|text| accepts(&text))),
        Shape::Codes { listed: codes, .. } => listed(i64::read(json)?.map(|code| codes.contains(&code))),
        Shape::List(_) | Shape::Map(_) | Shape::MapById(_) | Shape::Object { .. } => {
            reads(is_expected && is_nothing(json)?)
        }
        Shape::OneOf(forms) => {
            let mut best = Fit::Unusable;
            for form in forms {
                best = best.max(fit(form(), empty, &mut json.clone())?);
            }
            best
        }
    })
}

/// Whether the value is one of the ways to write an empty list or object: `false`, `""`, `[]`.
fn is_nothing(json: &mut Reader<'_>) -> Result<bool, NotJson> {
    let text = json.raw()?;
    let list = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    Ok(matches!(text, "false" | "\"\"") || list.is_some_and(|elements| elements.trim_ascii().is_empty()))
}
