//! Vocabularies that may grow: a listed value, or the one that is not listed, kept as it came.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::ser::Serializer;
use strum::VariantNames;

use crate::lenient::Nullable;
use crate::shape::Shape;
use crate::wire::{Wire, any};

/// A text out of a vocabulary that the vendor may extend.
///
/// Compare with a listed value directly; the text of an unlisted one is read through [`as_str`](Self::as_str), so that
/// code which waits for a particular text keeps working on the day that the text becomes listed.
///
/// ```
/// use webhook_core::Open;
/// # use strum::{EnumString, IntoStaticStr, VariantNames};
/// # #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
/// # #[strum(serialize_all = "snake_case")]
/// # enum Status { Open, Merged }
/// let known = Open::<Status>::from_text("merged");
/// assert_eq!(known, Status::Merged);
/// let new = Open::<Status>::from_text("on_hold");
/// assert_eq!(new.listed(), None);
/// assert_eq!(new.as_str(), "on_hold");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Open<T> {
    /// A value that the vendor lists.
    Listed(T),
    /// A value that it does not list, yet.
    Unlisted(UnlistedText),
}

/// The text of an unlisted value. Private inside: see [`Open`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnlistedText(Box<str>);

/// A closed list of texts with its spelling, by strum's derives: what an [`Open`] is open around.
///
/// Implemented for every enum with `EnumString`, `IntoStaticStr` and `VariantNames`.
pub trait Vocabulary: Copy + Eq + FromStr + Into<&'static str> + VariantNames + 'static {}

impl<T: Copy + Eq + FromStr + Into<&'static str> + VariantNames + 'static> Vocabulary for T {}

impl<T: Vocabulary> Open<T> {
    /// The value that a text stands for.
    #[inline]
    pub fn from_text(text: &str) -> Self {
        T::from_str(text).map_or_else(|_| Self::Unlisted(UnlistedText(text.into())), Self::Listed)
    }

    /// The listed value, if it is one.
    pub fn listed(&self) -> Option<T> {
        match self {
            Self::Listed(value) => Some(*value),
            Self::Unlisted(_) => None,
        }
    }

    /// The text as the vendor writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Listed(value) => (*value).into(),
            Self::Unlisted(text) => &text.0,
        }
    }
}

impl UnlistedText {
    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T> From<T> for Open<T> {
    fn from(value: T) -> Self {
        Self::Listed(value)
    }
}

impl<T: PartialEq> PartialEq<T> for Open<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Listed(value) if value == other)
    }
}

impl<T: Vocabulary> fmt::Display for Open<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<T: Vocabulary> Wire for Open<T> {
    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(OpenVisitor(PhantomData))
    }

    #[inline]
    fn decode_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        any(deserializer, Nullable(OpenVisitor(PhantomData)))
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }

    fn shape() -> Shape {
        Shape::Vocabulary {
            name: type_name::<T>(),
            listed: T::VARIANTS,
            accepts: |text| T::from_str(text).is_ok(),
        }
    }
}

struct OpenVisitor<T>(PhantomData<T>);

impl<T: Vocabulary> Visitor<'_> for OpenVisitor<T> {
    type Value = Open<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<Open<T>, E> {
        Ok(Open::from_text(text))
    }
}

/// A number out of a list that the vendor may extend.
///
/// ```
/// use webhook_core::OpenCode;
/// # #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
/// # enum Level { Low = 0, High = 1 }
/// # impl webhook_core::Code for Level {
/// #     const CODES: &'static [i64] = &[0, 1];
/// #     fn from_code(code: i64) -> Option<Self> { match code { 0 => Some(Self::Low), 1 => Some(Self::High), _ => None } }
/// #     fn code(self) -> i64 { self as i64 }
/// # }
/// assert_eq!(OpenCode::<Level>::from(1), Level::High);
/// assert_eq!(OpenCode::<Level>::from(9).listed(), None);
/// assert_eq!(OpenCode::<Level>::from(9).code(), 9);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpenCode<T> {
    code: i64,
    listed: Option<T>,
}

/// A closed list of numbers: what an [`OpenCode`] is open around.
pub trait Code: Copy + Eq + 'static {
    /// Every listed number.
    const CODES: &'static [i64];

    /// The value with this number.
    fn from_code(code: i64) -> Option<Self>;

    /// The number of this value.
    fn code(self) -> i64;
}

impl<T: Code> OpenCode<T> {
    /// The listed value, if it is one.
    pub fn listed(&self) -> Option<T> {
        self.listed
    }

    /// The number as it came.
    pub fn code(&self) -> i64 {
        self.code
    }
}

impl<T: Code> OpenCode<T> {
    /// A listed value.
    pub fn from_listed(value: T) -> Self {
        Self { code: value.code(), listed: Some(value) }
    }
}

impl<T: Code> From<i64> for OpenCode<T> {
    fn from(code: i64) -> Self {
        Self { code, listed: T::from_code(code) }
    }
}

impl<T: Code> PartialEq<T> for OpenCode<T> {
    fn eq(&self, other: &T) -> bool {
        self.listed == Some(*other)
    }
}

/// An integer; a whole decimal such as `3.0` counts as one.
impl<T: Code> Wire for OpenCode<T> {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, CodeVisitor).map(Self::from)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.code)
    }

    fn shape() -> Shape {
        Shape::Codes { name: type_name::<T>(), listed: T::CODES }
    }
}

struct CodeVisitor;

impl Visitor<'_> for CodeVisitor {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer from -2^63 to 2^63 - 1")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
        // Beyond 2^53 a decimal no longer names one integer.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
            Ok(value as i64)
        } else {
            Err(E::invalid_value(Unexpected::Float(value), &self))
        }
    }
}

impl<T: Vocabulary> serde::Serialize for Open<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.encode(serializer)
    }
}

impl<'de, T: Vocabulary> serde::Deserialize<'de> for Open<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::decode(deserializer)
    }
}

impl<T: Code> serde::Serialize for OpenCode<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.encode(serializer)
    }
}

impl<'de, T: Code> serde::Deserialize<'de> for OpenCode<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::decode(deserializer)
    }
}

/// The name of a type without its path.
fn type_name<T>() -> &'static str {
    let full = std::any::type_name::<T>();
    full.rsplit("::").next().unwrap_or(full)
}
