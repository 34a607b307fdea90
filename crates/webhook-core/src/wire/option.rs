//! Optional values: `null`, a missing key and an unreadable value are `None`.

use serde::ser::Serializer;

use super::{Absent, Wire, WireAs, Written, WrittenAs};
use crate::describe::Shape;
use crate::json::{NotJson, Reader};

impl<T: Wire> Wire for Option<T> {
    #[inline]
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        if T::KEEPS_NULL && json.take_null()? {
            return Ok(None);
        }
        Ok(T::read(json)?.map(Some))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&Written(value)),
            None => serializer.serialize_none(),
        }
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<A: WireAs<T>, T> WireAs<Option<T>> for A {
    #[inline]
    fn read(json: &mut Reader<'_>) -> Result<Option<Option<T>>, NotJson> {
        Ok(<A as WireAs<T>>::read(json)?.map(Some))
    }

    fn write<S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_some(&WrittenAs::<A, T>::new(value)),
            None => serializer.serialize_none(),
        }
    }

    fn shape() -> Shape {
        <A as WireAs<T>>::shape()
    }
}

impl<T> Absent for Option<T> {
    #[inline]
    fn absent() -> Self {
        None
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}
