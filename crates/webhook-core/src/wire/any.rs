//! Reading a value whose JSON kind is not known beforehand, in every build.
//!
//! Any crate in a user's build may turn on `arbitrary_precision` of `serde_json`, for all of them: from then on a number
//! with a fraction or beyond 64 bits reaches a visitor as an object with one key that is private to `serde_json`, and
//! its digits as text. Every visitor here gets its numbers as numbers, and objects as objects, whether it is turned on
//! or not.

use std::fmt;
use std::sync::LazyLock;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
};

/// As [`Deserializer::deserialize_any`], which nothing else in this workspace calls on a payload.
///
/// # Errors
///
/// Whatever the visitor refuses.
#[inline]
pub fn any<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    deserializer.deserialize_any(Any(visitor))
}

/// The key under which this build of `serde_json` hands over a number; `None` when it hands over numbers. Found out
/// instead of named, because it is nobody's business but its own.
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

struct Any<V>(V);

impl<V> Any<V> {
    fn visit_number<'de, E: Error>(self, digits: &str) -> Result<V::Value, E>
    where
        V: Visitor<'de>,
    {
        // Only `serde_json` itself writes this text, unless a sender wrote the private key: then it may be anything.
        let number = serde_json::from_str::<serde_json::Number>(digits).ok();
        match number {
            None => Err(E::invalid_type(Unexpected::Map, &self.0)),
            Some(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => self.0.visit_u64(number),
                (None, Some(number), _) => self.0.visit_i64(number),
                (None, None, Some(number)) => self.0.visit_f64(number),
                (None, None, None) => {
                    Err(E::invalid_value(Unexpected::Other("a number out of range"), &self.0))
                }
            },
        }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Any<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        match &*KEY_OF_NUMBERS {
            None => self.0.visit_map(map),
            Some(key) => visit_number_or_map(self, map, key),
        }
    }

    #[inline]
    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    #[inline]
    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        self.0.visit_bool(value)
    }

    #[inline]
    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.0.visit_i64(value)
    }

    #[inline]
    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.0.visit_u64(value)
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<V::Value, E> {
        self.0.visit_i128(value)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<V::Value, E> {
        self.0.visit_u128(value)
    }

    #[inline]
    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        self.0.visit_f64(value)
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.0.visit_str(text)
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.0.visit_borrowed_str(text)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<V::Value, E> {
        self.0.visit_string(text)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(sequence)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(deserializer)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<V::Value, E> {
        self.0.visit_bytes(bytes)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(deserializer)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(access)
    }
}

/// Tells a number from an object by its first key, which an object then gets back.
#[cold]
fn visit_number_or_map<'de, V: Visitor<'de>, A: MapAccess<'de>>(
    visitor: Any<V>,
    mut map: A,
    key_of_numbers: &str,
) -> Result<V::Value, A::Error> {
    match map.next_key::<String>()? {
        Some(key) if key == key_of_numbers => {
            let digits: String = map.next_value()?;
            visitor.visit_number(&digits)
        }
        first => visitor.0.visit_map(Replayed { first, map }),
    }
}

/// A map of which the first key has been read.
struct Replayed<A> {
    first: Option<String>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Replayed<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(key) => {
                let key: StringDeserializer<A::Error> = key.into_deserializer();
                seed.deserialize(key).map(Some)
            }
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
