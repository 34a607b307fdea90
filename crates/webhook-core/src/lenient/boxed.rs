//! A value in a box of its own, where a payload would make its holder large.

use serde::de::Deserializer;
use serde::ser::Serializer;

use crate::shape::Shape;
use crate::wire::Wire;

impl<T: Wire> Wire for Box<T> {
    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::decode(deserializer).map(Self::new)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).encode(serializer)
    }

    fn absent() -> Option<Self> {
        T::absent().map(Self::new)
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }

    fn shape() -> Shape {
        T::shape()
    }
}
