//! Serde's traits for types that implement [`Wire`], so that they work with every serde format.

use std::fmt;
use std::sync::LazyLock;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};
use serde::ser::Serialize;

use super::Wire;
use crate::json::Reader;

/// Implements `serde::Serialize`, `serde::Deserialize` and, with the feature `schema`, `schemars::JsonSchema`.
#[doc(hidden)]
#[macro_export]
macro_rules! wire_as_serde {
    // The parameters of a generic type, and the type that names its schema.
    ([$($parameters:tt)*] $type:ty, $named:ty) => {
        impl<$($parameters)*> $crate::__private::serde::Serialize for $type {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::Wire::write(self, serializer)
            }
        }

        impl<'de, $($parameters)*> $crate::__private::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::__private::from_serde(deserializer)
            }
        }

        $crate::wire_as_json_schema!([$($parameters)*] $type, $named);
    };
    ($type:ty) => {
        $crate::wire_as_serde!([] $type, $type);
    };
}

/// Implements `schemars::JsonSchema`, if this crate is built with it: decided here, because the crate in which the
/// macro is expanded does not know the features of this crate.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! wire_as_json_schema {
    ([$($parameters:tt)*] $type:ty, $named:ty) => {
        impl<$($parameters)*> $crate::__private::schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                $crate::__private::type_name::<$named>().into()
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::core::any::type_name::<$type>().into()
            }

            fn json_schema(
                generator: &mut $crate::__private::schemars::SchemaGenerator,
            ) -> $crate::__private::schemars::Schema {
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
    ($($type:tt)*) => {};
}

/// Reads a value from any serde format.
///
/// The value is written as JSON text first, because only JSON text can be read leniently:
/// [`Envelope::from_slice`](crate::Envelope::from_slice) does not have this cost.
///
/// # Errors
///
/// An error of the format, or a value that cannot be read.
pub fn from_serde<'de, T: Wire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = json_text(deserializer)?;
    let value = T::read(&mut Reader::new(&text)).ok().flatten();
    value.or_else(T::of_nothing).ok_or_else(|| D::Error::custom("expected a value with a usable identity"))
}

/// A value of any serde format, as JSON text.
///
/// # Errors
///
/// An error of the format.
pub(crate) fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let mut text = String::new();
    Transcode(&mut text).deserialize(deserializer)?;
    Ok(text)
}

/// Writes any value as JSON text.
struct Transcode<'a>(&'a mut String);

impl Transcode<'_> {
    fn write<E: Error>(self, value: impl Serialize) -> Result<(), E> {
        self.0.push_str(&serde_json::to_string(&value).map_err(E::custom)?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Transcode<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Transcode<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.push_str("null");
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.write(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.write(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.write(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.write(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.write(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        self.0.push('[');
        let start = self.0.len();
        loop {
            let end = self.0.len();
            if end > start {
                self.0.push(',');
            }
            if sequence.next_element_seed(Transcode(self.0))?.is_none() {
                self.0.truncate(end);
                self.0.push(']');
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.push('{');
        let start = self.0.len();
        while let Some(key) = map.next_key::<String>()? {
            if KEY_OF_NUMBERS.as_ref() == Some(&key) {
                let digits: String = map.next_value()?;
                self.0.truncate(start - 1);
                self.0.push_str(&digits);
                return Ok(());
            }
            if self.0.len() > start {
                self.0.push(',');
            }
            Transcode(self.0).write::<A::Error>(&key)?;
            self.0.push(':');
            map.next_value_seed(Transcode(self.0))?;
        }
        self.0.push('}');
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let (name, variant) = access.variant::<String>()?;
        variant.newtype_variant::<IgnoredAny>().ok();
        self.write(name)
    }
}

/// The key under which this build of `serde_json` hands over a number; `None` when it hands over numbers.
///
/// Any crate in a user's build may enable its feature `arbitrary_precision` for the whole build. A visitor then gets a
/// number as an object with one key that is private to `serde_json`. The key is detected, not hard-coded, because it is
/// not part of the public API of that crate.
static KEY_OF_NUMBERS: LazyLock<Option<String>> = LazyLock::new(|| {
    struct Probe;

    impl<'de> Visitor<'de> for Probe {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number")
        }

        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            map.next_key()
        }
    }

    serde_json::Deserializer::from_str("0.5").deserialize_any(Probe).ok().flatten()
});
