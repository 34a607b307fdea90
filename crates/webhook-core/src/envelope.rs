//! What every webhook has around its event, and the one trait that every vendor's webhook implements.

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
    /// When the event happened, by the vendor's clock; `None` where the vendor sends no time, or none that can be read.
    fn occurred_at(&self) -> Option<DateTime<Utc>>;

    /// Whose event it is: the project, organisation or company; `None` where the envelope does not say.
    fn account(&self) -> Option<&str>;

    /// The vendor's own id of the event, the same on every attempt to deliver it; `None` where the vendor sends none.
    fn event_id(&self) -> Option<&str>;

    /// The name of the event on the wire, also of an unlisted one.
    fn name(&self) -> &str {
        self.event().name()
    }

    /// What is known about the event; `None` when it is not listed.
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
    /// The body is no JSON object, has no event name, or is a listed event whose main entity has no usable identity.
    fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        body::from_slice(body)
    }

    /// Reads the name of the event, and nothing behind it.
    ///
    /// # Errors
    ///
    /// The body is no JSON object or has no event name, as far as it was read.
    fn peek(body: &[u8]) -> Result<Peek<'_>, DecodeError> {
        scan::peek::<Self>(body)
    }

    /// The key of a body: the vendor's id where there is one, a fingerprint otherwise, also of a body that does not
    /// decode. An empty id is none: under it all deliveries would be one.
    fn key_of(body: &[u8]) -> IdempotencyKey {
        match scan::id::<Self>(body) {
            Some(id) => IdempotencyKey::vendor(&id),
            None => IdempotencyKey::fingerprint(body),
        }
    }
}
