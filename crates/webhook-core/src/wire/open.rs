//! Open vocabularies: a listed value, or an unlisted value, which is kept as sent.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::ser::Serializer;

use super::{Code, Vocabulary, Wire, text};
use crate::describe::{Shape, type_name};
use crate::json::{NotJson, Reader};
use crate::wire_as_serde;

/// A text of a vocabulary that the vendor may extend.
///
/// Compare with a listed value directly. Read the text of an unlisted value through [`as_str`](Self::as_str): code that
/// compares this text still works when a later version lists the value.
///
/// ```
/// use webhook_core::Open;
///
/// webhook_core::vocabulary! {
///     /// Where it stands.
///     pub enum Status {
///         /// Not decided yet.
///         Open = "open",
///         /// Accepted.
///         Merged = "merged",
///     }
/// }
/// let known = Open::<Status>::from_text("merged");
/// assert_eq!(known, Status::Merged);
/// let new = Open::<Status>::from_text("on_hold");
/// assert_eq!(new.listed(), None);
/// assert_eq!(new.as_str(), "on_hold");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Open<T> {
    /// A value that the vendor lists.
    Listed(T),
    /// A value that is not listed yet.
    Unlisted(UnlistedText),
}

/// The text of an unlisted value. Its content is private: see [`Open`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnlistedText(Box<str>);

impl<T: Vocabulary> Open<T> {
    /// The value of a text.
    #[inline]
    pub fn from_text(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Unlisted(UnlistedText(text.into())), Self::Listed)
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
            Self::Listed(value) => value.as_str(),
            Self::Unlisted(text) => &text.0,
        }
    }
}

impl UnlistedText {
    /// The text as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T> From<T> for Open<T> {
    fn from(value: T) -> Self {
        Self::Listed(value)
    }
}

impl<T: Vocabulary> FromStr for Open<T> {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from_text(text))
    }
}

impl<T: PartialEq> PartialEq<T> for Open<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Listed(value) if value == other)
    }
}

impl<T: Vocabulary> fmt::Display for Open<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<T: Vocabulary> Wire for Open<T> {
    #[inline]
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        let value = text::read(json)?.map(|text| Self::from_text(&text));
        if matches!(value, Some(Self::Unlisted(_))) {
            json.note_unexpected();
        }
        Ok(value)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }

    fn shape() -> Shape {
        Shape::Vocabulary {
            name: type_name::<T>(),
            listed: T::NAMES,
            accepts: |text| text.parse::<T>().is_ok(),
        }
    }
}

/// A number of a list that the vendor may extend.
///
/// ```
/// use webhook_core::OpenCode;
///
/// webhook_core::codes! {
///     /// How loud it is.
///     pub enum Level {
///         /// Hardly.
///         Low = 0 => "low",
///         /// Very.
///         High = 1 => "high",
///     }
/// }
/// assert_eq!(OpenCode::<Level>::from(1), Level::High);
/// assert_eq!(OpenCode::<Level>::from(9).listed(), None);
/// assert_eq!(OpenCode::<Level>::from(9).code(), 9);
/// assert_eq!(OpenCode::<Level>::from(1).to_string(), "high");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenCode<T> {
    code: i64,
    listed: Option<T>,
}

impl<T: Code> OpenCode<T> {
    /// A listed value.
    pub fn from_listed(value: T) -> Self {
        Self { code: value.code(), listed: Some(value) }
    }

    /// The listed value, if it is one.
    pub fn listed(&self) -> Option<T> {
        self.listed
    }

    /// The number as sent.
    pub fn code(&self) -> i64 {
        self.code
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

/// The meaning of a listed number, or the number itself.
impl<T: Code> fmt::Display for OpenCode<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.listed {
            Some(value) => value.fmt(f),
            None => self.code.fmt(f),
        }
    }
}

impl<T: Code> Wire for OpenCode<T> {
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        let value = i64::read(json)?.map(Self::from);
        if value.is_some_and(|value| value.listed.is_none()) {
            json.note_unexpected();
        }
        Ok(value)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.code)
    }

    fn shape() -> Shape {
        Shape::Codes { name: type_name::<T>(), listed: T::CODES, meanings: T::NAMES }
    }
}

wire_as_serde!([T: Vocabulary] Open<T>, T);
wire_as_serde!([T: Code] OpenCode<T>, T);
