//! What a delivery holds that its types do not know, and what it lacks that the vendor documents: as data.
//!
//! A finding is a path and a kind, never a value, so it is fit for a public issue and for a metric. Looking for drift
//! is a pass of its own over the body and costs nothing to those who do not ask.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::decode::{Key, KeySeed, Layout};
use crate::events::Events;
use crate::path::write_key;
use crate::shape::{Field, Shape};
use crate::wire::any;

/// The most findings that one delivery is reported with: a sender cannot make the list grow without bound.
pub const MOST_FINDINGS: usize = 1_000;

/// Everything in which a body differs from what is known about its event, in the order of the body.
///
/// A body that is no well-formed envelope has the findings up to the place where it breaks. A name that is not listed
/// is a finding itself; nothing is known about the payload behind it.
pub fn of<T: Layout>(body: &[u8]) -> Vec<Drift> {
    let mut findings = Findings { path: String::new(), found: Vec::new() };
    let name = crate::peek::peek::<T>(body).ok().and_then(|front| T::Event::find(front.name()));
    let walk = Envelope::<T> { name, findings: &mut findings };
    // How the body breaks is the decoder's to say.
    let _ = serde_json::Deserializer::from_slice(body).deserialize_map(walk);
    findings.found
}

/// One difference between a delivery and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Drift {
    /// Where, from the top of the envelope: `payload.steps[0].foo`.
    pub path: String,
    /// What kind of difference.
    pub kind: DriftKind,
    /// The kind of JSON that stands there; `None` where nothing does.
    pub json: Option<JsonKind>,
}

/// What kind of difference a [`Drift`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum DriftKind {
    /// A key that the type does not know.
    UnknownField,
    /// A text or number that the vocabulary does not list.
    UnlistedValue,
    /// A key that the vendor documents as always present is missing.
    MissingField,
    /// `null` where the vendor documents none.
    UndocumentedNull,
}

/// The kind of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

struct Findings {
    path: String,
    found: Vec<Drift>,
}

impl Findings {
    fn add(&mut self, kind: DriftKind, json: Option<JsonKind>) {
        if self.found.len() < MOST_FINDINGS {
            self.found.push(Drift { path: self.path.clone(), kind, json });
        }
    }

    /// Does something one step further down the path.
    fn within<R>(&mut self, step: Step<'_>, act: impl FnOnce(&mut Self) -> R) -> R {
        let length = self.path.len();
        // Writing to a string cannot fail.
        let _ = match step {
            Step::Key(key) => write_key(&mut self.path, key),
            Step::Index(index) => write!(self.path, "[{index}]"),
        };
        let result = act(self);
        self.path.truncate(length);
        result
    }

    /// Walks through the value of a known field.
    fn field<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        field: &Field,
        map: &mut A,
    ) -> Result<(), A::Error> {
        self.within(Step::Key(key), |findings| {
            let shape = (field.shape)();
            let json = map.next_value_seed(Value { shape, findings: &mut *findings })?;
            if json == JsonKind::Null && !field.nullable && !matches!(shape, Shape::Any) {
                findings.add(DriftKind::UndocumentedNull, Some(json));
            }
            Ok(())
        })
    }

    /// Passes over the value of an unknown field.
    fn unknown<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        self.within(Step::Key(key), |findings| {
            let json = map.next_value_seed(Value { shape: Shape::Any, findings: &mut *findings })?;
            findings.add(DriftKind::UnknownField, Some(json));
            Ok(())
        })
    }

    fn missing(&mut self, fields: &[Field], seen: &[bool]) {
        for (field, _) in fields.iter().zip(seen).filter(|(field, seen)| !field.optional && !**seen) {
            self.within(Step::Key(field.name), |findings| findings.add(DriftKind::MissingField, None));
        }
    }
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// The envelope: its name, its payload by the shape of the event, its other fields.
struct Envelope<'a, T: Layout> {
    name: Option<<T::Event as Events>::Name>,
    findings: &'a mut Findings,
}

