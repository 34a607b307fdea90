//! From a request to the exact bytes of a genuine delivery.

#[cfg(any(feature = "axum", feature = "actix-web"))]
pub(crate) mod adapter;
pub(crate) mod delivery;
pub(crate) mod key;
pub(crate) mod receiver;
pub(crate) mod rejected;
pub(crate) mod request_head;
pub(crate) mod scheme;
pub(crate) mod secret;
pub(crate) mod verifier;
