//! What a delivery holds that its types do not know, and what it lacks that the vendor documents: as data.
//!
//! A finding is a path and a kind, never a value, so it is fit for a public issue and for a metric. Looking for drift
//! is a pass of its own over the body and costs nothing to those who do not ask.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::decode::{Key, KeySeed, Layout};
use crate::error::DecodeError;
use crate::events::Events;
use crate::path::write_key;
use crate::shape::{Field, Shape};

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

/// The most findings of one delivery: a sender cannot make the list grow without bound.
pub const MOST_FINDINGS: usize = 1000;