impl<'de, T: Layout> Visitor<'de> for Envelope<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { name, findings } = self;
        let fields = T::fields();
        let mut seen = vec![false; fields.len()];
        while let Some(key) = map.next_key::<String>()? {
            match KeySeed::<T>(PhantomData).visit_str::<A::Error>(&key)? {
                Key::Name | Key::OldName => findings.within(Step::Key(&key), |findings| {
                    let json = map.next_value_seed(Value { shape: Shape::Any, findings: &mut *findings })?;
                    if name.is_none() {
                        findings.add(DriftKind::UnlistedValue, Some(json));
                    }
                    Ok(())
                })?,
                Key::Payload => findings.within(Step::Key(&key), |findings| {
                    let shape = name.map_or(Shape::Any, T::Event::payload_shape);
                    map.next_value_seed(Value { shape, findings }).map(drop)
                })?,
                Key::Field(_) => match known(fields, &mut seen, &key) {
                    Some(field) => findings.field(&key, field, &mut map)?,
                    None => findings.unknown(&key, &mut map)?,
                },
            }
        }
        findings.missing(fields, &seen);
        Ok(())
    }
}

fn known<'f>(fields: &'f [Field], seen: &mut [bool], key: &str) -> Option<&'f Field> {
    let (field, seen) = fields.iter().zip(seen).find(|(field, _)| field.answers_to(key))?;
    *seen = true;
    Some(field)
}

/// Any value, held against the shape it should have; yields its kind.
struct Value<'a> {
    shape: Shape,
    findings: &'a mut Findings,
}

impl Value<'_> {
    /// The alternatives that a value of one JSON kind may be.
    fn find<R>(&self, matches: impl Fn(Shape) -> Option<R> + Copy) -> Option<R> {
        fn search<R>(shape: Shape, matches: impl Fn(Shape) -> Option<R> + Copy) -> Option<R> {
            match shape {
                Shape::OneOf(forms) => forms.iter().find_map(|form| search(form(), matches)),
                shape => matches(shape),
            }
        }
        search(self.shape, matches)
    }

    fn number(self, code: Option<i64>) -> JsonKind {
        let listed = self.find(|shape| match shape {
            Shape::Codes { listed, .. } => Some(code.is_some_and(|code| listed.contains(&code))),
            _ => None,
        });
        if listed == Some(false) {
            self.findings.add(DriftKind::UnlistedValue, Some(JsonKind::Number));
        }
        JsonKind::Number
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = JsonKind;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<JsonKind, D::Error> {
        any(deserializer, self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = JsonKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<JsonKind, E> {
        Ok(JsonKind::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<JsonKind, E> {
        Ok(JsonKind::Boolean)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<JsonKind, E> {
        Ok(self.number(Some(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<JsonKind, E> {
        Ok(self.number(i64::try_from(number).ok()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<JsonKind, E> {
        // `3.0` is the code 3; what has a fraction is no code.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a number beyond the range saturates and is not listed"
        )]
        let code = (number.fract() == 0.0).then_some(number as i64);
        Ok(self.number(code))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<JsonKind, E> {
        let listed = self.find(|shape| match shape {
            Shape::Vocabulary { accepts, .. } => Some(accepts(text)),
            _ => None,
        });
        if listed == Some(false) {
            self.findings.add(DriftKind::UnlistedValue, Some(JsonKind::String));
        }
        Ok(JsonKind::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<JsonKind, A::Error> {
        let element = self.find(|shape| match shape {
            Shape::List(element) | Shape::Map(element) => Some(element),
            _ => None,
        });
        let mut index = 0;
        while self
            .findings
            .within(Step::Index(index), |findings| {
                let shape = element.map_or(Shape::Any, |element| element());
                sequence.next_element_seed(Value { shape, findings })
            })?
            .is_some()
        {
            index += 1;
        }
        Ok(JsonKind::Array)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonKind, A::Error> {
        let object = self.find(|shape| match shape {
            Shape::Object { fields, .. } => Some(fields()),
            _ => None,
        });
        let values = self.find(|shape| match shape {
            Shape::Map(value) => Some(value),
            _ => None,
        });
        if let Some(fields) = object {
            let mut seen = vec![false; fields.len()];
            while let Some(key) = map.next_key::<String>()? {
                match known(fields, &mut seen, &key) {
                    Some(field) => self.findings.field(&key, field, &mut map)?,
                    None => self.findings.unknown(&key, &mut map)?,
                }
            }
            self.findings.missing(fields, &seen);
        } else if let Some(value) = values {
            while let Some(key) = map.next_key::<String>()? {
                self.findings.within(Step::Key(&key), |findings| {
                    map.next_value_seed(Value { shape: value(), findings }).map(drop)
                })?;
            }
        } else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        }
        Ok(JsonKind::Object)
    }
}
