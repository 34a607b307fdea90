//! How a value stands on the wire: the traits behind `#[derive(Wire)]`.
//!
//! A value's leniency is a property of its type, not of the field that holds it, so no field can forget it.
//! A field that is written differently names a [`WireAs`] in its attribute.

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, MapAccess};
use serde::ser::{SerializeMap, Serializer};

use crate::shape::{Field, Shape};

mod any;
pub mod object;

pub use any::any;

/// A value of a payload: decoded leniently, encoded in the vendor's spelling, described for drift and schemas.
///
/// Implemented for `u64`, `i64`, `bool`, `f64`, `String`, `Option`, `Vec`, `BTreeMap`, `Box`, [`RawJson`](crate::RawJson),
/// [`Open`](crate::Open), [`OpenCode`](crate::OpenCode), and by `#[derive(Wire)]` for structs.
pub trait Wire: Sized {
    /// Reads the value in any of the forms that the vendors write.
    ///
    /// # Errors
    ///
    /// Any other JSON, numbers out of range included.
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Reads the value, or `null`. Scalars do so in one step; everything else needs no code for it.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    #[inline]
    fn decode_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        crate::lenient::optional(deserializer, seed::<Self>())
    }

    /// Writes the value in its canonical form.
    ///
    /// # Errors
    ///
    /// Only what the serializer itself reports.
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// The value of a key that is missing; `None` when a payload without it means nothing.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether there is nothing to write, so that an optional key can be left out.
    fn is_absent(&self) -> bool {
        false
    }

    /// What the value looks like.
    fn shape() -> Shape;
}

/// Another way to read and write a `T` than its own, named in `#[wire(with = ..)]`.
///
/// What is implemented for `T` serves `Option<T>` as well: `null` and a missing key are `None`.
pub trait WireAs<T>: Sized {
    /// As [`Wire::decode`].
    ///
    /// # Errors
    ///
    /// Any other JSON than the forms this rule reads.
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;

    /// As [`Wire::decode_option`].
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    #[inline]
    fn decode_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        crate::lenient::optional(deserializer, seed_as::<Self, T>())
    }

    /// As [`Wire::encode`].
    ///
    /// # Errors
    ///
    /// Only what the serializer itself reports.
    fn encode<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;

    /// As [`Wire::absent`].
    fn absent() -> Option<T> {
        None
    }

    /// As [`Wire::is_absent`].
    fn is_absent(_value: &T) -> bool {
        false
    }

    /// As [`Wire::shape`].
    fn shape() -> Shape;
}

/// A struct with named keys, taken apart so that the core can drive it: envelopes and payloads that share their keys
/// with something else are read through this. Derived.
pub trait Object: Sized + 'static {
    /// The struct while its keys arrive.
    type Partial: Default;

    /// The name of the type.
    const NAME: &'static str;

    /// What the type means, on one line.
    const DOC: &'static str;

    /// A number for a key of this object, [`object::UNKNOWN`] for any other.
    fn key(text: &str) -> usize;

    /// Reads the value of the key that [`key`](Self::key) numbered.
    ///
    /// # Errors
    ///
    /// A value that contradicts its field, or a key that came twice.
    fn decode_field<'de, A: MapAccess<'de>>(
        partial: &mut Self::Partial,
        key: usize,
        map: &mut A,
    ) -> Result<(), A::Error>;

    /// The finished struct.
    ///
    /// # Errors
    ///
    /// A required key that never came.
    fn finish<E: serde::de::Error>(partial: Self::Partial) -> Result<Self, E>;

    /// Writes every key.
    ///
    /// # Errors
    ///
    /// Only what the serializer itself reports.
    fn encode_fields<S: SerializeMap>(&self, map: &mut S) -> Result<(), S::Error>;

    /// The keys, in the order in which they are declared.
    fn fields() -> &'static [Field];
}

/// An envelope: an [`Object`] with a place for the event, which is not a key of its own. Derived from
/// `#[wire(event)]`.
pub trait HoldsEvent: Object {
    /// The vendor's events.
    type Event;

    /// Puts the decoded event into its place.
    fn put_event(partial: &mut Self::Partial, event: Self::Event);

    /// The event.
    fn event_of(&self) -> &Self::Event;
}

/// A [`DeserializeSeed`] for a [`Wire`] value.
pub fn seed<T: Wire>() -> Seed<T> {
    Seed(PhantomData)
}

/// A [`DeserializeSeed`] for a value read by a [`WireAs`].
pub fn seed_as<A: WireAs<T>, T>() -> SeedAs<A, T> {
    SeedAs(PhantomData)
}

/// Made by [`seed`].
pub struct Seed<T>(PhantomData<T>);

/// Made by [`seed_as`].
pub struct SeedAs<A, T>(PhantomData<(A, T)>);

/// A [`Wire`] value for a serde serializer.
pub struct Encoded<'a, T>(&'a T);

/// A value for a serde serializer, written by a [`WireAs`].
pub struct EncodedAs<'a, A, T>(&'a T, PhantomData<A>);

impl<'a, T: Wire> Encoded<'a, T> {
    /// Borrows the value.
    pub fn new(value: &'a T) -> Self {
        Self(value)
    }
}

impl<'a, A: WireAs<T>, T> EncodedAs<'a, A, T> {
    /// Borrows the value.
    pub fn new(value: &'a T) -> Self {
        Self(value, PhantomData)
    }
}

impl<'de, T: Wire> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::decode(deserializer)
    }
}

impl<'de, A: WireAs<T>, T> DeserializeSeed<'de> for SeedAs<A, T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        A::decode(deserializer)
    }
}

impl<T: Wire> serde::Serialize for Encoded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer)
    }
}

impl<A: WireAs<T>, T> serde::Serialize for EncodedAs<'_, A, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        A::encode(self.0, serializer)
    }
}

/// Implements serde's own traits for types that have [`Wire`]'s, so that they work with every serde format.
#[doc(hidden)]
#[macro_export]
macro_rules! wire_as_serde {
    ($type:ty) => {
        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::Wire::encode(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::Wire::decode(deserializer)
            }
        }

        $crate::wire_as_json_schema!($type);
    };
}

/// Implements `schemars::JsonSchema`, if this crate is built with it: decided here, because in the crate that the macro
/// is expanded in, a feature of this crate is no condition.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! wire_as_json_schema {
    ($type:ty) => {
        impl $crate::schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                $crate::schema::type_name::<$type>().into()
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::core::any::type_name::<$type>().into()
            }

            fn json_schema(generator: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                $crate::schema::of::<$type>(generator)
            }
        }
    };
}

/// Without the feature there is nothing to implement.
#[cfg(not(feature = "schema"))]
#[doc(hidden)]
#[macro_export]
macro_rules! wire_as_json_schema {
    ($type:ty) => {};
}
