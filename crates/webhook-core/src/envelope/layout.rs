//! The layout of a vendor's envelope: the keys of the name and the payload.

use super::Events;
use crate::__private::{NAME, OLD_NAME, PAYLOAD};
use crate::wire::Object;

/// The layout of a vendor's envelope. Derived from `#[wire(vendor = ".."))]` on the struct and `#[wire(event, ..)]` on
/// the field of the event; the other fields of the struct are read like those of any object.
pub trait Layout: Object {
    /// The vendor's events.
    type Event: Events;

    /// The vendor, in lower case, as in the name of its crate.
    const VENDOR: &'static str;

    /// The key of the event's name.
    const NAME_KEY: &'static str;

    /// Another key of the name, used only if [`NAME_KEY`](Self::NAME_KEY) has no usable value.
    const OLD_NAME_KEY: Option<&'static str>;

    /// The key of the payload.
    const PAYLOAD_KEY: &'static str;

    /// The key of the vendor's id of the event, if there is one.
    const ID_KEY: Option<&'static str>;

    /// Every key in the order in which the vendor sends them, as [`Object::KEYS`].
    const ENVELOPE_KEYS: &'static [(&'static str, u16)];

    /// The event.
    fn event(&self) -> &Self::Event;

    /// Sets the event.
    #[doc(hidden)]
    fn put_event(partial: &mut Self::Partial, event: Self::Event);
}

/// What a key of an envelope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EnvelopeKey {
    Name,
    OldName,
    Payload,
    /// A field, or an unknown key.
    Field(u16),
}

impl EnvelopeKey {
    #[inline]
    pub(crate) fn of(number: u16) -> Self {
        match number {
            NAME => Self::Name,
            OLD_NAME => Self::OldName,
            PAYLOAD => Self::Payload,
            field => Self::Field(field),
        }
    }
}

/// What a key of an envelope is, by its text.
pub(crate) fn envelope_key<T: Layout>(key: &str) -> EnvelopeKey {
    if key == T::NAME_KEY {
        EnvelopeKey::Name
    } else if key == T::PAYLOAD_KEY {
        EnvelopeKey::Payload
    } else if T::OLD_NAME_KEY == Some(key) {
        EnvelopeKey::OldName
    } else {
        EnvelopeKey::Field(T::number(key))
    }
}

/// Implements `schemars::JsonSchema`, if this crate is built with it.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! envelope_as_json_schema {
    ($webhook:ident) => {
        impl $crate::__private::schemars::JsonSchema for $webhook {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($webhook).into()
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::core::any::type_name::<$webhook>().into()
            }

            fn json_schema(
                generator: &mut $crate::__private::schemars::SchemaGenerator,
            ) -> $crate::__private::schemars::Schema {
                $crate::schema::of_webhook::<$webhook>(generator)
            }
        }
    };
}

/// Without the feature there is nothing to implement.
#[cfg(not(feature = "schema"))]
#[doc(hidden)]
#[macro_export]
macro_rules! envelope_as_json_schema {
    ($webhook:ident) => {};
}
