//! Handlers for web frameworks that verify, store and answer.

#[cfg(feature = "actix-web")]
mod actix;
#[cfg(feature = "axum")]
mod axum;

use std::time::Duration;

use http::StatusCode;
use webhook_core::{Delivery, Envelope};

use crate::inbox::Inbox;
use crate::new_delivery::NewDelivery;

/// The time limit for reading a request with its body. Vendors wait 10 to 15 seconds for an answer.
pub const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Stores a delivery and returns the status to answer with.
async fn keep<W: Envelope>(
    inbox: &Inbox,
    delivery: &Delivery<W>,
    headers: Vec<(String, String)>,
) -> StatusCode {
    let mut new = NewDelivery::of(delivery);
    new.headers = headers;
    match inbox.keep_raw(new).await {
        Ok(_) => StatusCode::OK,
        Err(error) => {
            tracing::error!(vendor = W::VENDOR, error = %error.shared(), "a delivery could not be stored: answered 503");
            error.status()
        }
    }
}
