//! What Qase alone writes in more than one form, each rule by name; what all vendors do is in the core.

use std::collections::BTreeMap;
use std::fmt;

use webhook_core::lenient::EmptyAsArray;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::value::MapAccessDeserializer;
use webhook_core::serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use webhook_core::shape::{Field, Shape};
use webhook_core::wire::{WireAs, any, seed};
use webhook_core::{Open, Wire};

use crate::defect::DefectSeverity;
use crate::run::PlanRef;

/// A flag that may be the hash of what it flags: text other than `0` and the empty text is `true`.
pub(crate) struct FlagOrHash;

/// A list of ids where the number of its elements is meant.
pub(crate) struct CountOrList;

/// A plan as an object, or only its id.
pub(crate) struct PlanOrId;

/// A text, or an object with the text under `slug`.
pub(crate) struct TextOrSlug;

/// A list of texts, or of objects with the text under `title`. Written even when it is empty.
pub(crate) struct TextsOrTitles;

/// A text, or a number or a boolean, of which the JSON text is kept.
pub(crate) struct TextOrScalar;

/// A severity by its slug, or by a number, which is kept as text.
pub(crate) struct SlugOrCode;

/// A boolean that is written as `0` or `1`.
pub(crate) struct ZeroOrOne;

/// A PHP map that is written even when it is empty, as `[]`.
pub(crate) struct EvenEmpty;

impl WireAs<bool> for FlagOrHash {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        struct Flag;

        impl Visitor<'_> for Flag {
            type Value = bool;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false, or 1 or 0, or text")
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
                Ok(value)
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
                match value {
                    0 => Ok(false),
                    1 => Ok(true),
                    other => Err(E::invalid_value(Unexpected::Unsigned(other), &self)),
                }
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<bool, E> {
                match value {
                    0 => Ok(false),
                    1 => Ok(true),
                    other => Err(E::invalid_value(Unexpected::Signed(other), &self)),
                }
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
                Ok(!matches!(text, "" | "0"))
            }
        }

        any(deserializer, Flag)
    }

    fn encode<S: Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<bool as Wire>::shape, <String as Wire>::shape])
    }
}

impl WireAs<u64> for CountOrList {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        struct Count;

        impl<'de> Visitor<'de> for Count {
            type Value = u64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer from 0 to 2^64 - 1, its digits as text, or a list to be counted")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<u64, E> {
                Ok(value)
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<u64, E> {
                u64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
                number(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<u64, A::Error> {
                let mut count = 0;
                while sequence.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(count)
            }
        }

        any(deserializer, Count)
    }

    fn encode<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<u64 as Wire>::shape, any_list])
    }
}

impl WireAs<PlanRef> for PlanOrId {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PlanRef, D::Error> {
        struct Plan;

        impl<'de> Visitor<'de> for Plan {
            type Value = PlanRef;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object, or an id as an integer or its digits")
            }

            fn visit_u64<E: Error>(self, id: u64) -> Result<PlanRef, E> {
                Ok(PlanRef { id, title: None })
            }

            fn visit_i64<E: Error>(self, id: i64) -> Result<PlanRef, E> {
                match u64::try_from(id) {
                    Ok(id) => self.visit_u64(id),
                    Err(_) => Err(E::invalid_value(Unexpected::Signed(id), &self)),
                }
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<PlanRef, E> {
                match number(text) {
                    Some(id) => self.visit_u64(id),
                    None => Err(E::invalid_value(Unexpected::Str(text), &self)),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PlanRef, A::Error> {
                Wire::decode(MapAccessDeserializer::new(map))
            }
        }

        any(deserializer, Plan)
    }

    fn encode<S: Serializer>(value: &PlanRef, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<PlanRef as Wire>::shape, <u64 as Wire>::shape])
    }
}

impl WireAs<Option<String>> for TextOrSlug {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        any(deserializer, Within("slug"))
    }

    fn encode<S: Serializer>(value: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn absent() -> Option<Option<String>> {
        Some(None)
    }

    fn is_absent(value: &Option<String>) -> bool {
        value.is_none()
    }

    fn shape() -> Shape {
        const FIELDS: &[Field] = &[Field::new("slug", "The text.", <String as Wire>::shape)];
        Shape::OneOf(&[<String as Wire>::shape, || Shape::Object {
            name: "Slug",
            doc: "A text in an object.",
            fields: || FIELDS,
        }])
    }
}

