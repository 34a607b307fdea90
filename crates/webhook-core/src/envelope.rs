//! The envelope of a webhook, and the trait that every vendor's webhook implements.

mod body;
pub mod detect;
mod error;
mod events;
mod layout;
pub(crate) mod scan;
mod unlisted;

pub use error::{DecodeError, DecodeErrorKind};
pub use events::{EventInfo, Events, Standing};
pub use layout::Layout;
pub(crate) use layout::{EnvelopeKey, envelope_key};
pub use scan::Peek;
pub use unlisted::UnlistedEvent;

#[cfg(feature = "drift")]
pub(crate) use body::from_slice;
pub(crate) use body::payload_as;
pub use body::{deserialize, serialize};

use chrono::{DateTime, Utc};

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
    /// When the event happened, by the vendor's clock; `None` if there is no readable time.
    fn occurred_at(&self) -> Option<DateTime<Utc>>;

    /// The account of the event: the project, organisation or company; `None` if the envelope does not contain it.
    fn account(&self) -> Option<&str>;

    /// The vendor's id of the event, the same on every attempt to deliver it; `None` if the vendor sends no id.
    fn event_id(&self) -> Option<&str>;

    /// The name of the event on the wire, also of an unlisted one.
    fn name(&self) -> &str {
        self.event().name()
    }

    /// The description of the event; `None` for an unlisted event.
    fn info(&self) -> Option<&'static EventInfo> {
        self.event().info()
    }

    /// Every event that the vendor lists.
    fn catalogue() -> &'static [EventInfo] {
        Self::Event::CATALOGUE
    }

    /// Decodes a body.
    ///
    /// # Errors
    ///
    /// The body is not a JSON object, has no event name, or is a listed event whose main entity has no usable identity.
    fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        body::from_slice(body).map(|(webhook, _)| webhook)
    }

    /// Reads the name of the event and stops there.
    ///
    /// # Errors
    ///
    /// The body is not a JSON object or has no event name, as far as it was read.
    fn peek(body: &[u8]) -> Result<Peek<'_>, DecodeError> {
        scan::peek::<Self>(body)
    }

    /// The key of a body: the vendor's id, or a fingerprint if there is no id. A body that does not decode also has a
    /// key. An empty id is ignored, because all deliveries would have the same key.
    fn key_of(body: &[u8]) -> IdempotencyKey {
        match scan::id::<Self>(body) {
            Some(id) => IdempotencyKey::vendor(&id),
            None => IdempotencyKey::fingerprint(body),
        }
    }
}
