//! The form of a type on the wire, as data: the names, the documented nulls, the vocabularies.
//!
//! The same definition reads and describes a payload, so drift and schemas cannot differ from the reader.

use std::borrow::Cow;

use super::join;
use crate::json::JsonKind;

/// The JSON forms of a value.
///
/// Shapes refer to their parts through functions, so that a type may contain itself.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// Any JSON, kept as raw text.
    Any,
    /// A string. A number or a boolean is read as it is written.
    Text,
    /// The text of an id: a string that is not empty. A number is read as its digits.
    Id,
    /// An integer of at least `min`, in any spelling of JSON, or the same as text.
    Integer {
        /// The smallest value: `0` for unsigned integers.
        min: i64,
    },
    /// A number with or without a fraction, or the same as text.
    Number,
    /// `true` or `false`, or `1` or `0`, each of them also as text.
    Boolean,
    /// A point in time that the vendor writes as whole seconds since 1970.
    UnixSeconds,
    /// A point in time that the vendor writes as text.
    Time,
    /// A text of an open vocabulary.
    Vocabulary {
        /// The name of the type.
        name: &'static str,
        /// The listed texts in their canonical spelling.
        listed: &'static [&'static str],
        /// Whether a text is listed, in any spelling.
        accepts: fn(&str) -> bool,
    },
    /// A number of an open vocabulary.
    Codes {
        /// The name of the type.
        name: &'static str,
        /// The listed numbers.
        listed: &'static [i64],
        /// The meaning of each number, as one word, in the same order.
        meanings: &'static [&'static str],
    },
    /// An object with named keys.
    Object {
        /// The name of the type.
        name: &'static str,
        /// The meaning, on one line.
        doc: &'static str,
        /// Its keys.
        fields: fn() -> &'static [Field],
    },
    /// An array.
    List(fn() -> Shape),
    /// An object with free keys.
    Map(fn() -> Shape),
    /// An object keyed by ids: digits, and not 0. An entry with another key is left out.
    MapById(fn() -> Shape),
    /// One of several forms: the first that can be read.
    OneOf(&'static [fn() -> Shape]),
}

impl Shape {
    /// The form of a shape for the walk over a list or an object.
    pub(crate) fn container(self, kind: JsonKind) -> Option<Self> {
        match (self, kind) {
            (Self::OneOf(forms), _) => forms.iter().find_map(|form| form().container(kind)),
            (Self::Object { .. }, JsonKind::Object)
            | (Self::List(_), JsonKind::Array)
            | (Self::Map(_) | Self::MapById(_), JsonKind::Array | JsonKind::Object) => Some(self),
            _ => None,
        }
    }

    /// A description of the expected value, which fits after "expected".
    pub fn expected(self) -> Cow<'static, str> {
        match self {
            Self::Any => "any value".into(),
            Self::Text | Self::Vocabulary { .. } => "text".into(),
            Self::Id => "an id: text that is not empty, or digits".into(),
            Self::Integer { min: 0 } => "an integer from 0 to 2^64 - 1".into(),
            Self::Integer { .. } | Self::Codes { .. } => "an integer from -2^63 to 2^63 - 1".into(),
            Self::Number => "a number".into(),
            Self::Boolean => "true or false".into(),
            Self::UnixSeconds => "seconds since 1970".into(),
            Self::Time => "a date and time".into(),
            Self::Object { .. } | Self::Map(_) | Self::MapById(_) => "an object".into(),
            Self::List(_) => "a list".into(),
            Self::OneOf(forms) => {
                let mut words: Vec<_> = forms.iter().map(|form| form().expected()).collect();
                words.dedup();
                words.join(", or ").into()
            }
        }
    }
}

/// The id in a key of [`Shape::MapById`]: digits, and not 0, which is a position in a list that PHP wrote as an object.
#[doc(hidden)]
pub fn id_of_key(key: &str) -> Option<u64> {
    // `parse` alone would accept a plus sign.
    let digits = key.bytes().all(|byte| byte.is_ascii_digit());
    if digits { key.parse().ok().filter(|id| *id > 0) } else { None }
}

/// A key of an object.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Field {
    /// The key in the vendor's spelling.
    pub name: &'static str,
    /// Other accepted spellings. The first spelling with a usable value is used.
    pub aliases: &'static [&'static str],
    /// The meaning of the field, on one line.
    pub doc: &'static str,
    /// Whether the vendor documents `null` here.
    pub nullable: bool,
    /// Whether the vendor documents that the key may be missing.
    pub optional: bool,
    /// Whether `null` or a missing key occurs although the vendor does not document it. It is then not reported as
    /// drift.
    pub tolerated: bool,
    /// Whether this is the identity of the object: without a usable value there is no object.
    pub identity: bool,
    /// Alternative places of the identity, used if this key has no usable value: paths from the object.
    pub identity_or: &'static [&'static str],
    /// The shape of the value.
    pub shape: fn() -> Shape,
}

impl Field {
    /// A field that the vendor documents as always present and never `null`.
    pub const fn new(name: &'static str, doc: &'static str, shape: fn() -> Shape) -> Self {
        Self {
            name,
            aliases: &[],
            doc,
            nullable: false,
            optional: false,
            tolerated: false,
            identity: false,
            identity_or: &[],
            shape,
        }
    }

    /// The same field with the vendor's documentation about its absence.
    #[must_use]
    pub const fn documented(mut self, nullable: bool, optional: bool) -> Self {
        self.nullable = nullable;
        self.optional = optional;
        self
    }

    /// The same field, whose absence is known to be normal.
    #[must_use]
    pub const fn tolerated(mut self, tolerated: bool) -> Self {
        self.tolerated = tolerated;
        self
    }

    /// The same field as the identity of its object, with alternative places.
    #[must_use]
    pub const fn identifying(mut self, or: &'static [&'static str]) -> Self {
        self.identity = true;
        self.identity_or = or;
        self
    }

    /// The same field with other spellings of its key.
    #[must_use]
    pub const fn with_aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Whether a key of a payload means this field.
    pub fn answers_to(&self, key: &str) -> bool {
        self.name == key || self.aliases.contains(&key)
    }
}

/// The identity of a value of this shape: paths of which one must have a usable value, the preferred one first, each
/// with the expected form. Empty if no value is required.
pub fn identity(shape: Shape) -> Vec<(String, Cow<'static, str>)> {
    let Shape::Object { fields, .. } = shape else { return Vec::new() };
    let mut paths = Vec::new();
    for field in fields().iter().filter(|field| field.identity) {
        let shape = (field.shape)();
        if let Shape::Object { .. } = shape {
            paths.extend(
                identity(shape).into_iter().map(|(path, expected)| (join(field.name, &path), expected)),
            );
            continue;
        }
        let keys = std::iter::once(&field.name).chain(field.aliases).chain(field.identity_or);
        paths.extend(keys.map(|key| ((*key).to_owned(), shape.expected())));
    }
    paths
}

/// The name of a type without its path and its parameters.
pub fn type_name<T: ?Sized>() -> &'static str {
    let full = std::any::type_name::<T>();
    let path = full.split('<').next().unwrap_or(full);
    path.rsplit("::").next().unwrap_or(path)
}
