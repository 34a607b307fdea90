//! What typed webhook crates share.
//!
//! A vendor crate lists the events of its vendor and describes their payloads; this crate decodes them:
//!
//! - [`Envelope`]: the one trait to write code against that does not care which vendor it serves.
//! - [`Open`] and [`OpenCode`]: vocabularies that keep what is not listed.
//! - [`UnlistedEvent`] and [`RawJson`]: events that no page describes, kept as they came.
//! - [`DecodeError`]: which event, which path, what was expected; never a value of the payload.
//! - [`Receiver`] and [`Delivery`]: from a request to the exact bytes of a genuine webhook.
//! - [`IdempotencyKey`]: the vendor's own id of an event, or a fingerprint of the body.
//!
//! Users depend on a vendor crate, which re-exports what they need. The rest of this crate is for vendor crates:
//! [`wire`] (how values are read and written), [`lenient`] (what is forgiven), [`shape`] (types as data),
//! [`events!`] (the one list of a vendor's events) and [`envelope!`].
//!
//! # Invariants
//!
//! - No input or output, no clock, and no vendor is named here.
//! - Decoding never fails because of something new: an event, a vocabulary value, a field, or a `null` where the event
//!   still means something without the value. It fails, with the path, when a listed event contradicts its type.
//! - One pass over the body when it is well-formed; a second one only to say what is wrong with it.
//! - Nothing a sender writes can panic this crate, and nothing it writes is repeated in a message.

extern crate self as webhook_core;

mod decode;
mod diagnose;
#[cfg(feature = "drift")]
pub mod drift;
mod envelope;
mod error;
mod events;
#[cfg(feature = "explain")]
pub mod explain;
pub mod lenient;
mod open;
mod path;
mod peek;
mod raw;
mod receive;
pub mod recognise;
#[cfg(feature = "samples")]
pub mod samples;
#[cfg(feature = "schema")]
pub mod schema;
pub mod shape;
mod text_id;
mod unlisted;
pub mod wire;

pub use decode::Layout;
pub use envelope::Envelope;
pub use error::{DecodeError, DecodeErrorKind};
pub use events::{EventInfo, Events, Standing};
#[cfg(feature = "explain")]
pub use explain::Explanation;
pub use open::{Code, Open, OpenCode, UnlistedText, Vocabulary};
pub use peek::Peek;
pub use raw::RawJson;
#[cfg(any(feature = "axum", feature = "actix-web"))]
pub use receive::adapter::Verified;
pub use receive::delivery::Delivery;
pub use receive::key::{IdempotencyKey, InvalidIdempotencyKey};
pub use receive::receiver::Receiver;
pub use receive::rejected::{Reason, Rejected, UnknownReason};
pub use receive::request_head::RequestHead;
pub use receive::scheme::{
    Algorithm, Authenticated, Authentication, BodyHmac, Scheme, SharedToken, UnknownAlgorithm, UrlToken,
};
pub use receive::secret::{EmptySecret, NoSecret, Secret};
pub use unlisted::UnlistedEvent;
pub use webhook_derive::Wire;
pub use wire::Wire;

// What the code that this crate's macros write refers to.
#[doc(hidden)]
pub use decode::{deserialize as deserialize_envelope, serialize as serialize_envelope};
#[cfg(feature = "schema")]
#[doc(hidden)]
pub use schemars;
#[doc(hidden)]
pub use {chrono, serde, strum};

// What the workspace's own commands name a place with, as drift does.
#[doc(hidden)]
pub use path::write_key;
