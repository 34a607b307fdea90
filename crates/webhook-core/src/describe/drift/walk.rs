//! The walk over a body that is compared with the documented form of its event.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::finding::{Drift, DriftKind};
use super::fit::{Empty, Fit, fit};
use crate::describe::path::{shorten, write_key};
use crate::describe::{Field, Shape, id_of_key};
use crate::envelope::{EnvelopeKey, Events, Layout, envelope_key};
use crate::json::{JsonKind, NotJson, Reader};
use crate::wire::{is_by_position, is_numbered};

/// The maximum number of findings for one delivery.
pub const MAX_FINDINGS: usize = 1_000;

/// The maximum length of a path, in bytes. A longer path is shortened in the middle.
pub const MAX_PATH_BYTES: usize = 512;

/// The maximum size of the paths of all findings together, in bytes.
pub const MAX_BYTES: usize = 128 * 1024;

/// All findings of a body whose event name is known.
pub(super) fn findings<T: Layout>(text: &str, name: Option<&str>) -> Vec<Drift> {
    let mut walk = Walk { path: Vec::new(), found: Vec::new(), bytes: 0 };
    // The decoder reports the syntax error.
    let _ = envelope::<T>(&mut walk, &mut Reader::new(text), name);
    walk.found
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

struct Walk<'a> {
    /// Written as text only for a finding.
    path: Vec<Step<'a>>,
    found: Vec<Drift>,
    bytes: usize,
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