impl WireAs<Vec<String>> for TextsOrTitles {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        let titles: Vec<Title> = Wire::decode(deserializer)?;
        Ok(titles.into_iter().filter_map(|title| title.0).collect())
    }

    fn encode<S: Serializer>(value: &Vec<String>, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn absent() -> Option<Vec<String>> {
        Some(Vec::new())
    }

    fn shape() -> Shape {
        Shape::List(<Title as Wire>::shape)
    }
}

/// An element of [`TextsOrTitles`]; one without a title is left out of the list.
struct Title(Option<String>);

impl Wire for Title {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, Within("title")).map(Self)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer)
    }

    fn shape() -> Shape {
        const FIELDS: &[Field] = &[Field::new("title", "The text.", <String as Wire>::shape)];
        const OBJECT: fn() -> Shape =
            || Shape::Object { name: "Title", doc: "A text in an object.", fields: || FIELDS };
        Shape::OneOf(&[<String as Wire>::shape, OBJECT, || Shape::Null])
    }
}

/// A text, or an object with the text under this key. `null`, and an object without the key, are no text.
struct Within(&'static str);

impl<'de> Visitor<'de> for Within {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text, or an object with text under `{}`, or null", self.0)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        any(deserializer, self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<String>, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<String>, A::Error> {
        let mut text = None;
        while let Some(key) = map.next_key_seed(seed::<String>())? {
            if key == self.0 {
                text = map.next_value_seed(seed::<Option<String>>())?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(text)
    }
}

impl WireAs<String> for TextOrScalar {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        struct Scalar;

        impl Visitor<'_> for Scalar {
            type Value = String;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a number, or true or false")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
                Ok(text.to_owned())
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
                Ok(value.to_string())
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<String, E> {
                Ok(value.to_string())
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
                Ok(value.to_string())
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
                // Unlike `Display`, `Debug` keeps the fraction of `1.0` and the exponent of `1e300`, as JSON does.
                Ok(format!("{value:?}"))
            }
        }

        any(deserializer, Scalar)
    }

    fn encode<S: Serializer>(value: &String, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<String as Wire>::shape, <f64 as Wire>::shape, <bool as Wire>::shape])
    }
}

impl WireAs<Open<DefectSeverity>> for SlugOrCode {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Open<DefectSeverity>, D::Error> {
        struct Severity;

        impl Visitor<'_> for Severity {
            type Value = Open<DefectSeverity>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or an integer")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Open::from_text(text))
            }

            fn visit_u64<E: Error>(self, code: u64) -> Result<Self::Value, E> {
                Ok(Open::from_text(&code.to_string()))
            }

            fn visit_i64<E: Error>(self, code: i64) -> Result<Self::Value, E> {
                Ok(Open::from_text(&code.to_string()))
            }
        }

        any(deserializer, Severity)
    }

    fn encode<S: Serializer>(value: &Open<DefectSeverity>, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[
            <Open<DefectSeverity> as Wire>::shape,
            <i64 as Wire>::shape,
            // Between them, every integer that JSON numbers are read as.
            <u64 as Wire>::shape,
        ])
    }
}

impl WireAs<bool> for ZeroOrOne {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        Wire::decode(deserializer)
    }

    fn encode<S: Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(u8::from(*value))
    }

    fn shape() -> Shape {
        <bool as Wire>::shape()
    }
}

impl<T: Wire> WireAs<BTreeMap<String, T>> for EvenEmpty {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error> {
        Wire::decode(deserializer)
    }

    fn encode<S: Serializer>(value: &BTreeMap<String, T>, serializer: S) -> Result<S::Ok, S::Error> {
        EmptyAsArray::encode(value, serializer)
    }

    fn absent() -> Option<BTreeMap<String, T>> {
        Wire::absent()
    }

    fn shape() -> Shape {
        <BTreeMap<String, T> as Wire>::shape()
    }
}

fn any_list() -> Shape {
    Shape::List(|| Shape::Any)
}

/// The number that decimal digits stand for; `parse` alone would take a plus sign.
fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}
