//! A value for a serde serializer.

use std::marker::PhantomData;

use serde::ser::{Serialize, Serializer};

use super::{Wire, WireAs};

/// A [`Wire`] value for a serde serializer.
#[derive(Debug)]
pub struct Written<'a, T>(pub &'a T);

/// A value for a serde serializer, written by a [`WireAs`].
#[derive(Debug)]
pub struct WrittenAs<'a, A, T>(&'a T, PhantomData<A>);

impl<'a, A: WireAs<T>, T> WrittenAs<'a, A, T> {
    /// Borrows the value.
    pub fn new(value: &'a T) -> Self {
        Self(value, PhantomData)
    }
}

impl<T: Wire> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<A: WireAs<T>, T> Serialize for WrittenAs<'_, A, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        A::write(self.0, serializer)
    }
}
