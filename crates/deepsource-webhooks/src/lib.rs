// Its links lead to docs.rs, unless they are defined before it.
#![cfg_attr(not(doctest), doc = include_str!("front_page_links.md"))]
#![doc = include_str!("../README.md")]

mod envelope;
mod event;
mod receive;

pub mod account;
pub mod analysis_run;
pub mod analyzer;
pub mod autofix_run;
pub mod delivery_rules;
pub mod issue;
pub mod legacy;
pub mod object;
pub mod repository;
pub mod repository_issue;
pub mod team_member;
pub mod test_event;

pub use envelope::{EventId, Webhook};
pub use event::{Event, EventName};
pub use object::{NodeId, RunUid};

pub use receive::{Delivery, Receiver};

#[cfg(feature = "samples")]
pub mod samples;

/// A rejected request: the reason, and the status to answer with.
///
/// ```
/// use deepsource_webhooks::{Receiver, Rejected, Secret};
///
/// let receiver = Receiver::new(Secret::new("configured-at-the-vendor")?);
/// let rejected: Rejected = receiver.accept([("x-deepsource-signature", "00")].as_slice(), "{}").unwrap_err();
/// assert_eq!(rejected.status(), 401);
/// # Ok::<(), deepsource_webhooks::EmptySecret>(())
/// ```
#[doc(inline)]
pub use webhook_core::Rejected;
#[cfg(any(feature = "axum", feature = "actix-web"))]
/// The extractor for axum and actix-web.
///
/// ```
/// use deepsource_webhooks::{Verified, Webhook};
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
    Algorithm, Authenticated, DecodeError, DecodeErrorKind, EmptySecret, Envelope, EventInfo, IdempotencyKey,
    InvalidIdempotencyKey, NoSecret, Open, Peek, RawJson, Reason, RequestHead, Scheme, Secret, Standing,
    UnlistedEvent, UnlistedName, UnlistedText,
};
