//! The one trait that every vendor's webhook implements.

use chrono::{DateTime, Utc};

use crate::decode::Layout;
use crate::error::DecodeError;
use crate::events::{EventInfo, Events};
use crate::peek::Peek;
use crate::receive::key::IdempotencyKey;

/// A decoded webhook of any vendor.
///
/// ```
/// use webhook_core::Envelope;
///
/// fn summary<E: Envelope>(webhook: &E) -> String {
///     format!("{} {} at {:?} for {:?}", E::VENDOR, webhook.name(), webhook.occurred_at(), webhook.account())
/// }
/// ```
pub trait Envelope: Layout + serde::Serialize + Send + Sync {
    /// When the event happened, by the vendor's clock; `None` where the vendor sends no time.
    fn occurred_at(&self) -> Option<DateTime<Utc>>;

    /// Whose event it is: the project, organisation or company; `None` where the envelope does not say.
    fn account(&self) -> Option<&str>;

    /// The vendor's own id of the event, the same on every attempt to deliver it; `None` where the vendor sends none.
    fn event_id(&self) -> Option<&str>;

    /// The event.
    fn event(&self) -> &Self::Event {
        self.event_of()
    }

    /// The name of the event on the wire, also of an unlisted one.
    fn name(&self) -> &str {
        self.event_of().name()
    }

    /// What is known about the event; `None` when it is not listed.
    fn info(&self) -> Option<&'static EventInfo> {
        self.event_of().info()
    }

    /// Every event that the vendor lists.
    fn catalogue() -> &'static [EventInfo] {
        Self::Event::CATALOGUE
    }

    /// Decodes a body.
    ///
    /// # Errors
    ///
    /// The body is no JSON object, has no event name, or contradicts the type of its event.
    fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        crate::decode::from_slice(body)
    }

    /// Reads the name and the vendor's id of the event, and nothing behind them.
    ///
    /// # Errors
    ///
    /// The body is no JSON object or has no event name, as far as it was read.
    fn peek(body: &[u8]) -> Result<Peek<'_>, DecodeError> {
        crate::peek::peek::<Self>(body)
    }

    /// The key of a body: the vendor's id where there is one, a fingerprint otherwise, also of a body that does not
    /// decode. An empty id is none: under it all deliveries would be one.
    fn key_of(body: &[u8]) -> IdempotencyKey {
        match crate::peek::id::<Self>(body) {
            Some(id) if !id.is_empty() => IdempotencyKey::vendor(&id),
            _ => IdempotencyKey::fingerprint(body),
        }
    }
}

/// Gives a vendor's envelope the methods that its users call without importing a trait, and serde's traits.
#[macro_export]
macro_rules! envelope {
    ($webhook:ident) => {
        impl $webhook {
            /// Decodes a body.
            ///
            /// # Errors
            ///
            /// The body is no JSON object, has no event name, or contradicts the type of its event.
            pub fn from_slice(body: &[u8]) -> ::core::result::Result<Self, $crate::DecodeError> {
                <Self as $crate::Envelope>::from_slice(body)
            }

            /// The name of the event on the wire, also of an unlisted one.
            pub fn name(&self) -> &str {
                self.event.name()
            }

            /// Reads the name of the event, and nothing behind it.
            ///
            /// # Errors
            ///
            /// The body is no JSON object or has no event name, as far as it was read.
            pub fn peek(body: &[u8]) -> ::core::result::Result<$crate::Peek<'_>, $crate::DecodeError> {
                <Self as $crate::Envelope>::peek(body)
            }
        }

        impl $crate::serde::Serialize for $webhook {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serialize_envelope(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $webhook {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::deserialize_envelope(deserializer)
            }
        }

        $crate::envelope_as_json_schema!($webhook);
    };
}

/// Implements `schemars::JsonSchema`, if this crate is built with it.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! envelope_as_json_schema {
    ($webhook:ident) => {
        impl $crate::schemars::JsonSchema for $webhook {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($webhook).into()
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::core::any::type_name::<$webhook>().into()
            }

            fn json_schema(generator: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
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
