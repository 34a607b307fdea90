//! The shared part of the typed webhook crates.
//!
//! A vendor crate lists the events of its vendor and describes their payloads; this crate decodes them:
//!
//! - [`Envelope`]: the trait for code that works with every vendor.
//! - [`Open`] and [`OpenCode`]: vocabularies that keep unlisted values.
//! - [`UnlistedEvent`] and [`RawJson`]: undocumented events, kept as raw JSON.
//! - [`DecodeError`]: the event, the path and what was expected; never a value of the payload.
//! - [`Receiver`] and [`Delivery`]: from a request to the exact bytes of a genuine webhook.
//! - [`IdempotencyKey`]: the vendor's own id of an event, or a fingerprint of the body.
//!
//! Users depend on a vendor crate, which re-exports what they need. The rest of this crate is for vendor crates:
//!
//! | module | content |
//! |---|---|
//! | [`json`] | the JSON reader: one pass, without buffering, with exact numbers |
//! | [`wire`] | how values are read and written, and the lenient conversions |
//! | [`describe`] | types as data: shapes, drift, schemas |
//! | [`detect`] | detection of the vendor of a body; [`any_webhook!`] and [`ForVendor`], for programs that serve several vendors |
//! | [`explain`] | why a request does not authenticate |
//! | [`events!`], [`vocabulary!`], [`codes!`], [`text_id!`] | the lists of a vendor |
//!
//! # Invariants
//!
//! - This crate does no input or output, reads no clock and names no vendor.
//! - Decoding fails only if the body is not JSON or not an object, has no event name, or is a listed event whose main
//!   entity has no usable identity. Every other value that does not fit its field is `None`, and drift reports it.
//! - A body that decodes is read once. Only for an error is it read again, to find the fault.
//! - No input of a sender causes a panic, and no message contains a value of a payload. Drift has paths with keys of the
//!   sender, and an explanation may have the name of a header, both as printable text on one line.
//!
//! # A vendor of your own
//!
//! A vendor crate defines an envelope, a list of events, a struct per payload, and the authentication of the vendor.
//! This is a complete example:
//!
//! ```
//! use chrono::{DateTime, Utc};
//! use webhook_core::wire::Iso8601;
//! use webhook_core::{Authenticated, BodyHmac, Envelope, Open, Receiver, Secret, Wire};
//! use webhook_core::{events, text_id, vocabulary};
//!
//! /// A webhook of Acme.
//! #[derive(Debug, Clone, PartialEq, Wire)]
//! #[wire(vendor = "acme")]
//! #[non_exhaustive]
//! pub struct Webhook {
//!     /// What happened.
//!     #[wire(event, name = "type", payload = "data", id = "id")]
//!     pub event: Event,
//!     /// The id of the event.
//!     pub id: Option<EventId>,
//!     /// When it happened.
//!     #[wire(rename = "sent_at", with = Iso8601)]
//!     pub sent: Option<DateTime<Utc>>,
//! }
//!
//! events! {
//!     /// What happened at Acme.
//!     pub enum Event;
//!     /// The name of a listed event.
//!     pub enum EventName;
//!     page "https://acme.example.com/webhooks" {
//!         /// an order was shipped
//!         OrderShipped(Order) = "order.shipped", Documented;
//!     }
//!     else {
//!         /// An event that no page describes.
//!         Unlisted;
//!     }
//! }
//!
//! /// An order. Only its id is needed: any other value that does not fit is `None`, and drift reports it.
//! #[derive(Debug, Clone, PartialEq, Wire)]
//! #[non_exhaustive]
//! pub struct Order {
//!     /// The id of the order.
//!     #[wire(identity)]
//!     pub id: u64,
//!     /// How it travels.
//!     #[wire(nullable)]
//!     pub carrier: Option<Open<Carrier>>,
//! }
//!
//! vocabulary! {
//!     /// How an order travels.
//!     pub enum Carrier {
//!         /// By road.
//!         Truck = "truck",
//!         /// By air.
//!         Plane = "plane" | "air",
//!     }
//! }
//!
//! text_id! {
//!     /// The id of an event.
//!     pub struct EventId;
//! }
//!
//! impl Envelope for Webhook {
//!     fn occurred_at(&self) -> Option<DateTime<Utc>> { self.sent }
//!     fn account(&self) -> Option<&str> { None }
//!     fn event_id(&self) -> Option<&str> { self.id.as_ref().map(EventId::as_str) }
//! }
//!
//! impl Authenticated for Webhook {
//!     type Scheme = BodyHmac;
//!     const SCHEME: BodyHmac = BodyHmac::in_header("x-acme-signature");
//!     const MAX_BODY_BYTES: usize = 1024 * 1024;
//! }
//!
//! let webhook = Webhook::from_slice(br#"{"type":"order.shipped","id":7,"data":{"id":"880","carrier":"air"}}"#)?;
//! let Event::OrderShipped(order) = &webhook.event else { panic!("another event") };
//! assert_eq!((order.id, order.carrier.clone()), (880, Some(Carrier::Plane.into())));
//! assert_eq!(webhook.event_id(), Some("7"));
//! assert!(Receiver::<Webhook>::new(Secret::new("secret")?).accept([("x-acme-signature", "00")].as_slice(), "{}").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

extern crate self as webhook_core;

pub mod describe;
mod envelope;
#[cfg(feature = "explain")]
pub mod explain;
pub mod json;
mod receive;
#[cfg(feature = "samples")]
pub mod samples;
pub mod wire;

#[cfg(feature = "drift")]
pub use describe::drift;
#[cfg(feature = "schema")]
pub use describe::schema;
pub use envelope::detect::{self, ForVendor};
pub use envelope::{
    DecodeError, DecodeErrorKind, Envelope, EventInfo, Events, Layout, Peek, Standing, UnlistedEvent,
};
#[cfg(feature = "explain")]
pub use explain::Explanation;
#[cfg(any(feature = "axum", feature = "actix-web"))]
pub use receive::adapter::Verified;
pub use receive::delivery::Delivery;
pub use receive::key::{IdempotencyKey, InvalidIdempotencyKey};
pub use receive::receiver::Receiver;
pub use receive::rejected::{Reason, Rejected};
pub use receive::request_head::RequestHead;
pub use receive::scheme::{
    Algorithm, Authenticated, Authentication, BodyHmac, Scheme, SharedToken, UrlToken,
};
pub use receive::secret::{EmptySecret, NoSecret, Secret};
pub use webhook_derive::Wire;
pub use wire::{Absent, Code, Open, OpenCode, RawJson, UnlistedName, UnlistedText, Vocabulary, Wire};

/// Items for the code that this crate's macros generate. They are not part of the public API and change without notice.
#[doc(hidden)]
pub mod __private {
    pub use {chrono, serde, strum};

    #[cfg(feature = "schema")]
    pub use schemars;

    pub use crate::describe::type_name;
    pub use crate::envelope::{deserialize as deserialize_envelope, serialize as serialize_envelope};
    pub use crate::json::UNKNOWN;
    pub use crate::wire::{
        concat_keys, first_of, from_serde, read_id, read_object, shift_bits, write_object, write_unless,
    };

    // The numbers of the envelope keys that are not fields. Fields are numbered from 0.
    pub const NAME: u16 = UNKNOWN - 1;
    pub const OLD_NAME: u16 = UNKNOWN - 2;
    pub const PAYLOAD: u16 = UNKNOWN - 3;
}
