// Its links lead to docs.rs, unless they are defined before it.
#![cfg_attr(not(doctest), doc = include_str!("front_page_links.md"))]
#![doc = include_str!("../README.md")]

mod envelope;
mod event;
mod lenient;
mod receive;

pub mod attachment;
pub mod case;
pub mod custom_field;
pub mod defect;
pub mod delivery_rules;
pub mod entity;
pub mod milestone;
pub mod plan;
pub mod review;
pub mod run;
pub mod shared_step;
pub mod suite;
pub mod system_field;

pub use envelope::{ProjectCode, Webhook};
pub use event::{Event, EventName};
pub use shared_step::SharedStepHash;

pub use receive::{Delivery, Receiver};

#[cfg(feature = "samples")]
pub mod samples;

/// A rejected request: the reason, and the status to answer with.
///
/// ```
/// use qase_webhooks::{Receiver, Rejected, Secret};
///
/// let receiver = Receiver::new(Secret::new("configured-at-the-vendor")?);
/// let rejected: Rejected = receiver.accept([("x-qase-secret", "a guess")].as_slice(), "{}").unwrap_err();
/// assert_eq!(rejected.status(), 401);
/// # Ok::<(), qase_webhooks::EmptySecret>(())
/// ```
#[doc(inline)]
pub use webhook_core::Rejected;
#[cfg(any(feature = "axum", feature = "actix-web"))]
/// The extractor for axum and actix-web.
///
/// ```
/// use qase_webhooks::{Verified, Webhook};
///
/// // A handler of axum or actix-web. Only genuine deliveries reach it.
/// async fn on_delivery(Verified(delivery): Verified<Webhook>) -> &'static str {
///     println!("{}", delivery.key());
///     "thank you"
/// }
/// ```
#[doc(inline)]
pub use webhook_core::Verified;
#[cfg(feature = "drift")]
pub use webhook_core::drift;
#[cfg(feature = "explain")]
pub use webhook_core::explain;
#[cfg(feature = "schema")]
pub use webhook_core::schema;
pub use webhook_core::{
    Authenticated, DecodeError, DecodeErrorKind, EmptySecret, Envelope, EventInfo, IdempotencyKey,
    InvalidIdempotencyKey, NoSecret, Open, Peek, RawJson, Reason, RequestHead, Scheme, Secret, Standing,
    UnlistedEvent, UnlistedName, UnlistedText,
};
