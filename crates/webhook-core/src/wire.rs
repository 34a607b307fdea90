//! How values are read and written: the traits behind `#[derive(Wire)]`.
//!
//! Lenient reading is a property of the type of a value, not of the field, so no field can forget it. A field with
//! another form names a [`WireAs`] in its attribute.
//!
//! Reading never fails because of a value: a value that cannot be read is `None`, and [drift](crate::drift) reports it.
//! Reading fails only if the text is not JSON.

use serde::ser::Serializer;

use crate::describe::Shape;
use crate::json::{NotJson, Reader};

mod boolean;
mod choice;
mod float;
mod integer;
mod list;
mod map;
mod object;
mod open;
mod option;
mod raw;
mod serde_impls;
mod text;
mod text_id;
mod time;
mod vocabulary;
mod written;

pub use map::EmptyAsArray;
pub use object::Object;
pub(crate) use object::Seen;
pub use open::{Open, OpenCode, UnlistedText};
pub use raw::RawJson;
pub use time::{Iso8601, SpaceSeparated, UnixSeconds, parse_time};
#[cfg(feature = "drift")]
pub(crate) use time::{TimeReading, reading as time_reading};
pub use vocabulary::{Code, UnlistedName, Vocabulary};
pub use written::{Written, WrittenAs};

#[doc(hidden)]
pub use choice::first_of;
#[doc(hidden)]
pub use list::is_by_position;
#[cfg(feature = "drift")]
pub(crate) use list::is_numbered;
#[doc(hidden)]
pub use object::{concat_keys, read as read_object, shift_bits, write as write_object, write_unless};
#[doc(hidden)]
pub use serde_impls::from_serde;
pub(crate) use serde_impls::json_text;
#[cfg(feature = "drift")]
pub(crate) use text::read as read_text;
#[doc(hidden)]
pub use text::read_id;

/// A value of a payload that can be read leniently, written in the vendor's spelling, and described for drift and
/// schemas.
///
/// Implemented for `u64`, `i64`, `bool`, `f64`, `String`, `Option`, `Vec`, `BTreeMap`, [`RawJson`],
/// [`Open`], [`OpenCode`], and by `#[derive(Wire)]` for structs and for enums whose
/// variants hold one value each.
pub trait Wire: Sized {
    /// Whether `null` is a value of the type, and not a missing value.
    const KEEPS_NULL: bool = false;

    /// Reads the next value. Returns `None` if it is `null` or cannot be read as this type. It is read to its end in
    /// both cases.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson>;

    /// Writes the value in its canonical form.
    ///
    /// # Errors
    ///
    /// Only errors of the serializer.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// The value for a missing or unusable payload; `None` for a type with an identity.
    fn of_nothing() -> Option<Self> {
        None
    }

    /// The form of the value.
    fn shape() -> Shape;
}

/// An alternative form of a `T`, named in `#[wire(with = ..)]`.
///
/// An implementation for `T` also works for `Option<T>`: `null` and a missing key are `None`. Where this trait is in
/// scope, `T::read` is ambiguous: write `<T as Wire>::read`.
pub trait WireAs<T>: Sized {
    /// As [`Wire::read`].
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    fn read(json: &mut Reader<'_>) -> Result<Option<T>, NotJson>;

    /// As [`Wire::write`].
    ///
    /// # Errors
    ///
    /// Only errors of the serializer.
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;

    /// As [`Wire::shape`].
    fn shape() -> Shape;
}

/// A type with a value for a missing field. Every field of a payload except the identity must have such a type.
#[diagnostic::on_unimplemented(
    message = "a field of this type cannot be missing",
    note = "every field but the identity may be missing: use `Option`, `Vec` or a map, or mark it `#[wire(identity)]`"
)]
pub trait Absent {
    /// The value for a key that is missing, or whose value cannot be used.
    fn absent() -> Self;

    /// Whether there is nothing to write, so that an optional key can be left out.
    fn is_absent(&self) -> bool;
}
