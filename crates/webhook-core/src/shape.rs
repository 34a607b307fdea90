//! What a type looks like on the wire, as data: the names, the documented nulls, the vocabularies.
//!
//! The same definition that decodes a payload describes it, so what drift detection and schemas say cannot differ from
//! what the decoder does.

use std::marker::PhantomData;

use crate::wire::Wire;

/// The JSON that a value may be.
///
/// Shapes refer to their parts through functions, so that a type may contain itself.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// Whatever arrives is kept as it is.
    Any,
    /// `null`, as one of the forms of an element; what a field takes in place of a value, [`Field::required`] says.
    Null,
    /// A string.
    Text,
    /// An integer of at least `min`, or its decimal digits as text.
    Integer {
        /// The smallest value that decodes: `0` where negative numbers make no sense.
        min: i64,
    },
    /// A number, with or without a fraction.
    Number,
    /// `true` or `false`, or `1` or `0`, as number or text.
    Boolean,
    /// Whole seconds since 1970, as number or digits.
    UnixSeconds,
    /// A date and time as text.
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
    /// An array, or `null` for an empty one.
    List(fn() -> Shape),
    /// An object with free keys, or one of the ways to write an empty one: `[]` and `null`.
    Map(fn() -> Shape),
    /// One of several forms, told apart by their JSON kind.
    OneOf(&'static [fn() -> Shape]),
}

/// The shape of a `T` inside a list or a map, where no [`Field`] says whether `null` may stand instead.
pub fn element<T: Wire>() -> Shape {
    /// A table of its own for every type, because a shape refers to its parts by `'static` references.
    struct OrNull<T>(PhantomData<T>);

    impl<T: Wire> OrNull<T> {
        const FORMS: &'static [fn() -> Shape] = &[T::shape, || Shape::Null];
    }

    if T::absent().is_some() { Shape::OneOf(OrNull::<T>::FORMS) } else { T::shape() }
}

/// A key of an object.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Field {
    /// The key in the vendor's spelling.
    pub name: &'static str,
    /// Other spellings that decode too.
    pub aliases: &'static [&'static str],
    /// What the field means, on one line.
    pub doc: &'static str,
    /// Whether the vendor documents `null` here.
    pub nullable: bool,
    /// Whether the vendor documents that the key may be missing.
    pub optional: bool,
    /// Whether an object without the key, or with `null` behind it, is refused. Asked of the type that decodes the
    /// field, so that no description can promise more or less than the decoder does.
    pub required: fn() -> bool,
    /// The shape of the value.
    pub shape: fn() -> Shape,
}

impl Field {
    /// A field that is documented as always present and never `null`, and that decodes without being so.
    pub const fn new(name: &'static str, doc: &'static str, shape: fn() -> Shape) -> Self {
        Self { name, aliases: &[], doc, nullable: false, optional: false, required: || false, shape }
    }

    /// The same field with what decides whether an object decodes without it.
    #[must_use]
    pub const fn required_if(mut self, required: fn() -> bool) -> Self {
        self.required = required;
        self
    }

    /// The same field with what the vendor documents about its absence.
    #[must_use]
    pub const fn documented(mut self, nullable: bool, optional: bool) -> Self {
        self.nullable = nullable;
        self.optional = optional;
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
