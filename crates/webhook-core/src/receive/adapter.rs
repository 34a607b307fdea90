//! One extractor per web framework. The sender gets only a status.

#[cfg(feature = "actix-web")]
mod actix;
#[cfg(feature = "axum")]
mod axum;

use crate::receive::delivery::Delivery;
use crate::receive::rejected::Rejected;

/// Extracts a verified delivery from a request: `Verified(delivery): Verified<qase_webhooks::Webhook>`.
///
/// The receiver comes from the application's state, by the convention of the framework: a `FromRef` of the state in
/// axum, `app_data(web::Data<Receiver<_>>)` in actix-web. It must be the last argument of a handler, because it
/// consumes the body. A rejected request is answered with [`Rejected::status`] and an empty body, and causes one
/// tracing event with the vendor and the reason.
///
/// The head is checked before the body is read. If the credential is in the head, a forged request is answered with 401
/// and none of its body is kept in memory.
///
/// The limit of the receiver applies, [`Receiver::max_body_bytes`](crate::Receiver::max_body_bytes), not the default of
/// the framework, which is 2 MiB in axum and 256 KiB in actix-web. A smaller limit that the application sets itself
/// applies as well: `DefaultBodyLimit` in axum, `web::PayloadConfig` in actix-web.
#[derive(Debug, Clone)]
pub struct Verified<W>(pub Delivery<W>);

fn report(rejected: &Rejected) {
    tracing::warn!(
        vendor = rejected.vendor(),
        reason = rejected.reason().as_str(),
        status = rejected.status().as_u16(),
        "webhook rejected"
    );
}
