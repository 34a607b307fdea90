//! One extractor per web framework: thin, bounded, and silent to the sender.

#[cfg(feature = "actix-web")]
mod actix;
#[cfg(feature = "axum")]
mod axum;

use crate::receive::delivery::Delivery;
use crate::receive::rejected::Rejected;

/// Extracts a verified delivery from a request: `Verified(delivery): Verified<qase_webhooks::Webhook>`.
///
/// The receiver comes from the application's state, by the convention of the framework: a `FromRef` of the state in
/// axum, `app_data(web::Data<Receiver<_>>)` in actix-web. It must be the last argument of a handler, because it consumes
/// the body. A request that is turned away is answered with [`Rejected::status`] and an empty body, and leaves one
/// tracing event with the vendor and the reason.
#[derive(Debug, Clone)]
pub struct Verified<W>(pub Delivery<W>);

fn report(rejected: &Rejected) {
    let reason: &'static str = rejected.reason().into();
    tracing::warn!(
        vendor = rejected.vendor(),
        reason,
        status = rejected.status().as_u16(),
        "webhook rejected"
    );
}
