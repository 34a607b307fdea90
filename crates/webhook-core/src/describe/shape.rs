//! What a type looks like on the wire, as data: the names, the documented nulls, the vocabularies.
//!
//! The same definition that reads a payload describes it, so what drift and schemas say cannot differ from what the
//! reader does.

use super::join;

/// The JSON that a value may be.
///
/// Shapes refer to their parts through functions, so that a type may contain itself.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// Whatever arrives is kept as it is.
    Any,
    /// A string; a number or a boolean is read in its spelling.
    Text,
    /// The text of an id: a string that is not empty; a number is read as its digits.
    Id,
    /// An integer of at least `min`, in any spelling of JSON, or the same as text.
    Integer {
        /// The smallest value: `0` where negative numbers make no sense.
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
    /// A text out of an open list.
    Vocabulary {
        /// The name of the type.
        name: &'static str,
        /// The listed texts in their canonical spelling.
        listed: &'static [&'static str],
        /// Whether a text is listed, in any spelling.
        accepts: fn(&str) -> bool,
    },
    /// A number out of an open list.
    Codes {
        /// The name of the type.
        name: &'static str,
        /// The listed numbers.
        listed: &'static [i64],
        /// What each of them means, in one word, in the same order.
        meanings: &'static [&'static str],
    },
    /// An object with named keys.
    Object {
        /// The name of the type.
        name: &'static str,
        /// What it means, on one line.
        doc: &'static str,
        /// Its keys.
        fields: fn() -> &'static [Field],
    },
    /// An array.
    List(fn() -> Shape),
    /// An object with free keys.
    Map(fn() -> Shape),
    /// An object keyed by ids, which are integers from 0; an entry with another key is left out.
    MapById(fn() -> Shape),
    /// One of several forms: the first that has a reading.
    OneOf(&'static [fn() -> Shape]),
}

impl Shape {
    /// What is expected, in words that fit after "expected".
    pub fn expected(self) -> String {
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
                let mut words: Vec<String> = forms.iter().map(|form| form().expected()).collect();
                words.dedup();
                words.join(", or ")
            }
        }
    }
}

/// A key of an object.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Field {
    /// The key in the vendor's spelling.
    pub name: &'static str,
    /// Other spellings that are read too: the first spelling with a usable value wins.
    pub aliases: &'static [&'static str],
    /// What the field means, on one line.
    pub doc: &'static str,
    /// Whether the vendor documents `null` here.
    pub nullable: bool,
    /// Whether the vendor documents that the key may be missing.
    pub optional: bool,
    /// Whether `null` or a missing key is met although no page of the vendor says so, and is no drift therefore.
    pub tolerated: bool,
    /// Whether this is what identifies the object: without a usable value there is no object.
    pub identity: bool,
    /// Where the identity is read from when this key has no usable value: paths from the object.
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

    /// The same field with what the vendor documents about its absence.
    #[must_use]
    pub const fn documented(mut self, nullable: bool, optional: bool) -> Self {
        self.nullable = nullable;
        self.optional = optional;
        self
    }

    /// The same field, of which it is known that its absence means nothing.
    #[must_use]
    pub const fn tolerated(mut self, tolerated: bool) -> Self {
        self.tolerated = tolerated;
        self
    }

    /// The same field as what identifies its object, with other places that do so where it is missing.
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

/// What identifies a value of this shape: the paths of which one must have a usable value, the preferred one first, each
/// with what is expected there. Empty when nothing has to.
pub fn identity(shape: Shape) -> Vec<(String, String)> {
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
