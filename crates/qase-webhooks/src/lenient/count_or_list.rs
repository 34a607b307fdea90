//! A count, or the list to be counted.

use std::fmt;

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::{Deserializer, Error, IgnoredAny, SeqAccess, Unexpected, Visitor};
use webhook_core::shape::Shape;
use webhook_core::wire::{WireAs, any};

use crate::lenient::number;

/// A list of ids where the number of its elements is meant.
pub(crate) struct CountOrList;

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

fn any_list() -> Shape {
    Shape::List(|| Shape::Any)
}
