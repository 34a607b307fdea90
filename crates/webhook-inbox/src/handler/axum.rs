//! axum.

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use http::StatusCode;
use tokio::time::timeout;
use webhook_core::{Authenticated, Receiver, Verified};

use super::{READ_TIMEOUT, keep};
use crate::inbox::Inbox;
use crate::new_delivery::kept_headers;

impl Inbox {
    /// A route that verifies deliveries, stores them, and answers 200 when they are on disk. A repeated delivery is
    /// also answered with 200. A rejected request is answered with the status of
    /// [`Rejected`](webhook_core::Rejected::status), and a delivery that could not be stored with 503.
    ///
    /// The body limit is that of the receiver, not the default of axum. A `DefaultBodyLimit` that the application sets
    /// also applies.
    ///
    /// This signature contains types of axum, whose version is below 1. The feature is coupled to that version: a
    /// breaking release of axum requires a breaking release of this crate.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// use axum::Router;
    /// use qase_webhooks::{Receiver, Secret};
    /// use webhook_inbox::Inbox;
    ///
    /// let inbox = Inbox::open("sqlite:inbox.db").await?;
    /// let receiver = Receiver::new(Secret::new(std::env::var("QASE_WEBHOOK_SECRET")?)?);
    /// let app: Router = Router::new().route("/qase", inbox.axum(receiver));
    /// # Ok(()) }
    /// ```
    pub fn axum<W, S>(&self, receiver: Receiver<W>) -> MethodRouter<S>
    where
        W: Authenticated + 'static,
        S: Clone + Send + Sync + 'static,
    {
        let inbox = self.clone();
        post(move |request: Request| async move { answer(&inbox, &receiver, request).await })
    }
}

async fn answer<W: Authenticated + 'static>(
    inbox: &Inbox,
    receiver: &Receiver<W>,
    request: Request,
) -> Response {
    let headers = kept_headers(request.headers());
    match timeout(READ_TIMEOUT, Verified::<W>::from_request(request, receiver)).await {
        Ok(Ok(Verified(delivery))) => keep(inbox, &delivery, headers).await.into_response(),
        Ok(Err(rejected)) => {
            inbox.count_rejected::<W>(&rejected);
            rejected.into_response()
        }
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}
